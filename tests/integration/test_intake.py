"""The one door stays open: during set-up, reloads, cancellation and shutdown."""

import asyncio
import time

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components import budgero
from custom_components.budgero import outbox_file
from custom_components.budgero.const import CONF_ACCOUNT, DOMAIN
from custom_components.budgero.engine.outbox import Counts, Store
from custom_components.budgero.engine.outbox.database import Database
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer

from .support import (
    ADD,
    DEFAULTS,
    Barrier,
    Call,
    in_state,
    outbox_path,
    running,
    unreadable,
    until,
)


@pytest.fixture
def slow_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the disk take a while for every commit."""
    commit = Database._commit  # noqa: SLF001

    def slow_commit(database: Database, batch: object) -> object:
        time.sleep(0.1)
        return commit(database, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "_commit", slow_commit)


async def test_call_during_set_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While Home Assistant boots, an automation's call waits for the entry."""
    barrier = Barrier()
    slow = barrier.before(outbox_file.async_open_store)
    monkeypatch.setattr(budgero, "async_open_store", slow)
    setup = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await barrier.reached.wait()
    assert entry.state is ConfigEntryState.SETUP_IN_PROGRESS
    call = hass.async_create_task(add(amount=1))
    await asyncio.sleep(0.05)
    assert not call.done()
    barrier.opened.set()
    assert (await call)["status"] == "waiting"
    assert await setup


async def test_call_between_registration_and_set_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The action exists a moment before its entries are looked at."""
    barrier = Barrier()
    flow = hass.config_entries.flow
    slow = barrier.before(flow.async_wait_import_flow_initialized)
    monkeypatch.setattr(flow, "async_wait_import_flow_initialized", slow)
    setup = hass.async_create_task(async_setup_component(hass, DOMAIN, {}))
    await barrier.reached.wait()
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert hass.services.has_service(DOMAIN, ADD)
    call = hass.async_create_task(add(amount=1))
    await asyncio.sleep(0.05)
    assert not call.done()
    barrier.opened.set()
    assert (await call)["status"] == "waiting"
    assert await setup


@pytest.mark.parametrize("half", ["async_unload_entry", "async_open_store"])
async def test_call_during_a_reload(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
    half: str,
) -> None:
    """A call that comes in either half of a reload waits for its end."""
    barrier = Barrier()
    monkeypatch.setattr(budgero, half, barrier.before(getattr(budgero, half)))
    reload = hass.async_create_task(hass.config_entries.async_reload(loaded.entry_id))
    await barrier.reached.wait()
    assert loaded.state is not ConfigEntryState.LOADED
    call = hass.async_create_task(add(amount=1, wait=True))
    await asyncio.sleep(0.05)
    assert not call.done()
    barrier.opened.set()
    assert (await call)["status"] == "accepted"
    assert await reload
    assert server.counts.pending == 1


async def test_reload_right_after_the_call(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, slow_commits: None
) -> None:
    """An unload that comes while the disk writes lets the write finish."""
    old = running(loaded).store
    call = hass.async_create_task(add(amount=1))
    await asyncio.sleep(0.02)
    assert not call.done()
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert (await call)["status"] == "waiting"
    assert running(loaded).store is not old


@pytest.mark.parametrize("callers", [4])
async def test_twenty_reloads_under_concurrent_callers(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    busy: None,
    callers: int,
) -> None:
    """Twenty presets are added while four callers log: nothing fails, all arrive."""
    done = False
    logged: list[object] = []

    async def keep_logging(caller: int) -> None:
        while not done:
            response = await add(amount=len(logged) + 1, payee=f"Caller {caller}")
            logged.append(response["message_id"])
            await asyncio.sleep(0.005)

    async with asyncio.TaskGroup() as group:
        for caller in range(callers):
            group.create_task(keep_logging(caller))
        for change in range(20):
            before = loaded.runtime_data
            options = DEFAULTS | {CONF_ACCOUNT: 2 - change % 2}
            hass.config_entries.async_update_entry(loaded, options=options)
            await until(
                lambda before=before: (  # type: ignore[misc]
                    loaded.state is ConfigEntryState.LOADED
                    and loaded.runtime_data is not before
                )
            )
        done = True
    assert len(logged) > 40
    await until(lambda: server.counts.pending >= len(logged))
    while server.counts.pending:
        server.apply()
    assert sorted(str(booking.message_id) for booking in server.bookings) == sorted(
        str(message_id) for message_id in logged
    )


async def _set_up_script(hass: HomeAssistant, **config: object) -> None:
    """Make a script that logs what a tap says, once per tap."""
    step = {
        "action": f"{DOMAIN}.{ADD}",
        "data": {
            "amount": "{{ amount }}",
            "message_id": "tap-{{ amount }}",
            "wait": "{{ wait }}",
        },
    }
    script = {"log": {"sequence": [step], **config}}
    assert await async_setup_component(hass, "script", {"script": script})


@pytest.mark.allowed_warnings("Already running")
@pytest.mark.parametrize("wait", [False, True])
@pytest.mark.parametrize(
    ("mode", "logged"), [("restart", [1, 2]), ("single", [1]), ("parallel", [1, 2])]
)
async def test_cancelled_script_has_logged(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    slow_commits: None,
    mode: str,
    logged: list[int],
    wait: bool,
) -> None:
    """A script is started again, then stopped, in the middle of the action.

    What each run handed over is logged, once, and shown and sent at once.
    """
    await _set_up_script(hass, mode=mode)
    await add(amount=3, message_id="first", wait=True)
    await in_state(hass, loaded, pending="1", waiting="0")
    await asyncio.sleep(0.2)  # until the sender has nothing left to do
    for amount in (1, 2):
        said = {"amount": amount, "wait": wait}
        await hass.services.async_call("script", "log", said)
        await asyncio.sleep(0.02)
    await hass.services.async_call("script", "turn_off", {"entity_id": "script.log"})
    count = 1 + len(logged)
    await until(lambda: server.counts.pending == count)
    await in_state(hass, loaded, pending=str(count), waiting="0")
    server.apply()
    assert [booking.message_id for booking in server.bookings] == [
        "first",
        *(f"tap-{amount}" for amount in logged),
    ]


@pytest.mark.parametrize("mode", ["restart", "single"])
async def test_cancelled_while_it_waits_for_budgero(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    impatient: None,
    mode: str,
) -> None:
    """The waiting ends, the request does not; without a server it is shown."""
    await server.stop()
    await _set_up_script(hass, mode=mode)
    await hass.services.async_call("script", "log", {"amount": 1, "wait": True})
    await in_state(hass, loaded, waiting="1")
    await hass.services.async_call("script", "turn_off", {"entity_id": "script.log"})
    await hass.async_block_till_done()
    await in_state(hass, loaded, waiting="1")
    await server.start()
    await in_state(hass, loaded, waiting="0", pending="1")
    assert [item.message_id for item in server.queue] == ["tap-1"]


@pytest.mark.allowed_warnings("^After its caller was cancelled: StorageError$")
async def test_cancelled_and_then_the_disk_refuses(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nobody waits for the answer any more: then it is in the log."""
    barrier = Barrier()
    monkeypatch.setattr(Store, "append", barrier.before(unreadable))
    call = hass.async_create_task(add(amount=1))
    await barrier.reached.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    barrier.opened.set()
    await hass.async_block_till_done()
    assert "After its caller was cancelled: StorageError" in caplog.text
    assert "exception in shielded future" not in caplog.text
    assert "never retrieved" not in caplog.text


