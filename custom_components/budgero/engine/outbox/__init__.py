"""The outbox: what Home Assistant has promised to deliver, on disk."""

from .clock import Clock
from .closed_file import find_in_file
from .errors import (
    ClosedError,
    DifferentContentError,
    ForeignOutboxError,
    NewerOutboxError,
    NotPossibleError,
    OutboxError,
    OutboxFullError,
    StillInDoubtError,
    StorageError,
    TooManyGuessesError,
    UnknownTransactionError,
    UnreadableOutboxError,
)
from .policy import Hold
from .rows import Counts, FailedBy, Overview, Row, State
from .sender import Sender
from .signal import Listener, StateChange
from .store import CAPACITY, Appended, Store
from .stumbles import Stumble

__all__ = [
    "CAPACITY",
    "Appended",
    "Clock",
    "ClosedError",
    "Counts",
    "DifferentContentError",
    "FailedBy",
    "ForeignOutboxError",
    "Hold",
    "Listener",
    "NewerOutboxError",
    "NotPossibleError",
    "OutboxError",
    "OutboxFullError",
    "Overview",
    "Row",
    "Sender",
    "State",
    "StateChange",
    "StillInDoubtError",
    "StorageError",
    "Store",
    "Stumble",
    "TooManyGuessesError",
    "UnknownTransactionError",
    "UnreadableOutboxError",
    "find_in_file",
]
