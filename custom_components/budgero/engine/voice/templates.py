"""The sentences as Home Assistant is given them, with the money spelled out.

A sentence that matches is taken, whatever it meant. So anything may stand only where
names stand, and the money must be one: "I spent three hours in the garden" is none.

Every word of a template costs memory and time whenever Home Assistant prepares its
sentences. So shapes that differ only in front of the money share a template; which of
them it is the grammar finds out.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import count
import re
from typing import Final

from .days import DayWords
from .grammar import split_at_money
from .language import Language
from .money_template import (
    digits_with_unit_piece,
    money_piece,
    one_word_piece,
    sum_piece,
)
from .patterns import expand, is_glued, to_template
from .phrases import Shape, Task

_ANYTHING: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence for Home Assistant.

    Attributes:
        text: in the syntax of its sentences.
        language: code of the language that it is of.
        task: what it asks for.
    """

    text: str
    language: str
    task: Task


def templates(language: Language) -> tuple[Template, ...]:
    """Return the sentences of a language."""
    phrases = language.phrases
    pieces = {
        "day": DayWords(phrases.days).pattern,
        "what": _followed(phrases.prepositions),
        "what_for": _followed(phrases.strong_prepositions),
        "money": money_piece(language),
        "short_money": money_piece(language, is_short=True),
        "sum": sum_piece(language),
        "one_word": one_word_piece(language),
        "digits_with_unit": digits_with_unit_piece(language),
        **phrases.pieces,
    }
    families: dict[tuple[Task, str, str], list[Shape]] = defaultdict(list)
    for shape in phrases.shapes:
        _, money, end = split_at_money(shape)
        families[shape.task, money, shape.family or end].append(shape)
    return tuple(
        Template(
            _numbered(expand(_one_of(shapes, 0) + money + _one_of(shapes, 2), pieces)),
            language.code,
            task,
        )
        for (task, money, _), shapes in families.items()
    )


def _one_of(shapes: list[Shape], part: int) -> str:
    """Return the pattern of the same part of some shapes; one of them may be empty."""
    patterns = dict.fromkeys(split_at_money(shape)[part] for shape in shapes)
    some = "|".join(pattern for pattern in patterns if pattern)
    if not some:
        return ""
    return f"[{some}]" if "" in patterns else f"({some})"


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
    named = _ANYTHING.sub(lambda match: f"{{{match[1]}{next(numbers)}}}", pattern)
    return to_template(named)
