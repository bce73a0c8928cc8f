"""The worker: has waiting transactions pushed, and accepted ones asked about."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date

from ..push.client import Client
from ..push.models import PutBack, QueueItem, QueueStats
from ..push.server_user import ServerUser
from .clock_dates import Calendar, ClockDates
from .errors import ClosedError, StillInDoubtError
from .follower import Follower
from .gate import Gate
from .key_trust import KeyTrust
from .policy import BATCHES, LONGEST_FINISH, LONGEST_PAUSE, Hold
from .pusher import Pusher
from .questions import Questions
from .rows import Row, State
from .server_spec import ServerSpec
from .signal import Listener
from .store import Store
from .stumbles import Stumble, Stumbles
from .sweeper import Sweeper
from .workspace import WorkspaceCheck


class Sender:
    """Delivers the waiting transactions of a store until it is cancelled.

    Attributes:
        spec: what the server is known to take.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        calendar: Calendar = date.fromtimestamp,
        user: ServerUser | None = None,
    ) -> None:
        """Take store and client.

        Args:
            store: the transactions.
            client: pushes them.
            calendar: returns the household's date at a time, in seconds since the
                epoch.
            user: signed in to an own server, sees its queue.
        """
        self._store = store
        self._client = client
        self._signal = store.signal
        self._gate = Gate(client, self._signal)
        self.spec = ServerSpec(store, client, self._gate, self._signal)
        self._dates = ClockDates(store, client, self.spec, calendar)
        self._trust = KeyTrust(store, client.key.fingerprint)
        sweeper = Sweeper(store, client, user, self._gate)
        self._workspace = WorkspaceCheck(store, client, self._gate, sweeper)
        questions = Questions(store, client, self._gate, self._trust, sweeper)
        self._follower = Follower(
            store,
            client,
            user,
            self._gate,
            self._workspace,
            questions,
            sweeper,
        )
        self._stumbles = Stumbles(self._gate, self._signal)
        self._pusher = Pusher(store, client, self._gate, self._dates, self._stumbles)
        self._awake = asyncio.Event()
        self._sending = asyncio.Lock()
        self._ended = asyncio.Event()

    @property
    def hold(self) -> Hold | None:
        """Why nothing is sent until something changes."""
        return self._gate.hold or next(iter(self._store.holds.standing), None)

    @property
    def last_error(self) -> str | None:
        """Code of the last trouble, `None` after a success."""
        return self._gate.last_error

    @property
    def is_connected(self) -> bool | None:
        """Whether a Budgero server answered last, `None` before the first request."""
        return self._gate.is_connected

    @property
    def last_contact(self) -> float | None:
        """When a Budgero server last answered, in seconds since the epoch."""
        return self._gate.last_contact

    @property
    def lasting_stumble(self) -> Stumble | None:
        """What keeps going wrong on this machine, and does not pass by itself."""
        return self._stumbles.lasting

    @property
    def is_key_proven(self) -> bool:
        """Whether the space key is known to be right."""
        return self._trust.is_proven

    async def load(self) -> None:
        """Read from disk what is known of server and key.

        Raises:
            StorageError: the file cannot be read or written.
        """
        await self.spec.load()
        await self._trust.load()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener after every change; return how to end that."""
        return self._signal.subscribe(listener)

    def wake(self) -> None:
        """Try to deliver soon, even during a pause after trouble."""
        self._gate.hasten()
        self._awake.set()

    def resume(self) -> None:
        """Try to deliver at once, because a person changed something."""
        self._gate.reset()
        self._awake.set()

    def hold_of(self, row: Row) -> Hold | None:
        """Return why a transaction that waits is not sent until something changes."""
        if row.state is not State.WAITING:
            return None
        return row.held or self._gate.hold  # the gate's hold is not in the row

    async def until_settled(self, message_id: str) -> Row | None:
        """Wait until a transaction is sent or held, or the sender has ended.

        Raises:
            StorageError: the file cannot be read or written.
        """
        changed = asyncio.Event()
        unsubscribe = self.subscribe(lambda change: changed.set())
        try:
            while True:
                row = await self._store.get(message_id)
                if (
                    row is None
                    or row.state is not State.WAITING
                    or self._ended.is_set()
                ):
                    return row
                if self.hold_of(row) is not None:
                    return row
                await changed.wait()
                changed.clear()
        finally:
            unsubscribe()

    async def ask_now(self) -> None:
        """Ask Budgero now what became of the accepted transactions.

        Raises:
            StorageError: the file cannot be read or written.
        """
        await self._follower.ask_now()
        self._awake.set()  # more may be sent now, if the answers proved the key

    async def read_statistics(
        self,
        stats: Callable[[], Awaitable[QueueStats]],
        pending: Callable[[], Awaitable[tuple[QueueItem, ...]]],
    ) -> QueueStats:
        """Return what the server counts.

        If the server counts fewer items than before, it has forgotten some.

        Args:
            stats: reads the numbers.
            pending: lists what is pending.

        Raises:
            PushError: the server does not tell.
            StorageError: the file cannot be read or written.
        """
        numbers = await self._follower.read_statistics(stats, pending)
        if await self._store.inquiry.next_in_question() is not None:
            self._awake.set()
        return numbers

    async def doubt_key(self) -> None:
        """Hold what waits because the key seems wrong, unless it was proven meanwhile.

        Raises:
            StorageError: the file cannot be read or written.
        """
        await self._trust.doubt()

    async def release(self, reason: Hold) -> None:
        """Deliver what was held for this reason, as a person has decided.

        Raises:
            StorageError: the file cannot be read or written.
        """
        match reason:
            case Hold.KEY:
                await self._trust.prove()
            case Hold.WORKSPACE:
                await self._workspace.confirm()
            case _:
                await self._store.holds.release(reason)
        self.resume()

    async def clear_queue(
        self, clear: Callable[[], Awaitable[int]], *, include_all: bool
    ) -> int:
        """Clear the server's queue; return how many items were deleted.

        Nothing is sent meanwhile, so later transactions stay.

        Args:
            clear: clears the queue.
            include_all: whether it also deletes items that are no longer pending.

        Raises:
            StillInDoubtError: something may be on its way to the queue.
            PushError: the server did not do it, or it is not known whether it did.
            StorageError: the file cannot be read or written.
        """
        async with self._sending:
            if await self._store.waiting.count_on_their_way():
                raise StillInDoubtError("Transactions may be on their way to Budgero")
            return await self._follower.clear_queue(clear, include_all=include_all)

    async def put_back(
        self, row: Row, put_back: Callable[[], Awaitable[PutBack]]
    ) -> PutBack | None:
        """Let an app try again what it has refused.

        A person must have seen that it is not in Budgero: an app books it, unless it
        remembers that it did (each device for itself, seen with 1.6.0).

        Args:
            row: the transaction.
            put_back: asks the server for it.

        Returns:
            What the server says; `None` if the transaction has changed meanwhile.

        Raises:
            PushError: it is not known whether the server did it; it is followed.
            StorageError: the file cannot be read or written.
        """
        try:
            return await self._follower.put_back(row, put_back)
        finally:
            self._awake.set()

    async def run(self) -> None:
        """Work until cancelled, or until the store is closed.

        Errors cause a pause and do not end it.
        """
        try:
            await self._work()
        finally:
            self._ended.set()
            self._signal()

    async def finish(self) -> None:
        """Begin no more requests; wait some seconds for the answers to the others."""
        self._gate.close()
        self._awake.set()
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_FINISH):
                await self._ended.wait()

    async def _work(self) -> None:
        while not self._gate.is_closed:
            self._awake.clear()
            try:
                delay = await self._turn()
            except ClosedError:
                return
            except Exception as error:  # noqa: BLE001 - the worker must not die
                self._stumbles.note("", error)
                delay = 0.0
            with suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._awake.wait()

    async def _turn(self) -> float:
        """Do what is due; return how long to wait for the next turn, in seconds."""
        await self._store.times.follow_clock()
        if shut := await self._gate.seconds_until_open():
            return shut
        await self.spec.read()
        await self._store.times.follow_clock()
        if await self._workspace.is_known():
            await self._send_due()
            await self._follower.ask_due()
        if shut := await self._gate.seconds_until_open():
            return shut
        if self.spec.is_due:
            return 0.0
        self._stumbles.end("")
        return min(
            await self._store.waiting.seconds_until_due([State.WAITING]),
            await self._dates.seconds_until_due(),
            await self._follower.seconds_until_due(),
            LONGEST_PAUSE,
        )

    async def _send_due(self) -> None:
        """Send up to `BATCHES` batches; after them questions get their turn."""
        for _ in range(BATCHES):
            async with self._sending:
                if not await self._pusher.push_batch():
                    return
