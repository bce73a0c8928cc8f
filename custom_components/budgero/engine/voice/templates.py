"""Makes the sentence templates for Home Assistant, with the money spelled out.

A sentence that matches is not passed on to others, whatever it means. So any text is
allowed only where names stand, and the amount must be one of money: "I spent three
hours in the garden" does not match.

Every word of a template costs memory, and time whenever Home Assistant prepares its
sentences. So shapes that differ only in front of the money share a template. The
grammar finds out which of them it is.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from itertools import count, takewhile
import re
from typing import Final

from .days import DayWords
from .language import Language
from .money_template import (
    digits_with_unit_piece,
    money_piece,
    one_word_piece,
    sum_piece,
)
from .patterns import expand, is_glued, to_template
from .phrases import Shape, Task
from .sentence_regex import split_at_money

_ANYTHING: Final = re.compile(r"\{(\w+)\}")
_ENDINGS: Final = re.compile(r"\[ <day>\](?:\[ <what>\]| \{rest\})|\[ \{rest\}\]$")
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
    days = DayWords(phrases.days)
    pieces = {
        "day": days.pattern,
        "leading_day": days.leading,
        "opener": "|".join(phrases.openers),
        "tail": f"({days.begins})[ {{what}}]|{_followed(phrases.prepositions)}",
        "told": "|".join(phrases.told),
        "request": "|".join(phrases.requests),
        "what": _followed(phrases.prepositions),
        "what_for": _followed(phrases.strong_prepositions),
        "money": hedge + money_piece(language),
        "short_money": hedge + money_piece(language, is_short=True),
        "sum": hedge + sum_piece(language),
        "one_word": one_word_piece(language),
        "digits_with_unit": digits_with_unit_piece(language),
        **phrases.pieces,
    }
    return tuple(
        Template(
            _numbered(expand(_around(shapes[0].task, _shared(shapes)), pieces)),
            language.code,
            shapes[0].task,
        )
        for shapes in _grouped(
            (shape for shape in phrases.shapes if not shape.is_reading),
            lambda shape: (shape.task, shape.family or _pieces_of(shape)[2]),
        )
    )


def _shared(shapes: list[Shape]) -> str:
    """Return the pattern of shapes that end alike, each amount spelled out once."""
    fronts = [
        _one_of(alike, 0) + _pieces_of(alike[0])[1]
        for alike in _grouped(shapes, lambda shape: _pieces_of(shape)[1])
    ]
    before = f"({'|'.join(fronts)})" if any(fronts) else ""
    return before + _one_of(shapes, 2)


def _grouped[Key: Hashable](
    shapes: Iterable[Shape], key: Callable[[Shape], Key]
) -> Collection[list[Shape]]:
    """Return the shapes that have the same key together."""
    groups: dict[Key, list[Shape]] = defaultdict(list)
    for shape in shapes:
        groups[key(shape)].append(shape)
    return groups.values()


def _around(task: Task, pattern: str) -> str:
    """Return a pattern with what may stand around every sentence."""
    if task is Task.ADD:
        is_order = "<short_money>" in pattern and "<digits_with_unit>" not in pattern
        lead = "[<day> ]" if is_order else "[<told> ][<leading_day> ]"
        return f"[<opener> [<opener> ]]{lead}{pattern}"
    return f"[<opener> ][<request> ]{pattern}[ <opener>]"


def _pieces_of(shape: Shape) -> tuple[str, str, str]:
    """Return what stands before the amount of a sentence, its piece, and the rest.

    Behind an amount of money it need not be spelled out what follows. A number alone
    may still be one of hours.
    """
    front, money, end = split_at_money(shape)
    if money == "<sum>":
        end = _ENDINGS.sub("[ {any}]", end)
    elif money:
        end = end.replace("[ <day>][ <what>]", "[ <tail>]")
    return front, money, _ANYTHING.sub("{any}", end)


def _one_of(shapes: list[Shape], part: int) -> str:
    """Return one pattern for the same part of several shapes; a part may be empty."""
    patterns = dict.fromkeys(
        _ANYTHING.sub("{any}", _pieces_of(shape)[part]) for shape in shapes
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
