"""What changes while Home Assistant starts is told once somebody listens."""

from collections.abc import AsyncGenerator
from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    async_mock_service,
)

from custom_components.budgero import event
from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox import State, StateChange
from custom_components.budgero.engine.push import Sealed
from custom_components.budgero.state_changes import HEARD_AFTER, SIGNAL_STATE_CHANGED
from homeassistant.const import EVENT_STATE_CHANGED
from homeassistant.core import (
    CoreState,
    Event,
    EventStateChangedData,
    HomeAssistant,
    ServiceCall,
    callback,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer

from .support import Call, let_the_app_work, row_of, running, set_up, until

type Told = list[tuple[str, State]]
type Shown = list[tuple[str, list[str]]]

ACCEPTED = State.ACCEPTED
BOTH = {"a": State.PROCESSED, "b": State.FAILED}
MOVES_OF_BOTH = [("a", ACCEPTED), ("b", ACCEPTED), *BOTH.items()]
NOTES_OF_BOTH = [("a", "processed"), ("b", "failed")]

at_every_start = pytest.mark.parametrize(
    "state", [CoreState.not_running, CoreState.starting]
)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the event entity bundle what comes within moments."""
    monkeypatch.setattr(event, "BUNDLE_SECONDS", 0.05)


@pytest.fixture
async def told(hass: HomeAssistant) -> AsyncGenerator[Told]:
    """Everything that was told, in its order."""
    changes: Told = []

    @callback
    def note(entry_id: str, change: StateChange) -> None:
        changes.append((change.message_id, change.state))

    unsubscribe = async_dispatcher_connect(hass, SIGNAL_STATE_CHANGED, note)
    yield changes
    unsubscribe()


@pytest.fixture
async def shown(hass: HomeAssistant) -> AsyncGenerator[Shown]:
    """Every event that the event entity showed."""
    events: Shown = []
    times: set[str] = set()

    @callback
    def note(change: Event[EventStateChangedData]) -> None:
        state = change.data["new_state"]
        ids = state.attributes.get("message_ids") if state else None
        if state and ids and state.state not in times:  # not one that came back
            times.add(state.state)
            events.append((state.attributes["event_type"], ids))

    unsubscribe = hass.bus.async_listen(EVENT_STATE_CHANGED, note)
    yield events
    unsubscribe()


async def automate(hass: HomeAssistant) -> list[ServiceCall]:
    """Let an automation note whatever was settled."""
    calls = async_mock_service(hass, "test", "note")
    note = {"message_id": "{{ trigger.message_id }}", "what": "{{ trigger.id }}"}
    automation = {
        "alias": "Note",
        "mode": "parallel",
        "triggers": [
            {"trigger": f"{DOMAIN}.transaction_{what}", "id": what}
            for what in ("processed", "failed")
        ],
        "actions": [{"action": "test.note", "data": note}],
    }
    assert await async_setup_component(hass, "automation", {"automation": automation})
    await hass.async_block_till_done()
    return calls


def noted(calls: list[ServiceCall]) -> list[tuple[object, object]]:
    """Return for which transactions the automation ran, and why."""
    return [(call.data["message_id"], call.data["what"]) for call in calls]


async def pass_time(hass: HomeAssistant, seconds: float) -> None:
    """Let everything happen that was to happen within so many seconds."""
    async_fire_time_changed(hass, dt_util.utcnow() + timedelta(seconds=seconds))
    await hass.async_block_till_done()


async def settle_both(
    entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> dict[str, State]:
    """Let an app book "a" and refuse "b"; return where they stand."""
    await add(amount=1, message_id="a", wait=True)
    await add(amount=1, message_id="b", account=999, wait=True)
    await let_the_app_work(entry, server)
    return {name: (await row_of(entry, name)).state for name in BOTH}


@at_every_start
async def test_start(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    told: Told,
    shown: Shown,
    state: CoreState,
) -> None:
    """All of it is told some seconds after the start, once and in order."""
    hass.set_state(state)
    calls = await automate(hass)
    await set_up(hass, entry)
    assert await settle_both(entry, server, add) == BOTH
    await hass.async_start()
    await add(amount=1, message_id="c", wait=True)
    await pass_time(hass, HEARD_AFTER - 1)
    assert not told
    assert not shown
    await pass_time(hass, HEARD_AFTER)
    assert told == [*MOVES_OF_BOTH, ("c", ACCEPTED)]
    await until(lambda: noted(calls) == NOTES_OF_BOTH)
    await until(lambda: len(shown) == 2)
    assert shown == [("processed", ["a"]), ("failed", ["b"])]

    await add(amount=1, message_id="d", wait=True)
    assert told[5:] == [("d", ACCEPTED)]
    await pass_time(hass, 2 * HEARD_AFTER)
    assert len(told) == 6
    assert noted(calls) == NOTES_OF_BOTH
    await let_the_app_work(entry, server)
    await until(lambda: [id_ for _, ids in shown[2:] for id_ in ids] == ["c", "d"])


async def test_running(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, told: Told
) -> None:
    """Nothing is told later than at once, after a reload either."""
    await add(amount=1, message_id="a", wait=True)
    assert told == [("a", ACCEPTED)]
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await add(amount=1, message_id="b", wait=True)
    assert told == [("a", ACCEPTED), ("b", ACCEPTED)]


@at_every_start
async def test_unloaded_while_it_starts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    told: Told,
    state: CoreState,
) -> None:
    """None is lost, and none told twice."""
    hass.set_state(state)
    await set_up(hass, entry)
    assert await settle_both(entry, server, add) == BOTH
    assert await hass.config_entries.async_unload(entry.entry_id)
    await hass.async_start()
    await pass_time(hass, HEARD_AFTER)
    assert told == MOVES_OF_BOTH


async def test_unloaded_just_after_the_start(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    told: Told,
) -> None:
    """Also in the seconds until they are told."""
    hass.set_state(CoreState.not_running)
    calls = await automate(hass)
    await set_up(hass, entry)
    assert await settle_both(entry, server, add) == BOTH
    await hass.async_start()
    assert not told
    assert await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(hass, HEARD_AFTER)
    assert told == MOVES_OF_BOTH
    await until(lambda: noted(calls) == NOTES_OF_BOTH)


async def test_reloaded_while_it_starts(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    told: Told,
    shown: Shown,
) -> None:
    """Automations and the entity hear of it all, as without the reload."""
    hass.set_state(CoreState.not_running)
    calls = await automate(hass)
    await set_up(hass, entry)
    assert await settle_both(entry, server, add) == BOTH
    assert await hass.config_entries.async_reload(entry.entry_id)
    await add(amount=1, message_id="c", wait=True)
    await hass.async_start()
    await pass_time(hass, HEARD_AFTER)
    assert told == [*MOVES_OF_BOTH, ("c", ACCEPTED)]
    await until(lambda: noted(calls) == NOTES_OF_BOTH)
    await until(lambda: len(shown) == 2)


async def test_duplicate(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, told: Told, shown: Shown
) -> None:
    """Another tool used its id, so what was logged is not booked: it has failed."""
    calls = await automate(hass)
    await running(loaded).client.push(Sealed("rent", "c2VhbGVk"))
    await add(amount=700, message_id="rent", wait=True)
    assert (await row_of(loaded, "rent")).state is State.DUPLICATE
    assert told == [("rent", State.DUPLICATE)]
    await until(lambda: noted(calls) == [("rent", "failed")])
    await until(lambda: shown == [("failed", ["rent"])])
