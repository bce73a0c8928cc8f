"""The outbox on disk: taking transactions on, and keeping its file."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path
import sqlite3
import time
from typing import Final

from ..push.models import Sealed
from . import facts, table
from .checksums import keep_checksums, verify
from .clearing import Clearing
from .clock import Clock, uptime
from .copies import (
    Traces,
    distrust,
    forget_backup,
    is_copy,
    note_backup,
    note_begin,
    note_end,
)
from .database import Database
from .delivery import Delivery
from .errors import (
    DifferentContentError,
    NotPossibleError,
    OutboxFullError,
    StorageError,
    TooManyGuessesError,
)
from .files import storage_errors
from .flood import Limits
from .following import Following
from .guess_limit import GuessLimit
from .holds import Holds
from .inquiry import Inquiry
from .leftovers import Leftovers
from .policy import FLOOD_LIMITS, KEEP_FINISHED
from .review import Review
from .rows import FINISHED, STRANDED, Row, State
from .schema import check, create
from .version_1 import migrate

CAPACITY: Final = 10_000
"""Unfinished transactions that one outbox takes."""

_LATEST_TIME: Final = "latest_time"


@dataclass(frozen=True, slots=True)
class Appended:
    """The outbox has the transaction, from this call or from an earlier one."""

    row: Row
    is_new: bool


class Store(Holds, Delivery, Following, Inquiry, Leftovers, Clearing, Review):
    """The durable table of transactions; every change is on disk on return.

    Attributes:
        path: of the file.
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], float] = time.time,
        steady: Callable[[], float] = uptime,
        limits: Limits = FLOOD_LIMITS,
    ) -> None:
        """Name the file.

        Args:
            path: of the file.
            now: gives seconds since the epoch.
            steady: gives seconds of a clock that nobody sets.
            limits: more transactions than these are held for a person to review.
        """
        super().__init__(
            Database(path, create=create, prepare=self._prepare, leave=note_end),
            Clock(now, steady),
            limits,
        )
        self.path = path
        self._room = 0
        self._guesses = GuessLimit()

    async def open(self, *, in_backup: bool = False) -> None:
        """Open the file; hold what waits in it if it is a copy.

        Args:
            in_backup: whether it is being copied right now, see `begin_backup`.

        Raises:
            ForeignOutboxError: somebody has added triggers or views.
            NewerOutboxError: a newer version wrote it.
            UnreadableOutboxError: it is damaged, or something else.
            StorageError: the disk refuses.
        """
        try:
            with storage_errors():
                traces = await asyncio.to_thread(Traces.of, self.path)
        except StorageError:
            await self.close()
            raise

        def begin(connection: sqlite3.Connection) -> None:
            if is_copy(connection, traces):
                distrust(connection)
            note_begin(connection, self.path)
            if in_backup:
                note_backup(connection, self.path)
            else:
                forget_backup(connection)

        await self._database.open(begin, checkpoints=not in_backup)

    async def close(self) -> None:
        """Finish the writes that were handed over, then close the file."""
        await self._database.close()

    async def begin_backup(self) -> None:
        """Let the file be copied while transactions go on coming.

        Every copy carries a note: a restored file may get the inode back.

        Raises:
            StorageError: the disk refuses.
        """
        try:
            await self._database.stop_checkpoints()
        finally:
            await self._database.write(
                lambda connection: note_backup(connection, self.path)
            )

    async def end_backup(self) -> None:
        """Note that the file was copied.

        Raises:
            StorageError: the disk refuses.
        """
        await self._database.resume_checkpoints()
        await self._database.write(forget_backup)

    async def append(
        self, sealed: Sealed, digest: bytes, *, is_dated: bool = False
    ) -> Appended:
        """Take a transaction on; it is on disk when this returns.

        Cancelling the caller does not take it back.

        Args:
            sealed: what to push.
            digest: tells its content from another one.
            is_dated: whether its date was taken from the clock.

        Raises:
            DifferentContentError: the message id is known with other content.
            TooManyGuessesError: that has happened too often with this one.
            OutboxFullError: too many transactions are unfinished.
            StorageError: it is not on disk.
        """

        def insert(connection: sqlite3.Connection) -> Appended:
            if (known := table.find(connection, sealed.message_id)) is not None:
                self._check_same(known, digest)
                return Appended(known, is_new=False)
            if (same := table.find_same(connection, sealed)) is not None:
                return Appended(same, is_new=False)
            self._take_room(connection)
            stamp = self.clock.stamp()
            row = table.insert(
                connection,
                sealed,
                digest,
                stamp,
                held=self._hold_of(sealed, stamp.at),
                is_dated=is_dated,
            )
            return Appended(row, is_new=True)

        def confirm(connection: sqlite3.Connection) -> Appended | None:
            row = table.find(connection, sealed.message_id)
            is_ours = row is not None and row.payload == sealed.payload
            return Appended(row, is_new=True) if row and is_ours else None

        return await self._database.write(insert, confirm)

    async def send_again(self, message_id: str, new_message_id: str) -> Row:
        """Let a transaction wait again, and return it as it waits.

        A person must have seen that it is not in Budgero. What vanished without a
        question about it keeps its id: if the server knows it after all, it says so.
        Anything else gets a new id, in place of the old one.

        Raises:
            UnknownTransactionError: there is none with this id.
            NotPossibleError: it is waiting, Budgero has it, or it is finished.
        """

        def job(connection: sqlite3.Connection) -> Row:
            row = table.get(connection, message_id)
            if row.state not in STRANDED:
                raise NotPossibleError("It cannot be sent again in this state")
            if row.may_keep_id:
                return self._wait_again(connection, row)
            old = row.sealed
            stamp = self.clock.stamp()
            table.remove(connection, row)
            return table.insert(
                connection,
                Sealed(new_message_id, old.payload, old.operation, old.target),
                row.digest,
                stamp,
                held=self._first_standing,
                replaces=message_id,
            )

        return await self._database.write(job)

    async def confirm_booked(self, message_id: str) -> None:
        """Note that a transaction is in Budgero, as a person says: it is finished.

        The server is not asked about it again, for it may not know it.

        Raises:
            UnknownTransactionError: there is none with this id.
            NotPossibleError: nothing about it is open to a person.
        """

        def job(connection: sqlite3.Connection) -> None:
            row = table.get(connection, message_id)
            if row.state not in STRANDED:
                raise NotPossibleError("It cannot be confirmed in this state")
            table.finish(connection, row)
            connection.execute(
                "UPDATE transactions SET queue_id = NULL WHERE message_id = ?",
                (message_id,),
            )

        await self._database.write(job)

    async def note_time(self, server_time: float) -> None:
        """Put the clock right; forget what was finished long ago.

        What was finished since the last time is dated now: our own clock may have
        been wrong, and must not let ids expire. What left something in
        the server's queue is not forgotten.
        """
        self.clock.set_right(server_time)

        def job(connection: sqlite3.Connection) -> None:
            facts.put(connection, _LATEST_TIME, str(self.clock.latest))
            marks = table.marks(FINISHED)
            connection.execute(
                "UPDATE transactions SET finished_at = ?"
                f" WHERE state IN ({marks}) AND finished_at IS NULL",
                (server_time, *FINISHED),
            )
            connection.execute(
                "DELETE FROM transactions"
                f" WHERE state IN ({marks}) AND finished_at < ? AND leftover IS NULL",
                (*FINISHED, server_time - KEEP_FINISHED),
            )

        await self._database.write(job)

    def _prepare(self, connection: sqlite3.Connection) -> None:
        version = check(connection)
        migrate(connection, version)
        keep_checksums(connection)
        verify(connection)
        self._load_holds(connection)
        latest = facts.get_number(connection, _LATEST_TIME)
        self.clock.latest = -inf if latest is None else latest
        self._room = 0

    def _wait_again(self, connection: sqlite3.Connection, row: Row) -> Row:
        connection.execute(
            "UPDATE transactions SET state = ?, held = ?, not_before = 0,"
            " questions = 0, error = NULL WHERE message_id = ?",
            (State.WAITING, self._first_standing, row.message_id),
        )
        return table.get(connection, row.message_id)

    def _check_same(self, known: Row, digest: bytes) -> None:
        """Refuse other content under a known message id."""
        if self._guesses.is_reached(known.message_id):
            raise TooManyGuessesError("The content is no longer compared")
        if known.digest not in (b"", digest):
            self._guesses.note(known.message_id)
            raise DifferentContentError("This message id has other content")

    def _take_room(self, connection: sqlite3.Connection) -> None:
        """Take one of the places left, counting only when they seem used up.

        Finished transactions leave more room than is known; never less.
        """
        if self._room <= 0:
            self._room = CAPACITY - table.count_unfinished(connection)
        if self._room <= 0:
            raise OutboxFullError("The outbox is full")
        self._room -= 1
