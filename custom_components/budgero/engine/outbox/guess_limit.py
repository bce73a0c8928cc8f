"""Keeping what a transaction is about from being guessed.

A known message id with other content is refused, so a caller could try amounts and
payees until the answer changes.
"""

from collections.abc import Callable
import time
from typing import Final

MAX_GUESSES: Final = 3
"""Calls with other content for one message id that are answered within `FOR`."""

FOR: Final = 86400.0
"""Seconds for which a wrong guess counts."""


class GuessLimit:
    """Counts repeated calls with other content. It is not kept across a restart."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Start without a guess.

        Args:
            now: returns seconds of a clock that is never set.
        """
        self._now = now
        self._guesses: dict[str, list[float]] = {}

    def is_reached(self, message_id: str) -> bool:
        """Return whether content is no longer compared for an id."""
        self._forget_old()
        return len(self._guesses.get(message_id, ())) >= MAX_GUESSES

    def note(self, message_id: str) -> None:
        """Count a call whose content was another one."""
        self._guesses.setdefault(message_id, []).append(self._now())

    def _forget_old(self) -> None:
        since = self._now() - FOR
        recent = {
            message_id: [at for at in times if at > since]
            for message_id, times in self._guesses.items()
        }
        self._guesses = {
            message_id: times for message_id, times in recent.items() if times
        }
