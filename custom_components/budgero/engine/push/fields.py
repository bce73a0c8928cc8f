"""Reads the fields of a transaction but amounts: dates, ids, texts, message ids."""

from datetime import date, datetime
import math
import re
from typing import Final

from ..release import RELEASED
from .errors import InputProblem, InvalidInputError

EARLIEST_DATE: Final = date(1970, 1, 1)
YEARS_AHEAD: Final = 5
MAX_ID: Final = 2**53 - 1
MAX_PAYEE: Final = 200
MAX_MEMO: Final = 2000

_MAX_BITS: Final = 512
"""The size in bits of the largest number that is accepted as a text, with 150
digits."""

_DAY: Final = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_DATE: Final = re.compile(_DAY)
_MOMENT: Final = re.compile(
    rf"{_DAY}[T ](?:[01][0-9]|2[0-3]):[0-5][0-9]"
    r"(?::[0-5][0-9](?:[.,][0-9]{1,9})?)?(?: ?(?:Z|[+-][0-9]{2}(?::?[0-9]{2})?))?",
    re.ASCII | re.IGNORECASE,
)
_ID: Final = re.compile(r"[1-9][0-9]{0,15}")
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_FLAGS: Final = dict.fromkeys(("true", "yes", "on", "enable", "1"), True) | (
    dict.fromkeys(("false", "no", "off", "disable", "0"), False)
)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def parse_date(value: object, now: datetime, field: str = "date") -> date:
    """Read a calendar date between 1970 and five years from now.

    Dates and date-times are accepted, as objects or in the forms of ISO 8601 that begin
    with YYYY-MM-DD. The day of a date-time with an offset is its day in the zone of
    `now`; without an offset it is the day that it names. Budgero books other forms
    under a wrong month (verified against Budgero 1.6.0).

    Args:
        value: what was given.
        now: the moment, in the household's time zone.
        field: the name of the field, for the error.

    Raises:
        InvalidInputError: it is no such date, or out of range.
    """
    day = _day_of(_from_text(value) if isinstance(value, str) else value, now)
    if day is None:
        raise InvalidInputError(field, InputProblem.NOT_A_DATE)
    today = max(now.date(), RELEASED)  # a clock may be years behind
    latest = (today.year + YEARS_AHEAD, today.month, today.day)
    if day < EARLIEST_DATE or (day.year, day.month, day.day) > latest:
        raise InvalidInputError(field, InputProblem.DATE_OUT_OF_RANGE)
    return day


def _from_text(text: str) -> date | None:
    text = text.strip()
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text)
        if _MOMENT.fullmatch(text):
            return datetime.fromisoformat(text.upper())
    except ValueError:
        pass
    return None


def _day_of(value: object, now: datetime) -> date | None:
    if not isinstance(value, datetime):
        return value if isinstance(value, date) else None
    if value.utcoffset() is None:
        return value.date()
    try:
        return value.astimezone(now.tzinfo).date()
    except OverflowError:  # a day in the year 1 or 9999
        return value.date()


def check_date(day: date) -> None:
    """Refuse a date that Budgero would book wrongly.

    Raises:
        InvalidInputError: it has a time, or lies before 1970.
    """
    if isinstance(day, datetime):
        raise InvalidInputError("date", InputProblem.NOT_A_DATE)
    if day < EARLIEST_DATE:
        raise InvalidInputError("date", InputProblem.DATE_OUT_OF_RANGE)


def parse_flag(value: object, field: str) -> bool:
    """Read yes or no, also in Home Assistant's words for them such as `on` and `off`.

    Raises:
        InvalidInputError: anything else.
    """
    if isinstance(value, int | float) and value in (0, 1):
        return bool(value)
    if isinstance(value, str) and (word := value.strip().lower()) in _FLAGS:
        return _FLAGS[word]
    raise InvalidInputError(field, InputProblem.NOT_YES_OR_NO)


def parse_id(value: object, field: str) -> int:
    """Read an id of Budgero: a positive whole number, also as text.

    Raises:
        InvalidInputError: anything else.
    """
    match value:
        case bool():
            pass
        case int() if 0 < value <= MAX_ID:
            return value
        case float() if value.is_integer():
            return parse_id(int(value), field)
        case str() if _ID.fullmatch(value.strip()):
            return parse_id(int(value), field)
    raise InvalidInputError(field, InputProblem.NOT_AN_ID)


def parse_text(value: object, field: str, limit: int) -> str:
    """Read a text of at most `limit` characters; blanks around it are removed.

    A number counts as its text, because templates turn `'42'` into 42.

    Raises:
        InvalidInputError: it is no text, is too long, or has control characters.
    """
    match value:
        case int() if not isinstance(value, bool):
            if value.bit_length() > _MAX_BITS:
                raise InvalidInputError(field, InputProblem.TOO_LONG)
            value = str(value)
        case float() if math.isfinite(value):
            value = str(value)
    if not isinstance(value, str):
        raise InvalidInputError(field, InputProblem.NOT_TEXT)
    text = value.replace("\r\n", "\n").strip()
    if len(text) > limit:
        raise InvalidInputError(field, InputProblem.TOO_LONG)
    if _UNPRINTABLE.search(text):
        raise InvalidInputError(field, InputProblem.BAD_CHARACTERS)
    return text


def parse_message_id(value: object, field: str = "message_id") -> str:
    """Read a caller's own message id: 1 to 128 of `A-Z a-z 0-9 . _ : -`.

    Budgero's server changes ids with other characters (verified against Budgero 1.6.0).

    Raises:
        InvalidInputError: anything else.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if value.bit_length() <= _MAX_BITS else None
    if not isinstance(value, str) or not _MESSAGE_ID.fullmatch(value):
        raise InvalidInputError(field, InputProblem.BAD_CHARACTERS)
    return value
