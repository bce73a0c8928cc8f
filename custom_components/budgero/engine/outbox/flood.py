"""Recognising an automation that logs far too much."""

from collections import deque
from collections.abc import Iterable

from .policy import FLOOD_LIMITS

type Limits = tuple[tuple[int, float], ...]
"""Pairs of a number of transactions and a time in seconds: more in this time are a
flood."""


class FloodGuard:
    """Remembers when the last transactions came, in seconds since the boot."""

    def __init__(self, limits: Limits = FLOOD_LIMITS) -> None:
        """Take the limits."""
        self._limits = limits
        self._times = deque[float](maxlen=max((most for most, _ in limits), default=0))

    def load(self, times: Iterable[float]) -> None:
        """Take over the times of earlier transactions, in seconds, oldest first."""
        self._times.clear()
        self._times.extend(times)

    @property
    def memory(self) -> int:
        """How many times have to be remembered."""
        return self._times.maxlen or 0

    def is_flood(self, now: float) -> bool:
        """Record a transaction; return whether it exceeds a limit.

        Args:
            now: seconds since the machine booted.
        """
        is_flood = any(
            len(self._times) >= most and now - self._times[-most] < seconds
            for most, seconds in self._limits
        )
        self._times.append(now)
        return is_flood
