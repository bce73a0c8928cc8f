"""The server's queue: items that our questions added, and clearing it from here."""

import sqlite3
from typing import Final

from . import table
from .access import Access
from .disk import facts
from .rows import Leftover, Row, State

QUEUE_SIZE: Final = "queue_size"
"""Fact: how many items the server had when they were last counted."""

CLEARING: Final = "clearing"
"""Error code of a transaction while it is unknown whether the server deleted its
item."""


class ServerQueue(Access):
    """Records leftovers of questions, and which transactions a clearing removes.

    A leftover is an item that a question added to the queue. No app can book it.
    """

    async def note_leftover(self, row: Row, leftover_id: str | None) -> None:
        """Record that a question about a transaction added an item to a queue.

        The queue may be another one than that with the transaction.
        """

        def job(connection: sqlite3.Connection) -> None:
            known = table.find(connection, row.message_id)
            table.change(
                connection,
                row,
                {},
                leftover=Leftover.PENDING,
                leftover_id=leftover_id,
                not_before=self.clock.now(),
                in_doubt=known is not None and known.state is State.ACCEPTED,
            )

        await self._write(job)

    async def settle_leftover(
        self, row: Row, leftover: Leftover, leftover_id: str | None = None
    ) -> None:
        """Record where the server counts the leftover of a transaction."""
        await self._change(
            row,
            {},
            leftover=leftover,
            leftover_id=leftover_id or row.leftover_id,
            in_doubt=False,
        )

    async def forget_queue_size(self) -> None:
        """Forget how many items the server had, because the number is about to fall."""
        await self._write(lambda connection: facts.drop(connection, QUEUE_SIZE))

    async def in_queue(self) -> list[Row]:
        """Return the transactions that may have a leftover in the queue."""
        return await self._select(
            "leftover IN (?, ?, ?) AND state != ? ORDER BY seq",
            Leftover.PENDING,
            Leftover.UNLISTED,
            Leftover.FAILED,
            State.ACCEPTED,
        )

    async def begin_leftover_question(self, row: Row, rest: float) -> None:
        """Record, before a question about a leftover, that it may add another item.

        Args:
            row: the transaction.
            rest: seconds before the question may be repeated.
        """
        await self._change(
            row,
            {},
            leftover=Leftover.UNLISTED,
            in_doubt=True,
            not_before=self.clock.now() + rest,
        )

    async def begin_clearing(self, rows: list[Row]) -> None:
        """Record, before the server's queue is cleared, which transactions go with it.

        A server deletes all of them or none (verified against Budgero 1.6.0).
        """

        def job(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE transactions SET error = ? WHERE message_id = ? AND state = ?",
                [(CLEARING, row.message_id, State.ACCEPTED) for row in rows],
            )

        await self._write(job)

    async def end_clearing(self, *, include_all: bool) -> None:
        """Remove the transactions that went with the server's queue.

        Args:
            include_all: whether the server also deleted items that were no longer
                pending.
        """

        def job(connection: sqlite3.Connection) -> None:
            facts.drop(connection, QUEUE_SIZE)
            for row in table.select(
                connection, "state = ? AND error = ?", (State.ACCEPTED, CLEARING)
            ):
                table.remove(connection, row)
            connection.execute(
                "UPDATE transactions SET leftover = ?"
                " WHERE leftover = ? OR (leftover IS NOT NULL AND ?)",
                (Leftover.GONE, Leftover.PENDING, include_all),
            )
            if include_all:
                connection.execute(
                    "UPDATE transactions SET queue_id = NULL WHERE state != ?",
                    (State.ACCEPTED,),
                )

        await self._write(job)
