"""The rows of the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..push.models import Accepted, Operation, Sealed
from .policy import Hold


class State(StrEnum):
    """The states of a transaction."""

    WAITING = "waiting"
    """Not yet accepted by Budgero's server."""

    ACCEPTED = "accepted"
    """The server has it; no app has been seen to apply it."""

    PROCESSED = "processed"
    """An app has applied it."""

    FAILED = "failed"
    """Reported as failed; an app may have booked it all the same."""

    VANISHED = "vanished"
    """It was accepted, and the server no longer knows it."""

    DUPLICATE = "duplicate"
    """Somebody else used its message id before its first push."""

    UNKNOWN = "unknown"
    """It was accepted, and even the last question did not tell what became of it."""

    REMOVED = "removed"
    """A person took it out."""


class FailedBy(StrEnum):
    """Who reported a transaction as failed."""

    APP = "app"
    SERVER = "server"


class Leftover(StrEnum):
    """Where the item stands that a question left in the server's queue."""

    PENDING = "pending"
    """An app has not looked at it, as far as is known."""

    UNLISTED = "unlisted"
    """The server no longer lists it as pending: one question tells where it is."""

    FAILED = "failed"
    """An app has refused it."""

    GONE = "gone"
    """It is counted nowhere any more."""


FINISHED: Final = frozenset({State.PROCESSED, State.REMOVED})
UNFINISHED: Final = frozenset(State) - FINISHED

STRANDED: Final = frozenset(
    {State.FAILED, State.DUPLICATE, State.VANISHED, State.UNKNOWN}
)
"""Nothing more happens to these without a person's decision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A transaction in the outbox. All times are seconds since the epoch.

    Attributes:
        message_id: the same on every push.
        state: where it stands.
        payload: sealed; gone once it is finished.
        digest: tells whether another call with this id has the same content;
            empty once it was sealed again with another key.
        operation: what it asks Budgero to do.
        target: message id of the transaction that it changes, or the id of the
            transfer that it makes, if it does.
        created_at: when it was appended.
        held: why it is not pushed although it waits.
        attempts: how many pushes were begun.
        in_doubt: whether the answer to the last push is unknown, so that it may have
            arrived; once accepted, the same of the last question.
        not_before: when it may be pushed, or asked about, next.
        queue_id: the server's id, once it is known.
        accepted_at: when the server took it.
        questions: how often its state was asked for.
        error: code of the last trouble with it.
        failed_by: who reported it as failed.
        replaces: message id of the one that it was sent again for.
        has_old_key: whether an earlier key may have sealed what the server has.
        leftover: where the item stands that a question about it added to the server's
            queue, if it did.
        leftover_id: the server's id of that item.
        in_question: whether the server may have forgotten it, because it forgot another
            one, and questions have not shown yet which ones.
        logged_by: id of whoever logged it, if it is known: a user, a device or both.
    """

    message_id: str
    state: State
    payload: str | None = field(repr=False)
    digest: bytes = field(repr=False)
    operation: Operation
    target: str | None
    created_at: float
    held: Hold | None
    attempts: int
    in_doubt: bool
    not_before: float
    queue_id: str | None
    accepted_at: float | None
    questions: int
    error: str | None
    failed_by: FailedBy | None
    replaces: str | None
    has_old_key: bool
    leftover: Leftover | None
    leftover_id: str | None
    in_question: bool
    logged_by: str | None

    @property
    def sealed(self) -> Sealed:
        """Return what to push."""
        if self.payload is None:
            msg = "A finished transaction has no payload"
            raise ValueError(msg)
        return Sealed(self.message_id, self.payload, self.operation, self.target)

    @property
    def may_keep_id(self) -> bool:
        """Whether it may be sent again under its own message id.

        It may not if a question may have added an item with that id to the server's
        queue, because an app cannot book that item.
        """
        is_asked = self.in_doubt or self.leftover is not None
        return self.state is State.VANISHED and not is_asked

    @property
    def accepted(self) -> Accepted:
        """Return the server's acceptance, as it was stored."""
        if self.queue_id is None:
            msg = "This transaction was never accepted"
            raise ValueError(msg)
        return Accepted(self.message_id, self.queue_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many transactions are in each state."""

    waiting: int = 0
    accepted: int = 0
    processed: int = 0
    failed: int = 0
    vanished: int = 0
    duplicate: int = 0
    unknown: int = 0
    removed: int = 0

    @property
    def unfinished(self) -> int:
        """Return how many of them count towards the capacity of the outbox."""
        return sum(getattr(self, state) for state in UNFINISHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What the outbox holds. All times are seconds since the epoch.

    Attributes:
        counts: how many transactions stand where.
        held: how many of those that wait are held, by reason.
        oldest_waiting: when the oldest one that waits was appended.
        oldest_due: the same, of those that are not held.
        last_accepted: when the server last took one.
        oldest_accepted: when it took the oldest one that no app has applied.
        undated: how many wait for their date to be certain.
        has_news: whether something came to a stranded state, or left it, since that
            was announced last.
        in_question: how many of those accepted the server may have forgotten.
        leftover_pending: how many items our own questions left in the server's queue.
        leftover_failed: how many of those an app has refused since.
    """

    counts: Counts = Counts()
    held: Mapping[Hold, int] = field(default_factory=dict)
    oldest_waiting: float | None = None
    oldest_due: float | None = None
    last_accepted: float | None = None
    oldest_accepted: float | None = None
    undated: int = 0
    has_news: bool = False
    in_question: int = 0
    leftover_pending: int = 0
    leftover_failed: int = 0
