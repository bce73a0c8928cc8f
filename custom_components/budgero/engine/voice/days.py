"""Words for days: which day is meant, always today or before."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
import re
from typing import Final

from .patterns import expand, to_regex, words_regex
from .phrases import Days

_NUMBER: Final = r"\d{1,2}"
_DIGITS: Final = "(0|1|2|3|4|5|6|7|8|9)"


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day in a text.

    Attributes:
        day: which one is meant.
        start: where its words begin.
        end: where they end.
    """

    day: date
    start: int
    end: int


class DayWords:
    """Finds the days that a language names in a text."""

    def __init__(self, days: Days) -> None:
        """Prepare the patterns."""
        self._words = [
            (re.compile(words_regex(words), re.IGNORECASE), ago)
            for words, ago in days.words.items()
        ]
        self._weekdays = [_searched(words) for words in days.weekdays]
        self._months = [_searched(words) for words in days.months]
        pieces = {"weekday": "|".join(days.weekdays), "month": "|".join(days.months)}
        weekday = expand(days.weekday, pieces)
        dated = expand(days.date, pieces)
        named = "|".join(f"({words})" for words in [*days.words, weekday])
        self.pattern = f"{named}|{expand(dated, {'number': _DIGITS + f'[{_DIGITS}]'})}"
        """For Home Assistant's sentences."""
        self.regex = to_regex(f"{named}|{dated}", {"number": _NUMBER})
        numbered = to_regex(dated, {"number": _NUMBER})
        self._dated = re.compile(rf"(?<!\w)(?:{numbered})(?!\w)", re.IGNORECASE)
        self._at = re.compile(rf"(?:{self.regex})(?!\w)", re.IGNORECASE)

    def at(self, text: str, start: int, today: date) -> SaidDay | None:
        """Return the day that is named at a place."""
        match = self._at.match(text, start)
        if match is None or (day := self._day(match[0], today)) is None:
            return None
        return SaidDay(day, match.start(), match.end())

    def with_numbers(self, text: str) -> Iterator[tuple[int, int]]:
        """Return where days are named with a number, which is no amount."""
        for match in self._dated.finditer(text):
            yield match.span()

    def _day(self, words: str, today: date) -> date | None:
        for pattern, ago in self._words:
            if pattern.fullmatch(words):
                return today - timedelta(days=ago)
        for number, month in enumerate(self._months, 1):
            if month.search(words):
                found = re.search(_NUMBER, words)  # "premier" has none
                return _last_date(number, int(found[0]) if found else 1, today)
        for number, weekday in enumerate(self._weekdays):
            if weekday.search(words):
                # Nobody says the name of today's day for today.
                return today - timedelta(days=(today.weekday() - number - 1) % 7 + 1)
        return None


def _searched(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{words_regex(words)})(?!\w)", re.IGNORECASE)


def _last_date(month: int, day: int, today: date) -> date | None:
    """Return the last such date; 29 February may be some years ago."""
    for year in range(today.year, today.year - 9, -1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found <= today:
            return found
    return None
