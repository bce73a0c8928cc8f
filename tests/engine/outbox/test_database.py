"""One file behind one thread: what is answered is on disk, whatever comes between."""

import asyncio
from collections.abc import AsyncIterator
import os
from pathlib import Path
import sqlite3
import stat
import threading

import pytest

from custom_components.budgero.engine.outbox import (
    ClosedError,
    OutboxError,
    OutboxFullError,
    StorageError,
    UnreadableOutboxError,
)
from custom_components.budgero.engine.outbox.disk.database import Database, Job
from custom_components.budgero.engine.outbox.disk.files import is_there

from .helpers import Disk, lanes
from .house import until


def _make_table(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE IF NOT EXISTS notes (text TEXT)")


def _nothing(connection: sqlite3.Connection) -> None:
    pass


def _database(path: Path, leave: Job[None] = _nothing) -> Database:
    return Database(path, create=_make_table, prepare=_nothing, leave=leave)


def _all(connection: sqlite3.Connection) -> list[str]:
    return [text for (text,) in connection.execute("SELECT text FROM notes")]


class _Note:
    """A change, and the look whether it came through."""

    def __init__(self, text: str) -> None:
        self.text = text

    def write(self, connection: sqlite3.Connection) -> str:
        connection.execute("INSERT INTO notes VALUES (?)", (self.text,))
        return f"wrote {self.text}"

    def confirm(self, connection: sqlite3.Connection) -> str | None:
        return f"found {self.text}" if self.text in _all(connection) else None


def _write_and_refuse(connection: sqlite3.Connection) -> None:
    _Note("refused").write(connection)
    raise OutboxFullError("full")


def _write_what_no_database_takes(connection: sqlite3.Connection) -> None:
    _Note("half of it").write(connection)
    _Note("\ud800").write(connection)


@pytest.fixture
async def database(path: Path, disk: Disk) -> AsyncIterator[Database]:
    """A database with one table, on an observed disk."""
    database = _database(path)
    await database.open(_nothing)
    yield database
    await database.close()


async def test_every_commit_is_flushed(database: Database) -> None:
    """The settings that make a commit durable are in force, not only asked for."""
    settings = await database.read(
        lambda connection: [
            connection.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("synchronous", "journal_mode")
        ]
    )
    assert settings == [2, "wal"]


async def test_settings_survive_a_reopening(database: Database, disk: Disk) -> None:
    """After a failed commit the new connection flushes, too."""
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await database.write(_Note("lost").write)
    await test_every_commit_is_flushed(database)


async def test_files_are_for_their_owner_only(database: Database, path: Path) -> None:
    """Nobody else reads the file, the log or the index beside it."""
    await database.write(_Note("a").write)
    modes = {
        file.name.removeprefix(path.name): _mode(file) for file in path.parent.iterdir()
    }
    assert modes == {"": 0o600, "-wal": 0o600, "-shm": 0o600}


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_a_power_cut_does_not_take_away_a_new_file(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is on disk as well, before anybody is told of anything in the file."""
    flush, flushed = os.fsync, []

    def note(descriptor: int) -> None:
        flush(descriptor)
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            flushed.append(os.listdir(descriptor))

    monkeypatch.setattr(os, "fsync", note)
    database = _database(path)
    await database.open(_nothing)
    await database.close()
    assert flushed
    assert path.name in flushed[-1]


def _copy_for_all(path: Path, copy: Path) -> None:
    """Copy a file as a backup may restore it: readable for everybody."""
    copy.write_bytes(path.read_bytes())
    copy.chmod(0o644)


async def test_a_restored_file_is_for_its_owner_again(
    database: Database, path: Path, tmp_path: Path
) -> None:
    """Opening narrows what a restored backup left open."""
    await database.close()
    copy = tmp_path / "restored"
    _copy_for_all(path, copy)
    restored = _database(copy)
    await restored.open(_nothing)
    await restored.close()
    assert _mode(copy) == 0o600


async def test_those_who_come_together_share_a_commit(
    database: Database, disk: Disk
) -> None:
    """Fifty at once cost two commits at most, and all of them are there."""
    notes = [_Note(str(number)) for number in range(50)]
    disk.statements.clear()
    answers = await asyncio.gather(*(database.write(note.write) for note in notes))
    assert answers == [f"wrote {note.text}" for note in notes]
    assert disk.commits <= 2
    assert await database.read(_all) == [note.text for note in notes]


@pytest.mark.parametrize(
    ("job", "error"),
    [
        (_write_and_refuse, OutboxFullError),
        (_write_what_no_database_takes, StorageError),
    ],
)
async def test_a_refusal_undoes_only_its_own_change(
    database: Database, disk: Disk, job: Job[None], error: type[OutboxError]
) -> None:
    """The neighbours in a shared commit keep theirs."""
    disk.statements.clear()
    before, refused, after = await asyncio.gather(
        database.write(_Note("before").write),
        database.write(job),
        database.write(_Note("after").write),
        return_exceptions=True,
    )
    assert (before, after) == ("wrote before", "wrote after")
    assert isinstance(refused, error)
    assert await database.read(_all) == ["before", "after"]
    assert disk.commits == 1


@pytest.mark.parametrize("moment", [0, 1])
async def test_cancelling_a_caller_does_not_take_it_back(
    database: Database, moment: int
) -> None:
    """What was handed over goes on, whenever its caller is cancelled."""
    caller = asyncio.create_task(database.write(_Note("kept").write))
    await asyncio.sleep(0)
    for _ in range(moment):
        await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    await database.write(_Note("later").write)
    assert await database.read(_all) == ["kept", "later"]


async def test_the_loop_never_touches_the_file(path: Path, disk: Disk) -> None:
    """Every statement runs in the outbox's own thread, reopening included."""
    database = _database(path)
    await database.open(_nothing)
    await database.write(_Note("a").write)
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await database.write(_Note("b").write)
    await database.read(_all)
    await database.close()
    assert len(disk.threads) == 1
    assert disk.threads.pop().startswith("budgero-outbox")


async def test_a_commit_that_failed_is_an_error(database: Database, disk: Disk) -> None:
    """It is told to everybody who shared it; what comes later works."""
    disk.lost_commits = 1
    notes = [_Note(str(number)) for number in range(3)]
    answers = await asyncio.gather(
        *(database.write(note.write, note.confirm) for note in notes),
        return_exceptions=True,
    )
    assert [type(answer) for answer in answers] == [StorageError] * 3
    assert await database.write(_Note("later").write) == "wrote later"
    assert await database.read(_all) == ["later"]


async def test_a_commit_that_came_through_all_the_same_is_answered(
    database: Database, disk: Disk
) -> None:
    """Only what the reopened file says counts."""
    disk.late_failures = 1
    kept = _Note("kept")
    confirmed, unconfirmed = await asyncio.gather(
        database.write(kept.write, kept.confirm),
        database.write(_Note("nobody looks").write),
        return_exceptions=True,
    )
    assert confirmed == "found kept"
    assert isinstance(unconfirmed, StorageError)


async def test_a_disk_that_is_gone_for_a_while(database: Database, disk: Disk) -> None:
    """Where the file cannot be reopened either, that is an error until it can."""
    disk.lost_commits, disk.refused_openings = 1, 2
    with pytest.raises(StorageError):
        await database.write(_Note("a").write, _Note("a").confirm)
    with pytest.raises(StorageError):
        await database.read(_all)
    assert await database.write(_Note("b").write) == "wrote b"
    assert await database.read(_all) == ["b"]


async def test_a_look_that_fails_keeps_nobody_waiting(
    database: Database, disk: Disk
) -> None:
    """Every caller gets an answer, also when the look itself goes wrong."""

    def stumble(connection: sqlite3.Connection) -> str | None:
        raise ValueError

    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await database.write(_Note("a").write, stumble)
    assert await database.write(_Note("b").write) == "wrote b"


async def test_the_disk_is_full(database: Database) -> None:
    """A change that does not fit is an error and leaves nothing behind."""
    await database.write(_Note("small").write)
    await database.read(
        lambda connection: connection.execute("PRAGMA max_page_count=1")
    )
    with pytest.raises(StorageError, match="FULL"):
        await database.write(_Note("x" * 100_000).write)
    assert await database.write(_Note("later").write) == "wrote later"
    assert await database.read(_all) == ["small", "later"]


async def test_closing_finishes_what_was_handed_over(
    database: Database, path: Path
) -> None:
    """Writes that wait for their commit are on disk when the file is closed."""
    is_slow, go_on = threading.Event(), threading.Event()

    def write_slowly(connection: sqlite3.Connection) -> str:
        is_slow.set()
        go_on.wait(20)
        return _Note("0").write(connection)

    writes = [asyncio.create_task(database.write(write_slowly))]
    await until(lambda: asyncio.sleep(0, is_slow.is_set()))
    writes += [
        asyncio.create_task(database.write(_Note(str(number)).write))
        for number in range(1, 5)
    ]
    await asyncio.sleep(0)
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0.05)
    go_on.set()
    async with asyncio.timeout(20):
        answers = await asyncio.gather(*writes)
        await closing
    assert answers == [f"wrote {number}" for number in range(5)]
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]


