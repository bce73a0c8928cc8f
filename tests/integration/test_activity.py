"""What one expense writes into Home Assistant's Activity."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import coordinator as coordinator_module, event
from homeassistant.components.logbook.helpers import (
    _is_state_filtered,
    async_filter_entities,
)
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from tests.budgero_server import BudgeroServer

from .support import Call, entity_id_of, in_state, let_the_app_work, running, until


async def test_one_line_for_one_expense(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    entity_registry: er.EntityRegistry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """From the action until an app has applied it: what became of it in the end."""
    monkeypatch.setattr(event, "BUNDLE_SECONDS", 0.05)
    await add(amount=1, wait=True)  # the first one also shows that there is a server
    await in_state(hass, loaded, pending="1")
    entities = er.async_entries_for_config_entry(entity_registry, loaded.entry_id)
    shown = async_filter_entities(hass, [entity.entity_id for entity in entities])
    lines: list[str] = []

    @callback
    def note(change: Event[EventStateChangedData]) -> None:
        old, new = change.data["old_state"], change.data["new_state"]
        if change.data["entity_id"] not in shown or old is None or new is None:
            return
        if not _is_state_filtered(new, old):
            lines.append(new.entity_id)

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    await add(amount=2)
    await in_state(hass, loaded, waiting="0", pending="2")
    assert lines == []
    await let_the_app_work(loaded, server)
    await until(lambda: bool(lines))
    await in_state(hass, loaded, processed="2")
    assert lines == ["event.budgero_transaction"]


async def test_what_is_sent_again_has_not_waited(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It was taken on long ago, and it is on its way just now."""
    monkeypatch.setattr(coordinator_module, "LONG_WAITING", 0.5)
    for number in range(3):
        await add(amount=1, message_id=f"id-{number}", wait=True)
    server.clear(all=True)
    data = running(loaded)
    await data.coordinator.async_ask_now()
    await in_state(hass, loaded, to_decide="3")
    await asyncio.sleep(0.6)
    oldest_waiting = entity_id_of(hass, loaded, "oldest_waiting")
    lines: list[str] = []

    @callback
    def note(change: Event[EventStateChangedData]) -> None:
        if change.data["entity_id"] == oldest_waiting and change.data["new_state"]:
            lines.append(change.data["new_state"].state)

    hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    await server.stop()
    assert (await data.store.review.send_again("id-1", "new")).message_id == "id-1"
    data.coordinator.async_note_change()
    await in_state(hass, loaded, waiting="1")
    assert lines == []
    await until(lambda: bool(lines))  # now it has
