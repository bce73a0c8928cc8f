"""Checks what stands beside an amount: a minus, a longer word, the price of one."""

from dataclasses import replace
from typing import Final

from .amount import Amount, Rank
from .number_words import phrases
from .problem import Problem
from .text import Text
from .tokens import Kind

_MINUS: Final = frozenset("-\u2212\u2013")
_DASHES: Final = frozenset("-\u2212\u2013\u2014")
_TOUCHING: Final = frozenset("-\u2010\u2011\u2013/#:+*=&_@\\^~<>")
_NO_MONEY: Final = frozenset("%\u2030\u00b0\u00ba\u00aa")


class Surroundings:
    """Checks what stands beside the amounts of a text."""

    def __init__(self, text: Text) -> None:
        """Take a text."""
        self._text = text
        self._tokens = text.tokens
        self._money = text.language.money
        self._each_before = phrases(self._money.each_before)
        self._each_after = phrases(self._money.each_after)

    def after_minus(self, start: int) -> tuple[int, bool]:
        """Return the place behind a possible minus, and whether there is one."""
        if start >= len(self._tokens):
            return start, False
        token = self._tokens[start]
        if token.kind is Kind.WORD and token.folded in self._money.minus_words:
            return start + 1, True
        is_sign = (
            token.text in _MINUS
            and start + 1 < len(self._tokens)
            and not self._tokens[start + 1].is_apart
            and (token.is_apart or self._tokens[start - 1].kind is Kind.SIGN)
        )
        return (start + 1, True) if is_sign else (start, False)

    def after_dash(self, place: int) -> int:
        """Return the place behind a ",-" that may follow a whole number."""
        behind = self._tokens[place : place + 3]
        texts = [token.text for token in behind]
        if len(behind) < 2 or behind[0].is_apart or behind[1].is_apart:
            return place
        if texts[0] not in {",", "."} or texts[1] not in _DASHES:
            return place
        doubled = len(behind) == 3 and texts[2] in _DASHES and not behind[2].is_apart
        return place + (3 if doubled else 2)

    def judged(self, amount: Amount, start: int) -> Amount:
        """Refuse an amount that touches other words, or is the price of one thing."""
        amount = replace(amount, start=start)
        if self._is_touched(start, amount.end):
            return replace(amount, rank=Rank.NONE)
        if amount.rank is Rank.NONE:
            return amount
        first = self._tokens[start]
        previous = self._tokens[start - 1] if start else None
        is_cut = (
            previous is not None and not first.is_apart and previous.text in {".", ","}
        ) or self._text.word_at(start - 1) in self._text.language.numbers.point_words
        before = any(
            start >= len(phrase)
            and all(
                self._text.word_at(start - len(phrase) + i) == word
                for i, word in enumerate(phrase)
            )
            for phrase in self._each_before
        )
        is_each = before or (
            self._text.phrase_end(amount.end, self._each_after) is not None
        )
        if self._has_minus_behind(amount.end):
            return replace(amount, problem=Problem.NOT_POSITIVE)
        if (is_cut or is_each) and amount.problem is None:
            return replace(amount, problem=Problem.AMBIGUOUS)
        return amount

    def _has_minus_behind(self, end: int) -> bool:
        behind = self._tokens[end : end + 2]
        return (
            bool(behind)
            and behind[0].text in _MINUS
            and not behind[0].is_apart
            and (len(behind) == 1 or behind[1].is_apart)
        )

    def _is_touched(self, start: int, end: int) -> bool:
        """Return whether a word or number continues directly before or behind."""
        if start and not self._tokens[start].is_apart:
            previous = self._tokens[start - 1]
            if previous.kind in {Kind.WORD, Kind.DIGITS} or previous.text in _TOUCHING:
                return True
        if end >= len(self._tokens):
            return False
        following = self._tokens[end]
        if following.text in _NO_MONEY:
            return True
        if following.is_apart:
            return False
        if following.kind in {Kind.WORD, Kind.DIGITS}:
            return True
        is_open = end + 1 < len(self._tokens) and not self._tokens[end + 1].is_apart
        return following.text in _TOUCHING and is_open
