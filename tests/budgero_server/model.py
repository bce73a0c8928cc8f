"""The rows that the stand-in keeps, as the tests see them."""

from dataclasses import dataclass
from typing import Final

PENDING: Final = "pending"
PROCESSED: Final = "processed"
FAILED: Final = "failed"
MILLIUNITS: Final = 1000


@dataclass(frozen=True, slots=True)
class Account:
    """An account; its opening balance is in the unit of its amounts."""

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
class Payee:
    """A payee that a budget has before anything is booked."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Label:
    """A label of a budget."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget with everything that a transaction can name.

    Ids of accounts, categories, labels and payees are unique across all budgets, as
    they are in Budgero's own database.
    """

    id: int
    name: str
    currency: str
    accounts: tuple[Account, ...]
    categories: tuple[Category, ...]
    labels: tuple[Label, ...] = ()
    payees: tuple[Payee, ...] = ()


@dataclass(frozen=True, slots=True)
class Space:
    """A workspace and its raw 32-byte space key."""

    id: str
    name: str
    key: bytes
    created_at: str


@dataclass(frozen=True, slots=True)
class Blob:
    """The encrypted database of a space; the source says what it was made of."""

    space_id: str
    version: int
    source: str
    content: bytes


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
class Split:
    """One line of a split transaction: for a category, or into another account."""

    inflow: int
    outflow: int
    category_id: int | None
    category: str | None
    transfer_account_id: int | None
    memo: str
    payee: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction that passed every rule and can be booked."""

    budget_id: int
    account_id: int
    category_id: int
    date: str
    inflow: int
    outflow: int
    memo: str
    payee: str | None
    label_id: int | None
    transfer_id: str | None
    cleared: bool = False
    splits: tuple[Split, ...] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """One transaction in the ledger.

    Inflow and outflow are in milliunits, or in the unit that the release has for
    the account's currency.
    """

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
    cleared: bool = False
    splits: tuple[Split, ...] = ()
