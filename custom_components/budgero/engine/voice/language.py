"""A language: its numbers, what is said around the money, and the answers."""

from dataclasses import dataclass

from .money_words import MoneyWords
from .number_words import NumberWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What is known of one language.

    Attributes:
        code: ISO 639-1, such as "pt".
        numbers: its number words.
        money: its words around an amount.
    """

    code: str
    numbers: NumberWords
    money: MoneyWords
