"""Backups of Home Assistant while transactions come, and what a restored one does."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from pathlib import Path
import shutil
import tarfile

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import backup
from custom_components.budgero.const import DOMAIN
from custom_components.budgero.coordinator import BudgeroCoordinator
from custom_components.budgero.engine.outbox import Hold, State
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.engine.outbox.store import Store
from homeassistant.components.backup.const import DATA_MANAGER, DOMAIN as BACKUP
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import owner_of, unfinished

from .barriers import Barrier
from .outbox_files import log_of
from .repair_dialogs import answer
from .support import (
    Call,
    in_state,
    issues_of,
    outbox_path,
    running,
    set_up,
    unreadable,
    until,
)

type Restore = Callable[[], Awaitable[None]]


async def _message_ids(store: Store) -> set[str]:
    return {row.message_id for row in await unfinished(store)}


async def _opened(path: Path) -> Store:
    """Open a copy of an outbox."""
    store = Store(path)
    await store.open()
    return store


async def _fill_log(store: Store) -> None:
    """Write more than the thousand pages after which SQLite empties its log."""
    for number in range(80):
        await store.remember("noise", str(number) * 30_000)


def _copy(path: Path, folder: Path, *, log: bool = True) -> Path:
    """Copy a file and its log, one after the other, as a backup does."""
    folder.mkdir(exist_ok=True)
    for part in (path, log_of(path)) if log else (path,):
        if part.exists():
            shutil.copy2(part, folder / part.name)
    return folder / path.name


@pytest.fixture
async def manager(hass: HomeAssistant) -> AsyncGenerator[None]:
    """Home Assistant's own backups."""
    assert await async_setup_component(hass, BACKUP, {})
    await hass.async_block_till_done()
    yield
    shutil.rmtree(hass.config.path("backups"), ignore_errors=True)


async def test_only_the_log_grows_meanwhile(
    hass: HomeAssistant, waiting: MockConfigEntry, add: Call, tmp_path: Path
) -> None:
    """All that was there is in the main file, which does not change any more."""
    path = outbox_path(hass, waiting.entry_id)
    await backup.async_pre_backup(hass)
    before = path.read_bytes()
    alone = await _opened(_copy(path, tmp_path / "alone", log=False))
    assert await _message_ids(alone) == {"before-0", "before-1", "before-2"}
    await alone.close()
    await asyncio.gather(*(add(amount=1, memo="x" * 2000) for _ in range(20)))
    await _fill_log(running(waiting).store)
    assert log_of(path).stat().st_size > 1000 * 4096
    assert path.read_bytes() == before
    await backup.async_post_backup(hass)
    await running(waiting).store.remember("noise", "")  # one commit checkpoints
    assert path.read_bytes() != before
    assert (await running(waiting).store.review.counts()).waiting == 23


async def test_reload_during_a_backup(
    hass: HomeAssistant, waiting: MockConfigEntry, add: Call, tmp_path: Path
) -> None:
    """The file that is being copied stays as it is, and nothing is taken for a copy."""
    path = outbox_path(hass, waiting.entry_id)
    await backup.async_pre_backup(hass)
    before = path.read_bytes()
    copied = tmp_path / "restored"
    copied.mkdir()
    shutil.copy2(path, copied / path.name)
    await add(amount=1, message_id="during")
    assert await hass.config_entries.async_reload(waiting.entry_id)
    assert not issues_of(hass)
    await add(amount=1, message_id="later")
    assert path.read_bytes() == before
    shutil.copy2(log_of(path), log_of(copied / path.name))
    await backup.async_post_backup(hass)
    assert await hass.config_entries.async_reload(waiting.entry_id)
    assert path.read_bytes() != before
    before = path.read_bytes()
    await _fill_log(running(waiting).store)
    assert path.read_bytes() != before  # no backup is under way any more
    assert not issues_of(hass)
    everything = {"before-0", "before-1", "before-2", "during", "later"}
    assert await _message_ids(running(waiting).store) == everything

    store = await _opened(copied / path.name)
    assert await _message_ids(store) == everything
    assert (await store.review.overview()).held == {Hold.RESTORED: 5}
    await store.close()


async def test_every_copy_is_known_as_one(
    hass: HomeAssistant, waiting: MockConfigEntry, tmp_path: Path
) -> None:
    """Also if it gets the inode that the file had: file systems use them again."""
    path = outbox_path(hass, waiting.entry_id)
    await backup.async_pre_backup(hass)
    copy = _copy(path, tmp_path / "copy")
    await backup.async_post_backup(hass)
    assert await hass.config_entries.async_unload(waiting.entry_id)
    inode = path.stat().st_ino
    log_of(path).unlink(missing_ok=True)
    path.write_bytes(copy.read_bytes())
    shutil.copy2(log_of(copy), log_of(path))
    assert path.stat().st_ino == inode
    await set_up(hass, waiting)
    assert list(issues_of(hass)) == ["held_restored"]


async def test_kill_during_a_backup(
    hass: HomeAssistant, waiting: MockConfigEntry, add: Call, tmp_path: Path
) -> None:
    """Nothing is lost, whatever of the log was written."""
    path = outbox_path(hass, waiting.entry_id)
    await backup.async_pre_backup(hass)
    await add(amount=1, message_id="during")
    store = await _opened(_copy(path, tmp_path / "after"))
    assert "during" in await _message_ids(store)
    await store.close()
    await backup.async_post_backup(hass)


