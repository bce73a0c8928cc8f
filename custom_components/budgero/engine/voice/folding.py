"""Makes words comparable, because speech-to-text may lose accents and capitals."""

from typing import Final
import unicodedata

_LETTERS: Final = str.maketrans({"ß": "ss", "ł": "l", "œ": "oe", "æ": "ae", "ø": "o"})


def fold(word: str) -> str:
    """Return a word without capitals and accents."""
    lower = word.casefold()
    if lower.isascii():
        return lower
    parts = unicodedata.normalize("NFKD", lower.translate(_LETTERS))
    return "".join(part for part in parts if not unicodedata.combining(part))
