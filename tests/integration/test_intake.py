"""Logging goes on: during set-up, reloads, cancellation and shutdown."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components import budgero
from custom_components.budgero.const import CONF_ACCOUNT, DOMAIN
from custom_components.budgero.engine.outbox.disk.database import Database
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.engine.outbox.store import Store
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer

from .barriers import Barrier, ThreadBarrier
from .support import (
    ADD,
    DEFAULTS,
    Call,
    in_state,
    outbox_path,
    running,
    unreadable,
    until,
)


async def _made_to_wait(
    hass: HomeAssistant, add: Call, barrier: Barrier, **said: object
) -> asyncio.Task[dict[str, object]]:
    """Call while something is held up; return the call, which waits for that."""
    await barrier.reached.wait()
    call = hass.async_create_task(add(amount=1, **said))
    await asyncio.sleep(0.05)
    assert not call.done()
    return call


async def test_call_during_set_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While Home Assistant boots, an automation's call waits for the entry."""
    barrier = Barrier()
    barrier.hold_up(monkeypatch, budgero, "async_open_outbox")
    setup = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    call = await _made_to_wait(hass, add, barrier)
    assert entry.state is ConfigEntryState.SETUP_IN_PROGRESS
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
    barrier.hold_up(monkeypatch, flow, "async_wait_import_flow_initialized")
    setup = hass.async_create_task(async_setup_component(hass, DOMAIN, {}))
    call = await _made_to_wait(hass, add, barrier)
    assert entry.state is ConfigEntryState.NOT_LOADED
    assert hass.services.has_service(DOMAIN, ADD)
    barrier.opened.set()
    assert (await call)["status"] == "waiting"
    assert await setup


@pytest.mark.parametrize("half", ["async_unload_entry", "async_open_outbox"])
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
    barrier.hold_up(monkeypatch, budgero, half)
    reload = hass.async_create_task(hass.config_entries.async_reload(loaded.entry_id))
    call = await _made_to_wait(hass, add, barrier, wait=True)
    assert loaded.state is not ConfigEntryState.LOADED
    barrier.opened.set()
    assert (await call)["status"] == "accepted"
    assert await reload
    assert server.counts.pending == 1


async def test_reload_right_after_the_call(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An unload that comes while the disk writes lets the write finish."""
    old = running(loaded).store
    disk = ThreadBarrier()
    disk.hold_up(monkeypatch, Database, "_commit")
    call = hass.async_create_task(add(amount=1))
    await until(disk.reached.is_set)
    reload = hass.async_create_task(hass.config_entries.async_reload(loaded.entry_id))
    assert loaded.state is ConfigEntryState.UNLOAD_IN_PROGRESS
    assert not call.done()
    disk.opened.set()
    assert await reload
    assert (await call)["status"] == "waiting"
    assert running(loaded).store is not old


async def test_reloads_under_concurrent_callers(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    busy: None,
) -> None:
    """Ten presets are added while four callers log: nothing fails, all arrive."""
    done = False
    logged: list[object] = []

    async def keep_logging(caller: int) -> None:
        while not done:
            response = await add(amount=len(logged) + 1, payee=f"Caller {caller}")
            logged.append(response["message_id"])
            await asyncio.sleep(0.005)

    async def change(account: int) -> None:
        before, known = loaded.runtime_data, len(logged)
        options = DEFAULTS | {CONF_ACCOUNT: account}
        hass.config_entries.async_update_entry(loaded, options=options)
        await until(
            lambda: (
                loaded.state is ConfigEntryState.LOADED
                and loaded.runtime_data is not before
                and len(logged) > known + 1
            )
        )

    async with asyncio.TaskGroup() as group:
        for caller in range(4):
            group.create_task(keep_logging(caller))
        for number in range(10):
            await change(2 - number % 2)
        done = True
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


def _count_calls(monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> list[str]:
    """Record every call of a method from now on."""
    calls: list[str] = []
    method = getattr(owner, name)

    def noted(*args: object, **kwargs: object) -> object:
        calls.append(name)
        return method(*args, **kwargs)

    monkeypatch.setattr(owner, name, noted)
    return calls


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
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
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
    disk = ThreadBarrier()
    disk.hold_up(monkeypatch, Database, "_commit")
    handed_over = _count_calls(monkeypatch, Store, "append")

    async def tap(amount: int) -> None:
        said = {"amount": amount, "wait": wait}
        await hass.services.async_call("script", "log", said)
        await until(
            lambda: len(handed_over) == amount or "Already running" in caplog.text
        )

    await tap(1)
    await tap(2)
    turn_off = {"entity_id": "script.log"}
    await hass.services.async_call("script", "turn_off", turn_off, blocking=True)
    disk.opened.set()
    count = 1 + len(logged)
    await until(lambda: server.counts.pending == count)
    await in_state(hass, loaded, pending=str(count), waiting="0")
    server.apply()
    assert sorted(str(booking.message_id) for booking in server.bookings) == [
        "first",
        *(f"tap-{amount}" for amount in logged),
    ]


@pytest.mark.parametrize("mode", ["restart", "single"])
@pytest.mark.usefixtures("impatient")
async def test_cancelled_while_it_waits_for_budgero(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, mode: str
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


@pytest.mark.allowed_warnings("^Work whose caller was cancelled failed: StorageError$")
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
    assert "Work whose caller was cancelled failed: StorageError" in caplog.text
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
    barrier.hold_up(monkeypatch, budgero, "async_open_outbox")
    reload = hass.async_create_task(hass.config_entries.async_reload(loaded.entry_id))
    call = await _made_to_wait(hass, add, barrier)
    call.cancel()
    barrier.opened.set()
    assert await reload
    assert call.cancelled()
    assert await running(loaded).store.review.counts() == Counts()


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

    await running(loaded).store.review.counts()
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
