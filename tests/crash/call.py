"""What a caller asks for: every call has a number, and an amount of its own."""

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
    """Return what a call must be booked with: as many cents as its number."""
    return number * 10


@dataclass
class Promises:
    """The calls, as their callers see them.

    Attributes:
        asked: calls that were begun.
        told: calls whose callers were told that the transaction is safe.
    """

    asked: set[int] = field(default_factory=set)
    told: set[int] = field(default_factory=set)

    @property
    def unanswered(self) -> set[int]:
        """The calls whose callers do not know what became of them."""
        return self.asked - self.told

    def next_number(self) -> int:
        """Return a number that no call has had."""
        return max(self.asked, default=0) + 1


def ids(numbers: Iterable[int]) -> set[str]:
    """Return the message ids of calls."""
    return {message_id_of(number) for number in numbers}
