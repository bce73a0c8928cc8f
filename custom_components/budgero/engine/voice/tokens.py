"""A text in pieces: numbers in digits, words, signs of currencies and the rest."""

from dataclasses import dataclass
from enum import Enum
import re
from typing import Final
import unicodedata

from ..push.currencies import all_marks
from .digits import BLANKS
from .folding import fold


class Kind(Enum):
    """What a piece of text is."""

    DIGITS = "digits"
    WORD = "word"
    SIGN = "sign"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text without blanks around it."""

    kind: Kind
    text: str
    folded: str
    start: int
    end: int
    is_apart: bool
    """There is a blank before it, or it is the first."""


def _signs() -> str:
    """Return a pattern for the marks that are not only letters: "€", "US$"."""
    signs = sorted(
        (
            mark
            for mark in all_marks()
            if any(unicodedata.category(char) == "Sc" for char in mark)
        ),
        key=len,
        reverse=True,
    )
    return "|".join(
        (r"(?<![^\W\d_])" if sign[0].isalpha() else "") + re.escape(sign)
        for sign in signs
    )


_TOKEN: Final = re.compile(
    rf"(?P<digits>(?:(?<![^\s{BLANKS}(\[$€£¥])\.)?[0-9]+"
    rf"(?:[.,'\u2019:/+*×=\-\u2013{BLANKS}][0-9]+)*)"
    rf"|(?P<sign>{_signs()})"
    r"|(?P<word>(?:[^\W\d_][\u0300-\u036f]*)+)"
    r"|(?P<other>\S)",
    re.IGNORECASE,
)


def tokens_of(text: str) -> list[Token]:
    """Divide a text."""
    found: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
        kind = Kind(match.lastgroup)
        piece = match.group()
        folded = fold(piece) if kind is Kind.WORD else piece
        start, end = match.span()
        found.append(Token(kind, piece, folded, start, end, start > last))
        last = end
    return found
