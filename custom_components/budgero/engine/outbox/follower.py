"""Following accepted transactions: asking the server for their state."""

import asyncio
from collections.abc import Awaitable, Callable
from math import inf

from ..push.client import Client
from ..push.errors import PushError, TooLongError
from ..push.models import PutBack, QueueItem, QueueState, QueueStats
from ..push.server_user import MAX_LISTED, ServerUser
from .gate import Gate
from .policy import (
    APP_RUN,
    BATCH,
    CLOCK_TOLERANCE,
    LONGEST_GAP,
    LONGEST_PAUSE,
    MAX_QUESTIONS,
    MAX_QUESTIONS_NOW,
    USER_REFUSED,
    question_gap,
)
from .questions import Questions
from .rows import Row, State
from .server_queue import QUEUE_SIZE
from .store import CAPACITY, Store
from .sweeper import Sweeper
from .workspace import WorkspaceCheck


class Follower:
    """Asks Budgero what became of the accepted transactions of a store.

    A question about a transaction that the server no longer knows leaves an item
    there. So after the first vanished one, others are asked about only until one more
    item is left, and nothing is asked while a question has no answer.
    """

    def __init__(
        self,
        store: Store,
        client: Client,
        user: ServerUser | None,
        gate: Gate,
        workspace: WorkspaceCheck,
        questions: Questions,
        sweeper: Sweeper,
    ) -> None:
        """Take the parts.

        Args:
            store: what was accepted.
            client: tells its server from others.
            user: sees what is pending, without questions.
            gate: says when requests may go out.
            workspace: says whether they go to where the others went.
            questions: asks about one.
            sweeper: takes away what questions left.
        """
        self._user = user
        self._store = store
        self._client = client
        self._gate = gate
        self._workspace = workspace
        self._questions = questions
        self._sweeper = sweeper
        self._asking = asyncio.Lock()
        self._user_rests_until = -inf

    async def may_ask(self) -> bool:
        """Return whether questions may be asked; not while the signed-in user will tell.

        Raises:
            StorageError: the disk refuses.
        """
        return _now() >= self._user_rests_until and await self._workspace.is_known()

    async def seconds_until_due(self) -> float:
        """Return in how many seconds to ask about something; may be infinite.

        Raises:
            StorageError: the disk refuses.
        """
        if not await self.may_ask():
            return inf
        if (row := await self._store.inquiry.unanswered()) is not None:
            return self._questions.rest_of(row)
        if await self._store.inquiry.next_in_question() is not None:
            return 0.0
        return await self._store.waiting.seconds_until_due([State.ACCEPTED])

    async def ask_due(self) -> None:
        """Ask about some of the transactions whose time has come.

        Raises:
            StorageError: the disk refuses.
        """
        async with self._asking:
            if await self.may_ask():
                due = await self._store.accepted.due_to_ask(LONGEST_GAP, BATCH)
                await self._ask_all(due, BATCH)

    async def ask_now(self) -> None:
        """Ask about the oldest accepted transactions, due or not.

        Some of the questions about each are kept for when they are due.

        Raises:
            StorageError: the disk refuses.
        """
        async with self._asking:
            rows = await self._store.accepted.to_ask(MAX_QUESTIONS_NOW, APP_RUN)
            await self._ask_all(rows, APP_RUN)

    async def read_statistics(
        self,
        stats: Callable[[], Awaitable[QueueStats]],
        pending: Callable[[], Awaitable[tuple[QueueItem, ...]]],
    ) -> QueueStats:
        """Return what the server counts, and notice if it has forgotten something.

        The numbers include what our own questions left, which the overview counts.

        Args:
            stats: reads the numbers.
            pending: lists what is pending.

        Raises:
            PushError: the server does not tell.
            StorageError: the disk refuses.
        """
        async with self._asking:
            await self._sweeper.sweep(pending)
        before = await self._store.recall(QUEUE_SIZE)
        numbers = await stats()
        reader = "token" if self._user is None else "user"
        of = f"{reader}:{self._client.mark}"
        await self._store.inquiry.note_queue_size(numbers, of, before)
        return numbers

    async def clear_queue(
        self, clear: Callable[[], Awaitable[int]], *, include_all: bool
    ) -> int:
        """Clear the server's queue; return how many items were deleted.

        What was applied before is recorded first. What is pending for certain is
        removed here as well, because a question about it would leave an item.

        Args:
            clear: clears the queue.
            include_all: whether it deletes also what is no longer pending.

        Raises:
            PushError: the server did not do it, or it is not known whether it did;
                nothing is removed here.
            StorageError: the disk refuses.
        """
        async with self._asking:
            accepted = await self._store.accepted.to_ask(MAX_QUESTIONS, CAPACITY)
            pending = await self._ask_all(accepted, CAPACITY, lists_anyway=True)
            await self._store.server_queue.begin_clearing(pending)
            try:
                cleared = await clear()
            except PushError as error:
                if not error.in_doubt:
                    await self._questions.note_pending(pending)
                raise
            await self._store.server_queue.end_clearing(include_all=include_all)
        return cleared

    async def put_back(
        self, row: Row, put_back: Callable[[], Awaitable[PutBack]]
    ) -> PutBack | None:
        """Let an app try again what it has refused.

        A person must have seen that it is not in Budgero. It is followed again before
        the server is asked, so that a lost answer does not matter: the next question
        tells.

        Args:
            row: the transaction.
            put_back: asks the server for it.

        Returns:
            What the server says; `None` if the transaction has changed meanwhile.

        Raises:
            PushError: it is not known whether the server did it.
            StorageError: the disk refuses.
        """
        async with self._asking:
            if not await self._store.accepted.accept_again(
                row.message_id, question_gap(0.0)
            ):
                return None
            await self._gate.take_turn()
            try:
                return await put_back()
            finally:  # numbers that were read meanwhile may be of before or after
                await self._store.server_queue.forget_queue_size()

    async def _ask_all(
        self, rows: list[Row], limit: int, *, lists_anyway: bool = False
    ) -> list[Row]:
        """Ask about these and what is in question; return those certainly pending.

        Args:
            rows: what to ask about.
            limit: of what is in question, how many at most.
            lists_anyway: whether the user is asked also while the gate is shut.
        """
        unanswered = await self._store.inquiry.unanswered()
        if unanswered is not None and not unanswered.in_question:
            others = (row for row in rows if row.message_id != unanswered.message_id)
            rows = [unanswered, *others]
        items = await self._listed(rows, lists_anyway=lists_anyway)
        if items is None:
            return []  # the user tells later
        pending = [row for row in rows if self._is_pending(row, items)]
        await self._questions.note_pending(pending)
        known = {row.message_id for row in pending}
        for row in rows:
            if row.message_id in known:
                continue
            if not await self._may_ask_about(row):
                break
            state = await self._questions.ask(row)
            if state is QueueState.PENDING:
                pending.append(row)
            elif state is QueueState.VANISHED:
                break  # the others are in question now
        return pending + await self._inquire(limit)

    async def _inquire(self, limit: int) -> list[Row]:
        """Ask about what is in question; return what is pending for certain."""
        rows = await self._store.inquiry.in_question()
        items = await self._listed(rows)
        if items is None:
            return []
        listed = {item.queue_id for item in items}
        pending = [row for row in rows if row.queue_id in listed]
        await self._questions.note_pending(pending)
        for _ in range(limit):
            row = await self._store.inquiry.next_in_question()
            if row is None or not await self._may_ask_about(row):
                break
            if await self._questions.ask(row) is QueueState.PENDING:
                pending.append(row)
        return pending

    async def _may_ask_about(self, row: Row) -> bool:
        """Return whether this one may be asked about now, in its turn."""
        unanswered = await self._store.inquiry.unanswered()
        if unanswered is not None:
            is_other = unanswered.message_id != row.message_id
            if is_other or self._questions.rest_of(unanswered) > 0:
                return False
        return await self.may_ask() and await self._gate.take_turn()

    async def _listed(
        self, rows: list[Row], *, lists_anyway: bool = False
    ) -> tuple[QueueItem, ...] | None:
        """Return the pending items that the signed-in user sees, if that helps.

        Returns `None` if the user cannot tell now, but later.
        """
        if self._user is None or not rows:
            return ()
        if not await self._gate.take_turn() and not lists_anyway:
            return ()
        try:
            items = await self._user.pending()
        except (*USER_REFUSED, TooLongError):
            items = ()
        except PushError:
            self._user_rests_until = _now() + LONGEST_PAUSE
            return None
        self._user_rests_until = -inf
        return items

    def _is_pending(self, row: Row, items: tuple[QueueItem, ...]) -> bool:
        """Return whether the list of what is pending shows that one is."""
        is_listed = any(item.queue_id == row.queue_id for item in items)
        accepted_at = row.accepted_at or row.created_at
        return is_listed or _comes_after(
            self._store.clock.to_servers(accepted_at), items
        )


def _comes_after(accepted_at: float, items: tuple[QueueItem, ...]) -> bool:
    """Return whether a transaction came after all listed items.

    An app applies the oldest ones first, so what came later is pending as well. What
    came at nearly the same time may have come before.

    Args:
        accepted_at: by the server's clock, in seconds since the epoch.
        items: what is listed, oldest first.
    """
    if len(items) < MAX_LISTED:
        return False
    return accepted_at > items[-1].created_at.timestamp() + CLOCK_TOLERANCE


def _now() -> float:
    return asyncio.get_running_loop().time()
