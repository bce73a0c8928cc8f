"""What the words behind a preposition can be, and the prepositions of a language."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
import re
from typing import Final

from .patterns import is_glued, words_regex
from .phrases import Phrases
from .vocabulary import Names, Vocabulary

_NOTHING: Final = " \t,;:.!?–—-"


class Role(Enum):
    """The meaning of the words behind a preposition."""

    PAYEE = auto()
    MEMO = auto()
    PAID = auto()
    """A payee or a memo; the words themselves tell which."""
    REST = auto()
    """A memo, unless it begins with a preposition."""
    ACCOUNT = auto()
    COMPANY = auto()


@dataclass(frozen=True, slots=True)
class Preposition:
    """A preposition in a text."""

    roles: tuple[tuple[Role, bool], ...]
    """The roles of what may follow, and for each whether the preposition counts only
    directly behind the money or the verb."""

    end: int
    """The place behind it."""


class KnownNames:
    """The household's names of all kinds."""

    def __init__(self, vocabulary: Vocabulary, phrases: Phrases) -> None:
        """Prepare the names.

        Args:
            vocabulary: the household's names.
            phrases: the language in which they are said.
        """
        is_declined = phrases.is_declined
        self.presets = Names(vocabulary.presets, is_declined=is_declined)
        self.payees = Names(vocabulary.payees, is_declined=is_declined)
        self.accounts = Names(vocabulary.accounts, is_declined=is_declined)
        self.categories = Names(vocabulary.categories, is_declined=is_declined)

    def of(self, role: Role) -> tuple[tuple[str, Names], ...]:
        """Return the kinds of names in which a text with a role is looked up."""
        payees, categories = ("payee", self.payees), ("category", self.categories)
        if role is Role.ACCOUNT:
            return (("account", self.accounts),)
        if role is Role.PAYEE:
            return (("preset", self.presets), payees, categories)
        rest = (categories, payees, ("account", self.accounts))
        return (("preset", self.presets), *rest)


class Prepositions:
    """Finds the prepositions of a language in a text."""

    def __init__(
        self, phrases: Phrases, given_to: tuple[str, ...], *, is_income: bool
    ) -> None:
        """Prepare the prepositions.

        Args:
            phrases: the language.
            given_to: more words in front of a payee.
            is_income: whether the sentence is about an income.
        """
        self._known = _prepositions(phrases, given_to, is_income=is_income)

    def at(self, text: str, place: int) -> Iterator[Preposition]:
        """Return the prepositions at a place, the longest first."""
        for pattern, roles in self._known:
            match = pattern.match(text, place)
            if match is not None and text[match.end() :].strip(_NOTHING):
                yield Preposition(roles, match.end())

    def is_at(self, text: str, place: int) -> bool:
        """Tell whether a preposition stands at a place."""
        return any(True for _ in self.at(text, place))


def in_order(
    roles: tuple[tuple[Role, bool], ...], *, is_memo: bool
) -> list[tuple[Role, bool]]:
    """Return the roles of a preposition, the likeliest first.

    If "de" may be in front of payee and memo, it is the payee's for an income ("from"),
    otherwise the memo's ("of").
    """
    given = {role for role, _ in roles}
    if not {Role.PAYEE, Role.MEMO} <= given:
        return list(roles)
    unlikely = Role.PAYEE if is_memo else Role.MEMO
    return [each for each in roles if each[0] is not unlikely]


def _prepositions(
    phrases: Phrases, given_to: tuple[str, ...], *, is_income: bool
) -> list[tuple[re.Pattern[str], tuple[tuple[Role, bool], ...]]]:
    """Return the prepositions, the longest first, with the roles of what may follow."""
    roles: dict[str, list[tuple[Role, bool]]] = {}
    for words, role, is_only_first in (
        (given_to, Role.PAYEE, False),
        (phrases.account, Role.ACCOUNT, False),
        (phrases.into if is_income else (), Role.ACCOUNT, False),
        (phrases.payee, Role.PAYEE, False),
        (phrases.memo, Role.MEMO, False),
        (phrases.payee_first, Role.PAYEE, True),
        (phrases.memo_first, Role.MEMO, True),
        (phrases.memo_later, Role.MEMO, False),
        (phrases.company, Role.COMPANY, False),
    ):
        for word in words:
            if word not in given_to or words is given_to:
                roles.setdefault(word, []).append((role, is_only_first))
    return [
        (
            re.compile(
                words_regex(word) + ("" if is_glued(word) else r"\s+"), re.IGNORECASE
            ),
            tuple(found),
        )
        for word, found in sorted(roles.items(), key=lambda item: -len(item[0]))
    ]
