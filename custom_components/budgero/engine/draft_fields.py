"""Reading the fields of a draft; a field that was not given is `None`."""

from datetime import date, datetime
from decimal import Decimal
import math
from typing import Final

from .push.errors import InputProblem, InvalidInputError
from .push.fields import parse_date, parse_flag, parse_message_id, parse_text
from .push.wire import Direction
from .push.written_money import parse_amount, parse_flow

_NO_VALUE: Final = frozenset({"unknown", "unavailable", "none", "None", "nan"})
"""What templates write for an entity or a variable without a value."""

_NO_VALUE_IN_ANY_CASE: Final = frozenset(word.casefold() for word in _NO_VALUE)


def read_value(value: object, field: str) -> object:
    """Return a value, or `None` if none was given.

    Raises:
        InvalidInputError: it says that an entity has no value, or it is a template.
    """
    if not isinstance(value, str):
        if isinstance(value, float) and math.isnan(value):
            raise InvalidInputError(field, InputProblem.NO_VALUE)
        return value
    _refuse_template(value, field)
    text = value.strip()
    if text.casefold() in _NO_VALUE_IN_ANY_CASE:
        raise InvalidInputError(field, InputProblem.NO_VALUE)
    return value if text else None


def read_date(value: object, now: datetime) -> date | None:
    """Return a date, or `None` if none was given.

    Args:
        value: as it was given.
        now: the moment, in the household's time zone.

    Raises:
        InvalidInputError: it is no date, or too far away.
    """
    known = read_value(value, "date")
    return None if known is None else parse_date(known, now)


def read_text(value: object, field: str, limit: int) -> str | None:
    """Return a text, or `None` if none was given.

    Raises:
        InvalidInputError: it is no text, or longer than the limit.
    """
    known = read_value(value, field)
    return None if known is None else parse_text(known, field, limit)


def read_remark(value: object, field: str, limit: int) -> str | None:
    """Return a payee or memo, "" if it is empty, or `None` if none was given.

    The text of an entity without a value counts as empty, because losing a remark is
    better than refusing the transaction.

    Raises:
        InvalidInputError: it is no text, longer than the limit, or a template.
    """
    if isinstance(value, str):
        _refuse_template(value, field)
        is_value = value.strip() not in _NO_VALUE
    else:
        is_value = not (isinstance(value, float) and math.isnan(value))
    return parse_text(value, field, limit) if is_value and value is not None else None


def read_flag(value: object, field: str) -> bool | None:
    """Return yes or no, or `None` if neither was given.

    Raises:
        InvalidInputError: it is neither.
    """
    known = read_value(value, field)
    return None if known is None else parse_flag(known, field)


def read_message_id(value: object) -> str | None:
    """Return a message id, or `None` if none was given.

    Raises:
        InvalidInputError: it is no message id.
    """
    known = read_value(value, "message_id")
    return None if known is None else parse_message_id(known)


def required[T](value: T | None, field: str) -> T:
    """Return a value, or refuse the call if there is none.

    Raises:
        InvalidInputError: there is none.
    """
    if value is None:
        raise InvalidInputError(field, InputProblem.MISSING)
    return value


def read_money(
    amount: object, outflow: object, inflow: object, kind: object, currency: str
) -> tuple[Direction, Decimal] | None:
    """Return how much and which way, or `None` if no amount was given.

    Args:
        amount: as people write it, beside `kind`.
        outflow: Budgero's name for an expense; 0 beside a positive inflow.
        inflow: Budgero's name for an income; 0 beside a positive outflow.
        kind: expense or income.
        currency: ISO 4217 code of the account's currency.

    Raises:
        InvalidInputError: it cannot be read, or was given in ways that contradict.
    """
    ways = {"amount": amount, "outflow": outflow, "inflow": inflow}
    found = {
        way: value for way, value in ways.items() if read_value(value, way) is not None
    }
    if found.keys() == {"outflow", "inflow"}:
        found = _positive_flow(found, currency)
    if not found:
        return None
    *others, way = found
    if others:
        raise InvalidInputError(way, InputProblem.ONE_WAY_ONLY)
    return _direction(kind, way), parse_amount(found[way], currency, way)


def _positive_flow(flows: dict[str, object], currency: str) -> dict[str, object]:
    """Return flows without a zero that stands beside a positive one."""
    positive = {
        way: value for way, value in flows.items() if parse_flow(value, currency, way)
    }
    if not positive:
        raise InvalidInputError("outflow", InputProblem.NOT_POSITIVE)
    return positive


def _direction(kind: object, way: str) -> Direction:
    chosen = read_value(kind, "type")
    if isinstance(chosen, str):
        chosen = chosen.strip().casefold()
    direction = Direction.INCOME if way == "inflow" else Direction.EXPENSE
    if chosen in (None, direction):
        return direction
    if way != "amount":
        raise InvalidInputError("type", InputProblem.ONE_WAY_ONLY)
    if chosen != Direction.INCOME:
        raise InvalidInputError("type", InputProblem.UNKNOWN_CHOICE)
    return Direction.INCOME


def _refuse_template(text: str, field: str) -> None:
    if "{{" in text or "{%" in text:
        raise InvalidInputError(field, InputProblem.NOT_RENDERED)
