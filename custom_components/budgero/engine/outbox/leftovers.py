"""What questions of ours left in the server's queue: items that no app can book."""

import sqlite3

from . import facts, table
from .access import Access
from .clearing import QUEUE_SIZE
from .rows import Leftover, Row, State


class Leftovers(Access):
    """The leftovers, and where the server counts them."""

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
            *(Leftover.PENDING, Leftover.UNLISTED, Leftover.FAILED, State.ACCEPTED),
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
