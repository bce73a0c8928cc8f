"""Home Assistant's clock, compared with the server's."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox import clock as clock_module
from custom_components.budgero.engine.outbox.clock import (
    EARLIEST,
    LATEST,
    Clock,
    read_boot_id,
    uptime,
)
from custom_components.budgero.engine.outbox.policy import (
    BOOT_DOUBT,
    CLOCK_TOLERANCE,
    COMPARE_AFTER,
)
from custom_components.budgero.engine.release import RELEASED

from .helpers import DAY

TRUE_TIME = datetime(2033, 5, 4, 12, tzinfo=UTC).timestamp()
NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp()
REPO = Path(__file__).parents[3]


class Dial:
    """The clocks of a machine, and a server's, to turn."""

    def __init__(self) -> None:
        """Begin with clocks that are right, a day after the boot."""
        self.true = TRUE_TIME
        self.ahead = 0.0
        self.servers = 0.0
        self.booted = TRUE_TIME - DAY
        self.clock = Clock(self.wall, self.uptime)

    def wall(self) -> float:
        """Tell the time as Home Assistant's clock does."""
        return self.true + self.ahead

    def uptime(self) -> float:
        """Return the seconds since the boot."""
        return self.true - self.booted

    def is_known(self) -> bool:
        """Ask whether anybody knows the time."""
        return self.clock.is_known

    def is_missing(self) -> bool:
        """Ask whether somebody must look."""
        return self.clock.is_missing

    def is_plausible(self) -> bool:
        """Ask whether Home Assistant's clock may be right."""
        return self.clock.is_plausible

    def differs(self) -> bool:
        """Ask whether the server's clock is known to differ."""
        return self.clock.differs

    def has_to_be_compared(self) -> bool:
        """Ask whether the server's clock is to be looked at again."""
        return self.clock.has_to_be_compared

    def is_certain(self) -> bool:
        """Ask whether both clocks agree."""
        return self.clock.is_certain

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.true += seconds

    def compare(self, times: int = 1) -> None:
        """Let the server answer so often, as far apart as it is asked."""
        for number in range(times):
            self.wait(COMPARE_AFTER if number else 0)
            self.clock.compare(self.true + self.servers)


@pytest.fixture
def dial() -> Dial:
    """What the clock is made of."""
    return Dial()


