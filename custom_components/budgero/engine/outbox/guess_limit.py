"""Protects the content of transactions from being guessed.

A call with a known message id and other content is refused. So a caller could try
amounts and payees until a call is accepted.
"""

from collections.abc import Callable
import time
from typing import Final

MAX_GUESSES: Final = 3
"""Calls with other content for one message id that are answered within `FOR`."""

FOR: Final = 86400.0
"""Seconds for which a call with other content counts."""


class GuessLimit:
    """Counts repeated calls with other content. It is not kept across a restart."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        """Start without any call.

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
