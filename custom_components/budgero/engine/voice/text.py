"""A text as a list of tokens."""

from collections.abc import Sequence

from .language import Language
from .tokens import Kind, Token, tokens_of


class Text:
    """The tokens of a text, in a language."""

    def __init__(self, text: str, language: Language) -> None:
        """Divide a text."""
        self.tokens: Sequence[Token] = tokens_of(text, language)
        self.language = language

    def word_at(self, place: int) -> str:
        """Return the folded word at a place, "" if there is none."""
        if 0 <= place < len(self.tokens) and self.tokens[place].kind is Kind.WORD:
            return self.tokens[place].folded
        return ""

    def phrase_end(self, place: int, phrases: Sequence[tuple[str, ...]]) -> int | None:
        """Return where the longest phrase at a place ends, `None` if there is none."""
        ends = [
            place + len(phrase)
            for phrase in phrases
            if all(self.word_at(place + i) == word for i, word in enumerate(phrase))
        ]
        return max(ends, default=None)

    def is_end(self, place: int) -> bool:
        """Return whether no word follows that a number could count."""
        word = self.word_at(place)
        return not word or word in self.language.money.following_words
