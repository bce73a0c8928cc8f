"""The time: Home Assistant's clock, compared with the server's."""

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
"""The server's clock replaces ours only while it is between these two times, in seconds
since the epoch."""

BOOT: Final = "boot"
CLOCK_OFFSET: Final = "clock_offset"
"""Names of facts: the boot during which the outbox was last open, and by how many
seconds Home Assistant's clock was ahead of the time since that boot."""

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_THIS_PROCESS: Final = uuid4().hex
_STEADY: Final = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def uptime() -> float:
    """Return the seconds since the machine booted; sleep counts."""
    return time.clock_gettime(_STEADY)


def read_boot_id() -> str:
    """Return an id of this boot of the machine; it reads a file.

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
        uptime: seconds since the machine booted.
        behind: whether Home Assistant's clock showed a time that had passed already.
    """

    at: float
    boot: str
    uptime: float
    behind: bool


class Clock:
    """Home Assistant's clock and the server's, in seconds since the epoch.

    Home Assistant's is believed from the floor on: the later of this version's release
    and the last moment at which the two agreed. Before the floor the server's is used
    instead; that is not stored.

    Attributes:
        boot: tells this boot of the machine from others.
        floor: Home Assistant's clock cannot be right before this time.
    """

    def __init__(self, wall: Callable[[], float], uptime: Callable[[], float]) -> None:
        """Take the clocks.

        Args:
            wall: returns seconds since the epoch, by Home Assistant's clock.
            uptime: returns the seconds since the machine booted.
        """
        self.boot = _THIS_PROCESS
        self.floor = EARLIEST
        self._wall = wall
        self._uptime = uptime
        self._server: float | None = None
        self._answers = _Answers()
        self.begin(self.boot, self.floor)

    def begin(self, boot: str, floor: float) -> None:
        """Take over what is on disk; `now` starts anew.

        Args:
            boot: id of this boot of the machine.
            floor: Home Assistant's clock cannot be right before this time, in seconds
                since the epoch.
        """
        self.boot, self.floor = boot, floor
        self.began = self.time()
        self.offset = self.began - self._uptime()

    def now(self) -> float:
        """Return the time for rests and ages, in seconds since the epoch.

        It does not jump when the clock is set. It differs from `time` by at most
        `CLOCK_TOLERANCE` seconds once it has followed.
        """
        return self.offset + self._uptime()

    @property
    def jump(self) -> float:
        """Seconds by which `now` has to follow `time`; zero if they are few."""
        jump = self.time() - self.now()
        return jump if self.is_known and abs(jump) > CLOCK_TOLERANCE else 0.0

    def follow(self, jump: float) -> None:
        """Let `now` jump by some seconds; the times on disk must be shifted before."""
        self.offset += jump
        self.began += jump

    def time(self) -> float:
        """Return the time for dates, in seconds since the epoch.

        It is the floor if no clock may be right.
        """
        if self.is_plausible:
            return self._wall()
        return self._server_now() if self._can_stand_in else self.floor

    def uptime(self) -> float:
        """Return the seconds since the machine booted."""
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
        """Whether the server's clock should be compared again soon."""
        return not self.is_plausible or (self._server is not None and not self._agrees)

    @property
    def differs(self) -> bool:
        """Whether several answers over some time differed from our clock."""
        return not self._answers.agree and self._answers.tell and not self._agrees

    @property
    def is_missing(self) -> bool:
        """Whether no clock may be right, although the machine booted some time ago."""
        return not self.is_known and self._uptime() >= BOOT_DOUBT

    @property
    def both(self) -> tuple[float, float]:
        """Home Assistant's time and the server's, the earlier one first."""
        wall = self._wall()
        server = wall if self._server is None else self._server_now()
        return min(wall, server), max(wall, server)

    def to_servers(self, moment: float) -> float:
        """Return what the server's clock showed at a time of ours.

        Both are in seconds since the epoch.
        """
        if self._server is None or self._agrees:
            return moment
        return moment + self._server_now() - self.time()

    def compare(self, server_time: float) -> None:
        """Compare the server's clock with ours.

        If both agree, Home Assistant's clock is right, and the floor rises to this
        time. If our clock is before the floor, both must agree for a while before the
        floor moves back: two wrong clocks may have agreed before.

        Args:
            server_time: in seconds since the epoch.
        """
        self._server = server_time - self._uptime()
        self._answers = self._answers.with_one_more(
            self._agrees, self.is_plausible, self._uptime()
        )
        earlier, _ = self.both
        if self._agrees and (self.is_plausible or self._answers.tell):
            self.floor = max(earlier, EARLIEST)

    def is_day_in_doubt(self, is_same_day: Callable[[float, float], bool]) -> bool:
        """Return whether, soon after a boot, the two clocks may name different days.

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
        """Return the time, with the readings that may correct it later."""
        is_behind = not self.is_plausible
        return Stamp(self.time(), self.boot, self._uptime(), is_behind)

    def moment_of(self, stamp: Stamp) -> float:
        """Return when something happened, as far as is known by now.

        The result is in seconds since the epoch.

        There are three sources: Home Assistant's clock then, the same clock now, and
        the server's. The two that agree are right; the server's alone is not enough.
        """
        now, elapsed = self.time(), self._uptime() - stamp.uptime
        if stamp.boot != self.boot or elapsed < 0:
            if stamp.behind:
                return now  # the true time is unknown; now is the best guess
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
        since: when the first of them came, in seconds since the machine booted.
        until: when the last one came, in the same way.
    """

    agree: bool = False
    is_plausible: bool = False
    number: int = 0
    since: float = 0.0
    until: float = 0.0

    def with_one_more(self, agree: bool, is_plausible: bool, at: float) -> _Answers:
        """Return these answers and the next one, or only the next one if it differs.

        Args:
            agree: whether the clocks agreed in it.
            is_plausible: whether ours might be right.
            at: when it came, in seconds since the machine booted.
        """
        if self.number and (agree, is_plausible) == (self.agree, self.is_plausible):
            return replace(self, number=self.number + 1, until=at)
        return _Answers(agree, is_plausible, 1, at, at)

    @property
    def tell(self) -> bool:
        """Whether there are enough answers, over a long enough time."""
        lasted = self.until - self.since
        return self.number >= ANSWERS_THAT_TELL and lasted >= COMPARE_AFTER


def _is_near(one: float, other: float) -> bool:
    return abs(one - other) <= CLOCK_TOLERANCE
