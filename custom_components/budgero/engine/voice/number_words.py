"""Numbers in words: a few words of a language, and one grammar that composes them."""

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
    """The number words of a language. Several spellings are divided by blanks.

    Spellings carry their accents; they are read with and without.
    """

    values: Mapping[int, str]
    """The words of one value below a thousand each: 0 to 19, the tens, and others
    that are one word, such as "doscientos" (200)."""
    rare: Mapping[int, str] = field(default_factory=dict)
    """More such words, which are read but not waited for in sentences."""
    first_only: str = ""
    """Those of all these words that only begin a number in sentences."""
    articles: str = ""
    """Words for one that only begin a number: "a hundred", "a dollar"."""
    hundred: str = ""
    """Words that count hundreds, as in "two hundred"."""
    alone: str = ""
    """Words for exactly a hundred, with nothing but thousands behind: "cien"."""
    thousand: str
    tens_joins: str = ""
    """What may stand between tens and units. Nothing may always stand there, unless
    `tens_must_join`."""
    tens_must_join: bool = False
    unit_first_join: str = ""
    """What stands between units and tens where units are said first ("und")."""
    hundred_joins: str = ""
    """What may stand behind hundreds and thousands, before the rest."""
    is_vigesimal: bool = False
    """Sixty and eighty take the numbers up to nineteen, and eighty is four twenties."""
    is_glued: bool = False
    """Numbers are written as one word."""
    clipped: Mapping[str, str] = field(default_factory=dict)
    """What remains of a word inside a longer one: "vent" of "venti" in "ventuno"."""
    longest: int
    """How many words the longest number below ten thousand has."""
    longest_part: int
    """How many words the longest number below a hundred has."""
    millions: str
    """Words beyond what is understood."""
    point: str
    """Words for the decimal mark."""
    ohs: str
    """Words for a nought before the last digit: "two oh five"."""
    half_endings: tuple[str, ...]
    """What adds a half to a number: "and a half"."""
    halves: tuple[str, ...]
    """What means half a unit, before its name: "half a"."""
    glued_halves: str = ""
    """What adds a half at the end of a longer word: "einhalb"."""
    one_and_a_half: str = ""
    particles: str = ""
    """Words for one that belong to the verb at the end: "trag zwanzig ein"."""
    particle_verbs: str = ""
    """Those verbs: "trag"."""

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
        """The folded words for one: they may be articles."""
        return frozenset(word for word, value in self.by_word.items() if value == 1)

    @cached_property
    def article_words(self) -> frozenset[str]:
        """The folded words that only begin a number."""
        return folded(self.articles)

    @cached_property
    def particle_words(self) -> frozenset[str]:
        """The folded words for one that belong to the verb at the end."""
        return folded(self.particles)

    @cached_property
    def particle_verb_words(self) -> frozenset[str]:
        """The folded verbs that such a word belongs to."""
        return folded(self.particle_verbs)

    @cached_property
    def half_phrases(self) -> tuple[tuple[str, ...], ...]:
        """What adds a half to a number, in folded words."""
        return phrases(self.half_endings)

    @cached_property
    def half_unit_phrases(self) -> tuple[tuple[str, ...], ...]:
        """What means half a unit, in folded words."""
        return phrases(self.halves)

    @cached_property
    def glued_half_words(self) -> frozenset[str]:
        """What adds a half at the end of a longer word, folded."""
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
        """The folded words beyond what is understood."""
        return folded(self.millions)

    @cached_property
    def joins(self) -> frozenset[str]:
        """The folded words that may stand inside a number."""
        return folded(f"{self.tens_joins} {self.unit_first_join} {self.hundred_joins}")

    @cached_property
    def atoms(self) -> frozenset[str]:
        """All folded words that mean something in a number, joins aside."""
        return (
            frozenset(self.by_word)
            | self.hundreds
            | self.hundreds_alone
            | self.thousands
        )

    def split(self, word: str) -> tuple[str, ...] | None:
        """Return the words that one folded word consists of, None if it is no number.

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
