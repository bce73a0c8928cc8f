"""The time, also on a machine that booted without it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
import time
from typing import Final
from uuid import uuid4

from .policy import CLOCK_TOLERANCE

_SAME: Final = 60.0
_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def uptime() -> float:
    """Return the seconds of a clock that nobody sets, and that no sleep stops."""
    return time.clock_gettime(_STEADY)


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something happened, as far as the clock could tell.

    Attributes:
        at: seconds since the epoch, perhaps of a clock that was wrong.
        run: the run of the program; uptimes of different runs say nothing.
        uptime: seconds of a clock that nobody sets.
        behind: whether a later time had been before.
    """

    at: float
    run: str
    uptime: float
    behind: bool


class Clock:
    """Seconds since the epoch, put right by what the server shows.

    A clock without time is behind, never ahead: the later one is right. Once the
    time is known it goes on steadily, whatever somebody sets the clock to.

    Attributes:
        latest: the time that the server showed last.
    """

    def __init__(self, wall: Callable[[], float], uptime: Callable[[], float]) -> None:
        """Take a clock that may be wrong, and one that nobody sets."""
        self.latest = -inf
        self._wall = wall
        self._uptime = uptime
        self._run = uuid4().hex
        self._began = -inf

    def now(self) -> float:
        """Return the time."""
        wall, steady = self._wall(), self._began + self._uptime()
        return wall if wall - steady > CLOCK_TOLERANCE else steady

    def stamp(self) -> Stamp:
        """Return the time with what may put it right later."""
        now = self.now()
        is_behind = now < self.latest - CLOCK_TOLERANCE
        return Stamp(now, self._run, self._uptime(), is_behind)

    def set_right(self, server_time: float) -> None:
        """Compare with the server's clock."""
        wall = self._wall()
        is_behind = server_time - wall > CLOCK_TOLERANCE
        self._began = (server_time if is_behind else wall) - self._uptime()
        self.latest = server_time

    def correct(self, stamp: Stamp) -> float | None:
        """Return when it really happened, `None` if the stamp seems right."""
        now = self.now()
        if stamp.run == self._run:
            at = now - (self._uptime() - stamp.uptime)
        else:
            at = now if stamp.behind else stamp.at
        at = min(at, now)
        return None if abs(at - stamp.at) <= _SAME else at
