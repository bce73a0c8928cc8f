"""A repetition within one run is the same transaction; another run is another one."""

from decimal import Decimal

from custom_components.budgero.engine.push import Direction
from custom_components.budgero.engine.voice import Details, RecentlySaid, Spoken
from custom_components.budgero.engine.voice.recent import REMEMBERED

COFFEE = Spoken(
    direction=Direction.EXPENSE, amount=Decimal(3), details=Details(memo="coffee")
)
TEA = Spoken(
    direction=Direction.EXPENSE, amount=Decimal(3), details=Details(memo="tea")
)


def test_runs() -> None:
    """The run decides, and where it goes."""
    recent = RecentlySaid()
    first = recent.say("run 1", "here", COFFEE, 0.0)
    assert not first.is_again
    assert recent.say("run 1", "here", COFFEE, 1.0) == first
    second = recent.say("run 2", "here", COFFEE, 2.0)
    assert second.is_again
    assert second.message_id != first.message_id
    assert not recent.say("run 2", "here", TEA, 3.0).is_again
    assert not recent.say("run 2", "there", COFFEE, 3.0).is_again


def test_after_a_while() -> None:
    """It is no repetition any more."""
    recent = RecentlySaid()
    recent.say("run 1", "here", COFFEE, 0.0)
    assert not recent.say("run 2", "here", COFFEE, REMEMBERED).is_again


def test_not_logged_after_all() -> None:
    """It is forgotten."""
    recent = RecentlySaid()
    recent.forget(recent.say("run 1", "here", COFFEE, 0.0).message_id)
    assert not recent.say("run 2", "here", COFFEE, 1.0).is_again
