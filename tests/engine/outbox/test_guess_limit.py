"""Keeping what a transaction is about from being guessed."""

from custom_components.budgero.engine.outbox.guess_limit import (
    FOR,
    MAX_GUESSES,
    GuessLimit,
)


def test_a_day_later_it_begins_anew() -> None:
    """Each guess counts for a day; other ids are not concerned."""
    now = 0.0
    limit = GuessLimit(lambda: now)
    for _ in range(MAX_GUESSES):
        assert not limit.is_reached("a")
        limit.note("a")
        now += FOR / 4
    assert limit.is_reached("a")
    assert not limit.is_reached("b")
    now += FOR / 4
    assert not limit.is_reached("a")
    limit.note("a")
    assert limit.is_reached("a")
    now += FOR + 1
    assert not limit.is_reached("a")
