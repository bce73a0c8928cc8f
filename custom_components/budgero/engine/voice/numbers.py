"""Reads a number in a text, in digits, in words, or in both."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
import re
from typing import Final

from .cardinals import cardinal
from .digits import Marks, read_digits
from .pairs import pair_of, said_digits
from .problem import Problem
from .text import Text
from .tokens import Kind

_PLAIN: Final = re.compile(r"[0-9]+")
_GROUP: Final = re.compile(r"[0-9]{3}(?![0-9])")
_HALF: Final = Decimal("0.5")
_HYPHENS: Final = frozenset("-\u2010\u2011")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, from one token up to another."""

    end: int
    value: Decimal = Decimal()
    problem: Problem | None = None
    readings: tuple[Decimal, ...] = ()
    words: tuple[str, ...] = ()
    """The folded words and plain digits that it consists of."""
    has_hundredths: bool = False
    """Whether hundredths were written or said."""
    is_pair: bool = False
    """Whether units and hundredths are two numbers side by side."""
    is_literal: bool = False
    """Whether it is digits with marks between them."""

    @property
    def is_plain_digits(self) -> bool:
        """Whether it is digits only."""
        return len(self.words) == 1 and self.words[0].isdecimal()


@dataclass(slots=True)
class _Run:
    """The words of a number, in the order of the text."""

    words: list[str] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    """For each word, the token behind which it ends."""
    hyphens: set[int] = field(default_factory=set)
    """The places of the words that stand behind a hyphen."""
    is_doubtful: bool = False


