"""The short form of `scripts/simulate`."""

import pytest

from .household import Outcome
from .report import Report
from .run import live

HOUSEHOLDS = 40


@pytest.mark.parametrize("has_user", [False, True])
def test_a_server_that_forgets(has_user: bool) -> None:
    """At most two leftovers each time; nothing is lost or booked twice."""
    outcomes = tuple(live(has_user, seed) for seed in range(HOUSEHOLDS))
    report = Report("short", outcomes)
    assert report.is_good, [outcome for outcome in outcomes if outcome.lost]
    assert report.total.forgettings > HOUSEHOLDS // 2
    assert report.total.vanished > HOUSEHOLDS
    assert report.most_leftovers == 2


@pytest.mark.parametrize(
    "bad",
    [
        Outcome(lost=1),
        Outcome(doubles=1),
        Outcome(forgettings=1, leftovers=3),
    ],
)
def test_what_is_bad_is_told(bad: Outcome) -> None:
    """Otherwise the simulation would show nothing."""
    good = Outcome(forgettings=1, leftovers=2, unpromised=1)
    assert Report("good", (good,)).is_good
    assert not Report("bad", (good, bad)).is_good
    assert "doubles: 0, lost: 0" in "\n".join(Report("good", (good,)).lines())
