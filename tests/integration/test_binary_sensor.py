"""The binary sensors: whether Budgero answers, and whether a person is needed."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import coordinator as coordinator_module
from custom_components.budgero.engine.outbox import Hold, Overview, StorageError
from custom_components.budgero.engine.outbox.store import Store
from homeassistant.const import (
    STATE_OFF,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    EntityCategory,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from tests.budgero_server import BudgeroServer, CaptivePortal, Delay, Drop, Fault, Reply
from tests.engine.outbox.helpers import owner_of

from .support import (
    Call,
    entity_id_of,
    issues_of,
    let_the_app_work,
    running,
    set_up,
    unreadable,
    until,
)


def shown(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> State:
    """Return what a binary sensor shows."""
    state = hass.states.get(entity_id_of(hass, entry, key, "binary_sensor"))
    assert state is not None
    return state


async def until_connection(
    hass: HomeAssistant, entry: MockConfigEntry, value: str
) -> None:
    """Wait until the connection is shown so."""
    await until(lambda: shown(hass, entry, "connection").state == value)


async def until_reason(
    hass: HomeAssistant, entry: MockConfigEntry, reason: str | None
) -> None:
    """Wait until this is the most urgent problem."""
    value = STATE_OFF if reason is None else STATE_ON

    def is_shown() -> bool:
        state = shown(hass, entry, "problem")
        return state.state == value and state.attributes["reason"] == reason

    await until(is_shown)


async def test_connection_before_the_first_answer(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """Nothing is made up."""
    server.faults.add(Delay(seconds=60, times=None))
    await set_up(hass, entry)
    assert shown(hass, entry, "connection").state == STATE_UNKNOWN


@pytest.mark.usefixtures("impatient")
async def test_connection_goes_and_comes(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It tells how the last request ended."""
    await add(amount=1, wait=True)
    await until_connection(hass, loaded, STATE_ON)
    await server.stop()
    await add(amount=1)
    await until_connection(hass, loaded, STATE_OFF)
    await server.start()
    await until_connection(hass, loaded, STATE_ON)


@pytest.mark.parametrize(
    ("fault", "value"),
    [
        (CaptivePortal(times=None), STATE_OFF),
        (Drop(times=None), STATE_OFF),
        (Reply(status=503, html="", times=None), STATE_OFF),
        (Reply(status=429, json={}, retry_after="600", times=None), STATE_ON),
    ],
    ids=["portal", "drop", "trouble", "patience"],
)
async def test_who_answers(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    fault: Fault,
    value: str,
) -> None:
    """Connected is who hears Budgero itself, also if it refuses."""
    server.faults.add(fault)
    await add(amount=1)
    await until(lambda: running(loaded).sender.last_error is not None)
    await until_connection(hass, loaded, value)


@pytest.mark.usefixtures("watchful")
async def test_problem_with_the_token(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It is on with its reason, and off when the reason is gone."""
    await until_reason(hass, loaded, None)
    server.disable_token()
    await add(amount=1)
    await until_reason(hass, loaded, "held_token")
    assert shown(hass, loaded, "connection").state == STATE_ON
    server.enable_token()
    await until_reason(hass, loaded, None)


@pytest.mark.usefixtures("watchful")
async def test_most_urgent_problem(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Of several problems the one that holds everything up is named."""
    await running(loaded).sender.release(Hold.KEY)
    await add(amount=1, account=999, message_id="rent", wait=True)
    await let_the_app_work(loaded, server)
    await until_reason(hass, loaded, "failed")
    server.disable_token()
    await add(amount=1)
    await until_reason(hass, loaded, "held_token")
    server.enable_token()
    await until_reason(hass, loaded, "failed")
    await running(loaded).store.review.remove("rent")
    running(loaded).coordinator.async_note_change()
    await until_reason(hass, loaded, None)


async def test_entities(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """Class and category are those that Home Assistant has for this."""
    connection = entity_registry.async_get("binary_sensor.budgero_connection")
    problem = entity_registry.async_get("binary_sensor.budgero_problem")
    assert connection is not None
    assert connection.unique_id == f"{loaded.entry_id}_connection"
    assert connection.original_device_class == "connectivity"
    assert connection.entity_category is EntityCategory.DIAGNOSTIC
    assert "reason" not in shown(hass, loaded, "connection").attributes
    assert problem is not None
    assert problem.unique_id == f"{loaded.entry_id}_problem"
    assert problem.original_device_class == "problem"
    assert problem.entity_category is None


@pytest.mark.allowed_warnings("Error (fetching|requesting) budgero data")
async def test_disk_that_cannot_be_read(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody knows is unavailable; that the disk refuses is a problem."""
    with monkeypatch.context() as patch:
        patch.setattr(owner_of("overview"), "overview", unreadable)
        running(loaded).coordinator.async_note_change()
        await until_connection(hass, loaded, STATE_UNAVAILABLE)
        assert shown(hass, loaded, "problem").state == STATE_ON
        assert shown(hass, loaded, "problem").attributes["reason"] == "storage"
        assert "storage" in issues_of(hass)
    running(loaded).coordinator.async_note_change()
    await until_reason(hass, loaded, None)


@pytest.mark.allowed_warnings("Error (fetching|requesting) budgero data")
async def test_disk_that_cannot_be_read_is_left_alone_for_a_while(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What waits is to be shown as waiting soon, but nobody can look at it."""
    await server.stop()
    await add(amount=1)
    coordinator = running(loaded).coordinator
    await until(lambda: coordinator.data.overview.oldest_waiting is not None)
    looks = 0

    async def overview(_: Store) -> Overview:
        nonlocal looks
        looks += 1
        raise StorageError("The disk refused (SQLITE_IOERR)")

    monkeypatch.setattr(coordinator_module, "LONG_WAITING", 0.5)
    with monkeypatch.context() as patch:
        patch.setattr(owner_of("overview"), "overview", overview)
        coordinator.async_note_change()
        await asyncio.sleep(1.2)
        assert 2 <= looks <= 20
    await until_reason(hass, loaded, None)
