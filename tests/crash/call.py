"""Calls of the trial: each has a number, and an amount that follows from it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

_PREFIX = "crash-"


def message_id_of(number: int) -> str:
    """Return the message id of a call."""
    return f"{_PREFIX}{number}"


def number_of(message_id: str) -> int:
    """Return the call that a message id stands for."""
    return int(message_id.removeprefix(_PREFIX))


def milliunits_of(number: int) -> int:
    """Return the amount of a call: as many cents as its number, in milliunits."""
    return number * 10


@dataclass
class Promises:
    """The calls, as their callers see them.

    Attributes:
        asked: calls that were begun.
        told: calls that were answered, so that the transaction is safe.
    """

    asked: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)

    @property
    def unanswered(self) -> set[int]:
        """The calls without an answer."""
        return self.asked - self.told

    def next_number(self) -> int:
        """Return a number that no call has had."""
        return max(self.asked, default=0) + 1


def ids(numbers: Iterable[int]) -> set[str]:
    """Return the message ids of calls."""
    return {message_id_of(number) for number in numbers}
