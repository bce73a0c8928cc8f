"""What else is known of the server's queue: what we left there, and its clearing."""

import sqlite3
from typing import Final

from . import table
from .access import Access
from .rows import Leftover, Row, State

CLEARING: Final = "clearing"
"""The server's queue was to be cleared, and nobody knows yet whether it was."""


class QueueNotes(Access):
    """Leftovers of our own questions, and which transactions a clearing takes."""

    async def note_leftover(self, row: Row) -> None:
        """Note that a question about it left a leftover in some queue.

        Whether it is the queue that has the transaction is not known.
        """
        await self._execute(
            "UPDATE transactions SET leftover = ?, not_before = ?, in_doubt = state = ?"
            " WHERE message_id = ?",
            (Leftover.PENDING, self.clock.now(), State.ACCEPTED, row.message_id),
        )

    async def settle_leftovers(self, row: Row) -> None:
        """Note that an app worked on this: what was leftover before has failed there."""
        await self._execute(
            "UPDATE transactions SET leftover = ? WHERE leftover = ? AND not_before < ?",
            (Leftover.FAILED, Leftover.PENDING, row.accepted_at or 0.0),
        )

    async def pending_leftovers(self) -> frozenset[str]:
        """Return the message ids of which a question is an item in the queue."""

        def query(connection: sqlite3.Connection) -> frozenset[str]:
            found = connection.execute(
                "SELECT message_id FROM transactions WHERE leftover = ?",
                (Leftover.PENDING,),
            ).fetchall()
            return frozenset(message_id for (message_id,) in found)

        return await self._database.read(query)

    async def settle_leftovers_of(self, message_ids: frozenset[str]) -> None:
        """Note that the questions about these are no longer pending: they failed."""

        def job(connection: sqlite3.Connection) -> None:
            connection.executemany(
                "UPDATE transactions SET leftover = ? WHERE message_id = ?",
                [(Leftover.FAILED, message_id) for message_id in message_ids],
            )

        await self._database.write(job)

    async def forget_failed_leftovers(self) -> None:
        """Note that somebody deleted what our questions left in the queue."""
        await self._execute(
            "UPDATE transactions SET leftover = NULL WHERE leftover = ?",
            (Leftover.FAILED,),
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
                table.remove(connection, row)
            connection.execute(
                "UPDATE transactions SET leftover = NULL WHERE leftover = ? OR ?",
                (Leftover.PENDING, include_all),
            )
            if include_all:
                connection.execute(
                    "UPDATE transactions SET queue_id = NULL WHERE state != ?",
                    (State.ACCEPTED,),
                )

        await self._database.write(job)
