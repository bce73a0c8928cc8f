"""One amount in a text: a number with what stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import IntEnum
from typing import Final

from ..push.currencies import currencies_with, currency_decimals, marks_of
from .folding import fold
from .language import Language
from .number_words import phrases
from .numbers import Number, NumberReader
from .problem import Problem
from .tokens import Kind, Token, tokens_of

_MINUS: Final = frozenset("-\u2212\u2013")
_DASHES: Final = frozenset("-\u2212\u2013\u2014")
_TOUCHING: Final = frozenset("-\u2010\u2011\u2013/#:+*=&_@\\^~<>")
_NO_MONEY: Final = frozenset("%\u2030\u00b0\u00ba\u00aa")
_OF: Final = frozenset({"of", "de", "d", "di", "du", "do", "van"})
_EVERYDAY_CODES: Final = frozenset(
    {"eur", "usd", "gbp", "chf", "pln", "brl", "cad", "aud", "jpy", "czk", "huf"}
)


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


@dataclass(frozen=True, slots=True)
class _Unit:
    """A currency that is named, up to a token."""

    end: int
    is_own: bool
    is_word: bool
    """It is the name of a currency, not its sign or code."""
    said: str
    is_ordinary: bool = False
    """It also is an everyday word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number that may be an amount of money, from one token up to another."""

    start: int
    end: int
    value: Decimal = Decimal()
    problem: Problem | None = None
    readings: tuple[Decimal, ...] = ()
    rank: Rank = Rank.NONE
    unit: _Unit | None = None
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
        self._currency = currency
        self._decimals = currency_decimals(currency)
        self._own = frozenset(
            word
            for mark in marks_of(currency)
            if (word := fold(mark.rstrip("."))) not in language.money.following_words
        )
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
        before = self._unit(place, is_before=True)
        if before:
            place, is_minus_behind = self._after_minus(before.end)
            is_minus |= is_minus_behind
        number = self._numbers.at(place)
        if half := self._half_a_unit(place):
            return self._judged(half, start)
        if number is None:
            return None
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
        if end is None or not (unit := self._unit(end)):
            return None
        half = Decimal("0.5")
        return self._of_currency(
            Amount(start=start, end=unit.end, value=half, rank=Rank.NAMED, unit=unit)
        )

    def _with_unit(self, number: Number, start: int, before: _Unit | None) -> Amount:
        """Read what follows a number: its currency, and hundredths."""
        amount = Amount(
            start=start,
            end=number.end,
            value=number.value,
            problem=number.problem,
            readings=number.readings,
        )
        word = self.word_at(amount.end)
        if word in self._money.doubtful_words and (
            self.tokens[amount.end].is_apart or len(word) < 3
        ):
            amount = replace(amount, end=amount.end + 1, problem=Problem.AMBIGUOUS)
        amount = replace(amount, end=self._after_dash(amount.end))
        if not before and (hundredths := self._as_hundredths(amount, number)):
            return hundredths
        unit = self._unit(amount.end)
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
        unit = self._hundredth(amount.end)
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
        if self._is_counted(amount.end, number):
            return amount
        if number.is_literal and number.problem is Problem.AMBIGUOUS:
            return replace(amount, rank=Rank.WEAK)
        rank = Rank.PRICE if number.has_hundredths else Rank.BARE
        return replace(amount, rank=rank, counts=not self.is_end(amount.end))

    def _is_counted(self, place: int, number: Number) -> bool:
        """Return whether hours, a day or the like stand at a place."""
        if self.word_at(place) in self._money.measure_words:
            return True
        month = place + 1 if self.word_at(place) in _OF else place
        is_day = number.value <= 31 and not number.has_hundredths
        return is_day and self.word_at(month) in self._money.month_words

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
        name = self._hundredth(part.end)
        if name is None and (
            has_comma
            or self._unit(part.end)
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
        self, part: Number, name: _Unit | None, *, is_sure: bool, join: str
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
        if (is_cut or is_each) and amount.problem is None:
            return replace(amount, problem=Problem.AMBIGUOUS)
        return amount

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

    def _unit(self, place: int, *, is_before: bool = False) -> _Unit | None:
        """Read the currency at a place, its plural and full stop included."""
        if place >= len(self.tokens):
            return None
        token = self.tokens[place]
        if token.kind is Kind.SIGN:
            is_own = self._currency in currencies_with(token.text)
            return _Unit(place + 1, is_own, is_word=False, said=token.text)
        if token.kind is not Kind.WORD:
            return None
        word = token.folded
        codes = self._money.currencies.get(word, frozenset())
        if not codes and word in self._own:
            codes = frozenset({self._currency})
        if not codes and self._is_foreign(token) and not is_before:
            codes = currencies_with(token.text)
        is_code = not codes and self._is_code(token)
        if is_code:
            codes = currencies_with(word)
        if not codes:
            return None
        is_own = self._currency in codes
        is_ordinary = word in self._money.ordinary_words
        if is_before and not is_code and (not is_own or is_ordinary):
            return None
        return _Unit(
            self._name_end(place),
            is_own,
            is_word=not is_code,
            said=token.text,
            is_ordinary=is_ordinary,
        )

    def _is_foreign(self, token: Token) -> bool:
        """Return whether a word may be a currency in another language."""
        return len(token.text) >= 4 and not (
            self.is_common(token.folded)
            or token.folded in self._money.currencies_of_hundredths
        )

    def is_common(self, word: str) -> bool:
        """Return whether a folded word has another meaning beside a number."""
        money = self._money
        return word in money.following_words | money.measure_words | money.month_words

    def _is_code(self, token: Token) -> bool:
        """Return whether a word is an ISO 4217 code: in capitals, or an everyday one."""
        word = token.folded
        return (
            len(word) == 3
            and (token.text.isupper() or word in _EVERYDAY_CODES)
            and token.text.upper() in currencies_with(word)
        )

    def _hundredth(self, place: int) -> _Unit | None:
        """Read the name of a hundredth at a place."""
        word = self.word_at(place)
        codes = self._money.currencies_of_hundredths.get(word)
        if codes is None:
            return None
        return _Unit(
            self._name_end(place),
            self._currency in codes,
            is_word=True,
            said=self.tokens[place].text,
            is_ordinary=word in self._money.ordinary_words,
        )

    def _name_end(self, place: int) -> int:
        """Return where a name ends, with the "'s" of "euro's" or a full stop."""
        token = self.tokens[place]
        behind = self.tokens[place + 1 : place + 3]
        if behind and behind[0].text == "s" and behind[0].start == token.end + 1:
            return place + 2
        is_abbreviated = (
            len(behind) == 2
            and len(token.text) <= 3
            and behind[0].text == "."
            and not behind[0].is_apart
            and behind[1].kind is Kind.DIGITS
        )
        return place + 2 if is_abbreviated else place + 1
