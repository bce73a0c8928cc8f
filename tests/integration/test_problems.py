"""What a person must look at, told from the facts."""

from dataclasses import dataclass

import pytest

from custom_components.budgero.decision_flow import ANSWERS
from custom_components.budgero.engine.outbox import (
    CAPACITY,
    Clock,
    Hold,
    Overview,
    Stumble,
)
from custom_components.budgero.engine.outbox.policy import (
    ANSWERS_THAT_TELL,
    BOOT_DOUBT,
    COMPARE_AFTER,
)
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.problems import (
    DECIDED,
    NEARLY_FULL,
    STALLED_AFTER,
    UNDELIVERED_AFTER,
    Problem,
    count_to_decide,
    problems_of,
)
from custom_components.budgero.repairs import severity_of
from homeassistant.helpers import issue_registry as ir

NOW = 2_000_000_000.0


def test_nothing_to_look_at() -> None:
    """What waits, is followed or was decided is no problem."""
    counts = Counts(waiting=5, accepted=7, processed=9, removed=3)
    overview = Overview(counts=counts, oldest_accepted=NOW - STALLED_AFTER)
    assert problems_of(overview, NOW, hold=None) == {}


@pytest.mark.parametrize("hold", Hold)
def test_every_hold_is_a_problem(hold: Hold) -> None:
    """Also while nothing waits; what waits is counted."""
    problem = Problem(f"held_{hold}")
    assert problems_of(Overview(), NOW, hold=hold) == {problem: 0}
    waiting = Overview(counts=Counts(waiting=4))
    assert problems_of(waiting, NOW, hold=hold) == {problem: 4}


def test_several_holds_at_once() -> None:
    """One reason does not hide another one that a person must decide about."""
    overview = Overview(
        counts=Counts(waiting=9),
        held={Hold.KEY: 2, Hold.FLOOD: 3, Hold.RESTORED: 4},
    )
    assert problems_of(overview, NOW, hold=Hold.ADDRESS) == {
        Problem.HELD_ADDRESS: 9,
        Problem.HELD_KEY: 2,
        Problem.HELD_FLOOD: 3,
        Problem.HELD_RESTORED: 4,
    }


def test_what_is_not_decided() -> None:
    """It is a problem until it is decided, whether somebody has looked at it or not."""
    counts = Counts(failed=5, vanished=6, duplicate=7, unknown=8)
    found = problems_of(Overview(counts=counts), NOW, hold=None)
    assert found == {
        Problem.VANISHED: 6,
        Problem.FAILED: 5,
        Problem.DUPLICATE: 7,
        Problem.UNKNOWN: 8,
    }


def test_number_of_what_is_to_be_decided() -> None:
    """What is stranded, and what is held for a review; nothing else."""
    overview = Overview(
        counts=Counts(waiting=9, accepted=1, failed=10, vanished=20, unknown=30),
        held={Hold.KEY: 2, Hold.FLOOD: 3, Hold.RESTORED: 4},
        oldest_accepted=0.0,
    )
    problems = problems_of(overview, NOW, hold=Hold.ADDRESS, is_sign_in_refused=True)
    assert count_to_decide(problems) == 10 + 20 + 30 + 3 + 4
    assert set(ANSWERS) == DECIDED


@pytest.mark.parametrize(
    ("unfinished", "is_told"), [(NEARLY_FULL - 1, False), (NEARLY_FULL, True)]
)
def test_nearly_full(unfinished: int, is_told: bool) -> None:
    """From 8,000 of 10,000 on, whatever state they are in."""
    assert NEARLY_FULL * 10 == CAPACITY * 8
    counts = Counts(waiting=1000, accepted=1000, failed=unfinished - 2000)
    found = problems_of(Overview(counts=counts), NOW, hold=None)
    assert found.get(Problem.NEARLY_FULL) == (unfinished if is_told else None)


def test_nobody_opens_an_app() -> None:
    """After two weeks somebody should."""
    overview = Overview(
        counts=Counts(accepted=3), oldest_accepted=NOW - STALLED_AFTER - 1
    )
    assert problems_of(overview, NOW, hold=None) == {Problem.STALLED: 3}


