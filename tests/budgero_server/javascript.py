"""How the Budgero app, a JavaScript program, reads values that come to it."""

import base64
from collections.abc import Mapping, Sequence
from decimal import Decimal
import json
import math
import re
from typing import Any, Final, NoReturn

type Json = bool | float | str | Sequence[Json] | Mapping[str, Json] | None

MAX_SAFE_INTEGER: Final = 9_007_199_254_740_991
_ASCII_WHITESPACE = re.compile(r"[\t\n\f\r ]+")
_STANDARD_BASE64 = re.compile(r"[A-Za-z0-9+/]*")
_DECIMAL = re.compile(
    r"[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)", re.ASCII
)
_PADDED_EXPONENT = re.compile(r"e([+-])0+")
_INTEGER_BASES: Final = {"0x": 16, "0o": 8, "0b": 2}
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def atob(text: str) -> bytes:
    """Decode base64 as `atob` does: blanks and missing padding are fine.

    Raises:
        ValueError: The alphabet, the length or the padding is wrong.
    """
    bare = _ASCII_WHITESPACE.sub("", text)
    if len(bare) % 4 == 0:
        bare = bare.removesuffix("=").removesuffix("=")
    if not _STANDARD_BASE64.fullmatch(bare) or len(bare) % 4 == 1:
        raise ValueError("invalid base64")
    return base64.b64decode(bare + "=" * (-len(bare) % 4))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"not JSON: {constant}")


def parse_json(data: bytes) -> Json:
    """Decode UTF-8, drop a byte order mark and parse; all numbers are floats.

    Raises:
        ValueError: The text is not JSON.
    """
    text = data.decode(errors="replace").removeprefix("\ufeff")
    try:
        value: Any = json.loads(
            text, parse_int=float, parse_float=float, parse_constant=_refuse
        )
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    return _as_json(value)


def _as_json(value: Any) -> Json:
    checked: Json = value
    return checked


def number(value: Json) -> float:
    """Convert as `Number(value)` does; what is no number becomes NaN."""
    match value:
        case None:
            return 0.0
        case bool() | float():
            return float(value)
        case str():
            return _number_of_text(value)
        case Mapping():
            return math.nan
        case _:
            return _number_of_text(_text_of_items(value))


def _number_of_text(text: str) -> float:
    bare = text.strip()
    if not bare:
        return 0.0
    if _DECIMAL.fullmatch(bare):
        return float(bare)
    base, digits = _INTEGER_BASES.get(bare[:2].lower()), bare[2:]
    if base is None or not digits.isascii() or not digits.isalnum():
        return math.nan
    try:
        return float(int(digits, base))
    except ValueError:
        return math.nan


def _text_of_items(items: Sequence[Json]) -> str:
    return ",".join("" if item is None else text(item) for item in items)


def text(value: Json) -> str:
    """Convert as `String(value)` does."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case float():
            return _text_of_number(value)
        case str():
            return value
        case Mapping():
            return "[object Object]"
        case _:
            return _text_of_items(value)


def _text_of_number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value.is_integer() and abs(value) < 1e21:
        return str(int(value))
    if 1e-6 <= abs(value) < 1e21:
        return format(Decimal(repr(value)), "f")
    return _PADDED_EXPONENT.sub(r"e\1", repr(value))


def round_half_up(value: float) -> float:
    """Round as `Math.round` does: a half goes up, also below zero."""
    if not math.isfinite(value):
        return value
    floor = math.floor(value)
    return float(floor + 1 if value - floor >= 0.5 else floor)


def is_safe_integer(value: float) -> bool:
    """Tell whether `Number.isSafeInteger(value)` holds."""
    return value.is_integer() and abs(value) <= MAX_SAFE_INTEGER


def well_formed(value: str) -> str:
    """Put the replacement character in the place of every lone surrogate."""
    return _LONE_SURROGATE.sub("\ufffd", value)
