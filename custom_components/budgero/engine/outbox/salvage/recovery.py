"""Finding the intact rows of a damaged outbox, in its file and in its log.

SQLite is not used, because it stops at the first damage. Every version of every page
is read instead, and the newest intact version of each transaction counts.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import Final

from ..disk.checksums import TOO_HIGH
from ..disk.columns import Fields, Value
from ..disk.earlier_versions import EARLIER_VERSIONS
from ..disk.reading import read_fields
from ..disk.schema import FACTS, TRANSACTIONS, VERSION
from ..errors import UnreadableOutboxError
from ..rows import FINISHED, State
from .page_images import DamagedFile, Image
from .pages import Cell, Leaf, chain, free_pages, read_leaf, read_record, stray_cells

_FREE: Final = -1
"""Used as the number of the commit for free pages, so that everything else is newer."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A version of a transaction; the one of the highest rank counts."""

    fields: Fields
    rank: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What is intact in a damaged outbox.

    Attributes:
        transactions: the fields of each, oldest first.
        facts: by name.
    """

    transactions: list[Fields]
    facts: dict[str, str]


def recover(file: DamagedFile, since: float) -> Recovered:
    """Find what is intact.

    Free pages, and frames whose page number is lost, hold old copies of rows that were
    moved or deleted. If the present copy of a row is damaged, such an old copy is used,
    unless the row is old enough to have been deleted.

    Args:
        file: to search.
        since: no row that was appended after this was ever deleted; in seconds since
            the epoch.
    """
    return _Search(file, since).run()


class _Search:
    """One search for what is intact."""

    def __init__(self, file: DamagedFile, since: float) -> None:
        self._file = file
        self._since = since
        self._earlier = EARLIER_VERSIONS.get(file.version or VERSION)
        self._columns = len((self._earlier or TRANSACTIONS).columns)
        self._found: dict[str, _Found] = {}
        self._found_facts: dict[str, tuple[int, str]] = {}
        self._overflow: set[int] = set()
        self._damaged: list[tuple[Image, Leaf | None, float]] = []
        self._free: list[Image] = []

    def run(self) -> Recovered:
        free = free_pages(self._file.page)
        freed = max((image.commit for image in self._file.versions(1)), default=0)
        for number in self._file.numbers:
            if number > 1:  # page 1 holds the schema only
                self._search(number, freed if number in free else _FREE)
        self._free += (replace(one, commit=_FREE) for one in self._file.versions(0))
        for image, leaf, before in self._damaged:
            if image.number not in self._overflow:
                for cell in stray_cells(image.page, leaf, self._columns):
                    self._take(cell, image, before, is_certain=False)
        for image in self._free:
            leaf = read_leaf(image.page)
            for cell in leaf.cells if leaf else ():
                self._take(cell, image, inf, is_certain=False)
        return Recovered(
            _in_order(self._found.values()),
            {name: value for name, (_, value) in self._found_facts.items()},
        )

    def _search(self, number: int, freed: int) -> None:
        """Search a page: its newest version, and older ones if that is damaged."""
        before = inf
        for image in self._file.versions(number):
            if image.commit <= freed:
                self._free.append(replace(image, commit=_FREE))
                return
            leaf = read_leaf(image.page)
            cells = leaf.cells if leaf else ()
            are_good = [
                self._take(cell, image, before, is_certain=True) for cell in cells
            ]
            if image.is_verified and all(are_good):
                return
            if not image.is_verified and not (leaf and leaf.is_sound):
                self._damaged.append((image, leaf, before))
            before = image.commit

    def _take(
        self, cell: Cell, image: Image, before: float, *, is_certain: bool
    ) -> bool:
        """Keep the row or fact in a cell; return whether it could be read.

        A long record continues in other pages. These are read as they were before the
        next version of the cell's own page; if that fails, as they are in the main
        file.
        """
        for end in (before, 1) if cell.overflow else (before,):
            whole = chain(cell, partial(self._file.page, before=end))
            values = whole and read_record(whole[0])
            if not whole or not values:
                continue
            if len(values) == len(FACTS.columns):
                return image.commit == _FREE or self._take_fact(values, image)
            if len(values) != self._columns:
                return True
            with suppress(UnreadableOutboxError):
                fields = self._read(values, cell.number)
                self._overflow |= whole[1]
                self._keep(fields, image.commit, is_certain)
                return True
        return False

    def _read(self, values: tuple[Value, ...], number: int) -> Fields:
        """Return the fields of a transaction.

        Raises:
            UnreadableOutboxError: they are damaged.
        """
        if self._earlier is not None:
            return self._earlier.read(values, number)
        return read_fields(TRANSACTIONS.from_record(values, number))

    def _keep(self, fields: Fields, commit: int, is_certain: bool) -> None:
        if commit == _FREE and not _is_after(fields, self._since):
            return
        found = _Found(fields, (commit, is_certain, *_progress(fields)))
        message_id = str(fields["message_id"])
        known = self._found.get(message_id)
        if known is None or known.rank < found.rank:
            self._found[message_id] = found

    def _take_fact(self, values: tuple[Value, ...], image: Image) -> bool:
        try:
            fields = FACTS.read(values)
        except UnreadableOutboxError:
            return False
        name, value = str(fields["name"]), str(fields["value"])
        if name not in self._found_facts or self._found_facts[name][0] < image.commit:
            self._found_facts[name] = (image.commit, value)
        return True


def _is_after(fields: Fields, moment: float) -> bool:
    created_at = fields["created_at"]
    return isinstance(created_at, int | float) and created_at > moment


def _progress(fields: Fields) -> tuple[int, ...]:
    """Return what sorts the versions of a transaction within one commit."""
    state = fields["state"]
    numbers = (fields["attempts"], fields["questions"])
    return (
        state in FINISHED,
        state != State.WAITING,
        *(number for number in numbers if isinstance(number, int)),
    )


def _in_order(found: Iterable[_Found]) -> list[Fields]:
    """Sort by row number; a row with a damaged or used number gets one at the end."""
    numbered: dict[int, Fields] = {}
    others: list[Fields] = []
    for one in sorted(found, key=lambda one: one.rank, reverse=True):
        seq = one.fields["seq"]
        if isinstance(seq, int) and 0 < seq < TOO_HIGH and seq not in numbered:
            numbered[seq] = one.fields
        else:
            others.append(one.fields)
    numbered |= enumerate(others, max(numbered, default=0) + 1)
    return [{**numbered[seq], "seq": seq} for seq in sorted(numbered)]
