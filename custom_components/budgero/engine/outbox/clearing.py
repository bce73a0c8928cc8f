"""Clearing the server's queue from here: which transactions go with it."""

import sqlite3
from typing import Final

from . import facts, table
from .access import Access
from .rows import Leftover, Row, State

QUEUE_SIZE: Final = "queue_size"
"""How many items the server had when it was last counted."""

CLEARING: Final = "clearing"
"""The server's queue was to be cleared, and nobody knows yet whether it was."""


class Clearing(Access):
    """Which transactions a clearing of the server's queue takes."""

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
