"""What a loaded config entry of Budgero holds."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

from .engine.draft import Defaults
from .engine.outbox import Sender, Store
from .engine.push import Client, ServerUser

if TYPE_CHECKING:
    from .coordinator import BudgeroCoordinator


@dataclass(frozen=True, slots=True)
class BudgeroData:
    """The running parts of one Budgero space."""

    entry_id: str
    client: Client
    user: ServerUser | None
    store: Store
    sender: Sender
    defaults: Defaults
    coordinator: BudgeroCoordinator


type BudgeroConfigEntry = ConfigEntry[BudgeroData]
