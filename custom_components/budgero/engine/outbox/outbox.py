"""The face of the outbox: the only class that Home Assistant needs to deliver."""

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import date
from functools import partial
from pathlib import Path
from uuid import uuid4

from ..push.client import Client
from ..push.content import Content
from ..push.errors import PushError
from ..push.models import PutBack, QueueItem, QueueStats, Sealed
from ..push.server_user import ServerUser
from ..push.wire import WireFormat
from .clock import Clock
from .clock_dates import Calendar
from .closed_file import open_store
from .policy import Hold
from .review import Announcements
from .rows import Overview, Row, State
from .salvage import Salvaged
from .sender import Sender
from .signal import Listener
from .store import Appended, Store
from .stumbles import Stumble


class Outbox:
    """An open file, and the sender that delivers what waits in it.

    Every method that reads or changes the file raises `StorageError` if that cannot be
    done, and `ClosedError` once the outbox is closed. A new transaction and a person's
    decision wake the sender.

    Attributes:
        store: the transactions on disk.
        sender: delivers them.
        client: seals and pushes them.
        clock: tells the time, for dates and ages.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        calendar: Calendar = date.fromtimestamp,
        user: ServerUser | None = None,
    ) -> None:
        """Take the parts; `open` makes them from a file."""
        self.store = store
        self.client = client
        self.clock: Clock = store.clock
        self.sender = Sender(store, client, calendar, user)
        self._user = user

    @classmethod
    async def open(
        cls,
        path: Path,
        client: Client,
        calendar: Calendar = date.fromtimestamp,
        user: ServerUser | None = None,
        *,
        in_backup: bool = False,
        report: Callable[[Salvaged], None],
        reseal: Callable[[str], str | None] | None = None,
    ) -> Outbox:
        """Open the file of an outbox; save what is intact in a damaged one.

        Args:
            path: of the file.
            client: seals and pushes.
            calendar: returns the household's date at a time, in seconds since the
                epoch.
            user: signed in to an own server, sees its queue.
            in_backup: whether the file is being copied right now.
            report: is told what was saved from a damaged file.
            reseal: returns the payload to put in the place of one, `None` to leave
                it as it is.

        Raises:
            ForeignOutboxError: another program added triggers or views; it was left as
                it is.
            NewerOutboxError: a newer version wrote it; it was left as it is.
            StorageError: the file cannot be read or written.
        """
        store = await open_store(path, in_backup=in_backup, report=report)
        try:
            outbox = cls(store, client, calendar, user)
            if reseal is not None:
                await store.review.reseal(reseal)
            await outbox.sender.load()
        except BaseException:
            await store.close()
            raise
        return outbox

    async def run(self) -> None:
        """Deliver until cancelled, or until the outbox is closed."""
        await self.sender.run()

    async def finish(self) -> None:
        """Begin no more requests; wait some seconds for the answers to the others."""
        await self.sender.finish()

    async def close(self) -> None:
        """Finish the writes that were handed over, then close the file."""
        await self.store.close()

    async def begin_backup(self) -> None:
        """Prepare the file for being copied while transactions keep coming."""
        await self.store.begin_backup()

    async def end_backup(self) -> None:
        """Record that the file was copied."""
        await self.store.end_backup()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener after every change; return how to end that.

        Args:
            listener: gets the change of a state, `None` after other changes.
        """
        return self.store.signal.subscribe(listener)

    # Sealing and appending

    def seal(self, content: Content, message_id: str | None = None) -> Sealed:
        """Seal a content in the format that the server takes.

        Args:
            content: what Budgero shall book or change.
            message_id: a new one is made if there is none.

        Raises:
            UnsupportedError: the server does not know it, or was not asked yet.
            InvalidInputError: the given message id cannot be one.
        """
        spec = self.sender.spec
        spec.require(content.features)
        return self.client.seal(content, message_id, spec.wire_format)

    async def append(
        self,
        sealed: Sealed,
        given: bytes,
        *,
        is_dated: bool = False,
        delay: float = 0.0,
        logged_by: str | None = None,
    ) -> Appended:
        """Append a transaction; it is on disk when this returns, and sent soon.

        Args:
            sealed: what to push.
            given: what the caller gave; a repeated call must give the same.
            is_dated: whether its date was taken from the clock.
            delay: seconds before it is pushed for the first time; until then taking
                it back is certain.
            logged_by: id of whoever logged it, if it is known.

        Raises:
            DifferentContentError: the message id is known with other content.
            TooManyGuessesError: that has happened too often with this message id.
            OutboxFullError: too many transactions are unfinished.
            StorageError: it is not on disk.
        """
        appending = self.store.append(
            sealed,
            self.client.key.mac(given),
            is_dated=is_dated,
            delay=delay,
            logged_by=logged_by,
        )
        return await self._decide(appending)

    # Reading

    async def get(self, message_id: str) -> Row | None:
        """Return a transaction."""
        return await self.store.get(message_id)

    async def find(self, reason: State | Hold) -> list[Row]:
        """Return what is in a state, or held for a reason, oldest first."""
        if isinstance(reason, Hold):
            return await self.store.holds.held(reason)
        return await self.store.review.in_state(reason)

    async def logged_by(self, logged_by: str, seconds: float) -> list[Row]:
        """Return what a user or a device logged lately, newest first, finished or not.

        Rows that replace another one are left out.

        Args:
            logged_by: id of whoever logged them.
            seconds: how many seconds ago at most it was appended.
        """
        return await self.store.review.logged_by(logged_by, seconds)

    async def overview(self) -> Overview:
        """Return what the outbox holds."""
        return await self.store.review.overview()

    async def contents(self) -> tuple[list[Row], Overview]:
        """Return what is not finished, oldest first, and the counts of that moment."""
        return await self.store.review.contents()

    async def count_on_their_way(self) -> int:
        """Count the transactions that may have arrived; their next push tells."""
        return await self.store.waiting.count_on_their_way()

    async def until_settled(self, message_id: str) -> Row | None:
        """Wait until a transaction is sent or held, or the sender has ended."""
        return await self.sender.until_settled(message_id)

    async def announcements(self) -> Announcements:
        """Return how often something was announced of each stranded state."""
        return await self.store.review.announcements()

    async def announce(self) -> Announcements:
        """Record that what is stranded is announced; return how often that was so."""
        return await self.store.review.announce()

    async def recall(self, name: str) -> str | None:
        """Return a remembered fact."""
        return await self.store.recall(name)

    async def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        await self.store.remember(name, value)

    # The state of the delivery

    @property
    def hold(self) -> Hold | None:
        """Why nothing is sent until something changes."""
        return self.sender.hold

    def hold_of(self, row: Row) -> Hold | None:
        """Return why a transaction that waits is not sent until something changes."""
        return self.sender.hold_of(row)

    @property
    def last_error(self) -> str | None:
        """Code of the last trouble, `None` after a success."""
        return self.sender.last_error

    @property
    def is_connected(self) -> bool | None:
        """Whether a Budgero server answered last, `None` before the first request."""
        return self.sender.is_connected

    @property
    def last_contact(self) -> float | None:
        """When a Budgero server last answered, in seconds since the epoch."""
        return self.sender.last_contact

    @property
    def lasting_stumble(self) -> Stumble | None:
        """What keeps going wrong on this machine, and does not pass by itself."""
        return self.sender.lasting_stumble

    @property
    def is_key_proven(self) -> bool:
        """Whether the space key is known to be right."""
        return self.sender.is_key_proven

    @property
    def operations(self) -> frozenset[str]:
        """What the server said that it knows; empty before it was asked."""
        return self.sender.spec.operations

    @property
    def wire_format(self) -> WireFormat:
        """The payload format that the server is known to take."""
        return self.sender.spec.wire_format

    # Asking Budgero

    async def ask_now(self) -> None:
        """Ask Budgero now what became of the accepted transactions."""
        await self.sender.ask_now()

    async def read_statistics(
        self,
        stats: Callable[[], Awaitable[QueueStats]],
        pending: Callable[[], Awaitable[tuple[QueueItem, ...]]],
    ) -> QueueStats:
        """Return what the server counts, and notice if it has forgotten something.

        Args:
            stats: reads the numbers.
            pending: lists what is pending.

        Raises:
            PushError: the server does not tell.
            StorageError: the file cannot be read or written.
        """
        return await self.sender.read_statistics(stats, pending)

    # Decisions of a person

    def resume(self) -> None:
        """Try to deliver at once, because a person changed something."""
        self.sender.resume()

    async def release(self, reason: Hold) -> None:
        """Deliver what was held for this reason, as a person has decided."""
        await self.sender.release(reason)

    async def doubt_key(self) -> None:
        """Hold what waits, because the key seems wrong; not if it was proven since."""
        await self.sender.doubt_key()

    async def deliver(self, reason: Hold, message_ids: Iterable[str]) -> int:
        """Deliver what a person has reviewed, and return how many.

        Args:
            reason: why they are held; others are left as they are.
            message_ids: what the person was asked about.
        """
        return await self._decide(self.store.holds.deliver(reason, message_ids))

    async def discard(self, reason: Hold, message_ids: Iterable[str]) -> int:
        """Remove what a person has reviewed, and return how many.

        Args:
            reason: why they are held; others are left as they are.
            message_ids: what the person was asked about.
        """
        return await self._decide(self.store.holds.discard(reason, message_ids))

    async def send_again(self, message_id: str) -> Row:
        """Let a stranded transaction wait again, under its id or a new one.

        Raises:
            UnknownTransactionError: there is none with this id.
            NotPossibleError: it is not stranded.
            StorageError: the file cannot be read or written.
        """
        again = self.store.review.send_again(message_id, str(uuid4()))
        return await self._decide(again)

    async def confirm_booked(self, message_id: str) -> None:
        """Record that a transaction is in Budgero, as a person says.

        Raises:
            UnknownTransactionError: there is none with this id.
            NotPossibleError: it is not stranded.
            StorageError: the file cannot be read or written.
        """
        await self._decide(self.store.review.confirm_booked(message_id))

    async def remove(self, message_id: str, *, may_wait: bool = True) -> None:
        """Take a transaction out: its payload goes, id and times stay.

        Args:
            message_id: of the transaction.
            may_wait: whether it may be one that waits to be sent.

        Raises:
            UnknownTransactionError: there is none with this id.
            StillInDoubtError: it may be on its way; wait until that is settled.
            NotPossibleError: Budgero has it, or it is finished.
            StorageError: the file cannot be read or written.
        """
        await self._decide(self.store.review.remove(message_id, may_wait=may_wait))

    async def take_back(
        self, message_id: str, logged_by: str, *, may_be_sent: bool = True
    ) -> None:
        """Remove a transaction for the user or the device that logged it.

        That is certain until its delay is over. Afterwards the same is possible as
        with `remove`.

        Args:
            message_id: of the transaction.
            logged_by: id of whoever takes it back.
            may_be_sent: whether it may be one that Budgero may have booked.

        Raises:
            UnknownTransactionError: there is none with this id, or another one logged it.
            StillInDoubtError: it may be on its way; wait until that is settled.
            NotPossibleError: Budgero has it, or it is finished.
            StorageError: the file cannot be read or written.
        """
        removing = self.store.review.remove(
            message_id, may_be_sent=may_be_sent, logged_by=logged_by
        )
        await self._decide(removing)

    async def put_back(self, row: Row) -> PutBack | None:
        """Let an app try again what it has refused; return what the server says.

        A person must have seen that it is not in Budgero: an app books it, unless it
        remembers that it did (each device for itself, seen with 1.6.0). `None` if
        there is no signed-in user, or the transaction is no longer what it was.

        Raises:
            PushError: it is not known whether the server did it; it is followed.
            StorageError: the file cannot be read or written.
        """
        if self._user is None:
            return None
        put_back = partial(self._user.put_back, row.accepted.queue_id)
        return await self.sender.put_back(row, put_back)

    async def clear_queue(self, *, include_all: bool) -> int:
        """Delete the pending items at the server; return how many.

        Transactions that were pending are removed here as well.

        Args:
            include_all: whether to also delete items that are no longer pending.

        Raises:
            StillInDoubtError: something may be on its way to the queue.
            PushError: the server did not do it, or it is not known whether it did.
            StorageError: the file cannot be read or written.
        """
        if self._user is None:
            # A server that refuses this to push tokens says so before anything is
            # asked.
            try:
                await self.client.stats()
            except PushError as error:
                error.in_doubt = False  # this request could not clear anything
                raise
        access = self._user or self.client
        clear = partial(access.clear_queue, include_all=include_all)
        return await self.sender.clear_queue(clear, include_all=include_all)

    async def _decide[T](self, decision: Coroutine[None, None, T]) -> T:
        """Wait for an append or a decision, then wake the sender."""
        decided = await decision
        self.sender.wake()
        return decided
