"""The time on machines without a clock of their own."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from custom_components.budgero.engine.outbox.clock import Clock, uptime

from .helpers import DAY

TRUE_TIME = datetime(2026, 5, 4, 12, tzinfo=UTC).timestamp()


@dataclass
class Dial:
    """Two clocks to turn."""

    wall: float = TRUE_TIME
    steady: float = 0.0

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.wall += seconds
        self.steady += seconds


@pytest.fixture
def dial() -> Dial:
    """What the clock is made of."""
    return Dial()


@pytest.fixture
def clock(dial: Dial) -> Clock:
    """A clock that the server has not been compared with."""
    return Clock(lambda: dial.wall, lambda: dial.steady)


def test_a_clock_that_is_right_is_believed(clock: Clock, dial: Dial) -> None:
    """A difference that people live with is none."""
    dial.wall -= 600
    clock.set_right(TRUE_TIME)
    dial.wait(60)
    assert clock.now() == TRUE_TIME - 540
    assert not clock.stamp().behind


@pytest.mark.parametrize("behind", [7200, DAY, 50 * 365 * DAY])
def test_a_clock_that_is_behind_is_put_right(
    clock: Clock, dial: Dial, behind: float
) -> None:
    """From the server's time on, by a clock that nobody sets."""
    dial.wall -= behind
    assert clock.now() == TRUE_TIME - behind
    clock.set_right(TRUE_TIME)
    assert clock.now() == TRUE_TIME
    dial.wait(60)
    assert clock.now() == TRUE_TIME + 60


@pytest.mark.parametrize("behind", [300, 3000, 7200, 50 * 365 * DAY])
def test_a_clock_that_is_set_later_changes_nothing(
    clock: Clock, dial: Dial, behind: float
) -> None:
    """The network's time comes after the server's; no rest is cut short by it."""
    dial.wall -= behind
    clock.set_right(TRUE_TIME)
    before = clock.now()
    dial.wait(60)
    dial.wall += behind
    assert clock.now() == before + 60


@pytest.mark.parametrize("back", [300, DAY])
def test_a_clock_that_is_set_back_changes_nothing(
    clock: Clock, dial: Dial, back: float
) -> None:
    """Not while the program runs."""
    clock.set_right(TRUE_TIME)
    dial.wall -= back
    assert clock.now() == TRUE_TIME


def test_a_machine_that_slept_knows_it_afterwards(clock: Clock, dial: Dial) -> None:
    """Where the steady clock stood still meanwhile, the other one is believed."""
    clock.set_right(TRUE_TIME)
    dial.wall += DAY
    assert clock.now() == TRUE_TIME + DAY


def test_a_server_whose_clock_was_wrong_leaves_no_trace(
    clock: Clock, dial: Dial
) -> None:
    """Once it is right again, ours is not taken for behind."""
    clock.set_right(TRUE_TIME + 365 * DAY)
    dial.wait(DAY)
    clock.set_right(TRUE_TIME + DAY)
    assert clock.now() == TRUE_TIME + DAY
    assert not clock.stamp().behind


def test_a_clock_ahead_makes_no_time_certain(clock: Clock, dial: Dial) -> None:
    """What it said is not taken for the latest time afterwards."""
    dial.wall += 365 * DAY
    clock.set_right(TRUE_TIME)
    dial.wall -= 365 * DAY
    again = Clock(lambda: dial.wall, lambda: dial.steady)
    again.latest = clock.latest
    assert not again.stamp().behind


def test_an_event_is_put_right_by_the_steady_clock(clock: Clock, dial: Dial) -> None:
    """It tells how long ago it was, whatever the other one said."""
    dial.wall -= 365 * DAY
    stamp = clock.stamp()
    dial.wait(600)
    clock.set_right(TRUE_TIME)
    assert clock.correct(stamp) == TRUE_TIME - 600


def test_an_event_at_a_right_time_stays(clock: Clock, dial: Dial) -> None:
    """Small differences are no reason to touch anything."""
    stamp = clock.stamp()
    dial.wait(DAY)
    dial.wall += 50
    assert clock.correct(stamp) is None


def test_the_steady_clock_goes_on() -> None:
    """It is one of this machine."""
    assert uptime() <= uptime()
    assert uptime() > 0
