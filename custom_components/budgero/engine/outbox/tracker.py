"""Following what was accepted: with the push token, by asking for its state."""

import asyncio
from collections.abc import Callable

from ..push.client import Client
from ..push.errors import PushError
from ..push.models import QueueState
from .gate import Gate
from .policy import (
    APP_RUN,
    BATCH,
    LONGEST_GAP,
    MAX_QUESTIONS,
    MAX_QUESTIONS_NOW,
    judge,
    question_gap,
)
from .rows import FailedBy, Row, State
from .store import Store


class Tracker:
    """Asks Budgero what became of the accepted transactions of a store.

    A question about a transaction that the server no longer knows leaves a junk
    item there. So after the first one that vanished nothing more is asked until
    a person has seen it.
    """

    def __init__(
        self, store: Store, client: Client, gate: Gate, notify: Callable[[], None]
    ) -> None:
        """Bind store, client and gate; `notify` is called after every change."""
        self._store = store
        self._client = client
        self._gate = gate
        self._notify = notify
        self._asking = asyncio.Lock()

    async def unseen_vanished(self) -> int:
        """Return how many transactions vanished that no person has seen yet."""
        return await self._store.unseen_vanished()

    async def may_ask(self) -> bool:
        """Return whether a person has seen everything that vanished."""
        return await self.unseen_vanished() == 0

    async def confirm_vanished(self) -> None:
        """Note that a person has seen what vanished."""
        await self._store.confirm_vanished()

    async def ask_due(self) -> None:
        """Ask about some of the transactions whose time has come."""
        async with self._asking:
            await self._ask_all(
                await self._store.due(State.ACCEPTED, LONGEST_GAP, BATCH)
            )

    async def ask_now(self) -> None:
        """Ask about the oldest accepted transactions, due or not.

        Some of the questions about each are left for when they are due.
        """
        async with self._asking:
            rows = await self._store.accepted(MAX_QUESTIONS_NOW, APP_RUN)
            await self._ask_all(rows)

    async def _ask_all(self, rows: list[Row]) -> None:
        """Ask about these, unless something comes in the way."""
        for row in rows:
            if not await self.may_ask() or not await self._gate.take_turn():
                return
            await self._ask(row)

    async def _ask(self, row: Row) -> None:
        age = self._store.age(row)
        if row.questions >= MAX_QUESTIONS:
            await self._store.set_aside(row, State.UNKNOWN)
            self._notify()
            return
        await self._store.begin_question(row, question_gap(age))
        try:
            state = await self._client.ask_state(row.accepted, in_doubt=row.in_doubt)
        except PushError as error:
            if not error.in_doubt and not judge(error).is_final:
                await self._store.withdraw_question(row)
            await self._gate.note_trouble(error)
            return
        self._gate.note_success()
        match state:
            case QueueState.PROCESSED:
                await self._store.finish(row)
            case QueueState.FAILED:
                await self._store.fail(row, FailedBy.APP, "failed")
            case QueueState.VANISHED:
                await self._store.set_aside(row, State.VANISHED)
            case QueueState.PENDING | QueueState.UNKNOWN:
                await self._store.note_answer(row)
        self._notify()
