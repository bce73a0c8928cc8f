"""Regular expressions of a language's sentences, and of the words around them."""

import re
from typing import Final

from .patterns import expand, is_glued, to_regex, words_regex
from .phrases import Phrases, Shape

_BLANK: Final = r"[\s,;:!?…]+"
_MONEY_PIECES: Final = ("money", "short_money", "sum", "one_word", "digits_with_unit")
_MONEY: Final = re.compile(f"(<(?:{'|'.join(_MONEY_PIECES)})>)")


def split_at_money(shape: Shape) -> tuple[str, str, str]:
    """Return the pattern before the amount, the piece of the amount, and the rest."""
    parts = _MONEY.split(shape.pattern)
    if len(parts) == 1:
        return "", "", shape.pattern
    front, money, rest = parts
    return front, money, rest


def has_money(shape: Shape) -> bool:
    """Tell whether a sentence has an amount."""
    return _MONEY.search(shape.pattern) is not None


def sentence_regex(
    shape: Shape, phrases: Phrases, day: str, money: str
) -> re.Pattern[str]:
    """Return the regular expression of a sentence.

    Args:
        shape: the sentence.
        phrases: its language.
        day: regular expression of a day.
        money: regular expression of what stands in the place of the amount.
    """
    pieces = dict(phrases.pieces)
    errand = pieces.pop("errand", "")
    pattern = expand(shape.pattern, pieces)
    known = {
        "errand": to_regex(errand, {}),
        "day": day,
        "what": _followed(phrases.prepositions),
        "what_for": _followed(phrases.strong_prepositions),
        **dict.fromkeys(_MONEY_PIECES, money),
    }
    return re.compile(to_regex(pattern, known).replace(r"\s+", _BLANK), re.IGNORECASE)


def _followed(prepositions: tuple[str, ...]) -> str:
    """Return the regular expression of a preposition and the words behind it."""
    words = (word if is_glued(word) else f"{word} " for word in prepositions)
    return rf"(?:{words_regex(*words)})\S.*?"


def later_regex(phrases: Phrases) -> re.Pattern[str]:
    """Return the regular expression of a time to come, at the beginning or the end."""
    pieces = {"weekday": "|".join(phrases.days.weekdays)}
    later = "|".join(
        to_regex(expand(f"({words})", pieces), {"count": r"[\w-]+(?:\s[\w-]+)?"})
        for words in phrases.later
    )
    return re.compile(rf"^(?:{later})(?!\w)|(?<!\w)(?:{later})$", re.IGNORECASE)


def in_front_regex(patterns: tuple[str, ...], phrases: Phrases) -> re.Pattern[str]:
    """Return what finds words in front of a text, however often they are said."""
    words = words_regex(*(expand(f"({each})", phrases.pieces) for each in patterns))
    words = rf"^(?:(?:{words})(?!\w)\s+)+".replace(r"\s+", _BLANK)
    return re.compile(words, re.IGNORECASE)


def behind_regex(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return the regular expression of words at the end of a text."""
    return re.compile(rf"{_BLANK}(?:{words_regex(*patterns)})$", re.IGNORECASE)


def words_anywhere(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Return the regular expression of one of some whole words."""
    words = words_regex(*patterns) if patterns else "(?!)"
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)


def itself_regex(phrases: Phrases) -> re.Pattern[str]:
    """Return the regular expression of words such as "in Budgero"."""
    words = words_regex(*phrases.itself) if phrases.itself else "(?!)"
    return re.compile(rf"\s+(?:{words})(?!\w)", re.IGNORECASE)


def hedge_regex(phrases: Phrases) -> re.Pattern[str]:
    """Return the regular expression of words such as "about" before the amount."""
    words = words_regex(*phrases.hedges) if phrases.hedges else "(?!)"
    return re.compile(rf"(?<!\w)(?:{words})\s+$", re.IGNORECASE)
