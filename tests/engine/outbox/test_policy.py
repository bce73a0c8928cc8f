"""What each answer means, and when to try again."""

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.outbox import Hold
from custom_components.budgero.engine.outbox.policy import (
    DOUBT_REST,
    FIRST_PAUSE,
    FIRST_QUESTION,
    LONGEST_GAP,
    LONGEST_PAUSE,
    MAX_QUESTIONS,
    SHORTEST_PAUSE,
    Verdict,
    check_held_after,
    judge,
    pause_after,
    question_gap,
)
from custom_components.budgero.engine.push import errors
from custom_components.budgero.engine.push.errors import PushError
from custom_components.budgero.engine.push.transport import EXCHANGE_SECONDS

from .helpers import DAY


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [
        (errors.RefusedError, Verdict(is_final=True)),
        (errors.WrongTokenError, Verdict(hold=Hold.TOKEN)),
        (errors.WrongAddressError, Verdict(hold=Hold.ADDRESS)),
        (errors.NotPrivateError, Verdict(hold=Hold.ADDRESS)),
        (errors.CertificateError, Verdict(hold=Hold.CERTIFICATE)),
        (errors.UnreachableError, Verdict()),
        (errors.RateLimitedError, Verdict()),
        (errors.ServerTroubleError, Verdict()),
        (errors.InDoubtError, Verdict()),
        (errors.UpdateRequiredError, Verdict()),
        (errors.NotAllowedError, Verdict()),
    ],
)
def test_what_an_error_means(kind: type[PushError], verdict: Verdict) -> None:
    """Only Budgero's own refusal is final; only what goes on by itself holds."""
    assert judge(kind()) == verdict


@given(st.integers(1, 1000))
def test_pauses_double_up_to_a_quarter_of_an_hour(failures: int) -> None:
    """With full jitter: anything up to the ceiling, but never at once."""
    ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1))
    assert SHORTEST_PAUSE <= pause_after(failures) <= ceiling


def test_pauses_differ() -> None:
    """Many houses do not come back at once."""
    assert len({pause_after(8) for _ in range(20)}) > 1


def test_a_doubt_rests_longer_than_any_request_lives() -> None:
    """Longer than the client waits and the server works, together."""
    assert DOUBT_REST > 2 * EXCHANGE_SECONDS


def test_questions_get_rarer_and_end() -> None:
    """The sixty questions about a transaction last ninety days."""
    age, questions = FIRST_QUESTION, 0
    gaps = []
    while questions < MAX_QUESTIONS:
        questions += 1
        gaps.append(question_gap(age))
        age += gaps[-1]
    assert gaps == sorted(gaps)
    assert (gaps[0], gaps[-1]) == (60, LONGEST_GAP)
    assert 89 < age / 86400 < 92


@pytest.mark.parametrize(
    ("held_for", "minutes"), [(0, 15), (DAY - 1, 15), (DAY, 60), (30 * DAY, 60)]
)
def test_a_hold_is_looked_at(held_for: float, minutes: float) -> None:
    """Every quarter of an hour, and every hour after a day."""
    assert check_held_after(held_for) == minutes * 60
