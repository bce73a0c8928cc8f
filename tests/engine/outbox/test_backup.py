"""A backup may copy the file while transactions go on coming."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import shutil
import sqlite3

import pytest

from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.engine.outbox.store import Store

from .helpers import DIGEST, NO_LIMITS, Disk, append, ids_on_disk, new_sealed


@pytest.fixture
async def store(path: Path, disk: Disk) -> AsyncIterator[Store]:
    """An open store on an observed disk, without limits."""
    store = Store(path, limits=NO_LIMITS)
    await store.open()
    yield store
    await store.close()


def _copy(path: Path, target: Path, *, end: str = "") -> None:
    shutil.copyfile(f"{path}{end}", f"{target}{end}")


def _content(path: Path) -> bytes:
    return path.read_bytes()


def _is_intact(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        [answer] = connection.execute("PRAGMA integrity_check").fetchone()
    finally:
        connection.close()
    return bool(answer == "ok")


async def _append_much(store: Store, number: int) -> None:
    """Append more than fits into the log before it is written into the file."""
    for _ in range(number):
        await store.append(new_sealed(payload="x" * 50_000), DIGEST)


async def test_a_copy_made_while_writing_is_whole(
    store: Store, path: Path, tmp_path: Path
) -> None:
    """Every row that was on disk when the copy began is in it."""
    before = {await append(store) for _ in range(20)}
    await store.begin_backup()
    before |= {await append(store) for _ in range(20)}
    writing = asyncio.create_task(_append_much(store, 150))
    await asyncio.sleep(0.02)
    copy = tmp_path / "copy"
    _copy(path, copy)
    await writing
    _copy(path, copy, end="-wal")
    assert _is_intact(copy)
    assert before <= ids_on_disk(copy)


async def test_a_copy_of_the_file_alone_has_what_was_there_before(
    store: Store, path: Path, tmp_path: Path
) -> None:
    """What came before the backup is in the main file."""
    before = {await append(store) for _ in range(20)}
    await store.begin_backup()
    await append(store)
    _copy(path, tmp_path / "copy")
    assert ids_on_disk(tmp_path / "copy") == before


async def test_only_the_log_grows(store: Store, path: Path) -> None:
    """Until the end of the backup the main file stays as it is."""
    await store.begin_backup()
    content = _content(path)
    await _append_much(store, 150)
    assert _content(path) == content
    await store.end_backup()
    await append(store)
    assert _content(path) != content


async def test_a_reopened_file_stays_as_it_is(
    store: Store, path: Path, tmp_path: Path, disk: Disk
) -> None:
    """A commit that fails meanwhile does not spoil the copy."""
    await store.begin_backup()
    before = {await append(store) for _ in range(5)}
    copy = tmp_path / "copy"
    content = _content(path)
    _copy(path, copy)
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await append(store)
    await _append_much(store, 150)
    assert _content(path) == content
    _copy(path, copy, end="-wal")
    assert _is_intact(copy)
    assert before <= ids_on_disk(copy)


async def test_what_cannot_be_made_certain_in_a_backup_is_no_promise(
    store: Store, disk: Disk
) -> None:
    """The call fails although it came through; repeating it finds it."""
    await store.begin_backup()
    disk.late_failures = 1
    sealed = new_sealed("m")
    with pytest.raises(StorageError):
        await store.append(sealed, DIGEST)
    again = await store.append(sealed, DIGEST)
    assert not again.is_new


async def test_a_backup_that_cannot_begin(store: Store, disk: Disk) -> None:
    """It says so; appending goes on, and so does a later backup."""
    disk.refused = "PRAGMA wal_checkpoint"
    with pytest.raises(StorageError):
        await store.begin_backup()
    await append(store)
    disk.refused = None
    await store.begin_backup()
    await store.end_backup()


async def test_somebody_who_reads_meanwhile_makes_no_false_promise(
    store: Store, path: Path
) -> None:
    """The log cannot be emptied while another program reads in it."""
    await append(store)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM transactions").fetchone()
    await append(store)
    with pytest.raises(StorageError, match="busy"):
        await store.begin_backup()
    reader.close()
    await store.begin_backup()


async def test_closing_in_a_backup_spoils_no_copy(
    store: Store, path: Path, tmp_path: Path
) -> None:
    """Home Assistant may stop before the backup has ended."""
    await store.begin_backup()
    before = {await append(store) for _ in range(5)}
    copy = tmp_path / "copy"
    _copy(path, copy)
    await store.close()
    _copy(path, copy, end="-wal")
    assert before <= ids_on_disk(copy)
    again = Store(path)
    await again.open()
    assert (await again.review.overview()).held == {}
    await again.close()
