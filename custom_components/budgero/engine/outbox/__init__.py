"""The outbox: what Home Assistant has promised to deliver, on disk.

Home Assistant uses an `Outbox`, and for files that are not open a `ClosedFile`.
"""

from .clock import Clock
from .closed_file import ClosedFile
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
from .outbox import Outbox
from .policy import USER_REFUSED, Hold
from .rows import STRANDED, FailedBy, Overview, Row, State
from .salvage import Salvaged
from .signal import StateChange
from .store import CAPACITY
from .stumbles import Stumble

__all__ = [
    "CAPACITY",
    "STRANDED",
    "USER_REFUSED",
    "Clock",
    "ClosedError",
    "ClosedFile",
    "DifferentContentError",
    "FailedBy",
    "ForeignOutboxError",
    "Hold",
    "NewerOutboxError",
    "NotPossibleError",
    "Outbox",
    "OutboxError",
    "OutboxFullError",
    "Overview",
    "Row",
    "Salvaged",
    "State",
    "StateChange",
    "StillInDoubtError",
    "StorageError",
    "Stumble",
    "TooManyGuessesError",
    "UnknownTransactionError",
    "UnreadableOutboxError",
]