def moment(text: str) -> float:
    """Return a time in seconds since the epoch."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def same_day(one: float, other: float) -> bool:
    """Compare the days of a household in Greenwich."""
    return (
        datetime.fromtimestamp(one, UTC).date()
        == datetime.fromtimestamp(other, UTC).date()
    )


# Whose time it is


@pytest.mark.parametrize("servers", [-3650 * DAY, -7200, 301, DAY, 91 * DAY, NEVER])
@pytest.mark.parametrize("ahead", [0.0, 5 * DAY, -5 * DAY])
def test_a_plausible_clock_is_the_time(
    dial: Dial, servers: float, ahead: float
) -> None:
    """Whatever a server says, and however often."""
    dial.ahead, dial.servers = ahead, servers
    for _ in range(5):
        dial.compare()
        assert dial.clock.time() == dial.wall()
        assert dial.is_known()
        dial.wait(COMPARE_AFTER)


@pytest.mark.parametrize("difference", [-CLOCK_TOLERANCE, CLOCK_TOLERANCE])
def test_small_differences_are_none(dial: Dial, difference: float) -> None:
    """People live with them, and with a clock that is set back by so much."""
    dial.servers = difference
    dial.compare(5)
    assert dial.is_certain()
    assert not dial.differs()
    assert not dial.has_to_be_compared()
    dial.ahead = -abs(difference)
    assert dial.is_plausible()


@pytest.mark.parametrize("ahead", [-TRUE_TIME, EARLIEST - TRUE_TIME - 2 * DAY])
def test_below_the_floor_the_server_stands_in(dial: Dial, ahead: float) -> None:
    """From the release of this version on no clock shows an earlier day."""
    dial.ahead = ahead
    assert not dial.is_known()
    assert dial.clock.time() == EARLIEST
    dial.compare()
    assert dial.is_known()
    assert dial.clock.time() == TRUE_TIME
    assert not dial.is_plausible()
    dial.wait(60)
    assert dial.clock.time() == TRUE_TIME + 60


def test_what_stood_in_leaves_no_trace(dial: Dial) -> None:
    """As soon as our clock may be right, it is the time."""
    dial.ahead, dial.servers = -TRUE_TIME, 400 * DAY
    dial.compare()
    assert dial.clock.time() == TRUE_TIME + 400 * DAY
    dial.ahead = 0
    assert dial.clock.time() == TRUE_TIME
    assert dial.clock.floor == EARLIEST


@pytest.mark.parametrize(
    "server_time", [0.0, EARLIEST - DAY, LATEST + DAY, moment("9999-12-31T23:59:59")]
)
def test_a_server_that_cannot_be_right_does_not_stand_in(
    dial: Dial, server_time: float
) -> None:
    """It must lie between the floor and ten years after the release."""
    dial.ahead = -TRUE_TIME
    dial.clock.compare(server_time)
    assert not dial.is_known()
    assert dial.clock.time() == EARLIEST


def test_a_server_below_the_floor_does_not_stand_in(dial: Dial) -> None:
    """Both clocks were seen to agree on a later time before."""
    dial.compare()
    dial.ahead = -30 * DAY
    dial.servers = -20 * DAY
    dial.compare()
    assert not dial.is_known()


def test_without_any_time_somebody_must_look(dial: Dial) -> None:
    """Once the network has had its time after the boot."""
    dial.booted = dial.true
    dial.ahead = -TRUE_TIME
    assert not dial.is_missing()
    dial.wait(BOOT_DOUBT)
    assert dial.is_missing()
    dial.compare()
    assert not dial.is_missing()


# The floor


def test_the_floor_is_where_both_agreed_last(dial: Dial) -> None:
    """A difference moves it nowhere."""
    dial.compare()
    assert dial.clock.floor == TRUE_TIME
    dial.wait(DAY)
    dial.servers = 3650 * DAY
    dial.compare(5)
    assert dial.clock.floor == TRUE_TIME
    dial.ahead = -2 * DAY
    assert not dial.is_plausible()


@pytest.mark.parametrize("lie", [DAY, 400 * DAY, NEVER])
def test_a_floor_of_two_wrong_clocks_is_given_up(dial: Dial, lie: float) -> None:
    """Server and Home Assistant may be one machine; it was wrong, and is right again."""
    dial.ahead = dial.servers = lie
    dial.compare()
    dial.ahead = dial.servers = 0
    dial.compare(2)
    assert not dial.is_plausible()
    assert dial.has_to_be_compared()
    dial.compare(3)
    assert dial.is_certain()
    assert dial.clock.floor == dial.true


def test_it_is_not_given_up_for_a_server_alone(dial: Dial) -> None:
    """Both clocks must agree below it, several times in a row."""
    dial.compare()
    floor = dial.clock.floor
    dial.ahead = -50 * DAY
    for servers in (0.0, -50 * DAY, -50 * DAY, 0.0) * 3:
        dial.servers = servers
        dial.compare()
        dial.wait(COMPARE_AFTER)
    assert dial.clock.floor == floor


def test_the_release_is_not_in_the_future_of_the_changelog() -> None:
    """A later one would make clocks wrong that are right."""
    changelog = (REPO / "CHANGELOG.md").read_text()
    heading = next(line for line in changelog.splitlines() if line.startswith("## ["))
    day = heading.rpartition(" - ")[2]
    today = datetime.now(UTC).date()
    assert (
        today if day == "unreleased" else datetime.fromisoformat(day).date()
    ) >= RELEASED
    assert (
        timedelta(0)
        < datetime.fromtimestamp(LATEST, UTC) - datetime.fromtimestamp(EARLIEST, UTC)
        < timedelta(days=3653)
    )


# A difference


def test_a_lasting_difference_is_told(dial: Dial) -> None:
    """Several answers over some time, not one; and only as long as it is so."""
    dial.servers = DAY
    dial.compare(2)
    assert not dial.differs()
    assert dial.has_to_be_compared()
    dial.wait(COMPARE_AFTER)
    dial.compare()
    assert dial.differs()
    dial.servers = 0
    dial.compare()
    assert not dial.differs()
    assert not dial.has_to_be_compared()


def test_many_answers_at_once_tell_nothing(dial: Dial) -> None:
    """A server that restarts may be wrong for a moment."""
    dial.servers = DAY
    for _ in range(20):
        dial.compare()
    assert not dial.differs()


def test_answers_that_contradict_each_other_tell_nothing(dial: Dial) -> None:
    """Two servers may share an address."""
    for servers in (DAY, DAY, 0.0) * 5:
        dial.servers = servers
        dial.compare()
        dial.wait(COMPARE_AFTER)
    assert not dial.differs()


def test_setting_our_clock_right_ends_it(dial: Dial) -> None:
    """At once: the server need not answer again."""
    dial.ahead = DAY
    dial.compare(3)
    assert dial.differs()
    dial.ahead = 0
    assert not dial.differs()
    assert dial.is_certain()


def test_a_clock_that_was_set_is_compared_again(dial: Dial) -> None:
    """It agreed before."""
    dial.compare()
    assert not dial.has_to_be_compared()
    dial.ahead = DAY
    assert dial.has_to_be_compared()
    assert not dial.is_certain()


def test_a_server_without_a_clock_is_not_asked_for_it(dial: Dial) -> None:
    """Some proxies take the header away."""
    assert not dial.has_to_be_compared()
    assert not dial.differs()


# Days after a boot


@pytest.mark.parametrize(
    ("uptime", "ahead", "servers", "in_doubt"),
    [
        (60, -DAY, 0, True),  # it starts with its last shutdown
        (60, 0, DAY, True),  # nobody can tell who is right
        (60, 0, NEVER, True),
        (60, -3600, 0, False),  # it is the same day by both
        (60, -250, 0, False),
        (BOOT_DOUBT, -DAY, 0, False),  # nothing has set it: it is believed
    ],
)
def test_the_day_is_in_doubt_after_a_boot(
    dial: Dial, uptime: float, ahead: float, servers: float, in_doubt: bool
) -> None:
    """While the two clocks name different days, for a quarter of an hour."""
    dial.booted = dial.true - uptime
    dial.ahead, dial.servers = ahead, servers
    assert not dial.clock.is_day_in_doubt(same_day)
    dial.compare()
    assert dial.clock.is_day_in_doubt(same_day) is in_doubt
    dial.ahead = dial.servers
    assert not dial.clock.is_day_in_doubt(same_day)


def test_midnight_between_two_right_clocks_is_no_doubt(dial: Dial) -> None:
    """They name different days, and differ by a minute."""
    dial.true = moment("2033-05-04T23:59:30")
    dial.booted = dial.true - 60
    dial.servers = 60
    dial.compare()
    assert not dial.clock.is_day_in_doubt(same_day)


# When something happened


def test_the_clock_that_two_agree_on_is_right(dial: Dial) -> None:
    """Ours then, ours now, and the server's."""
    stamp = dial.clock.stamp()
    dial.wait(600)
    for ahead, servers, difference in (
        (0, 0, 0),
        (0, DAY, 0),  # ours has not changed
        (DAY, 0, 0),  # the server knows that ours was right then
        (DAY, DAY, DAY),  # it was wrong, and is right now
        (DAY, 5 * DAY, DAY),  # three say something else: not the server
        (-DAY, NEVER, -DAY),
        (-300 * DAY, 0, 0),
        (-300 * DAY, -300 * DAY, 0),  # ours cannot be right now
        (-300 * DAY, 9 * DAY, 0),
    ):
        dial.ahead, dial.servers = ahead, servers
        dial.clock.compare(dial.true + dial.servers)
        dial.clock.floor = TRUE_TIME - 100 * DAY
        assert dial.clock.moment_of(stamp) == TRUE_TIME + difference


