"""The button that sends now what waits."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import Hold, gate
from homeassistant.components.button.const import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from tests.budgero_server import BudgeroServer, Reply
from tests.engine.outbox.helpers import owner_of

from .support import Call, entity_id_of, in_state, running, unreadable, until

AN_HOUR = 3600.0


async def press(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Press the button."""
    entity_id = entity_id_of(hass, entry, "send_now", BUTTON)
    await hass.services.async_call(
        BUTTON, SERVICE_PRESS, {"entity_id": entity_id}, blocking=True
    )


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every pause longer than any test."""
    monkeypatch.setattr(gate, "pause_after", lambda _: AN_HOUR)


@pytest.mark.usefixtures("patient")
async def test_ends_a_pause(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Who knows that Budgero is back need not wait."""
    await server.stop()
    await add(amount=1)
    await in_state(hass, loaded, waiting="1", last_error="unreachable")
    await server.start()
    await press(hass, loaded)
    await in_state(hass, loaded, waiting="0", pending="1", last_error="none")


async def test_ends_the_patience_that_the_server_asked_for(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Retry-After holds for the machine; a person may know better."""
    server.faults.add(Reply(status=429, json={}, retry_after="3600"))
    await add(amount=1)
    await in_state(hass, loaded, waiting="1", last_error="rate_limited")
    await press(hass, loaded)
    await in_state(hass, loaded, waiting="0", pending="1")


@pytest.mark.usefixtures("impatient")
async def test_looks_whether_a_hold_has_ended(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Each press of it looks once; what is still refused stays held."""
    server.disable_token()
    await add(amount=1)
    await until(lambda: running(loaded).sender.hold is Hold.TOKEN)
    server.forget_requests()
    await press(hass, loaded)
    await until(lambda: bool(server.requests))
    assert running(loaded).sender.hold is Hold.TOKEN
    server.enable_token()
    await press(hass, loaded)
    await in_state(hass, loaded, waiting="0", pending="1")


async def test_nothing_to_send(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """It does no harm."""
    await press(hass, loaded)
    await in_state(hass, loaded, waiting="0", last_error="none")
    assert not server.queue


@pytest.mark.allowed_warnings("Error (fetching|requesting) budgero data")
async def test_works_when_nothing_can_be_read(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    patient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It ends the pause after trouble with the disk, too."""
    with monkeypatch.context() as patch:
        patch.setattr(owner_of("due"), "due", unreadable)
        patch.setattr(owner_of("overview"), "overview", unreadable)
        await add(amount=1)
        await in_state(hass, loaded, waiting=STATE_UNAVAILABLE)
        await until(lambda: running(loaded).sender.last_error == "storage")
        state = hass.states.get(entity_id_of(hass, loaded, "send_now", BUTTON))
        assert state is not None
        assert state.state == STATE_UNKNOWN
    await press(hass, loaded)
    await in_state(hass, loaded, waiting="0", pending="1")


async def test_entity(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """It keeps its id, and is no everyday control."""
    button = entity_registry.async_get("button.budgero_send_now")
    assert button is not None
    assert button.unique_id == f"{loaded.entry_id}_send_now"
    assert button.entity_category is EntityCategory.CONFIG
