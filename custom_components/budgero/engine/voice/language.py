"""A language: its numbers, what is said around the money, and the answers."""

from dataclasses import dataclass

from .answers import Answers
from .money_words import MoneyWords
from .number_words import NumberWords
from .phrases import Phrases


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What is known of one language.

    Attributes:
        code: ISO 639-1, such as "pt".
        numbers: its number words.
        money: its words around an amount.
        phrases: its words around the money.
        answers: what is said in return.
    """

    code: str
    numbers: NumberWords
    money: MoneyWords
    phrases: Phrases
    answers: Answers
