"""A damaged log is recognised; a torn one is no damage."""

from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
import sqlite3
from tempfile import TemporaryDirectory
from typing import Final

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.budgero.engine.outbox.disk.schema import PAGE_SIZE, create
from custom_components.budgero.engine.outbox.salvage.wal import (
    is_log_damaged,
    log_of,
    read_log,
)

from .damaged import FRAME, FRAME_HEADER, LOG_HEADER

SECTOR: Final = 512
COMMITS: Final = 6

fuzz = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


@dataclass(frozen=True)
class Logged:
    """A file with a log.

    Attributes:
        file: as it was before anything in the log.
        log: of some commits.
        ends: how many frames there were after each commit.
    """

    file: bytes
    log: bytes
    ends: tuple[int, ...]

    @property
    def frames(self) -> int:
        """How many frames belong to the log's present use."""
        return self.ends[-1]

    def save(self, path: Path, log: bytes) -> None:
        """Put the file and this log where an outbox lies."""
        path.write_bytes(self.file)
        log_of(path).write_bytes(log)


def _note(connection: sqlite3.Connection, number: int) -> None:
    """Commit a fact that takes a few frames."""
    connection.execute(
        "INSERT INTO facts (name, value) VALUES (?, ?)",
        (f"{number}", f"{number}" * 6000),
    )


def _size(path: Path) -> int:
    return (log_of(path).stat().st_size - LOG_HEADER) // FRAME


@cache
def logged(*, is_used_again: bool) -> Logged:
    """Return a log, perhaps with frames from before its last restart at its end."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "outbox.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            create(connection)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA wal_autocheckpoint=0")
            if is_used_again:
                for number in range(100, 120):
                    _note(connection, number)
                connection.execute("PRAGMA wal_checkpoint(RESTART)").fetchall()
            else:
                _note(connection, 99)
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            file = path.read_bytes()
            ends = []
            for number in range(COMMITS):
                _note(connection, number)
                ends.append(_current_frames(log_of(path).read_bytes()))
            return Logged(file, log_of(path).read_bytes(), tuple(ends))


def _current_frames(log: bytes) -> int:
    salts = log[16:24]
    count = 0
    while log[(at := LOG_HEADER + count * FRAME) + 8 : at + 16] == salts:
        count += 1
    return count


def _at(frame: int) -> int:
    return LOG_HEADER + frame * FRAME


def _flipped(data: bytes, at: int, mask: int = 0x10) -> bytes:
    return data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def _commits_that_sqlite_finds(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        names = [f"{number}" for number in range(COMMITS)]
        found = connection.execute(
            "SELECT count(*) FROM facts WHERE name IN (?, ?, ?, ?, ?, ?)", names
        )
        return int(found.fetchone()[0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox lies."""
    return tmp_path / "outbox.db"


both = pytest.mark.parametrize("is_used_again", [False, True])


@both
def test_a_log_in_order_is_no_damage(path: Path, *, is_used_again: bool) -> None:
    """All its frames are read, and no more."""
    log = logged(is_used_again=is_used_again)
    log.save(path, log.log)
    assert not is_log_damaged(path)
    frames = read_log(log.log)
    assert len(frames) == log.frames
    assert all(frame.is_verified for frame in frames)
    assert [frames[end - 1].commit for end in log.ends] == [1, 2, 3, 4, 5, 6]


def test_no_log_is_no_damage(path: Path) -> None:
    """Neither are an empty one and one that was just begun."""
    log = logged(is_used_again=False)
    path.write_bytes(log.file)
    assert not is_log_damaged(path)
    for begun in (b"", log.log[:7], log.log[:LOG_HEADER], log.log[: LOG_HEADER + 99]):
        log_of(path).write_bytes(begun)
        assert not is_log_damaged(path)


@both
@fuzz
@given(data=st.data())
def test_what_sqlite_would_forget_is_recognised(
    path: Path, *, is_used_again: bool, data: st.DataObject
) -> None:
    """One flipped byte anywhere: either it is seen, or the last commit is lost at most.

    What happens to the last one looks like a crash in the middle of it. The mark of a
    commit is what this is told by; where that is hit, both is possible.
    """
    log = logged(is_used_again=is_used_again)
    frame = data.draw(st.integers(0, log.frames - 1), "frame")
    inside = data.draw(
        st.integers(0, FRAME_HEADER - 1) | st.integers(0, FRAME - 1), "byte"
    )
    mask = data.draw(st.integers(1, 255), "mask")
    log.save(path, _flipped(log.log, _at(frame) + inside, mask))
    is_last, is_mark = frame >= log.ends[-2], inside in range(4, 8)
    if is_log_damaged(path):
        assert not is_last or is_mark
    else:
        found = _commits_that_sqlite_finds(path)
        assert is_last or is_mark or found >= COMMITS - 1


