"""Finds entries of the directory by what people and templates write."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
import re
from typing import Final, Literal, overload

from ..push.errors import InputProblem, InvalidInputError
from ..push.fields import MAX_ID
from .directory import Account, Budget, Category, Directory, Entry, Kind, Payee
from .spelling import clean_name, fold, value_of, value_of_text

_ID: Final = re.compile(r"[1-9][0-9]{0,15}", re.ASCII)
_LONGEST_TEXT: Final = 10_000
_COMPARED: Final = 40
"""How many characters of a name are compared for likeness; the time is quadratic in
it."""

_LIKENESS: Final = 0.7
"""The least ratio of likeness, from 0 to 1, of a name that is proposed."""

_ENTRY_OF: Final[dict[Kind, Callable[..., Entry]]] = {
    Kind.BUDGET: Budget,
    Kind.ACCOUNT: Account,
    Kind.CATEGORY: Category,
    Kind.PAYEE: Payee,
}

type _ByText = dict[str, list[Entry]]


class _Names:
    """The entries of one kind, by id and by the ways in which a name is written."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.by_id: dict[int, Entry] = {}
        self.exact: _ByText = defaultdict(list)
        self.folded: _ByText = defaultdict(list)
        self.values: _ByText = defaultdict(list)
        for entry in entries:
            if self.by_id.setdefault(entry.id, entry) is entry and entry.name:
                self._add(entry)

    def _add(self, entry: Entry) -> None:
        self.exact[entry.name].append(entry)
        if folded := fold(entry.name):
            self.folded[folded].append(entry)
        if value := value_of_text(entry.name):
            self.values[value].append(entry)

    def named(self, given: object) -> Iterator[list[Entry]]:
        """Return the entries that are meant, the closest spelling first."""
        if not isinstance(given, str):
            yield self.values.get(value_of(given) or "", [])
        elif len(given) <= _LONGEST_TEXT:
            name = clean_name(given)
            yield self.exact.get(name, [])
            yield self.folded.get(fold(name), [])


class NameIndex:
    """An index of a directory, built once and searched often.

    A name matches exactly, or without case, accents and blanks; an exact match
    comes first, and a name that a person gave here comes before another one of
    the same spelling. Similar names do not match, so a new name in Budgero never
    changes what an unambiguous one means.
    """

    def __init__(self, directory: Directory) -> None:
        """Read the directory; takes some 20 ms for 2,000 names."""
        self.directory: Final = directory
        self._names = {kind: _Names(directory.entries(kind)) for kind in Kind}

    @overload
    def find(
        self,
        kind: Literal[Kind.BUDGET],
        given: object,
        budget: int | None = None,
        field: str = "budget",
    ) -> Budget: ...
    @overload
    def find(
        self,
        kind: Literal[Kind.ACCOUNT],
        given: object,
        budget: int | None,
        field: str,
    ) -> Account: ...
    @overload
    def find(
        self,
        kind: Literal[Kind.CATEGORY],
        given: object,
        budget: int | None,
        field: str,
    ) -> Category: ...
    @overload
    def find(
        self, kind: Literal[Kind.PAYEE], given: object, budget: int | None, field: str
    ) -> Payee: ...
    @overload
    def find(
        self, kind: Kind, given: object, budget: int | None, field: str
    ) -> Entry: ...
    def find(
        self, kind: Kind, given: object, budget: int | None = None, field: str = ""
    ) -> Entry:
        """Return the one entry that is meant by a name or an id.

        Digits are an id. An id that the directory does not know is accepted; its entry
        has no name, and nothing else is known of it.

        Args:
            kind: what is looked for.
            given: a name or an id, also the value that a template makes of it.
            budget: id of the budget in use; `None` looks in all of them.
            field: the name of the field, for the error.

        Raises:
            InvalidInputError: `UNKNOWN_NAME`; `AMBIGUOUS_NAME`, several have it;
                `ID_AND_NAME`, these digits are an id and the name of another
                one; `NOT_AN_ID`, no name of this kind is known here, and it is no
                id; `OTHER_BUDGET`, `ARCHIVED` or `CRYPTO`, money of this budget
                cannot be booked there.
        """
        names = self._names[kind]
        number = _to_id(given)
        if number is None:
            entry = _named(names, given, budget, field)
        else:
            entry = names.by_id.get(number) or _ENTRY_OF[kind](id=number, name="")
            for found in names.named(given):
                if any(named.id != number for named in _live(_within(found, budget))):
                    raise InvalidInputError(field, InputProblem.ID_AND_NAME)
        _check(entry, budget, field)
        return entry

    def check(self, kind: Kind, number: int, budget: int | None, field: str) -> None:
        """Refuse an id on which nothing can be booked, as far as the directory knows.

        The id was chosen before, so it is not taken for a name; an unknown id is
        accepted.

        Raises:
            InvalidInputError: `OTHER_BUDGET`, `ARCHIVED` or `CRYPTO`.
        """
        if entry := self.get(kind, number):
            _check(entry, budget, field)

    def is_of(self, kind: Kind, number: int | None, budget: int) -> bool:
        """Return whether an account, category or payee is known to be of a budget."""
        entry = self.get(kind, number or 0)
        return not isinstance(entry, Budget | None) and entry.budget == budget

    @overload
    def get(self, kind: Literal[Kind.BUDGET], number: int) -> Budget | None: ...
    @overload
    def get(self, kind: Literal[Kind.ACCOUNT], number: int) -> Account | None: ...
    @overload
    def get(self, kind: Literal[Kind.CATEGORY], number: int) -> Category | None: ...
    @overload
    def get(self, kind: Literal[Kind.PAYEE], number: int) -> Payee | None: ...
    @overload
    def get(self, kind: Kind, number: int) -> Entry | None: ...
    def get(self, kind: Kind, number: int) -> Entry | None:
        """Return the entry with an id, `None` if the directory has none."""
        return self._names[kind].by_id.get(number)

    def near(
        self, kind: Kind, text: str, budget: int | None, limit: int = 5
    ) -> list[Entry]:
        """Return entries whose names look like a text, the likeliest first.

        It is for lists from which a person chooses. It takes some 10 ms among 2,000
        names.
        """
        known: _ByText = defaultdict(list)
        for entry in _live(_within(self._names[kind].by_id.values(), budget)):
            known[entry.name].append(entry)
        names = near_names(text, known, limit)
        return [entry for name in names for entry in known[name]][:limit]


