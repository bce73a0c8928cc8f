"""Exact money: what people and templates write becomes a `Decimal`, or is refused."""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
import math
import re
from typing import Final

from .errors import InputProblem, InvalidInputError

MILLIUNITS: Final = 1000
"""Budgero counts fiat money in thousandths of the currency's unit."""

MAX_MILLIUNITS: Final = 2**53 - 1
"""The largest amount that the Budgero app books (verified against 1.6.0)."""

_TEXT: Final = re.compile(r"(?P<whole>[0-9]{1,15})(?:(?P<mark>[.,])(?P<part>[0-9]+))?")
_FLOAT_NOISE: Final = Decimal("1e-9")

# Whoever shares the process may have lowered the precision of the common context.
_EXACT: Final = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)
_MAX_AMOUNT: Final = Decimal(MAX_MILLIUNITS).scaleb(-3, _EXACT)

# ISO 4217; every other currency counts in hundredths.
_WITHOUT_CENTS: Final = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
_WITH_THOUSANDTHS: Final = frozenset("BHD IQD JOD KWD LYD OMR TND".split())  # noqa: SIM905


def currency_decimals(currency: str) -> int:
    """Return how many decimals amounts in this ISO 4217 currency have."""
    if currency in _WITHOUT_CENTS:
        return 0
    return 3 if currency in _WITH_THOUSANDTHS else 2


def parse_amount(value: object, decimals: int, field: str = "amount") -> Decimal:
    """Read a positive amount of money exactly.

    Args:
        value: a number, or text of plain digits with at most one separator
            (point or comma). A float counts as the thousandth that it lies
            within 1e-9 of, so that `0.1 + 0.2` is 0.3.
        decimals: how many decimals the currency has (0 to 3).
        field: the name of the field, for the error.

    Raises:
        InvalidInputError: not a number, not positive, more decimals than the
            currency has, too large, or a separator that may be one of thousands.
    """
    amount = _read(value, decimals, field)
    if amount <= 0:
        raise InvalidInputError(field, InputProblem.NOT_POSITIVE)
    if amount > _MAX_AMOUNT:
        raise InvalidInputError(field, InputProblem.TOO_LARGE)
    if not _is_whole(amount.scaleb(decimals, _EXACT)):
        raise InvalidInputError(field, InputProblem.TOO_PRECISE)
    return amount


def to_milliunits(amount: Decimal) -> int:
    """Scale an amount to Budgero's integer milliunits, without rounding.

    Raises:
        InvalidInputError: the amount is too large, or not a whole number of
            milliunits.
    """
    if amount.copy_abs() > _MAX_AMOUNT:
        raise InvalidInputError("amount", InputProblem.TOO_LARGE)
    scaled = amount.scaleb(3, _EXACT)
    if not _is_whole(scaled):
        raise InvalidInputError("amount", InputProblem.TOO_PRECISE)
    return int(scaled)


def from_milliunits(milliunits: int) -> Decimal:
    """Return the amount that this many milliunits stand for."""
    return Decimal(milliunits) / MILLIUNITS


def _is_whole(number: Decimal) -> bool:
    return number == number.to_integral_value()


def _read(value: object, decimals: int, field: str) -> Decimal:
    match value:
        case bool():
            raise InvalidInputError(field, InputProblem.NOT_A_NUMBER)
        case int():
            return Decimal(value)
        case Decimal() if value.is_finite():
            return value
        case float() if math.isfinite(value):
            return _without_float_noise(value)
        case str():
            return _read_text(value.strip(), decimals, field)
    raise InvalidInputError(field, InputProblem.NOT_A_NUMBER)


def _without_float_noise(value: float) -> Decimal:
    exact = Decimal(repr(value))
    if abs(value) * MILLIUNITS > MAX_MILLIUNITS:
        return exact  # refused as too large
    nearest = exact.quantize(Decimal("0.001"), context=_EXACT)
    return nearest if abs(exact - nearest) <= _FLOAT_NOISE else exact


def _read_text(text: str, decimals: int, field: str) -> Decimal:
    if re.fullmatch(r"-[0-9.,]+", text):
        raise InvalidInputError(field, InputProblem.NOT_POSITIVE)
    found = _TEXT.fullmatch(text)
    if found is None:
        raise InvalidInputError(field, InputProblem.NOT_A_NUMBER)
    whole, mark, part = found["whole"], found["mark"], found["part"] or "0"
    if len(part) == 3 and (mark == "," or decimals < 3):  # thousands, perhaps
        raise InvalidInputError(field, InputProblem.AMBIGUOUS)
    return Decimal(f"{whole}.{part}")
