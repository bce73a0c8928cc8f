"""What the tests of the outbox share: a clock to set, a disk that fails."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
import sqlite3
import threading
from typing import Any, Final, Never, override
from uuid import uuid4

from custom_components.budgero.engine.outbox import Hold, Row
from custom_components.budgero.engine.outbox.accepted import AcceptedRows
from custom_components.budgero.engine.outbox.access import Access
from custom_components.budgero.engine.outbox.flood import Limits
from custom_components.budgero.engine.outbox.holds import Holds
from custom_components.budgero.engine.outbox.inquiry import Inquiry
from custom_components.budgero.engine.outbox.review import Review
from custom_components.budgero.engine.outbox.server_queue import ServerQueue
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.outbox.times import Times
from custom_components.budgero.engine.outbox.waiting import WaitingRows
from custom_components.budgero.engine.push import Accepted, Sealed

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own in there
MEMORY: Final = _MEMORY if _MEMORY.is_dir() else None
"""A folder without a disk, where there is one: thousands of commits take a while."""

NO_LIMITS: Final[Limits] = ()
"""However many transactions come, they are no flood."""

REVIEWED: Final = (Hold.FLOOD, Hold.RESTORED)
"""Holds of single transactions that a person delivers or discards."""

DAY = 86400.0
PAYLOAD = "c2VhbGVkLXRyYW5zYWN0aW9u"
DIGEST = b"digest"

_numbers = count(1)


@dataclass
class Clock:
    """The clocks of a machine, which stand still until they are set.

    Attributes:
        now: seconds since the epoch.
        ahead: so much later is the time that the wall clock shows.
    """

    now: float = 2_000_000_000.0
    ahead: float = 0.0

    def __call__(self) -> float:
        """Tell the time, as the wall clock does."""
        return self.now + self.ahead

    def steady(self) -> float:
        """Return the seconds of the clock that nobody sets."""
        return self.now


def new_sealed(message_id: str | None = None, payload: str | None = None) -> Sealed:
    """Return something sealed; like a real payload, no two are the same."""
    return Sealed(message_id or str(uuid4()), payload or f"{PAYLOAD}{next(_numbers)}=")


async def append(store: Store, message_id: str | None = None) -> str:
    """Append something; return its message id."""
    appended = await store.append(new_sealed(message_id), DIGEST)
    return appended.row.message_id


async def accept(store: Store, message_id: str, rest: float = 0.0) -> Row:
    """Let the server have taken something; return its row."""
    await store.waiting.accept(Accepted(message_id, f"queue-{message_id}"), rest)
    return await row_of(store, message_id)


async def row_of(store: Store, message_id: str) -> Row:
    """Return a row that must be there."""
    row = await store.get(message_id)
    assert row is not None
    return row


async def unfinished(store: Store) -> list[Row]:
    """Return all transactions that are not finished, oldest first."""
    rows, _ = await store.review.contents()
    return rows


def owner_of(method: str) -> type:
    """Return the class of the outbox that has a method."""
    parts = (
        Access,
        Store,
        Holds,
        Review,
        WaitingRows,
        AcceptedRows,
        Inquiry,
        ServerQueue,
        Times,
    )
    return next(part for part in parts if method in vars(part))


async def change(store: Store, message_id: str, **columns: object) -> None:
    """Change something on disk as none of the store's own writes does."""
    row = await row_of(store, message_id)
    await store._change(row, {}, **columns)  # noqa: SLF001


def raising(error: type[Exception]) -> Callable[[], Awaitable[Never]]:
    """Return what fails instead of doing anything."""

    async def call() -> Never:
        raise error

    return call


def ids_on_disk(path: Path) -> set[str]:
    """Return what another process would find, which sees committed rows only."""
    connection = sqlite3.connect(path)
    try:
        found = connection.execute("SELECT message_id FROM transactions").fetchall()
    finally:
        connection.close()
    return {message_id for (message_id,) in found}


@dataclass
class Disk:
    """What SQLite does on behalf of the outbox, with faults on demand.

    Attributes:
        statements: every statement so far.
        threads: the names of the threads that they ran in.
        lost_commits: so many commits fail, and are not on disk.
        late_failures: so many commits fail, and are on disk all the same.
        refused_openings: so often the file cannot be opened.
        refused: statements that begin like this fail.
    """

    statements: list[str] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)
    lost_commits: int = 0
    late_failures: int = 0
    refused_openings: int = 0
    refused: str | None = None
    _connections: list[sqlite3.Connection] = field(default_factory=list)

    @property
    def commits(self) -> int:
        """How many transactions were committed."""
        return self.statements.count("COMMIT")

    def kill(self) -> None:
        """Leave the files as they lie, as the death of their process does."""
        for connection in self._connections:
            with suppress(sqlite3.ProgrammingError):  # it was closed before
                connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
            connection.close()
        self._connections.clear()

    def connect(self, path: Path, **options: Any) -> sqlite3.Connection:
        """Stand in for `sqlite3.connect`."""
        if self.refused_openings:
            self.refused_openings -= 1
            raise sqlite3.OperationalError("unable to open database file")
        disk = self

        class Connection(sqlite3.Connection):
            @override
            def execute(self, sql: str, *values: Any) -> sqlite3.Cursor:
                disk.statements.append(sql)
                disk.threads.add(threading.current_thread().name)
                if disk.refused is not None and sql.startswith(disk.refused):
                    raise sqlite3.OperationalError("disk I/O error")
                if sql == "COMMIT" and disk.lost_commits:
                    disk.lost_commits -= 1
                    raise sqlite3.OperationalError("disk I/O error")
                cursor = super().execute(sql, *values)
                if sql == "COMMIT" and disk.late_failures:
                    disk.late_failures -= 1
                    raise sqlite3.OperationalError("disk I/O error")
                return cursor

        connection = Connection(path, **options)
        self._connections.append(connection)
        return connection


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes."""
    import resource  # noqa: PLC0415 - Unix only

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def lanes() -> set[threading.Thread]:
    """Return the threads of all outboxes that are open."""
    threads = threading.enumerate()
    return {thread for thread in threads if thread.name.startswith("budgero-outbox")}
