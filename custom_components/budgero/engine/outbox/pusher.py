"""Pushes waiting transactions, and records what came of it."""

import asyncio
from contextlib import suppress

from ..push.client import Client
from ..push.errors import CannotOpenError, PushError, WrongAddressError
from ..push.models import Accepted
from .clock_dates import ClockDates
from .errors import ClosedError, OutboxError
from .gate import Gate
from .policy import BATCH, DOUBT_REST, FIRST_QUESTION, LONGEST_REST
from .rows import Row, State
from .store import Store
from .stumbles import Stumbles


class Pusher:
    """Pushes the waiting transactions that are due, a batch at a time.

    Each attempt is on disk before it is made, and its outcome before anything else
    happens with the transaction.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        gate: Gate,
        dates: ClockDates,
        stumbles: Stumbles,
    ) -> None:
        """Take the parts.

        Args:
            store: the transactions.
            client: pushes them.
            gate: says when requests may go out; is told of success and trouble.
            dates: fixes the dates that can be fixed.
            stumbles: is told of errors on this machine.
        """
        self._store = store
        self._client = client
        self._gate = gate
        self._dates = dates
        self._stumbles = stumbles

    async def push_batch(self) -> bool:
        """Push a batch at the same time; return whether anything was due.

        Raises:
            StorageError: the file cannot be read or written.
        """
        if not self._gate.is_open:
            return False
        await self._dates.fix()
        rows = await self._store.waiting.due(State.WAITING, LONGEST_REST, BATCH)
        async with asyncio.TaskGroup() as group:
            for row in rows:
                group.create_task(self._push(row))
        return bool(rows)

    async def _push(self, row: Row) -> None:
        try:
            if await self._gate.take_turn() and await self._begin(row):
                await self._deliver(row)
        except ClosedError:
            return  # an attempt that has begun is on disk, and in doubt
        except Exception as error:  # noqa: BLE001 - the others must go on
            self._stumbles.note(row.message_id, error)
        else:
            self._stumbles.end(row.message_id)

    async def _begin(self, row: Row) -> bool:
        """Record that a push begins; return whether it may."""
        try:
            return await self._store.waiting.begin_attempt(row, DOUBT_REST)
        except asyncio.CancelledError:  # the attempt is on disk, but nothing was sent
            with suppress(OutboxError):
                await self._store.waiting.withdraw_attempt(row)
            raise

    async def _deliver(self, row: Row) -> None:
        """Push once and record the outcome."""
        try:
            outcome = await self._client.push(row.sealed, in_doubt=row.in_doubt)
        except PushError as error:
            await self._note_failure(row, error)
            return
        self._gate.note_success()
        if outcome.queue_id == row.queue_id:  # it was sent again, but not forgotten
            outcome = row.accepted
        if isinstance(outcome, Accepted):
            await self._store.waiting.accept(outcome, FIRST_QUESTION)
        else:
            await self._store.waiting.mark_duplicate(row, outcome.queue_id)

    async def _note_failure(self, row: Row, error: PushError) -> None:
        in_doubt = row.in_doubt or error.in_doubt
        rest = DOUBT_REST if in_doubt else 0.0
        await self._store.waiting.keep_waiting(
            row, in_doubt=in_doubt, rest=rest, error=error.code
        )
        if isinstance(error, WrongAddressError):
            await self._seal_anew(row)
        await self._gate.note_trouble(error)

    async def _seal_anew(self, row: Row) -> None:
        """Seal the same content again: a firewall may have refused just these bytes."""
        key = self._client.key
        with suppress(CannotOpenError):  # sealed with an earlier key
            payload = key.seal(key.open(row.sealed.payload))
            await self._store.waiting.seal_anew(row, payload)