def near_names(text: str, names: Iterable[str], limit: int) -> list[str]:
    """Return the names that look like a text, the likeliest first."""
    wanted = fold(clean_name(text))[:_COMPARED]
    if not wanted:
        return []
    known: defaultdict[str, list[str]] = defaultdict(list)
    for name in names:
        known[fold(name)[:_COMPARED]].append(name)
    containing = sorted((folded for folded in known if wanted in folded), key=len)
    alike = get_close_matches(wanted, known, n=limit, cutoff=_LIKENESS)
    found = dict.fromkeys((*containing, *alike))
    return [name for folded in found for name in known[folded]][:limit]


def _named(names: _Names, given: object, budget: int | None, field: str) -> Entry:
    """Return the one entry with a name, even if it was archived.

    Raises:
        InvalidInputError: there is none, or there are several.
    """
    spellings = list(names.named(given))
    for found in spellings:
        within = _within(found, budget)
        live = _live(within)
        chosen = [entry for entry in live if entry.is_by_hand] or live or within[:1]
        if len(chosen) > 1:
            raise InvalidInputError(field, InputProblem.AMBIGUOUS_NAME)
        if chosen:
            return chosen[0]
    for found in spellings:
        if found:
            return found[0]
    problem = InputProblem.UNKNOWN_NAME if names.exact else InputProblem.NOT_AN_ID
    raise InvalidInputError(field, problem)


def _to_id(given: object) -> int | None:
    match given:
        case bool():
            return None
        case int() if 0 < given <= MAX_ID:
            return given
        case float() if given.is_integer():
            return _to_id(int(given))
        case str() if _ID.fullmatch(given.strip()):
            return _to_id(int(given))
    return None


def _within(entries: Iterable[Entry], budget: int | None) -> list[Entry]:
    """Return the entries that may belong to a budget."""
    return [
        entry
        for entry in entries
        if isinstance(entry, Budget) or _fits(entry.budget, budget)
    ]


def _fits(budget: int | None, wanted: int | None) -> bool:
    return wanted is None or budget is None or budget == wanted


def _live(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that were not archived."""
    return [
        entry
        for entry in entries
        if not (isinstance(entry, Account) and entry.is_archived)
    ]


def _check(entry: Entry, budget: int | None, field: str) -> None:
    """Refuse an entry to which no money can be booked.

    Raises:
        InvalidInputError: `OTHER_BUDGET`, `ARCHIVED` or `CRYPTO`.
    """
    if not isinstance(entry, Budget) and not _fits(entry.budget, budget):
        raise InvalidInputError(field, InputProblem.OTHER_BUDGET)
    if isinstance(entry, Account):
        if entry.is_archived:
            raise InvalidInputError(field, InputProblem.ARCHIVED)
        if entry.is_crypto:
            raise InvalidInputError(field, InputProblem.CRYPTO)
