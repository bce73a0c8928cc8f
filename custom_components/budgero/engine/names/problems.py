"""Why names could not be read, and how long reading may take."""

from enum import StrEnum
from time import monotonic, sleep
from typing import Final

from ..push.errors import BudgeroError

READING_SECONDS: Final = 10.0
"""Seconds for unpacking and reading together; a malicious file could take minutes."""


class NamesProblem(StrEnum):
    """Why there are no names; each problem has a text of its own in Home Assistant."""

    UNREADABLE = "unreadable"
    """The data are damaged, or have an unknown form."""

    TRUNCATED = "truncated"
    """The end of the file is missing."""

    FOREIGN = "foreign"
    """Another program than Budgero made the file."""

    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    NEWER = "newer"
    """A later release made it, in a form that is not known here."""

    WRONG_KEY = "wrong_key"
    MISSING = "missing"
    """No app has uploaded its database."""

    STORAGE = "storage"
    """The disk of this machine cannot be read or written."""


class NamesError(BudgeroError):
    """Names could not be read.

    Attributes:
        problem: why.
        version: of the server's database, if reading it again is of no use.
    """

    def __init__(self, problem: NamesProblem, version: str | None = None) -> None:
        """Take the problem, and the version of a database not worth another try."""
        super().__init__(f"The names cannot be read: {problem.replace('_', ' ')}")
        self.problem = problem
        self.version = version


class Patience:
    """A time limit for work in a thread beside the event loop."""

    def __init__(self, seconds: float = READING_SECONDS) -> None:
        """Start counting."""
        self._end = monotonic() + seconds

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return monotonic() > self._end

    def give_way(self) -> None:
        """Let the event loop run now; by itself Python switches threads every 5 ms.

        Raises:
            NamesError: the time is over.
        """
        sleep(0)
        if self.is_over:
            raise NamesError(NamesProblem.TOO_SLOW)