class NumberReader:
    """Reads the numbers of a text."""

    def __init__(self, text: Text, marks: Marks, decimals: int) -> None:
        """Take a text, and the marks and decimals of its numbers."""
        self._text = text
        self._tokens = text.tokens
        self._language = language = text.language
        self._numbers = language.numbers
        self._marks = marks
        self._decimals = decimals
        self._joins = self._numbers.joins | language.money.certain_join_words

    def is_number(self, place: int) -> bool:
        """Return whether a number, or a word of one, stands at a place."""
        if place >= len(self._tokens):
            return False
        if self._tokens[place].kind is Kind.DIGITS:
            return True
        word = self._text.word_at(place)
        return bool(word) and (
            self._numbers.split(word) is not None
            or self._with_half(word) is not None
            or any(char.isnumeric() for char in self._tokens[place].text)  # "½"
        )

    def at(self, start: int, *, is_hundredths: bool = False) -> Number | None:
        """Read the number that begins at a place, with all words that belong to it.

        Args:
            start: the place.
            is_hundredths: whether the number is hundredths; the name of the hundredth
                then ends it, even if that may also be a number.
        """
        if start >= len(self._tokens):
            return None
        token = self._tokens[start]
        if token.kind is Kind.DIGITS and not _PLAIN.fullmatch(token.text):
            value = read_digits(token.text, self._marks, self._decimals)
            return self._closed(_literal(value, start + 1))
        if grouped := self._groups(start):
            return self._closed(grouped)
        if (half := self._with_half(self._text.word_at(start))) is not None:
            number = Number(end=start + 1, value=half, has_hundredths=True)
            return self._closed(number)
        run = self._run(start, is_hundredths=is_hundredths)
        if not run.words or self._is_article(run):
            return None
        number = self._evaluated(run)
        return self._closed(self._extended(number))

    def _is_article(self, run: _Run) -> bool:
        """Return whether the number is an article before another: "a 20 euro meal"."""
        end = run.ends[0]
        first = run.words[0]
        kinds = [token.kind for token in self._tokens[end : end + 2]]
        if first in self._numbers.ones and kinds == [Kind.SIGN, Kind.DIGITS]:
            return True  # as in "a $20 meal"
        if first in self._numbers.article_words:
            counts = self._numbers.hundreds | self._numbers.thousands
            return self.is_number(end) and self._text.word_at(end) not in counts
        if first not in self._numbers.ones or end >= len(self._tokens):
            return False
        return self._tokens[end].kind is Kind.DIGITS

    def _groups(self, start: int) -> Number | None:
        """Read groups of three digits with common blanks, if the language has them."""
        tokens = self._tokens
        text = tokens[start].text
        if not (self._marks.has_blanks and re.fullmatch("[1-9][0-9]{0,2}", text)):
            return None
        end = start + 1
        while (
            end < len(tokens)
            and tokens[end].kind is Kind.DIGITS
            and tokens[end].start == tokens[end - 1].end + 1
            and _GROUP.match(tokens[end].text)
            and _PLAIN.fullmatch(tokens[end - 1].text)
        ):
            text += f" {tokens[end].text}"
            end += 1
        if end == start + 1:
            return None
        return _literal(read_digits(text, self._marks, self._decimals), end)

    def _run(self, start: int, *, is_hundredths: bool) -> _Run:
        """Collect the words of a number."""
        run = _Run()
        words, ends = run.words, run.ends
        place = start
        while place < len(self._tokens):
            token = self._tokens[place]
            if words and self._ends_here(place, words, is_hundredths=is_hundredths):
                break
            if pieces := self._pieces(place):
                if words and token.is_apart and not is_hundredths:
                    pair = (words[-1], pieces[0])
                    run.is_doubtful |= pair in self._language.money.doubtful_pairs
                if pieces[0] in self._numbers.article_words and words:
                    break
                words += pieces
                ends += [place + 1] * len(pieces)
            elif not words or not self._continues(place):
                break
            elif token.kind is Kind.WORD:
                words.append(token.folded)
                ends.append(place + 1)
            else:
                run.hyphens.add(len(words))
            place += 1
        return run

    def _pieces(self, place: int) -> tuple[str, ...] | None:
        token = self._tokens[place]
        if token.kind is Kind.DIGITS:
            return (token.text,) if _PLAIN.fullmatch(token.text) else None
        if token.kind is not Kind.WORD:
            return None
        return self._numbers.split(token.folded)

    def _continues(self, place: int) -> bool:
        """Return whether a number goes on behind a word that is no number.

        That is a hyphen, a join such as "and", or a join between hyphens.
        """
        place = self._behind_hyphen(place)
        if self._text.word_at(place) in self._joins | self._numbers.oh_words:
            place = self._behind_hyphen(place + 1)
        return (
            place < len(self._tokens)
            and bool(self._pieces(place))
            and self._tokens[place].folded not in self._numbers.article_words
        )

    def _behind_hyphen(self, place: int) -> int:
        behind = self._tokens[place : place + 2]
        is_hyphen = (
            len(behind) == 2
            and behind[0].text in _HYPHENS
            and not behind[0].is_apart
            and not behind[1].is_apart
        )
        return place + 1 if is_hyphen else place

    def _ends_here(
        self, place: int, words: Sequence[str], *, is_hundredths: bool
    ) -> bool:
        """Return whether a number ends here although another number word follows."""
        money = self._language.money
        word = self._text.word_at(place)
        is_name = word in money.currencies_of_hundredths
        if is_name and (is_hundredths or words[-1].isdecimal()):
            return True
        if self._text.phrase_end(place, self._numbers.half_phrases) is not None:
            return True
        return words[-1].isdecimal() and self.is_time(place)

    def is_time(self, place: int) -> bool:
        """Return whether a counted time such as "two days" stands at a place."""
        return (
            self._pieces(place) is not None
            and self._text.word_at(place + 1) in self._language.money.measure_words
        )

    def _evaluated(self, run: _Run) -> Number:
        """Return the number that words mean."""
        words, ends = run.words, run.ends
        if len(words) > 1 and self._is_particle(words, ends):
            words, ends = words[:-1], ends[:-1]
        number = self._composed(words, ends[-1], run.hyphens)
        is_sure = (
            self._has_name(number.end)
            or self._text.word_at(number.end) in self._numbers.point_words
        )
        if run.is_doubtful and number.problem is None and not is_sure:
            return replace(number, problem=Problem.AMBIGUOUS)
        return number

    def _is_particle(self, words: list[str], ends: list[int]) -> bool:
        """Return whether the last word belongs to a verb: "trag zwanzig ein"."""
        end = ends[-1]
        return (
            words[-1] in self._numbers.particle_words
            and ends[-2] < end
            and words[-2] not in self._joins
            and not self._has_name(end)
            and self._text.word_at(end) not in self._numbers.point_words
        )

    def _has_name(self, place: int) -> bool:
        """Return whether a currency is named at a place."""
        if place < len(self._tokens) and self._tokens[place].kind is Kind.SIGN:
            return True
        money = self._language.money
        word = self._text.word_at(place)
        return word in money.currencies or word in money.currencies_of_hundredths

    def _composed(self, words: list[str], end: int, hyphens: set[int]) -> Number:
        number = Number(end=end, words=tuple(words))
        if len(words) == 1 and words[0].isdecimal():
            value = read_digits(words[0], self._marks, self._decimals)
            if isinstance(value, Problem):
                return replace(number, problem=value)
            return replace(number, value=value)
        whole = cardinal(words, self._numbers)
        if whole is not None:
            return replace(number, value=Decimal(whole))
        pair = pair_of(words, hyphens, self._language)
        if pair is None or self._decimals != 2:
            return replace(number, problem=Problem.AMBIGUOUS)
        if pair.is_sure:
            return replace(number, value=pair.value, has_hundredths=True, is_pair=True)
        readings = (pair.value, pair.other)
        return replace(number, problem=Problem.AMBIGUOUS, readings=readings)

    def _extended(self, number: Number) -> Number:
        """Add a fraction behind a whole number: "point five", "and a half"."""
        if number.problem or number.has_hundredths:
            return number
        end = self._text.phrase_end(number.end, self._numbers.half_phrases)
        if end is not None:
            value = number.value + _HALF
            return replace(number, end=end, value=value, has_hundredths=True, words=())
        if self._text.word_at(number.end) not in self._numbers.point_words:
            return number
        if not self.is_number(number.end + 1):
            return number
        run = self._run(number.end + 1, is_hundredths=True)
        part = said_digits(run.words, self._numbers)
        number = replace(
            number,
            end=run.ends[-1] if run.ends else number.end + 2,
            words=(),
            has_hundredths=True,
        )
        if part is None:
            return replace(number, problem=Problem.AMBIGUOUS)
        if len(part) > max(self._decimals, 2):
            return replace(number, problem=Problem.TOO_PRECISE)
        return replace(number, value=Decimal(f"{number.value}.{part}"))

    def _closed(self, number: Number) -> Number:
        """Refuse a number that touches another one, or that does not end here."""
        while self._goes_on(number):
            number = replace(
                number, end=number.end + 1, problem=Problem.AMBIGUOUS, readings=()
            )
        if self._text.word_at(number.end) in self._numbers.million_words:
            return replace(number, end=number.end + 1, problem=Problem.TOO_LARGE)
        return number

    def _goes_on(self, number: Number) -> bool:
        if not self.is_number(number.end) or self.is_time(number.end):
            return False
        word = self._text.word_at(number.end)
        if word in self._language.money.currencies_of_hundredths:
            return False
        return word not in self._numbers.ones

    def _with_half(self, word: str) -> Decimal | None:
        """Read a word such as "zweieinhalb" or "anderthalb"."""
        numbers = self._numbers
        if word in numbers.one_and_a_half_words:
            return Decimal("1.5")
        for ending in numbers.glued_half_words:
            if word.endswith(ending) and (
                pieces := numbers.split(word.removesuffix(ending))
            ):
                whole = cardinal(pieces, numbers)
                if whole is not None:
                    return whole + _HALF
        return None


def _literal(value: Decimal | Problem, end: int) -> Number:
    if isinstance(value, Problem):
        return Number(end=end, problem=value, is_literal=True)
    has_hundredths = value != value.to_integral_value() or "." in str(value)
    return Number(end=end, value=value, is_literal=True, has_hundredths=has_hundredths)