def test_what_a_clock_without_time_dated(dial: Dial) -> None:
    """The steady clock tells how long ago it was; after a boot nobody does."""
    dial.ahead = -TRUE_TIME
    stamp = dial.clock.stamp()
    assert stamp.behind
    dial.wait(600)
    dial.ahead = 0
    assert dial.clock.moment_of(stamp) == TRUE_TIME
    dial.clock.begin("another boot", EARLIEST)
    assert dial.clock.moment_of(stamp) == TRUE_TIME + 600


def test_what_was_dated_before_a_boot_stays(dial: Dial) -> None:
    """Unless it is still to come, by both clocks."""
    stamp = dial.clock.stamp()
    dial.clock.begin("another boot", EARLIEST)
    dial.ahead = -DAY
    for servers in (0.0, NEVER, -3650 * DAY):
        dial.servers = servers
        dial.compare()
        assert dial.clock.moment_of(stamp) == TRUE_TIME
    dial.servers = -DAY
    dial.compare()
    assert dial.clock.moment_of(stamp) == TRUE_TIME - DAY


def test_a_machine_that_was_put_back_counts_as_another_one(dial: Dial) -> None:
    """A virtual machine's snapshot has the boot, and a smaller uptime."""
    stamp = dial.clock.stamp()
    dial.booted += DAY
    dial.wait(60)
    assert dial.clock.moment_of(stamp) == TRUE_TIME


# The clock of rests


@pytest.mark.parametrize("jump", [-3650 * DAY, -DAY, -200, 200, DAY, 3650 * DAY])
def test_now_goes_on_until_it_follows(dial: Dial, jump: float) -> None:
    """It follows as a whole, and small steps not at all."""
    before = dial.clock.now()
    dial.ahead = jump
    dial.wait(60)
    assert dial.clock.now() == before + 60
    follows = abs(jump) > CLOCK_TOLERANCE and dial.is_plausible()
    assert dial.clock.jump == (jump if follows else 0)
    dial.clock.follow(dial.clock.jump)
    assert dial.clock.now() == before + 60 + (jump if follows else 0)
    assert dial.clock.jump == 0


# This machine


def test_the_steady_clock_goes_on() -> None:
    """It is one of this machine."""
    assert uptime() <= uptime()
    assert uptime() > 0


def test_the_boot_has_an_id(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where there is none, it is one of this process."""
    kernels = Path("/proc/sys/kernel/random/boot_id")
    if kernels.exists():
        assert read_boot_id() == kernels.read_text().strip()
    for content in (None, b"", b"\xff"):
        file = tmp_path / "boot_id"
        if content is not None:
            file.write_bytes(content)
        monkeypatch.setattr(clock_module, "_BOOT_ID", file)
        assert len(read_boot_id()) == 32
        assert read_boot_id() == read_boot_id()
