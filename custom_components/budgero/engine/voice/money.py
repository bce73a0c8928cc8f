"""The money ear: an amount in a text as it was spoken or typed."""

from dataclasses import dataclass
from decimal import Decimal

from .problem import Problem


@dataclass(frozen=True, slots=True)
class Heard:
    """An amount that can mean only one thing."""

    amount: Decimal
    """Positive, in units of the account's currency."""
    start: int
    """Where it begins in the text."""
    end: int
    """Where it ends, its currency included."""
    has_unit: bool
    """A currency was named."""


@dataclass(frozen=True, slots=True)
class Refused:
    """No amount, and why."""

    problem: Problem
    said: str = ""
    """The part of the text that it is about; the name of the other currency."""
