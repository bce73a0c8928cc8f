"""Understands a sentence: what it asks to log, or why that is refused."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
import re
from typing import Final
import unicodedata

from ..push.wire import Direction
from .days import DayWords
from .doubts import Doubts
from .language import Language
from .languages import find_language
from .money import Heard, Refused, hear_money
from .patterns import MONEY, is_glued
from .phrases import Shape
from .problem import Problem
from .roles import Role
from .sentence_regex import (
    behind_regex,
    has_money,
    hedge_regex,
    in_front_regex,
    itself_regex,
    later_regex,
    sentence_regex,
    words_anywhere,
)
from .spoken import Details, Misheard, Question, Spoken, Understood
from .tail import TailReader
from .vocabulary import Names, Vocabulary

MAX_LENGTH: Final = 600
"""The longest sentence that is read, in characters."""

_EDGES: Final = ' \t\n,;:.!?¡¿…"„“”«»'
_SEPARATORS: Final = " \t\n,;:.!?…"
_ROLES: Final = {
    "what": None,
    "what_for": None,
    "thing": Role.MEMO,
    "name": Role.PAYEE,
    "paid": Role.PAID,
    "rest": Role.REST,
    "errand": Role.MEMO,
}
_FILLER: Final = "x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """What is known of a household while its sentences are understood.

    Attributes:
        currency: ISO 4217 code of the account.
        today: the household's date.
        vocabulary: its names.
        tags: the languages that are spoken here, such as "pt-BR", the likeliest first.
            The region decides how digits are read.
    """

    currency: str
    today: date
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    tags: tuple[str, ...] = ()

    def region_in(self, language: Language) -> str | None:
        """Return the region of a language in this household, `None` if unknown."""
        for tag in self.tags:
            found = find_language(tag)
            if found is not None and found[0] is language and found[1] is not None:
                return found[1]
        return None


class Grammar:
    """Understands the sentences of one language."""

    def __init__(self, language: Language) -> None:
        """Prepare the patterns.

        Args:
            language: whose words are used.
        """
        phrases = language.phrases
        self._language = language
        self._days = DayWords(phrases.days)
        self._shapes = [
            (shape, sentence_regex(shape, phrases, self._days.regex, MONEY))
            for shape in phrases.shapes
        ]
        self._later = later_regex(phrases)
        self._hedge = hedge_regex(phrases)
        self._opener = in_front_regex(phrases.openers, phrases)
        self._told = in_front_regex(phrases.told, phrases)
        self._polite = in_front_regex(phrases.requests, phrases)
        self._politely = behind_regex(phrases.openers)
        self._unclear = words_anywhere(phrases.unclear)
        self._question = words_anywhere(phrases.questions)
        self._request = words_anywhere(phrases.requests)
        self._itself = itself_regex(phrases)
        self._doubts = Doubts(language, self._days)
        apart = [each for each in phrases.prepositions if not is_glued(each)]
        self._hanging = behind_regex(tuple(apart))

    @cached_property
    def _loose(self) -> list[tuple[Shape, re.Pattern[str]]]:
        """The sentences with any text in the place of the amount."""
        phrases = self._language.phrases
        return [
            (shape, sentence_regex(shape, phrases, self._days.regex, r"\S.*?"))
            for shape in phrases.shapes
            if has_money(shape)
        ]

    def understand(self, text: str, household: Household) -> Understood | None:
        """Understand a sentence.

        Args:
            text: as speech-to-text or a person wrote it.
            household: what it is understood with.

        Returns:
            What is asked for, or `None` if it is no sentence of this language.
        """
        text = unicodedata.normalize("NFC", text).replace("’", "'")
        is_asked = "?" in text and not self._request.match(text.strip(_EDGES))
        text = self._opener.sub("", text.strip(_EDGES))
        if len(text) > MAX_LENGTH:
            return None
        wish = self._wish(text)
        for shape, pattern in self._shapes:
            if not has_money(shape) and pattern.fullmatch(wish):
                return Question(task=shape.task)
        now = self._now(text)
        heard = self._hear(now, household)
        if isinstance(heard, Refused):
            return self._refuse(text, household, heard.problem, heard.said)
        if now != text:
            return self._refuse(text, household, Problem.LATER)
        if (
            self._question.match(text)
            or self._unclear.search(text)
            or (is_asked and not self._request.match(text))
        ):
            return self._refuse(text, household, Problem.UNCLEAR)
        front = self._hedge.sub("", text[: heard.start])
        tail = self._without_itself(text[heard.end :], household.vocabulary)
        around = f"{front}{MONEY}{tail}"
        wish = self._wish(around)
        for shape, pattern in self._shapes:
            if shape.direction is None and pattern.fullmatch(wish):
                return Question(task=shape.task, amount=heard.amount)
        for details, said in self._bare(around, household):
            for shape, pattern in self._shapes:
                if shape.direction and (match := pattern.fullmatch(said)):
                    read = self._details(match, shape, household, details)
                    if self._doubts.are_about(shape, match, read, (front, tail)):
                        return Misheard(
                            problem=Problem.UNCLEAR, direction=shape.direction
                        )
                    return Spoken(
                        direction=shape.direction, amount=heard.amount, details=read
                    )
        return None

    def _wish(self, text: str) -> str:
        """Return a text without the words of politeness around it."""
        return self._politely.sub("", self._polite.sub("", text))

    def _bare(self, text: str, household: Household) -> Iterator[tuple[Details, str]]:
        """Return a text without what may stand in front, the likeliest first."""
        for rest in dict.fromkeys((text, self._told.sub("", text))):
            day = self._days.at(rest, 0, household.today)
            if day is not None and not _is_name(rest, day.end, household.vocabulary):
                if behind := rest[day.end :].lstrip(_SEPARATORS):
                    yield Details(day=day.day), self._opener.sub("", behind)
            yield Details(), rest

    def _now(self, text: str) -> str:
        """Return a text without words for a time to come.

        Words that belong to a day stay, such as "this morning".
        """
        said = list(self._days.spans(text))
        return self._later.sub(
            lambda later: (
                later[0]
                if any(start < later.start() < end for start, end in said)
                else ""
            ),
            text,
        )

    def _without_itself(self, text: str, vocabulary: Vocabulary) -> str:
        """Return a text without "in Budgero", unless a known name has that word."""
        names = (*vocabulary.presets, *vocabulary.payees)
        if any("budgero" in name.casefold() for name in names):
            return text
        return self._itself.sub("", text)

    def _refuse(
        self, text: str, household: Household, problem: Problem, said: str = ""
    ) -> Misheard | None:
        if problem is Problem.MISSING:
            return None
        for _, rest in self._bare(text, household):
            for shape, pattern in self._loose:
                if pattern.fullmatch(rest):
                    return Misheard(
                        problem=problem, said=said, direction=shape.direction
                    )
        return None

    def _hear(self, text: str, household: Household) -> Heard | Refused:
        """Find the amount; numbers of days and in known names are not looked at."""
        hidden = _hide(text, self._days.with_numbers(text))
        # If there is no amount then, a number that looked like a name is the amount.
        for attempt in (
            _hide(hidden, self._numbered_names(hidden, household.vocabulary)),
            hidden,
        ):
            heard = hear_money(
                attempt,
                self._language,
                household.region_in(self._language),
                household.currency,
            )
            if not isinstance(heard, Refused) or heard.problem is not Problem.MISSING:
                break
        return heard

    def _numbered_names(
        self, text: str, vocabulary: Vocabulary
    ) -> Iterable[tuple[int, int]]:
        """Return where known names with a digit stand, such as "Studio 54"."""
        names = Names(
            name
            for kind in (
                vocabulary.presets,
                vocabulary.payees,
                vocabulary.accounts,
                vocabulary.categories,
            )
            for name in kind
            if re.search(r"\d", name) and re.search(r"[^\W\d]", name)
        )
        for word in re.finditer(r"(?<!\w)\w", text):
            for end, _ in names.at(text, word.start())[:1]:
                yield word.start(), end

    def _details(
        self,
        match: re.Match[str],
        shape: Shape,
        household: Household,
        details: Details,
    ) -> Details:
        reader = TailReader(
            self._language.phrases,
            self._days,
            household.vocabulary,
            household.today,
            is_income=shape.direction is Direction.INCOME,
            given_to=shape.given_to,
        )
        groups = [
            (match.start(name), name.rpartition("_")[0], text)
            for name, text in match.groupdict().items()
            if text is not None
        ]
        money = match.string.index(MONEY)
        for start, name, said in sorted(groups):
            # In front of the amount, "of" belongs to it: "une facture de 120 euros".
            text = self._hanging.sub("", said) if start < money else said
            if name == "day":
                details = reader.read_day(text, details)
            elif name in _ROLES:
                details = reader.read(text, details, _ROLES[name])
        return details


def _is_name(text: str, end: int, vocabulary: Vocabulary) -> bool:
    """Return whether a text begins with a known name that goes on behind a place."""
    names = Names((*vocabulary.presets, *vocabulary.payees))
    return any(found > end for found, _ in names.at(text, 0))


def _hide(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """Return a text in which some places are filled with signs that mean nothing."""
    for start, end in spans:
        hidden = re.sub(r"\w", _FILLER, text[start:end])
        text = text[:start] + hidden + text[end:]
    return text
