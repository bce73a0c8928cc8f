"""The number words of a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from .folding import fold


def folded(words: str) -> frozenset[str]:
    """Return the folded words of a text."""
    return frozenset(fold(word) for word in words.split())


def phrases(texts: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Return the folded words of each of some texts."""
    return tuple(tuple(fold(word) for word in text.split()) for text in texts)


@dataclass(frozen=True, kw_only=True)
class NumberWords:
    """The number words of a language; several spellings are divided by blanks.

    Spellings are written with accents, and recognised with and without them.
    """

    values: Mapping[int, str]
    """The words for values below a thousand: 0 to 19, the tens, and other values that
    are one word, such as "doscientos" (200)."""
    rare: Mapping[int, str] = field(default_factory=dict)
    """More such words. They are read, but not spelled out in sentence templates."""
    first_only: str = ""
    """Words of both kinds that may only begin a number in sentence templates."""
    articles: str = ""
    """Words for one that only begin a number: "a hundred", "a dollar"."""
    hundred: str = ""
    """Words that count hundreds, as in "two hundred"."""
    alone: str = ""
    """Words for exactly a hundred, behind which only thousands may stand: "cien"."""
    thousand: str
    tens_joins: str = ""
    """Words that may stand between tens and units. They may be missing, unless
    `tens_must_join` is set."""
    tens_must_join: bool = False
    unit_first_join: str = ""
    """The word between units and tens if units are said first: "und"."""
    hundred_joins: str = ""
    """Words that may stand between hundreds or thousands and the rest."""
    is_vigesimal: bool = False
    """Whether numbers up to nineteen follow sixty and eighty, and eighty is four
    twenties."""
    is_glued: bool = False
    """Whether numbers are written as one word."""
    clipped: Mapping[str, str] = field(default_factory=dict)
    """Shortened forms of words inside a longer one: "vent" for "venti" in "ventuno"."""
    longest: int
    """How many words the longest number below ten thousand has."""
    longest_part: int
    """How many words the longest number below a hundred has."""
    millions: str
    """Words for numbers that are too large to be understood."""
    point: str
    """Words for the decimal mark."""
    ohs: str
    """Words for a nought before the last digit: "two oh five"."""
    half_endings: tuple[str, ...]
    """Phrases that add a half to a number: "and a half"."""
    halves: tuple[str, ...]
    """Phrases for half a unit, before its name: "half a"."""
    glued_halves: str = ""
    """Words that add a half at the end of a longer word: "einhalb"."""
    one_and_a_half: str = ""
    particles: str = ""
    """Words for one that may belong to a verb: "ein" in "trag zwanzig ein"."""
    particle_verbs: str = ""
    """The verbs to which these words belong: "trag"."""

    @cached_property
    def by_word(self) -> dict[str, int]:
        """The value of each folded word."""
        return {
            fold(word): value
            for value, words in (*self.values.items(), *self.rare.items())
            for word in words.split()
        } | dict.fromkeys(folded(self.articles), 1)

    @cached_property
    def _pieces(self) -> tuple[str, ...]:
        pieces = self.atoms | self.joins | frozenset(self.clipped)
        return tuple(sorted(pieces, key=len, reverse=True))

    @cached_property
    def hundreds(self) -> frozenset[str]:
        """The folded words that count hundreds."""
        return folded(self.hundred)

    @cached_property
    def hundreds_alone(self) -> frozenset[str]:
        """The folded words for exactly a hundred."""
        return folded(self.alone)

    @cached_property
    def thousands(self) -> frozenset[str]:
        """The folded words that count thousands."""
        return folded(self.thousand)

    @cached_property
    def ones(self) -> frozenset[str]:
        """The folded words for one, which may also be articles."""
        return frozenset(word for word, value in self.by_word.items() if value == 1)

    @cached_property
    def article_words(self) -> frozenset[str]:
        """The folded words that only begin a number."""
        return folded(self.articles)

    @cached_property
    def particle_words(self) -> frozenset[str]:
        """The folded words for one that may belong to a verb."""
        return folded(self.particles)

    @cached_property
    def particle_verb_words(self) -> frozenset[str]:
        """The folded verbs that such a word belongs to."""
        return folded(self.particle_verbs)

    @cached_property
    def half_phrases(self) -> tuple[tuple[str, ...], ...]:
        """The phrases that add a half to a number, in folded words."""
        return phrases(self.half_endings)

    @cached_property
    def half_unit_phrases(self) -> tuple[tuple[str, ...], ...]:
        """The phrases for half a unit, in folded words."""
        return phrases(self.halves)

    @cached_property
    def glued_half_words(self) -> frozenset[str]:
        """The folded words that add a half at the end of a longer word."""
        return folded(self.glued_halves)

    @cached_property
    def one_and_a_half_words(self) -> frozenset[str]:
        """The folded words for one and a half."""
        return folded(self.one_and_a_half)

    @cached_property
    def point_words(self) -> frozenset[str]:
        """The folded words for the decimal mark."""
        return folded(self.point)

    @cached_property
    def oh_words(self) -> frozenset[str]:
        """The folded words for a nought before the last digit."""
        return folded(self.ohs)

    @cached_property
    def million_words(self) -> frozenset[str]:
        """The folded words for numbers that are too large to be understood."""
        return folded(self.millions)

    @cached_property
    def joins(self) -> frozenset[str]:
        """The folded words that may stand inside a number."""
        return folded(f"{self.tens_joins} {self.unit_first_join} {self.hundred_joins}")

    @cached_property
    def atoms(self) -> frozenset[str]:
        """All folded words with a meaning in a number, except the joins."""
        return (
            frozenset(self.by_word)
            | self.hundreds
            | self.hundreds_alone
            | self.thousands
        )

    def split(self, word: str) -> tuple[str, ...] | None:
        """Return the number words in a folded word, `None` if it is no number.

        "funfundzwanzig" is "funf", "und", "zwanzig".
        """
        if word in self.atoms:
            return (word,)
        return self._split(word) if self.is_glued else None

    def _split(self, word: str) -> tuple[str, ...] | None:
        for piece in self._pieces:
            if not word.startswith(piece):
                continue
            if len(piece) == len(word):
                if piece in self.atoms:
                    return (piece,)
            elif rest := self._split(word[len(piece) :]):
                return (self.clipped.get(piece, piece), *rest)
        return None
