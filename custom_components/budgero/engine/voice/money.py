"""Finds the one amount in a text that was spoken or typed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from ..push.errors import InvalidInputError
from ..push.written_money import parse_amount
from .amounts import AmountReader
from .choice import choose
from .language import Language
from .problem import Problem
from .text import Text

MAX_TEXT: Final = 500
"""The longest text that is read, in characters."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An amount that can mean only one thing."""

    amount: Decimal
    """The amount: positive, in units of the account's currency."""
    start: int
    """Where the amount begins in the text."""
    end: int
    """Where the amount ends, its currency included."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The reason why a text has no amount."""

    problem: Problem
    said: str = ""
    """The part of the text that is the reason, such as the name of another currency."""
    readings: tuple[Decimal, ...] = ()
    """The amounts that it could mean, if they are known."""


def hear_money(
    text: str, language: Language, region: str | None, currency: str
) -> Heard | Refused:
    """Find the one amount of a text.

    Args:
        text: as it was spoken or typed.
        language: the language of the text.
        region: its region, such as "CH", `None` if unknown.
        currency: ISO 4217 code of the account's currency.
    """
    if len(text) > MAX_TEXT:
        return Refused(Problem.MISSING)
    pieces = Text(text, language)
    found = choose(pieces, AmountReader(pieces, region, currency).amounts())
    if isinstance(found, Problem):
        return Refused(found)
    start = pieces.tokens[found.start].start
    end = pieces.tokens[found.end - 1].end
    said = text[start:end]
    if found.problem is Problem.OTHER_CURRENCY and found.unit:
        return Refused(found.problem, found.unit.said)
    if found.problem:
        return Refused(found.problem, said, found.readings)
    try:
        amount = parse_amount(found.value, currency)
    except InvalidInputError as refusal:
        return Refused(Problem(refusal.problem.value), said)
    return Heard(amount, start, end)
