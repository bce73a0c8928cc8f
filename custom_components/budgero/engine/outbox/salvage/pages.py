"""SQLite's file format, as far as a damaged file needs to be read without SQLite.

Any bytes may be given: whatever cannot be read is left out, and no exception is raised.
See "Database File Format" in SQLite's documentation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
import re
import struct
from typing import Final

from ..disk.columns import Value
from ..disk.schema import PAGE_SIZE

_LEAF: Final = 13  # the type of a page that holds rows of a table
_HEADER: Final = 8
_LINK: Final = 4  # bytes of a page number
_MOST_LOCAL: Final = PAGE_SIZE - 35
_LEAST_LOCAL: Final = (PAGE_SIZE - 12) * 32 // 255 - 23
_SMALLEST_CELL: Final = 4
_LONGEST_VARINT: Final = 9
_FREE_PAGES: Final = slice(32, 40)

_INTEGER_SIZES: Final = {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8, 8: 0, 9: 0}
_REAL: Final = 7
_FIRST_BLOB: Final = 12


@dataclass(frozen=True, slots=True)
class Cell:
    """A row as it lies in a page.

    Attributes:
        number: of the row in its table.
        length: of the record, in bytes.
        local: the part of the record that lies in the page.
        overflow: the number of the page in which the record continues; 0 if there is
            none.
        start: where the record starts in the page.
        size: bytes that the cell takes in the page.
    """

    number: int
    length: int
    local: bytes
    overflow: int
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of rows.

    Attributes:
        cells: those that the page points to.
        content: where the cells start; the part of the page before it may hold
            remains of rows that have moved.
        is_sound: whether cells and gaps account for every byte of the page.
    """

    cells: tuple[Cell, ...]
    content: int
    is_sound: bool


def read_leaf(page: bytes) -> Leaf | None:
    """Read a page of rows; `None` if it is not recognised as one."""
    if len(page) != PAGE_SIZE or page[0] != _LEAF:
        return None
    count, content = struct.unpack_from(">HH", page, 3)
    end = _HEADER + 2 * count
    if not end <= content <= PAGE_SIZE:
        return Leaf((), _HEADER, is_sound=False)
    offsets = struct.unpack_from(f">{count}H", page, _HEADER)
    found = [_cell_at(page, offset) for offset in offsets if offset >= content]
    cells = tuple(cell for cell in found if cell is not None)
    numbers = [cell.number for cell in cells]
    used = sum(max(cell.size, _SMALLEST_CELL) for cell in cells) + page[7]
    free = _free_bytes(page, content)
    return Leaf(
        cells,
        content,
        is_sound=len(cells) == count
        and numbers == sorted(set(numbers))
        and free is not None
        and used + free == PAGE_SIZE - content,
    )


def stray_cells(page: bytes, leaf: Leaf | None, columns: int) -> Iterator[Cell]:
    """Find what may be rows in a damaged page, whether it points to them or not.

    The first column is the number of the row, which SQLite stores outside the record.
    So a record begins with the length of its header, at least a byte per column, and a
    zero.
    """
    start = leaf.content if leaf else 0
    record = re.compile(rb"[\x%02x-\x7f]\x00" % (columns + 1))
    for match in record.finditer(page, start):
        first = max(start, match.start() - 2 * _LONGEST_VARINT)
        for offset in range(match.start() - 2, first - 1, -1):
            cell = _cell_at(page, offset)
            if cell is not None and cell.start == match.start():
                yield cell


def read_record(record: bytes) -> tuple[Value, ...] | None:
    """Read the values of a record; `None` if it is none."""
    try:
        header, at = _varint(record, 0)
        kinds: list[int] = []
        while at < header:
            kind, at = _varint(record, at)
            kinds.append(kind)
    except IndexError:
        return None
    if at != header or header + sum(map(_size, kinds)) != len(record):
        return None
    try:
        return tuple(_values(record, header, kinds))
    except UnicodeDecodeError:
        return None


def chain(
    cell: Cell, page: Callable[[int], bytes | None]
) -> tuple[bytes, frozenset[int]] | None:
    """Put together a record that continues in other pages.

    Args:
        cell: holds the beginning of the record.
        page: returns a page by its number.

    Returns:
        The record and the other pages' numbers; `None` if a page is missing.
    """
    parts, missing = [cell.local], cell.length - len(cell.local)
    following, seen = cell.overflow, set[int]()
    while missing > 0:
        if following in seen or (found := page(following)) is None:
            return None
        seen.add(following)
        part = found[_LINK : _LINK + missing]
        parts.append(part)
        missing -= len(part)
        following = int.from_bytes(found[:_LINK])
    return b"".join(parts), frozenset(seen)


def free_pages(page: Callable[[int], bytes | None]) -> frozenset[int]:
    """Return the pages that are not in use; none if the list of them is damaged."""
    if (first := page(1)) is None:
        return frozenset()
    trunk, count = struct.unpack(">II", first[_FREE_PAGES])
    free: list[int] = []
    while trunk and len(free) < count:
        if (found := page(trunk)) is None:
            return frozenset()
        following, entries = struct.unpack_from(">II", found)
        if entries > PAGE_SIZE // _LINK - 2:
            return frozenset()
        free += (trunk, *struct.unpack_from(f">{entries}I", found, 8))
        trunk = following
    is_sound = not trunk and len(free) == len(set(free)) == count
    return frozenset(free) if is_sound else frozenset()


def _free_bytes(page: bytes, content: int) -> int | None:
    """Add up the gaps between the cells; `None` if the list of them is damaged."""
    total, last = 0, content - 1
    (offset,) = struct.unpack_from(">H", page, 1)
    while offset:
        if not last < offset <= PAGE_SIZE - _SMALLEST_CELL:
            return None
        last = offset
        offset, size = struct.unpack_from(">HH", page, offset)
        if size < _SMALLEST_CELL:
            return None
        total += size
    return total


def _cell_at(page: bytes, offset: int) -> Cell | None:
    try:
        length, at = _varint(page, offset)
        number, start = _varint(page, at)
    except IndexError:
        return None
    local = _local_size(length)
    end = start + local
    link = _LINK if local < length else 0
    if end + link > PAGE_SIZE:
        return None
    return Cell(
        number=number,
        length=length,
        local=page[start:end],
        overflow=int.from_bytes(page[end : end + link]),
        start=start,
        size=end + link - offset,
    )


def _local_size(length: int) -> int:
    """Return how much of a record lies in the page itself."""
    if length <= _MOST_LOCAL:
        return length
    local = _LEAST_LOCAL + (length - _LEAST_LOCAL) % (PAGE_SIZE - _LINK)
    return local if local <= _MOST_LOCAL else _LEAST_LOCAL


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """Read a number of one to nine bytes; return it and where it ends."""
    value = 0
    for _ in range(_LONGEST_VARINT - 1):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1


def _size(kind: int) -> int:
    """Return how many bytes a value of this kind takes."""
    if kind < _FIRST_BLOB:
        return _INTEGER_SIZES.get(kind, PAGE_SIZE**2)  # unused kinds: fits nowhere
    return (kind - _FIRST_BLOB) // 2


def _values(record: bytes, at: int, kinds: list[int]) -> Iterator[Value]:
    for kind in kinds:
        data = record[at : (at := at + _size(kind))]
        if kind == 0:
            yield None
        elif kind == _REAL:
            yield float(struct.unpack(">d", data)[0])
        elif kind in {8, 9}:
            yield kind - 8
        elif kind < _FIRST_BLOB:
            yield int.from_bytes(data, signed=True)
        else:
            yield data.decode() if kind % 2 else data
