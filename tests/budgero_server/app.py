"""The Budgero app of the household: it applies the queue when it is opened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .booking_table import Push
from .javascript import Json
from .ledger import Ledger
from .model import FAILED, PROCESSED, QueueItem
from .mutation import MutationError, Refusal, normalise, open_payload
from .state import State

ITEMS_PER_RUN: Final = 100

type Operation = Callable[[Json, Ledger, Push], None]


class Acknowledgements(StrEnum):
    """How the app's word to the server fares after a transaction was booked.

    With `PROCESSED_LOST` the app reports as failed what it booked; with
    `ALL_LOST` the item stays pending and the next run acknowledges it without
    booking it twice. Both were verified against Budgero 1.6.0.
    """

    DELIVERED = "delivered"
    PROCESSED_LOST = "processed_lost"
    ALL_LOST = "all_lost"


@dataclass(frozen=True, slots=True)
class AppRun:
    """How many items one run reported as processed and as failed."""

    processed: int
    failed: int


class BudgeroApp:
    """Applies what is pending in the primary space, at most 100 items a run."""

    def __init__(
        self, state: State, ledger: Ledger, operations: Mapping[str, Operation]
    ) -> None:
        """Use the server's queue and the app's own ledger."""
        self._state = state
        self._ledger = ledger
        self._operations = operations

    def apply(
        self, acknowledgements: Acknowledgements = Acknowledgements.DELIVERED
    ) -> AppRun:
        """Do what the app does when somebody opens it."""
        space = self._state.primary_space()
        counts = {PROCESSED: 0, FAILED: 0}
        for item in self._state.pending(space.id, ITEMS_PER_RUN):
            error = self._execute(item, space.key)
            if acknowledgements is Acknowledgements.ALL_LOST:
                continue
            if error is None and acknowledgements is Acknowledgements.PROCESSED_LOST:
                error = "MUTATION_ERROR: Failed to acknowledge the queue item"
            status = PROCESSED if error is None else FAILED
            self._state.set_status(item.id, status, error)
            counts[status] += 1
        return AppRun(counts[PROCESSED], counts[FAILED])

    def _execute(self, item: QueueItem, key: bytes) -> str | None:
        """Book one item; give the text of the refusal, if it is refused."""
        try:
            mutation = normalise(open_payload(item.payload, key))
            operation = self._operations.get(mutation.op)
            if operation is None:
                raise MutationError(f"Unknown operation: {mutation.op}")
            push = Push(item.id, item.message_id)
            if not self._ledger.transactions.has_applied(push):
                with self._ledger.transactions.applying(push):
                    operation(mutation.args, self._ledger, push)
        except Refusal as refusal:
            return str(refusal)
        return None
