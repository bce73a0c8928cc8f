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


DEFAULT_DEVICE: Final = "browser"


class Acknowledgements(StrEnum):
    """What happens to the app's report to the server after a booking.

    With `PROCESSED_LOST` the app reports as failed what it booked; with
    `ALL_LOST` the item stays pending and the next run of the same device acknowledges
    it without booking it twice. With `LIMITED` the app's requests count for the
    server's rate limit, which it shares with everything else on its network: either
    may happen to each item. All were verified against Budgero 1.6.0.
    """

    DELIVERED = "delivered"
    PROCESSED_LOST = "processed_lost"
    ALL_LOST = "all_lost"
    LIMITED = "limited"


@dataclass(frozen=True, slots=True)
class AppRun:
    """How many items one run reported as processed and as failed."""

    processed: int
    failed: int


class BudgeroApp:
    """Applies what is pending in the primary space, at most 100 items a run.

    It runs on several devices. All book into the same ledger, but each has a memory of
    its own of what it has applied.
    """

    def __init__(
        self,
        state: State,
        ledger: Ledger,
        operations: Mapping[str, Operation],
        is_let_through: Callable[[], bool],
    ) -> None:
        """Use the server's queue and the app's own ledger.

        Whether the server's rate limit lets a request through is asked for each report
        of a run with `Acknowledgements.LIMITED`.
        """
        self._state = state
        self._ledger = ledger
        self._operations = operations
        self._is_let_through = is_let_through

    def apply(
        self,
        acknowledgements: Acknowledgements = Acknowledgements.DELIVERED,
        device: str = DEFAULT_DEVICE,
    ) -> AppRun:
        """Do what the app does when somebody opens it on a device."""
        spaces = self._state.spaces()
        counts = {PROCESSED: 0, FAILED: 0}
        for space in spaces[:1]:
            for item in self._state.pending(space.id, ITEMS_PER_RUN):
                error = self._execute(item, space.key, device)
                status = self._report(item, error, acknowledgements)
                if status is not None:
                    counts[status] += 1
        return AppRun(counts[PROCESSED], counts[FAILED])

    def start_from_snapshot(self, device: str = DEFAULT_DEVICE) -> None:
        """Let a device forget what it has applied.

        That happens where the app has no database of its own yet, has lost it, or was
        away for too long.
        """
        self._ledger.transactions.forget(device)

    def _report(
        self, item: QueueItem, error: str | None, acknowledgements: Acknowledgements
    ) -> str | None:
        """Report an item, as failed if the other report is lost; give what arrived."""
        if error is None:
            if self._arrives(PROCESSED, acknowledgements):
                self._state.set_status(item.id, PROCESSED)
                return PROCESSED
            error = "MUTATION_ERROR: Failed to acknowledge the queue item"
        if self._arrives(FAILED, acknowledgements):
            self._state.set_status(item.id, FAILED, error)
            return FAILED
        return None

    def _arrives(self, status: str, acknowledgements: Acknowledgements) -> bool:
        match acknowledgements:
            case Acknowledgements.DELIVERED:
                return True
            case Acknowledgements.PROCESSED_LOST:
                return status != PROCESSED
            case Acknowledgements.ALL_LOST:
                return False
            case Acknowledgements.LIMITED:
                return self._is_let_through()

    def _execute(self, item: QueueItem, key: bytes, device: str) -> str | None:
        """Book one item, unless the device remembers it.

        Give the text of the refusal, if it is refused.
        """
        try:
            mutation = normalise(open_payload(item.payload, key))
            operation = self._operations.get(mutation.op)
            if operation is None:
                raise MutationError(f"Unknown operation: {mutation.op}")
            push = Push(item.id, item.message_id)
            if not self._ledger.transactions.remembers(push, device):
                with self._ledger.transactions.applying(push, device):
                    operation(mutation.args, self._ledger, push)
        except Refusal as refusal:
            return str(refusal)
        return None
