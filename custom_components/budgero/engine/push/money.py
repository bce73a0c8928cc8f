"""Converts exact amounts to Budgero's thousandths and back; nothing is rounded."""

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal
from typing import Final

from .errors import InputProblem, InvalidInputError

MILLIUNITS: Final = 1000
"""Budgero counts fiat money in thousandths of the currency's unit."""

MAX_MILLIUNITS: Final = 2**53 - 1
"""The largest amount that the Budgero app books (verified against 1.6.0)."""

# A context of its own: other code may have lowered the precision of the shared one.
_EXACT: Final = Context(prec=MAX_PREC, Emin=MIN_EMIN, Emax=MAX_EMAX)
_FLOAT_NOISE: Final = Decimal("1e-9")

MAX_AMOUNT: Final = Decimal(MAX_MILLIUNITS).scaleb(-3, _EXACT)


def to_milliunits(amount: Decimal) -> int:
    """Scale an amount to Budgero's integer milliunits, without rounding.

    Raises:
        InvalidInputError: the amount is too large, or not a whole number of
            milliunits.
    """
    if amount.copy_abs() > MAX_AMOUNT:
        raise InvalidInputError("amount", InputProblem.TOO_LARGE)
    if not has_at_most(3, amount):
        raise InvalidInputError("amount", InputProblem.TOO_PRECISE)
    return int(amount.scaleb(3, _EXACT))


def from_milliunits(milliunits: int) -> Decimal:
    """Return the amount that this many milliunits stand for."""
    return Decimal(milliunits) / MILLIUNITS


def has_at_most(decimals: int, amount: Decimal) -> bool:
    """Return whether an amount has no more decimals than this, trailing zeros aside."""
    scaled = amount.scaleb(decimals, _EXACT)
    return scaled == scaled.to_integral_value()


def survives_as_float(amount: Decimal) -> bool:
    """Return whether Budgero's app makes the same milliunits of it as a JSON number.

    Raises:
        InvalidInputError: the amount has no milliunits.
    """
    return round(float(amount) * MILLIUNITS) == to_milliunits(amount)


def without_float_noise(exact: Decimal) -> Decimal:
    """Return the nearest thousandth if it is within 1e-9, else the amount itself."""
    if exact.copy_abs() > MAX_AMOUNT:
        return exact  # it will be refused as too large
    nearest = exact.quantize(Decimal("0.001"), context=_EXACT)
    return nearest if abs(exact - nearest) <= _FLOAT_NOISE else exact
