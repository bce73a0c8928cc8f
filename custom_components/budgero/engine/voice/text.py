"""A text in pieces, and what can be asked about a place in it."""

from collections.abc import Sequence

from .language import Language
from .tokens import Kind, Token, tokens_of


class Text:
    """The pieces of a text in a language."""

    def __init__(self, text: str, language: Language) -> None:
        """Divide a text."""
        self.tokens: Sequence[Token] = tokens_of(text, language)
        self.language = language

    def word_at(self, place: int) -> str:
        """Return the folded word at a place, nothing if there is none."""
        if 0 <= place < len(self.tokens) and self.tokens[place].kind is Kind.WORD:
            return self.tokens[place].folded
        return ""

    def phrase_end(self, place: int, phrases: Sequence[tuple[str, ...]]) -> int | None:
        """Return where the longest of some phrases ends that stands at a place."""
        ends = [
            place + len(phrase)
            for phrase in phrases
            if all(self.word_at(place + i) == word for i, word in enumerate(phrase))
        ]
        return max(ends, default=None)

    def is_end(self, place: int) -> bool:
        """Return whether nothing follows that could be counted."""
        word = self.word_at(place)
        return not word or word in self.language.money.following_words
