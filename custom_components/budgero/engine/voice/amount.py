"""A number in a text, which may be an amount of money."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum

from .problem import Problem
from .units import Unit


class Rank(IntEnum):
    """How sure it is that a number is an amount of money."""

    NONE = 0
    """The number counts something else."""
    WEAK = 1
    """It is an amount of money only if no other number is."""
    BARE = 2
    """The number stands alone."""
    PRICE = 3
    """The number has hundredths."""
    NAMED = 4
    """A currency is named beside it."""


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
    """Whether an everyday word follows, which the number may count."""
