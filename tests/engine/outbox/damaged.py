"""Outbox files to damage: with rows of every size, free pages and a live log."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
import sqlite3
from tempfile import TemporaryDirectory
from typing import Final

from custom_components.budgero.engine.outbox.disk import facts
from custom_components.budgero.engine.outbox.disk.checksums import (
    keep_checksums,
    verify,
)
from custom_components.budgero.engine.outbox.disk.columns import CHECKSUM
from custom_components.budgero.engine.outbox.disk.schema import (
    PAGE_SIZE,
    TRANSACTIONS,
    check,
    create,
)
from custom_components.budgero.engine.outbox.rows import FINISHED
from custom_components.budgero.engine.outbox.salvage import log_of
from custom_components.budgero.engine.outbox.salvage.pages import (
    chain,
    free_pages,
    read_leaf,
)

type Row = tuple[object, ...]

NAMES: Final = tuple(
    name for name in TRANSACTIONS.names if name not in ("seq", CHECKSUM)
)
"""The columns of a row, without its number and its checksum."""

MESSAGE_ID, STATE, PAYLOAD, CREATED_AT, HELD, IN_DOUBT = map(
    NAMES.index,
    ("message_id", "state", "payload", "created_at", "held", "in_doubt"),
)
"""Where they stand in a row."""

LOG_HEADER: Final = 32
FRAME_HEADER: Final = 24
FRAME: Final = FRAME_HEADER + PAGE_SIZE

STEPS: Final = (
    ("waiting", "attempts = attempts + 1, in_doubt = 1, not_before = 1.8e9 + 0.5"),
    (
        "waiting",
        "state = 'accepted', queue_id = 'queue-' || message_id, accepted_at = 1.9e9",
    ),
    ("accepted", "state = 'processed', payload = NULL, finished_at = 1.9e9"),
    ("accepted", "state = 'failed', failed_by = 'app', error = 'failed'"),
)
"""From a state, what changes."""


@dataclass(frozen=True)
class Outbox:
    """The bytes of an outbox.

    Attributes:
        file: the file itself.
        log: its write-ahead log.
        rows: what SQLite finds in it: a row without its number, by message id.
        history: every version that a row ever had, deleted ones included.
    """

    file: bytes
    log: bytes
    rows: dict[str, Row]
    history: dict[str, set[Row]]

    def save(self, path: Path) -> None:
        """Put it where an outbox lies."""
        path.write_bytes(self.file)
        if self.log:
            log_of(path).write_bytes(self.log)


@dataclass
class Writer:
    """Somebody who fills an outbox, and remembers how it was."""

    connection: sqlite3.Connection
    random: Random
    history: dict[str, set[Row]] = field(default_factory=lambda: defaultdict(set))
    count: int = 0

    def add(self, number: int) -> None:
        """Take transactions on; one in thirty has a memo that fills pages."""
        for _ in range(number):
            self.count += 1
            size = self.random.choice([60, 90, 90, 120, 150, 150, 200, 250, 400, 700])
            is_long = self.random.random() < 1 / 30
            payload = self.random.randbytes(5_500 if is_long else size).hex()
            message_id = f"{self.count:05}-{self.random.randbytes(8).hex()}"
            self.connection.execute(
                "INSERT INTO transactions (message_id, state, payload, digest,"
                " operation, created_at, uptime) VALUES (?,?,?,?,?,?,?)",
                (
                    message_id,
                    "waiting",
                    payload,
                    self.random.randbytes(32),
                    "add",
                    1.8e9 + self.count,
                    12.5,
                ),
            )
        self._remember()

    def change(self, number: int) -> None:
        """Let some of them go their way, each in a commit of its own."""
        for _ in range(number):
            seq = self.random.randint(1, self.count)
            before, after = self.random.choice(STEPS)
            self.connection.execute(
                f"UPDATE transactions SET {after} WHERE seq = ? AND state = ?",  # noqa: S608
                (seq, before),
            )
            self._remember()

    def begin_again(self) -> None:
        """Record one more attempt, which changes only the end of a row."""
        self.connection.execute(
            "UPDATE transactions SET attempts = max(attempts, 2) + 1"
            " WHERE state = 'waiting' AND length(payload) > 10000"
        )
        self._remember()

    def forget(self, first: int, last: int) -> None:
        """Finish some and delete them, as happens long after."""
        chosen = (first, last)
        self.connection.execute(
            "UPDATE transactions SET state = 'processed', payload = NULL,"
            " finished_at = 1.7e9 WHERE seq BETWEEN ? AND ?",
            chosen,
        )
        self._remember()
        self.connection.execute(
            "DELETE FROM transactions WHERE seq BETWEEN ? AND ?", chosen
        )

    def rows(self) -> dict[str, Row]:
        """Return all rows as they are now."""
        return rows_of(self.connection)

    def _remember(self) -> None:
        for message_id, row in self.rows().items():
            self.history[message_id].add(row)


def rows_of(connection: sqlite3.Connection) -> dict[str, Row]:
    """Return all rows without their numbers, by message id."""
    found = connection.execute(
        f"SELECT {', '.join(NAMES)} FROM transactions ORDER BY seq"  # noqa: S608
    ).fetchall()
    return {row[MESSAGE_ID]: tuple(row) for row in found}


def make(fill: Callable[[Writer], None], change: Callable[[Writer], None]) -> Outbox:
    """Make an outbox: `fill` comes into the file, `change` into the log."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "outbox.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            connection.execute("PRAGMA secure_delete=OFF")  # where it is the default
            create(connection)
            writer = Writer(connection, Random(1))
            keep_checksums(connection)
            facts.put(connection, "latest_time", "1.8e9")
            facts.put(connection, "inode", "17")
            fill(writer)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA wal_autocheckpoint=0")
            facts.put(connection, "running", "yes")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            change(writer)
            log = log_of(path).read_bytes() if log_of(path).exists() else b""
            return Outbox(path.read_bytes(), log, writer.rows(), dict(writer.history))


