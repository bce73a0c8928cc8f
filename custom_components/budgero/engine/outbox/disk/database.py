"""One SQLite file in one thread; writes that come together share a commit."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
import sqlite3
from typing import Final, cast

from ..errors import ClosedError, OutboxError, StorageError, UnreadableOutboxError
from ..salvage import is_log_damaged
from .connection import (
    TROUBLE,
    abandon,
    connect,
    make_file,
    make_private,
    refuse_damage,
    set_checkpoints,
    to_outbox_error,
    transaction,
    write_through,
)
from .files import inode_of, is_there

type Job[T] = Callable[[sqlite3.Connection], T]

BATCH: Final = 64
"""How many writes share a commit at most; more of them would hold up the event loop."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    result: object = None
    error: OutboxError | None = None
    has_changed: bool = True


@dataclass(frozen=True, slots=True)
class _Write:
    job: Job[object]
    confirm: Job[object | None] | None
    changed: Callable[[object], None] | None
    done: asyncio.Future[object]

    def answer(self, outcome: _Outcome) -> None:
        """Answer the caller, and report the change even if the caller was cancelled."""
        if outcome.error is not None:
            self.done.set_exception(outcome.error)
            return
        self.done.set_result(outcome.result)
        if outcome.has_changed and self.changed is not None:
            self.changed(outcome.result)


