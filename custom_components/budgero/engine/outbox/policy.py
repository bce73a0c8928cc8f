"""What each error means for the outbox, and when to try again."""

from enum import StrEnum
import random
from typing import Final

from ..push.errors import (
    CertificateError,
    NoSignInError,
    NotEncryptedError,
    NotPrivateError,
    PushError,
    RateLimitedError,
    UpdateRequiredError,
    UserRefusedError,
    WrongAddressError,
    WrongPasswordError,
    WrongTokenError,
)

SHORTEST_PAUSE: Final = 1.0
"""The shortest pause after trouble, in seconds."""

FIRST_PAUSE: Final = 5.0
LONGEST_PAUSE: Final = 15 * 60.0
"""Pauses after trouble, in seconds; they double from the first to the longest."""

DOUBT_REST: Final = 120.0
"""Seconds for which a transaction in doubt rests before it is pushed again.

A request may outlive its client (seen with 1.6.0)."""

LONGEST_REST: Final = LONGEST_PAUSE
"""No waiting transaction rests for more seconds than this."""

FIRST_QUESTION: Final = 60.0
LONGEST_GAP: Final = 44 * 3600.0
"""The shortest and the longest time between two questions about one accepted
transaction, in seconds. The first question comes after the shortest time."""

MAX_QUESTIONS: Final = 60
"""How often a transaction is asked about at most, within 90 days; then its state is
unknown."""

MAX_REPEATS: Final = 8640
"""How often a question without an answer is repeated at most, which takes 90 days."""

MAX_QUESTIONS_NOW: Final = 30
"""How many of these a person or an automation may ask before they are due."""

HOLD_AFTER: Final = 3
"""How many failures in a row make a hold; fewer may pass by themselves."""

CHECK_HELD_SOON: Final = 30.0
"""Shortest time between two checks that new transactions cause while the outbox is
held, in seconds."""

CHECK_HELD: Final = 15 * 60.0
CHECK_HELD_LONG: Final = 3600.0
HELD_LONG: Final = 86400.0
"""Seconds between two checks of a hold, at first and after it has lasted `HELD_LONG`
seconds."""


BATCH: Final = 20
"""How many transactions are pushed at the same time."""

LONGEST_FINISH: Final = 3.0
"""Seconds that requests on their way get when the outbox is to be closed."""

APP_RUN: Final = 100
"""A Budgero app applies at most so many at once (verified against 1.6.0)."""

READ_SPEC_AFTER: Final = 86400.0
"""Seconds between two readings of what the server supports."""

KEEP_FINISHED: Final = 90 * 86400.0
"""Seconds for which the id of a finished transaction is known."""


class Hold(StrEnum):
    """Why the outbox does not send until something changes."""

    TOKEN = "token"
    """Budgero refuses the push token."""

    ADDRESS = "address"
    """Something answers at the address, but it is not Budgero, or something on the
    way there takes a part of the requests."""

    CERTIFICATE = "certificate"
    """The certificate is not valid for the address."""

    WORKSPACE = "workspace"
    """The server does not know what was delivered before: after a new token or
    address, this may be another workspace."""

    KEY = "key"
    """An app refused the first transaction that was sealed with this key."""

    FLOOD = "flood"
    """More transactions came at once than a household makes by hand."""

    RESTORED = "restored"
    """The file is a copy, or was saved from damage: they may be delivered already."""


STANDING: Final = (Hold.WORKSPACE, Hold.KEY)
"""Reasons that hold everything until they are gone; they are kept on disk."""

FLOOD_LIMITS: Final = ((60, 600.0), (300, 86400.0))
"""How many transactions a household makes at most in how many seconds."""

CLOCK_TOLERANCE: Final = 300.0
"""Seconds by which two clocks may differ without any effect."""

COMPARE_AFTER: Final = LONGEST_PAUSE
"""Seconds between two looks at the server's clock while the clocks differ."""

ANSWERS_THAT_TELL: Final = 3
"""How many answers in a row, over at least `COMPARE_AFTER` seconds, show a lasting
difference between the clocks."""

BOOT_DOUBT: Final = 15 * 60.0
"""Seconds after a boot in which the network may still set a machine's clock."""

CHECK_CLOCK: Final = 60.0
"""Seconds between two looks at our clock while transactions wait for the right time."""

BATCHES: Final = 10
"""How many batches are sent before accepted transactions are asked about."""


_HOLDS: Final[tuple[tuple[type[PushError], Hold], ...]] = (
    (WrongTokenError, Hold.TOKEN),
    (WrongAddressError, Hold.ADDRESS),
    (NotPrivateError, Hold.ADDRESS),
    (NotEncryptedError, Hold.ADDRESS),
    (CertificateError, Hold.CERTIFICATE),
)


USER_REFUSED: Final = (WrongPasswordError, NoSignInError, UserRefusedError)
"""Errors after which a signed-in user tells nothing until a person changes that."""

_FROM_BUDGERO: Final = (
    WrongTokenError,
    RateLimitedError,
    UpdateRequiredError,
)
"""Errors that a Budgero server itself answers with."""


def is_from_budgero(error: PushError) -> bool:
    """Return whether an error shows that a Budgero server can be reached."""
    return isinstance(error, _FROM_BUDGERO)


def hold_for(error: PushError) -> Hold | None:
    """Return what is wrong if an error goes on, `None` if it passes by itself."""
    return next((hold for kind, hold in _HOLDS if isinstance(error, kind)), None)


def pause_after(failures: int) -> float:
    """Return how long to pause after this many failures in a row, in seconds.

    The upper limit of the pause doubles, and the pause itself is random below it, so
    that many households do not come back at the same time.
    """
    ceiling = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(failures - 1, 16))
    return random.uniform(SHORTEST_PAUSE, ceiling)


def question_gap(age: float) -> float:
    """Return in how many seconds to ask next about an accepted transaction.

    Args:
        age: seconds since it was accepted.
    """
    return min(max(age, FIRST_QUESTION), LONGEST_GAP)


def unanswered_rest(age: float) -> float:
    """Return in how many seconds to repeat a question that had no answer.

    Args:
        age: seconds since the transaction was accepted.
    """
    return max(DOUBT_REST, min(question_gap(age), LONGEST_PAUSE))


def check_held_after(held_for: float) -> float:
    """Return in how many seconds to check a hold again.

    Args:
        held_for: seconds for which it has lasted.
    """
    return CHECK_HELD if held_for < HELD_LONG else CHECK_HELD_LONG
