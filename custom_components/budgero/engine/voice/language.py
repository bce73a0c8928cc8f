"""A language: its numbers, its words around the money, and its answers."""

from dataclasses import dataclass

from .answers import Answers
from .money_words import MoneyWords
from .number_words import NumberWords
from .phrases import Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The words of one language.

    Attributes:
        code: ISO 639-1, such as "pt".
        numbers: its number words.
        money: its currencies, and other words beside an amount.
        phrases: its sentences.
        answers: its answers.
    """

    code: str
    numbers: NumberWords
    money: MoneyWords
    phrases: Phrases
    answers: Answers
