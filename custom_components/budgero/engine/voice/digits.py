"""Numbers in digits, with the marks of a language."""

from dataclasses import dataclass
from decimal import Decimal
import re
from typing import Final

from .problem import Problem

BLANKS: Final = "\u00a0\u2009\u202f"
"""Blanks that are used only between groups of digits."""

_MARK: Final = re.compile(r"([^0-9])")
_UNIFORM: Final = str.maketrans(dict.fromkeys(BLANKS, " ") | {"\u2019": "'"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """The marks between digits; a point or comma that is none of them is doubtful."""

    decimal: str = ""
    group: str = ""
    has_blanks: bool = False
    """Whether groups are also written with a common blank between them."""


def read_digits(text: str, marks: Marks, decimals: int) -> Decimal | Problem:
    """Read digits with points, commas, apostrophes and blanks between them."""
    first, *rest = _MARK.split(text.translate(_UNIFORM))
    if not first:  # ".50"
        return (
            _decimals("0", rest[1], decimals) if rest[0] == "." else Problem.AMBIGUOUS
        )
    if len(first) > 1 and first[0] == "0":
        return Problem.AMBIGUOUS
    if not rest:
        return Decimal(first)
    separators, groups = rest[::2], rest[1::2]
    if not set(separators) <= set(".,' "):
        return Problem.AMBIGUOUS
    *inner, last = separators
    if not inner and last in ".,":
        return _one_mark(first, last, groups[0], marks, decimals)
    is_decimal = last in ".," and last not in inner
    whole = groups[:-1] if is_decimal else groups
    if len({*(inner if is_decimal else separators)}) > 1 or not _are_groups(
        first, whole
    ):
        return Problem.AMBIGUOUS
    joined = first + "".join(whole)
    return _decimals(joined, groups[-1], decimals) if is_decimal else Decimal(joined)


def _one_mark(
    whole: str, mark: str, part: str, marks: Marks, decimals: int
) -> Decimal | Problem:
    if not _are_groups(whole, [part]):
        return _decimals(whole, part, decimals)
    if mark in marks.group:
        return Decimal(whole + part)
    if mark in marks.decimal:
        return _decimals(whole, part, decimals)
    return Problem.AMBIGUOUS


def _are_groups(first: str, groups: list[str]) -> bool:
    """Return whether groups of digits are valid groups of thousands."""
    return len(first) <= 3 and first != "0" and all(len(group) == 3 for group in groups)


def _decimals(whole: str, part: str, decimals: int) -> Decimal | Problem:
    if len(part) > max(decimals, 2):
        return Problem.TOO_PRECISE
    return Decimal(f"{whole}.{part}")
