"""A number in a text that may be an amount of money."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from .problem import Problem
from .units import Unit


class Rank(IntEnum):
    """How sure it is that a number is an amount of money."""

    NONE = 0
    """It counts something else."""
    WEAK = 1
    """It is money only if nothing else is."""
    BARE = 2
    """A number alone."""
    PRICE = 3
    """A number with hundredths."""
    NAMED = 4
    """A currency is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number that may be an amount of money, from one token up to another."""

    start: int
    end: int
    value: Decimal = Decimal()
    problem: Problem | None = None
    readings: tuple[Decimal, ...] = ()
    rank: Rank = Rank.NONE
    unit: Unit | None = None
    counts: bool = False
    """An everyday word follows, which it may count."""
