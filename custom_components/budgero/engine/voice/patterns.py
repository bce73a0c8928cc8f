"""Makes regular expressions and Home Assistant's sentences from patterns of words.

Both are made from the same pattern, so the grammar can read every sentence that Home
Assistant matches.
"""

from collections.abc import Mapping
from itertools import count
import re
from typing import Final

MONEY: Final = "\0"
"""Replaces the amount in a text, once it was found."""

_TOKEN: Final = re.compile(r"<\w+>|\{\w+\}|[()\[\]|]|\s+|[^\s<>{}()\[\]|]+")
_PIECE: Final = re.compile(r"<(\w+)>")
_COMMON: Final = re.compile(r"([^\s<>{}()\[\]|*]+)\*")
_KEPT: Final = ("day", "what", "what_for", "errand")
_PLAIN: Final = {"(": "(?:", "|": "|", ")": ")", "[": "(?:", "]": ")?"}


def expand(pattern: str, pieces: Mapping[str, str]) -> str:
    """Insert the named pieces into a pattern; unknown ones stay as they are."""

    def put(match: re.Match[str]) -> str:
        piece = pieces.get(match[1])
        return match[0] if piece is None else f"({expand(piece, pieces)})"

    return _PIECE.sub(put, pattern)


def to_regex(pattern: str, known: Mapping[str, str]) -> str:
    """Return the regular expression of a pattern.

    Args:
        pattern: a pattern without pieces other than those in `known`.
        known: the regular expression of each `<piece>`. The pieces `day` and `what`,
            and each `{name}`, become groups that are called by their name and a running
            number.
    """
    numbers = count()

    def translate(token: str) -> str:
        if token[0] == "<":
            name = token[1:-1]
            group = f"?P<{name}_{next(numbers)}>" if name in _KEPT else "?:"
            return f"({group}{known[name]})"
        if token[0] == "{":
            return rf"(?P<{token[1:-1]}_{next(numbers)}>\S.*?)"
        if token.isspace():
            return r"\s+"
        return _PLAIN.get(token) or re.escape(token.removesuffix("*"))

    return "".join(map(translate, _TOKEN.findall(pattern)))


def to_template(pattern: str) -> str:
    """Return a pattern without pieces as a sentence of Home Assistant.

    Home Assistant tries a sentence only if the text has a word that the sentence needs.
    A common word such as "the" is in too many texts for that, so it gets a second
    spelling with a full stop. A word with two spellings is not needed, and the second
    one never matches, because Home Assistant removes full stops from every text.
    """
    return _COMMON.sub(r"(\1|\1.)", pattern)


def words_regex(*patterns: str) -> str:
    """Return the regular expression of any of some patterns without pieces."""
    return to_regex("|".join(f"({pattern})" for pattern in patterns), {})


def is_glued(preposition: str) -> bool:
    """Return whether the next word follows without a blank, as in "d'essence"."""
    return preposition.endswith("'")
