"""Set-up and unloading: from disk, whatever the network does."""

import asyncio
import logging
import socket
import sqlite3
import threading

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import (
    CONF_ACCOUNT,
    CONF_PREVIOUS_SPACE_KEYS,
    DOMAIN,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from tests.budgero_server import BudgeroServer, Delay
from tests.engine.outbox.helpers import owner_of

from .barriers import Barrier
from .support import (
    Call,
    in_state,
    issues_of,
    make_entry,
    outbox_path,
    row_of,
    running,
    set_up,
    unreadable,
    until,
)


@pytest.mark.usefixtures("impatient")
async def test_boot_without_the_server(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The entry loads, the action works at once, and all arrives when it is back."""
    await server.stop()
    await set_up(hass, entry)
    assert (await add(amount=1))["status"] == "waiting"
    await in_state(hass, entry, waiting="1", pending="0", processed="0", failed="0")
    await server.start()
    await until(lambda: server.counts.pending == 1)
    await in_state(hass, entry, waiting="0", pending="1")


async def test_boot_without_names(
    hass: HomeAssistant,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same with a dead DNS: set-up does not wait for what never answers."""
    dns = Barrier()
    is_back = False
    failures = 0

    async def getaddrinfo(
        _: asyncio.AbstractEventLoop, host: str, port: int, **kwargs: object
    ) -> list[tuple[object, ...]]:
        nonlocal failures
        if not is_back and host == "budgero.test":
            failures += 1
            raise socket.gaierror(socket.EAI_AGAIN, "no answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    resolve = dns.before(getaddrinfo)
    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolve)
    entry = make_entry(server, **{CONF_URL: f"http://budgero.test:{server.port}"})
    async with asyncio.timeout(10):
        await set_up(hass, entry)
        assert (await add(amount=1))["status"] == "waiting"
    await dns.reached.wait()
    dns.opened.set()
    await until(lambda: failures > 3)
    assert not issues_of(hass)
    is_back = True
    await until(lambda: server.counts.pending == 1)


async def test_boot_while_the_server_says_nothing(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A server that accepts connections and then hangs does not hold up the start."""
    for method, path in (("GET", "spec"), ("GET", "stats"), ("POST", "")):
        path = f"/api/v1/push/{path}".rstrip("/")
        server.faults.add(Delay(seconds=60, method=method, path=path, times=None))
    async with asyncio.timeout(10):
        await set_up(hass, entry)
        assert (await add(amount=1))["status"] == "waiting"
        await in_state(hass, entry, waiting="1")
        assert await hass.config_entries.async_unload(entry.entry_id)


@pytest.mark.usefixtures("impatient")
async def test_unloading_keeps_what_waits(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Unloaded means nothing is sent; loaded again, it is."""
    await server.stop()
    await add(amount=1)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.NOT_LOADED
    await server.start()
    await asyncio.sleep(0.05)
    assert server.counts.pending == 0
    await set_up(hass, loaded)
    await until(lambda: server.counts.pending == 1)


async def test_options_saved_right_after_a_burst(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What is on its way gets its answer before the entry is loaded again."""
    server.faults.add(Delay(seconds=0.2, times=None))
    ids = [str((await add(amount=1))["message_id"]) for _ in range(5)]
    await until(
        lambda: any(request.message_id == ids[0] for request in server.requests)
    )
    options = {**loaded.options, CONF_ACCOUNT: 2}
    hass.config_entries.async_update_entry(loaded, options=options)
    await hass.async_block_till_done()
    assert loaded.state is ConfigEntryState.LOADED
    await until(lambda: server.counts.pending == 5)
    await in_state(hass, loaded, waiting="0")
    rows = [await row_of(loaded, message_id) for message_id in ids]
    assert [row.attempts for row in rows] == [1] * 5


@pytest.mark.allowed_warnings("Error setting up entry Budgero for budgero")
async def test_outbox_of_a_newer_version(
    hass: HomeAssistant, entry: MockConfigEntry, add: Call
) -> None:
    """The entry says what is wrong in words; the file stays as it is."""
    path = outbox_path(hass, entry.entry_id)
    path.parent.mkdir()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE transactions (later TEXT)")
        connection.execute(f"PRAGMA application_id = {int.from_bytes(b'BUDG')}")
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    content = path.read_bytes()
    assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert entry.error_reason_translation_key == "newer_outbox"
    assert entry.reason is not None
    assert "transactions on disk" in entry.reason
    assert path.read_bytes() == content
    with pytest.raises(ServiceValidationError) as caught:
        await add(amount=1)
    assert caught.value.translation_key == "service_config_entry_not_loaded"
    assert path.read_bytes() == content


@pytest.mark.allowed_warnings("^Config entry 'Budgero' for budgero .* not ready yet")
@pytest.mark.parametrize("step", ["open", "reseal", "recall", "overview"])
async def test_disk_fails_at_set_up(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    """After a failure in the middle everything is closed, and a retry succeeds."""
    earlier = {CONF_PREVIOUS_SPACE_KEYS: ["x7B7" * 10 + "x7A="]}
    hass.config_entries.async_update_entry(entry, data={**entry.data, **earlier})
    with monkeypatch.context() as patch:
        patch.setattr(owner_of(step), step, unreadable)
        assert not await hass.config_entries.async_setup(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert entry.error_reason_translation_key == "storage_unavailable"
    lanes = [thread.name for thread in threading.enumerate()]
    assert not [name for name in lanes if name.startswith("budgero-outbox")]
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert (await add(amount=1))["status"] == "waiting"


async def test_one_outage_is_two_lines_in_the_log(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """However long it lasts, and however much waits."""
    await server.stop()
    await set_up(hass, entry)
    for amount in range(1, 6):
        await add(amount=amount)
        await in_state(hass, entry, waiting=str(amount), last_error="unreachable")
    await server.start()
    await in_state(hass, entry, waiting="0", pending="5")
    said = [
        (record.levelno, record.getMessage())
        for record in caplog.records
        if record.name.startswith(f"custom_components.{DOMAIN}")
        and record.levelno >= logging.INFO
    ]
    assert said == [
        (logging.INFO, "Transactions wait: unreachable"),
        (logging.INFO, "Budgero answers again"),
    ]
    assert running(entry).sender.last_error is None
