"""Errors on this machine that come again and again."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

OFTEN: Final = 3
"""An error that comes so often in a row does not pass by itself."""

_FORGOTTEN_AFTER: Final = 3600.0
"""Seconds after which an error no longer counts; what fails is tried again sooner."""


class Stumble(StrEnum):
    """What keeps going wrong, the most urgent one first."""

    STORAGE = "storage"
    """The disk refuses."""

    UNEXPECTED = "unexpected"
    """A mistake of this program."""


@dataclass(frozen=True, slots=True)
class _Record:
    stumble: Stumble
    times: int
    at: float


class Stumbles:
    """Counts errors in a row: of each transaction, and of the sender's turns."""

    def __init__(self) -> None:
        """Start without any."""
        self._records: dict[str, _Record] = {}

    @property
    def lasting(self) -> Stumble | None:
        """What does not pass by itself, the most urgent one."""
        now = _now()
        lasting = {
            record.stumble
            for record in self._records.values()
            if record.times >= OFTEN and now - record.at < _FORGOTTEN_AFTER
        }
        return next((stumble for stumble in Stumble if stumble in lasting), None)

    def note(self, what: str, stumble: Stumble) -> None:
        """Record that something went wrong.

        Args:
            what: message id of the transaction, empty if it was the whole turn.
            stumble: how.
        """
        known = self._records.get(what)
        is_same = known is not None and known.stumble is stumble
        times = known.times + 1 if known and is_same else 1
        self._records[what] = _Record(stumble, times, _now())

    def end(self, what: str) -> None:
        """Record that it went well."""
        self._records.pop(what, None)


def _now() -> float:
    return asyncio.get_running_loop().time()
