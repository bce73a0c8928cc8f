"""The rows of the outbox."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..push.models import Accepted, Sealed


class State(StrEnum):
    """Where a transaction stands."""

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
    """Accepted, asked about often enough, never settled."""

    REMOVED = "removed"
    """A person took it out."""


class FailedBy(StrEnum):
    """Who reported a transaction as failed."""

    APP = "app"
    SERVER = "server"


FINISHED: Final = frozenset({State.PROCESSED, State.REMOVED})
UNFINISHED: Final = frozenset(State) - FINISHED

STRANDED: Final = frozenset(
    {State.FAILED, State.DUPLICATE, State.VANISHED, State.UNKNOWN}
)
"""Nothing more happens to these by itself; a person decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A transaction in the outbox. All times are seconds since the epoch.

    Attributes:
        message_id: the same on every push.
        state: where it stands.
        payload: sealed; gone once it is finished.
        digest: tells whether another call with this id has the same content.
        created_at: when it was taken on.
        attempts: how many pushes were begun.
        in_doubt: whether a push, or once accepted a question about it, may have
            arrived whose answer is unknown.
        not_before: when to push it again, or to ask about it again.
        queue_id: the server's id, once it is known.
        accepted_at: when the server took it.
        questions: how often its state was asked for.
        error: code of the last trouble with it.
        failed_by: who reported it as failed.
        replaces: message id of the one that it was sent again for.
    """

    message_id: str
    state: State
    payload: str | None = field(repr=False)
    digest: bytes = field(repr=False)
    created_at: float
    attempts: int
    in_doubt: bool
    not_before: float
    queue_id: str | None
    accepted_at: float | None
    questions: int
    error: str | None
    failed_by: FailedBy | None
    replaces: str | None

    @property
    def sealed(self) -> Sealed:
        """Return what to push."""
        if self.payload is None:
            msg = "A finished transaction has no payload"
            raise ValueError(msg)
        return Sealed(self.message_id, self.payload)

    @property
    def accepted(self) -> Accepted:
        """Return the server's acceptance, as it was stored."""
        if self.queue_id is None:
            msg = "This transaction was never accepted"
            raise ValueError(msg)
        return Accepted(self.message_id, self.queue_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many transactions stand where."""

    waiting: int = 0
    accepted: int = 0
    processed: int = 0
    failed: int = 0
    vanished: int = 0
    duplicate: int = 0
    unknown: int = 0
    removed: int = 0
