"""What the push client takes and returns."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from .wire import WireFormat


class QueueState(StrEnum):
    """The state of an item at Budgero's server."""

    PENDING = "pending"
    """No app has applied it yet."""

    PROCESSED = "processed"
    """An app has booked it."""

    FAILED = "failed"
    """An app reported it as failed; it may have booked it all the same."""

    VANISHED = "vanished"
    """The server no longer knows it; an app may have booked it before."""

    UNKNOWN = "unknown"
    """The server used an unknown word, or its answer is about another item."""


class Operation(StrEnum):
    """What a sealed payload asks Budgero to do."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"
    TRANSFER = "transfer"

    TEST = "test"
    """Delete a transaction that does not exist, to see whether an app can open it."""


class Feature(StrEnum):
    """Features that servers may support, by their names in the spec."""

    ADD = "transactions.add"
    UPDATE = "transactions.updateByRef"
    DELETE = "transactions.deleteByRef"
    TRANSFER = "transactions.addTransfer"
    DELETE_TRANSFER = "transactions.deleteTransfer"

    SPLITS = "transactions.add.splits"
    """Argument of `transactions.add`."""

    CLEARED = "transactions.add.cleared"
    """Argument of `transactions.add`."""

    @property
    def field(self) -> str | None:
        """Return the field of the action, `None` for an operation."""
        return self.removeprefix(f"{Feature.ADD}.") if self in _FIELDS else None


_FIELDS: Final = (Feature.SPLITS, Feature.CLEARED)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A transaction ready for the wire.

    Attributes:
        message_id: made once. It must be stored before the first push, and stay the
            same in every repetition.
        payload: base64; only the space key opens it.
        operation: what it asks Budgero to do.
        target: message id of the transaction that it changes, or the id of the
            transfer that it makes, if it does.
    """

    message_id: str
    payload: str = field(repr=False)
    operation: Operation = Operation.ADD
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The server took a transaction.

    Only `Client.push` and the outbox make one, and `Client.ask_state` takes nothing
    else. So nobody asks about a transaction that was never accepted, which would add an
    item to the queue.
    """

    message_id: str
    queue_id: str


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The server knew the message id before it was pushed for the first time."""

    message_id: str
    queue_id: str
    state: QueueState


@dataclass(frozen=True, slots=True)
class Asked:
    """The server's answer to a question about an accepted transaction.

    Attributes:
        state: the state of the transaction.
        other_id: the server's id of another item with the same message id; with
            `VANISHED` it is the item that one of our questions added.
        is_new: whether this question added it.
    """

    state: QueueState
    other_id: str | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """What a server says about itself in `/push/spec`.

    Attributes:
        wire_format: the payload format that it takes.
        features: the features that it supports, of those that are used here.
        server_time: its time, in seconds since the epoch, if the answer has it.
    """

    wire_format: WireFormat
    features: frozenset[Feature]
    server_time: float | None = None


@dataclass(frozen=True, slots=True)
class QueueStats:
    """How many items the server holds, by state."""

    pending: int
    processed: int
    failed: int
    total: int


@dataclass(frozen=True, slots=True)
class StoredDatabase:
    """A workspace's database, as an app has uploaded it.

    Attributes:
        version: changes with every upload.
        content: encrypted.
    """

    version: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """An item of the server's queue.

    Attributes:
        queue_id: the server's id.
        message_id: as it was pushed; `None` if this integration would not accept it.
        state: its state at the server.
        created_at: when the server took it, in UTC.
        is_question: whether one of our questions added it, so that no app can book it;
            `None` if the server does not show that.
    """

    queue_id: str
    message_id: str | None
    state: QueueState
    created_at: datetime
    is_question: bool | None = None


class TokenOwner(StrEnum):
    """Whether a push token belongs to a signed-in user."""

    USER = "user"
    """It is the user's own, for the workspace that the user's app shows first."""

    OTHER_USER = "other_user"
    """It is not the token of this user."""

    OTHER_SPACE = "other_space"
    """It is the user's own, but not for the primary workspace."""

    CANNOT_TELL = "cannot_tell"
    """Somebody else used the user's token at the same time in every attempt."""


class KeyProof(StrEnum):
    """Whether a space key opens what the server stores."""

    PROVEN = "proven"
    WRONG = "wrong"

    CANNOT_TELL = "cannot_tell"
    """Nothing is stored yet, or it has another format."""


class PutBack(StrEnum):
    """What the server's queue shows after an item was put back."""

    PENDING = "pending"
    """An app will apply it."""

    NOT_PENDING = "not_pending"
    """The server does not know it, or an app has just taken it."""

    CANNOT_TELL = "cannot_tell"
    """More items are pending than the server lists."""
