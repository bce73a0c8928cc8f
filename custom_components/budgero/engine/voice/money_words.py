"""The words of a language beside an amount of money."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
import re

from ..push.currencies import currencies_with, currency_decimals
from .digits import Marks
from .folding import fold
from .number_words import folded


@dataclass(frozen=True, kw_only=True)
class MoneyWords:
    """The words of one language.

    In a field, words are divided by blanks. They are recognised with and without
    accents.
    """

    units: Mapping[str, str]
    """Names of currencies, by a mark of the currencies that they can mean."""
    codes: str = (
        "EUR USD GBP CHF PLN BRL CAD AUD NZD JPY "
        "CZK HUF SEK NOK DKK MXN ARS TRY INR ZAR"
    )
    """ISO 4217 codes that are written beside amounts. Each makes the templates longer."""
    hundredths: Mapping[str, str]
    """Names of hundredths, by a mark of the currencies that have them."""
    ordinary: str = ""
    """Which of these names are also everyday words, such as "pound"."""
    never_behind_names: str = ""
    """Which of these names mean something else behind a person's name: "Anna m'a donné
    deux livres"."""
    joins: str
    """Words that may stand between units and hundredths, such as "and"."""
    certain_joins: str = ""
    """Words behind which a number means hundredths even without a name: "doce con
    cincuenta"."""
    minus: str
    doubtful: str = ""
    """Words behind a number that make it another number: "k", "dozen"."""
    doubtful_pairs: frozenset[tuple[str, str]] = frozenset()
    """Pairs of folded words that may be one number or two: "quatre vingt"."""
    asks_below_ten: bool = False
    """Whether a number below ten before another can mean hundreds: "four twenty"."""
    hundredths_need_units: bool = False
    """Whether digits before a hundredth can be hundreds: "2 cents" for "deux cents"."""
    each_before: tuple[str, ...]
    """Words before an amount that say that it is the price of one of several."""
    each_after: tuple[str, ...]
    """Words behind an amount that say the same."""
    times: str
    """Words behind a number of times, such as "times"."""
    at: str
    """Words that may stand before the price of one: "two coffees at 3 euros"."""
    clock: str
    """Words before a time or a day: "at five", "le cinq"."""
    operators: str
    """Words between two numbers that add or multiply them, or leave the choice."""
    prepositions: str
    following: str
    """Other words that may follow an amount."""
    measures: str
    """Words for things that are counted and are no money: hours, kilograms."""
    months: str
    """Names of months as they stand behind a day."""
    marks: Marks
    regional: Mapping[str, Marks] = field(default_factory=dict)
    """Marks of regions that use others, by ISO 3166 codes."""

    @cached_property
    def currencies(self) -> dict[str, frozenset[str]]:
        """The currencies that each folded name can mean."""
        return _by_name(self.units)

    @cached_property
    def currencies_of_hundredths(self) -> dict[str, frozenset[str]]:
        """The currencies whose hundredth each folded name can mean."""
        return {
            name: frozenset(code for code in codes if currency_decimals(code) == 2)
            for name, codes in _by_name(self.hundredths).items()
        }

    @cached_property
    def inside_word(self) -> re.Pattern[str]:
        """Finds the name of a currency inside a word such as "zwölfeurofünfzig"."""
        names = [*self.currencies, *self.currencies_of_hundredths]
        long = sorted((name for name in names if len(name) >= 4), key=len, reverse=True)
        return re.compile(rf"(.{{3,}}?)({'|'.join(long)})(.*)")

    @cached_property
    def ordinary_words(self) -> frozenset[str]:
        """The folded names that are also everyday words."""
        return folded(self.ordinary)

    @cached_property
    def join_words(self) -> frozenset[str]:
        """The folded words that may stand between units and hundredths."""
        return folded(f"{self.joins} {self.certain_joins}")

    @cached_property
    def certain_join_words(self) -> frozenset[str]:
        """The folded words behind which a number means hundredths."""
        return folded(self.certain_joins)

    @cached_property
    def minus_words(self) -> frozenset[str]:
        """The folded words for a minus."""
        return folded(self.minus)

    @cached_property
    def doubtful_words(self) -> frozenset[str]:
        """The folded words that make a number another one."""
        return folded(self.doubtful)

    @cached_property
    def operator_words(self) -> frozenset[str]:
        """The folded words that add or multiply two numbers, or leave the choice."""
        return folded(self.operators)

    @cached_property
    def preposition_words(self) -> frozenset[str]:
        """The folded prepositions."""
        return folded(self.prepositions)

    @cached_property
    def following_words(self) -> frozenset[str]:
        """The folded words that may follow an amount."""
        return (
            folded(self.following)
            | self.preposition_words
            | self.join_words
            | self.operator_words
        )

    @cached_property
    def measure_words(self) -> frozenset[str]:
        """The folded words for things that are counted and are no money."""
        return folded(self.measures)

    @cached_property
    def times_words(self) -> frozenset[str]:
        """The folded words behind a number of times."""
        return folded(self.times)

    @cached_property
    def at_words(self) -> frozenset[str]:
        """The folded words that may stand before the price of one."""
        return folded(self.at)

    @cached_property
    def clock_words(self) -> frozenset[str]:
        """The folded words before a time of day."""
        return folded(self.clock)

    @cached_property
    def common_words(self) -> frozenset[str]:
        """The folded words that have another meaning beside a number."""
        return self.following_words | self.measure_words | self.month_words

    @cached_property
    def month_words(self) -> frozenset[str]:
        """The folded months."""
        return folded(self.months)

    def marks_in(self, region: str | None) -> Marks:
        """Return the marks between digits that a region uses."""
        return self.regional.get(region or "", self.marks)


def _by_name(names: Mapping[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for marks, words in names.items():
        # The mark of a currency that is no longer used stands for itself.
        codes = frozenset[str]().union(
            *(currencies_with(mark) or {mark} for mark in marks.split())
        )
        for word in words.split():
            found[fold(word)] = found.get(fold(word), frozenset()) | codes
    return found
