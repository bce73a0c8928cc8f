"""Reads what stands around the money: payee, memo, day and account."""

from dataclasses import replace
from datetime import date
import re
from typing import Final

from .days import DayWords
from .patterns import is_glued, words_regex
from .phrases import Phrases
from .roles import KnownNames, Preposition, Prepositions, Role, in_order
from .spoken import Details
from .vocabulary import Vocabulary

_WORD_START: Final = re.compile(r"(?<![\w'&.-])(?=[\w@&])")
_WORD: Final = re.compile(r"[\w'&.@-]+")
_LOOSE: Final = " \t,;:.!?–—-"


class TailReader:
    """Reads what stands around the money, in one language for one household."""

    def __init__(
        self,
        phrases: Phrases,
        days: DayWords,
        vocabulary: Vocabulary,
        today: date,
        *,
        is_income: bool,
        given_to: tuple[str, ...] = (),
    ) -> None:
        """Prepare the patterns.

        Args:
            phrases: the words of the language.
            days: the days of the language.
            vocabulary: the household's names.
            today: the household's date.
            is_income: whether it is an income: "de" may then mean "from", otherwise it
                means "of".
            given_to: more prepositions in front of a payee.
        """
        self._is_income = is_income
        self._days = days
        self._names = KnownNames(vocabulary, phrases)
        self._today = today
        self._prepositions = Prepositions(phrases, given_to, is_income=is_income)
        articles = words_regex(*phrases.articles) if phrases.articles else "(?!)"
        self._article = re.compile(rf"(?:{articles})(?:\s+|(?<='))", re.IGNORECASE)
        self._filler = _words((*phrases.fillers, *phrases.hedges))
        self._memo_word = _words(phrases.memo_words)
        apart = [word for word in phrases.prepositions if not is_glued(word)]
        self._dangling = re.compile(
            rf"(?<!\S)(?:{words_regex(*apart)})\s*$", re.IGNORECASE
        )
        memo = [word for word in (*phrases.memo, *phrases.memo_first) if word in apart]
        self._for = re.compile(rf"(?<!\S)(?:{words_regex(*memo)})\s+$", re.IGNORECASE)
        self._thing_paid = _words((phrases.things_paid,))

    def read(self, text: str, details: Details, role: Role | None = None) -> Details:
        """Add the details in a text to those that are known already.

        Args:
            text: a part of the sentence.
            details: the details in other parts.
            role: the role of the words before the first preposition.
        """
        start = place = 0
        current, has_begun = self._settled(role, text), False
        is_open, is_fresh = role in (Role.PAID, Role.REST), True
        if role in (Role.MEMO, Role.PAYEE) and details.day is None:
            details, start = self._day_in_front(text, details)
            place = start
        while place < len(text):
            at = _WORD_START.search(text, place)
            if at is None:
                break
            place = at.start()
            is_first = not text[start:place].strip(_LOOSE)
            aside, behind = self._aside(text, place, details)
            if behind > place:
                said = text[start:place]
                if aside.day is not details.day:
                    said = self._dangling.sub("", said)  # "lunch for yesterday"
                details = self._close(aside, current, said)
                start = place = behind
                current, has_begun = current if is_first else None, False
                continue
            # An account has no further words, so something new begins: "per Twint an
            # Anna".
            is_first = is_first or current is Role.ACCOUNT
            before = None if is_open and is_first else current
            for preposition in self._prepositions.at(text, place):
                if is_fresh and is_first and self._is_article(text, place, role):
                    break  # in "paguei a conta" the "a" is an article, not "to"
                if before is Role.MEMO and self._is_payee(text[start:place]):
                    before = Role.PAYEE  # in "para Ana por la pizza"
                new = self._role(text, preposition, details, before, is_first=is_first)
                if new is not None:
                    details = self._close(details, current, text[start:place])
                    start = place if new is Role.COMPANY else preposition.end
                    place = preposition.end
                    if new is Role.PAYEE and is_fresh and role is Role.REST:
                        details, start = self._payee_in_front(text, place, details)
                        new = Role.MEMO if start > place else new
                    current, has_begun, is_open, is_fresh = new, False, False, False
                    break
            if not has_begun and current is not None:
                has_begun = True
                if (end := self._known_end(text, place, current)) is not None:
                    place = end
                    continue
            place = _next_word(text, place)
        return self._close(details, current, text[start:])

    def read_day(self, text: str, details: Details) -> Details:
        """Add the day in a text that is nothing but a day."""
        said = self._days.at(text, 0, self._today)
        return details if said is None else replace(details, day=said.day)

    def _day_in_front(self, text: str, details: Details) -> tuple[Details, int]:
        """Add the day that a name begins with: "yesterday lunch cost 12 euros"."""
        said = self._days.at(text, 0, self._today)
        if said is None or not text[said.end :][:1].isspace():
            return details, 0
        return replace(details, day=said.day), said.end

    def _aside(self, text: str, place: int, details: Details) -> tuple[Details, int]:
        """Add a day at a place, or skip a filler; return where it ends."""
        if details.day is None and (day := self._day(text, place)) is not None:
            return replace(details, day=day[0]), day[1]
        if (end := self._filler_end(text, place)) is not None:
            return details, end
        return details, place

    def _settled(self, role: Role | None, text: str) -> Role | None:
        """Return the role of words; decide between payee and memo if it is open."""
        if role is Role.REST:
            return Role.MEMO
        if role is not Role.PAID:
            return role
        if text[self._behind_article(text, 0) :][:1].isupper():
            return Role.PAYEE
        is_thing = self._thing_paid.fullmatch(text.split(maxsplit=1)[0])
        return Role.MEMO if is_thing else Role.PAYEE

    def _day(self, text: str, place: int) -> tuple[date, int] | None:
        """Return the day at a place, if an end or a preposition follows."""
        said = self._days.at(text, place, self._today)
        if said is None or not self._ends(text, said.end):
            return None
        if self._days.is_weekday(text[place:]) and self._for.search(text[:place]):
            return None  # "Karten für Freitag" may be for the next one
        return said.day, said.end

    def _filler_end(self, text: str, place: int) -> int | None:
        """Return where a filler ends, `None` without one or if it names an account."""
        match = self._filler.match(text, place)
        if match is None or not self._ends(text, match.end()):
            return None
        preposition = next(self._prepositions.at(text, place), None)
        if preposition is not None:
            end = self._known_end(text, preposition.end, Role.ACCOUNT)
            if end is not None:
                return None
        return match.end()

    def _ends(self, text: str, place: int) -> bool:
        """Return whether a detail may end here."""
        if not text[place:].strip(_LOOSE):
            return True
        at = _WORD_START.search(text, place)
        if at is None or at.start() == place:
            return False
        if text[place : at.start()].strip():  # a comma or another sign
            return True
        if self._prepositions.is_at(text, at.start()):
            return True
        if self._filler.match(text, at.start()) is not None:
            return True
        return self._days.at(text, at.start(), self._today) is not None

    def _is_article(self, text: str, place: int, role: Role | None) -> bool:
        """Return whether an article that looks like a preposition begins the memo."""
        is_thing = role is Role.MEMO or self._settled(role, text) is Role.MEMO
        is_thing &= role is not Role.REST
        return is_thing and self._behind_article(text, place) > place

    def _payee_in_front(
        self, text: str, place: int, details: Details
    ) -> tuple[Details, int]:
        """Add a known payee that other words follow: "w Lidlu chleb"."""
        for end, name in self._names.payees.at(text, place)[:1]:
            if not self._ends(text, end):
                return replace(details, payee=name), end
        return details, place

    def _role(
        self,
        text: str,
        preposition: Preposition,
        details: Details,
        current: Role | None,
        *,
        is_first: bool,
    ) -> Role | None:
        """Return the role of what follows; `None` if the preposition is no such one."""
        is_memo = not self._is_income or (
            details.payee is not None
            or self._memo_word.match(text, self._behind_article(text, preposition.end))
            is not None
        )
        roles = in_order(preposition.roles, is_memo=is_memo)
        for role, is_only_first in roles:
            if is_only_first and not is_first:
                continue
            if role is Role.ACCOUNT:
                if details.account is not None:
                    continue
                if self._known_end(text, preposition.end, role) is None:
                    continue
            elif role is Role.PAYEE:
                if details.payee is not None or (current is role and not is_first):
                    continue
            elif details.memo is not None or (
                current in (Role.MEMO, Role.COMPANY) and (is_only_first or not is_first)
            ):
                continue
            elif self._known_end(text, preposition.end, Role.MEMO) is not None:
                return Role.MEMO
            return role
        return None

    def _known_end(self, text: str, place: int, role: Role) -> int | None:
        """Return where a known name that begins at a place ends."""
        begin = self._behind_article(text, place)
        ends = [
            end
            for _, names in self._names.of(role)
            for at in {place, begin}
            for end, _ in names.at(text, at)
            if self._ends(text, end)
        ]
        return max(ends, default=None)

    def _is_payee(self, text: str) -> bool:
        text = text.strip(_LOOSE)
        bare = text[self._behind_article(text, 0) :]
        return any(self._names.payees.whole(each) is not None for each in (text, bare))

    def _behind_article(self, text: str, place: int) -> int:
        match = self._article.match(text, place)
        return place if match is None else match.end()

    def _close(self, details: Details, role: Role | None, text: str) -> Details:
        """Add a text to the details, in its role."""
        text = text.strip(_LOOSE)
        if role is None and details.day is not None and any(self._days.spans(text)):
            role = Role.MEMO  # a second day is kept, so that it is doubted
        if not text or role is None:
            return details
        bare = text[self._behind_article(text, 0) :]
        for kind, names in self._names.of(role):
            if getattr(details, kind) is None:
                name = names.whole(text) or names.whole(bare)
                if name is not None:
                    return _with(details, kind, name)
        if role is Role.PAYEE and details.payee is None:
            for end, name in self._names.payees.at(text, 0)[:1]:
                more = text[end:].lstrip()
                if more[:1].islower() and text[end].isspace():  # not "Lidl Plus"
                    named = replace(details, payee=name)
                    return self._close(named, Role.MEMO, more)
            return replace(details, payee=text)
        memo = text if details.memo is None else f"{details.memo} {text}"
        return replace(details, memo=memo)


def _with(details: Details, kind: str, name: str) -> Details:
    match kind:
        case "preset":
            return replace(details, preset=name)
        case "payee":
            return replace(details, payee=name)
        case "account":
            return replace(details, account=name)
    return replace(details, category=name)


def _words(patterns: tuple[str, ...]) -> re.Pattern[str]:
    words = words_regex(*patterns) if any(patterns) else "(?!)"
    return re.compile(rf"(?:{words})(?!\w)", re.IGNORECASE)


def _next_word(text: str, place: int) -> int:
    """Return the place behind the word at a place."""
    match = _WORD.match(text, place)
    return place + 1 if match is None else match.end()
