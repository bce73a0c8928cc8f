"""Chooses which of the numbers in a text is the amount."""

from collections.abc import Sequence
from dataclasses import replace
import re
from typing import Final

from .amount import Amount, Rank
from .problem import Problem
from .text import Text

_SIGNS: Final = frozenset("+*×=/-–")
_NEAR: Final = 4
"""The most words between a number of things and the price of one."""
_TIME: Final = re.compile(r"(?:[01]?[0-9]|2[0-3])[.,][0-5][0-9]")


def choose(text: Text, amounts: Sequence[Amount]) -> Amount | Problem:
    """Return the number of a text that must be the amount, or why there is none.

    A number with a currency wins over one with hundredths, and that over a bare number.
    A number behind a preposition, or one that counts something, does not compete.
    """
    return _Choice(text, amounts).made()


class _Choice:
    def __init__(self, text: Text, amounts: Sequence[Amount]) -> None:
        self._text = text
        self._money = text.language.money
        self._all = amounts

    def made(self) -> Amount | Problem:
        if self._are_reckoned():
            return Problem.SEVERAL
        rank = max((amount.rank for amount in self._all), default=Rank.NONE)
        best = [amount for amount in self._all if amount.rank is rank]
        if rank is Rank.NONE:
            return Problem.MISSING
        if rank is Rank.WEAK:
            return best[0] if len(best) == 1 else Problem.SEVERAL
        things = [one for one in best for other in best if self._is_thing(one, other)]
        chosen = self._chosen([one for one in best if one not in things])
        if any(self._competes(other, chosen) for other in self._all):
            return Problem.SEVERAL
        if chosen.problem is None and self._is_price_of_one(chosen):
            return replace(chosen, problem=Problem.AMBIGUOUS)
        return chosen

    def _is_price_of_one(self, chosen: Amount) -> bool:
        """Return whether the amount is the price of one of several things.

        For example "two coffees at 3 euros".
        """
        return self._text.word_at(chosen.start - 1) in self._money.at_words and any(
            ((other.counts and other.unit is None) or self._is_thing(other, chosen))
            and other.value >= 2
            and 0 < chosen.start - other.end <= _NEAR
            for other in self._all
        )

    def _are_reckoned(self) -> bool:
        """Return whether two numbers are to be added, multiplied or chosen from."""
        if any(
            amount.value >= 2
            and self._text.word_at(amount.end) in self._money.times_words
            for amount in self._all
        ):
            return any(amount.rank >= Rank.BARE for amount in self._all)
        for first, second in zip(self._all, self._all[1:], strict=False):
            if (
                second.start - first.end != 1
                or max(first.rank, second.rank) < Rank.BARE
            ):
                continue
            between = self._text.tokens[first.end]
            if between.text in _SIGNS:
                return True
            is_bare = first.unit is None and first.rank <= Rank.BARE
            if between.text == "," and is_bare and second.rank is Rank.NAMED:
                return True
            if between.folded not in self._money.operator_words:
                continue
            # "2 por 3 euros" means six euros, "3 euros por 2" means three.
            is_for = between.folded in self._money.preposition_words
            if not is_for or (first.rank < Rank.PRICE and second.rank is Rank.NAMED):
                return True
        return False

    def _chosen(self, best: list[Amount]) -> Amount:
        """Return the first of equally likely numbers that counts nothing."""
        return next((amount for amount in best if not amount.counts), best[0])

    def _competes(self, other: Amount, chosen: Amount) -> bool:
        """Return whether another number could be the amount, too."""
        if other is chosen:
            return False
        if self._touches(other, chosen) or other.problem is Problem.NOT_POSITIVE:
            return True
        if other.rank <= Rank.WEAK:
            return False
        if other.rank is Rank.NAMED:
            unit = other.unit
            if self._is_thing(other, chosen):
                return False  # the "livres" in "deux livres pour 15 euros" are books
            is_certain = unit is not None and (unit.is_own or not unit.is_word)
            return is_certain or not self._is_behind_preposition(other, chosen)
        if self._is_one_more(other):
            return True
        if other.rank is Rank.PRICE:
            return not self._is_time_of_day(other, chosen)
        if other.counts:
            return False
        return not self._is_behind_preposition(other, chosen)

    def _is_thing(self, other: Amount, chosen: Amount) -> bool:
        """Return whether the name of a currency means the thing that was bought."""
        unit = other.unit
        return (
            unit is not None
            and unit.is_ordinary
            and not unit.is_own
            and chosen.unit is not None
            and chosen.unit.is_own
            and other.end + 1 == chosen.start
            and self._is_behind_preposition(chosen, other)
        )

    @staticmethod
    def _touches(other: Amount, chosen: Amount) -> bool:
        """Return whether two numbers stand side by side, none of them an article."""
        is_beside = other.end == chosen.start or chosen.end == other.start
        counts = other.counts and other.rank in {Rank.NONE, Rank.BARE}
        return is_beside and other.value != 1 and not counts

    def _is_one_more(self, other: Amount) -> bool:
        """Return whether a number follows "and", and counts nothing."""
        before = self._text.word_at(other.start - 1)
        return before in self._money.join_words and self._text.is_end(other.end)

    def _is_time_of_day(self, other: Amount, chosen: Amount) -> bool:
        """Return whether a number is a time of day, as in "at 7.30"."""
        said = self._text.tokens[other.start].text
        between = range(chosen.end, other.start)
        return (
            _TIME.fullmatch(said) is not None
            and self._text.word_at(other.start - 1) in self._money.clock_words
            and not any(
                self._text.word_at(place) in self._money.join_words for place in between
            )
        )

    def _is_behind_preposition(self, other: Amount, chosen: Amount) -> bool:
        """Return whether a number belongs to a place, a time or a thing.

        If the number comes after the amount, any preposition between them counts. If it
        comes before the amount, only one directly before the number counts.
        """
        first = chosen.end if other.start > chosen.start else other.start - 1
        return any(
            self._text.word_at(place) in self._money.preposition_words
            for place in range(first, other.start)
        )
