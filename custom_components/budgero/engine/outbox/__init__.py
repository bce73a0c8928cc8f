"""The outbox: what Home Assistant has promised to deliver, on disk."""

from .errors import (
    ClosedError,
    DifferentContentError,
    NewerOutboxError,
    NotPossibleError,
    OutboxError,
    OutboxFullError,
    StillInDoubtError,
    StorageError,
    UnknownTransactionError,
    UnreadableOutboxError,
)
from .policy import Hold
from .rows import Counts, FailedBy, Row, State
from .sender import Sender
from .store import Appended, Store

__all__ = [
    "Appended",
    "ClosedError",
    "Counts",
    "DifferentContentError",
    "FailedBy",
    "Hold",
    "NewerOutboxError",
    "NotPossibleError",
    "OutboxError",
    "OutboxFullError",
    "Row",
    "Sender",
    "State",
    "StillInDoubtError",
    "StorageError",
    "Store",
    "UnknownTransactionError",
    "UnreadableOutboxError",
]