@pytest.mark.parametrize("turns", [0, 1, 2])
async def test_cancelling_who_closes_harms_nobody(
    database: Database, path: Path, turns: int
) -> None:
    """The writes are answered and the file is closed all the same."""
    write = asyncio.create_task(database.write(_Note("a").write))
    await asyncio.sleep(0)
    closing = asyncio.create_task(database.close())
    for _ in range(turns):
        await asyncio.sleep(0)
    closing.cancel()
    async with asyncio.timeout(20):
        await asyncio.wait([closing])
        assert await write == "wrote a"
        await database.close()
    assert sorted(file.name for file in path.parent.iterdir()) == [path.name]


async def test_a_closed_database_says_so(database: Database) -> None:
    """Nothing is taken after closing; closing again is harmless."""
    await database.close()
    await database.close()
    with pytest.raises(ClosedError):
        await database.write(_Note("a").write)
    with pytest.raises(ClosedError):
        await database.read(_all)


async def test_a_query_that_fails_is_tried_on_a_new_connection(
    database: Database, disk: Disk
) -> None:
    """What broke the old one is found out by the next opening, or is gone."""
    await database.write(_Note("a").write)
    before = await database.read(lambda connection: connection)
    disk.refused = "SELECT"
    with pytest.raises(StorageError):
        await database.read(_all)
    disk.refused = None
    assert await database.read(_all) == ["a"]
    assert await database.read(lambda connection: connection) is not before


