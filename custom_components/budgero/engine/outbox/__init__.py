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
from .files import is_there, storage_errors
from .outbox import Outbox, open_store
from .policy import USER_REFUSED, Hold
from .rows import STRANDED, Counts, FailedBy, Overview, Row, State
from .salvage import Salvaged, log_of
from .sender import Sender
from .signal import Listener, StateChange
from .store import CAPACITY, Appended, Store
from .stumbles import Stumble

__all__ = [
    "CAPACITY",
    "STRANDED",
    "USER_REFUSED",
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
    "Outbox",
    "OutboxError",
    "OutboxFullError",
    "Overview",
    "Row",
    "Salvaged",
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
    "is_there",
    "log_of",
    "open_store",
    "storage_errors",
]
