"""The amount as a piece of a sentence template for Home Assistant's matcher (hassil).

A sentence that matches a template is not passed on to others. So these pieces match
amounts, but no hours and other counted things: they spell out the digits, the number
words and the currencies. `money.py` then reads the amount, and finds out whether it is
clear.
"""

from collections.abc import Iterable
from typing import Final

from .folding import fold
from .language import Language

_DIGIT: Final = "(0|1|2|3|4|5|6|7|8|9)"
_INNER: Final = "(0|1|2|3|4|5|6|7|8|9|.|,|:|')"
_SIGNS: Final = "€ $ £ ¥ R$ US$ CA$ A$"
_ABBREVIATIONS: Final = "zł kr Fr"
_TELLING: Final = 3
"""Letters of a word that are not divided."""
_DIGITS: Final = 8
"""The most digits and marks behind the first digit: 12,345.67."""


def money_piece(language: Language, *, is_short: bool = False) -> str:
    """Return a template for an amount, with or without a currency.

    A small number word alone needs a currency, because "one on one" is no amount.

    Args:
        language: the language of the sentence.
        is_short: whether a number may have only half as many words.
    """
    words = _Words(language, is_short=is_short)
    bare = f"({words.large}|{words.common}{words.gap}{words.second})"
    number = f"({words.digits}|{words.chain(bare, words.longest - 2)})"
    small = f"({words.common}|{words.halves})[ ]{words.needed_units}"
    amount = f"({number}[[ ]{words.units}]|{small})"
    return f"{words.before}{amount}{words.hundredths}"


def sum_piece(language: Language) -> str:
    """Return a template for an amount with a currency, or with two decimals.

    Only this piece may stand behind a wildcard. Other digits may be a year, and a
    number word alone may count anything.
    """
    words = _Words(language, is_short=True)
    number = words.chain(f"({words.large}|{words.common})", words.longest - 1)
    named = f"({words.digits}|{number}|{words.halves})[ ]{words.sure_units}"
    marked = (
        f"{words.needed_signs}[ ]{words.ungrouped}[ {words.few}[(.|,){_DIGIT}{_DIGIT}]]"
    )
    exact = f"{words.few}((.|,){_DIGIT}{_DIGIT}{words.letters})"
    amount = f"({named}{words.hundredths}|{marked}|{exact})"
    return f"{words.minus}{amount}"


def one_word_piece(language: Language) -> str:
    """Return a template for an amount in digits or one number word."""
    words = _Words(language, is_short=True)
    number = f"({words.plain}|{words.large}|{words.small})"
    return f"{words.before}{number}[[ ]{words.units}]"


def digits_with_unit_piece(language: Language) -> str:
    """Return a template for an amount in digits with a currency."""
    words = _Words(language, is_short=True)
    part = f"{_DIGIT}[{_DIGIT}]"
    return f"({words.plain}[ ]{words.units}[{part}]|{words.signs}[ ]{words.ungrouped})"