async def test_a_committer_that_is_stopped_keeps_nobody_waiting(
    database: Database,
) -> None:
    """Whoever ends all tasks of a program ends this one, too; the next write works."""
    is_slow, go_on = threading.Event(), threading.Event()

    def write_slowly(connection: sqlite3.Connection) -> str:
        is_slow.set()
        go_on.wait(20)
        return _Note("slow").write(connection)

    callers = [
        asyncio.create_task(database.write(job))
        for job in (write_slowly, _Note("behind it").write)
    ]
    await until(lambda: asyncio.sleep(0, is_slow.is_set()))
    ours = {*callers, asyncio.current_task()}
    for task in asyncio.all_tasks() - ours:
        task.cancel()
    answers = asyncio.gather(*callers, return_exceptions=True)
    async with asyncio.timeout(20):
        assert all(isinstance(answer, StorageError) for answer in await answers)
    go_on.set()
    assert await database.write(_Note("next").write) == "wrote next"


def _replace(path: Path, other: Path) -> None:
    """Put another outbox, with its log, in the place of one that is in use."""
    for end in ("-wal", ""):
        other.with_name(other.name + end).replace(path.with_name(path.name + end))


def _remove(path: Path) -> None:
    for file in path.parent.iterdir():
        file.unlink()


async def test_a_file_that_was_removed_is_written_no_more(
    database: Database, path: Path
) -> None:
    """Nobody could find it again."""
    await database.write(_Note("a").write)
    _remove(path)
    with pytest.raises(UnreadableOutboxError):
        await database.write(_Note("b").write)
    with pytest.raises(UnreadableOutboxError):
        await database.read(_all)
    await database.close()
    assert not is_there(path)


async def test_a_file_that_was_replaced_is_left_alone(
    database: Database, path: Path, tmp_path: Path
) -> None:
    """Somebody has restored a backup by hand; the restored log stays as well."""
    other = _database(tmp_path / "other" / path.name)
    await other.open(_nothing)
    await other.write(_Note("theirs").write)
    _replace(path, tmp_path / "other" / path.name)
    with pytest.raises(UnreadableOutboxError):
        await database.write(_Note("ours").write)
    await database.close()
    restored = _database(path)
    await restored.open(_nothing)
    assert await restored.read(_all) == ["theirs"]
    await restored.close()
    await other.close()


async def test_an_opening_that_is_cancelled_leaves_nothing_open(path: Path) -> None:
    """Home Assistant may end while an entry is set up."""
    is_slow, go_on = threading.Event(), threading.Event()

    def prepare_slowly(connection: sqlite3.Connection) -> None:
        is_slow.set()
        go_on.wait(20)

    database = Database(
        path, create=_make_table, prepare=prepare_slowly, leave=_nothing
    )
    opening = asyncio.create_task(database.open(_nothing))
    await until(lambda: asyncio.sleep(0, is_slow.is_set()))
    opening.cancel()
    await asyncio.wait({opening})
    assert opening.cancelled()
    go_on.set()
    await until(lambda: asyncio.sleep(0, not lanes()))
    with pytest.raises(ClosedError):
        await database.write(_Note("a").write)


async def test_an_opening_that_fails_in_the_lane(path: Path) -> None:
    """It leaves nothing running either."""

    def refuse(connection: sqlite3.Connection) -> None:
        raise UnreadableOutboxError("not ours")

    database = Database(path, create=_make_table, prepare=refuse, leave=_nothing)
    with pytest.raises(UnreadableOutboxError):
        await database.open(_nothing)
    assert not lanes()


def _hide(path: Path) -> None:
    """Let no look get through to a file any more."""
    path.rename(path.with_name("hidden"))
    path.symlink_to(path.name)


async def test_closing_beside_a_disk_that_cannot_tell(
    database: Database, path: Path
) -> None:
    """The file is closed all the same, and its log left alone."""
    await database.write(_Note("a").write)
    connection = await database.read(lambda connection: connection)
    _hide(path)
    await database.close()
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        connection.execute("SELECT 1")
    assert is_there(path.with_name(path.name + "-wal"))
