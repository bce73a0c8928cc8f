"""What questions of ours left in the server's queue: items that no app can book."""

from . import facts
from .access import Access
from .clearing import QUEUE_SIZE
from .rows import Leftover, Row, State


class Leftovers(Access):
    """The leftovers, and where the server counts them."""

    async def note_leftover(self, row: Row, leftover_id: str | None) -> None:
        """Note that a question about it left an item in some queue.

        Whether it is the queue that has the transaction is not known.
        """
        await self._execute(
            "UPDATE transactions SET leftover = ?, leftover_id = ?,"
            " not_before = ?, in_doubt = state = ? WHERE message_id = ?",
            (
                *(Leftover.PENDING, leftover_id, self.clock.now()),
                *(State.ACCEPTED, row.message_id),
            ),
        )

    async def settle_leftover(
        self, row: Row, leftover: Leftover, leftover_id: str | None = None
    ) -> None:
        """Note where the server counts what a question about this one left."""
        await self._execute(
            "UPDATE transactions SET leftover = ?, leftover_id = ?, in_doubt = 0"
            " WHERE message_id = ?",
            (leftover, leftover_id or row.leftover_id, row.message_id),
        )

    async def forget_queue_size(self) -> None:
        """Forget how many items the server had: it will count fewer of ours."""
        await self._write(lambda connection: facts.drop(connection, QUEUE_SIZE))

    async def leftovers(self) -> list[Row]:
        """Return the transactions of which a question may be an item in the queue."""
        return await self._select(
            "leftover IN (?, ?, ?) AND state != ? ORDER BY seq",
            *(Leftover.PENDING, Leftover.UNLISTED, Leftover.FAILED, State.ACCEPTED),
        )

    async def begin_leftover_question(self, row: Row, rest: float) -> None:
        """Note, before one more question, that it may leave an item once more."""
        await self._execute(
            "UPDATE transactions SET leftover = ?, in_doubt = 1, not_before = ?"
            " WHERE message_id = ?",
            (Leftover.UNLISTED, self.clock.now() + rest, row.message_id),
        )
