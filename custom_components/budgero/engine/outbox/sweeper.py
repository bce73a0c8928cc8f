"""Keeps items that our own questions added from being counted in the server's queue."""

from collections.abc import Awaitable, Callable

from ..push.client import Client
from ..push.errors import PushError, TooLongError
from ..push.models import Accepted, Asked, QueueItem, QueueState
from ..push.server_user import MAX_LISTED, ServerUser
from .gate import Gate
from .policy import DOUBT_REST
from .rows import Leftover, Row
from .store import Store


class Sweeper:
    """Retires leftovers if a user is signed in; finds out where others are counted."""

    def __init__(
        self, store: Store, client: Client, user: ServerUser | None, gate: Gate
    ) -> None:
        """Take store, client, the signed-in user if there is one, and gate."""
        self._store = store
        self._client = client
        self._user = user
        self._gate = gate

    async def retire(self, message_id: str) -> None:
        """Let the server no longer count the item that a question has just added.

        If the server cannot be reached, `sweep` does it later.

        Raises:
            StorageError: the file cannot be read or written.
        """
        row = await self._store.get(message_id)
        if row is None or row.leftover_id is None or self._user is None:
            return
        if await self._gate.take_turn():
            await self._retire(self._user, row)

    async def sweep(
        self, pending: Callable[[], Awaitable[tuple[QueueItem, ...]]]
    ) -> None:
        """Record where each leftover is counted.

        Args:
            pending: lists what is pending at the server.

        Raises:
            PushError: the pending items could not be listed.
            StorageError: the file cannot be read or written.
        """
        if not (rows := await self._store.server_queue.in_queue()):
            return
        try:
            items = await pending()
        except TooLongError:
            return
        listed = {item.queue_id: item for item in items}
        for row in rows:
            if (item := listed.get(row.leftover_id or "")) is not None:
                await self._note_listed(row, item)
            elif row.leftover is not Leftover.FAILED and len(items) < MAX_LISTED:
                await self._find_out(row)

    async def _note_listed(self, row: Row, item: QueueItem) -> None:
        if item.is_question is False:  # another program has used the message id
            await self._store.server_queue.settle_leftover(row, Leftover.GONE)
            return
        if self._user is not None and item.is_question:
            if await self._retire(self._user, row):
                return
        await self._store.server_queue.settle_leftover(row, Leftover.PENDING)

    async def _retire(self, user: ServerUser, row: Row) -> bool:
        await self._store.server_queue.forget_queue_size()
        try:
            await user.retire(row.leftover_id or "")
        except PushError:
            return False
        await self._store.server_queue.settle_leftover(row, Leftover.GONE)
        return True

    async def _find_out(self, row: Row) -> None:
        """Ask once whether a leftover that is not listed has failed or was deleted."""
        rests = 0.0 < row.not_before - self._store.clock.now() <= DOUBT_REST
        if (row.in_doubt and rests) or not await self._gate.take_turn():
            return
        await self._store.server_queue.begin_leftover_question(row, DOUBT_REST)
        leftover = Accepted(row.message_id, row.leftover_id or "")
        try:
            asked = await self._client.ask_state(leftover, in_doubt=row.in_doubt)
        except PushError as error:
            if not error.in_doubt and not row.in_doubt:
                await self._store.server_queue.settle_leftover(row, Leftover.UNLISTED)
            await self._gate.note_trouble(error)
            return
        self._gate.note_success()
        await self._store.server_queue.settle_leftover(
            row, _place_of(asked), asked.other_id
        )
        if asked.is_new:
            await self.retire(row.message_id)


def _place_of(asked: Asked) -> Leftover:
    """Return where the server counts a leftover, as its answer says."""
    match asked.state:
        case QueueState.FAILED:
            return Leftover.FAILED
        case QueueState.PENDING | QueueState.VANISHED:
            return Leftover.PENDING
    return Leftover.GONE
