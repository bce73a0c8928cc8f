"""Reads amounts as people, phones and templates write them.

A text that could mean two amounts is refused. The whole text must be the amount: no
number is searched for in a longer text.
"""

from decimal import Decimal
import math
import re
from typing import Final

from .currencies import currencies_with, currency_decimals
from .errors import InputProblem, InvalidInputError
from .money import MAX_AMOUNT, has_at_most, survives_as_float, without_float_noise

MAX_WRITTEN: Final = 100
"""The longest text of an amount, in characters."""

_MAX_BITS: Final = 64
_BLANKS: Final = " \u00a0\u2009\u202f"
_MINUS: Final = "-\u2212"

_TEXT: Final = re.compile(r"([^0-9]*)([0-9](?:.*[0-9])?)([^0-9]*)", re.DOTALL)
_PLAIN: Final = re.compile(r"(?P<whole>[0-9]+)(?:[.,](?P<part>[0-9]+))?")
_MAY_BE_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_GROUPED: Final = re.compile(
    rf"(?!{_MAY_BE_THOUSANDS.pattern}$)"
    rf"(?P<whole>[1-9][0-9]{{0,2}}(?P<mark>[.,'\u2019{_BLANKS}])[0-9]{{3}}"
    r"(?:(?P=mark)[0-9]{3})*)(?:(?!(?P=mark))[.,](?P<part>[0-9]+))?"
)


def parse_amount(value: object, currency: str, field: str = "amount") -> Decimal:
    """Read a positive amount of money exactly.

    Args:
        value: a number, or text with at most one mark of the currency, separators
            of thousands, and a point or comma before the decimals.
        currency: ISO 4217 code of the account's currency.
        field: the name of the field, for the error.

    Raises:
        InvalidInputError: it is no amount, not positive, too large, ambiguous, of
            another currency, or has more decimals than the currency.
    """
    amount = parse_flow(value, currency, field)
    if not amount:
        raise InvalidInputError(field, InputProblem.NOT_POSITIVE)
    return amount


def parse_flow(value: object, currency: str, field: str) -> Decimal:
    """Read an amount that may be zero, as one of Budgero's two flows is.

    A float, or the text of one, counts as the nearest thousandth if that is within
    1e-9, so that `0.1 + 0.2` is 0.3.

    Raises:
        InvalidInputError: as `parse_amount`.
    """
    amount = _read(value, currency, field)
    if amount < 0:
        raise InvalidInputError(field, InputProblem.NOT_POSITIVE)
    if amount > MAX_AMOUNT:
        raise InvalidInputError(field, InputProblem.TOO_LARGE)
    if not has_at_most(currency_decimals(currency), amount):
        raise InvalidInputError(field, InputProblem.TOO_PRECISE)
    if not survives_as_float(amount):
        raise InvalidInputError(field, InputProblem.TOO_LARGE)
    return amount


def _read(value: object, currency: str, field: str) -> Decimal:
    amount: Decimal | InputProblem = InputProblem.NOT_A_NUMBER
    match value:
        case bool():
            pass
        case int() if value.bit_length() > _MAX_BITS:  # converting it would take long
            amount = InputProblem.TOO_LARGE if value > 0 else InputProblem.NOT_POSITIVE
        case int():
            amount = Decimal(value)
        case Decimal() if value.is_finite():
            amount = value
        case float() if math.isfinite(value):
            amount = without_float_noise(Decimal(repr(value)))
        case str():
            amount = _read_text(value.strip(), currency)
    if isinstance(amount, InputProblem):
        raise InvalidInputError(field, amount)
    return amount


def _read_text(text: str, currency: str) -> Decimal | InputProblem:
    """Return the amount in a text, or why there is none."""
    found = _TEXT.fullmatch(text) if len(text) <= MAX_WRITTEN else None
    if found is None:
        return InputProblem.NOT_A_NUMBER
    before, number, after = found.groups()
    minuses = sum((before + after).count(minus) for minus in _MINUS)
    sides = [side.strip(_BLANKS + _MINUS) for side in (before, after)]
    marks = [currencies_with(side) for side in sides if side]
    decimals = currency_decimals(currency)
    amount = _read_number(number, decimals, is_marked=bool(marks))
    if minuses > 1 or len(marks) > 1 or not all(marks):
        return InputProblem.NOT_A_NUMBER
    if amount is InputProblem.NOT_A_NUMBER:
        return amount
    if minuses:
        return InputProblem.NOT_POSITIVE
    if marks and currency not in marks[0]:
        return InputProblem.OTHER_CURRENCY
    return amount


def _read_number(
    number: str, decimals: int, *, is_marked: bool
) -> Decimal | InputProblem:
    if grouped := _GROUPED.fullmatch(number):
        whole = re.sub("[^0-9]", "", grouped["whole"])
        return Decimal(f"{whole}.{grouped['part'] or 0}")
    plain = _PLAIN.fullmatch(number)
    if plain is None:
        return InputProblem.NOT_A_NUMBER
    if _MAY_BE_THOUSANDS.fullmatch(number):
        if decimals == 0 and is_marked:
            return Decimal(plain["whole"] + plain["part"])
        if decimals < 3 or "," in number:
            return InputProblem.AMBIGUOUS
    exact = Decimal(f"{plain['whole']}.{plain['part'] or 0}")
    return without_float_noise(exact)
