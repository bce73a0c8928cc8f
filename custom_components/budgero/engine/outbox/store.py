"""What the outbox remembers, in SQL: one table of transactions, one of facts."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path
import sqlite3
import time
from typing import Final

from ..push.models import Accepted, Sealed
from . import table
from .database import Database
from .errors import (
    DifferentContentError,
    NotPossibleError,
    OutboxFullError,
    StillInDoubtError,
)
from .rows import STRANDED, UNFINISHED, Counts, FailedBy, Row, State
from .schema import prepare

CAPACITY: Final = 10_000
"""Unfinished transactions that one outbox takes."""

KEEP_FINISHED: Final = 90 * 86400.0


@dataclass(frozen=True, slots=True)
class Appended:
    """The outbox has the transaction, from this call or from an earlier one."""

    row: Row
    is_new: bool


class Store:
    """The durable table of transactions; every change is on disk on return."""

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        """Name the file; `now` gives seconds since the epoch."""
        self.path = path
        self._now = now
        self._room = 0
        self._database = Database(path, prepare)

    async def open(self) -> None:
        """Open the file and forget what was finished long ago.

        Raises:
            NewerOutboxError: a newer version wrote it.
            UnreadableOutboxError: it is damaged, or something else.
            StorageError: the disk refuses.
        """
        await self._database.open()
        before = self._now() - KEEP_FINISHED
        try:
            await self._execute(
                "DELETE FROM transactions WHERE finished_at < ?", (before,)
            )
        except BaseException:
            await self._database.close()
            raise

    async def close(self) -> None:
        """Finish the writes that were handed over, then close the file."""
        await self._database.close()

    async def append(self, sealed: Sealed, digest: bytes) -> Appended:
        """Take a transaction on; it is on disk when this returns.

        Cancelling the caller does not take it back.

        Raises:
            DifferentContentError: the message id is known with other content.
            OutboxFullError: too many transactions are unfinished.
            StorageError: it is not on disk.
        """

        def insert(connection: sqlite3.Connection) -> Appended:
            if (known := table.find(connection, sealed.message_id)) is not None:
                if known.digest != digest:
                    raise DifferentContentError("This message id has other content")
                return Appended(known, is_new=False)
            self._take_room(connection)
            row = table.insert(connection, sealed, digest, self._now())
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

    async def remove(self, message_id: str) -> None:
        """Take a transaction out: its payload goes, id and times stay.

        Raises:
            UnknownTransactionError: there is none with this id.
            StillInDoubtError: it may be on its way; wait until that is settled.
            NotPossibleError: Budgero has it, or it is finished.
        """

        def job(connection: sqlite3.Connection) -> None:
            row = table.get(connection, message_id)
            if row.state is State.WAITING and row.in_doubt:
                raise StillInDoubtError("It may be on its way to Budgero")
            if row.state is not State.WAITING and row.state not in STRANDED:
                raise NotPossibleError("It cannot be removed in this state")
            table.remove(connection, row, self._now())

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
            sealed = Sealed(new_message_id, row.sealed.payload)
            now = self._now()
            table.remove(connection, row, now)
            return table.insert(
                connection, sealed, row.digest, now, replaces=message_id
            )

        return await self._database.write(job)

    def _take_room(self, connection: sqlite3.Connection) -> None:
        """Take one of the places left, counting only when they seem used up.

        Finished transactions leave more room than is known; never less.
        """
        if self._room <= 0:
            self._room = CAPACITY - table.count_unfinished(connection)
        if self._room <= 0:
            raise OutboxFullError("The outbox is full")
        self._room -= 1

    async def get(self, message_id: str) -> Row | None:
        """Return a transaction."""
        return await self._database.read(
            lambda connection: table.find(connection, message_id)
        )

    def age(self, row: Row) -> float:
        """Return for how many seconds the server has had a transaction."""
        return max(0.0, self._now() - (row.accepted_at or row.created_at))

    async def due(self, state: State, longest_rest: float, limit: int) -> list[Row]:
        """Return the transactions of a state whose time has come, oldest first.

        A time further away than the longest rest comes from a wrong clock.
        """
        now = self._now()

        return await self._select(
            "state = ? AND (not_before <= ? OR not_before > ?) ORDER BY seq LIMIT ?",
            *(state, now, now + longest_rest, limit),
        )

    async def accepted(self, max_questions: int, limit: int) -> list[Row]:
        """Return accepted transactions, oldest first, due or not.

        Those that were asked about `max_questions` times or more are left out.
        """

        return await self._select(
            "state = ? AND questions < ? ORDER BY seq LIMIT ?",
            *(State.ACCEPTED, max_questions, limit),
        )

    async def seconds_until_due(self, states: list[State]) -> float:
        """Return how long until one of these states is due; may be infinite."""
        marks = table.marks(states)

        def query(connection: sqlite3.Connection) -> float:
            moment: float | None
            [moment] = connection.execute(
                f"SELECT min(not_before) FROM transactions WHERE state IN ({marks})",
                tuple(states),
            ).fetchone()
            return inf if moment is None else max(0.0, moment - self._now())

        return await self._database.read(query)

    async def counts(self) -> Counts:
        """Count the transactions by state."""

        def query(connection: sqlite3.Connection) -> Counts:
            return Counts(
                **dict(
                    connection.execute(
                        "SELECT state, count(*) FROM transactions GROUP BY state"
                    ).fetchall()
                )
            )

        return await self._database.read(query)

    async def mend_rests(self, rest: float, longest_rest: float) -> None:
        """Give rests that a wrong clock made endless their right length again."""
        now = self._now()
        await self._execute(
            "UPDATE transactions SET not_before = ?"
            " WHERE state = ? AND in_doubt = 1 AND not_before > ?",
            (now + rest, State.WAITING, now + longest_rest),
        )

    async def begin_attempt(self, row: Row, rest: float) -> bool:
        """Note that a push begins, before it does: from now on it is in doubt.

        Returns whether the transaction still waits; otherwise do not push it.
        """
        return await self._execute(
            "UPDATE transactions SET attempts = attempts + 1, in_doubt = 1,"
            " not_before = ? WHERE message_id = ? AND state = ?",
            (self._now() + rest, row.message_id, State.WAITING),
        )

    async def keep_waiting(
        self, row: Row, *, in_doubt: bool, rest: float, error: str
    ) -> None:
        """Note that a push did not settle it, and how long it rests."""
        await self._execute(
            "UPDATE transactions SET in_doubt = ?, not_before = ?, error = ?"
            " WHERE message_id = ? AND state = ?",
            (in_doubt, self._now() + rest, error, row.message_id, State.WAITING),
        )

    async def accept(self, accepted: Accepted, rest: float) -> None:
        """Note that the server took it; its payload stays."""
        now = self._now()
        await self._execute(
            "UPDATE transactions SET state = ?, queue_id = ?, accepted_at = ?,"
            " in_doubt = 0, error = NULL, not_before = ?"
            " WHERE message_id = ? AND state = ?",
            (
                State.ACCEPTED,
                accepted.queue_id,
                now,
                now + rest,
                accepted.message_id,
                State.WAITING,
            ),
        )

    async def mark_duplicate(self, row: Row, queue_id: str) -> None:
        """Note that somebody else used its message id; its payload stays."""
        await self._execute(
            "UPDATE transactions SET state = ?, queue_id = ?, in_doubt = 0"
            " WHERE message_id = ? AND state = ?",
            (State.DUPLICATE, queue_id, row.message_id, row.state),
        )

    async def fail(self, row: Row, failed_by: FailedBy, error: str) -> None:
        """Note that it was reported as failed; its payload stays."""
        await self._execute(
            "UPDATE transactions SET state = ?, failed_by = ?, error = ?, in_doubt = 0"
            " WHERE message_id = ? AND state = ?",
            (State.FAILED, failed_by, error, row.message_id, row.state),
        )

    async def finish(self, row: Row) -> None:
        """Note that an app applied it: the payload goes, id and times stay."""
        await self._execute(
            "UPDATE transactions SET state = ?, payload = NULL, finished_at = ?,"
            " in_doubt = 0 WHERE message_id = ? AND state = ?",
            (State.PROCESSED, self._now(), row.message_id, row.state),
        )

    async def set_aside(self, row: Row, state: State) -> None:
        """Note that it vanished or stays unknown; its payload stays."""
        await self._execute(
            "UPDATE transactions SET state = ?, in_doubt = 0"
            " WHERE message_id = ? AND state = ?",
            (state, row.message_id, row.state),
        )

    async def begin_question(self, row: Row, rest: float) -> None:
        """Note that its state is asked for, before it is, and when to ask again."""
        await self._execute(
            "UPDATE transactions SET questions = questions + 1, in_doubt = 1,"
            " not_before = ? WHERE message_id = ? AND state = ?",
            (self._now() + rest, row.message_id, State.ACCEPTED),
        )

    async def withdraw_question(self, row: Row) -> None:
        """Note that a question never arrived: all is as it was before."""
        await self._execute(
            "UPDATE transactions SET questions = ?, in_doubt = ?, not_before = ?"
            " WHERE message_id = ? AND state = ?",
            (
                row.questions,
                row.in_doubt,
                row.not_before,
                row.message_id,
                State.ACCEPTED,
            ),
        )

    async def note_answer(self, row: Row) -> None:
        """Note that a question was answered and settled nothing."""
        await self._execute(
            "UPDATE transactions SET in_doubt = 0 WHERE message_id = ? AND state = ?",
            (row.message_id, State.ACCEPTED),
        )

    async def unseen_vanished(self) -> int:
        """Return how many transactions vanished that no person has seen yet."""

        def query(connection: sqlite3.Connection) -> int:
            [number] = connection.execute(
                "SELECT count(*) FROM transactions WHERE state = ? AND seen_at IS NULL",
                (State.VANISHED,),
            ).fetchone()
            return int(number)

        return await self._database.read(query)

    async def confirm_vanished(self) -> None:
        """Note that a person has seen what vanished."""
        await self._execute(
            "UPDATE transactions SET seen_at = ? WHERE state = ? AND seen_at IS NULL",
            (self._now(), State.VANISHED),
        )

    async def recall(self, name: str) -> str | None:
        """Return a remembered fact."""

        def query(connection: sqlite3.Connection) -> str | None:
            found = connection.execute(
                "SELECT value FROM facts WHERE name = ?", (name,)
            ).fetchone()
            return None if found is None else found[0]

        return await self._database.read(query)

    async def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        await self._execute(
            "INSERT INTO facts VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (name, value),
        )

    async def _select(self, clauses: str, *values: object) -> list[Row]:
        return await self._database.read(
            lambda connection: table.select(connection, clauses, values)
        )

    async def _execute(self, statement: str, values: tuple[object, ...]) -> bool:
        """Run a statement; return whether it changed a row."""

        def job(connection: sqlite3.Connection) -> bool:
            return connection.execute(statement, values).rowcount > 0

        return await self._database.write(job)
