"""Reads names and signs of currencies and their hundredths."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ..push.currencies import currencies_with, marks_of
from .folding import fold
from .money_words import MoneyWords
from .tokens import Kind, Token

_EVERYDAY_CODES: Final = frozenset(
    {"eur", "usd", "gbp", "chf", "pln", "brl", "cad", "aud", "jpy", "czk", "huf"}
)
_LEAST_FOREIGN: Final = 4
"""The shortest name that is looked up in other languages, in letters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A currency that is named in a text."""

    end: int
    is_own: bool
    """Whether it can be the account's currency."""
    is_word: bool
    """Whether it is a name, not a sign or code."""
    said: str
    is_ordinary: bool = False
    """Whether the name is also an everyday word."""


class UnitReader:
    """Reads the currencies of a text."""

    def __init__(
        self, tokens: Sequence[Token], money: MoneyWords, currency: str
    ) -> None:
        """Take the tokens, the words of their language, and the account's currency."""
        self._tokens = tokens
        self._money = money
        self._currency = currency
        self._own = frozenset(
            word
            for mark in marks_of(currency)
            if (word := fold(mark.rstrip("."))) not in money.common_words
        )

    def before(self, place: int) -> Unit | None:
        """Read the currency before a number; an everyday word is none."""
        unit = self.at(place)
        return None if unit and unit.is_ordinary else unit

    def at(self, place: int) -> Unit | None:
        """Read the currency at a place, with its plural ending or full stop."""
        if place >= len(self._tokens):
            return None
        token = self._tokens[place]
        if token.kind is Kind.SIGN:
            is_own = self._currency in currencies_with(token.text)
            return Unit(end=place + 1, is_own=is_own, is_word=False, said=token.text)
        if token.kind is not Kind.WORD:
            return None
        word = token.folded
        codes = self._money.currencies.get(word, frozenset())
        if word in self._own:
            codes |= {self._currency}
        is_code = not codes and self._is_code(token)
        if is_code or (not codes and self._may_be_foreign(token)):
            codes = currencies_with(token.text)
        if not codes:
            return None
        return Unit(
            end=self._end(place),
            is_own=self._currency in codes,
            is_word=not is_code,
            said=token.text,
            is_ordinary=word in self._money.ordinary_words,
        )

    def hundredth(self, place: int) -> Unit | None:
        """Read the name of a hundredth at a place."""
        if place >= len(self._tokens):
            return None
        token = self._tokens[place]
        codes = self._money.currencies_of_hundredths.get(token.folded)
        if codes is None:
            return None
        return Unit(
            end=self._end(place),
            is_own=self._currency in codes,
            is_word=True,
            said=token.text,
            is_ordinary=token.folded in self._money.ordinary_words,
        )

    def _is_code(self, token: Token) -> bool:
        """Return whether a word is an ISO 4217 code; small letters only for some."""
        word = token.folded
        return (
            len(word) == 3
            and (token.text.isupper() or word in _EVERYDAY_CODES)
            and token.text.upper() in currencies_with(word)
        )

    def _may_be_foreign(self, token: Token) -> bool:
        """Return whether a word can only be a currency's name in another language."""
        return len(token.text) >= _LEAST_FOREIGN and not (
            token.folded in self._money.common_words
            or token.folded in self._money.currencies_of_hundredths
        )

    def _end(self, place: int) -> int:
        """Return where a name ends, with "'s" as in "euro's" or a full stop."""
        token = self._tokens[place]
        behind = self._tokens[place + 1 : place + 3]
        if behind and behind[0].text == "s" and behind[0].start == token.end + 1:
            return place + 2
        is_abbreviated = (
            len(behind) == 2
            and len(token.text) < _LEAST_FOREIGN
            and behind[0].text == "."
            and not behind[0].is_apart
            and behind[1].kind is Kind.DIGITS
        )
        return place + 2 if is_abbreviated else place + 1
