"""Reading the other fields of a transaction: dates, ids, texts, message ids."""

from datetime import date, datetime
import re
from typing import Final

from .errors import InputProblem, InvalidInputError

EARLIEST_DATE: Final = date(1970, 1, 1)
YEARS_AHEAD: Final = 5
MAX_ID: Final = 2**53 - 1
MAX_PAYEE: Final = 200
MAX_MEMO: Final = 2000

_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ID: Final = re.compile(r"[1-9][0-9]{0,15}")
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_FLAGS: Final = dict.fromkeys(("true", "yes", "on"), True) | dict.fromkeys(
    ("false", "no", "off"), False
)
_UNPRINTABLE: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def parse_date(value: object, today: date, field: str = "date") -> date:
    """Read a calendar date between 1970 and five years after `today`.

    Accepts a `date` and text of the form YYYY-MM-DD; Budgero books anything
    else under a wrong month (verified against Budgero 1.6.0).

    Raises:
        InvalidInputError: no such date, or out of range.
    """
    if isinstance(value, datetime):
        raise InvalidInputError(field, InputProblem.NOT_A_DATE)
    if isinstance(value, str):
        text = value.strip()
        try:
            value = date.fromisoformat(text) if _DATE.fullmatch(text) else None
        except ValueError:
            value = None
    if not isinstance(value, date):
        raise InvalidInputError(field, InputProblem.NOT_A_DATE)
    latest_year = today.year + YEARS_AHEAD
    if value < EARLIEST_DATE or (value.year, value.month, value.day) > (
        latest_year,
        today.month,
        today.day,
    ):
        raise InvalidInputError(field, InputProblem.DATE_OUT_OF_RANGE)
    return value


def check_date(day: date) -> None:
    """Refuse a day that Budgero would book wrongly.

    Raises:
        InvalidInputError: it has a time, or lies before 1970.
    """
    if isinstance(day, datetime):
        raise InvalidInputError("date", InputProblem.NOT_A_DATE)
    if day < EARLIEST_DATE:
        raise InvalidInputError("date", InputProblem.DATE_OUT_OF_RANGE)


def parse_flag(value: object, field: str) -> bool:
    """Read yes or no, also as the words that people write in YAML.

    Raises:
        InvalidInputError: anything else.
    """
    if isinstance(value, bool):
        return value
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
    """Read a text of at most `limit` characters; blanks around it go.

    Numbers are taken as their text, since templates turn `'42'` into 42.

    Raises:
        InvalidInputError: not text, too long, or with control characters.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
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

    Budgero's server trims and mangles others (verified against Budgero 1.6.0).

    Raises:
        InvalidInputError: anything else.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _MESSAGE_ID.fullmatch(value):
        raise InvalidInputError(field, InputProblem.BAD_CHARACTERS)
    return value
