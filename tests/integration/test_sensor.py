"""The sensors: what waits, and what became of the rest."""

import asyncio
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.budgero import coordinator
from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox import Hold
from custom_components.budgero.engine.push.errors import PushError
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from tests.budgero_server import (
    Acknowledgements,
    BudgeroServer,
    CaptivePortal,
    Delay,
    Drop,
    Fault,
    Reply,
)
from tests.engine.outbox.helpers import owner_of

from .support import (
    STATS,
    Call,
    entity_id_of,
    in_state,
    open_statistics,
    row_of,
    running,
    set_up,
    state_of,
    unreadable,
    until,
    update,
)

KEYS = ("waiting", "pending", "processed", "failed")


def answers(server: BudgeroServer) -> list[int | None]:
    """Return how a server answered to questions for its statistics."""
    return [entry.status for entry in server.requests if entry.path == STATS]


async def first_answer(server: BudgeroServer) -> None:
    """Wait until the question that is asked at set-up was answered, and the answer read."""
    question = "budgero statistics"
    await until(
        lambda: question not in {task.get_name() for task in asyncio.all_tasks()}
    )
    assert answers(server) == [401]


async def pass_time(hass: HomeAssistant) -> None:
    """Let a quarter of an hour pass for the coordinator."""
    async_fire_time_changed(hass, dt_util.utcnow().replace(year=2060))
    await hass.async_block_till_done(wait_background_tasks=False)


