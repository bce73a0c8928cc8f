"""One amount in a text: a number with what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from typing import Final

from ..push.currencies import currency_decimals
from .language import Language
from .number_words import phrases
from .numbers import Number, NumberReader
from .problem import Problem
from .tokens import Kind, Token, tokens_of
from .units import Unit, UnitReader

_MINUS: Final = frozenset("-\u2212\u2013")
_DASHES: Final = frozenset("-\u2212\u2013\u2014")
_TOUCHING: Final = frozenset("-\u2010\u2011\u2013/#:+*=&_@\\^~<>")
_NO_MONEY: Final = frozenset("%\u2030\u00b0\u00ba\u00aa")
_IN: Final = frozenset({"in", "en", "em", "w"})
_MOST_BETWEEN: Final = 4
"""Words between a number and its currency, as in "two and a quarter euros"."""
_OF: Final = frozenset({"of", "de", "d", "di", "du", "do", "van"})


class Rank(IntEnum):
    """How sure it is that a number is an amount of money."""

    NONE = 0
    """It counts something else."""
    WEAK = 1
    """It is money only if nothing else is."""
    BARE = 2
    """A number alone."""
    PRICE = 3
    """A number with hundredths."""
    NAMED = 4
    """A currency is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number that may be an amount of money, from one token up to another."""

    start: int
    end: int
    value: Decimal = Decimal()
    problem: Problem | None = None
    readings: tuple[Decimal, ...] = ()
    rank: Rank = Rank.NONE
    unit: Unit | None = None
    counts: bool = False
    """An everyday word follows, which it may count."""


class AmountReader:
    """Finds the amounts of a text, each as long as it can be."""

    def __init__(
        self, text: str, language: Language, region: str | None, currency: str
    ) -> None:
        """Take a text, its language and region, and the account's currency."""
        self.tokens: Sequence[Token] = tokens_of(text, language)
        self._money = language.money
        self._language = language
        self._decimals = currency_decimals(currency)
        self._units = UnitReader(self.tokens, language.money, currency)
        marks = language.money.marks_in(region)
        self._numbers = NumberReader(self.tokens, language, marks, self._decimals)
        self._each_before = phrases(language.money.each_before)
        self._each_after = phrases(language.money.each_after)

    def amounts(self) -> list[Amount]:
        """Return the numbers of the text, with what they are."""
        found: list[Amount] = []
        place = 0
        while place < len(self.tokens):
            amount = self._at(place)
            if amount is None:
                place += 1
            else:
                found.append(amount)
                place = amount.end
        return found

    def word_at(self, place: int) -> str:
        """Return the folded word at a place, nothing if there is none."""
        return self._numbers.word_at(place) if place >= 0 else ""

    def is_end(self, place: int) -> bool:
        """Return whether nothing follows that could be counted."""
        word = self.word_at(place)
        return not word or word in self._money.following_words

    def _at(self, start: int) -> Amount | None:
        place, is_minus = self._after_minus(start)
        before = self._units.before(place)
        if before:
            place, is_minus_behind = self._after_minus(before.end)
            is_minus |= is_minus_behind
        number = self._numbers.at(place)
        if half := self._half_a_unit(place):
            return self._judged(half, start)
        if number is None:
            return None
        if number.is_pair and self.word_at(start - 1) in self._money.clock_words:
            # "um fünf zwanzig Euro" may be twenty euros at five.
            number = replace(number, problem=Problem.AMBIGUOUS)
        amount = self._with_unit(number, place, before)
        if is_minus:
            amount = replace(amount, problem=Problem.NOT_POSITIVE)
        return self._judged(amount, start)

    def _after_minus(self, start: int) -> tuple[int, bool]:
        """Return the place behind a minus, and whether there is one."""
        if start >= len(self.tokens):
            return start, False
        token = self.tokens[start]
        if token.kind is Kind.WORD and token.folded in self._money.minus_words:
            return start + 1, True
        is_sign = (
            token.text in _MINUS
            and start + 1 < len(self.tokens)
            and not self.tokens[start + 1].is_apart
            and (token.is_apart or self.tokens[start - 1].kind is Kind.SIGN)
        )
        return (start + 1, True) if is_sign else (start, False)

    def _half_a_unit(self, start: int) -> Amount | None:
        """Read "half a euro"."""
        language = self._language.numbers
        end = self._numbers.phrase_end(start, language.half_unit_phrases)
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
            counts=not (self.is_end(number.end) or self._goes_on(number.end)),
        )
        word = self.word_at(amount.end)
        if word in self._money.doubtful_words and (
            self.tokens[amount.end].is_apart or len(word) < 3
        ):
            amount = replace(amount, end=amount.end + 1, problem=Problem.AMBIGUOUS)
        amount = replace(amount, end=self._after_dash(amount.end))
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
        return self._of_currency(self._with_hundredths(amount, number))

    def _goes_on(self, place: int) -> bool:
        """Return whether another number follows."""
        halves = self._language.numbers.half_unit_phrases
        return (
            self._numbers.is_number(place)
            or self._numbers.phrase_end(place, halves) is not None
        )

    def _after_dash(self, place: int) -> int:
        """Skip ",-" behind a whole number."""
        behind = self.tokens[place : place + 3]
        texts = [token.text for token in behind]
        if len(behind) < 2 or behind[0].is_apart or behind[1].is_apart:
            return place
        if texts[0] not in {",", "."} or texts[1] not in _DASHES:
            return place
        doubled = len(behind) == 3 and texts[2] in _DASHES and not behind[2].is_apart
        return place + (3 if doubled else 2)

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
            return amount  # "one on one"
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
        """Return whether it is written as the day of "am 28.11. 12 Euro" is."""
        stop = self.tokens[amount.end : amount.end + 2]
        return (
            number.is_literal
            and len(stop) == 2
            and stop[0].text == "."
            and not stop[0].is_apart
            and self.word_at(amount.start - 1) in self._money.preposition_words
        )

    def _unit_apart(self, start: int) -> Unit | None:
        """Read a currency that is not directly behind: "20 US dollars", "20 in yen"."""
        if self.word_at(start) in _IN:
            unit = self._units.at(start + 1)
            return unit if unit and not unit.is_own and not unit.is_ordinary else None
        for place in range(start, start + _MOST_BETWEEN):
            word = self.word_at(place)
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
        """Return whether hours, a day or the like stand at a place."""
        if self.word_at(place) in self._money.measure_words:
            return True
        month = place + 1 if self.word_at(place) in _OF else place
        is_day = number.value <= 31 and not number.has_hundredths
        return is_day and bool(
            {self.word_at(month), self.word_at(start - 1)} & self._money.month_words
        )

    def _is_hyphen(self, place: int) -> bool:
        return place < len(self.tokens) and self.tokens[place].text == "-"

    def _with_hundredths(self, amount: Amount, number: Number) -> Amount:
        """Add what follows a currency: "and fifty cents", "fifty", "and a half"."""
        start = amount.end
        end = self._numbers.phrase_end(start, self._language.numbers.half_phrases)
        if end is not None:
            if number.has_hundredths:
                return replace(amount, end=end, problem=Problem.AMBIGUOUS)
            return replace(amount, end=end, value=amount.value + Decimal("0.5"))
        has_comma = start < len(self.tokens) and self.tokens[start].text == ","
        join = self.word_at(start)
        is_joined = join in self._money.join_words
        place = start + (has_comma or is_joined)
        part = self._numbers.at(place, is_hundredths=True)
        if part is None:
            return amount
        name = self._units.hundredth(part.end)
        if name is None and (
            has_comma
            or self._units.at(part.end)
            or self._numbers.is_time(place)
            or self.word_at(part.end) in self._money.measure_words
            or (is_joined and not self.is_end(part.end))
        ):
            return amount
        if name is None and part.is_literal:
            return amount
        is_glued = not self.tokens[place].is_apart and not is_joined
        end = name.end if name else part.end
        hundredths = self._hundredths(
            part, name, is_sure=self.is_end(part.end), join=join if is_joined else ""
        )
        if name and amount.unit and not name.is_own and amount.unit.is_own:
            amount = replace(amount, unit=name)
        is_glued = is_glued and not name and not part.is_plain_digits
        if number.has_hundredths or self._decimals != 2 or is_glued:
            hundredths = None
        amount = replace(amount, end=end)
        if amount.problem:
            return amount
        if hundredths is None:
            readings = self._either(amount, part)
            return replace(amount, problem=Problem.AMBIGUOUS, readings=readings)
        return replace(amount, value=amount.value + hundredths)

    def _hundredths(
        self, part: Number, name: Unit | None, *, is_sure: bool, join: str
    ) -> Decimal | None:
        """Return the hundredths behind a currency, None if they are doubtful."""
        digits = part.words[0] if part.is_plain_digits else ""
        if digits:
            if len(digits) > 2 or (not name and (len(digits) < 2 or not is_sure)):
                return None
            value = Decimal(digits)
        elif unit := self._numbers.last_digit(part.words):
            value = Decimal(unit)
        elif part.problem or part.has_hundredths or part.value >= 100:
            return None
        else:
            value = part.value
        if not (name or digits or is_sure):
            return None
        is_plain_join = join and join not in self._money.certain_join_words
        if is_plain_join and not name and value < 10:
            return None
        return value.scaleb(-2)

    @staticmethod
    def _either(amount: Amount, part: Number) -> tuple[Decimal, ...]:
        """Return what "7 euros 5" can mean."""
        if not part.is_plain_digits or len(part.words[0]) != 1:
            return ()
        digit = Decimal(part.words[0])
        return amount.value + digit.scaleb(-2), amount.value + digit.scaleb(-1)

    def _of_currency(self, amount: Amount) -> Amount:
        """Refuse another currency, and rank down what may be an everyday word."""
        unit = amount.unit
        if unit is None:
            return amount
        if not unit.is_own:
            amount = replace(amount, problem=Problem.OTHER_CURRENCY)
        word = self.word_at(amount.end)
        if unit.is_ordinary and (word in _OF or not self.is_end(amount.end)):
            return replace(amount, rank=Rank.WEAK)
        return amount

    def _judged(self, amount: Amount, start: int) -> Amount:
        """Look at what touches an amount, and at what makes it the price of one."""
        amount = replace(amount, start=start)
        if self._is_touched(start, amount.end):
            return replace(amount, rank=Rank.NONE)
        if amount.rank is Rank.NONE:
            return amount
        first = self.tokens[start]
        previous = self.tokens[start - 1] if start else None
        is_cut = (
            previous is not None and not first.is_apart and previous.text in {".", ","}
        ) or self.word_at(start - 1) in self._language.numbers.point_words
        before = any(
            start >= len(phrase)
            and all(
                self.word_at(start - len(phrase) + i) == word
                for i, word in enumerate(phrase)
            )
            for phrase in self._each_before
        )
        is_each = before or (
            self._numbers.phrase_end(amount.end, self._each_after) is not None
        )
        if self._has_minus_behind(amount.end):
            return replace(amount, problem=Problem.NOT_POSITIVE)
        if (is_cut or is_each) and amount.problem is None:
            return replace(amount, problem=Problem.AMBIGUOUS)
        return amount

    def _has_minus_behind(self, end: int) -> bool:
        behind = self.tokens[end : end + 2]
        return (
            bool(behind)
            and behind[0].text in _MINUS
            and not behind[0].is_apart
            and (len(behind) == 1 or behind[1].is_apart)
        )

    def _is_touched(self, start: int, end: int) -> bool:
        """Return whether a longer word or number goes on before or behind."""
        if start and not self.tokens[start].is_apart:
            previous = self.tokens[start - 1]
            if previous.kind in {Kind.WORD, Kind.DIGITS} or previous.text in _TOUCHING:
                return True
        if end >= len(self.tokens):
            return False
        following = self.tokens[end]
        if following.text in _NO_MONEY:
            return True
        if following.is_apart:
            return False
        if following.kind in {Kind.WORD, Kind.DIGITS}:
            return True
        is_open = end + 1 < len(self.tokens) and not self.tokens[end + 1].is_apart
        return following.text in _TOUCHING and is_open
