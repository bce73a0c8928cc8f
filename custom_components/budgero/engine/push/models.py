"""What the push client takes and returns."""

from dataclasses import dataclass, field
from enum import StrEnum

from .transaction import WireFormat


class QueueState(StrEnum):
    """What Budgero's server says of an item."""

    PENDING = "pending"
    """No app has applied it yet."""

    PROCESSED = "processed"
    """An app has booked it."""

    FAILED = "failed"
    """An app reported it as failed; it may have booked it all the same."""

    VANISHED = "vanished"
    """The server no longer knows it; an app may have booked it before."""

    UNKNOWN = "unknown"
    """The server uses a word of its own, or speaks of another item."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A transaction ready for the wire.

    Attributes:
        message_id: minted once; store it before the first push, and repeat
            a push with the same one.
        payload: base64, opaque to everybody without the space key.
    """

    message_id: str
    payload: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took a transaction.

    Only `Client.push` makes one, and whoever stored it may restore it: its
    state can be asked for, which for anything else would create a junk item.
    """

    message_id: str
    queue_id: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The message id was known to the server before the first push of it."""

    message_id: str
    queue_id: str
    state: QueueState


@dataclass(frozen=True, slots=True)
class Spec:
    """What a server says of itself in `/push/spec`."""

    wire_format: WireFormat
    operations: frozenset[str]


@dataclass(frozen=True, slots=True)
class QueueStats:
    """How many items the server holds, by state."""

    pending: int
    processed: int
    failed: int
    total: int


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A pending item of the server's queue."""

    queue_id: str
    message_id: str | None
    state: str
    created_at: str
