"""The money ear: an amount in a text as it was spoken or typed."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Problem(StrEnum):
    """Why no amount was understood."""

    MISSING = "missing"
    AMBIGUOUS = "ambiguous"
    TOO_PRECISE = "too_precise"
    TOO_LARGE = "too_large"
    NOT_POSITIVE = "not_positive"
    OTHER_CURRENCY = "other_currency"
    SEVERAL = "several"


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
