"""The outbox on disk: what callers hand over, and what people decide about it."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
import sqlite3
import time
from typing import Final

from ..push.models import Operation, Sealed
from . import facts, table
from .clock import Clock, uptime
from .database import Database
from .errors import (
    DifferentContentError,
    NotPossibleError,
    OutboxFullError,
    StillInDoubtError,
)
from .flood import FloodGuard, Limits
from .policy import FLOOD_LIMITS, STANDING, Hold
from .rows import STRANDED, UNFINISHED, Counts, Junk, Overview, Row, State
from .schema import check, create
from .worklist import Worklist

CAPACITY: Final = 10_000
"""Unfinished transactions that one outbox takes."""

_INODE: Final = "inode"
_RUNNING: Final = "running"
_IN_BACKUP: Final = "in_backup"
_LATEST_TIME: Final = "latest_time"
_COUNTED: Final = "counted"


@dataclass(frozen=True, slots=True)
class Appended:
    """The outbox has the transaction, from this call or from an earlier one."""

    row: Row
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Traces:
    """What the disk knows of a file, empty if there is none."""

    inode: str = ""
    changed_at: str = ""
    has_log: bool = False

    @classmethod
    def of(cls, path: Path) -> _Traces:
        """Look at a file."""
        if not path.exists():
            return cls()
        found = path.stat()
        log = path.with_name(path.name + "-wal")
        return cls(str(found.st_ino), str(found.st_ctime_ns), log.exists())


class Store(Worklist):
    """The durable table of transactions; every change is on disk on return.

    Attributes:
        path: of the file.
        standing: why everything that waits is held, if it is.
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
            Database(path, create=create, prepare=self._prepare, leave=_note_end),
            Clock(now, steady),
        )
        self.path = path
        self.standing: tuple[Hold, ...] = ()
        self._guard = FloodGuard(limits)
        self._room = 0

    async def open(self, *, in_backup: bool = False) -> None:
        """Open the file; hold what waits in it if it is a copy.

        Args:
            in_backup: whether it is being copied right now, see `begin_backup`.

        Raises:
            NewerOutboxError: a newer version wrote it.
            UnreadableOutboxError: it is damaged, or something else.
            StorageError: the disk refuses.
        """
        traces = await asyncio.to_thread(_Traces.of, self.path)

        def begin(connection: sqlite3.Connection) -> None:
            if _is_copy(connection, traces):
                _distrust(connection)
            facts.put(connection, _INODE, _Traces.of(self.path).inode)
            facts.put(connection, _RUNNING, "yes")
            if in_backup:
                self._note_backup(connection)
            else:
                facts.drop(connection, _IN_BACKUP)

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
            await self._database.write(self._note_backup)

    async def end_backup(self) -> None:
        """Note that the file was copied.

        Raises:
            StorageError: the disk refuses.
        """
        await self._database.resume_checkpoints()
        await self._database.write(
            lambda connection: facts.drop(connection, _IN_BACKUP)
        )

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
            OutboxFullError: too many transactions are unfinished.
            StorageError: it is not on disk.
        """

        def insert(connection: sqlite3.Connection) -> Appended:
            if (known := table.find(connection, sealed.message_id)) is not None:
                if known.digest not in (b"", digest):
                    raise DifferentContentError("This message id has other content")
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

    async def unfinished(self) -> list[Row]:
        """Return all transactions that are not finished, oldest first."""
        return await self._select(
            f"state IN ({table.marks(UNFINISHED)}) ORDER BY seq", *UNFINISHED
        )

    async def unseen(self, state: State) -> list[Row]:
        """Return the transactions of a state that no person has seen yet."""
        return await self._select("state = ? AND seen_at IS NULL ORDER BY seq", state)

    async def has_unseen(self, state: State) -> bool:
        """Return whether there is one of a state that no person has seen yet."""

        def query(connection: sqlite3.Connection) -> bool:
            found: int
            [found] = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM transactions"
                " WHERE state = ? AND seen_at IS NULL)",
                (state,),
            ).fetchone()
            return bool(found)

        return await self._database.read(query)

    async def overview(self) -> Overview:
        """Return what the outbox holds."""
        return await self._database.read(_overview)

    async def counts(self) -> Counts:
        """Count the transactions by state."""
        return (await self.overview()).counts

    async def count_on_their_way(self) -> int:
        """Count what may have arrived, which its next push tells.

        What a person has to review is not sent by itself, so it is left out.
        """

        def query(connection: sqlite3.Connection) -> int:
            count: int
            [count] = connection.execute(
                "SELECT count(*) FROM transactions"
                " WHERE state = ? AND in_doubt = 1 AND held IS NOT ?",
                (State.WAITING, Hold.RESTORED),
            ).fetchone()
            return count

        return await self._database.read(query)

    async def remove(self, message_id: str) -> None:
        """Take a transaction out: its payload goes, id and times stay.

        Raises:
            UnknownTransactionError: there is none with this id.
            StillInDoubtError: it may be on its way; wait until that is settled.
            NotPossibleError: Budgero has it, or it is finished.
        """

        def job(connection: sqlite3.Connection) -> None:
            row = table.get(connection, message_id)
            is_on_its_way = row.in_doubt and row.held is not Hold.RESTORED
            if row.state is State.WAITING and is_on_its_way:
                raise StillInDoubtError("It may be on its way to Budgero")
            if row.state is not State.WAITING and row.state not in STRANDED:
                raise NotPossibleError("It cannot be removed in this state")
            table.remove(connection, row, self.clock.now())

        await self._database.write(job)

    async def send_again(self, message_id: str, new_message_id: str) -> Row:
        """Let a transaction wait again under a new id, in place of the old one.

        A person must have seen that it is not in Budgero.

        Raises:
            UnknownTransactionError: there is none with this id.
            NotPossibleError: it is waiting, Budgero has it, or it is finished.
        """

        def job(connection: sqlite3.Connection) -> Row:
            row = table.get(connection, message_id)
            if row.state not in STRANDED:
                raise NotPossibleError("It cannot be sent again in this state")
            old = row.sealed
            stamp = self.clock.stamp()
            table.remove(connection, row, stamp.at)
            return table.insert(
                connection,
                Sealed(new_message_id, old.payload, old.operation, old.target),
                row.digest,
                stamp,
                held=self._first_standing,
                replaces=message_id,
            )

        return await self._database.write(job)

    async def hold(self, reason: Hold) -> None:
        """Hold everything that waits and that will, until the reason is gone."""

        def job(connection: sqlite3.Connection) -> None:
            facts.put(connection, _fact(reason), "yes")
            self.standing = _standing(connection)
            connection.execute(
                "UPDATE transactions SET held = ? WHERE state = ? AND held IS NULL"
                " AND NOT (operation = ? AND ? = ?)",
                (
                    *(self._first_standing, State.WAITING, Operation.TEST),
                    *(reason, Hold.KEY),
                ),
            )

        await self._database.write(job)

    async def release(self, reason: Hold) -> None:
        """Deliver what was held for this reason, unless there is another one."""

        def job(connection: sqlite3.Connection) -> None:
            facts.drop(connection, _fact(reason))
            self.standing = _standing(connection)
            connection.execute(
                "UPDATE transactions SET held = ? WHERE held = ?",
                (self._first_standing, reason),
            )
            if reason is Hold.FLOOD:
                self._count_anew(connection)

        await self._database.write(job)

    async def discard(self, reason: Hold) -> int:
        """Remove what was held for a person to review; return how many."""

        def job(connection: sqlite3.Connection) -> int:
            rows = table.select(connection, "held = ?", (reason,))
            for row in rows:
                table.remove(connection, row, self.clock.now())
            if reason is Hold.FLOOD:
                self._count_anew(connection)
            return len(rows)

        return await self._database.write(job)

    async def reseal(self, change: Callable[[str], str | None]) -> int:
        """Change the sealed payloads, all in one commit; return how many.

        Args:
            change: returns the new payload, `None` to leave it as it is.
        """

        def job(connection: sqlite3.Connection) -> int:
            changed = 0
            for row in table.select(connection, "payload IS NOT NULL", ()):
                if (payload := change(row.sealed.payload)) is not None:
                    table.replace_payload(connection, row, payload, digest=b"")
                    changed += 1
            return changed

        return await self._database.write(job)

    async def mark_seen(self, states: Iterable[State]) -> None:
        """Note that a person has seen the transactions of these states."""
        wanted = tuple(states)
        await self._execute(
            "UPDATE transactions SET seen_at = ?"
            f" WHERE state IN ({table.marks(wanted)}) AND seen_at IS NULL",
            (self.clock.now(), *wanted),
        )

    async def note_time(self, server_time: float) -> None:
        """Put the clock right; forget what was finished long ago."""
        self.clock.set_right(server_time)
        await self.remember(_LATEST_TIME, str(self.clock.latest))
        await self.forget_finished(server_time)

    @property
    def _first_standing(self) -> Hold | None:
        return next(iter(self.standing), None)

    def _hold_of(self, sealed: Sealed, now: float) -> Hold | None:
        """Return why something new is held.

        A test of the space key goes out while the key is in question.
        """
        if sealed.operation is Operation.TEST:
            reasons = (hold for hold in self.standing if hold is not Hold.KEY)
            return next(reasons, None)
        return Hold.FLOOD if self._guard.is_flood(now) else self._first_standing

    def _prepare(self, connection: sqlite3.Connection) -> None:
        check(connection)
        self.standing = _standing(connection)
        self.clock.latest = float(facts.get(connection, _LATEST_TIME) or "-inf")
        self._room = 0
        times = connection.execute(
            "SELECT created_at FROM transactions WHERE seq > ? AND replaces IS NULL"
            " ORDER BY seq DESC LIMIT ?",
            (int(facts.get(connection, _COUNTED) or 0), self._guard.memory),
        ).fetchall()
        self._guard.load(at for (at,) in reversed(times))

    def _count_anew(self, connection: sqlite3.Connection) -> None:
        """Let a person's word end the counting of what came before."""
        [last] = connection.execute("SELECT max(seq) FROM transactions").fetchone()
        facts.put(connection, _COUNTED, str(last or 0))
        self._guard.load(())

    def _note_backup(self, connection: sqlite3.Connection) -> None:
        """Note, in the log, how the main file is and stays while it is copied."""
        facts.put(connection, _IN_BACKUP, _Traces.of(self.path).changed_at)

    def _take_room(self, connection: sqlite3.Connection) -> None:
        """Take one of the places left, counting only when they seem used up.

        Finished transactions leave more room than is known; never less.
        """
        if self._room <= 0:
            self._room = CAPACITY - table.count_unfinished(connection)
        if self._room <= 0:
            raise OutboxFullError("The outbox is full")
        self._room -= 1


