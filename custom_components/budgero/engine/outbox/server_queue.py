"""What the server's queue holds because of us, and what goes when it is cleared."""

import sqlite3
from typing import Final

from . import table
from .access import Access
from .disk import facts
from .rows import Leftover, Row, State

QUEUE_SIZE: Final = "queue_size"
"""How many items the server had when it was last counted."""

CLEARING: Final = "clearing"
"""The server's queue was to be cleared, and nobody knows yet whether it was."""


class ServerQueue(Access):
    """Leftovers of questions, which no app can book, and clearing from here."""

    async def note_leftover(self, row: Row, leftover_id: str | None) -> None:
        """Record that a question about it left an item in some queue.

        Whether it is the queue that has the transaction is not known.
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
        """Record where the server counts what a question about this one left."""
        await self._change(
            row,
            {},
            leftover=leftover,
            leftover_id=leftover_id or row.leftover_id,
            in_doubt=False,
        )

    async def forget_queue_size(self) -> None:
        """Forget how many items the server had: it will count fewer of ours."""
        await self._write(lambda connection: facts.drop(connection, QUEUE_SIZE))

    async def in_queue(self) -> list[Row]:
        """Return the transactions of which a question may be an item in the queue."""
        return await self._select(
            "leftover IN (?, ?, ?) AND state != ? ORDER BY seq",
            Leftover.PENDING,
            Leftover.UNLISTED,
            Leftover.FAILED,
            State.ACCEPTED,
        )

    async def begin_leftover_question(self, row: Row, rest: float) -> None:
        """Note, before one more question, that it may leave an item once more."""
        await self._change(
            row,
            {},
            leftover=Leftover.UNLISTED,
            in_doubt=True,
            not_before=self.clock.now() + rest,
        )

    async def begin_clearing(self, rows: list[Row]) -> None:
        """Record which transactions go with the server's queue, before it is cleared.

        A server deletes all of them or none (verified against Budgero 1.6.0).
        """

        def job(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE transactions SET error = ? WHERE message_id = ? AND state = ?",
                [(CLEARING, row.message_id, State.ACCEPTED) for row in rows],
            )

        await self._write(job)

    async def end_clearing(self, *, include_all: bool) -> None:
        """Remove what was to be cleared, for it was.

        Args:
            include_all: whether the server forgot also what was no longer pending.
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