class _Words:
    """The parts of the pieces, in one language."""

    def __init__(self, language: Language, *, is_short: bool) -> None:
        numbers, money = language.numbers, language.money
        self.longest = numbers.longest // 2 + 1 if is_short else numbers.longest
        values = [
            (value, word)
            for value, words in numbers.values.items()
            for word in words.split()
        ]
        counts = f"{numbers.hundred} {numbers.thousand}".split()
        halves = [*numbers.half_endings, *numbers.glued_halves.split()]
        self.gap = "[ |-]" if numbers.is_glued else "( |-)"
        self.large = _needed(
            [word for value, word in values if value >= 10]
            + [*counts, *f"{numbers.alone} {numbers.one_and_a_half}".split()]
            + list(numbers.clipped)
        )
        self.small = alternatives(
            [word for value, word in values if value < 10] + numbers.articles.split()
        )
        self.common = f"({self.small}|a.)"  # no sentence needs one of them
        # "point" needs a number behind it: "a point for us" is no amount.
        more = alternatives(
            f"{numbers.point} {numbers.ohs} {numbers.unit_first_join} "
            f"{money.certain_joins}".split()
        )
        later = [word for _, word in values if word not in numbers.first_only.split()]
        value = _needed(later + counts)
        ending = f"{alternatives(halves)}|" if halves else ""  # as in "two and a half"
        self.second = f"({ending}{value}|({more}|a.){self.gap}{value})"
        self.halves = alternatives(numbers.halves)
        inside = (
            f"{numbers.tens_joins} {numbers.unit_first_join} {numbers.hundred_joins} "
            f"{numbers.point} {numbers.ohs} {numbers.alone} {money.certain_joins}"
        )
        self.rest = alternatives(
            [*later, *counts, *inside.split(), *halves, *numbers.clipped]
        )
        behind = alternatives(
            [*counts, *numbers.point.split(), *halves, *money.doubtful.split()]
        )
        self.few = f"{_DIGIT}[{_DIGIT}[{_DIGIT}]]"
        self.ungrouped = _digits(_DIGITS)
        self.plain = f"{self.ungrouped}[ {_digits(5)}][-[-]]"
        self.digits = f"{self.plain}[[ ]{behind}[ {self.few}]]"
        known = " ".join([*money.units.values(), *money.hundredths.values()]).split()
        counted = money.measure_words  # "öre" without accents means hours in Italian
        units = [name for name in known if fold(name) not in counted]
        units += f"{_SIGNS} {money.codes} {_ABBREVIATIONS}".split()
        self.units = alternatives(units)
        self.needed_units = _needed(name for name in units if not _is_letter(name))
        sure = [name for name in units if name not in money.never_behind_names.split()]
        self.sure_units = _needed(name for name in sure if not _is_letter(name))
        self.letters = "".join(f"|[ ]{name}" for name in sure if _is_letter(name))
        # Two amounts are taken as well where there is room, to be refused.
        other = "" if is_short else money.operators
        joins = alternatives(f"{money.joins} {money.certain_joins} {other}".split())
        part = f"({_DIGIT}[{_DIGIT}]|{self._below_hundred(values, language)})"
        names = " ".join(money.hundredths.values())
        if not is_short:
            names += f" € $ £ {money.units['euro']} {money.units['dollar']}"
        self.hundredths = f"[[ {joins}][ ]{part}[[ ]{alternatives(names.split())}]]"
        self.minus = f"[{alternatives(money.minus.split())} ][-]"
        self.signs = alternatives(
            f"{_SIGNS} {money.codes} {_ABBREVIATIONS} euro".split()
        )
        self.needed_signs = _needed(f"{_SIGNS} {money.codes} zł euro".split())
        self.before = f"{self.minus}[{self.signs}[ ]]"

    def _below_hundred(self, values: list[tuple[int, str]], language: Language) -> str:
        """Return a template for the hundredths of an amount in words."""
        numbers = language.numbers
        units = alternatives(word for value, word in values if value < 10)
        later = alternatives(word for value, word in values if 10 <= value < 100)
        join = numbers.unit_first_join.split()
        if not join:
            return self.chain(self.rest, numbers.longest_part - 1)
        return f"({units}[[ ]{alternatives(join)}[ ]{later}]|{later})"

    def chain(self, first: str, more: int) -> str:
        """Return a template for a number word and up to so many more."""
        return _nested(first, self.rest, more, self.gap)


def _is_letter(name: str) -> bool:
    """Tell whether a name is one letter, which most texts have: "p"."""
    return len(name) == 1 and name.isalpha()


def _digits(more: int) -> str:
    """Return a template for a digit, and up to so many digits and marks behind it.

    The last two are digits: they are decimals, if there are so many.
    """
    return _DIGIT + f"[{_INNER}" * (more - 2) + f"[{_DIGIT}" * 2 + "]" * more


def _nested(first: str, other: str, more: int, gap: str = "") -> str:
    """Return a template for one piece, and up to so many others behind it."""
    return first + f"[{gap}{other}" * more + "]" * more


def alternatives(words: Iterable[str]) -> str:
    """Return a template for any of some words; common beginnings are written once.

    A letter with an accent also matches without it.
    """
    return _branch(sorted({word.lower() for word in words}))


def _needed(words: Iterable[str]) -> str:
    """Return a template for any of some words, each with a beginning that tells it.

    Home Assistant tries only sentences of which it finds one needed piece in a text:
    "zwei" and "zwölf" are better ones than the "zw" of both.
    """
    by_beginning: dict[str, list[str]] = {}
    for word in sorted({each for one in words for each in (one.lower(), fold(one))}):
        by_beginning.setdefault(word[:_TELLING], []).append(word[_TELLING:])
    return "|".join(
        one + (_branch(more) if any(more) else "") for one, more in by_beginning.items()
    ).join("()")


def _branch(words: list[str]) -> str:
    """Return a template for the remaining letters of some sorted words."""
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
