"""Which accepted transactions are in question: the server may have forgotten them.

A server forgets many at once: its queue is cleared, or it is restored from a backup. So
if one transaction vanished, all others are in question. Asking about a few of them, the
newest and the oldest first, shows which ones the server has kept.
"""

import sqlite3
from typing import Final

from ..push.models import Operation, QueueStats
from . import table
from .access import Access
from .disk import facts
from .rows import Leftover, Row, State
from .server_queue import CLEARING, QUEUE_SIZE

ASKING: Final = "asking"
"""Fact: message id of the transaction that was asked about last."""

_FOUND: Final = "inquiry"
"""Fact: place of the transaction that vanished; empty while none is known."""

_NOWHERE: Final = "-inf 0"


class Inquiry(Access):
    """Puts transactions in question, and takes them out again."""

    async def mark_vanished(self, row: Row, leftover_id: str | None = None) -> None:
        """Record that the server took a question about a transaction for a new item.

        So the server has forgotten it. Its payload stays, and all others are put in
        question. If it was in question itself, the server has forgotten all others that
        still are. Only if the questions began without a vanished transaction, they go
        on until one more is found.
        """

        def job(connection: sqlite3.Connection) -> None:
            known = table.find(connection, row.message_id)
            if known is None or {known.state, row.state} != {State.ACCEPTED}:
                return  # settled meanwhile
            self._vanish(
                connection, known, leftover=Leftover.PENDING, leftover_id=leftover_id
            )
            if not known.in_question:
                self._begin(connection, _place(connection, row.message_id))
            elif facts.get(connection, _FOUND):
                _end(connection)
            else:
                place = _place(connection, row.message_id)
                facts.put(connection, _FOUND, place)

        await self._write(job)

    async def begin_inquiry(self, message_id: str) -> None:
        """Put all accepted ones in question, because the server forgot this one."""

        def job(connection: sqlite3.Connection) -> None:
            row = table.find(connection, message_id)
            if row is not None and row.state is State.ACCEPTED:
                self._vanish(connection, row)
            self._begin(connection, _place(connection, message_id))

        await self._write(job)

    async def note_queue_size(
        self, numbers: QueueStats, of: str, before: str | None
    ) -> bool:
        """Record how many items the server has; return whether it has forgotten some.

        If it has, all accepted transactions are in question. Nothing is concluded while
        a question has no answer, or if we changed the queue while it was counted.

        Args:
            numbers: what the server counts.
            of: identifies the queue among those of other servers and users.
            before: what was recorded when the counting began.
        """

        def job(connection: sqlite3.Connection) -> bool:
            if facts.get(connection, QUEUE_SIZE) != before or _unanswered(connection):
                return False
            now = f"{of} {numbers.total} {numbers.failed}"
            facts.put(connection, QUEUE_SIZE, now)
            known_of, *known = (before or of).split()
            if known_of != of or not known:
                return False
            total, failed = map(int, known)
            if numbers.failed < failed:
                _forget_failed(connection)
            if numbers.total >= total:
                return False
            self._begin(connection, "")
            facts.put(connection, QUEUE_SIZE, now)
            return True

        return await self._write(job)

    async def in_question(self) -> list[Row]:
        """Return the transactions in question."""
        return await self._select("in_question = 1")

    async def next_in_question(self) -> Row | None:
        """Return which one to ask about next, `None` if none is in question.

        First the newest ones, down to the one that vanished; after them the oldest
        ones.
        """

        def query(connection: sqlite3.Connection) -> Row | None:
            asked = _unanswered(connection)
            if asked is not None and asked.in_question:
                return asked
            place = facts.get(connection, _FOUND) or _NOWHERE
            at, seq = place.split()
            newest = table.select(
                connection,
                "in_question = 1 AND (accepted_at, seq) > (?, ?)"
                " ORDER BY accepted_at DESC, seq DESC LIMIT 1",
                (float(at), int(seq)),
            )
            oldest = "in_question = 1 ORDER BY accepted_at, seq LIMIT 1"
            found = newest or table.select(connection, oldest, ())
            return found[0] if found else None

        return await self._database.read(query)

    async def unanswered(self) -> Row | None:
        """Return the transaction whose question has no answer, `None` without one.

        Nothing else is asked before its answer, because the question may have added an
        item to the server's queue.
        """
        return await self._database.read(_unanswered)

    async def give_up(self, row: Row) -> None:
        """Record that it stays unknown what became of a transaction; its payload stays.

        If it was in question and its question had no answer, the others in question
        count as forgotten, because that question may have added an item.
        """

        def job(connection: sqlite3.Connection) -> None:
            is_last = row.in_question and row.in_doubt
            table.change(
                connection,
                row,
                {"state": row.state},
                state=State.UNKNOWN,
                in_question=False,
            )
            if is_last:
                _end(connection)

        await self._write(job)

    def _vanish(
        self, connection: sqlite3.Connection, row: Row, **columns: object
    ) -> None:
        """Record that a transaction is gone, and all those that were cleared with it.

        Args:
            connection: to the database.
            row: as it is now.
            columns: the other values that it gets.
        """
        is_test = row.operation is Operation.TEST
        table.change(
            connection,
            row,
            {},
            state=State.REMOVED if is_test else State.VANISHED,
            payload=None if is_test else row.payload,
            in_doubt=False,
            in_question=False,
            not_before=self.clock.now(),
            **columns,
        )
        if row.error == CLEARING:
            connection.execute(
                "UPDATE transactions SET in_question = 0, state = ?"
                " WHERE error = ? AND state = ? AND operation != ?",
                (State.VANISHED, CLEARING, State.ACCEPTED, Operation.TEST),
            )

    def _begin(self, connection: sqlite3.Connection, place: str) -> None:
        """Put all transactions that were accepted before now in question."""
        facts.put(connection, _FOUND, place)
        facts.drop(connection, QUEUE_SIZE)
        connection.execute(
            "UPDATE transactions SET in_question = 1, not_before ="
            " iif(in_doubt, not_before, ?) WHERE state = ?",
            (self.clock.now(), State.ACCEPTED),
        )


def _end(connection: sqlite3.Connection) -> None:
    """Record that the server has forgotten all that is still in question."""
    facts.drop(connection, _FOUND)
    connection.execute(
        "UPDATE transactions SET in_question = 0,"
        " state = iif(operation = :test, :removed, :vanished),"
        " payload = iif(operation = :test, NULL, payload) WHERE in_question = 1",
        {
            "test": Operation.TEST,
            "removed": State.REMOVED,
            "vanished": State.VANISHED,
        },
    )


def _unanswered(connection: sqlite3.Connection) -> Row | None:
    asked = table.find(connection, facts.get(connection, ASKING) or "")
    is_open = asked is not None and asked.state is State.ACCEPTED and asked.in_doubt
    return asked if is_open else None


def _forget_failed(connection: sqlite3.Connection) -> None:
    """Record that failed items were deleted at the server, our leftovers among them."""
    connection.execute(
        "UPDATE transactions SET leftover = ? WHERE leftover = ?",
        (Leftover.GONE, Leftover.FAILED),
    )


def _place(connection: sqlite3.Connection, message_id: str) -> str:
    """Return the place of a transaction among those that were accepted."""
    [(at, seq)] = connection.execute(
        "SELECT accepted_at, seq FROM transactions WHERE message_id = ?", (message_id,)
    ).fetchall() or [(None, 0)]
    return _NOWHERE if at is None else f"{at!r} {seq}"
