"""Reads two numbers side by side as units and hundredths."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from .cardinals import cardinal
from .language import Language
from .number_words import NumberWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two numbers side by side, such as "twelve fifty"."""

    units: int
    hundredths: int
    is_sure: bool

    @property
    def value(self) -> Decimal:
        """The amount, if they are units and hundredths."""
        return self.units + Decimal(self.hundredths).scaleb(-2)

    @property
    def other(self) -> Decimal:
        """The other amount that they can mean: hundreds and the rest, or tenths."""
        if self.hundredths >= 10:
            return Decimal(self.units * 100 + self.hundredths)
        return self.units + Decimal(self.hundredths).scaleb(-1)


def pair_of(words: Sequence[str], hyphens: set[int], language: Language) -> Pair | None:
    """Return the units and hundredths that words mean, if there is only one way.

    Args:
        words: folded words and digits that are not one number.
        hyphens: the places of the words that stand behind a hyphen.
        language: the language of the words.
    """
    found = [
        pair
        for place in range(1, len(words))
        if (pair := _pair_at(place, words, language, is_hyphen=place in hyphens))
    ]
    amounts = {pair.value for pair in found}
    return found[0] if len(amounts) == 1 else None


def _pair_at(
    place: int, words: Sequence[str], language: Language, *, is_hyphen: bool
) -> Pair | None:
    numbers, money = language.numbers, language.money
    units = cardinal(words[:place], numbers)
    if units is None:
        return None
    rest = words[place:]
    if unit := last_digit(rest, numbers):
        is_only_oh = rest[0] not in numbers.by_word
        return Pair(units=units, hundredths=unit, is_sure=units >= 10 or is_only_oh)
    is_joined = rest[0] in money.certain_join_words
    hundredths = cardinal(rest[1:] if is_joined else rest, numbers)
    if hundredths is None or not 0 < hundredths < 100:
        return None
    has_digits = words[place - 1].isdecimal() or rest[-1].isdecimal()
    is_small = money.asks_below_ten and units < 10
    is_sure = is_joined or not (has_digits or is_small)
    # "zwanzig-dreißig" means twenty to thirty.
    is_sure &= hundredths >= 10 and not is_hyphen
    return Pair(units=units, hundredths=hundredths, is_sure=is_sure)


def last_digit(words: Sequence[str], numbers: NumberWords) -> int | None:
    """Return the last digit of words such as "oh five", `None` for other words."""
    if len(words) != 2 or words[0] not in numbers.oh_words:
        return None
    unit = numbers.by_word.get(words[1], 0)
    return unit if 0 < unit < 10 else None


def said_digits(words: Sequence[str], numbers: NumberWords) -> str | None:
    """Return the digits that are said behind a decimal mark, `None` if unclear."""
    if len(words) == 1 and words[0].isdecimal():
        return words[0]
    values = [
        0 if word in numbers.oh_words else numbers.by_word.get(word) for word in words
    ]
    digits = [str(value) for value in values if value is not None and value < 10]
    if words and len(digits) == len(words):
        return "".join(digits)
    whole = cardinal(words, numbers)
    return str(whole) if whole is not None and 10 <= whole < 100 else None
