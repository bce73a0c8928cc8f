"""The face of the outbox: Home Assistant opens it, and gives and decides, here."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
from pathlib import Path

from ..push.client import Client
from ..push.content import Content
from ..push.models import Sealed
from ..push.server_user import ServerUser
from .clock_dates import Calendar
from .errors import UnreadableOutboxError
from .salvage import Salvaged, salvage
from .sender import Sender
from .signal import Listener
from .store import Appended, Store


async def open_store(
    path: Path,
    *,
    in_backup: bool = False,
    report: Callable[[Salvaged], None],
    make: Callable[[Path], Store] = Store,
) -> Store:
    """Open the file of an outbox; of a damaged one save what is intact.

    Args:
        path: of the file.
        in_backup: whether it is being copied right now.
        report: is told what was saved, before anything is done with it.
        make: makes the store.

    Raises:
        ForeignOutboxError: somebody has added triggers or views; it was left as it is.
        NewerOutboxError: a newer version wrote it; it was left as it is.
        StorageError: the disk refuses.
    """
    store = make(path)
    try:
        await store.open(in_backup=in_backup)
    except UnreadableOutboxError:
        report(await asyncio.to_thread(salvage, path))
        store = make(path)
        await store.open(in_backup=in_backup)
    return store


class Outbox:
    """An open file, and the sender that delivers what waits in it.

    Everything that is on disk is sent, and every change on disk is told, whoever made
    it. Only what is new or decided wakes the sender.

    Attributes:
        store: the transactions on disk.
        client: seals and pushes them.
        sender: delivers them.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        calendar: Calendar = date.fromtimestamp,
        user: ServerUser | None = None,
    ) -> None:
        """Bind the parts.

        Args:
            store: it is open.
            client: how to deliver.
            calendar: returns the household's date at a time, in seconds since the
                epoch.
            user: signed in to an own server, sees its queue.
        """
        self.store = store
        self.client = client
        self.sender = Sender(store, client, calendar, user)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener after every change; return how to end that."""
        return self.store.signal.subscribe(listener)

    def seal(self, content: Content, message_id: str | None = None) -> Sealed:
        """Seal something in the way that the server understands.

        Args:
            content: what Budgero shall book or change.
            message_id: a new one is made if there is none.

        Raises:
            UnsupportedError: the server does not know it, or was not asked yet.
            InvalidInputError: the given message id cannot be one.
        """
        self.sender.spec.require(content.features)
        return self.client.seal(content, message_id, self.sender.spec.wire_format)

    async def append(
        self, sealed: Sealed, given: bytes, *, is_dated: bool = False
    ) -> Appended:
        """Take a transaction on; it is on disk when this returns, and sent soon.

        Args:
            sealed: what to push.
            given: what the caller has given, which tells its content from another.
            is_dated: whether its date was taken from the clock.

        Raises:
            DifferentContentError: the message id is known with other content.
            TooManyGuessesError: that has happened too often with this one.
            OutboxFullError: too many transactions are unfinished.
            StorageError: it is not on disk.
        """
        digest = self.client.key.mac(given)
        return await self.decide(self.store.append(sealed, digest, is_dated=is_dated))

    async def decide[T](self, decision: Coroutine[None, None, T]) -> T:
        """Let the store note a decision, then send what may be sent by now.

        Args:
            decision: a call of the store.

        Raises:
            OutboxError: the store refuses it, or the disk does.
        """
        decided = await decision
        self.sender.wake()
        return decided