@pytest.mark.parametrize("stumble", Stumble)
def test_what_keeps_going_wrong_here(stumble: Stumble) -> None:
    """A full disk, or a mistake of ours: it comes first, and nothing else says it."""
    overview = Overview(counts=Counts(waiting=4))
    found = problems_of(overview, NOW, hold=Hold.TOKEN, stumble=stumble)
    assert list(found) == [Problem(stumble), Problem.HELD_TOKEN]
    assert found[Problem(stumble)] == 4


@pytest.mark.parametrize(("age", "is_told"), [(0.0, False), (1.0, True)])
def test_what_waits_for_more_than_a_day(age: float, *, is_told: bool) -> None:
    """Whatever the reason is; what is held has a repair of its own."""
    since = NOW - UNDELIVERED_AFTER - age
    held = {Hold.RESTORED: 2}
    overview = Overview(counts=Counts(waiting=5), held=held, oldest_due=since)
    found = problems_of(overview, NOW, hold=None)
    assert found.get(Problem.UNDELIVERED) == (3 if is_told else None)
    assert Problem.UNDELIVERED not in problems_of(overview, NOW, hold=Hold.TOKEN)
    just_released = problems_of(overview, NOW, hold=None, due_for=UNDELIVERED_AFTER)
    assert Problem.UNDELIVERED not in just_released


@dataclass
class Dial:
    """Two clocks to turn: Home Assistant's, and how long ago the machine booted."""

    wall: float = NOW
    uptime: float = 86400.0

    def compare(self, clock: Clock, ahead: float) -> None:
        """Let the server answer for as long as it takes to be taken seriously."""
        for _ in range(ANSWERS_THAT_TELL):
            clock.compare(self.wall + ahead)
            self.wall += COMPARE_AFTER
            self.uptime += COMPARE_AFTER


def test_the_servers_clock_differs() -> None:
    """As soon as that is certain; nothing waits for it."""
    dial = Dial()
    clock = Clock(lambda: dial.wall, lambda: dial.uptime)
    assert problems_of(Overview(undated=3), NOW, hold=None, clock=clock) == {}
    dial.compare(clock, 86400.0)
    found = problems_of(Overview(undated=3), NOW, hold=None, clock=clock)
    assert found == {Problem.CLOCK_DIFFERS: 1}
    dial.compare(clock, 0.0)
    assert problems_of(Overview(undated=3), NOW, hold=None, clock=clock) == {}


def test_nobody_knows_the_time() -> None:
    """If something waits for it, a quarter of an hour after the machine booted."""
    dial = Dial(wall=0.0, uptime=60.0)
    clock = Clock(lambda: dial.wall, lambda: dial.uptime)
    assert problems_of(Overview(undated=3), NOW, hold=None, clock=clock) == {}
    dial.uptime = BOOT_DOUBT
    assert problems_of(Overview(), NOW, hold=None, clock=clock) == {}
    found = problems_of(Overview(undated=3), NOW, hold=None, clock=clock)
    assert found == {Problem.CLOCK_UNKNOWN: 3}
    clock.compare(NOW)  # the server's stands in
    assert problems_of(Overview(undated=3), NOW, hold=None, clock=clock) == {}


def test_sign_in_refused() -> None:
    """Somebody must sign in again."""
    found = problems_of(Overview(), NOW, hold=None, is_sign_in_refused=True)
    assert found == {Problem.SIGN_IN: 1}


@pytest.mark.parametrize("problem", Problem)
def test_only_what_stops_delivery_or_needs_a_decision_is_an_error(
    problem: Problem,
) -> None:
    """Under the others everything is still taken and delivered."""
    is_warning = problem in (
        *(Problem.CLOCK_DIFFERS, Problem.SIGN_IN),
        *(Problem.STALLED, Problem.NEARLY_FULL),
    )
    expected = ir.IssueSeverity.WARNING if is_warning else ir.IssueSeverity.ERROR
    assert severity_of(problem) is expected


def test_the_first_one_is_the_most_urgent() -> None:
    """What holds everything comes before what is merely to be looked at."""
    overview = Overview(
        counts=Counts(waiting=1, failed=NEARLY_FULL, vanished=1),
        held={Hold.FLOOD: 1},
    )
    assert list(problems_of(overview, NOW, hold=Hold.TOKEN)) == [
        Problem.HELD_TOKEN,
        Problem.HELD_FLOOD,
        Problem.VANISHED,
        Problem.FAILED,
        Problem.NEARLY_FULL,
    ]
