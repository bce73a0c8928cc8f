"""The event entity: which transactions were processed, and which failed."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import event
from custom_components.budgero.engine.outbox import State as RowState, StateChange
from custom_components.budgero.state_changes import SIGNAL_STATE_CHANGED
from homeassistant.components.event import DOMAIN as EVENT
from homeassistant.components.recorder.db_schema import MAX_STATE_ATTRS_BYTES
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer

from .support import Call, entity_id_of, let_the_app_work, running, until, update

type Shown = Mapping[str, Any]

ENTITY_ID = "event.budgero_transaction"


class Watch:
    """Everything that the event entity showed."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.states: list[str] = []
        self.events: list[Shown] = []

    @callback
    def note(self, change: Event[EventStateChangedData]) -> None:
        """Keep a change of state."""
        if (state := change.data["new_state"]) is None:
            return
        self.states.append(state.state)
        if state.state not in (STATE_UNKNOWN, STATE_UNAVAILABLE):
            self.events.append(state.attributes)

    def ids(self, kind: str) -> list[str]:
        """Return the transactions of all events of a kind."""
        return [
            message_id
            for shown in self.events
            if shown["event_type"] == kind
            for message_id in shown["message_ids"]
        ]


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundle what comes within moments."""
    monkeypatch.setattr(event, "BUNDLE_SECONDS", 0.05)


@pytest.fixture
async def watch(hass: HomeAssistant) -> AsyncGenerator[Watch]:
    """Watch the entity from the beginning."""
    watch = Watch()
    unsubscribe = async_track_state_change_event(hass, ENTITY_ID, watch.note)
    yield watch
    unsubscribe()


@pytest.fixture
def change(hass: HomeAssistant, entry: MockConfigEntry) -> Callable[..., None]:
    """Tell of a change, as the sender does."""

    def tell(message_id: str, state: RowState, at: float = 0.0) -> None:
        state_change = StateChange(message_id, state, at)
        async_dispatcher_send(hass, SIGNAL_STATE_CHANGED, entry.entry_id, state_change)

    return tell


async def test_one_event_for_one_expense(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """What became of it in the end, with its id and its time."""
    before = dt_util.utcnow()
    await add(amount=1, message_id="coffee", wait=True)
    server.apply()
    await update(hass, loaded, "pending")
    await until(lambda: bool(watch.events))
    [shown] = watch.events
    assert shown["event_type"] == "processed"
    assert (shown["message_ids"], shown["count"]) == (["coffee"], 1)
    at = dt_util.parse_datetime(shown["at"], raise_on_error=True)
    assert before.replace(microsecond=0) <= at <= dt_util.utcnow()


async def test_failed(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """What an app reports has failed."""
    await add(amount=1, account=999, message_id="no-account", wait=True)
    server.apply()
    await update(hass, loaded, "failed")
    await until(lambda: watch.ids("failed") == ["no-account"])


async def test_many_at_once(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What comes together is told together; none is missing, and none told twice."""
    monkeypatch.setattr(event, "BUNDLE_SECONDS", 0.3)
    answers = await asyncio.gather(*(add(amount=1, wait=True) for _ in range(40)))
    ids = {answer["message_id"] for answer in answers}
    await let_the_app_work(loaded, server)
    await until(lambda: len(watch.ids("processed")) == 40)
    assert set(watch.ids("processed")) == ids
    assert sum(shown["count"] for shown in watch.events) == 40
    assert len(watch.events) < 15


async def test_one_after_the_other(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    change: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What follows soon is told with what came first."""
    monkeypatch.setattr(event, "BUNDLE_SECONDS", 3600)
    change("first", RowState.PROCESSED)
    await asyncio.sleep(0.02)
    change("second", RowState.PROCESSED)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    [told] = watch.events
    assert told["message_ids"] == ["first", "second"]


async def test_a_thousand(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    change: Callable[..., None],
) -> None:
    """The count stays exact, and the recorder can keep what is shown."""
    for number in range(1000):
        change(f"{number:0128}", RowState.PROCESSED, float(number))
    change("other", RowState.FAILED, 5.0)
    await until(lambda: len(watch.events) == 2)
    processed, failed = watch.events
    assert (processed["event_type"], processed["count"]) == ("processed", 1000)
    assert processed["message_ids"] == [f"{number:0128}" for number in range(100)]
    assert processed["at"] == "1970-01-01T00:16:39.000+00:00"
    assert len(json.dumps(dict(processed))) < MAX_STATE_ATTRS_BYTES
    assert (failed["event_type"], failed["message_ids"]) == ("failed", ["other"])
    assert watch.states[-2] < watch.states[-1]


async def test_other_states_are_no_events(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    change: Callable[..., None],
) -> None:
    """Only two of the states are told, and a duplicate, which may not be booked."""
    for state in RowState:
        change(state, state)
    await until(lambda: len(watch.events) == 2)
    told = [(shown["event_type"], shown["message_ids"]) for shown in watch.events]
    assert told == [
        ("processed", ["processed"]),
        ("failed", ["failed", "duplicate"]),
    ]


async def test_two_households(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    other: MockConfigEntry,
    other_server: BudgeroServer,
    add: Call,
) -> None:
    """Each entity tells of its own entry."""
    entity_id = entity_id_of(hass, other, "transaction", EVENT)
    assert entity_id != ENTITY_ID
    others = Watch()
    unsubscribe = async_track_state_change_event(hass, entity_id, others.note)
    await add(amount=1, message_id="a", config_entry_id=loaded.entry_id, wait=True)
    await add(amount=1, message_id="b", config_entry_id=other.entry_id, wait=True)
    await let_the_app_work(loaded, server)
    await let_the_app_work(other, other_server)
    await until(lambda: bool(watch.events and others.events))
    assert (watch.ids("processed"), others.ids("processed")) == (["a"], ["b"])
    unsubscribe()


async def test_unloading_tells_first(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was collected is told before the entity goes, and not again."""
    monkeypatch.setattr(event, "BUNDLE_SECONDS", 3600)
    await add(amount=1, message_id="a", wait=True)
    await let_the_app_work(loaded, server)
    assert not watch.events
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done()
    assert watch.ids("processed")[0] == "a"
    told, unavailable, restored = watch.states[-3:]
    assert unavailable == STATE_UNAVAILABLE
    assert restored == told


async def test_disabled_while_collecting(
    hass: HomeAssistant,
    watch: Watch,
    loaded: MockConfigEntry,
    change: Callable[..., None],
    entity_registry: er.EntityRegistry,
) -> None:
    """No timer outlives the entity: Home Assistant would warn of it."""
    change("a", RowState.PROCESSED)
    entity_registry.async_update_entity(
        ENTITY_ID, disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert hass.states.get(ENTITY_ID) is None
    change("b", RowState.PROCESSED)
    await asyncio.sleep(0.1)
    assert not watch.events


async def test_entity(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """It keeps its id, and says what may happen."""
    entity = entity_registry.async_get(ENTITY_ID)
    state = hass.states.get(ENTITY_ID)
    assert entity is not None
    assert entity.unique_id == f"{loaded.entry_id}_transaction"
    assert state is not None
    assert state.state == STATE_UNKNOWN
    assert state.attributes["event_types"] == ["processed", "failed"]
    assert running(loaded).coordinator.last_update_success
