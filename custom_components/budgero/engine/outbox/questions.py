"""Asking about one accepted transaction, and recording the answer."""

from collections import Counter

from ..push.client import Client
from ..push.errors import PushError
from ..push.models import Asked, Operation, QueueState
from .gate import Gate
from .key_trust import KeyTrust
from .policy import (
    LONGEST_PAUSE,
    MAX_QUESTIONS,
    MAX_REPEATS,
    question_gap,
    unanswered_rest,
)
from .rows import FailedBy, Leftover, Row
from .store import Store
from .sweeper import Sweeper


class Questions:
    """Asks one question at a time. Each is on disk before it is asked."""

    def __init__(
        self,
        store: Store,
        client: Client,
        gate: Gate,
        trust: KeyTrust,
        sweeper: Sweeper,
    ) -> None:
        """Take the parts.

        Args:
            store: what was accepted.
            client: asks about it.
            gate: is told of success and trouble.
            trust: is told whether an app could open a transaction.
            sweeper: removes the item that a question added.
        """
        self._store = store
        self._client = client
        self._gate = gate
        self._trust = trust
        self._sweeper = sweeper
        self._repeats: Counter[str] = Counter()

    async def ask(self, row: Row) -> QueueState | None:
        """Ask about a transaction and record the answer; return it, `None` without one.

        Raises:
            StorageError: the file cannot be read or written.
        """
        age = self._store.age(row)
        repeats = self._repeats[row.message_id]
        if row.questions >= MAX_QUESTIONS or repeats > MAX_REPEATS:
            if row.operation is Operation.TEST:
                await self._store.accepted.drop(row)
            else:
                await self._store.inquiry.give_up(row)
            return None
        if not await self._store.accepted.begin_question(row, unanswered_rest(age)):
            return None
        try:
            asked = await self._client.ask_state(row.accepted, in_doubt=row.in_doubt)
        except PushError as error:
            if error.in_doubt:
                self._repeats[row.message_id] += 1
            else:
                await self._store.accepted.withdraw_question(row)
            await self._gate.note_trouble(error)
            return None
        del self._repeats[row.message_id]
        self._gate.note_success()
        await self._note(row, asked)
        return asked.state

    def rest_of(self, unanswered: Row) -> float:
        """Return for how many seconds a question without an answer still rests."""
        left = unanswered.not_before - self._store.clock.now()
        return left if 0.0 < left <= LONGEST_PAUSE else 0.0

    async def note_pending(self, rows: list[Row]) -> None:
        """Record that no app has applied these yet.

        Raises:
            StorageError: the file cannot be read or written.
        """
        for row in rows:
            await self._store.accepted.note_alive(
                row, question_gap(self._store.age(row))
            )

    async def _note(self, row: Row, asked: Asked) -> None:
        match asked.state:
            case QueueState.PROCESSED:
                await self._trust.note_processed(row)
                await self._store.accepted.finish(row)
            case QueueState.FAILED if row.operation is Operation.TEST:
                # A failed test proves nothing and needs no decision.
                await self._store.accepted.drop(row, Leftover.FAILED)
            case QueueState.FAILED:
                await self._trust.note_failed(row)
                await self._store.accepted.fail(row, FailedBy.APP, "failed")
            case QueueState.VANISHED:
                await self._store.inquiry.mark_vanished(row, asked.other_id)
                if asked.is_new:
                    await self._sweeper.retire(row.message_id)
            case _ if asked.other_id is not None:
                await self._store.accepted.note_unclear(
                    row, question_gap(self._store.age(row))
                )
            case _:
                await self.note_pending([row])
