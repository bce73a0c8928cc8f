"""Reading what a caller said, and what was left unsaid."""

from datetime import date
from decimal import Decimal

from .push.errors import InputProblem, InvalidInputError
from .push.fields import parse_date, parse_flag, parse_id, parse_message_id, parse_text
from .push.money import parse_amount
from .push.wire import Direction


def said(value: object) -> object:
    """Return a value, or `None` if it says nothing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return value


def said_id(value: object, field: str) -> int | None:
    """Return an id, or `None` if none was said.

    Raises:
        InvalidInputError: it is no id.
    """
    known = said(value)
    return None if known is None else parse_id(known, field)


def said_date(value: object, today: date) -> date | None:
    """Return a date, or `None` if none was said.

    Raises:
        InvalidInputError: it is no date, or too far away.
    """
    known = said(value)
    return None if known is None else parse_date(known, today)


def said_text(value: object, field: str, limit: int) -> str | None:
    """Return a text, or `None` if none was said.

    Raises:
        InvalidInputError: it is no text, or longer than the limit.
    """
    known = said(value)
    return None if known is None else parse_text(known, field, limit)


def said_flag(value: object, field: str) -> bool | None:
    """Return yes or no, or `None` if neither was said.

    Raises:
        InvalidInputError: it is neither.
    """
    known = said(value)
    return None if known is None else parse_flag(known, field)


def said_message_id(value: object) -> str | None:
    """Return a message id, or `None` if none was said.

    Raises:
        InvalidInputError: it is no message id.
    """
    known = said(value)
    return None if known is None else parse_message_id(known)


def required[T](value: T | None, field: str) -> T:
    """Return a value that must be there.

    Raises:
        InvalidInputError: it is not.
    """
    if value is None:
        raise InvalidInputError(field, InputProblem.MISSING)
    return value


def said_money(
    ways: dict[str, object], kind: object, decimals: int
) -> tuple[Direction, Decimal] | None:
    """Return how much and which way, or `None` if no amount was said.

    Args:
        ways: `amount`, and Budgero's own `outflow` and `inflow`.
        kind: expense or income.
        decimals: how many decimals the currency has.

    Raises:
        InvalidInputError: it cannot be read, or was said in ways that contradict.
    """
    found = {name: value for name, value in ways.items() if said(value) is not None}
    if not found:
        return None
    if len(found) > 1:
        raise InvalidInputError("amount", InputProblem.ONE_WAY_ONLY)
    [(name, value)] = found.items()
    return _direction(kind, name), parse_amount(value, decimals, name)


def _direction(kind: object, way: str) -> Direction:
    chosen = said(kind)
    if way == "amount":
        try:
            return Direction.EXPENSE if chosen is None else Direction(str(chosen))
        except ValueError:
            raise InvalidInputError("type", InputProblem.UNKNOWN_CHOICE) from None
    direction = Direction.EXPENSE if way == "outflow" else Direction.INCOME
    if chosen is not None and chosen != direction:
        raise InvalidInputError("type", InputProblem.ONE_WAY_ONLY)
    return direction
