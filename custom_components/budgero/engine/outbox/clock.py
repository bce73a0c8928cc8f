"""What time it is: Home Assistant's clock, compared with the server's."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time as time_of_day
from pathlib import Path
import time
from typing import Final
from uuid import uuid4

from ..release import RELEASED
from .policy import ANSWERS_THAT_TELL, BOOT_DOUBT, CLOCK_TOLERANCE, COMPARE_AFTER

EARLIEST: Final = datetime.combine(RELEASED, time_of_day(), UTC).timestamp()
LATEST: Final = EARLIEST + 10 * 365.25 * 86400
"""The server's clock stands in for ours only between these two, seconds since the
epoch."""

BOOT: Final = "boot"
CLOCK_OFFSET: Final = "clock_offset"
"""Facts: the boot under which the outbox was open last, and how far its clock was from
the steady one then, in seconds."""

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_THIS_PROCESS: Final = uuid4().hex
_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def uptime() -> float:
    """Return the seconds of a clock that nobody sets, and that no sleep stops."""
    return time.clock_gettime(_STEADY)


def read_boot_id() -> str:
    """Return what tells this boot of the machine from others; it reads a file.

    Where the system has no such id, every start of the program counts as a boot.
    """
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip() or _THIS_PROCESS
    except OSError, UnicodeError:
        return _THIS_PROCESS


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something happened, as far as the clock could tell.

    Attributes:
        at: seconds since the epoch, perhaps of a clock that was wrong.
        boot: of the machine; uptimes of different boots say nothing.
        uptime: seconds of a clock that nobody sets.
        behind: whether Home Assistant's clock showed a time that had passed already.
    """

    at: float
    boot: str
    uptime: float
    behind: bool


