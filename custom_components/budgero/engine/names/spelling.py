"""Cleans names when they are read, and tells whether two names are the same.

Home Assistant's templates turn some texts into numbers, `True` or tuples. This module
also tells which value a template makes of a name.
"""

from ast import literal_eval
import re
from typing import Final
import unicodedata

MAX_NAME: Final = 1000
"""How many characters of a name are kept."""

_BLANKS: Final = re.compile(r"[\s\u2028\u2029]+")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_UNSEEN: Final = re.compile(
    r"[\u200b\u2060\ufeff\ufe0e\ufe0f\u202a-\u202e\u2066-\u2069]"
)
"""Blanks without a width, and characters that change the direction of the text."""

_FIRST_ACCENT: Final = 200
"""Combining classes from here on are signs above and below a letter. Those before
it are vowels and other letters, such as Devanagari's and the dots of kana."""

_STRUCK: Final = str.maketrans("łøđħŧıð", "lodhtid")
"""Letters with a stroke, which Unicode does not divide into letter and accent."""

_NUMBER: Final = re.compile(r"[+-]?(?!0\d)\d*(?:\.\d*)?")
_LIST: Final = re.compile(r"[\d .,+\-()\[\]]*[,()\[\]][\d .,+\-()\[\]]*")
_MAX_BITS: Final = 4000
_MAX_ITEMS: Final = 100


def clean_name(text: str) -> str:
    """Return a name without control characters and superfluous blanks.

    Characters that change the direction of the text are removed as well. Emoji,
    right-to-left letters and markup are kept.
    """
    text = unicodedata.normalize("NFC", _CONTROL.sub(" ", text))
    return _BLANKS.sub(" ", _UNSEEN.sub("", text)).strip()


def shorten(name: str) -> str:
    """Return a name as it is kept; a name that is too long ends with an ellipsis."""
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


def fold(name: str) -> str:
    """Return a form that ignores case, accents and blanks, to compare names."""
    letters = unicodedata.normalize("NFD", name).casefold()
    letters = unicodedata.normalize("NFD", letters).translate(_STRUCK)
    if letters.isascii():
        return "".join(letters.split())
    return "".join(
        letter
        for letter in letters
        if unicodedata.combining(letter) < _FIRST_ACCENT and not letter.isspace()
    )


def value_of_text(text: str) -> str | None:
    """Return a key for the value that a template makes of a text, `None` for a text.

    Two values are the same if their keys are. The texts 2026, True and 1,2 become the
    values `2026`, `True` and `(1, 2)`.
    """
    if text in ("True", "False"):
        return text
    try:
        if _NUMBER.fullmatch(text):
            return repr(float(text) if "." in text else int(text))
        if _LIST.fullmatch(text):
            return value_of(literal_eval(text))
    except ValueError, TypeError, SyntaxError, MemoryError, RecursionError:
        pass
    return None


def value_of(value: object) -> str | None:
    """Return the same key for a value from a template; `None` for other values."""
    if isinstance(value, tuple | list):
        items = [_scalar(item) for item in value[: _MAX_ITEMS + 1]]
        if len(items) > _MAX_ITEMS or None in items:
            return None
        return f"{'list' if isinstance(value, list) else 'tuple'} {items}"
    return _scalar(value)


def _scalar(value: object) -> str | None:
    match value:
        case bool() | float():
            return repr(value)
        case int() if value.bit_length() <= _MAX_BITS:
            return repr(value)
    return None
