"""Reads hundredths behind a currency: "12 euros fifty"."""

from dataclasses import replace
from decimal import Decimal

from .amount import Amount
from .numbers import Number, NumberReader
from .pairs import last_digit
from .problem import Problem
from .text import Text
from .units import Unit, UnitReader


class HundredthsReader:
    """Reads the hundredths of amounts whose currency is named."""

    def __init__(
        self, text: Text, numbers: NumberReader, units: UnitReader, decimals: int
    ) -> None:
        """Take a text, its readers, and the decimals of the account's currency."""
        self._text = text
        self._money = text.language.money
        self._numbers = numbers
        self._units = units
        self._decimals = decimals

    def added(self, amount: Amount, number: Number) -> Amount:
        """Add hundredths that follow: "and fifty cents", "fifty", "and a half"."""
        start = amount.end
        end = self._text.phrase_end(start, self._text.language.numbers.half_phrases)
        if end is not None:
            if number.has_hundredths:
                return replace(amount, end=end, problem=Problem.AMBIGUOUS)
            return replace(amount, end=end, value=amount.value + Decimal("0.5"))
        has_comma = (
            start < len(self._text.tokens) and self._text.tokens[start].text == ","
        )
        join = self._text.word_at(start)
        is_joined = join in self._money.join_words
        place = start + (has_comma or is_joined)
        part = self._numbers.at(place, is_hundredths=True)
        if part is None:
            return amount
        name = self._units.hundredth(part.end)
        if name is None and (
            has_comma
            or self._units.at(part.end)
            or self._text.word_at(part.end) in self._money.measure_words
            or (is_joined and not self._text.is_end(part.end))
        ):
            return amount
        if name is None and (
            part.is_literal or self._is_particle(part, start) or self._is_article(part)
        ):
            return amount
        is_glued = not self._text.tokens[place].is_apart and not is_joined
        end = name.end if name else part.end
        hundredths = self._hundredths(
            part,
            name,
            is_sure=self._text.is_end(part.end),
            join=join if is_joined else "",
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

    def _is_particle(self, part: Number, place: int) -> bool:
        """Return whether a number word belongs to the verb: "trag 20 Euro ein"."""
        numbers = self._text.language.numbers
        return (
            len(part.words) == 1
            and part.words[0] in numbers.particle_words
            and any(
                self._text.word_at(before) in numbers.particle_verb_words
                for before in range(place)
            )
        )

    def _hundredths(
        self, part: Number, name: Unit | None, *, is_sure: bool, join: str
    ) -> Decimal | None:
        """Return the hundredths behind a currency, `None` if they are ambiguous."""
        digits = part.words[0] if part.is_plain_digits else ""
        if digits:
            if len(digits) > 2 or (not name and (len(digits) < 2 or not is_sure)):
                return None
            value = Decimal(digits)
        elif unit := last_digit(part.words, self._text.language.numbers):
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

    def _is_article(self, part: Number) -> bool:
        """Return whether a number is an article, as in "12 euros a book"."""
        ones = self._text.language.numbers.ones
        is_one = len(part.words) == 1 and part.words[0] in ones
        return is_one and not self._text.is_end(part.end)

    @staticmethod
    def _either(amount: Amount, part: Number) -> tuple[Decimal, ...]:
        """Return the amounts that "7 euros 5" can mean."""
        if not part.is_plain_digits or len(part.words[0]) != 1:
            return ()
        digit = Decimal(part.words[0])
        return amount.value + digit.scaleb(-2), amount.value + digit.scaleb(-1)
