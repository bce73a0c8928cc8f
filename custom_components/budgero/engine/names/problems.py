"""Why names could not be read, and how long reading may take."""

from enum import StrEnum
from time import monotonic, sleep
from typing import Final

from ..push.errors import BudgeroError

READING_SECONDS: Final = 10.0
"""For unpacking and reading together; a hostile file would take minutes."""


class NamesProblem(StrEnum):
    """Why there are no names; each has a text of its own in Home Assistant."""

    UNREADABLE = "unreadable"
    """Damaged, or of no form that is known."""

    TRUNCATED = "truncated"
    """Its end is missing."""

    FOREIGN = "foreign"
    """Something else than Budgero made it."""

    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    NEWER = "newer"
    """A later Budgero made it, in a form that is not known here."""

    WRONG_KEY = "wrong_key"
    MISSING = "missing"
    """No app has uploaded its database."""

    STORAGE = "storage"
    """The disk of this machine cannot be read or written."""


class NamesError(BudgeroError):
    """Names could not be read.

    Attributes:
        problem: why.
        version: of the server's database that will not become better, if it was one.
    """

    def __init__(self, problem: NamesProblem, version: str | None = None) -> None:
        """Name the problem only."""
        super().__init__(f"The names cannot be read: {problem.replace('_', ' ')}")
        self.problem = problem
        self.version = version


class Patience:
    """How long something may go on, in a thread beside the event loop."""

    def __init__(self, seconds: float = READING_SECONDS) -> None:
        """Start counting."""
        self._end = monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether it has taken too long."""
        return monotonic() > self._end

    def give_way(self) -> None:
        """Let the event loop have its turn, which Python else grants every 5 ms.

        Raises:
            NamesError: it has taken too long.
        """
        sleep(0)
        if self.is_over:
            raise NamesError(NamesProblem.TOO_SLOW)
