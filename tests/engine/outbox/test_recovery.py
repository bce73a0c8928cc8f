"""What is intact in a damaged outbox is found, and nothing else."""

from collections.abc import Callable

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.budgero.engine.outbox.disk.schema import PAGE_SIZE
from custom_components.budgero.engine.outbox.salvage.pages import read_leaf

from .damage import Damage, Damaged, damages, map_of, recovered
from .damaged import (
    CREATED_AT,
    FRAME,
    FRAME_HEADER,
    LOG_HEADER,
    MESSAGE_ID,
    PAYLOAD,
    STATE,
    Outbox,
    Row,
    with_log,
    without_log,
)

both = pytest.mark.parametrize("make", [without_log, with_log])

fuzz = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def _content(row: Row) -> Row:
    return (row[MESSAGE_ID], row[PAYLOAD])


@both
@fuzz
@given(data=st.data())
def test_every_row_that_was_not_touched_is_found(
    make: Callable[[], Outbox], data: st.DataObject
) -> None:
    """Whatever happens to the bytes, and no transaction comes out altered."""
    outbox = make()
    file, log = outbox.file, outbox.log
    for damage in data.draw(
        st.lists(damages(len(file), 0, PAGE_SIZE), max_size=3), "file"
    ):
        file = damage.apply(file)
    if log:
        for damage in data.draw(
            st.lists(damages(len(log), LOG_HEADER, FRAME), max_size=3), "log"
        ):
            log = damage.apply(log)
    _check(Damaged(outbox, file, log))


def _check(damaged: Damaged) -> None:
    outbox = damaged.outbox
    found = recovered(damaged.file, damaged.log)
    untouched = damaged.untouched
    assert untouched <= found.keys()
    for message_id in untouched:
        assert found[message_id] in outbox.history[message_id]
    if damaged.is_in_order:
        assert {one: found[one] for one in untouched} == {
            one: outbox.rows[one] for one in untouched
        }
    known = {_content(row) for rows in outbox.history.values() for row in rows}
    with_payload = {row for row in found.values() if row[PAYLOAD] is not None}
    assert {_content(row) for row in with_payload} <= known


@both
@pytest.mark.parametrize(
    "content",
    [bytes(100), bytes(PAGE_SIZE), b"\xff" * 3 * PAGE_SIZE, None],
    ids=["head", "zeros", "ones", "cut"],
)
def test_any_page_may_be_lost(
    make: Callable[[], Outbox], content: bytes | None
) -> None:
    """The first, the root, those between, leaves, indexes and the rest of memos."""
    outbox = make()
    pages = len(outbox.file) // PAGE_SIZE
    for page in [*range(8), *range(8, pages, 9)]:
        file = Damage(page * PAGE_SIZE, content).apply(outbox.file)
        _check(Damaged(outbox, file, outbox.log))


@pytest.mark.parametrize(
    "content",
    [bytes(FRAME), bytes(FRAME_HEADER), b"\xff" * 99],
    ids=["all", "header", "start"],
)
def test_any_frame_may_be_lost(content: bytes) -> None:
    """And its row is taken as it was before, if it was there before."""
    outbox = with_log()
    for at in range(LOG_HEADER, len(outbox.log), 5 * FRAME):
        log = Damage(at, content).apply(outbox.log)
        _check(Damaged(outbox, outbox.file, log))


@both
def test_an_intact_outbox_is_read_as_sqlite_does(make: Callable[[], Outbox]) -> None:
    """Every row in its newest version; what was deleted stays away."""
    outbox = make()
    assert recovered(outbox.file, outbox.log) == outbox.rows


@both
def test_what_was_deleted_stays_away(make: Callable[[], Outbox]) -> None:
    """Free pages and older versions are full of rows that are no more."""
    outbox = make()
    leaf = max(
        part.start for place in map_of(outbox).places.values() for part in place.file
    )
    file = Damage(leaf // PAGE_SIZE * PAGE_SIZE, bytes(200)).apply(outbox.file)
    found = recovered(file, outbox.log)
    assert found.keys() <= outbox.rows.keys()
    assert len(found) > len(outbox.rows) - 30


def test_a_frame_that_lost_its_header_still_has_its_rows() -> None:
    """Nobody knows what they are; they count if nobody can have deleted them."""
    outbox = with_log()
    for at in range(LOG_HEADER, len(outbox.log), FRAME):
        log = Damage(at, bytes(FRAME_HEADER)).apply(outbox.log)
        if lost := outbox.rows.keys() - recovered(outbox.file, log).keys():
            break
    assert lost
    assert lost <= recovered(outbox.file, log, 0).keys()


@pytest.mark.parametrize("size", [0, PAGE_SIZE])
def test_a_row_whose_new_place_is_lost_is_found_in_its_old_one(size: int) -> None:
    """A page not in use is the last resort, for rows that nobody can have deleted."""
    outbox = with_log()
    for at in reversed(range(LOG_HEADER, len(outbox.log), FRAME)):
        log = Damage(at, bytes(FRAME_HEADER + size)).apply(outbox.log)
        lost = outbox.rows.keys() - recovered(outbox.file, log).keys()
        if lost and (lost := lost & recovered(outbox.file, log, 0).keys()):
            break
    since = min(float(str(outbox.rows[one][CREATED_AT])) for one in lost)
    assert lost <= recovered(outbox.file, log, since - 1).keys()
    assert lost - recovered(outbox.file, log, since).keys() == {
        one for one in lost if outbox.rows[one][CREATED_AT] == since
    }


def test_a_lost_root_brings_nothing_back() -> None:
    """Where the table begins is not needed to know what is in it."""
    outbox = without_log()
    file = Damage(PAGE_SIZE, bytes(PAGE_SIZE)).apply(outbox.file)
    assert recovered(file, b"") == outbox.rows


def test_a_row_with_a_wrong_checksum_is_not_saved() -> None:
    """It stays in the file that is kept."""
    outbox = without_log()
    [lost, *_] = [one for one, row in outbox.rows.items() if row[STATE] == "waiting"]
    payload = str(outbox.rows[lost][PAYLOAD]).encode()[:80]
    at = outbox.file.index(payload)
    file = Damage(at, b"z").apply(outbox.file)
    assert recovered(file, b"").keys() == outbox.rows.keys() - {lost}


def test_two_rows_with_one_number_are_both_saved() -> None:
    """A number is only an order; one that is damaged may be another's."""
    outbox = without_log()
    for at in range(PAGE_SIZE, len(outbox.file), PAGE_SIZE):
        leaf = read_leaf(outbox.file[at : at + PAGE_SIZE])
        cells = [cell for cell in leaf.cells if cell.number > 127] if leaf else []
        if len(cells) > 1:
            break
    # The number stands right before the record, and takes two bytes here.
    first, second = (at + cell.start for cell in cells[:2])
    number = outbox.file[first - 2 : first]
    assert recovered(Damage(second - 2, number).apply(outbox.file), b"") == outbox.rows
