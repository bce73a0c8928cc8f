"""One SQLite file behind one thread, with commits shared by those who come together."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
import os
from pathlib import Path
import sqlite3
import stat
from typing import Final, cast

from .errors import ClosedError, OutboxError, StorageError, UnreadableOutboxError
from .files import PRIVATE, inode_of, is_there, sync_folder
from .header import is_header_damaged
from .salvage import is_log_damaged

type Job[T] = Callable[[sqlite3.Connection], T]

BATCH: Final = 64
"""Writes that share a commit; more of them would hold up the event loop."""

_NOT_A_DATABASE: Final = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_DAMAGED: Final = (
    sqlite3.SQLITE_IOERR_SHORT_READ,  # the file ends before it should
    sqlite3.SQLITE_CONSTRAINT_TRIGGER,  # a checksum is wrong
)
_TROUBLE: Final = (sqlite3.Error, OSError, UnicodeDecodeError, UnreadableOutboxError)
"""After these a connection is of no use: the next one finds out what is wrong."""

_CHECKPOINT_PAGES: Final = 1000


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
        """Answer the caller, and tell of the change although he may be gone."""
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
        """Let a job run whenever the file is opened, also after a failed commit.

        What is kept in memory of the file is read anew by it.
        """
        self._hooks.append(hook)

    async def open(self, begin: Job[None], *, checkpoints: bool = True) -> None:
        """Open the file, making it if there is none.

        Args:
            begin: makes the first change; without it the file is not open.
            checkpoints: whether the main file may change, see `stop_checkpoints`.

        Raises:
            UnreadableOutboxError: the file is damaged or no database.
            StorageError: the disk refuses.
        """
        self._checkpoints = checkpoints
        try:
            await self._in_lane(lambda: self._begin(begin))
        except OutboxError:
            self._closed = True
            self._lane.shutdown()
            raise
        except BaseException:  # cancelled: the file is closed when it is open
            self._closed = True
            self._lane.submit(self._disconnect)
            self._lane.shutdown(wait=False)
            raise

    async def stop_checkpoints(self) -> None:
        """Write everything into the main file, then let only the log grow.

        So a backup may copy the main file and the log one after the other.

        Raises:
            StorageError: the disk refuses.
        """
        self._check_open()
        self._checkpoints = False
        await self._in_lane(self._checkpoint)

    async def resume_checkpoints(self) -> None:
        """Undo `stop_checkpoints`.

        Raises:
            StorageError: the disk refuses.
        """
        self._check_open()
        self._checkpoints = True
        await self._in_lane(lambda: self._apply_checkpoints(self._connected()))

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
            confirm: looks after a failed commit whether the change came
                through all the same, and returns its result then.
            changed: is called with the result once it is on disk, if anything was
                changed; also if the caller was cancelled. It must not raise.

        Raises:
            StorageError: the change is not on disk.
            OutboxError: the job refused it.
        """
        self._check_open()
        loop = asyncio.get_running_loop()
        done: asyncio.Future[object] = loop.create_future()
        done.add_done_callback(lambda future: future.exception())  # never "unseen"
        tell = cast("Callable[[object], None] | None", changed)
        self._writes.append(_Write(job, confirm, tell, done))
        if self._committer is None:
            self._committer = loop.create_task(self._commit_all())
        await asyncio.wait({done})  # a shield would log what no caller hears of
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
            for write in unanswered:  # somebody has stopped it: nobody shall wait
                if not write.done.done():
                    write.done.set_exception(StorageError("The disk did not answer"))

    async def _in_lane[T](self, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._lane, work)
        except _TROUBLE as error:
            raise _to_outbox_error(error) from None

    # From here on in the lane's thread.

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
            self._make()
        _refuse_damage(self._path)
        connection = _connect(self._path)
        try:
            self._apply_checkpoints(connection)
            self._prepare(connection)  # it may be somebody else's file
            for hook in self._hooks:
                hook(connection)
            self._close_to_others()
            connection.execute("PRAGMA journal_mode=WAL")
        except BaseException:
            _abandon(connection)
            raise
        self._connection = connection
        return connection

    def _close_to_others(self) -> None:
        """Take from others what a restored copy may allow them."""
        if stat.S_IMODE(self._path.stat().st_mode) != PRIVATE:
            with suppress(OSError):  # it may belong to another user, and is ours to use
                self._path.chmod(PRIVATE)

    def _begin(self, begin: Job[None]) -> None:
        connection = self._connect()
        try:
            with _transaction(connection):
                begin(connection)
        except BaseException:
            self._connection = None
            _abandon(connection)
            raise
        self._inode = inode_of(self._path)

    def _make(self) -> None:
        """Make the file: whole or not at all, and from the start nobody else's."""
        new = self._path.with_name(self._path.name + ".new")
        new.unlink(missing_ok=True)
        os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
        with closing(_connect(new)) as connection:
            self._create(connection)
        new.rename(self._path)
        sync_folder(self._path)

    def _checkpoint(self) -> None:
        connection = self._connected()
        self._apply_checkpoints(connection)
        self._write_through(connection)

    def _write_through(self, connection: sqlite3.Connection) -> None:
        """Bring what the log says into the main file, and to disk."""
        _refuse_damage(self._path)  # the main file has what the log may have lost
        is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if is_busy:
            raise StorageError("The disk refused (busy)")

    def _apply_checkpoints(self, connection: sqlite3.Connection) -> None:
        pages = _CHECKPOINT_PAGES if self._checkpoints else 0
        connection.execute(f"PRAGMA wal_autocheckpoint={pages}").fetchall()

    def _read[T](self, job: Job[T]) -> T:
        connection = self._connected()
        try:
            return job(connection)
        except _TROUBLE:
            self._connection = None  # the next job finds out whether it is damaged
            _abandon(connection)
            raise

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        is_ours = False
        with suppress(sqlite3.Error, OSError):
            self._leave(connection)
            # Closing takes away the log that lies beside the path, whose ever it is.
            # What a log has lost the main file may still have.
            is_ours = inode_of(self._path) == self._inode and not is_log_damaged(
                self._path
            )
        if is_ours and self._checkpoints:
            connection.close()
        else:
            _abandon(connection)

    def _commit(self, batch: list[_Write]) -> list[_Outcome]:
        try:
            connection = self._connected()
            with _transaction(connection):
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
        failure = _Outcome(error=_to_outbox_error(error))
        try:
            failed, self._connection = self._connection, None
            if failed is not None:
                _abandon(failed)
            if not self._checkpoints:
                return [failure] * len(batch)  # nobody can be sure during a backup
            connection = self._connected()
            self._write_through(connection)  # its own way to disk may have failed
            return [
                failure
                if write.confirm is None or (found := write.confirm(connection)) is None
                else _Outcome(found)
                for write in batch
            ]
        except Exception:  # noqa: BLE001 - every caller needs an answer
            return [failure] * len(batch)


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done within; after an error the connection is of no use."""
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("COMMIT")


def _in_savepoint(connection: sqlite3.Connection, job: Job[object]) -> _Outcome:
    """Run one job of a shared commit; a refusal undoes only its own changes."""
    connection.execute("SAVEPOINT job")
    before = connection.total_changes
    try:
        result = job(connection)
        outcome = _Outcome(result, has_changed=connection.total_changes != before)
    except _TROUBLE:
        raise
    except Exception as error:  # noqa: BLE001 - the others of this commit must go on
        connection.execute("ROLLBACK TO job")
        outcome = _Outcome(error=_to_outbox_error(error))
    connection.execute("RELEASE job")
    return outcome


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.text_factory = bytes.decode
    try:
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        _abandon(connection)
        raise
    return connection


def _refuse_damage(path: Path) -> None:
    """Refuse what SQLite would take for another file, or forget without a word.

    Raises:
        UnreadableOutboxError: it is damaged.
    """
    if is_log_damaged(path) or is_header_damaged(path):
        raise UnreadableOutboxError("The outbox file is damaged")


def _abandon(connection: sqlite3.Connection) -> None:
    """Close a connection that is in trouble; its log stays as it is."""
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
    connection.close()


def _to_outbox_error(error: Exception) -> OutboxError:
    if isinstance(error, OutboxError):
        return error
    code = getattr(error, "sqlite_errorcode", 0)
    if (
        isinstance(error, UnicodeDecodeError)
        or code & 0xFF in _NOT_A_DATABASE
        or code in _DAMAGED
    ):
        return UnreadableOutboxError("The outbox file is damaged")
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return StorageError(f"The disk refused ({name})")