async def test_from_waiting_to_processed(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The household sees where its transactions are."""
    await in_state(hass, loaded, waiting="0", pending="0", processed="0", failed="0")
    await server.stop()
    await add(amount=1)
    await add(amount=2)
    await in_state(hass, loaded, waiting="2", pending="0", processed="0", failed="0")
    await server.start()
    running(loaded).sender.resume()
    await in_state(hass, loaded, waiting="0", pending="2", processed="0", failed="0")
    server.apply()
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, waiting="0", pending="0", processed="2", failed="0")


async def test_failed(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What an app cannot apply is failed."""
    await add(amount=1, account=999, wait=True)
    server.apply()
    await update(hass, loaded, "failed")
    await in_state(hass, loaded, waiting="0", pending="0", processed="0", failed="1")


@pytest.fixture
def all_enabled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Enable the entities that a person enables where they are wanted."""
    monkeypatch.setattr(Entity, "entity_registry_enabled_default", True)


@pytest.mark.usefixtures("impatient")
async def test_times(
    hass: HomeAssistant,
    all_enabled: None,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The household sees since when something waits, and when Budgero last took one."""
    never = {"oldest_waiting": STATE_UNKNOWN, "last_accepted": STATE_UNKNOWN}
    await in_state(hass, loaded, **never)
    monkeypatch.setattr(coordinator, "LONG_WAITING", 0.5)
    await server.stop()
    started = dt_util.utcnow().replace(microsecond=0)
    first = str((await add(amount=1))["message_id"])
    await add(amount=2)
    created_at = (await row_of(loaded, first)).created_at
    taken_on = dt_util.utc_from_timestamp(created_at).isoformat(timespec="seconds")
    await in_state(hass, loaded, waiting="2", **never)
    await in_state(
        hass, loaded, waiting="2", oldest_waiting=taken_on, last_accepted=STATE_UNKNOWN
    )
    await server.start()
    await in_state(hass, loaded, waiting="0", oldest_waiting=STATE_UNKNOWN)
    accepted = state_of(hass, loaded, "last_accepted")
    at = dt_util.parse_datetime(accepted, raise_on_error=True)
    assert started <= at <= dt_util.utcnow()
    server.apply()
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, processed="2", last_accepted=accepted)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await in_state(hass, loaded, last_accepted=accepted)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Drop(times=None), "in_doubt"),
        (CaptivePortal(times=None), "wrong_address"),
        (
            Reply(
                status=401,
                json={"message": "missing authorization header"},
                times=None,
            ),
            "header_removed",
        ),
        (
            Reply(status=400, json={"message": "invalid request body"}, times=None),
            "body_removed",
        ),
        (Reply(status=503, html="", times=None), "server_trouble"),
        (Reply(status=426, json={"message": "update"}, times=None), "update_required"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_last_error(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    fault: Fault,
    code: str,
) -> None:
    """It names the last trouble, until Budgero answers again."""
    await in_state(hass, loaded, last_error="none")
    server.faults.add(fault)
    await add(amount=1)
    await in_state(hass, loaded, last_error=code)
    server.faults.clear()
    running(loaded).sender.resume()
    await in_state(hass, loaded, waiting="0", last_error="none")


def push_errors(kind: type[PushError]) -> set[type[PushError]]:
    """Return a kind of trouble, and all below it."""
    below = (push_errors(error) for error in kind.__subclasses__())
    return {kind}.union(*below)


async def test_every_trouble_can_be_shown(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A word that is not among the options would be no state at all."""
    state = hass.states.get(entity_id_of(hass, loaded, "last_error"))
    assert state is not None
    options = state.attributes["options"]
    assert len(options) == len(set(options))
    codes = {error.code for error in push_errors(PushError)}
    assert set(options) == {"none", "storage", "unexpected"} | codes


async def test_total(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    entity_registry: er.EntityRegistry,
    add: Call,
) -> None:
    """It is off by default, and counts all that the source knows of."""
    await set_up(hass, entry)
    entity_id = entity_id_of(hass, entry, "total")
    entity = entity_registry.async_get(entity_id)
    assert entity is not None
    assert entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    entity_registry.async_update_entity(entity_id, disabled_by=None)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await in_state(hass, entry, total="0")
    await add(amount=1, wait=True)
    await add(amount=1, account=999, wait=True)
    server.apply()
    await update(hass, entry, "pending")
    await add(amount=1, wait=True)
    await in_state(hass, entry, pending="1", processed="1", failed="1", total="3")
    open_statistics(server, pending=7, processed=8, failed=9, total=25)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await in_state(hass, entry, pending="7", processed="8", failed="9", total="25")


async def test_booked_but_reported_as_failed(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Nobody but a person can tell: it is shown as failed, and not sent again."""
    await add(amount=1, wait=True)
    server.apply(Acknowledgements.PROCESSED_LOST)
    await update(hass, loaded, "failed")
    await in_state(hass, loaded, pending="0", failed="1")
    assert len(server.bookings) == 1


async def test_all_sensors_asked_at_once_ask_once(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """One press of a button is one question, however many sensors it names."""
    await add(amount=1, message_id="a", wait=True)
    server.forget_requests()
    await update(hass, loaded, *KEYS)
    asked = [request for request in server.requests if request.message_id == "a"]
    assert len(asked) == 1


async def test_no_statistics_for_push_tokens(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Today's servers are asked for statistics once a day, and need not be."""
    await first_answer(server)
    await pass_time(hass)
    await update(hass, loaded, "pending")
    assert answers(server) == [401]
    assert not list(loaded.async_get_active_flows(hass, {"reauth"}))


async def test_statistics_of_the_server(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A server that opens its statistics to push tokens is believed."""
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    await set_up(hass, entry)
    await in_state(hass, entry, waiting="0", pending="7", processed="8", failed="9")
    await add(amount=1, wait=True)
    await in_state(hass, entry, waiting="0", pending="7", processed="8", failed="9")
    open_statistics(server, pending=1, processed=2, failed=3, total=6)
    await update(hass, entry, "pending")
    await in_state(hass, entry, waiting="0", pending="1", processed="2", failed="3")
    open_statistics(server, pending=4, processed=5, failed=6, total=15)
    await pass_time(hass)
    await in_state(hass, entry, waiting="0", pending="4", processed="5", failed="6")


@pytest.mark.parametrize(
    "silence",
    [
        Reply(status=503, html="", method="GET", path=STATS, times=None),
        Reply(status=404, html="", method="GET", path=STATS, times=None),
        Reply(status=200, json={"a": 1}, method="GET", path=STATS, times=None),
        Reply(
            status=500,
            json={"message": "token validation failed"},
            method="GET",
            path=STATS,
            times=None,
        ),
    ],
    ids=["trouble", "gone", "another form", "token"],
)
async def test_silence_keeps_the_last_statistics(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, silence: Reply
) -> None:
    """The source follows from what a server allows, never from whether it answers."""
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    await set_up(hass, entry)
    await in_state(hass, entry, pending="7", processed="8", failed="9")
    server.faults.clear()
    server.faults.add(silence)
    await update(hass, entry, "pending")
    assert [state_of(hass, entry, key) for key in KEYS] == ["0", "7", "8", "9"]


async def test_statistics_survive_a_restart(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """After a restart without the server the last numbers stay."""
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    await set_up(hass, entry)
    await in_state(hass, entry, pending="7")
    await server.stop()
    assert await hass.config_entries.async_reload(entry.entry_id)
    await add(amount=1)
    await in_state(hass, entry, waiting="1", pending="7", processed="8", failed="9")


async def test_unknown_before_the_first_answer(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Where there are no last numbers, nothing is made up."""
    await first_answer(server)
    await running(loaded).store.remember("statistics_source", "push_token")
    await server.stop()
    assert await hass.config_entries.async_reload(loaded.entry_id)
    unknown = dict.fromkeys(("pending", "processed", "failed"), STATE_UNKNOWN)
    await in_state(hass, loaded, waiting="0", **unknown)
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    await server.start()
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, pending="7", processed="8", failed="9")


async def test_busy_outbox_does_not_put_the_statistics_off(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """However often something is logged, the server is asked in time."""
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    await set_up(hass, entry)
    await in_state(hass, entry, pending="7")
    coordinator = running(entry).coordinator
    coordinator.update_interval = timedelta(seconds=1.5)
    await coordinator.async_refresh()
    open_statistics(server, pending=1, processed=2, failed=3, total=6)

    def busy() -> bool:
        coordinator.async_note_change()
        return state_of(hass, entry, "pending") == "1"

    await until(busy)


@pytest.mark.usefixtures("impatient")
async def test_held_outbox_asks_for_no_statistics(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A token that is refused is not shown to the server again and again."""
    await first_answer(server)
    server.disable_token()
    await add(amount=1)
    await until(lambda: running(loaded).sender.hold is Hold.TOKEN)
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await in_state(hass, loaded, pending="7")
    await until(lambda: running(loaded).sender.hold is Hold.TOKEN)
    open_statistics(server, pending=1, processed=2, failed=3, total=6)
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, waiting="1", pending="7")


async def test_statistics_that_are_closed_again(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """When a server stops to allow them, the own deliveries count again."""
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    await set_up(hass, entry)
    await add(amount=1, wait=True)
    await in_state(hass, entry, pending="7")
    server.faults.clear()
    await update(hass, entry, "pending")
    await in_state(hass, entry, waiting="0", pending="1", processed="0", failed="0")


async def test_source_of_a_later_version(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """A word that this version does not know does not stop the set-up."""
    await running(loaded).store.remember("statistics_source", "signed_in_user")
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await in_state(hass, loaded, pending="0")


async def test_slow_statistics_hold_nothing_up(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """While statistics are awaited the outbox is shown all the same."""
    server.faults.add(Delay(seconds=60, method="GET", path=STATS, times=None))
    await set_up(hass, entry)
    await add(amount=1, wait=True)
    await in_state(hass, entry, waiting="0", pending="1")


async def test_source_is_named(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    entity_registry: er.EntityRegistry,
) -> None:
    """A diagnostic sensor, off by default, says where the numbers come from."""
    entity_id = entity_id_of(hass, loaded, "statistics_source")
    entity = entity_registry.async_get(entity_id)
    assert entity is not None
    assert entity.disabled_by is er.RegistryEntryDisabler.INTEGRATION
    assert entity.entity_category == "diagnostic"
    entity_registry.async_update_entity(entity_id, disabled_by=None)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await in_state(hass, loaded, statistics_source="tracking")
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await in_state(hass, loaded, statistics_source="push_token")


async def test_entities_and_their_device(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    device_registry: dr.DeviceRegistry,
    entity_registry: er.EntityRegistry,
) -> None:
    """Names and ids stay the same over a reload; the counts have no unit."""

    def described() -> dict[str, tuple[object, ...]]:
        states = {key: hass.states.get(f"sensor.budgero_{key}") for key in KEYS}
        return {
            key: (
                state.name,
                state.attributes.get("unit_of_measurement"),
                state.attributes["state_class"],
            )
            for key, state in states.items()
            if state is not None
        }

    expected = {key: (f"Budgero {key.title()}", None, "measurement") for key in KEYS}
    assert described() == expected
    ids = set(entity_registry.entities)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert described() == expected
    assert set(entity_registry.entities) == ids
    [device] = dr.async_entries_for_config_entry(device_registry, loaded.entry_id)
    assert device.identifiers == {(DOMAIN, loaded.entry_id)}
    assert (device.name, device.manufacturer) == ("Budgero", "Budgero")
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert device.configuration_url == server.url


@pytest.mark.allowed_warnings("Error (fetching|requesting) budgero data")
@pytest.mark.parametrize("way", ["asked", "followed", "periodic"])
async def test_disk_that_cannot_be_read(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    """Values that nobody knows are unavailable, until the disk is well again."""
    await first_answer(server)
    entity_id = entity_id_of(hass, loaded, "pending")
    shown: list[str] = []

    @callback
    def note(change: Event[EventStateChangedData]) -> None:
        assert change.data["new_state"] is not None
        shown.append(change.data["new_state"].state)

    unsubscribe = async_track_state_change_event(hass, entity_id, note)
    with monkeypatch.context() as patch:
        method = "to_ask" if way == "asked" else "overview"
        patch.setattr(owner_of(method), method, unreadable)
        if way == "asked":
            await update(hass, loaded, "pending")
        elif way == "followed":
            running(loaded).coordinator.async_note_change()
        else:
            await pass_time(hass)
        await until(lambda: STATE_UNAVAILABLE in shown)
    unsubscribe()
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, waiting="0", pending="0")
