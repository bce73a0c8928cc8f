"""The worker: delivers what waits, and lets what was accepted be followed."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
import logging
from math import inf
from typing import Final

from ..push.client import Client
from ..push.errors import PushError, UnreachableError
from ..push.models import Accepted
from ..push.transaction import WireFormat
from .errors import ClosedError, OutboxError
from .gate import Gate
from .policy import (
    BATCH,
    DOUBT_REST,
    FIRST_QUESTION,
    LONGEST_PAUSE,
    LONGEST_REST,
    READ_SPEC_AFTER,
    Hold,
    judge,
)
from .rows import FailedBy, Row, State
from .store import Store
from .tracker import Tracker

_WIRE_FORMAT: Final = "wire_format"
_LOGGER = logging.getLogger(__name__)


class Sender:
    """Delivers the waiting transactions of a store until it is cancelled.

    Attributes:
        wire_format: the payload format that the server is known to take.
    """

    def __init__(self, store: Store, client: Client) -> None:
        """Bind store and client."""
        self.wire_format = WireFormat.MILLIUNITS
        self._store = store
        self._client = client
        self._gate = Gate(client, self._notify)
        self._tracker = Tracker(store, client, self._gate, self._notify)
        self._awake = asyncio.Event()
        self._listeners: list[Callable[[], None]] = []
        self._spec_read_at = -inf
        self._has_ended = False

    @property
    def hold(self) -> Hold | None:
        """Why nothing is sent until something changes."""
        return self._gate.hold

    @property
    def last_error(self) -> str | None:
        """Code of the last trouble, `None` after a success."""
        return self._gate.last_error

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call the listener after every change; return how to end that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def wake(self) -> None:
        """Note a sign of life: try soon, whatever the back-off says."""
        self._gate.hasten()
        self._awake.set()

    def resume(self) -> None:
        """Note that a person changed something: try at once."""
        self._gate.reset()
        self._awake.set()

    async def settled(self, message_id: str) -> Row | None:
        """Wait until a transaction no longer waits, or the sender has ended."""
        changed = asyncio.Event()
        unsubscribe = self.subscribe(changed.set)
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

    async def unseen_vanished(self) -> int:
        """Return how many transactions vanished that no person has seen yet.

        While there are any, accepted transactions are not followed.
        """
        return await self._tracker.unseen_vanished()

    async def confirm_vanished(self) -> None:
        """Go on following: a person has seen that transactions vanished."""
        await self._tracker.confirm_vanished()
        self.resume()

    async def run(self) -> None:
        """Work until cancelled, or until the store is closed.

        Trouble of any kind only makes a pause.
        """
        try:
            await self._work()
        finally:
            self._has_ended = True
            self._notify()

    async def _work(self) -> None:
        with suppress(OutboxError, ValueError):  # or a later version's format
            known = await self._store.recall(_WIRE_FORMAT)
            self.wire_format = WireFormat(known or WireFormat.MILLIUNITS)
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
        await self._send_due()
        await self._tracker.ask_due()
        if shut := await self._gate.seconds_until_open():
            return shut
        followed = [State.ACCEPTED] if await self._tracker.may_ask() else []
        due = await self._store.seconds_until_due([State.WAITING, *followed])
        return min(due, LONGEST_PAUSE)

    async def _read_spec(self) -> None:
        """Learn the payload format, once a day."""
        now = asyncio.get_running_loop().time()
        if now - self._spec_read_at < READ_SPEC_AFTER:
            return
        try:
            spec = await self._client.spec()
        except UnreachableError as error:
            await self._gate.note_trouble(error)
            return
        except PushError:
            pass  # a server without a spec: pushing tells whether it is one
        else:
            self.wire_format = spec.wire_format
            await self._store.remember(_WIRE_FORMAT, spec.wire_format)
        self._spec_read_at = now

    async def _send_due(self) -> None:
        while self._gate.is_open:
            rows = await self._store.due(State.WAITING, LONGEST_REST, BATCH)
            if not rows:
                return
            async with asyncio.TaskGroup() as group:
                for row in rows:
                    group.create_task(self._send(row))

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
        self._notify()

    async def _deliver(self, row: Row) -> None:
        """Push once and note the outcome."""
        try:
            outcome = await self._client.push(row.sealed, in_doubt=row.in_doubt)
        except PushError as error:
            await self._note_failure(row, error)
            return
        self._gate.note_success()
        if isinstance(outcome, Accepted):
            await self._store.accept(outcome, FIRST_QUESTION)
        else:
            await self._store.mark_duplicate(row, outcome.queue_id)

    async def _note_failure(self, row: Row, error: PushError) -> None:
        if judge(error).is_final:
            self._gate.note_success()
            await self._store.fail(row, FailedBy.SERVER, error.code)
            return
        in_doubt = row.in_doubt or error.in_doubt
        rest = DOUBT_REST if in_doubt else 0.0
        await self._store.keep_waiting(
            row, in_doubt=in_doubt, rest=rest, error=error.code
        )
        await self._gate.note_trouble(error)

    def _note_unexpected(self, error: Exception) -> None:
        # Only the kind: the text of a foreign error may hold content.
        _LOGGER.error("Unexpected %s in the outbox", type(error).__name__)
        self._gate.pause("unexpected")

    def _notify(self) -> None:
        for listener in tuple(self._listeners):
            try:
                listener()
            except Exception as error:  # noqa: BLE001 - delivery goes on without it
                _LOGGER.error("Unexpected %s in a listener", type(error).__name__)