@both
def test_every_frame_but_those_of_the_last_commit_counts(
    path: Path, *, is_used_again: bool
) -> None:
    """Damage to a page's bytes is seen in all frames that were flushed for sure."""
    log = logged(is_used_again=is_used_again)
    seen = []
    for frame in range(log.frames):
        log.save(path, _flipped(log.log, _at(frame) + 2000))
        seen.append(is_log_damaged(path))
    certain = log.ends[-2]
    assert seen == [True] * certain + [False] * (log.frames - certain)


@pytest.mark.parametrize("at", [8, 12, 16, 20])
def test_damage_to_the_head_of_a_frame_is_seen(path: Path, at: int) -> None:
    """Also where a frame seems to be none of this log."""
    log = logged(is_used_again=True)
    for end in log.ends[:-1]:
        log.save(path, _flipped(log.log, _at(end - 1) + at))
        assert is_log_damaged(path)


@both
@fuzz
@given(data=st.data())
def test_a_torn_tail_is_no_damage(
    path: Path, *, is_used_again: bool, data: st.DataObject
) -> None:
    """A crash leaves any sectors of the last commit as they were before."""
    log = logged(is_used_again=is_used_again)
    last = _at(log.ends[-2])
    torn = bytearray(log.log)
    first = data.draw(st.integers(0, 3), "whole sectors")
    for at in range(last + first * SECTOR, _at(log.frames), SECTOR):
        if data.draw(st.booleans()):
            # Before there were older frames here, or nothing.
            old = Random(at).randbytes(SECTOR) if is_used_again else bytes(SECTOR)
            end = min(at + SECTOR, len(torn))
            torn[at:end] = old[: end - at]
    log.save(path, bytes(torn))
    assert not is_log_damaged(path)


@both
def test_a_tail_of_older_frames_is_no_damage(
    path: Path, *, is_used_again: bool
) -> None:
    """Frames of the last commit that were not written still hold an older use's."""
    older, log = logged(is_used_again=True), logged(is_used_again=is_used_again)
    for frame in range(log.ends[-2], log.frames - 1):
        torn = bytearray(log.log)
        torn[_at(frame) : _at(frame + 1)] = older.log[-FRAME:]
        log.save(path, bytes(torn))
        assert not is_log_damaged(path)
        numbers = [one.number for one in read_log(bytes(torn))]
        assert numbers.index(0) == frame
        assert numbers.count(0) == 1


@both
@given(data=st.data())
@fuzz
def test_a_cut_log_is_torn(
    path: Path, *, is_used_again: bool, data: st.DataObject
) -> None:
    """What is missing at the end was never there, for all that can be known."""
    log = logged(is_used_again=is_used_again)
    log.save(path, log.log[: data.draw(st.integers(0, len(log.log)))])
    assert not is_log_damaged(path)


@both
@pytest.mark.parametrize("at", [0, 3, 7, 10, 17, 21, 24, 31])
def test_a_damaged_head_of_the_log_is_seen(
    path: Path, at: int, *, is_used_again: bool
) -> None:
    """SQLite would take such a log for none, and forget all of it."""
    log = logged(is_used_again=is_used_again)
    damaged = _flipped(log.log, at)
    log.save(path, damaged)
    assert is_log_damaged(path)
    assert [frame.page for frame in read_log(damaged)] == [
        frame.page for frame in read_log(log.log)
    ]


def test_a_log_whose_start_is_gone_is_seen(path: Path) -> None:
    """Its first page is zero, and what follows still fits together."""
    log = logged(is_used_again=True)
    damaged = bytes(PAGE_SIZE) + log.log[PAGE_SIZE:]
    log.save(path, damaged)
    assert is_log_damaged(path)
    assert len(read_log(damaged)) >= log.frames - 2


@pytest.mark.parametrize("file", [None, b"", b"no database" * 1000])
def test_a_log_without_its_file_is_seen(path: Path, file: bytes | None) -> None:
    """SQLite would throw it away, or use it with whatever lies there."""
    log = logged(is_used_again=False)
    log_of(path).write_bytes(log.log)
    if file is not None:
        path.write_bytes(file)
    assert is_log_damaged(path)


@given(st.binary(max_size=3 * FRAME))
@fuzz
def test_nonsense_is_no_log(path: Path, log: bytes) -> None:
    """Bytes that never were a log hold nothing that could be forgotten."""
    logged(is_used_again=False).save(path, log)
    assert not is_log_damaged(path)
    assert read_log(log) == []
