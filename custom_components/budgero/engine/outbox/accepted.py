"""What the outbox knows of transactions that the server has taken."""

import sqlite3

from . import table
from .access import Access
from .disk import facts
from .inquiry import ASKING
from .rows import FailedBy, Leftover, Row, State
from .server_queue import QUEUE_SIZE


class AcceptedRows(Access):
    """What was asked about accepted transactions, and what became of them."""

    async def to_ask(self, max_questions: int, limit: int) -> list[Row]:
        """Return accepted transactions, oldest first, due or not.

        Those that were asked about `max_questions` times or more are left out, and
        so is what is in question.
        """
        return await self._select(
            "state = ? AND in_question = 0 AND questions < ? ORDER BY seq LIMIT ?",
            State.ACCEPTED,
            max_questions,
            limit,
        )

    async def due_to_ask(self, longest_gap: float, limit: int) -> list[Row]:
        """Return accepted transactions whose time has come, oldest first.

        A time further away than the longest gap comes from a wrong clock.
        """
        now = self.clock.now()
        return await self._select(
            "state = ? AND in_question = 0 AND (not_before <= ? OR not_before > ?)"
            " ORDER BY seq LIMIT ?",
            State.ACCEPTED,
            now,
            now + longest_gap,
            limit,
        )

    async def known_to_server(self) -> Row | None:
        """Return a transaction that the server must know, best one first."""
        rows = await self._select(
            "queue_id IS NOT NULL AND accepted_at IS NOT NULL AND in_question = 0"
            " AND (state IN (?, ?) OR (state = ? AND failed_by = ?))"
            " ORDER BY state = ? DESC, seq DESC LIMIT 1",
            State.PROCESSED,
            State.ACCEPTED,
            State.FAILED,
            FailedBy.APP,
            State.PROCESSED,
        )
        return rows[0] if rows else None

    async def begin_question(self, row: Row, rest: float) -> bool:
        """Record that its state is asked for, before it is, and when to ask again.

        Asking again because there was no answer counts as the same question. Returns
        whether it is still accepted; otherwise do not ask.
        """

        def job(connection: sqlite3.Connection) -> bool:
            is_repeated = row.in_doubt and facts.get(connection, ASKING) == (
                row.message_id
            )
            facts.put(connection, ASKING, row.message_id)
            if (known := table.find(connection, row.message_id)) is None:
                return False
            return table.change(
                connection,
                row,
                {"state": State.ACCEPTED},
                questions=known.questions + (not is_repeated),
                in_doubt=True,
                not_before=self.clock.now() + rest,
            )

        return await self._write(job)

    async def withdraw_question(self, row: Row) -> None:
        """Record that a question never arrived: all is as it was before."""
        await self._change(
            row,
            {"state": State.ACCEPTED},
            questions=row.questions,
            in_doubt=row.in_doubt,
            not_before=row.not_before,
        )

    async def note_unclear(self, row: Row, rest: float) -> None:
        """Record that the server speaks of another item, and when to ask again.

        If it was in question, that is the end of it.
        """

        def job(connection: sqlite3.Connection) -> None:
            known = table.find(connection, row.message_id)
            is_gone = known is not None and known.in_question
            table.change(
                connection,
                row,
                {"state": State.ACCEPTED},
                state=State.VANISHED if is_gone else State.ACCEPTED,
                in_question=False,
                not_before=self.clock.now() + rest,
                in_doubt=False,
                error=None,
            )

        await self._write(job)

    async def note_alive(self, row: Row, rest: float) -> None:
        """Record that the server has it, no app has applied it, and when to look again.

        No question about it has left anything.
        """

        def job(connection: sqlite3.Connection) -> None:
            known = table.find(connection, row.message_id)
            has_leftover = known is not None and known.leftover is not None
            table.change(
                connection,
                row,
                {"state": State.ACCEPTED},
                not_before=self.clock.now() + rest,
                in_doubt=False,
                in_question=False,
                error=None,
                leftover=Leftover.GONE if has_leftover else None,
            )

        await self._write(job)

    async def finish(self, row: Row) -> bool:
        """Record that an app applied it: the payload goes, id and times stay.

        What was deleted by it is removed.
        """

        def job(connection: sqlite3.Connection) -> Row | None:
            return row if table.finish(connection, row) else None

        return await self._change_state(State.PROCESSED, job)

    async def fail(self, row: Row, failed_by: FailedBy, error: str) -> bool:
        """Record that it was reported as failed; its payload stays."""

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
        """Record that nobody needs it, nor has to decide about it.

        Args:
            row: the transaction.
            leftover: where the server counts it.
        """
        await self._change(
            row,
            {"state": row.state},
            state=State.REMOVED,
            payload=None,
            in_doubt=False,
            in_question=False,
            held=None,
            leftover=leftover,
            leftover_id=row.queue_id if leftover else None,
        )

    async def accept_again(self, message_id: str, rest: float) -> bool:
        """Record that what an app had refused is pending again, as the same item.

        Returns whether it is still refused, and the server still has the item. What
        the server counts as failed falls by it: that is no loss.
        """

        def job(connection: sqlite3.Connection) -> bool:
            facts.drop(connection, QUEUE_SIZE)
            row = table.find(connection, message_id)
            if row is None or row.queue_id is None:
                return False
            return table.change(
                connection,
                row,
                {"state": State.FAILED, "failed_by": FailedBy.APP},
                state=State.ACCEPTED,
                error=None,
                failed_by=None,
                questions=0,
                not_before=self.clock.now() + rest,
            )

        return await self._write(job)

    async def note_new_key(self) -> None:
        """Record that what was ever pushed was sealed with an earlier key."""

        def job(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE transactions SET has_old_key = 1 WHERE attempts > 0 OR in_doubt"
            )

        await self._write(job)
