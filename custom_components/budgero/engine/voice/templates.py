"""The sentences as Home Assistant is given them, with the money spelled out.

A sentence that matches is taken, whatever it meant. So anything may stand only where
names stand, and the money must be one: "I spent three hours in the garden" is none.
"""

from dataclasses import dataclass
from itertools import count
import re
from typing import Final

from .days import DayWords
from .language import Language
from .money_template import money_piece, money_with_unit_piece
from .patterns import expand, is_glued
from .phrases import Shape

# Longer numbers without a unit are years and the like: "paid the bill of 2024".
_DIGIT: Final = "(0|1|2|3|4|5|6|7|8|9)"
_FEW_DIGITS: Final = f"{_DIGIT}[{_DIGIT}[{_DIGIT}]][(.|,){_DIGIT}{_DIGIT}]"

_ANYTHING: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence for Home Assistant.

    Attributes:
        text: in the syntax of its sentences.
        language: code of the language that it is of.
        shape: which family of sentences.
    """

    text: str
    language: str
    shape: Shape


def templates(language: Language) -> tuple[Template, ...]:
    """Return the sentences of a language."""
    phrases = language.phrases
    with_unit = money_with_unit_piece(language)
    pieces = {
        "day": DayWords(phrases.days).pattern,
        "what": _followed(phrases.prepositions),
        "what_for": _followed(phrases.strong_prepositions),
        "money": money_piece(language),
        "sum": f"{_FEW_DIGITS}|{with_unit}",
        "sum_with_unit": with_unit,
        **phrases.pieces,
    }
    return tuple(
        Template(_numbered(expand(shape.pattern, pieces)), language.code, shape)
        for shape in phrases.shapes
    )


def _followed(words: tuple[str, ...]) -> str:
    """Return the pattern of a preposition and what follows."""
    apart = "|".join(word for word in words if not is_glued(word))
    return "|".join(
        [f"({apart}) {{what}}"]
        + [f"{word}{{what}}" for word in words if is_glued(word)]
    )


def _numbered(pattern: str) -> str:
    """Give every `{name}` of a sentence a name of its own, as matching needs."""
    numbers = count()
    return _ANYTHING.sub(lambda match: f"{{{match[1]}{next(numbers)}}}", pattern)
