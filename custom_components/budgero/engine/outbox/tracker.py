"""Following what was accepted: with the push token, by asking for its state."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf

from ..push.client import Client
from ..push.errors import PushError
from ..push.models import Operation, PutBack, QueueItem, QueueState
from ..push.server_user import MAX_LISTED, ServerUser
from .gate import Gate
from .key_trust import KeyTrust
from .policy import (
    APP_RUN,
    BATCH,
    LONGEST_GAP,
    LONGEST_PAUSE,
    MAX_QUESTIONS,
    MAX_QUESTIONS_NOW,
    USER_REFUSED,
    question_gap,
)
from .rows import FailedBy, Leftover, Row, State
from .signal import Move, Signal
from .store import CAPACITY, Store
from .workspace import WorkspaceCheck


class Tracker:
    """Asks Budgero what became of the accepted transactions of a store.

    A question about a transaction that the server no longer knows leaves a leftover
    item there. So after the first one that vanished nothing more is asked until
    a person has seen it.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        user: ServerUser | None,
        gate: Gate,
        workspace: WorkspaceCheck,
        trust: KeyTrust,
        signal: Signal,
    ) -> None:
        """Bind the parts; the signal tells of every change.

        Args:
            store: what was accepted.
            client: asks about it.
            user: sees what is pending, without questions.
            gate: says when requests may go out.
            workspace: says whether they go to where the others went.
            trust: learns from the answers.
            signal: tells of changes.
        """
        self._user = user
        self._store = store
        self._client = client
        self._gate = gate
        self._workspace = workspace
        self._trust = trust
        self._signal = signal
        self._asking = asyncio.Lock()
        self._user_rests_until = -inf

    async def may_ask(self) -> bool:
        """Return whether a question leaves no leftover, and nobody else will tell."""
        if _now() < self._user_rests_until or not await self._workspace.is_known():
            return False
        return not await self._store.has_unseen(State.VANISHED)

    async def ask_due(self) -> None:
        """Ask about some of the transactions whose time has come."""
        async with self._asking:
            if await self.may_ask():
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

    async def clear_queue(
        self, clear: Callable[[], Awaitable[int]], *, include_all: bool
    ) -> int:
        """Let the server's queue be cleared; return how many items went.

        What was applied before is noted first, and what is known to be pending is
        removed here: a question about it would leave a leftover.

        Args:
            clear: clears the queue.
            include_all: whether it deletes also what is no longer pending.

        Raises:
            PushError: the server did not do it, or it is not known whether it did;
                nothing is removed here.
            StorageError: the disk refuses.
        """
        async with self._asking:
            accepted = await self._store.accepted(MAX_QUESTIONS, CAPACITY)
            pending = await self._ask_all(accepted)
            await self._store.begin_clearing(pending)
            try:
                cleared = await clear()
            except PushError as error:
                if not error.in_doubt:
                    await self._note_pending(pending)
                raise
            await self._store.end_clearing(include_all=include_all)
        self._signal()
        return cleared

    async def put_back(
        self, row: Row, put_back: Callable[[], Awaitable[PutBack]]
    ) -> PutBack | None:
        """Let an app try again what it has refused; return what the server says.

        A person must have seen that it is not in Budgero. It is followed again before the server hears of it: whatever comes between,
        the next question tells. `None` if it is no longer what it was.

        Raises:
            PushError: it is not known whether the server did it.
            StorageError: the disk refuses.
        """
        async with self._asking:
            if not await self._store.accept_again(row.message_id, question_gap(0.0)):
                return None
            self._signal()
            await self._gate.take_turn()
            return await put_back()

    async def _ask_all(self, rows: list[Row]) -> list[Row]:
        """Ask about these, unless something comes in the way.

        Returns those that are pending for certain.
        """
        try:
            pending = await self._listed(rows)
        except PushError:
            self._user_rests_until = _now() + LONGEST_PAUSE
            return []  # the user will tell
        self._user_rests_until = -inf
        await self._note_pending(pending)
        known = {row.message_id for row in pending}
        for row in rows:
            if row.message_id in known:
                continue
            if not await self.may_ask() or not await self._gate.take_turn():
                break
            if await self._ask(row) is QueueState.PENDING:
                pending.append(row)
        return pending

    async def _listed(self, rows: list[Row]) -> list[Row]:
        """Return those that the signed-in user sees waiting, if there is a user.

        Raises:
            PushError: the user cannot tell now, and will later.
        """
        if self._user is None or not rows or not await self._gate.take_turn():
            return []
        try:
            items = await self._user.pending()
        except USER_REFUSED:
            return []
        listed = {item.queue_id for item in items}
        return [
            row for row in rows if row.queue_id in listed or _comes_after(row, items)
        ]

    async def _note_pending(self, rows: list[Row]) -> None:
        for row in rows:
            await self._store.note_pending(row, question_gap(self._store.age(row)))

    async def _ask(self, row: Row) -> QueueState | None:
        """Ask about one and note the answer; return it if there is one."""
        age = self._store.age(row)
        if row.questions >= MAX_QUESTIONS:
            if row.operation is Operation.TEST:
                await self._store.drop(row)
            else:
                await self._store.give_up(row)
            self._signal()
            return None
        await self._store.begin_question(row, question_gap(age))
        try:
            state = await self._client.ask_state(row.accepted, in_doubt=row.in_doubt)
        except PushError as error:
            if not error.in_doubt:
                await self._store.withdraw_question(row)
            await self._gate.note_trouble(error)
            return None
        self._gate.note_success()
        if row.operation is Operation.TEST:
            await self._note_test(row, state)
        else:
            await self._note(row, state)
        return state

    async def _note(self, row: Row, state: QueueState) -> None:
        move: Move | None = None
        now = self._store.clock.now()
        match state:
            case QueueState.PROCESSED:
                await self._trust.note_processed(row)
                await self._store.settle_leftovers(row)
                if await self._store.finish(row):
                    move = Move(row.message_id, State.PROCESSED, now)
            case QueueState.FAILED:
                await self._trust.note_failed(row)
                await self._store.settle_leftovers(row)
                if await self._store.fail(row, FailedBy.APP, "failed"):
                    move = Move(row.message_id, State.FAILED, now)
            case QueueState.VANISHED:
                await self._store.mark_vanished(row)
            case QueueState.PENDING | QueueState.UNKNOWN:
                await self._store.note_answer(row)
        self._signal(move)

    async def _note_test(self, row: Row, state: QueueState) -> None:
        """Note what a test of the space key shows; one that fails shows nothing."""
        match state:
            case QueueState.PROCESSED:
                await self._trust.note_processed(row)
                await self._store.settle_leftovers(row)
                await self._store.finish(row)
            case QueueState.FAILED:
                await self._store.settle_leftovers(row)
                await self._store.drop(row, Leftover.FAILED)
            case QueueState.VANISHED:
                await self._store.drop(row, Leftover.PENDING)
            case QueueState.PENDING | QueueState.UNKNOWN:
                await self._store.note_answer(row)
        self._signal()


def _comes_after(row: Row, items: tuple[QueueItem, ...]) -> bool:
    """Return whether a transaction came after all that the server lists, oldest first.

    An app applies the oldest ones first, so what came later is pending as well.
    """
    if len(items) < MAX_LISTED:
        return False
    return (row.accepted_at or row.created_at) > items[-1].created_at.timestamp()


def _now() -> float:
    return asyncio.get_running_loop().time()
