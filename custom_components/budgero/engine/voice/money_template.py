"""Money as a piece of a sentence template of Home Assistant's matcher (hassil).

What a template takes is consumed, so these pieces tell money from hours and other
counted things: they spell out the digits, the number words and the currencies. What
the amount is, and whether it is clear, is for the ear to say.
"""

from collections.abc import Iterable
from typing import Final

from .folding import fold
from .language import Language

_DIGIT: Final = "(0|1|2|3|4|5|6|7|8|9)"
_INNER: Final = "(0|1|2|3|4|5|6|7|8|9|.|,|:|')"
_SIGNS: Final = "€ $ £ ¥ R$ US$ CA$ A$"
_CODES: Final = (
    "EUR USD GBP CHF PLN BRL CAD AUD NZD JPY CZK HUF SEK NOK DKK MXN ARS TRY INR ZAR"
)
_ABBREVIATIONS: Final = "zł kr Fr"
_DIGITS: Final = 10
"""How many digits and marks are taken."""


def money_piece(language: Language) -> str:
    """Return a template for an amount, with or without a currency.

    A lone small number word needs a currency: "one on one" is no money.
    """
    words = _Words(language)
    bare = f"({words.large}|{words.small}{words.gap}{words.rest})"
    number = f"({words.digits}|{words.chain(bare, language.numbers.longest - 2)})"
    small = f"({words.small}|{words.halves})[ ]{words.units}"
    amount = f"({number}[[ ]{words.units}]|{small})"
    return f"{words.before}{amount}{words.hundredths}"


def money_with_unit_piece(language: Language) -> str:
    """Return a template for an amount with a currency, in digits or words.

    This is what may stand behind a wildcard.
    """
    words = _Words(language)
    first = f"({words.large}|{words.small})"
    number = words.chain(first, language.numbers.longest - 1)
    named = f"({words.digits}|{number}|{words.halves})[ ]{words.units}"
    marked = f"{words.signs}[ ]{_nested(_DIGIT, _INNER, _DIGITS)}"
    return f"{words.minus}({named}|{marked}){words.hundredths}"


class _Words:
    """The parts of both pieces, in the words of a language."""

    def __init__(self, language: Language) -> None:
        numbers, money = language.numbers, language.money
        values = [
            (value, word)
            for value, words in numbers.values.items()
            for word in words.split()
        ]
        counts = f"{numbers.hundred} {numbers.thousand}".split()
        halves = [*numbers.half_endings, *numbers.glued_halves.split()]
        self.gap = "[ |-]" if numbers.is_glued else "( |-)"
        self.large = alternatives(
            [word for value, word in values if value >= 10]
            + [*counts, *f"{numbers.alone} {numbers.one_and_a_half}".split()]
            + list(numbers.clipped)
        )
        self.small = alternatives(
            [word for value, word in values if value < 10] + numbers.articles.split()
        )
        self.halves = alternatives(numbers.halves)
        inside = (
            f"{numbers.tens_joins} {numbers.unit_first_join} {numbers.hundred_joins} "
            f"{numbers.point} {numbers.ohs} {numbers.alone} {money.certain_joins}"
        )
        self.rest = alternatives(
            [word for _, word in values]
            + [*counts, *inside.split(), *halves, *numbers.clipped]
        )
        behind = alternatives(
            [*counts, *numbers.point.split(), *halves, *money.doubtful.split()]
        )
        few = f"{_DIGIT}[{_DIGIT}[{_DIGIT}]]"
        self.digits = (
            f"{_nested(_DIGIT, _INNER, _DIGITS)}[ {_nested(_DIGIT, _INNER, 5)}]"
            f"[-[-]][[ ]{behind}[ ({few}|{self.rest})]]"
        )
        names = [*money.units.values(), *money.hundredths.values()]
        self.units = alternatives(
            " ".join([*names, _SIGNS, _CODES, _ABBREVIATIONS]).split()
        )
        joins = alternatives(f"{money.joins} {money.certain_joins}".split())
        part = f"({_DIGIT}[{_DIGIT}]|{self.chain(self.rest, numbers.longest_part - 1)})"
        self.hundredths = f"[[ {joins}][ ]{part}[[ ]{self._hundredths(language)}]]"
        self.minus = f"[{alternatives(money.minus.split())} ][-]"
        self.signs = alternatives(f"{_SIGNS} {_CODES} {_ABBREVIATIONS} euro".split())
        self.before = f"{self.minus}[{self.signs}[ ]]"

    @staticmethod
    def _hundredths(language: Language) -> str:
        return alternatives(" ".join(language.money.hundredths.values()).split())

    def chain(self, first: str, more: int) -> str:
        """Return a template for a number word and up to so many more."""
        return _nested(first, self.rest, more, self.gap)


def _nested(first: str, other: str, more: int, gap: str = "") -> str:
    """Return a template for one thing, and up to so many others behind it."""
    return first + f"[{gap}{other}" * more + "]" * more


def alternatives(words: Iterable[str]) -> str:
    """Return a template for any of some words, their common beginnings written once.

    A letter with an accent also matches without it.
    """
    return _branch(sorted({word.lower() for word in words}))


def _branch(words: list[str]) -> str:
    """Return a template for the rest of some sorted words."""
    by_first: dict[str, list[str]] = {}
    for word in words:
        if word:
            by_first.setdefault(word[0], []).append(word[1:])
    choices = [_stem(first, rests) for first, rests in by_first.items()]
    inner = "|".join(choices)
    if "" in words:
        return f"[{inner}]"
    return f"({inner})" if len(choices) > 1 else inner


def _stem(first: str, rests: list[str]) -> str:
    plain = fold(first)
    letter = first if first == plain else f"({first}|{plain})"
    return letter if rests == [""] else letter + _branch(rests)
