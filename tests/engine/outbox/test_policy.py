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
    check_held_after,
    hold_for,
    pause_after,
    question_gap,
)
from custom_components.budgero.engine.push import errors
from custom_components.budgero.engine.push.errors import PushError
from custom_components.budgero.engine.push.transport import (
    CONNECT_SECONDS,
    EXCHANGE_SECONDS,
)

from .helpers import DAY


@pytest.mark.parametrize(
    ("kind", "hold"),
    [
        (errors.WrongTokenError, Hold.TOKEN),
        (errors.WrongAddressError, Hold.ADDRESS),
        (errors.HeaderRemovedError, Hold.ADDRESS),
        (errors.BodyRemovedError, Hold.ADDRESS),
        (errors.NotPrivateError, Hold.ADDRESS),
        (errors.NotEncryptedError, Hold.ADDRESS),
        (errors.CertificateError, Hold.CERTIFICATE),
        (errors.UnreachableError, None),
        (errors.RateLimitedError, None),
        (errors.ServerTroubleError, None),
        (errors.InDoubtError, None),
        (errors.UpdateRequiredError, None),
        (errors.NotAllowedError, None),
    ],
)
def test_what_an_error_means(kind: type[PushError], hold: Hold | None) -> None:
    """Only what does not pass by itself holds; nothing refuses for good."""
    assert hold_for(kind()) is hold


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


def test_the_client_waits_longer_than_the_server_works() -> None:
    """Else every transaction of a slow server would be in doubt, and never accepted.

    A connection may take as long as it may, and the server works 15 s after that
    (verified against Budgero 1.6.0).
    """
    assert EXCHANGE_SECONDS >= CONNECT_SECONDS + 15.0 + 5.0


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
