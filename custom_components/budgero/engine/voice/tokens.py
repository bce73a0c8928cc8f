"""Divides a text into tokens: digits, words, signs of currencies and others."""

from dataclasses import dataclass
from enum import Enum
import re
from typing import Final
import unicodedata

from ..push.currencies import all_marks
from .digits import BLANKS
from .folding import fold
from .language import Language

_APOSTROPHES: Final = frozenset("'\u2019")


class Kind(Enum):
    """What a token is."""

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
    """Whether a blank is before it, or it is the first."""


def _signs() -> str:
    """Return a pattern for marks with other signs than letters: "€", "US$"."""
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


def tokens_of(text: str, language: Language) -> list[Token]:
    """Divide a text, also words that are a number and a currency."""
    found = _divided(text)
    if not language.numbers.is_glued:
        return found
    return [piece for token in found for piece in _parted(token, language)]


def _parted(token: Token, language: Language) -> list[Token]:
    """Divide a word such as "zwölfeurofünfzig" as if it were three words."""
    if token.kind is not Kind.WORD or len(token.folded) != len(token.text):
        return [token]
    split = language.numbers.split
    match = language.money.inside_word.fullmatch(token.folded)
    if match is None or split(token.folded):
        return [token]
    number, _, rest = match.groups()
    if not split(number) or (rest and not split(rest)):
        return [token]
    spans = [match.span(group) for group in (1, 2, 3) if match[group]]
    return [
        Token(
            token.kind,
            token.text[start:end],
            token.folded[start:end],
            token.start + start,
            token.start + end,
            token.is_apart or start > 0,
        )
        for start, end in spans
    ]


def _divided(text: str) -> list[Token]:
    found: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
        kind = Kind(match.lastgroup)
        piece = match.group()
        is_apostrophe = piece in _APOSTROPHES and match.start() == last
        if is_apostrophe and found and found[-1].kind is Kind.WORD:
            continue  # "d'un" is two words
        folded = fold(piece) if kind is Kind.WORD else piece
        start, end = match.span()
        found.append(Token(kind, piece, folded, start, end, start > last))
        last = end
    return found
