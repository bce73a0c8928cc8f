"""The problems that a person must look at."""

from collections.abc import Mapping
from enum import StrEnum
from math import inf
from typing import Final

from .engine.outbox import CAPACITY, Clock, Hold, Overview, Stumble

NEARLY_FULL: Final = CAPACITY * 8 // 10

STALLED_AFTER: Final = 14 * 86400.0
"""Age of a pending transaction after which an app should be opened, in seconds."""

UNDELIVERED_AFTER: Final = 86400.0
"""Time without a delivery after which a person should look, in seconds."""


class Problem(StrEnum):
    """Something that a person must look at; each is shown as a repair.

    For a refused token Home Assistant's own dialog for a new token is opened instead.
    """

    STORAGE = "storage"
    UNEXPECTED = "unexpected"
    HELD_TOKEN = "held_token"
    HELD_ADDRESS = "held_address"
    HELD_CERTIFICATE = "held_certificate"
    HELD_WORKSPACE = "held_workspace"
    HELD_KEY = "held_key"
    HELD_FLOOD = "held_flood"
    HELD_RESTORED = "held_restored"
    CLOCK_UNKNOWN = "clock_unknown"
    FAILED = "failed"
    VANISHED = "vanished"
    DUPLICATE = "duplicate"
    UNKNOWN = "unknown"
    CLOCK_DIFFERS = "clock_differs"
    SIGN_IN = "sign_in"
    UNDELIVERED = "undelivered"
    STALLED = "stalled"
    NEARLY_FULL = "nearly_full"


DECIDED: Final = frozenset(
    {
        Problem.HELD_FLOOD,
        Problem.HELD_RESTORED,
        Problem.FAILED,
        Problem.VANISHED,
        Problem.DUPLICATE,
        Problem.UNKNOWN,
    }
)
"""Problems that end with a decision about each transaction."""


def count_to_decide(problems: Mapping[Problem, int]) -> int:
    """Return how many transactions wait for a person's decision."""
    return sum(number for problem, number in problems.items() if problem in DECIDED)


def problems_of(
    overview: Overview,
    now: float,
    *,
    hold: Hold | None,
    due_for: float = inf,
    stumble: Stumble | None = None,
    clock: Clock | None = None,
    is_sign_in_refused: bool = False,
) -> dict[Problem, int]:
    """Return the problems, the most urgent one first, and how many have each.

    Args:
        overview: what the outbox holds.
        now: seconds since the epoch.
        hold: why nothing is sent.
        due_for: how long a transaction has been due without being held, in seconds.
        stumble: the error that keeps occurring on this machine.
        clock: Home Assistant's clock, compared with the server's.
        is_sign_in_refused: whether the server refuses the signed-in user.
    """
    counts = overview.counts
    found: dict[Problem, int] = {}
    if stumble is not None:
        found[Problem(stumble)] = counts.waiting
    if hold is not None:
        found[Problem(f"held_{hold}")] = counts.waiting
    for reason in Hold:
        if number := overview.held.get(reason):
            found[Problem(f"held_{reason}")] = number
    if clock is not None and clock.is_missing and overview.undated:
        found[Problem.CLOCK_UNKNOWN] = overview.undated
    stranded = {
        Problem.VANISHED: counts.vanished,
        Problem.FAILED: counts.failed,
        Problem.DUPLICATE: counts.duplicate,
        Problem.UNKNOWN: counts.unknown,
    }
    found |= {problem: number for problem, number in stranded.items() if number}
    if clock is not None and clock.differs:
        found[Problem.CLOCK_DIFFERS] = 1
    if is_sign_in_refused:
        found[Problem.SIGN_IN] = 1
    oldest_due = overview.oldest_due or now
    if not hold and min(now - oldest_due, due_for) > UNDELIVERED_AFTER:
        found[Problem.UNDELIVERED] = counts.waiting - sum(overview.held.values())
    if now - (overview.oldest_accepted or now) > STALLED_AFTER:
        found[Problem.STALLED] = counts.accepted
    if counts.unfinished >= NEARLY_FULL:
        found[Problem.NEARLY_FULL] = counts.unfinished
    return found
