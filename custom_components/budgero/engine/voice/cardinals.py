"""Reads whole numbers in words, in all languages by the same rules."""

from collections.abc import Iterator, Sequence

from .number_words import NumberWords, folded

type _Found = Iterator[tuple[int, int]]


def cardinal(words: Sequence[str], language: NumberWords) -> int | None:
    """Return the whole number that folded words mean; `None` if they are no number.

    Digits may replace the words before hundreds and thousands, and behind thousands: "2
    mil 500". Two numbers side by side are never added.
    """
    values = {
        value
        for value, end in _Reader(words, language).cardinals(0)
        if end == len(words)
    }
    return values.pop() if len(values) == 1 else None


class _Reader:
    """Reads the numbers that begin at a place in a list of words.

    There may be several, of different lengths. Each result is a value and the place
    where it ends.
    """

    def __init__(self, words: Sequence[str], language: NumberWords) -> None:
        self._words = words
        self._language = language
        self._tens = folded(language.tens_joins)
        self._unit_first = folded(language.unit_first_join)
        self._hundreds = folded(language.hundred_joins)

    def cardinals(self, start: int) -> _Found:
        """Read a number of any size."""
        for value, end in self._thousands(start):
            yield value * 1000, end
            for rest_start in self._behind(end, self._hundreds):
                for rest, rest_end in self._below_thousand(rest_start):
                    yield value * 1000 + rest, rest_end
        yield from self._below_thousand(start, or_hundreds=True)

    def _thousands(self, start: int) -> _Found:
        """Read how many thousands there are."""
        if self._is(start, self._language.thousands):
            yield 1, start + 1
        for value, end in self._below_thousand(start):
            if value and self._is(end, self._language.thousands):
                yield value, end + 1

    def _below_thousand(self, start: int, *, or_hundreds: bool = False) -> _Found:
        if self._is(start, self._language.hundreds_alone):
            yield 100, start + 1
            return
        for value, end in self._hundreds_at(start, or_hundreds=or_hundreds):
            yield value, end
            for rest_start in self._behind(end, self._hundreds):
                for rest, rest_end in self._below_hundred(rest_start):
                    if rest:
                        yield value + rest, rest_end
        if (digits := self._digits(start)) is not None and digits < 1000:
            yield digits, start + 1
        yield from self._below_hundred(start)

    def _hundreds_at(self, start: int, *, or_hundreds: bool) -> _Found:
        """Read hundreds; also "twelve hundred" if that is allowed here."""
        hundreds = self._language.hundreds
        if self._is(start, hundreds):
            yield 100, start + 1
        value = self._value(start)
        if value is not None and value >= 100:
            yield value, start + 1
        counts = list(self._below_hundred(start))
        if (digits := self._digits(start)) is not None:
            counts.append((digits, start + 1))
        for count, end in counts:
            if self._is(end, hundreds) and (
                0 < count < 10 or (or_hundreds and count % 10 and count < 100)
            ):
                yield count * 100, end + 1

    def _below_hundred(self, start: int) -> _Found:
        value = self._value(start)
        if value is None or value >= 100:
            return
        yield from self._below_twenty(start)
        if self._language.is_vigesimal and value == 4 and self._value(start + 1) == 20:
            yield 80, start + 2
            yield from self._units(80, start + 2)
        if value >= 20:
            yield value, start + 1
            if value % 10 == 0:
                yield from self._units(value, start + 1)
        elif 0 < value < 10 and self._is(start + 1, self._unit_first):
            tens = self._value(start + 2) or 0
            if 20 <= tens < 100 and tens % 10 == 0:
                yield tens + value, start + 3

    def _below_twenty(self, start: int) -> _Found:
        """Read a number that is said without tens, such as "dix-sept"."""
        value = self._value(start)
        if value is None or value >= 20:
            return
        yield value, start + 1
        if self._language.is_vigesimal and value == 10:
            unit = self._value(start + 1)
            if unit in {7, 8, 9}:
                yield 10 + unit, start + 2

    def _units(self, tens: int, start: int) -> _Found:
        """Read the units behind tens."""
        if self._unit_first:
            return
        limit = 20 if self._language.is_vigesimal and tens in {60, 80} else 10
        for place in self._behind(start, self._tens):
            if self._language.tens_must_join and place == start:
                continue
            for value, end in self._below_twenty(place):
                if 0 < value < limit:
                    yield tens + value, end

    def _behind(self, start: int, joins: frozenset[str]) -> tuple[int, ...]:
        return (start, start + 1) if self._is(start, joins) else (start,)

    def _is(self, place: int, words: frozenset[str]) -> bool:
        return place < len(self._words) and self._words[place] in words

    def _value(self, place: int) -> int | None:
        if place >= len(self._words):
            return None
        word = self._words[place]
        if place and word in self._language.article_words:
            return None
        return self._language.by_word.get(word)

    def _digits(self, place: int) -> int | None:
        if place < len(self._words) and self._words[place].isdecimal():
            return int(self._words[place])
        return None
