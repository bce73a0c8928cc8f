"""One SQLite file behind one thread, with commits shared by those who come together."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
import os
from pathlib import Path
import sqlite3
from typing import Final, cast

from .errors import ClosedError, OutboxError, StorageError, UnreadableOutboxError

type Job[T] = Callable[[sqlite3.Connection], T]

BATCH: Final = 64
"""Writes that share a commit; more of them would hold up the event loop."""

_NOT_A_DATABASE: Final = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class _Write:
    job: Job[object]
    confirm: Job[object | None] | None
    done: asyncio.Future[object]


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: object = None
    error: OutboxError | None = None


class Database:
    """A SQLite file that the event loop never waits for.

    Every change is on disk (WAL, `synchronous=FULL`) before `write` returns.
    Writes that come while a commit is under way share the next one, each in a
    savepoint of its own.
    """

    def __init__(self, path: Path, prepare: Job[None]) -> None:
        """Name the file; `prepare` checks and migrates it at every opening."""
        self._path = path
        self._prepare = prepare
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="budgero-outbox")
        self._connection: sqlite3.Connection | None = None
        self._writes: list[_Write] = []
        self._committer: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._closed = False

    async def open(self) -> None:
        """Open the file, making it if there is none.

        Raises:
            UnreadableOutboxError: the file is damaged or no database.
            StorageError: the disk refuses.
        """
        try:
            await self._in_lane(self._connect)
        except OutboxError:
            self._closed = True
            self._lane.shutdown()
            raise

    async def close(self) -> None:
        """Finish what was handed over, then close the file.

        Once called, that goes on even if the caller is cancelled.
        """
        if not self._closed:
            self._closed = True
            self._closing = asyncio.create_task(self._finish())
        if self._closing is not None:
            await asyncio.shield(self._closing)

    async def read[T](self, job: Job[T]) -> T:
        """Run a query.

        Raises:
            StorageError: the disk refuses.
        """
        self._check_open()
        return await self._in_lane(lambda: job(self._connected()))

    async def write[T](self, job: Job[T], confirm: Job[T | None] | None = None) -> T:
        """Run a change; return when it is on disk.

        Once called, the change goes on even if the caller is cancelled.

        Args:
            job: makes the change.
            confirm: looks after a failed commit whether the change came
                through all the same, and returns its result then.

        Raises:
            StorageError: the change is not on disk.
            OutboxError: the job refused it.
        """
        self._check_open()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()
        done.add_done_callback(lambda future: future.exception())  # never "unseen"
        self._writes.append(_Write(job, confirm, done))
        if self._committer is None:
            self._committer = loop.create_task(self._commit_all())
        return cast("T", await asyncio.shield(done))

    def _check_open(self) -> None:
        if self._closed:
            msg = "The outbox is closed"
            raise ClosedError(msg)

    async def _finish(self) -> None:
        if self._committer is not None:
            await self._committer
        try:
            await self._in_lane(self._disconnect)
        finally:
            self._lane.shutdown()  # nothing is left in it

    async def _commit_all(self) -> None:
        while self._writes:
            batch = self._writes[:BATCH]
            self._writes = self._writes[BATCH:]
            outcomes = await self._in_lane(partial(self._commit, batch))
            for write, outcome in zip(batch, outcomes, strict=True):
                if outcome.error is None:
                    write.done.set_result(outcome.result)
                else:
                    write.done.set_exception(outcome.error)
        self._committer = None

    async def _in_lane[T](self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._lane, work)
        except (sqlite3.Error, OSError) as error:
            raise _to_outbox_error(error) from None

    # From here on in the lane's thread.

    def _connected(self) -> sqlite3.Connection:
        return self._connection or self._connect()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        _make_private(self._path)
        connection = sqlite3.connect(
            self._path, isolation_level=None, check_same_thread=False
        )
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("PRAGMA synchronous=FULL")
            self._prepare(connection)  # first: it may be somebody else's file
            with suppress(OSError):  # it may belong to another user, and is ours to use
                self._path.chmod(_PRIVATE)  # a restored copy may be open to others
            connection.execute("PRAGMA journal_mode=WAL")
        except BaseException:
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
            connection.close()
            raise
        self._connection = connection
        return connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def _commit(self, batch: list[_Write]) -> list[_Outcome]:
        try:
            connection = self._connected()
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [_in_savepoint(connection, write.job) for write in batch]
            connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 - every caller needs an answer
            return self._look_after_failure(batch, error)
        return outcomes

    def _look_after_failure(
        self, batch: list[_Write], error: Exception
    ) -> list[_Outcome]:
        """Answer for writes whose commit failed.

        A failed commit can come back after a crash: only what the reopened
        file says counts.
        """
        failure = _Outcome(error=_to_outbox_error(error))
        try:
            self._disconnect()
            connection = self._connected()
            return [
                failure
                if write.confirm is None or (found := write.confirm(connection)) is None
                else _Outcome(found)
                for write in batch
            ]
        except Exception:  # noqa: BLE001 - every caller needs an answer
            return [failure] * len(batch)


def _in_savepoint(connection: sqlite3.Connection, job: Job[object]) -> _Outcome:
    """Run one job of a shared commit; a refusal undoes only its own changes."""
    connection.execute("SAVEPOINT job")
    try:
        outcome = _Outcome(job(connection))
    except OutboxError as error:
        connection.execute("ROLLBACK TO job")
        outcome = _Outcome(error=error)
    connection.execute("RELEASE job")
    return outcome


def _make_private(path: Path) -> None:
    """Make the file readable for its owner only, before anything is in it."""
    if path.exists():
        return
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, _PRIVATE))
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _to_outbox_error(error: Exception) -> OutboxError:
    if isinstance(error, OutboxError):
        return error
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _NOT_A_DATABASE:
        return UnreadableOutboxError("The outbox file is damaged")
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return StorageError(f"The disk refused ({name})")
