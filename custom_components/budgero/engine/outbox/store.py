"""The outbox on disk: appending transactions, opening and closing the file."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
import sqlite3
import time
from typing import Final

from ..push.models import Sealed
from . import table
from .accepted import AcceptedRows
from .access import Access
from .clock import Clock, read_boot_id, uptime
from .disk.checksums import keep_checksums, verify
from .disk.copy_check import (
    Traces,
    distrust,
    forget_backup,
    is_copy,
    note_backup,
    note_begin,
    note_end,
)
from .disk.database import Database
from .disk.earlier_versions import migrate
from .disk.files import storage_errors
from .disk.schema import check, create
from .errors import (
    DifferentContentError,
    OutboxFullError,
    StorageError,
    TooManyGuessesError,
)
from .flood import Limits
from .guess_limit import GuessLimit
from .holds import Holds
from .inquiry import Inquiry
from .policy import FLOOD_LIMITS
from .review import Review
from .rows import Row
from .server_queue import ServerQueue
from .signal import Signal
from .times import Times
from .waiting import WaitingRows

CAPACITY: Final = 10_000
"""The highest number of unfinished transactions in one outbox."""


@dataclass(frozen=True, slots=True)
class Appended:
    """What `Store.append` returns: the outbox has the transaction.

    Attributes:
        row: as it is on disk.
        is_new: whether this call appended it; otherwise an earlier call did.
    """

    row: Row
    is_new: bool


class Store(Access):
    """The file of the outbox, open; every change is on disk when a method returns.

    Attributes:
        path: of the file.
        holds: which transactions are held, and why.
        review: what a person sees and decides.
        waiting: the transactions that wait to be accepted.
        accepted: the transactions that the server accepted.
        inquiry: which of the accepted ones the server may have forgotten.
        server_queue: the items that our questions added to the server's queue.
        times: when things happened, by clocks that may be set.
    """

    def __init__(
        self,
        path: Path,
        now: Callable[[], float] = time.time,
        steady: Callable[[], float] = uptime,
        limits: Limits = FLOOD_LIMITS,
        boot_id: Callable[[], str] = read_boot_id,
    ) -> None:
        """Name the file.

        Args:
            path: of the file.
            now: returns seconds since the epoch.
            steady: returns the seconds since the machine booted.
            limits: more transactions than these are held for a person to review.
            boot_id: returns an id of this boot of the machine; it may read a file.
        """
        database = Database(path, create=create, prepare=_prepare, leave=note_end)
        clock, signal = Clock(now, steady), Signal()
        super().__init__(database, clock, signal)
        self.holds = Holds(database, clock, signal, limits)
        self.review = Review(database, clock, signal, self.holds)
        self.waiting = WaitingRows(database, clock, signal)
        self.accepted = AcceptedRows(database, clock, signal)
        self.inquiry = Inquiry(database, clock, signal)
        self.server_queue = ServerQueue(database, clock, signal)
        self.times = Times(database, clock, signal)
        self.path = path
        self._boot_id = boot_id
        self._room = 0
        self._guesses = GuessLimit()
        database.on_connect(self._forget_room)

    async def open(self, *, in_backup: bool = False) -> None:
        """Open the file; hold the waiting transactions if it is a copy.

        Args:
            in_backup: whether it is being copied right now, see `begin_backup`.

        Raises:
            ForeignOutboxError: another program added triggers or views.
            NewerOutboxError: a newer version wrote it.
            UnreadableOutboxError: it is damaged, or no outbox.
            StorageError: the file cannot be read or written.
        """
        try:
            with storage_errors():
                traces = await asyncio.to_thread(Traces.of, self.path)
                boot = await asyncio.to_thread(self._boot_id)
        except StorageError:
            await self.close()
            raise

        def begin(connection: sqlite3.Connection) -> None:
            self.times.begin(connection, boot)
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
        """Prepare the file for being copied while it is in use.

        A note is stored in the file, so that a restored copy is recognised even if it
        has the same inode.

        Raises:
            StorageError: the file cannot be read or written.
        """
        try:
            await self._database.stop_checkpoints()
        finally:
            await self._write(lambda connection: note_backup(connection, self.path))

    async def end_backup(self) -> None:
        """Undo `begin_backup`.

        Raises:
            StorageError: the file cannot be read or written.
        """
        await self._database.resume_checkpoints()
        await self._write(forget_backup)

    async def append(
        self,
        sealed: Sealed,
        digest: bytes,
        *,
        is_dated: bool = False,
        delay: float = 0.0,
        logged_by: str | None = None,
    ) -> Appended:
        """Append a transaction; it is on disk when this returns.

        It is appended even if the caller is cancelled.

        Args:
            sealed: what to push.
            digest: of its content, to compare it with that of a repeated call.
            is_dated: whether its date was taken from the clock.
            delay: seconds before it is pushed for the first time.
            logged_by: id of whoever logged it.

        Raises:
            DifferentContentError: the message id is known with other content.
            TooManyGuessesError: that has happened too often with this message id.
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
                held=self.holds.hold_of(sealed),
                is_dated=is_dated and not self.clock.is_certain,
                not_before=self.clock.now() + delay if delay else 0.0,
                logged_by=logged_by,
            )
            return Appended(row, is_new=True)

        def confirm(connection: sqlite3.Connection) -> Appended | None:
            row = table.find(connection, sealed.message_id)
            is_ours = row is not None and row.payload == sealed.payload
            return Appended(row, is_new=True) if row and is_ours else None

        return await self._write(insert, confirm)

    def _forget_room(self, connection: sqlite3.Connection) -> None:
        self._room = 0

    def _check_same(self, known: Row, digest: bytes) -> None:
        """Refuse other content under a known message id."""
        if self._guesses.is_reached(known.message_id):
            raise TooManyGuessesError("The content is no longer compared")
        if known.digest not in (b"", digest):
            self._guesses.note(known.message_id)
            raise DifferentContentError("This message id has other content")

    def _take_room(self, connection: sqlite3.Connection) -> None:
        """Take a free place; count free places again when the counted ones are used up.

        There may be more free places than were counted, because transactions are
        finished meanwhile, but never fewer.
        """
        if self._room <= 0:
            self._room = CAPACITY - table.count_unfinished(connection)
        if self._room <= 0:
            raise OutboxFullError("The outbox is full")
        self._room -= 1


def _prepare(connection: sqlite3.Connection) -> None:
    """Check the file, bring it to the present version, and keep its checksums."""
    version = check(connection)
    migrate(connection, version)
    keep_checksums(connection)
    verify(connection)