class Clock:
    """Home Assistant's clock and the server's, in seconds since the epoch.

    Home Assistant's is believed from the floor on: the later of this version's release
    and the last moment at which the two agreed. Below it the server's stands in, for
    as long as it is so and without leaving a trace.

    Attributes:
        boot: tells this boot of the machine from others.
        floor: Home Assistant's clock cannot be right before this time.
    """

    def __init__(self, wall: Callable[[], float], uptime: Callable[[], float]) -> None:
        """Take Home Assistant's clock, and one that nobody sets."""
        self.boot = _THIS_PROCESS
        self.floor = EARLIEST
        self._wall = wall
        self._uptime = uptime
        self._server: float | None = None
        self._answers = _Answers()
        self.begin(self.boot, self.floor)

    def begin(self, boot: str, floor: float) -> None:
        """Take over what the disk knows; `now` starts anew."""
        self.boot, self.floor = boot, floor
        self.began = self.time()
        self.offset = self.began - self._uptime()

    def now(self) -> float:
        """Return the time of a clock that no one sets, for rests and ages.

        It differs from `time` by at most `CLOCK_TOLERANCE` once it has followed.
        """
        return self.offset + self._uptime()

    @property
    def jump(self) -> float:
        """By how much `now` has to follow `time`; small differences are none."""
        jump = self.time() - self.now()
        return jump if self.is_known and abs(jump) > CLOCK_TOLERANCE else 0.0

    def follow(self, jump: float) -> None:
        """Let `now` jump; what was noted by it must have moved along."""
        self.offset += jump
        self.began += jump

    def time(self) -> float:
        """Return what time it is, for dates; the floor if nobody knows."""
        if self.is_plausible:
            return self._wall()
        return self._server_now() if self._can_stand_in else self.floor

    def uptime(self) -> float:
        """Return the seconds of the clock that nobody sets."""
        return self._uptime()

    @property
    def is_plausible(self) -> bool:
        """Whether Home Assistant's clock may be right."""
        return self._wall() >= self.floor - CLOCK_TOLERANCE

    @property
    def is_known(self) -> bool:
        """Whether there is a clock that may be right."""
        return self.is_plausible or self._can_stand_in

    @property
    def is_certain(self) -> bool:
        """Whether Home Assistant's clock may be right, and the server's agrees."""
        return self.is_plausible and self._agrees

    @property
    def has_to_be_compared(self) -> bool:
        """Whether the server's clock should soon be looked at again."""
        return not self.is_plausible or (self._server is not None and not self._agrees)

    @property
    def differs(self) -> bool:
        """Whether several answers over some time showed another time than ours."""
        return not self._answers.agree and self._answers.tell and not self._agrees

    @property
    def is_missing(self) -> bool:
        """Whether no clock may be right, and none has come in time after the boot."""
        return not self.is_known and self._uptime() >= BOOT_DOUBT

    @property
    def both(self) -> tuple[float, float]:
        """Home Assistant's time and the server's, the earlier one first."""
        wall = self._wall()
        server = wall if self._server is None else self._server_now()
        return min(wall, server), max(wall, server)

    def to_servers(self, moment: float) -> float:
        """Return what the server's clock showed at a time of ours, if they differ."""
        if self._server is None or self._agrees:
            return moment
        return moment + self._server_now() - self.time()

    def compare(self, server_time: float) -> None:
        """Look at the server's clock.

        Where both agree, Home Assistant's clock is right and may never go back behind
        this. If it seems to have gone back, they must agree for a while: two wrong
        clocks may have agreed before.
        """
        self._server = server_time - self._uptime()
        self._answers = self._answers.with_one_more(
            self._agrees, self.is_plausible, self._uptime()
        )
        earlier, _ = self.both
        if self._agrees and (self.is_plausible or self._answers.tell):
            self.floor = max(earlier, EARLIEST)

    def is_day_in_doubt(self, is_same_day: Callable[[float, float], bool]) -> bool:
        """Return whether the two clocks may name different days soon after a boot.

        A machine without a clock of its own starts with the time of its last
        shutdown, and learns the right one from the network a little later.
        """
        if self._server is None or self._agrees or self._uptime() >= BOOT_DOUBT:
            return False
        if not self.is_plausible:
            return False
        server = self._server_now()
        return not EARLIEST <= server <= LATEST or not is_same_day(self._wall(), server)

    def stamp(self) -> Stamp:
        """Return the time with what may put it right later."""
        is_behind = not self.is_plausible
        return Stamp(self.time(), self.boot, self._uptime(), is_behind)

    def moment_of(self, stamp: Stamp) -> float:
        """Return when something really happened, as far as is known by now.

        Of Home Assistant's clock then, the same clock now and the server's, the two
        that agree are right; a server alone never is.
        """
        now, elapsed = self.time(), self._uptime() - stamp.uptime
        if stamp.boot != self.boot or elapsed < 0:
            if stamp.behind:
                return now  # nobody can tell; today is nearer than years ago
            return min(stamp.at, now) if self.is_certain else stamp.at
        if _is_near(now - elapsed, stamp.at):
            return stamp.at
        if stamp.behind:
            return now - elapsed
        knows_better = self._server is None or not _is_near(
            self._server_now() - elapsed, stamp.at
        )
        return now - elapsed if self.is_plausible and knows_better else stamp.at

    @property
    def _agrees(self) -> bool:
        return self._server is not None and _is_near(self._wall(), self._server_now())

    @property
    def _can_stand_in(self) -> bool:
        if self._server is None:
            return False
        return self.floor - CLOCK_TOLERANCE <= self._server_now() <= LATEST

    def _server_now(self) -> float:
        assert self._server is not None
        return self._server + self._uptime()


@dataclass(frozen=True, slots=True)
class _Answers:
    """The server's last answers that showed the same about the clocks.

    Attributes:
        agree: whether the clocks agreed in them.
        is_plausible: whether ours might be right.
        number: how many they are.
        since: when the first of them came, by the clock that nobody sets.
        until: when the last one came.
    """

    agree: bool = False
    is_plausible: bool = False
    number: int = 0
    since: float = 0.0
    until: float = 0.0

    def with_one_more(self, agree: bool, is_plausible: bool, at: float) -> _Answers:
        """Return these with the next one, or that one alone if it shows otherwise."""
        if self.number and (agree, is_plausible) == (self.agree, self.is_plausible):
            return replace(self, number=self.number + 1, until=at)
        return _Answers(agree, is_plausible, 1, at, at)

    @property
    def tell(self) -> bool:
        """Whether they are enough, over a time that is long enough."""
        lasted = self.until - self.since
        return self.number >= ANSWERS_THAT_TELL and lasted >= COMPARE_AFTER


def _is_near(one: float, other: float) -> bool:
    return abs(one - other) <= CLOCK_TOLERANCE
