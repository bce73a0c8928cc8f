"""Checks that a new token or address leads to the same workspace as before."""

import asyncio
from typing import Final

from ..push.client import Client
from ..push.errors import PushError
from ..push.models import QueueState
from .gate import Gate
from .policy import Hold
from .rows import Row
from .store import Store
from .sweeper import Sweeper

_WORKSPACE: Final = "workspace"
_ASKED: Final = "workspace_asked"


class WorkspaceCheck:
    """Asks a server about something delivered before, after a new token or address.

    A token belongs to a user's first workspace (seen with 1.6.0), so a new token may
    belong to another workspace than the old one. If the server does not know what was
    delivered, the outbox is held until a person decides. The server is asked only once,
    because each question adds an item to its queue.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        gate: Gate,
        sweeper: Sweeper,
    ) -> None:
        """Take the parts.

        Args:
            store: knows what was delivered.
            client: asks about it.
            gate: says when requests may go out.
            sweeper: removes the item that a question added.
        """
        self._store = store
        self._client = client
        self._gate = gate
        self._sweeper = sweeper
        self._looking = asyncio.Lock()
        self._is_known = False

    async def is_known(self) -> bool:
        """Ask if necessary; return whether transactions may be sent to this workspace.

        Raises:
            StorageError: the file cannot be read or written.
        """
        async with self._looking:
            if not self._is_known:
                await self._look()
        return self._is_known

    async def confirm(self) -> None:
        """Record that a person has confirmed the workspace.

        If the server did not know the transaction that it was asked about, it has
        forgotten that one, and perhaps others.

        Raises:
            StorageError: the file cannot be read or written.
        """
        async with self._looking:
            if (message_id := await self._asked_about()) is not None:
                await self._store.inquiry.begin_inquiry(message_id)
            await self._confirm()
            await self._store.remember(_ASKED, "")

    async def _confirm(self) -> None:
        await self._store.remember(_WORKSPACE, self._client.mark)
        await self._store.holds.release(Hold.WORKSPACE)
        self._is_known = True

    async def _look(self) -> None:
        known = await self._store.recall(_WORKSPACE)
        if known in (None, self._client.mark):
            await self._confirm()
        elif await self._asked_about() is not None:
            await self._hold()  # until a person decides
        elif row := await self._store.accepted.known_to_server():
            await self._ask(row)
        else:
            await self._confirm()

    async def _ask(self, row: Row) -> None:
        if not await self._gate.take_turn():
            return
        try:
            # An earlier question added another item with this id.
            asked = await self._client.ask_state(row.accepted, in_doubt=True)
        except PushError as error:
            await self._gate.note_trouble(error)
            return
        self._gate.note_success()
        if asked.state is not QueueState.VANISHED:
            await self._confirm()
            return
        await self._store.server_queue.note_leftover(row, asked.other_id)
        await self._store.remember(_ASKED, f"{self._client.mark} {row.message_id}")
        await self._hold()
        if asked.is_new:
            await self._sweeper.retire(row.message_id)

    async def _asked_about(self) -> str | None:
        """Return the transaction that this workspace does not know, if it was asked."""
        mark, _, message_id = (await self._store.recall(_ASKED) or "").partition(" ")
        return message_id if mark == self._client.mark else None

    async def _hold(self) -> None:
        if Hold.WORKSPACE not in self._store.holds.standing:
            await self._store.holds.hold(Hold.WORKSPACE)
