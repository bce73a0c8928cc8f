"""The data of a loaded config entry."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry

from .engine.draft import Defaults
from .engine.outbox import Outbox
from .engine.push import Client, ServerUser

if TYPE_CHECKING:
    from .coordinator import BudgeroCoordinator
    from .name_directory import NameDirectory
    from .number import PresetNumber


@dataclass(frozen=True, slots=True)
class BudgeroData:
    """The running parts of one Budgero space."""

    entry_id: str
    outbox: Outbox
    user: ServerUser | None
    defaults: Defaults
    coordinator: BudgeroCoordinator
    names: NameDirectory
    numbers: dict[str, PresetNumber] = field(default_factory=dict)
    """The number entities into which amounts are typed, by the id of the preset."""

    @property
    def client(self) -> Client:
        """The client with the push token."""
        return self.outbox.client


type BudgeroConfigEntry = ConfigEntry[BudgeroData]
