"""Finds the days that words mean: today or a day before."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
import re
from typing import Final

from .patterns import expand, to_regex, words_regex
from .phrases import Days

_NUMBER: Final = r"(?:3[01]|[12]?\d)(?!\d)"
_UP_TO_31: Final = "[1|2|3](0|1|2|3|4|5|6|7|8|9)"


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day in a text.

    Attributes:
        day: the day that is meant.
        start: where its words begin.
        end: where they end.
    """

    day: date
    start: int
    end: int


class DayWords:
    """Finds days in a text of one language."""

    def __init__(self, days: Days) -> None:
        """Prepare the patterns."""
        self._words = [
            (re.compile(words_regex(words), re.IGNORECASE), ago)
            for words, ago in days.words.items()
        ]
        # A word may go on behind the weekday: "Freitagabend".
        self._weekdays = [
            re.compile(rf"(?<!\w)(?:{words_regex(words)})", re.IGNORECASE)
            for words in days.weekdays
        ]
        self._months = [_searched(words) for words in days.months]
        self._ordinals = [_searched(words) for words in days.ordinals]
        pieces = {"weekday": "|".join(days.weekdays), "month": "|".join(days.months)}
        weekday = expand(days.weekday, pieces)
        dated = expand(days.date, pieces)
        self._ago = _ago(days)
        count = "|".join(days.counts)
        ago = expand(days.ago, {"count": count, "unit": "|".join(days.units)})
        spelled = "|".join(f"({words})" for words in [*days.words, weekday])
        named = "|".join(f"({words})" for words in [*days.words, ago, weekday])
        self.pattern = spelled
        """The usual days, for Home Assistant's sentences."""
        alone = f"|{expand(days.day, pieces)}" if days.day else ""
        begins = [
            expand(words, pieces | {"number": _UP_TO_31, "count": count})
            for words in days.begins
        ]
        self.begins = "|".join(begins)
        """For Home Assistant's sentences, where a day may come and nothing else."""
        self.leading = f"{named}|{expand(dated + alone, {'number': _UP_TO_31})}"
        """All days, for Home Assistant's sentences."""
        # Longer numbers come first, so that "twenty first" is not read as "first".
        words = "|".join(f"({each})" for each in days.ordinals[::-1])
        spoken = to_regex(words, {}) if words else "(?!)"
        self._dotted = to_regex(days.dotted, {"number": _NUMBER}) or "(?!)"
        numbered = to_regex(dated + alone, {"number": f"{_NUMBER}|{spoken}"})
        numbered = f"{self._dotted}|{numbered}"
        self.regex = f"{to_regex(named, {})}|{numbered}"
        months, weekdays = (words_regex(*each) for each in (days.months, days.weekdays))
        number = rf"(?:{_NUMBER}\w{{0,2}}[.º]?|{spoken})"
        piece = rf"(?:19|20)\d\d|{number}(?:\s+(?:\w+\s+)?(?:{months}))?|{months}|{weekdays}"
        self._piece = re.compile(piece, re.IGNORECASE)
        self._dated = re.compile(rf"(?<!\w)(?:{numbered})(?!\w)", re.IGNORECASE)
        self._anywhere = re.compile(rf"(?<!\w)(?:{self.regex})(?!\w)", re.IGNORECASE)
        self._at = re.compile(rf"(?:{self.regex})(?!\w)", re.IGNORECASE)

    def at(self, text: str, start: int, today: date) -> SaidDay | None:
        """Return the day that is named at a place."""
        match = self._at.match(text, start)
        if match is None or (day := self._day(match[0], today)) is None:
            return None
        return SaidDay(day, match.start(), match.end())

    def is_piece(self, text: str) -> bool:
        """Tell whether a text is what is left of a day: "3.", "third", "Monday"."""
        return self._piece.fullmatch(text) is not None

    def is_weekday(self, text: str) -> bool:
        """Tell whether a text begins with the name of a weekday: "Friday"."""
        return any(weekday.match(text) for weekday in self._weekdays)

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Return where days are named."""
        for match in self._anywhere.finditer(text):
            yield match.span()

    def with_numbers(self, text: str) -> Iterator[tuple[int, int]]:
        """Return where days with a number stand, because that number is no amount."""
        for match in self._dated.finditer(text):
            yield match.span()

    def _day(self, words: str, today: date) -> date | None:
        for pattern, ago in (*self._words, *self._ago):
            if pattern.fullmatch(words):
                return today - timedelta(days=ago)
        if re.fullmatch(self._dotted, words, re.IGNORECASE):
            first, second = re.findall(_NUMBER, words)
            return _last_date([int(second)], int(first), today)
        months = range(1, 13)
        for number, month in enumerate(self._months, 1):
            if month.search(words):
                months = range(number, number + 1)
        day = self._number(words)
        if day is None and len(months) == 1:
            day = 1  # the only date without a number: "premier novembre"
        if day is not None:
            return _last_date(months, day, today)
        for number, weekday in enumerate(self._weekdays):
            if weekday.search(words):
                # On a Friday, "Friday" means a week ago: for today people say "today".
                return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
        return None

    def _number(self, words: str) -> int | None:
        """Return the number of a day; longer words for numbers are tried first."""
        if found := re.search(_NUMBER, words):
            return int(found[0])
        for number in range(len(self._ordinals), 0, -1):
            if self._ordinals[number - 1].search(words):
                return number
        return None


def _ago(days: Days) -> list[tuple[re.Pattern[str], int]]:
    """Return patterns for some days or weeks ago, with the number of days."""
    return [
        (
            re.compile(
                words_regex(expand(days.ago, {"count": count, "unit": unit})),
                re.IGNORECASE,
            ),
            number * length,
        )
        for unit, length in zip(days.units, (1, 7), strict=True)
        for number, count in enumerate(days.counts, 2)
    ]


def _searched(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words_regex(words)})(?!\w)", re.IGNORECASE)


def _last_date(months: Sequence[int], day: int, today: date) -> date | None:
    """Return the latest such day that is not in the future.

    29 February may be some years ago.
    """
    for year in range(today.year, today.year - 9, -1):
        for month in sorted(months, reverse=True):
            try:
                found = date(year, month, day)
            except ValueError:
                continue
            if found <= today:
                return found
    return None
