"""Reading SQLite's pages: what SQLite wrote is understood, anything else is survived."""

from contextlib import closing
import sqlite3
from typing import Final

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.outbox.disk.columns import Value
from custom_components.budgero.engine.outbox.disk.schema import PAGE_SIZE
from custom_components.budgero.engine.outbox.salvage.pages import (
    Cell,
    chain,
    free_pages,
    read_leaf,
    read_record,
    stray_cells,
)

ROOT: Final = 2

_VALUES: Final[st.SearchStrategy[Value]] = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(-300, 300),
    st.floats(allow_nan=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=9000),
    st.binary(max_size=9000),
)
_PAGES: Final = st.one_of(
    st.binary(max_size=PAGE_SIZE),
    st.binary(min_size=PAGE_SIZE, max_size=PAGE_SIZE),
    st.binary(min_size=60, max_size=60).map(
        lambda start: (b"\x0d" + start).ljust(PAGE_SIZE, b"\x03")
    ),
)


def _table(rows: list[tuple[int, Value, Value]]) -> bytes:
    """Return a database with one table, its root in page 2."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA page_size={PAGE_SIZE}")
        connection.execute("CREATE TABLE things (seq INTEGER PRIMARY KEY, a, b)")
        connection.executemany("INSERT INTO things VALUES (?, ?, ?)", rows)
        connection.commit()
        return connection.serialize()


def _page(data: bytes, number: int) -> bytes | None:
    return data[(number - 1) * PAGE_SIZE : number * PAGE_SIZE] or None


def _read(data: bytes, cell: Cell) -> tuple[Value, ...] | None:
    whole = chain(cell, lambda number: _page(data, number))
    return whole and read_record(whole[0])


def _leaf_page(count: int = 20) -> bytes:
    rows: list[tuple[int, Value, Value]] = [
        (seq, f"thing {seq}", b"x" * seq) for seq in range(1, count + 1)
    ]
    page = _page(_table(rows), ROOT)
    assert page is not None
    return page


@given(st.integers(1, 2**63 - 1), _VALUES, _VALUES)
def test_every_row_reads_as_sqlite_wrote_it(
    seq: int, first: Value, second: Value
) -> None:
    """Every type and size comes back, also from several pages."""
    data = _table([(seq, first, second)])
    leaf = read_leaf(_page(data, ROOT) or b"")
    assert leaf is not None
    assert leaf.is_sound
    [cell] = leaf.cells
    assert cell.number == seq
    assert _read(data, cell) == (None, first, second)


@given(st.sets(st.integers(1, 40)), st.integers(1, 40))
def test_gaps_are_accounted_for(deleted: set[int], moved: int) -> None:
    """A page is sound whatever was deleted from it, moved or grew."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA page_size={PAGE_SIZE}")
        connection.execute("CREATE TABLE things (seq INTEGER PRIMARY KEY, a)")
        for seq in range(1, 41):
            connection.execute("INSERT INTO things VALUES (?, ?)", (seq, "x" * seq))
        for seq in deleted:
            connection.execute("DELETE FROM things WHERE seq = ?", (seq,))
        connection.execute("UPDATE things SET a = a || a WHERE seq = ?", (moved,))
        connection.commit()
        page = _page(connection.serialize(), ROOT)
        expected = [seq for (seq,) in connection.execute("SELECT seq FROM things")]
    leaf = read_leaf(page or b"")
    assert leaf is not None
    assert leaf.is_sound
    assert [cell.number for cell in leaf.cells] == expected


@pytest.mark.parametrize("at", [*range(8), *range(8, 48)])
def test_a_damaged_head_is_noticed(at: int) -> None:
    """No flipped bit of the header or of a pointer goes by as a sound page."""
    page = _leaf_page()
    for bit in range(8):
        damaged = bytearray(page)
        damaged[at] ^= 1 << bit
        leaf = read_leaf(bytes(damaged))
        assert leaf is None or not leaf.is_sound


@given(_PAGES)
def test_nonsense_is_survived(page: bytes) -> None:
    """Whatever the bytes say, they are read to the end without a stumble."""
    leaf = read_leaf(page)
    cells = [*(leaf.cells if leaf else ()), *stray_cells(page, leaf, 2)]
    for cell in cells:
        chain(cell, lambda number: page if number % 5 else None)
    read_record(page)
    free_pages(lambda number: page if len(page) >= 40 else None)


@pytest.mark.parametrize("lost", [range(4), range(8), range(48), range(10, 12)])
def test_rows_are_found_without_what_points_to_them(lost: range) -> None:
    """Where the head of a page is gone, its rows still are there."""
    page = bytearray(_leaf_page())
    expected = read_leaf(bytes(page))
    assert expected is not None
    for at in lost:
        page[at] = 0
    found = set(stray_cells(bytes(page), read_leaf(bytes(page)), 3))
    assert set(expected.cells) <= found


def test_a_record_that_does_not_fill_its_place_is_none() -> None:
    """Neither a byte too many nor one too few is let pass."""
    leaf = read_leaf(_leaf_page(1))
    assert leaf is not None
    record = leaf.cells[0].local
    assert read_record(record) == (None, "thing 1", b"x")
    assert read_record(record + b"x") is None
    assert read_record(record[:-1]) is None
    assert read_record(b"") is None
    assert read_record(record.replace(b"thing", b"th\xffng")) is None


def test_a_circle_of_pages_ends() -> None:
    """Pages that lead back to themselves are no record."""
    data = _table([(1, "x" * 20_000, None)])
    leaf = read_leaf(_page(data, ROOT) or b"")
    assert leaf is not None
    [cell] = leaf.cells
    circle = cell.overflow.to_bytes(4).ljust(PAGE_SIZE, b"x")
    assert chain(cell, lambda number: circle) is None


def _with_free_pages() -> bytes:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"PRAGMA page_size={PAGE_SIZE}")
        connection.execute("CREATE TABLE things (a)")
        connection.execute("INSERT INTO things VALUES (?)", ("x" * 6_000_000,))
        connection.execute("INSERT INTO things VALUES (?)", ("y" * 6_000,))
        connection.execute("DELETE FROM things WHERE a LIKE 'x%'")
        connection.commit()
        return connection.serialize()


def test_free_pages_are_known() -> None:
    """The list of free pages is followed through all its trunks."""
    data = _with_free_pages()
    count = int.from_bytes(data[36:40])
    free = free_pages(lambda number: _page(data, number))
    assert len(free) == count > PAGE_SIZE // 4
    used = set(range(1, len(data) // PAGE_SIZE + 1)) - free
    assert any(b"y" * 1000 in (_page(data, number) or b"") for number in used)
    assert not any(b"y" * 1000 in (_page(data, number) or b"") for number in free)


@pytest.mark.parametrize("at", [32, 33, 36, 39])
def test_a_damaged_list_of_free_pages_is_not_believed(at: int) -> None:
    """A page that may be in use is never taken for a free one."""
    data = bytearray(_with_free_pages())
    data[at] ^= 0x10
    assert not free_pages(lambda number: _page(bytes(data), number))


def test_a_missing_trunk_of_the_list_is_noticed() -> None:
    """Half a list is none."""
    data = _with_free_pages()
    trunk = int.from_bytes(data[32:36])
    assert not free_pages(
        lambda number: None if number == trunk else _page(data, number)
    )
