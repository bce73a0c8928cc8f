"""Finds the amounts in a text: numbers with their currencies and hundredths."""

from dataclasses import replace
from decimal import Decimal
from typing import Final

from ..push.currencies import currency_decimals
from .amount import Amount, Rank
from .hundredths import HundredthsReader
from .numbers import Number, NumberReader
from .problem import Problem
from .surroundings import Surroundings
from .text import Text
from .units import Unit, UnitReader

_IN: Final = frozenset({"in", "en", "em", "w"})
_MOST_BETWEEN: Final = 4
"""The most words between a number and its currency, as in "two and a quarter euros"."""
_OF: Final = frozenset({"of", "de", "d", "di", "du", "do", "van"})


class AmountReader:
    """Finds the amounts of a text, each with as many words as belong to it."""

    def __init__(self, text: Text, region: str | None, currency: str) -> None:
        """Take a text, its region, and the account's currency."""
        self._text = text
        self._language = text.language
        self._money = text.language.money
        decimals = currency_decimals(currency)
        self._units = UnitReader(text.tokens, self._money, currency)
        self._numbers = NumberReader(text, self._money.marks_in(region), decimals)
        self._beside = Surroundings(text)
        self._hundredths = HundredthsReader(text, self._numbers, self._units, decimals)

    def amounts(self) -> list[Amount]:
        """Return the numbers of the text, and how likely each is an amount."""
        found: list[Amount] = []
        place = 0
        while place < len(self._text.tokens):
            amount = self._at(place)
            if amount is None:
                place += 1
            else:
                found.append(amount)
                place = amount.end
        return found

    def _at(self, start: int) -> Amount | None:
        place, is_minus = self._beside.after_minus(start)
        before = self._units.before(place)
        if before:
            place, is_minus_behind = self._beside.after_minus(before.end)
            is_minus |= is_minus_behind
        number = self._numbers.at(place)
        if half := self._half_a_unit(place):
            return self._beside.judged(half, start)
        if number is None:
            return None
        if number.is_pair and self._text.word_at(start - 1) in self._money.clock_words:
            # "um fünf zwanzig Euro" may mean twenty euros, at five o'clock.
            number = replace(number, problem=Problem.AMBIGUOUS)
        amount = self._with_unit(number, place, before)
        if is_minus:
            amount = replace(amount, problem=Problem.NOT_POSITIVE)
        return self._beside.judged(amount, start)

    def _half_a_unit(self, start: int) -> Amount | None:
        """Read "half a euro"."""
        language = self._language.numbers
        end = self._text.phrase_end(start, language.half_unit_phrases)
        if end is None or not (unit := self._units.at(end)):
            return None
        half = Decimal("0.5")
        return self._of_currency(
            Amount(start=start, end=unit.end, value=half, rank=Rank.NAMED, unit=unit)
        )

    def _with_unit(self, number: Number, start: int, before: Unit | None) -> Amount:
        """Read what follows a number: its currency, and hundredths."""
        amount = Amount(
            start=start,
            end=number.end,
            value=number.value,
            problem=number.problem,
            readings=number.readings,
            counts=not (self._text.is_end(number.end) or self._goes_on(number.end)),
        )
        word = self._text.word_at(amount.end)
        if word in self._money.doubtful_words and (
            self._text.tokens[amount.end].is_apart or len(word) < 3
        ):
            amount = replace(amount, end=amount.end + 1, problem=Problem.AMBIGUOUS)
        amount = replace(amount, end=self._beside.after_dash(amount.end))
        if not before and (hundredths := self._as_hundredths(amount, number)):
            return hundredths
        unit = self._units.at(amount.end)
        if unit and before:
            if not unit.is_own or not before.is_own:
                unit = replace(unit, is_own=False)
            unit = replace(unit, is_word=before.is_word)
        unit_end = unit.end if unit else amount.end
        unit = unit or before
        if unit is None:
            return self._without_unit(amount, number)
        amount = replace(amount, end=unit_end, unit=unit, rank=Rank.NAMED)
        return self._of_currency(self._hundredths.added(amount, number))

    def _goes_on(self, place: int) -> bool:
        """Return whether another number follows."""
        halves = self._language.numbers.half_unit_phrases
        return (
            self._numbers.is_number(place)
            or self._text.phrase_end(place, halves) is not None
        )

    def _as_hundredths(self, amount: Amount, number: Number) -> Amount | None:
        """Read "fifty cents"."""
        unit = self._units.hundredth(amount.end)
        if unit is None:
            return None
        problem = amount.problem
        is_doubtful = self._money.hundredths_need_units and unit.said[0] in "cC"
        if number.has_hundredths or (
            is_doubtful and number.is_plain_digits and unit.said.casefold() == "cents"
        ):
            problem = problem or Problem.AMBIGUOUS
        return self._of_currency(
            replace(
                amount,
                end=unit.end,
                value=amount.value.scaleb(-2),
                problem=problem,
                readings=(),
                rank=Rank.NAMED,
                unit=unit,
            )
        )

    def _without_unit(self, amount: Amount, number: Number) -> Amount:
        words = number.words
        if amount.problem is Problem.TOO_LARGE:
            return replace(amount, rank=Rank.BARE)
        if len(words) == 1 and not number.is_plain_digits and amount.value < 10:
            return amount  # a small number word is no amount: "one on one"
        if self._is_counted(amount.start, amount.end, number):
            return amount
        is_unclear = number.is_literal and number.problem is Problem.AMBIGUOUS
        if is_unclear or self._is_date(amount, number):
            return replace(amount, rank=Rank.WEAK)
        rank = Rank.PRICE if number.has_hundredths else Rank.BARE
        amount = replace(amount, rank=rank)
        unit = self._unit_apart(amount.end)
        if unit is None:
            return amount
        problem = Problem.AMBIGUOUS if unit.is_own else Problem.OTHER_CURRENCY
        return replace(amount, unit=unit, problem=problem)

    def _is_date(self, amount: Amount, number: Number) -> bool:
        """Return whether a number is a date, as in "am 28.11. 12 Euro"."""
        stop = self._text.tokens[amount.end : amount.end + 2]
        return (
            number.is_literal
            and len(stop) == 2
            and stop[0].text == "."
            and not stop[0].is_apart
            and self._text.word_at(amount.start - 1) in self._money.preposition_words
        )

    def _unit_apart(self, start: int) -> Unit | None:
        """Read a currency further behind a number: "20 US dollars", "20 in yen"."""
        if self._text.word_at(start) in _IN:
            unit = self._units.at(start + 1)
            return unit if unit and not unit.is_own and not unit.is_ordinary else None
        for place in range(start, start + _MOST_BETWEEN):
            word = self._text.word_at(place)
            is_article = word in self._language.numbers.ones
            is_other = word in self._money.preposition_words
            if is_other or (self._numbers.is_number(place) and not is_article):
                return None
            if not word and not self._is_hyphen(place):
                return None
            unit = self._units.at(place + 1)
            if unit and not unit.is_ordinary:
                return unit
        return None

    def _is_counted(self, start: int, place: int, number: Number) -> bool:
        """Return whether a number counts hours or the like, or is a day of a month."""
        if self._text.word_at(place) in self._money.measure_words:
            return True
        month = place + 1 if self._text.word_at(place) in _OF else place
        is_day = number.value <= 31 and not number.has_hundredths
        return is_day and bool(
            {self._text.word_at(month), self._text.word_at(start - 1)}
            & self._money.month_words
        )

    def _is_hyphen(self, place: int) -> bool:
        return place < len(self._text.tokens) and self._text.tokens[place].text == "-"

    def _of_currency(self, amount: Amount) -> Amount:
        """Refuse another currency; lower the rank of what may be an everyday word."""
        unit = amount.unit
        if unit is None:
            return amount
        if not unit.is_own:
            amount = replace(amount, problem=Problem.OTHER_CURRENCY)
        word = self._text.word_at(amount.end)
        if unit.is_ordinary and (word in _OF or not self._text.is_end(amount.end)):
            return replace(amount, rank=Rank.WEAK)
        return amount
