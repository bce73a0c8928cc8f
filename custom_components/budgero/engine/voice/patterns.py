"""Patterns of words, as regular expressions and as Home Assistant's sentences.

Both are made from the same text, so what Home Assistant takes the grammar can read.
"""

from collections.abc import Mapping
from itertools import count
import re
from typing import Final

MONEY: Final = "\0"
"""Stands for the amount in a text that was heard already."""

_TOKEN: Final = re.compile(r"<\w+>|\{\w+\}|[()\[\]|]|\s+|[^\s<>{}()\[\]|]+")
_PIECE: Final = re.compile(r"<(\w+)>")
_COMMON: Final = re.compile(r"([^\s<>{}()\[\]|*]+)\*")
_KEPT: Final = ("day", "what", "what_for", "errand")
_PLAIN: Final = {"(": "(?:", "|": "|", ")": ")", "[": "(?:", "]": ")?"}


def expand(pattern: str, pieces: Mapping[str, str]) -> str:
    """Put the named pieces into a pattern; unknown ones stay as they are."""

    def put(match: re.Match[str]) -> str:
        piece = pieces.get(match[1])
        return match[0] if piece is None else f"({expand(piece, pieces)})"

    return _PIECE.sub(put, pattern)


def to_regex(pattern: str, known: Mapping[str, str]) -> str:
    """Return the regular expression of a pattern.

    Args:
        pattern: without pieces, but for those in `known`.
        known: regular expressions of `<piece>`. Days and what follows become groups
            of their name and a running number, as does each `{name}`.
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
    """Return the sentence of a pattern without pieces.

    Home Assistant tries only sentences of which it finds one needed word in a text. A
    spelling with a full stop, which no text has any more by then, keeps it from taking
    a common word for that.
    """
    return _COMMON.sub(r"(\1|\1.)", pattern)


def words_regex(*patterns: str) -> str:
    """Return the regular expression of one of some patterns without pieces."""
    return to_regex("|".join(f"({pattern})" for pattern in patterns), {})


def is_glued(preposition: str) -> bool:
    """Tell whether the next word follows without a blank, as in "d'essence"."""
    return preposition.endswith("'")
