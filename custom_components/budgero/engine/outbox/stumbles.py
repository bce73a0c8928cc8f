"""Errors on this machine that come again and again."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

OFTEN: Final = 3
"""How often an error must come in a row to count as one that does not pass by
itself."""

_FORGOTTEN_AFTER: Final = 3600.0
"""Seconds after which an error no longer counts. Whatever fails is tried again
sooner."""


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
    """Counts errors in a row: of each transaction, and of the sender's turns."""

    def __init__(self) -> None:
        """Start without errors."""
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

    def note(self, what: str, stumble: Stumble) -> None:
        """Record an error.

        Args:
            what: message id of the transaction, empty if the whole turn failed.
            stumble: the kind of the error.
        """
        known = self._records.get(what)
        is_same = known is not None and known.stumble is stumble
        times = known.times + 1 if known and is_same else 1
        self._records[what] = _Record(stumble, times, _now())

    def end(self, what: str) -> None:
        """Record a success, which ends the row of errors."""
        self._records.pop(what, None)


def _now() -> float:
    return asyncio.get_running_loop().time()
