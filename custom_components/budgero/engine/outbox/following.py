"""What the outbox knows of transactions that the server has taken."""

import sqlite3

from ..push.models import Operation
from . import table
from .access import Access
from .queue_notes import CLEARING
from .rows import FailedBy, Leftover, Row, State


class Following(Access):
    """What was asked about accepted transactions, and what became of them."""

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

    async def note_pending(self, row: Row, rest: float) -> None:
        """Note that no app has applied it yet, and when to look again."""
        await self._execute(
            "UPDATE transactions SET not_before = ?, error = NULL"
            " WHERE message_id = ? AND state = ?",
            (self.clock.now() + rest, row.message_id, State.ACCEPTED),
        )

    async def finish(self, row: Row) -> bool:
        """Note that an app applied it: the payload goes, id and times stay.

        What was deleted by it is removed.
        """

        return await self._database.write(
            lambda connection: table.finish(connection, row)
        )

    async def fail(self, row: Row, failed_by: FailedBy, error: str) -> bool:
        """Note that it was reported as failed; its payload stays."""
        return await self._execute(
            "UPDATE transactions SET state = ?, failed_by = ?, error = ?,"
            " in_doubt = 0, held = NULL, seen_at = NULL"
            " WHERE message_id = ? AND state = ?",
            (State.FAILED, failed_by, error, row.message_id, row.state),
        )

    async def give_up(self, row: Row) -> bool:
        """Note that nobody learned what became of it; its payload stays."""
        return await self._execute(
            "UPDATE transactions SET state = ?, in_doubt = 0, seen_at = NULL"
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
                    "UPDATE transactions SET state = ?"
                    " WHERE error = ? AND state = ? AND message_id != ?"
                    " AND operation != ?",
                    (
                        *(State.VANISHED, CLEARING, State.ACCEPTED),
                        *(row.message_id, Operation.TEST),
                    ),
                )
            marked = connection.execute(
                "UPDATE transactions SET leftover = ?, not_before = ?, in_doubt = 0,"
                " state = ? WHERE message_id = ? AND state = ?",
                (
                    *(Leftover.PENDING, self.clock.now(), State.VANISHED),
                    *(row.message_id, row.state),
                ),
            )
            return marked.rowcount > 0

        return await self._database.write(job)

    async def drop(self, row: Row, leftover: Leftover | None = None) -> None:
        """Note that nobody needs it, nor has to decide about it.

        Args:
            row: the transaction.
            leftover: what it, or a question about it, left in the server's queue.
        """
        await self._execute(
            "UPDATE transactions SET state = ?, payload = NULL,"
            " in_doubt = 0, held = NULL, leftover = ?, not_before = ?"
            " WHERE message_id = ? AND state = ?",
            (State.REMOVED, leftover, self.clock.now(), row.message_id, row.state),
        )

    async def accept_again(self, message_id: str, rest: float) -> bool:
        """Note that what an app had refused is pending again, as the same item.

        Returns whether it is still refused, and the server still has the item.
        """
        return await self._execute(
            "UPDATE transactions SET state = ?, error = NULL, failed_by = NULL,"
            " questions = 0, not_before = ?"
            " WHERE message_id = ? AND state = ? AND failed_by = ?"
            " AND queue_id IS NOT NULL",
            (
                State.ACCEPTED,
                self.clock.now() + rest,
                *(message_id, State.FAILED, FailedBy.APP),
            ),
        )

    async def note_new_key(self) -> None:
        """Note that what was ever pushed was sealed with an earlier key."""
        await self._execute(
            "UPDATE transactions SET has_old_key = 1 WHERE attempts > 0 OR in_doubt",
            (),
        )
