"""A language: its numbers, what is said around the money, and the answers."""

from dataclasses import dataclass

from .number_words import NumberWords


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What is known of one language.

    Attributes:
        code: ISO 639-1, such as "pt".
        numbers: its number words.
    """

    code: str
    numbers: NumberWords
