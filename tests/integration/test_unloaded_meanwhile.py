"""Actions that wait while their entry is unloaded."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import ServerUser
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from tests.engine.outbox.helpers import owner_of

from .actions import call
from .barriers import Barrier
from .support import ADD, Call, until

pytestmark = pytest.mark.usefixtures("quick")

WAITS = [
    ("get_queue", {}, owner_of("contents"), "contents"),
    ("get_queue", {}, ServerUser, "pending"),
    ("retry_transaction", {"message_id": "a", "not_in_budgero": True}, Store, "get"),
    ("remove_transaction", {"message_id": "a"}, Store, "get"),
    ("clear_queue", {}, ServerUser, "clear_queue"),
    (ADD, {"amount": 1, "wait": True}, Store, "append"),
    (ADD, {"amount": 1, "wait": True}, Sender, "until_settled"),
]


@pytest.mark.parametrize("how", ["hold_up", "hold_back"])
@pytest.mark.parametrize(
    ("name", "data", "owner", "held_up"),
    WAITS,
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_unloaded_meanwhile(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    data: dict[str, object],
    owner: type,
    held_up: str,
    how: str,
) -> None:
    """They end with an answer, or with an error in words."""
    await add(amount=1, message_id="a", wait=True)
    barrier = Barrier()
    getattr(barrier, how)(monkeypatch, owner, held_up)
    asking = asyncio.create_task(call(hass, name, **data))
    await barrier.reached.wait()
    unloading = asyncio.create_task(
        hass.config_entries.async_unload(signed_in.entry_id)
    )
    await until(lambda: not hasattr(signed_in, "runtime_data") or unloading.done())
    barrier.opened.set()
    [outcome] = await asyncio.gather(asking, return_exceptions=True)
    if isinstance(outcome, HomeAssistantError):
        assert outcome.translation_domain == DOMAIN
    else:
        assert isinstance(outcome, dict)
    assert await unloading