def _fill(writer: Writer) -> None:
    writer.connection.execute("BEGIN")
    writer.add(200)
    writer.connection.execute("COMMIT")
    writer.change(40)
    writer.forget(60, 95)
    writer.begin_again()


def _change(writer: Writer) -> None:
    writer.change(8)
    writer.begin_again()
    writer.add(8)
    writer.forget(130, 140)
    writer.change(8)


@cache
def without_log() -> Outbox:
    """Return an outbox that was closed in order."""
    return make(_fill, lambda writer: None)


@cache
def with_log() -> Outbox:
    """Return an outbox whose last changes are in its log."""
    return make(_fill, _change)


def _change_a_little(writer: Writer) -> None:
    writer.change(4)
    writer.add(1)
    writer.change(1)


@cache
def small() -> Outbox:
    """Return a small outbox whose last changes are in its log."""
    return make(lambda writer: writer.add(12), _change_a_little)


@dataclass(frozen=True)
class Place:
    """Where the newest version of a row lies.

    Attributes:
        file: the bytes that it takes in the file.
        log: the bytes that it takes in the log.
    """

    file: tuple[range, ...]
    log: tuple[range, ...]


class Map:
    """Where everything lies in an intact outbox."""

    def __init__(self, outbox: Outbox) -> None:
        """Take an outbox that nobody has damaged yet."""
        self._outbox = outbox
        self._frames = dict(self._newest_frames())
        self.places = dict(self._find_places())

    def _newest_frames(self) -> Iterator[tuple[int, int]]:
        for at in range(LOG_HEADER, len(self._outbox.log), FRAME):
            yield int.from_bytes(self._outbox.log[at : at + 4]), at + FRAME_HEADER

    def page(self, number: int) -> bytes | None:
        """Return a page as SQLite would read it."""
        if number in self._frames:
            at = self._frames[number]
            return self._outbox.log[at : at + PAGE_SIZE]
        at = (number - 1) * PAGE_SIZE
        return self._outbox.file[at : at + PAGE_SIZE] or None

    def _find_places(self) -> Iterator[tuple[str, Place]]:
        pages = len(self._outbox.file) // PAGE_SIZE
        used = {*range(2, pages + 1), *self._frames} - free_pages(self.page)
        for number in sorted(used):
            leaf = read_leaf(self.page(number) or b"")
            for cell in leaf.cells if leaf else ():
                whole = chain(cell, self.page)
                assert whole is not None
                for message_id, row in self._outbox.rows.items():
                    if str(row[0]).encode() in cell.local:
                        link = 4 if cell.overflow else 0
                        end = cell.start + len(cell.local) + link
                        part = range(end - cell.size, end)
                        yield message_id, self._place(number, part, whole[1])

    def _place(self, number: int, cell: range, others: frozenset[int]) -> Place:
        file, log = [], []
        parts = {number: cell} | dict.fromkeys(others, range(PAGE_SIZE))
        for page, part in parts.items():
            if page in self._frames:
                start = self._frames[page]
                log.append(range(start - FRAME_HEADER, start))
                log.append(range(start + part.start, start + part.stop))
            else:
                start = (page - 1) * PAGE_SIZE
                file.append(range(start + part.start, start + part.stop))
        return Place(tuple(file), tuple(log))


def rows_in(path: Path) -> dict[str, Row]:
    """Return all rows of a file that must be an intact outbox."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        check(connection)
        verify(connection)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return rows_of(connection)


def as_held(row: Row) -> Row:
    """Return a row as it is saved: held, if it waits."""
    if row[STATE] != "waiting":
        return row
    values = list(row)
    values[HELD], values[IN_DOUBT] = "restored", 1
    return tuple(values)


def assert_saved(path: Path, outbox: Outbox) -> None:
    """All is there; what was deleted may be there again, but as finished only.

    Without the list of free pages nobody can tell that it was deleted.
    """
    rows = rows_in(path)
    expected = {message_id: as_held(row) for message_id, row in outbox.rows.items()}
    assert rows.items() >= expected.items()
    deleted = rows.keys() - expected.keys()
    assert {rows[message_id][STATE] for message_id in deleted} <= FINISHED


def files_beside(path: Path) -> dict[str, bytes]:
    """Return the files of a folder, by name."""
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}
