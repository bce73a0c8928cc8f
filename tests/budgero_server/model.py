"""The rows that the stand-in keeps, as the tests see them."""

from dataclasses import dataclass
from typing import Final

PENDING: Final = "pending"
PROCESSED: Final = "processed"
FAILED: Final = "failed"


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a budget; the opening balance is in milliunits."""

    id: int
    name: str
    currency: str
    archived: bool = False
    opening_balance: int = 0


@dataclass(frozen=True, slots=True)
class Category:
    """A category of a budget and the name of its group."""

    id: int
    name: str
    group: str = "Everyday"


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a budget."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget with everything that a transaction can name.

    Ids of accounts, categories and labels are unique across all budgets, as
    they are in Budgero's own database.
    """

    id: int
    name: str
    currency: str
    accounts: tuple[Account, ...]
    categories: tuple[Category, ...]
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True, slots=True)
class Space:
    """A workspace and its raw 32-byte space key."""

    id: str
    name: str
    key: bytes
    created_at: str


@dataclass(frozen=True, slots=True)
class PushToken:
    """The one push token of the user, bound to one space."""

    text: str
    space_id: str
    is_enabled: bool
    created_at: str
    last_used: str | None


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One row of the push queue.

    The error is what the app wrote into its audit log when it refused the
    item: a code and a text.
    """

    id: str
    space_id: str
    message_id: str | None
    payload: str
    status: str
    error: str | None
    created_at: str
    processed_at: str | None


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """How many items have each of the three known statuses."""

    pending: int
    processed: int
    failed: int

    @property
    def total(self) -> int:
        """The sum; items with any other status count nowhere."""
        return self.pending + self.processed + self.failed


@dataclass(frozen=True, slots=True)
class Booking:
    """One transaction in the ledger; inflow and outflow are in milliunits."""

    id: int
    budget_id: int
    budget: str
    account_id: int
    account: str
    currency: str
    category_id: int
    category: str
    date: str
    month: str
    inflow: int
    outflow: int
    memo: str
    payee: str | None
    label_id: int | None
    transfer_id: str | None
    conversion_pending: bool
    queue_id: str
    message_id: str | None
