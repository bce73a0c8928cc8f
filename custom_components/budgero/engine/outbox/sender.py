"""The worker: delivers what waits, and lets what was accepted be followed."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
import logging
from math import inf
from typing import Final

from ..push.client import Client
from ..push.errors import PushError, UnreachableError, UnsupportedError
from ..push.models import Accepted, Feature, Operation, PutBack
from ..push.server_user import ServerUser
from ..push.wire import WireFormat
from .dates import Calendar, put_dates_right
from .errors import ClosedError, OutboxError, StillInDoubtError
from .gate import Gate
from .key_trust import KeyTrust
from .policy import (
    BATCH,
    BATCHES,
    DOUBT_REST,
    FIRST_QUESTION,
    LONGEST_PAUSE,
    LONGEST_REST,
    READ_SPEC_AFTER,
    Hold,
    judge,
)
from .rows import FailedBy, Row, State
from .signal import Listener, Move, Signal
from .store import Store
from .tracker import Tracker
from .workspace import WorkspaceCheck

_WIRE_FORMAT: Final = "wire_format"
_OPERATIONS: Final = "operations"
_LOGGER = logging.getLogger(__name__)


class Sender:
    """Delivers the waiting transactions of a store until it is cancelled.

    Attributes:
        wire_format: the payload format that the server is known to take.
        operations: what the server said that it knows, as far as it is of use here;
            empty before it was asked.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        calendar: Calendar = date.fromtimestamp,
        user: ServerUser | None = None,
    ) -> None:
        """Bind store and client.

        Args:
            store: what to deliver.
            client: how.
            calendar: returns the household's date at a time.
            user: signed in to an own server, sees its queue.
        """
        self.wire_format = WireFormat.MILLIUNITS
        self.operations: frozenset[str] = frozenset()
        self._store = store
        self._client = client
        self._calendar = calendar
        self._signal = Signal()
        self._gate = Gate(client, self._signal)
        self._trust = KeyTrust(store, client.key.fingerprint)
        self._workspace = WorkspaceCheck(store, client, self._gate, self._signal)
        self._tracker = Tracker(
            *(store, client, user, self._gate),
            *(self._workspace, self._trust, self._signal),
        )
        self._awake = asyncio.Event()
        self._sending = asyncio.Lock()
        self._spec_read_at = -inf
        self._has_ended = False

    @property
    def hold(self) -> Hold | None:
        """Why nothing is sent until something changes."""
        return self._gate.hold or next(iter(self._store.standing), None)

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
        """When a Budgero server last answered, seconds since the epoch."""
        return self._gate.last_contact

    @property
    def is_key_proven(self) -> bool:
        """Whether the space key is known to be right."""
        return self._trust.is_proven

    async def load(self) -> None:
        """Read what is known of server and key.

        Raises:
            StorageError: the disk refuses.
        """
        known = await self._store.recall(_WIRE_FORMAT)
        with suppress(ValueError):  # a later version's format
            self.wire_format = WireFormat(known or WireFormat.MILLIUNITS)
        known = await self._store.recall(_OPERATIONS)
        self.operations = frozenset((known or "").split())
        await self._trust.load()

    def require(self, features: frozenset[Feature]) -> None:
        """Refuse what this server does not know, as far as it was asked.

        Raises:
            UnsupportedError: it does not, or was never asked.
        """
        takes_them = self.wire_format is WireFormat.MILLIUNITS
        if features and not (takes_them and features <= self.operations):
            raise UnsupportedError(is_known=bool(self.operations))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener after every change; return how to end that."""
        return self._signal.subscribe(listener)

    def wake(self) -> None:
        """Note a sign of life: try soon, whatever the back-off says."""
        self._gate.hasten()
        self._awake.set()

    def resume(self) -> None:
        """Note that a person changed something: try at once."""
        self._gate.reset()
        self._awake.set()

    async def until_settled(self, message_id: str) -> Row | None:
        """Wait until a transaction no longer waits, or the sender has ended."""
        changed = asyncio.Event()
        unsubscribe = self.subscribe(lambda move: changed.set())
        try:
            while True:
                row = await self._store.get(message_id)
                if row is None or row.state is not State.WAITING or self._has_ended:
                    return row
                await changed.wait()
                changed.clear()
        finally:
            unsubscribe()

    async def ask_now(self) -> None:
        """Ask Budgero now what became of the accepted transactions."""
        await self._tracker.ask_now()
        self._awake.set()  # a key that is proven now lets others go

    async def release(self, reason: Hold) -> None:
        """Deliver what was held for this reason: a person says that it is right.

        Raises:
            StorageError: the disk refuses.
        """
        match reason:
            case Hold.KEY:
                await self._trust.prove()
            case Hold.WORKSPACE:
                await self._workspace.confirm()
            case _:
                await self._store.release(reason)
        self._signal()
        self.resume()

    async def clear_queue(
        self, clear: Callable[[], Awaitable[int]], *, include_all: bool
    ) -> int:
        """Let the server's queue be cleared; return how many items went.

        Nothing is sent meanwhile, so that what comes later stays.

        Raises:
            StillInDoubtError: something may be on its way to the queue.
            PushError: the server did not do it, or it is not known whether it did.
            StorageError: the disk refuses.
        """
        async with self._sending:
            if await self._store.count_on_their_way():
                raise StillInDoubtError("Transactions may be on their way to Budgero")
            return await self._tracker.clear_queue(clear, include_all=include_all)

    async def put_back(
        self, row: Row, put_back: Callable[[], Awaitable[PutBack]]
    ) -> PutBack | None:
        """Let an app try again what it has refused; return what the server says.

        `None` if it is no longer what it was.

        Raises:
            PushError: it is not known whether the server did it; it is followed.
            StorageError: the disk refuses.
        """
        try:
            return await self._tracker.put_back(row, put_back)
        finally:
            self._awake.set()

    async def confirm_vanished(self) -> None:
        """Go on following: a person has seen that transactions vanished.

        Raises:
            StorageError: the disk refuses.
        """
        await self._store.mark_seen({State.VANISHED})
        self._signal()
        self.resume()

    async def run(self) -> None:
        """Work until cancelled, or until the store is closed.

        Trouble of any kind only makes a pause.
        """
        try:
            await self._work()
        finally:
            self._has_ended = True
            self._signal()

    async def _work(self) -> None:
        while True:
            self._awake.clear()
            try:
                delay = await self._turn()
            except ClosedError:
                return
            except OutboxError:
                self._gate.pause("storage")
                delay = 0.0
            except Exception as error:  # noqa: BLE001 - the worker must not die
                self._note_unexpected(error)
                delay = 0.0
            with suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._awake.wait()

    async def _turn(self) -> float:
        """Do what is due; return how long to wait for the next turn, in seconds."""
        if shut := await self._gate.seconds_until_open():
            return shut
        await self._read_spec()
        await self._store.mend_rests(DOUBT_REST, LONGEST_REST)
        if await self._workspace.is_known():
            await self._send_due()
            await self._tracker.ask_due()
        if shut := await self._gate.seconds_until_open():
            return shut
        if self._is_spec_due():
            return 0.0
        followed = [State.ACCEPTED] if await self._tracker.may_ask() else []
        due = await self._store.seconds_until_due([State.WAITING, *followed])
        return min(due, LONGEST_PAUSE)

    async def _read_spec(self) -> None:
        """Learn what the server knows: once a day, and after trouble.

        While it did not answer it may have been updated.
        """
        if not self._is_spec_due():
            return
        now = asyncio.get_running_loop().time()
        try:
            spec = await self._client.spec()
        except UnreachableError as error:
            await self._gate.note_trouble(error)
            return
        except PushError:
            pass  # a server without a spec: pushing tells whether it is one
        else:
            self._gate.note_contact(is_connected=True)
            self.wire_format = spec.wire_format
            await self._store.remember(_WIRE_FORMAT, spec.wire_format)
            operations = spec.operations & set(Feature)
            await self._store.remember(_OPERATIONS, " ".join(sorted(operations)))
            self.operations = operations
            self._signal()
            if spec.server_time is not None:
                await self._store.note_time(spec.server_time)
        await put_dates_right(
            self._store, self._client, self.wire_format, self._calendar
        )
        self._spec_read_at = now

    def _is_spec_due(self) -> bool:
        now = asyncio.get_running_loop().time()
        read_at = self._spec_read_at
        return read_at <= max(now - READ_SPEC_AFTER, self._gate.recovered_at)

    async def _send_due(self) -> None:
        """Send batch after batch; leave turns for questions to a steady stream."""
        for _ in range(BATCHES):
            async with self._sending:
                if not await self._send_batch():
                    return

    async def _send_batch(self) -> bool:
        """Send some together; return whether there were any."""
        if not self._gate.is_open:
            return False
        rows = await self._store.due(State.WAITING, LONGEST_REST, BATCH)
        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(self._send(row))
        return bool(rows)

    async def _send(self, row: Row) -> None:
        try:
            if await self._gate.take_turn():
                if await self._store.begin_attempt(row, DOUBT_REST):
                    await self._deliver(row)
        except ClosedError:
            return  # what was begun is in doubt, and on disk as such
        except OutboxError:
            self._gate.pause("storage")
        except Exception as error:  # noqa: BLE001 - the others must go on
            self._note_unexpected(error)

    async def _deliver(self, row: Row) -> None:
        """Push once and note the outcome."""
        try:
            outcome = await self._client.push(row.sealed, in_doubt=row.in_doubt)
        except PushError as error:
            await self._note_failure(row, error)
            return
        self._gate.note_success()
        if isinstance(outcome, Accepted):
            if await self._store.accept(outcome, FIRST_QUESTION):
                self._note_move(row, State.ACCEPTED)
        else:
            await self._store.mark_duplicate(row, outcome.queue_id)
            self._signal()

    async def _note_failure(self, row: Row, error: PushError) -> None:
        if judge(error).is_final:
            self._gate.note_success()
            if row.operation is Operation.TEST:
                await self._store.drop(row)
                self._signal()
            elif await self._store.fail(row, FailedBy.SERVER, error.code):
                self._note_move(row, State.FAILED)
            return
        in_doubt = row.in_doubt or error.in_doubt
        rest = DOUBT_REST if in_doubt else 0.0
        await self._store.keep_waiting(
            row, in_doubt=in_doubt, rest=rest, error=error.code
        )
        await self._gate.note_trouble(error)
        self._signal()

    def _note_move(self, row: Row, state: State) -> None:
        """Tell what moved; a test of the space key is nobody's transaction."""
        move = Move(row.message_id, state, self._store.clock.now())
        self._signal(None if row.operation is Operation.TEST else move)

    def _note_unexpected(self, error: Exception) -> None:
        # Only the kind: the text of a foreign error may hold content.
        _LOGGER.error("Unexpected %s in the outbox", type(error).__name__)
        self._gate.pause("unexpected")
