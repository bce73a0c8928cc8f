"""What the push client takes and returns."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from .wire import WireFormat


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


class Operation(StrEnum):
    """What a sealed payload asks Budgero to do."""

    ADD = "add"
    UPDATE = "update"
    DELETE = "delete"
    TRANSFER = "transfer"

    TEST = "test"
    """Delete what does not exist: whether an app can open it proves the space key."""


class Feature(StrEnum):
    """What servers may know, by the names in their spec."""

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
        """Return the action's field that it is, `None` for an operation."""
        return self.removeprefix(f"{Feature.ADD}.") if self in _FIELDS else None


_FIELDS: Final = (Feature.SPLITS, Feature.CLEARED)


@dataclass(frozen=True, slots=True)
class Sealed:
    """A transaction ready for the wire.

    Attributes:
        message_id: minted once; store it before the first push, and repeat
            a push with the same one.
        payload: base64, opaque to everybody without the space key.
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

    Only `Client.push` makes one, and whoever stored it may restore it: its
    state can be asked for, which for anything else would create a leftover.
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
class Asked:
    """What the server says to a question about an accepted transaction.

    Attributes:
        state: where it stands.
        other_id: the server's id of another item that has its message id; where it
            vanished, a question of ours left that item.
        is_new: whether it was this question.
    """

    state: QueueState
    other_id: str | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Spec:
    """What a server says of itself in `/push/spec`.

    Attributes:
        wire_format: the payload format that it takes.
        features: what its app knows of what is of use here.
        server_time: its clock, seconds since the epoch, if it shows one.
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
        message_id: as it was pushed, `None` without one that this integration
            could have made.
        state: what the server says of it.
        created_at: when the server took it, in UTC.
        is_question: whether one of our questions left it, which no app can book;
            `None` if the server does not show what it is.
    """

    queue_id: str
    message_id: str | None
    state: QueueState
    created_at: datetime
    is_question: bool | None = None


class TokenOwner(StrEnum):
    """Whose push token it is, seen from a signed-in user."""

    USER = "user"
    """The user's own, for the workspace that the user's app shows first."""

    OTHER_USER = "other_user"
    """Not the token of this user."""

    OTHER_SPACE = "other_space"
    """The user's own, but not for the primary workspace."""

    CANNOT_TELL = "cannot_tell"
    """Somebody else used the user's token at the same time, again and again."""


class KeyProof(StrEnum):
    """Whether a space key opens what the server stores."""

    PROVEN = "proven"
    WRONG = "wrong"

    CANNOT_TELL = "cannot_tell"
    """No app has stored anything yet, or in another format."""


class PutBack(StrEnum):
    """What the queue says of an item that was put back."""

    PENDING = "pending"
    """An app will apply it."""

    NOT_PENDING = "not_pending"
    """The server does not know it, or an app has just taken it."""

    CANNOT_TELL = "cannot_tell"
    """More items are pending than the server lists."""