@pytest.mark.allowed_warnings("^Error (requesting|fetching) budgero data")
@pytest.mark.parametrize("method", ["begin_backup", "end_backup"])
async def test_never_raises(
    hass: HomeAssistant,
    waiting: MockConfigEntry,
    other: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    method: str,
) -> None:
    """A disk that refuses, a closed or an unloaded outbox end nobody's backup."""
    await running(other).store.close()
    with monkeypatch.context() as patch:
        patch.setattr(owner_of(method), method, unreadable)
        await backup.async_pre_backup(hass)
        await backup.async_post_backup(hass)
    assert await hass.config_entries.async_unload(waiting.entry_id)
    await backup.async_pre_backup(hass)
    await set_up(hass, waiting)
    await backup.async_post_backup(hass)
    assert (await running(waiting).store.review.counts()).waiting == 3


async def test_no_entry_at_all(hass: HomeAssistant) -> None:
    """Nothing happens, and nothing breaks."""
    await backup.async_pre_backup(hass)
    await backup.async_post_backup(hass)


@pytest.mark.parametrize("is_over", [False, True], ids=["begins", "ends"])
async def test_set_up_while_a_backup_begins_or_ends(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    is_over: bool,
) -> None:
    """An entry that is being set up is waited for, with its outbox open already."""
    if is_over:
        await backup.async_pre_backup(hass)
    barrier = Barrier()
    barrier.hold_up(monkeypatch, BudgeroCoordinator, "async_load")
    setup = hass.async_create_task(hass.config_entries.async_setup(entry.entry_id))
    await barrier.reached.wait()
    step = backup.async_post_backup if is_over else backup.async_pre_backup
    stepping = hass.async_create_task(step(hass))
    await asyncio.sleep(0.05)
    assert not stepping.done()
    barrier.opened.set()
    assert await setup
    await stepping
    path = outbox_path(hass, entry.entry_id)
    before = path.read_bytes()
    await _fill_log(running(entry).store)
    assert (path.read_bytes() != before) is is_over
    await backup.async_post_backup(hass)


def _restore(hass: HomeAssistant, folder: Path) -> None:
    """Put the outboxes of the last backup into the place of those that are there."""
    [archive] = Path(hass.config.path("backups")).glob("*.tar")
    with tarfile.open(archive) as outer:
        outer.extractall(folder, filter="data")
    [inner] = folder.glob("homeassistant.tar*")
    with tarfile.open(inner) as files:
        files.extractall(folder, filter="data")
    storage = outbox_path(hass, "").parent
    for path in storage.glob(f"{DOMAIN}.*"):
        path.unlink()
    for path in (folder / "data" / ".storage").glob(f"{DOMAIN}.*"):
        shutil.copy2(path, storage / path.name)


async def test_real_backup_while_four_callers_log(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    busy: None,
    manager: None,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """What was logged before the backup is in it; delivering books nothing twice."""
    await server.stop()
    logged: list[str] = []
    is_done = False

    async def keep_logging(caller: int) -> None:
        while not is_done:
            message_id = f"{caller}-{len(logged)}"
            await add(amount=1, message_id=message_id)
            logged.append(message_id)
            await asyncio.sleep(0.005)

    async with asyncio.TaskGroup() as group:
        for caller in range(4):
            group.create_task(keep_logging(caller))
        await until(lambda: len(logged) > 20)
        before = set(logged)
        await hass.data[DATA_MANAGER].async_create_backup(
            agent_ids=["backup.local"],
            include_addons=None,
            include_all_addons=False,
            include_database=False,
            include_folders=None,
            include_homeassistant=True,
            name="test",
            password=None,
        )
        is_done = True

    await server.start()
    await in_state(hass, loaded, waiting="0", pending=str(len(logged)))
    for _ in range(10):  # an app applies a hundred at a time
        server.apply()
    assert await hass.config_entries.async_unload(loaded.entry_id)
    _restore(hass, tmp_path_factory.mktemp("restored"))

    await set_up(hass, loaded)
    assert list(issues_of(hass)) == ["held_restored"]
    restored = await unfinished(running(loaded).store)
    known = {row.message_id for row in restored}
    assert before <= known <= set(logged)
    assert {(row.state, row.held) for row in restored} == {
        (State.WAITING, Hold.RESTORED)
    }
    await answer(hass, "held_restored", "release")
    await in_state(hass, loaded, waiting="0")
    assert not issues_of(hass)
    server.apply()
    assert sorted(str(booking.message_id) for booking in server.bookings) == sorted(
        logged
    )


@pytest.mark.usefixtures("impatient")
async def test_restored_and_discarded(
    hass: HomeAssistant, waiting: MockConfigEntry, server: BudgeroServer, tmp_path: Path
) -> None:
    """The old machine still runs: what waits in the copy is removed, and not sent."""
    path = outbox_path(hass, waiting.entry_id)
    await backup.async_pre_backup(hass)
    copy = _copy(path, tmp_path / "copy")
    await backup.async_post_backup(hass)
    await server.start()
    await in_state(hass, waiting, waiting="0", pending="3")
    assert await hass.config_entries.async_unload(waiting.entry_id)
    for part in (path, log_of(path)):
        part.unlink(missing_ok=True)
    _copy(copy, path.parent)
    server.forget_requests()
    await set_up(hass, waiting)
    await answer(hass, "held_restored", "discard")
    await in_state(hass, waiting, waiting="0")
    assert await running(waiting).store.review.counts() == Counts(removed=3)
    assert server.counts.pending == 3
    assert not [each for each in server.requests if each.message_id]
    assert not issues_of(hass)