def _distrust(connection: sqlite3.Connection) -> None:
    """Hold what waits in a copy: it, and questions too, may have gone out since."""
    connection.execute(
        "UPDATE transactions SET held = ? WHERE state = ?",
        (Hold.RESTORED, State.WAITING),
    )
    connection.execute(
        "UPDATE transactions SET in_doubt = 1 WHERE state IN (?, ?)",
        (State.WAITING, State.ACCEPTED),
    )


def _fact(reason: Hold) -> str:
    return f"hold_{reason}"


def _standing(connection: sqlite3.Connection) -> tuple[Hold, ...]:
    return tuple(
        reason
        for reason in STANDING
        if facts.get(connection, _fact(reason)) is not None
    )


def _note_end(connection: sqlite3.Connection) -> None:
    facts.put(connection, _RUNNING, "no")


def _is_copy(connection: sqlite3.Connection, traces: _Traces) -> bool:
    """Return whether the file was restored, or belongs to a cloned machine.

    A copy has another inode, or was changed after the backup that made it began;
    one of the main file alone lacks the log that was there when its writer did
    not come to an end.
    """
    has_ended = facts.get(connection, _RUNNING) != "yes"
    return (
        facts.get(connection, _INODE) not in (None, traces.inode)
        or facts.get(connection, _IN_BACKUP) not in (None, traces.changed_at)
        or not (has_ended or traces.has_log)
    )


