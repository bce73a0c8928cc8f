"""Errors on this machine that come again and again."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
import logging
from typing import Final

from .errors import OutboxError
from .gate import Gate
from .signal import Signal

OFTEN: Final = 3
"""How often an error must come in a row to count as one that does not pass by
itself."""

_FORGOTTEN_AFTER: Final = 3600.0
"""Seconds after which an error no longer counts. Whatever fails is tried again
sooner."""

_LOGGER = logging.getLogger(__name__)


class Stumble(StrEnum):
    """An error that keeps coming; the most urgent one is first."""

    STORAGE = "storage"
    """The file cannot be read or written."""

    UNEXPECTED = "unexpected"
    """A bug in this integration."""


@dataclass(frozen=True, slots=True)
class _Record:
    stumble: Stumble
    times: int
    at: float


class Stumbles:
    """Counts errors in a row: of each transaction, and of the sender's turns.

    Each error makes a pause.
    """

    def __init__(self, gate: Gate, signal: Signal) -> None:
        """Start without errors; take the gate that makes the pauses, and the signal."""
        self._gate = gate
        self._signal = signal
        self._records: dict[str, _Record] = {}

    @property
    def lasting(self) -> Stumble | None:
        """The most urgent error that does not pass by itself, `None` without one."""
        now = _now()
        lasting = {
            record.stumble
            for record in self._records.values()
            if record.times >= OFTEN and now - record.at < _FORGOTTEN_AFTER
        }
        return next((stumble for stumble in Stumble if stumble in lasting), None)

    def note(self, what: str, error: Exception) -> None:
        """Record an error, and make a pause.

        Args:
            what: message id of the transaction, empty if the whole turn failed.
            error: the error.
        """
        if isinstance(error, OutboxError):
            stumble = Stumble.STORAGE
        else:
            # The type only: the text of an unknown error may contain private data.
            _LOGGER.error("Unexpected %s in the outbox", type(error).__name__)
            stumble = Stumble.UNEXPECTED
        known = self._records.get(what)
        is_same = known is not None and known.stumble is stumble
        times = known.times + 1 if known and is_same else 1
        self._records[what] = _Record(stumble, times, _now())
        self._gate.pause(stumble)
        self._signal()  # listeners read the file, and find out whether it is damaged

    def end(self, what: str) -> None:
        """Record a success, which ends the row of errors."""
        self._records.pop(what, None)


def _now() -> float:
    return asyncio.get_running_loop().time()