async def test_cancelled_before_it_was_handed_over(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A call that is cancelled while it waits for a reload has logged nothing."""
    barrier = Barrier()
    slow = barrier.before(outbox_file.async_open_store)
    monkeypatch.setattr(budgero, "async_open_store", slow)
    reload = hass.async_create_task(hass.config_entries.async_reload(loaded.entry_id))
    await barrier.reached.wait()
    call = hass.async_create_task(add(amount=1))
    await asyncio.sleep(0.02)
    call.cancel()
    barrier.opened.set()
    assert await reload
    assert call.cancelled()
    assert await running(loaded).store.counts() == Counts()


async def test_several_callers_share_a_commit(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Calls that come together do not wait for each other's turn at the disk."""
    batches: list[int] = []
    commit = Database._commit  # noqa: SLF001

    def counted(database: Database, batch: list[object]) -> object:
        batches.append(len(batch))
        return commit(database, batch)  # type: ignore[arg-type]

    await running(loaded).store.counts()
    monkeypatch.setattr(Database, "_commit", counted)
    answers = await asyncio.gather(*(add(amount=n + 1) for n in range(20)))
    assert len({answer["message_id"] for answer in answers}) == 20
    assert max(batches) > 1


async def test_home_assistant_stops(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, server: BudgeroServer
) -> None:
    """When Home Assistant ends the outbox is closed, and a late call is refused.

    What was logged before is there at the next start.
    """
    await server.stop()
    await add(amount=1, message_id="before")
    await hass.async_stop(force=True)
    with pytest.raises(HomeAssistantError) as caught:
        await add(amount=1, message_id="after")
    assert caught.value.translation_key == "closed"

    store = Store(outbox_path(hass, loaded.entry_id))
    await store.open()
    assert await store.get("before") is not None
    assert await store.get("after") is None
    await store.close()


async def test_failed_reload_is_told(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call
) -> None:
    """A call does not wait for ever for an entry that does not come back."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    with pytest.raises(HomeAssistantError) as caught:
        await add(amount=1)
    assert caught.value.translation_key == "service_config_entry_not_loaded"