def _overview(connection: sqlite3.Connection) -> Overview:
    counts = dict(
        connection.execute(
            "SELECT state, count(*) FROM transactions WHERE operation != ?"
            " GROUP BY state",
            (Operation.TEST,),
        ).fetchall()
    )
    held = connection.execute(
        "SELECT held, count(*) FROM transactions WHERE state = ? AND held IS NOT NULL"
        " AND operation != ? GROUP BY held",
        (State.WAITING, Operation.TEST),
    ).fetchall()
    unseen = dict(
        connection.execute(
            "SELECT state, count(*) FROM transactions"
            " WHERE state IN (?, ?) AND seen_at IS NULL AND operation != ?"
            " GROUP BY state",
            (State.VANISHED, State.FAILED, Operation.TEST),
        ).fetchall()
    )
    [oldest] = connection.execute(
        "SELECT min(created_at) FROM transactions WHERE state = ? AND operation != ?",
        (State.WAITING, Operation.TEST),
    ).fetchone()
    [accepted] = connection.execute(
        "SELECT max(accepted_at) FROM transactions WHERE accepted_at IS NOT NULL"
    ).fetchone()
    [pending] = connection.execute(
        "SELECT min(accepted_at) FROM transactions WHERE state = ? AND operation != ?",
        (State.ACCEPTED, Operation.TEST),
    ).fetchone()
    junk = dict(
        connection.execute(
            "SELECT junk, count(*) FROM transactions WHERE junk IS NOT NULL"
            " GROUP BY junk"
        ).fetchall()
    )
    return Overview(
        counts=Counts(**counts),
        held={Hold(reason): number for reason, number in held},
        oldest_waiting=oldest,
        last_accepted=accepted,
        oldest_accepted=pending,
        vanished=unseen.get(State.VANISHED, 0),
        failed=unseen.get(State.FAILED, 0),
        junk_pending=junk.get(Junk.PENDING, 0),
        junk_failed=junk.get(Junk.FAILED, 0),
    )
