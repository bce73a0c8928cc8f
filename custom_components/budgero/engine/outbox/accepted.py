"""What the outbox knows of transactions that the server has taken."""

import sqlite3

from . import facts, table
from .access import Access
from .clearing import QUEUE_SIZE
from .inquiry import ASKING
from .rows import FailedBy, Leftover, Row, State


class AcceptedRows(Access):
    """What was asked about accepted transactions, and what became of them."""

    async def accepted(self, max_questions: int, limit: int) -> list[Row]:
        """Return accepted transactions, oldest first, due or not.

        Those that were asked about `max_questions` times or more are left out, and
        so is what is in question.
        """
        return await self._select(
            "state = ? AND in_question = 0 AND questions < ? ORDER BY seq LIMIT ?",
            *(State.ACCEPTED, max_questions, limit),
        )

    async def due_to_ask(self, longest_gap: float, limit: int) -> list[Row]:
        """Return accepted transactions whose time has come, oldest first.

        A time further away than the longest gap comes from a wrong clock.
        """
        now = self.clock.now()
        return await self._select(
            "state = ? AND in_question = 0 AND (not_before <= ? OR not_before > ?)"
            " ORDER BY seq LIMIT ?",
            *(State.ACCEPTED, now, now + longest_gap, limit),
        )

    async def known_to_server(self) -> Row | None:
        """Return a transaction that the server must know, best one first."""
        rows = await self._select(
            "queue_id IS NOT NULL AND accepted_at IS NOT NULL AND in_question = 0"
            " AND (state IN (?, ?) OR (state = ? AND failed_by = ?))"
            " ORDER BY state = ? DESC, seq DESC LIMIT 1",
            *(State.PROCESSED, State.ACCEPTED, State.FAILED, FailedBy.APP),
            State.PROCESSED,
        )
        return rows[0] if rows else None

    async def begin_question(self, row: Row, rest: float) -> bool:
        """Note that its state is asked for, before it is, and when to ask again.

        Asking again because there was no answer counts as the same question. Returns
        whether it is still accepted; otherwise do not ask.
        """

        def job(connection: sqlite3.Connection) -> bool:
            is_repeated = row.in_doubt and facts.get(connection, ASKING) == (
                row.message_id
            )
            facts.put(connection, ASKING, row.message_id)
            begun = connection.execute(
                "UPDATE transactions SET questions = questions + ?, in_doubt = 1,"
                " not_before = ? WHERE message_id = ? AND state = ?",
                (
                    *(not is_repeated, self.clock.now() + rest),
                    *(row.message_id, State.ACCEPTED),
                ),
            )
            return begun.rowcount > 0

        return await self._write(job)

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

    async def note_unclear(self, row: Row, rest: float) -> None:
        """Note that the server speaks of another item, and when to ask again.

        If it was in question, that is the end of it.
        """
        await self._execute(
            "UPDATE transactions SET state = iif(in_question, ?, state),"
            " in_question = 0, not_before = ?, in_doubt = 0, error = NULL"
            " WHERE message_id = ? AND state = ?",
            (
                *(State.VANISHED, self.clock.now() + rest),
                *(row.message_id, State.ACCEPTED),
            ),
        )

    async def note_alive(self, row: Row, rest: float) -> None:
        """Note that the server has it, no app has applied it, and when to look again.

        No question about it has left anything.
        """
        await self._execute(
            "UPDATE transactions SET not_before = ?, in_doubt = 0, in_question = 0,"
            " error = NULL, leftover = iif(leftover IS NULL, NULL, ?)"
            " WHERE message_id = ? AND state = ?",
            (
                *(self.clock.now() + rest, Leftover.GONE),
                *(row.message_id, State.ACCEPTED),
            ),
        )

    async def finish(self, row: Row) -> bool:
        """Note that an app applied it: the payload goes, id and times stay.

        What was deleted by it is removed.
        """

        def job(connection: sqlite3.Connection) -> Row | None:
            return row if table.finish(connection, row) else None

        return await self._change_state(State.PROCESSED, job)

    async def fail(self, row: Row, failed_by: FailedBy, error: str) -> bool:
        """Note that it was reported as failed; its payload stays."""

        def job(connection: sqlite3.Connection) -> Row | None:
            is_changed = table.change(
                connection,
                row,
                {"state": row.state},
                state=State.FAILED,
                failed_by=failed_by,
                error=error,
                in_doubt=False,
                in_question=False,
                held=None,
            )
            return row if is_changed else None

        return await self._change_state(State.FAILED, job)

    async def drop(self, row: Row, leftover: Leftover | None = None) -> None:
        """Note that nobody needs it, nor has to decide about it.

        Args:
            row: the transaction.
            leftover: where the server counts it.
        """
        await self._execute(
            "UPDATE transactions SET state = ?, payload = NULL, in_doubt = 0,"
            " in_question = 0, held = NULL, leftover = ?, leftover_id = ?"
            " WHERE message_id = ? AND state = ?",
            (
                *(State.REMOVED, leftover, row.queue_id if leftover else None),
                *(row.message_id, row.state),
            ),
        )

    async def accept_again(self, message_id: str, rest: float) -> bool:
        """Note that what an app had refused is pending again, as the same item.

        Returns whether it is still refused, and the server still has the item. What
        the server counts as failed falls by it: that is no loss.
        """

        def job(connection: sqlite3.Connection) -> bool:
            facts.drop(connection, QUEUE_SIZE)
            again = connection.execute(
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
            return again.rowcount > 0

        return await self._write(job)

    async def note_new_key(self) -> None:
        """Note that what was ever pushed was sealed with an earlier key."""
        await self._execute(
            "UPDATE transactions SET has_old_key = 1 WHERE attempts > 0 OR in_doubt",
            (),
        )
