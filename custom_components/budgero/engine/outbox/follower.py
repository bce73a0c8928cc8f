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

    A question about a transaction that the server no longer knows adds an item to the
    server's queue. So after the first vanished transaction, others are asked about only
    until one more item was added, and nothing is asked while a question has no answer.
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
            workspace: says whether they go to the same workspace as earlier
                transactions.
            questions: asks about one transaction.
            sweeper: removes the items that questions added.
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
        """Return whether questions may be asked.

        They may not while the signed-in user is to be asked again later.

        Raises:
            StorageError: the file cannot be read or written.
        """
        return _now() >= self._user_rests_until and await self._workspace.is_known()

    async def seconds_until_due(self) -> float:
        """Return in how many seconds the next question is due; may be infinite.

        Raises:
            StorageError: the file cannot be read or written.
        """
        if not await self.may_ask():
            return inf
        if (row := await self._store.inquiry.unanswered()) is not None:
            return self._questions.rest_of(row)
        if await self._store.inquiry.next_in_question() is not None:
            return 0.0
        return await self._store.waiting.seconds_until_due([State.ACCEPTED])

    async def ask_due(self) -> None:
        """Ask about some of the transactions that are due for a question.

        Raises:
            StorageError: the file cannot be read or written.
        """
        async with self._asking:
            if await self.may_ask():
                due = await self._store.accepted.due_to_ask(LONGEST_GAP, BATCH)
                await self._ask_all(due, BATCH)

    async def ask_now(self) -> None:
        """Ask about the oldest accepted transactions, due or not.

        Only a part of the questions about each transaction is used up by this.

        Raises:
            StorageError: the file cannot be read or written.
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

        The numbers include the items that our own questions added; the overview counts
        those.

        Args:
            stats: reads the numbers.
            pending: lists what is pending.

        Raises:
            PushError: the server does not tell.
            StorageError: the file cannot be read or written.
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

        First it is recorded what was applied before. What is pending for certain is
        then removed here as well, because a question about it would add an item to the
        queue.

        Args:
            clear: clears the queue.
            include_all: whether it also deletes items that are no longer pending.

        Raises:
            PushError: the server did not do it, or it is not known whether it did;
                nothing is removed here.
            StorageError: the file cannot be read or written.
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

        A person must have seen that it is not in Budgero. It counts as accepted again
        before the server is asked, so a lost answer does no harm: the next question
        tells its state.

        Args:
            row: the transaction.
            put_back: asks the server for it.

        Returns:
            What the server says; `None` if the transaction has changed meanwhile.

        Raises:
            PushError: it is not known whether the server did it.
            StorageError: the file cannot be read or written.
        """
        async with self._asking:
            if not await self._store.accepted.accept_again(
                row.message_id, question_gap(0.0)
            ):
                return None
            await self._gate.take_turn()
            try:
                return await put_back()
            finally:  # numbers read meanwhile may be from before or after the change
                await self._store.server_queue.forget_queue_size()

    async def _ask_all(
        self, rows: list[Row], limit: int, *, lists_anyway: bool = False
    ) -> list[Row]:
        """Ask about these rows and those in question; return those certainly pending.

        Args:
            rows: the transactions to ask about.
            limit: how many of those in question to ask about at most.
            lists_anyway: whether the user is asked also while the gate is shut.
        """
        unanswered = await self._store.inquiry.unanswered()
        if unanswered is not None and not unanswered.in_question:
            others = (row for row in rows if row.message_id != unanswered.message_id)
            rows = [unanswered, *others]
        items = await self._listed(rows, lists_anyway=lists_anyway)
        if items is None:
            return []  # the signed-in user is asked again later
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
        """Ask about the rows in question; return those that are certainly pending."""
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
        """Wait for a turn; return whether a transaction may be asked about then."""
        unanswered = await self._store.inquiry.unanswered()
        if unanswered is not None:
            is_other = unanswered.message_id != row.message_id
            if is_other or self._questions.rest_of(unanswered) > 0:
                return False
        return await self.may_ask() and await self._gate.take_turn()

    async def _listed(
        self, rows: list[Row], *, lists_anyway: bool = False
    ) -> tuple[QueueItem, ...] | None:
        """Return the pending items that the signed-in user sees; none without a user.

        Returns `None` if the user could not be asked now and is to be asked later.
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
        """Return whether a transaction is pending, as far as the list shows."""
        is_listed = any(item.queue_id == row.queue_id for item in items)
        accepted_at = row.accepted_at or row.created_at
        return is_listed or _comes_after(
            self._store.clock.to_servers(accepted_at), items
        )


def _comes_after(accepted_at: float, items: tuple[QueueItem, ...]) -> bool:
    """Return whether a transaction came after all listed items.

    The list may be incomplete. An app applies the oldest items first, so a transaction
    that came after the listed ones is pending as well. One that came at nearly the same
    time may have come before them.

    Args:
        accepted_at: by the server's clock, in seconds since the epoch.
        items: what is listed, oldest first.
    """
    if len(items) < MAX_LISTED:
        return False
    return accepted_at > items[-1].created_at.timestamp() + CLOCK_TOLERANCE


def _now() -> float:
    return asyncio.get_running_loop().time()
