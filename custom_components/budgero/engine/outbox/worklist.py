"""What the worker reads from the outbox, and what it notes there."""

from dataclasses import dataclass
from math import inf
import sqlite3
from typing import Final

from ..push.models import Accepted, Operation, Sealed
from . import facts, table
from .clock import Clock, Stamp
from .database import Database
from .rows import FINISHED, FailedBy, Junk, Row, State

KEEP_FINISHED: Final = 90 * 86400.0

_IN_TURN: Final = f"""(target IS NULL OR NOT EXISTS (
    SELECT 1 FROM transactions AS earlier WHERE earlier.state = '{State.WAITING}'
    AND earlier.target = transactions.target AND earlier.seq < transactions.seq
))"""
"""Changes of one transaction reach Budgero in the order in which they were made."""

CLEARING: Final = "clearing"
"""The server's queue was to be cleared, and nobody knows yet whether it was."""


@dataclass(frozen=True, slots=True)
class Misdated:
    """A transaction whose date was taken from a clock that was wrong.

    Attributes:
        row: the transaction, never pushed.
        created_at: when it was really taken on.
    """

    row: Row
    created_at: float


class Worklist:
    """The transactions as the worker sees them; changes are on disk on return."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Bind database and clock."""
        self.clock = clock
        self._database = database

    async def get(self, message_id: str) -> Row | None:
        """Return a transaction."""
        return await self._database.read(
            lambda connection: table.find(connection, message_id)
        )

    def age(self, row: Row) -> float:
        """Return for how many seconds the server has had a transaction."""
        return max(0.0, self.clock.now() - (row.accepted_at or row.created_at))

    async def due(self, state: State, longest_rest: float, limit: int) -> list[Row]:
        """Return the transactions of a state whose time has come, oldest first.

        A time further away than the longest rest comes from a wrong clock.
        """
        now = self.clock.now()
        return await self._select(
            "state = ? AND held IS NULL AND (not_before <= ? OR not_before > ?)"
            f" AND {_IN_TURN} ORDER BY seq LIMIT ?",
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

    async def known_to_server(self) -> Row | None:
        """Return a transaction that the server must know, best one first."""
        rows = await self._select(
            "queue_id IS NOT NULL AND accepted_at IS NOT NULL"
            " AND (state IN (?, ?) OR (state = ? AND failed_by = ?))"
            " ORDER BY state = ? DESC, seq DESC LIMIT 1",
            *(State.PROCESSED, State.ACCEPTED, State.FAILED, FailedBy.APP),
            State.PROCESSED,
        )
        return rows[0] if rows else None

    async def seconds_until_due(self, states: list[State]) -> float:
        """Return how long until one of these states is due; may be infinite."""
        marks = table.marks(states)

        def query(connection: sqlite3.Connection) -> float:
            moment: float | None
            [moment] = connection.execute(
                "SELECT min(not_before) FROM transactions"
                f" WHERE state IN ({marks}) AND held IS NULL AND {_IN_TURN}",
                tuple(states),
            ).fetchone()
            return inf if moment is None else max(0.0, moment - self.clock.now())

        return await self._database.read(query)

    async def mend_rests(self, rest: float, longest_rest: float) -> None:
        """Give rests that a wrong clock made endless their right length again."""
        now = self.clock.now()
        await self._execute(
            "UPDATE transactions SET not_before = ?"
            " WHERE state = ? AND in_doubt = 1 AND not_before > ?",
            (now + rest, State.WAITING, now + longest_rest),
        )

    async def begin_attempt(self, row: Row, rest: float) -> bool:
        """Note that a push begins, before it does: from now on it is in doubt.

        Returns whether the transaction still waits as it was read; otherwise do
        not push it.
        """
        return await self._execute(
            "UPDATE transactions SET attempts = attempts + 1, in_doubt = 1,"
            " not_before = ? WHERE message_id = ? AND state = ? AND held IS NULL"
            " AND payload = ?",
            (self.clock.now() + rest, row.message_id, State.WAITING, row.payload),
        )

    async def keep_waiting(
        self, row: Row, *, in_doubt: bool, rest: float, error: str
    ) -> None:
        """Note that a push did not settle it, and how long it rests."""
        await self._execute(
            "UPDATE transactions SET in_doubt = ?, not_before = ?, error = ?"
            " WHERE message_id = ? AND state = ?",
            (in_doubt, self.clock.now() + rest, error, row.message_id, State.WAITING),
        )

    async def accept(self, accepted: Accepted, rest: float) -> bool:
        """Note that the server took it; its payload stays."""
        now = self.clock.now()
        return await self._execute(
            "UPDATE transactions SET state = ?, queue_id = ?, accepted_at = ?,"
            " in_doubt = 0, error = NULL, held = NULL, not_before = ?"
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

    async def mark_duplicate(self, row: Row, queue_id: str) -> bool:
        """Note that somebody else used its message id; its payload stays."""
        return await self._execute(
            "UPDATE transactions SET state = ?, queue_id = ?, in_doubt = 0,"
            " held = NULL WHERE message_id = ? AND state = ?",
            (State.DUPLICATE, queue_id, row.message_id, row.state),
        )

    async def fail(self, row: Row, failed_by: FailedBy, error: str) -> bool:
        """Note that it was reported as failed; its payload stays."""
        return await self._execute(
            "UPDATE transactions SET state = ?, failed_by = ?, error = ?,"
            " in_doubt = 0, held = NULL, seen_at = NULL"
            " WHERE message_id = ? AND state = ?",
            (State.FAILED, failed_by, error, row.message_id, row.state),
        )

    async def finish(self, row: Row) -> bool:
        """Note that an app applied it: the payload goes, id and times stay.

        What was deleted by it is removed.
        """

        def job(connection: sqlite3.Connection) -> bool:
            now = self.clock.now()
            done = connection.execute(
                "UPDATE transactions SET state = ?, payload = NULL, finished_at = ?,"
                " in_doubt = 0 WHERE message_id = ? AND state = ?",
                (State.PROCESSED, now, row.message_id, row.state),
            )
            if row.operation is Operation.DELETE and row.target is not None:
                if (target := table.find(connection, row.target)) is not None:
                    table.remove(connection, target, now)
            return done.rowcount > 0

        return await self._database.write(job)

    async def drop(self, row: Row, junk: Junk | None = None) -> None:
        """Note that nobody needs it, nor has to decide about it.

        Args:
            row: the transaction.
            junk: what it, or a question about it, left in the server's queue.
        """
        now = self.clock.now()
        await self._execute(
            "UPDATE transactions SET state = ?, payload = NULL, finished_at = ?,"
            " in_doubt = 0, held = NULL, junk = ?, not_before = ?"
            " WHERE message_id = ? AND state = ?",
            (State.REMOVED, now, junk, now, row.message_id, row.state),
        )

    async def give_up(self, row: Row) -> bool:
        """Note that nobody learned what became of it; its payload stays."""
        return await self._execute(
            "UPDATE transactions SET state = ?, in_doubt = 0"
            " WHERE message_id = ? AND state = ?",
            (State.UNKNOWN, row.message_id, row.state),
        )

    async def mark_vanished(self, row: Row) -> bool:
        """Note that the server took a question about it for a new item.

        Its payload stays. What was to be cleared together with it is gone as well,
        and need not be asked about.
        """

        def job(connection: sqlite3.Connection) -> bool:
            if row.error == CLEARING:
                connection.execute(
                    "UPDATE transactions SET state = ?, in_doubt = 0"
                    " WHERE error = ? AND state = ? AND message_id != ?"
                    " AND operation != ?",
                    (
                        *(State.VANISHED, CLEARING, State.ACCEPTED),
                        *(row.message_id, Operation.TEST),
                    ),
                )
            marked = connection.execute(
                "UPDATE transactions SET junk = ?, not_before = ?, in_doubt = 0,"
                " state = ? WHERE message_id = ? AND state = ?",
                (
                    *(Junk.PENDING, self.clock.now(), State.VANISHED),
                    *(row.message_id, row.state),
                ),
            )
            return marked.rowcount > 0

        return await self._database.write(job)

    async def note_junk(self, row: Row) -> None:
        """Note that a question about it left a junk item in some queue.

        Whether it is the queue that has the transaction is not known.
        """
        await self._execute(
            "UPDATE transactions SET junk = ?, not_before = ?, in_doubt = state = ?"
            " WHERE message_id = ?",
            (Junk.PENDING, self.clock.now(), State.ACCEPTED, row.message_id),
        )

    async def note_new_key(self) -> None:
        """Note that what was ever pushed was sealed with an earlier key."""
        await self._execute(
            "UPDATE transactions SET has_old_key = 1 WHERE attempts > 0 OR in_doubt",
            (),
        )

    async def settle_junk(self, row: Row) -> None:
        """Note that an app worked on this: what was junk before has failed there."""
        await self._execute(
            "UPDATE transactions SET junk = ? WHERE junk = ? AND not_before < ?",
            (Junk.FAILED, Junk.PENDING, row.accepted_at or 0.0),
        )

    async def pending_junk(self) -> frozenset[str]:
        """Return the message ids of which a question is an item in the queue."""

        def query(connection: sqlite3.Connection) -> frozenset[str]:
            found = connection.execute(
                "SELECT message_id FROM transactions WHERE junk = ?", (Junk.PENDING,)
            ).fetchall()
            return frozenset(message_id for (message_id,) in found)

        return await self._database.read(query)

    async def settle_junk_of(self, message_ids: frozenset[str]) -> None:
        """Note that the questions about these are no longer pending: they failed."""

        def job(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE transactions SET junk = ? WHERE message_id = ?",
                [(Junk.FAILED, message_id) for message_id in message_ids],
            )

        await self._database.write(job)

    async def forget_failed_junk(self) -> None:
        """Note that somebody deleted what our questions left in the queue."""
        await self._execute(
            "UPDATE transactions SET junk = NULL WHERE junk = ?", (Junk.FAILED,)
        )

    async def note_pending(self, row: Row, rest: float) -> None:
        """Note that no app has applied it yet, and when to look again."""
        await self._execute(
            "UPDATE transactions SET not_before = ?, error = NULL"
            " WHERE message_id = ? AND state = ?",
            (self.clock.now() + rest, row.message_id, State.ACCEPTED),
        )

    async def begin_clearing(self, rows: list[Row]) -> None:
        """Note which transactions go when the server's queue is cleared, before it is.

        A server deletes all of them or none (verified against Budgero 1.6.0).
        """

        def job(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE transactions SET error = ? WHERE message_id = ? AND state = ?",
                [(CLEARING, row.message_id, State.ACCEPTED) for row in rows],
            )

        await self._database.write(job)

    async def end_clearing(self, *, include_all: bool) -> None:
        """Remove what was to be cleared, for it was.

        Args:
            include_all: whether the server forgot also what was no longer pending.
        """

        def job(connection: sqlite3.Connection) -> None:
            for row in table.select(
                connection, "state = ? AND error = ?", (State.ACCEPTED, CLEARING)
            ):
                table.remove(connection, row, self.clock.now())
            connection.execute(
                "UPDATE transactions SET junk = NULL WHERE junk = ? OR ?",
                (Junk.PENDING, include_all),
            )
            if include_all:
                connection.execute(
                    "UPDATE transactions SET queue_id = NULL WHERE state != ?",
                    (State.ACCEPTED,),
                )

        await self._database.write(job)

    async def accept_again(self, message_id: str, rest: float) -> bool:
        """Note that what an app had refused is pending again, as the same item."""
        return await self._execute(
            "UPDATE transactions SET state = ?, error = NULL, failed_by = NULL,"
            " questions = 0, not_before = ?"
            " WHERE message_id = ? AND state = ? AND failed_by = ?",
            (
                State.ACCEPTED,
                self.clock.now() + rest,
                *(message_id, State.FAILED, FailedBy.APP),
            ),
        )

    async def begin_question(self, row: Row, rest: float) -> None:
        """Note that its state is asked for, before it is, and when to ask again."""
        await self._execute(
            "UPDATE transactions SET questions = questions + 1, in_doubt = 1,"
            " not_before = ? WHERE message_id = ? AND state = ?",
            (self.clock.now() + rest, row.message_id, State.ACCEPTED),
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
            "UPDATE transactions SET in_doubt = 0, error = NULL"
            " WHERE message_id = ? AND state = ?",
            (row.message_id, State.ACCEPTED),
        )

    async def misdated(self) -> list[Misdated]:
        """Return what waits, was never pushed, and has a wrong clock's date."""

        def query(connection: sqlite3.Connection) -> list[Misdated]:
            stamps = connection.execute(
                "SELECT message_id, created_at, run, uptime, behind FROM transactions"
                " WHERE state = ? AND attempts = 0 AND run IS NOT NULL",
                (State.WAITING,),
            ).fetchall()
            return [
                Misdated(table.get(connection, message_id), created_at)
                for message_id, at, run, uptime, behind in stamps
                if (
                    created_at := self.clock.correct(
                        Stamp(at, run, uptime, bool(behind))
                    )
                )
                is not None
            ]

        return await self._database.read(query)

    async def put_right(self, misdated: Misdated, sealed: Sealed) -> None:
        """Store a transaction with the date and time that it should have."""
        row = misdated.row

        def job(connection: sqlite3.Connection) -> None:
            known = table.get(connection, row.message_id)
            is_untouched = known.payload == row.payload and not known.attempts
            if known.state is not State.WAITING or not is_untouched:
                return
            table.replace_payload(connection, known, sealed.payload, known.digest)
            connection.execute(
                "UPDATE transactions SET created_at = ?, run = NULL"
                " WHERE message_id = ?",
                (misdated.created_at, row.message_id),
            )

        await self._database.write(job)

    async def forget_finished(self, now: float) -> None:
        """Forget what was finished long ago, unless junk of it is in the queue.

        Args:
            now: a time that is certain; a wrong clock must not let ids expire.
        """
        marks = table.marks(FINISHED)
        await self._execute(
            f"DELETE FROM transactions WHERE state IN ({marks}) AND finished_at < ?"
            " AND junk IS NULL",
            (*FINISHED, now - KEEP_FINISHED),
        )

    async def recall(self, name: str) -> str | None:
        """Return a remembered fact."""
        return await self._database.read(lambda connection: facts.get(connection, name))

    async def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        await self._database.write(
            lambda connection: facts.put(connection, name, value)
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
