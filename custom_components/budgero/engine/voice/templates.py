"""Makes the sentence templates for Home Assistant, with the money spelled out.

A sentence that matches is not passed on to others, whatever it means. So any text is
allowed only where names stand, and the amount must be one of money: "I spent three
hours in the garden" does not match.

Every word of a template costs memory, and time whenever Home Assistant prepares its
sentences. So shapes that differ only in front of the money share a template. The
grammar finds out which of them it is.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import count, takewhile
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
_FIRST_PIECE: Final = re.compile(r"<\w+> ?")


@dataclass(frozen=True, slots=True)
class Template:
    """A sentence template for Home Assistant.

    Attributes:
        text: in the syntax of Home Assistant's sentences.
        language: code of the language.
        task: what the sentence asks for.
    """

    text: str
    language: str
    task: Task


def templates(language: Language) -> tuple[Template, ...]:
    """Return the sentence templates of a language."""
    phrases = language.phrases
    hedge = f"[({'|'.join(phrases.hedges)}) ]" if phrases.hedges else ""
    pieces = {
        "day": DayWords(phrases.days).pattern,
        "what": _followed(phrases.prepositions),
        "what_for": _followed(phrases.strong_prepositions),
        "money": hedge + money_piece(language),
        "short_money": hedge + money_piece(language, is_short=True),
        "sum": hedge + sum_piece(language),
        "one_word": one_word_piece(language),
        "digits_with_unit": digits_with_unit_piece(language),
        **phrases.pieces,
    }
    families: dict[tuple[Task, str, str], list[Shape]] = defaultdict(list)
    for shape in phrases.shapes:
        if shape.is_reading:
            continue
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
    """Return one pattern for the same part of several shapes; a part may be empty."""
    patterns = dict.fromkeys(
        _ANYTHING.sub("{any}", split_at_money(shape)[part]) for shape in shapes
    )
    divided = [_parts(pattern) for pattern in patterns]
    if len(divided) == 1:
        return f"({''.join(divided[0])})" if divided[0] else ""
    begin = _alike(divided)
    end = _alike([parts[begin:][::-1] for parts in divided])
    some = ["".join(parts[begin : len(parts) - end]) for parts in divided]
    middle = _joined([pattern for pattern in some if pattern])
    middle = f"[{middle}]" if "" in some else f"({middle})"
    first = divided[0]
    return "".join([*first[:begin], middle, *first[len(first) - end :]])


def _parts(pattern: str) -> list[str]:
    """Divide a pattern behind each outer bracket, unless it has an outer choice."""
    if _has_choice(pattern):
        return [pattern]
    parts, depth = [""], 0
    for char in pattern:
        depth += (char in "([") - (char in ")]")
        parts[-1] += char
        if char in ")]" and not depth:
            parts.append("")
    return parts if parts[-1] else parts[:-1]


def _has_choice(pattern: str) -> bool:
    """Return whether a pattern has a choice outside brackets."""
    depth = 0
    for char in pattern:
        if char == "|" and not depth:
            return True
        depth += (char in "([") - (char in ")]")
    return False


def _alike(patterns: list[list[str]]) -> int:
    """Return how many first parts are the same in all patterns."""
    alike = takewhile(lambda parts: len({*parts}) == 1, zip(*patterns, strict=False))
    return sum(1 for _ in alike)


def _joined(patterns: list[str]) -> str:
    """Return a pattern for any of some patterns; a common first piece stands once."""
    groups: dict[str, list[str]] = defaultdict(list)
    for pattern in patterns:
        first = None if _has_choice(pattern) else _FIRST_PIECE.match(pattern)
        begin = "" if first is None else first[0]
        groups[begin].append(pattern.removeprefix(begin))
    return "|".join(
        "|".join(rest)
        if not begin
        else begin + (rest[0] if len(rest) == 1 else f"({_joined(rest)})")
        for begin, rest in groups.items()
    )


def _followed(words: tuple[str, ...]) -> str:
    """Return the pattern of a preposition and the words behind it."""
    apart = "|".join(word for word in words if not is_glued(word))
    return "|".join(
        [f"({apart}) {{what}}"]
        + [f"{word}{{what}}" for word in words if is_glued(word)]
    )


def _numbered(pattern: str) -> str:
    """Give every `{name}` of a sentence its own name, as Home Assistant requires."""
    numbers = count()
    named = _ANYTHING.sub(lambda match: f"{{{match[1]}{next(numbers)}}}", pattern)
    return to_template(named)
