"""The accepted transactions: which to ask about, and what became of them."""

import sqlite3

from . import table
from .access import Access
from .disk import facts
from .inquiry import ASKING
from .rows import FailedBy, Leftover, Row, State
from .server_queue import QUEUE_SIZE


class AcceptedRows(Access):
    """The accepted transactions on disk."""

    async def to_ask(self, max_questions: int, limit: int) -> list[Row]:
        """Return accepted transactions, oldest first, due or not.

        Those in question are left out.

        Args:
            max_questions: those that were asked about so often are left out.
            limit: how many at most.
        """
        return await self._select(
            "state = ? AND in_question = 0 AND questions < ? ORDER BY seq LIMIT ?",
            State.ACCEPTED,
            max_questions,
            limit,
        )

    async def due_to_ask(self, longest_gap: float, limit: int) -> list[Row]:
        """Return accepted transactions that are due for a question, oldest first.

        Args:
            longest_gap: seconds; a time further away comes from a wrong clock, so such
                a transaction is due.
            limit: how many at most.
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
        """Return a transaction that the server should know, preferably a processed one."""
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
        """Record, before a question is sent, that it is asked about a transaction.

        Repeating a question that had no answer does not count as another one.

        Args:
            row: the transaction.
            rest: seconds before the question may be repeated.

        Returns:
            Whether it is still accepted; otherwise it must not be asked about.
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
        """Undo `begin_question`, because nothing was sent."""
        await self._change(
            row,
            {"state": State.ACCEPTED},
            questions=row.questions,
            in_doubt=row.in_doubt,
            not_before=row.not_before,
        )

    async def note_unclear(self, row: Row, rest: float) -> None:
        """Record that the answer to a question was about another item.

        If the transaction was in question, it has vanished.

        Args:
            row: the transaction.
            rest: seconds before the next question.
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
        """Record that it is pending, so no question about it has added an item.

        Args:
            row: the transaction.
            rest: seconds before the next question.
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

        If it was a deletion, the deleted transaction is removed.
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
        """Remove a test of the space key that is over; it needs no decision.

        Args:
            row: the transaction.
            leftover: where the server still counts its item, if it does.
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
        """Record that a failed transaction is pending again, as the same item.

        The server counts one failed item less then, so the size of its queue is no
        longer known.

        Args:
            message_id: of the transaction.
            rest: seconds before the next question.

        Returns:
            Whether an app has refused it, and its item is known.
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
        """Record that all pushes so far were sealed with an earlier key."""

        def job(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE transactions SET has_old_key = 1 WHERE attempts > 0 OR in_doubt"
            )

        await self._write(job)