class Database:
    """A SQLite file that the event loop never waits for.

    Every change is on disk (WAL, `synchronous=FULL`) before `write` returns.
    Writes that come while a commit is under way share the next one, each in a
    savepoint of its own.
    """

    def __init__(
        self, path: Path, *, create: Job[None], prepare: Job[None], leave: Job[None]
    ) -> None:
        """Name the file.

        Args:
            path: of the file.
            create: fills a new file.
            prepare: checks the file at every opening.
            leave: makes the last change before the file is closed.
        """
        self._path = path
        self._create = create
        self._prepare = prepare
        self._leave = leave
        self._hooks: list[Job[None]] = []
        self._checkpoints = True
        self._lane = ThreadPoolExecutor(1, thread_name_prefix="budgero-outbox")
        self._connection: sqlite3.Connection | None = None
        self._inode: int | None = None
        self._writes: list[_Write] = []
        self._committer: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._closed = False

    def on_connect(self, hook: Job[None]) -> None:
        """Run a job whenever the file is opened, also after a failed commit.

        Whatever is kept in memory of the file must be read again then.
        """
        self._hooks.append(hook)

    async def open(self, begin: Job[None], *, checkpoints: bool = True) -> None:
        """Open the file, making it if there is none.

        Args:
            begin: makes the first change; if it fails, the file is not open.
            checkpoints: whether the main file may change, see `stop_checkpoints`.

        Raises:
            UnreadableOutboxError: the file is damaged or no database.
            StorageError: the file cannot be read or written.
        """
        self._checkpoints = checkpoints
        try:
            await self._in_lane(lambda: self._begin(begin))
        except OutboxError:
            self._closed = True
            self._lane.shutdown()
            raise
        except BaseException:  # cancelled: the file is closed once opening has ended
            self._closed = True
            self._lane.submit(self._disconnect)
            self._lane.shutdown(wait=False)
            raise

    async def stop_checkpoints(self) -> None:
        """Write everything into the main file, then let only the log grow.

        A backup may then copy the main file and the log one after the other.

        Raises:
            StorageError: the file cannot be read or written.
        """
        self._check_open()
        self._checkpoints = False
        await self._in_lane(self._checkpoint)

    async def resume_checkpoints(self) -> None:
        """Undo `stop_checkpoints`.

        Raises:
            StorageError: the file cannot be read or written.
        """
        self._check_open()
        self._checkpoints = True
        await self._in_lane(
            lambda: set_checkpoints(self._connected(), are_allowed=True)
        )

    async def close(self) -> None:
        """Finish the writes that were handed over, then close the file.

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
            StorageError: the file cannot be read or written.
        """
        self._check_open()
        return await self._in_lane(lambda: self._read(job))

    async def write[T](
        self,
        job: Job[T],
        confirm: Job[T | None] | None = None,
        changed: Callable[[T], None] | None = None,
    ) -> T:
        """Run a change; return when it is on disk.

        Once called, the change goes on even if the caller is cancelled.

        Args:
            job: makes the change.
            confirm: looks after a failed commit whether the change is on disk all the
                same; returns its result, `None` if it is not.
            changed: is called with the result once it is on disk, if anything was
                changed; also if the caller was cancelled. It must not raise.

        Raises:
            StorageError: the change is not on disk.
            OutboxError: the job refused it.
        """
        self._check_open()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()
        # Otherwise asyncio logs an exception that no caller retrieves.
        done.add_done_callback(lambda future: future.exception())
        tell = cast("Callable[[object], None] | None", changed)
        self._writes.append(_Write(job, confirm, tell, done))
        if self._committer is None:
            self._committer = loop.create_task(self._commit_all())
        # `shield` would log the error of a write whose caller was cancelled.
        await asyncio.wait({done})
        return cast("T", done.result())

    def _check_open(self) -> None:
        if self._closed:
            msg = "The outbox is closed"
            raise ClosedError(msg)

    async def _finish(self) -> None:
        if self._committer is not None:
            await asyncio.wait({self._committer})
        try:
            await self._in_lane(self._disconnect)
        finally:
            self._lane.shutdown()  # nothing is left in it

    async def _commit_all(self) -> None:
        try:
            while self._writes:
                batch = self._writes[:BATCH]
                outcomes = await self._in_lane(partial(self._commit, batch))
                for write, outcome in zip(batch, outcomes, strict=True):
                    write.answer(outcome)
                del self._writes[: len(batch)]
        finally:
            self._committer = None
            unanswered, self._writes = self._writes, []
            for write in unanswered:  # this task was cancelled
                if not write.done.done():
                    write.done.set_exception(StorageError("The disk did not answer"))

    async def _in_lane[T](self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._lane, work)
        except TROUBLE as error:
            raise to_outbox_error(error) from None

    # The methods from here on run in the lane's thread.

    def _connected(self) -> sqlite3.Connection:
        """Return the connection, to the file that was opened and to no other.

        Raises:
            UnreadableOutboxError: the file was removed, or another one put in its
                place: what is written now would be lost with it.
        """
        if inode_of(self._path) != self._inode:
            raise UnreadableOutboxError("Another file lies in the outbox's place")
        return self._connection or self._connect()

    def _connect(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not is_there(self._path) and not is_log_damaged(self._path):
            make_file(self._path, self._create)
        refuse_damage(self._path)
        connection = connect(self._path)
        try:
            set_checkpoints(connection, are_allowed=self._checkpoints)
            self._prepare(connection)  # first: the file may be another program's
            for hook in self._hooks:
                hook(connection)
            make_private(self._path)
            connection.execute("PRAGMA journal_mode=WAL")
        except BaseException:
            abandon(connection)
            raise
        self._connection = connection
        return connection

    def _begin(self, begin: Job[None]) -> None:
        connection = self._connect()
        try:
            with transaction(connection):
                begin(connection)
        except BaseException:
            self._connection = None
            abandon(connection)
            raise
        self._inode = inode_of(self._path)

    def _checkpoint(self) -> None:
        connection = self._connected()
        set_checkpoints(connection, are_allowed=self._checkpoints)
        write_through(connection, self._path)

    def _read[T](self, job: Job[T]) -> T:
        connection = self._connected()
        try:
            return job(connection)
        except TROUBLE:
            self._connection = None  # the next job finds out whether it is damaged
            abandon(connection)
            raise

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        is_ours = False
        with suppress(sqlite3.Error, OSError):
            self._leave(connection)
            # Closing deletes the log beside the path, even if it is another file's. A
            # damaged log is kept, because the main file may have what it has lost.
            is_ours = inode_of(self._path) == self._inode and not is_log_damaged(
                self._path
            )
        if is_ours and self._checkpoints:
            connection.close()
        else:
            abandon(connection)

    def _commit(self, batch: list[_Write]) -> list[_Outcome]:
        try:
            connection = self._connected()
            with transaction(connection):
                outcomes = [_in_savepoint(connection, write.job) for write in batch]
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
        failure = _Outcome(error=to_outbox_error(error))
        try:
            failed, self._connection = self._connection, None
            if failed is not None:
                abandon(failed)
            if not self._checkpoints:
                return [failure] * len(batch)  # unknown while a backup runs
            connection = self._connected()
            write_through(connection, self._path)  # what is read may not be on disk yet
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
    before = connection.total_changes
    try:
        result = job(connection)
        outcome = _Outcome(result, has_changed=connection.total_changes != before)
    except TROUBLE:
        raise
    except Exception as error:  # noqa: BLE001 - the others of this commit must go on
        connection.execute("ROLLBACK TO job")
        outcome = _Outcome(error=to_outbox_error(error))
    connection.execute("RELEASE job")
    return outcome
