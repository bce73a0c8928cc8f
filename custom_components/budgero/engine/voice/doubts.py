"""What makes it unsure what a sentence says, although its shape is known."""

import re
from typing import Final

from ..push.wire import Direction
from .days import DayWords
from .folding import fold
from .language import Language
from .no_money import NoMoney
from .patterns import MONEY, is_glued, words_regex
from .phrases import Shape
from .sentence_regex import behind_regex, in_front_regex, words_anywhere
from .spoken import Details

_FIRST_WORD: Final = re.compile(r"\s*([^\W\d_]+)")


class Doubts:
    """Finds what is refused, and not guessed, in the sentences of one language."""

    def __init__(self, language: Language, days: DayWords) -> None:
        """Prepare the patterns.

        Args:
            language: the language of the sentences.
            days: its days.
        """
        phrases = language.phrases
        self._language = language
        self._days = days
        self._clause = words_anywhere(phrases.clauses)
        each = words_regex(*language.money.each_after)
        self._each = re.compile(rf"(?<!\w)(?:{each})(?:\s+\w+)?$", re.IGNORECASE)
        self._no_money = NoMoney(language)
        self._compared = words_anywhere(phrases.compared)
        corrections = words_regex(*phrases.corrections)
        self._correction = re.compile(
            rf"(?<!\w)(?:{corrections})(?:[,!]?\s+\S+)?$", re.IGNORECASE
        )
        apart = [each for each in phrases.prepositions if not is_glued(each)]
        self._for = behind_regex(tuple(each for each in phrases.memo if each in apart))
        joins = language.money.joins.split()
        self._and = words_anywhere(tuple({*joins} - {*phrases.prepositions}))
        self._article = in_front_regex(phrases.articles, phrases)

    def are_about(
        self,
        shape: Shape,
        match: re.Match[str],
        details: Details,
        around: tuple[str, str],
    ) -> bool:
        """Tell whether a sentence is not clear.

        Args:
            shape: its shape.
            match: its text, with the mark of the amount in it.
            details: what was read of it.
            around: the text before the amount, and the one behind it.
        """
        return (
            self._goes_on(around[1])
            or self._has_rests(details)
            or (
                shape.direction is Direction.INCOME
                and (self._no_money.is_received(*around) or self._is_price(match))
            )
        )

    def _goes_on(self, tail: str) -> bool:
        """Tell whether the amount goes on behind: "12 euro cents", "12 euros less"."""
        money, word = self._language.money, _FIRST_WORD.match(tail)
        names = {*money.currencies, *money.currencies_of_hundredths}
        return self._compared.match(tail.lstrip()) is not None or (
            word is not None and fold(word[1]) in names - money.ordinary_words
        )

    def _is_price(self, match: re.Match[str]) -> bool:
        """Tell whether what was received had the price: "shoes for 50 euros"."""
        money = match.string.index(MONEY)
        return any(
            text is not None and match.end(name) <= money and self._for.search(text)
            for name, text in match.groupdict().items()
        )

    def _has_rests(self, details: Details) -> bool:
        """Tell whether a payee or a memo is or has a piece of something else.

        That may be a second day, a sentence, or what makes the amount that of each.
        """
        return any(
            self._clause.search(text)
            or self._and.match(text)
            or self._each.search(text)
            or self._correction.search(text)
            or fold(text) in self._language.money.preposition_words
            or self._days.is_piece(self._article.sub("", text))
            or (details.day is not None and any(self._days.spans(text)))
            for text in (details.payee, details.memo)
            if text is not None
        )
