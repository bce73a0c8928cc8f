"""What somebody receives that is no money: bills, fines, discounts, offers."""

import re

from .language import Language
from .patterns import is_glued, words_regex
from .phrases import Phrases


class NoMoney:
    """Finds a bill and the like where it is what was received."""

    def __init__(self, language: Language) -> None:
        """Prepare the words.

        Args:
            language: the language of the sentences.
        """
        phrases = language.phrases
        words = words_regex(*phrases.no_money)
        # In one word: "Stromrechnung".
        start = r"\w*" if language.numbers.is_glued else r"(?<!\w)"
        word = rf"{start}(?:{words})(?!\w)"
        self._word = re.compile(word, re.IGNORECASE)
        # "5 € de réduction" is one, and "50 € for bills" or "na conta" is none.
        others = {*phrases.memo, *phrases.payee, *phrases.account}
        other = words_regex(*sorted(others - {*phrases.memo_first}))
        self._behind = re.compile(
            rf"\s*(?:(?!(?:{other})\s)\w+\s+)?{word}", re.IGNORECASE
        )
        self._about = _about(phrases)

    def is_received(self, front: str, tail: str) -> bool:
        """Tell whether it was received.

        "From Anna for the bill" is money.

        Args:
            front: the sentence in front of the amount.
            tail: the sentence behind it.
        """
        return self._behind.match(tail) is not None or any(
            self._about.search(front[: found.start()]) is None
            for found in self._word.finditer(front)
        )


def _about(phrases: Phrases) -> re.Pattern[str]:
    """Return what finds a preposition in front of a word, or of its article."""
    words = {each for each in phrases.prepositions if not is_glued(each)}
    words -= {*phrases.articles}
    return re.compile(
        rf"(?<!\S)(?:{words_regex(*sorted(words))})\s+(?:\w+\s+)?$", re.IGNORECASE
    )
