"""What is intact in a damaged outbox comes through, and the damaged file is kept."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from math import inf
import os
from pathlib import Path
import sqlite3
import stat
import subprocess
import sys
from typing import Final

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.budgero.engine.outbox.errors import (
    NewerOutboxError,
    StorageError,
)
from custom_components.budgero.engine.outbox.pages import read_leaf
from custom_components.budgero.engine.outbox.recovery import recover
from custom_components.budgero.engine.outbox.rows import FINISHED, UNFINISHED
from custom_components.budgero.engine.outbox.salvage import Salvaged, salvage
from custom_components.budgero.engine.outbox.schema import (
    PAGE_SIZE,
    VERSION,
    check,
    create,
)
from custom_components.budgero.engine.outbox.versions import DamagedFile
from custom_components.budgero.engine.outbox.wal import is_log_damaged, log_of

from .damaged import (
    FRAME,
    FRAME_HEADER,
    LOG_HEADER,
    Map,
    Outbox,
    Row,
    rows_of,
    small,
    with_log,
    without_log,
)
from .helpers import largest_file

MESSAGE_ID, STATE, PAYLOAD, CREATED_AT, HELD, IN_DOUBT = 0, 1, 2, 7, 8, 10
VERSION_AT: Final = range(60, 64)

fuzz = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
both = pytest.mark.parametrize("make", [without_log, with_log])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox lies."""
    return tmp_path / "budgero.entry.db"


# Damage.


@dataclass(frozen=True)
class Damage:
    """Bytes that are no longer what they were.

    Attributes:
        at: where they begin.
        content: what they are now; `None` if the file ends there.
    """

    at: int
    content: bytes | None

    def apply(self, data: bytes) -> bytes:
        """Return damaged data."""
        if self.content is None:
            return data[: self.at]
        content = self.content[: len(data) - self.at]
        return data[: self.at] + content + data[self.at + len(content) :]


def _damages(size: int, start: int, step: int) -> st.SearchStrategy[Damage]:
    """Damage data whose pages begin at `start`, every so many bytes."""
    page = st.integers(0, (size - start) // step - 1).map(lambda n: start + n * step)
    inside = st.integers(0, 100) | st.integers(0, step - 1)
    place = st.one_of(
        st.builds(int.__add__, page, inside), st.integers(0, start + 100)
    ).map(lambda at: min(at, size - 1))
    content = st.one_of(
        st.binary(min_size=1, max_size=4),
        st.integers(1, 600).map(bytes),
        st.binary(min_size=200, max_size=600),
        st.sampled_from([512, PAGE_SIZE, 3 * PAGE_SIZE]).map(bytes),
    )
    sectors = st.builds(
        Damage,
        place.map(lambda at: at // 512 * 512),
        st.integers(1, 16).map(lambda count: bytes(512 * count)),
    )
    return st.one_of(
        st.builds(Damage, place, content),
        sectors,
        st.builds(Damage, place, st.none()),
    )


def _hits(before: bytes, after: bytes, part: range) -> bool:
    return before[part.start : part.stop] != after[part.start : part.stop]


@dataclass(frozen=True)
class Damaged:
    """An outbox before and after."""

    outbox: Outbox
    file: bytes
    log: bytes

    def hits(self, file: tuple[range, ...], log: tuple[range, ...]) -> bool:
        """Tell whether one of these bytes is another one now."""
        return any(_hits(self.outbox.file, self.file, part) for part in file) or any(
            _hits(self.outbox.log, self.log, part) for part in log
        )

    @property
    def untouched(self) -> set[str]:
        """The transactions none of whose bytes were touched.

        What follows the last commit mark of the log never was a commit, for
        whoever reads it.
        """
        end = self._end_of_commits
        return {
            message_id
            for message_id, place in _map_of(self.outbox).places.items()
            if not self.hits(place.file, place.log)
            and all(part.stop <= end for part in place.log)
        }

    @property
    def _end_of_commits(self) -> int:
        frames = range(LOG_HEADER, len(self.log) - FRAME + 1, FRAME)
        marked = [at for at in frames if any(self.log[at + 4 : at + 8])]
        return marked[-1] + FRAME if marked else LOG_HEADER

    @property
    def is_in_order(self) -> bool:
        """Whether all that holds the rows together is as it was."""
        size = len(self.outbox.file)
        heads = [range(at, at + 400) for at in range(0, size, PAGE_SIZE)]
        frames = range(LOG_HEADER, len(self.outbox.log), FRAME)
        log_heads = [range(at, at + FRAME_HEADER + 400) for at in frames]
        return not self.hits(tuple(heads), (range(LOG_HEADER), *log_heads))


_maps: dict[int, Map] = {}


def _map_of(outbox: Outbox) -> Map:
    if id(outbox) not in _maps:
        _maps[id(outbox)] = Map(outbox)
    return _maps[id(outbox)]


def _recovered(file: bytes, log: bytes, since: float = inf) -> dict[str, Row]:
    with closing(sqlite3.connect(":memory:")) as connection:
        create(connection)
        found = recover(DamagedFile(file, log), connection, since).transactions
    assert len({row["seq"] for row in found}) == len(found)
    return {str(row["message_id"]): tuple(row.values())[1:] for row in found}


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
        st.lists(_damages(len(file), 0, PAGE_SIZE), max_size=3), "file"
    ):
        file = damage.apply(file)
    if log:
        for damage in data.draw(
            st.lists(_damages(len(log), LOG_HEADER, FRAME), max_size=3), "log"
        ):
            log = damage.apply(log)
    _check(Damaged(outbox, file, log))


def _check(damaged: Damaged) -> None:
    outbox = damaged.outbox
    found = _recovered(damaged.file, damaged.log)
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
    [bytes(PAGE_SIZE), b"\xff" * 3 * PAGE_SIZE, None],
    ids=["zeros", "ones", "cut"],
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
    assert _recovered(outbox.file, outbox.log) == outbox.rows


@both
def test_what_was_deleted_stays_away(make: Callable[[], Outbox]) -> None:
    """Free pages and older versions are full of rows that are no more."""
    outbox = make()
    leaf = max(
        part.start for place in _map_of(outbox).places.values() for part in place.file
    )
    file = Damage(leaf // PAGE_SIZE * PAGE_SIZE, bytes(200)).apply(outbox.file)
    found = _recovered(file, outbox.log)
    assert found.keys() <= outbox.rows.keys()
    assert len(found) > 250


@pytest.mark.parametrize("size", [0, PAGE_SIZE])
def test_a_row_whose_new_place_is_lost_is_found_in_its_old_one(size: int) -> None:
    """A page not in use is the last resort, for rows that nobody can have deleted."""
    outbox = with_log()
    for at in reversed(range(LOG_HEADER, len(outbox.log), FRAME)):
        log = Damage(at, bytes(FRAME_HEADER + size)).apply(outbox.log)
        found = _recovered(outbox.file, log)
        more = _recovered(outbox.file, log, 0).keys() - found.keys()
        if lost := outbox.rows.keys() & more:
            break
    since = min(float(str(outbox.rows[one][CREATED_AT])) for one in lost)
    assert lost <= _recovered(outbox.file, log, since - 1).keys()
    assert lost - _recovered(outbox.file, log, since).keys() == {
        one for one in lost if outbox.rows[one][CREATED_AT] == since
    }


def test_a_lost_root_brings_nothing_back() -> None:
    """Where the table begins is not needed to know what is in it."""
    outbox = without_log()
    file = Damage(PAGE_SIZE, bytes(PAGE_SIZE)).apply(outbox.file)
    assert _recovered(file, b"") == outbox.rows


def test_a_row_with_a_wrong_checksum_is_not_saved() -> None:
    """It stays in the file that is kept."""
    outbox = without_log()
    [lost, *_] = [one for one, row in outbox.rows.items() if row[STATE] == "waiting"]
    payload = str(outbox.rows[lost][PAYLOAD]).encode()[:80]
    at = outbox.file.index(payload)
    file = Damage(at, b"z").apply(outbox.file)
    assert _recovered(file, b"").keys() == outbox.rows.keys() - {lost}


def test_two_rows_with_one_number_are_both_saved() -> None:
    """A number is only an order; one that is damaged may be another's."""
    outbox = without_log()
    for at in range(PAGE_SIZE, len(outbox.file), PAGE_SIZE):
        leaf = read_leaf(outbox.file[at : at + PAGE_SIZE])
        cells = [cell for cell in leaf.cells if cell.number > 200] if leaf else []
        if len(cells) > 1 and all(cell.length > 1000 for cell in cells):
            break
    # The number stands right before the record, and takes two bytes here.
    first, second = (at + cell.start for cell in cells[:2])
    number = outbox.file[first - 2 : first]
    assert _recovered(Damage(second - 2, number).apply(outbox.file), b"") == outbox.rows


# The exchange of the files.


def _rows(path: Path) -> dict[str, Row]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        check(connection)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return rows_of(connection)


def _held(row: Row) -> Row:
    if row[STATE] != "waiting":
        return row
    values = list(row)
    values[HELD], values[IN_DOUBT] = "restored", 1
    return tuple(values)


def _assert_saved(path: Path, outbox: Outbox) -> None:
    """All is there; what was deleted may be there again, but as finished only.

    Without the list of free pages nobody can tell that it was deleted.
    """
    rows = _rows(path)
    expected = {message_id: _held(row) for message_id, row in outbox.rows.items()}
    assert rows.items() >= expected.items()
    deleted = rows.keys() - expected.keys()
    assert {rows[message_id][STATE] for message_id in deleted} <= FINISHED


def _unfinished(outbox: Outbox) -> int:
    return sum(row[STATE] in UNFINISHED for row in outbox.rows.values())


def _files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


@both
def test_a_destroyed_header(path: Path, make: Callable[[], Outbox]) -> None:
    """Everything is saved, waiting rows are held, the damaged file is kept."""
    outbox = make()
    file = Damage(0, b"\xff" * 100).apply(outbox.file)
    Outbox(file, outbox.log, {}, {}).save(path)
    log_of(path).with_name(path.name + "-shm").write_bytes(b"shared")
    kept = path.with_name("budgero.entry.damaged.db")
    assert salvage(path) == Salvaged(_unfinished(outbox), kept)
    logs = {log_of(kept).name: outbox.log} if outbox.log else {}
    assert _files(path) == {
        path.name: path.read_bytes(),
        kept.name: file,
        **logs,
    }
    _assert_saved(path, outbox)
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {
        0o600
    }


def test_numbers_go_on_after_those_that_were_saved(path: Path) -> None:
    """New transactions come after the old ones, and facts of this file are new."""
    outbox = with_log()
    outbox.save(path)
    salvage(path)
    with closing(sqlite3.connect(path)) as connection:
        [highest] = connection.execute("SELECT max(seq) FROM transactions").fetchone()
        [last] = connection.execute("SELECT seq FROM sqlite_sequence").fetchone()
        facts = dict(connection.execute("SELECT name, value FROM facts"))
    assert last == highest >= len(outbox.rows)
    assert facts == {"latest_time": "1.8e9"}


def test_damage_upon_damage_keeps_every_file(path: Path) -> None:
    """No kept file takes the place of another."""
    outbox = without_log()
    for name in ("damaged", "damaged~2", "damaged~3"):
        outbox.save(path)
        assert salvage(path).kept.name == f"budgero.entry.{name}.db"
    assert len(_files(path)) == 4


def test_a_log_of_another_file_is_not_overwritten(path: Path) -> None:
    """Also where only a log lies under the name."""
    other = path.with_name("budgero.entry.damaged.db-wal")
    other.write_bytes(b"other")
    with_log().save(path)
    assert salvage(path).kept.name == "budgero.entry.damaged~2.db"
    assert other.read_bytes() == b"other"


@pytest.mark.parametrize(
    "content", [b"", b"not a database", bytes(9000)], ids=["empty", "text", "zeros"]
)
def test_no_outbox_at_all(path: Path, content: bytes) -> None:
    """It is kept, and there is a fresh outbox."""
    path.write_bytes(content)
    saved = salvage(path)
    assert saved.saved == 0
    assert saved.kept.read_bytes() == content
    assert _rows(path) == {}


def test_somebody_elses_database(path: Path) -> None:
    """None of its rows is taken for ours, and none of its texts for a fact."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA application_id=7")
        connection.execute("CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT)")
        connection.execute("INSERT INTO facts VALUES ('key', 'theirs')")
        connection.commit()
    content = path.read_bytes()
    saved = salvage(path)
    assert (saved.saved, saved.kept.read_bytes()) == (0, content)
    assert _rows(path) == {}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM facts").fetchall() == []


def test_a_file_that_lost_all_but_its_log(path: Path) -> None:
    """What the log holds is saved, whether the file is empty or gone."""
    outbox = with_log()
    for is_there in (True, False):
        log_of(path).write_bytes(outbox.log)
        if is_there:
            path.write_bytes(b"")
        else:
            path.unlink(missing_ok=True)
        assert is_log_damaged(path)
        assert salvage(path).saved > 50
        assert not log_of(path).exists()
        assert _rows(path).keys() <= outbox.history.keys()


def test_no_file_at_all(path: Path) -> None:
    """There is nothing to save, and nothing is made."""
    with pytest.raises(StorageError):
        salvage(path)
    assert _files(path) == {}


@both
def test_a_newer_version_is_not_touched(path: Path, make: Callable[[], Outbox]) -> None:
    """However damaged the rest is."""
    outbox = make()
    file = Damage(VERSION_AT.start, (VERSION + 1).to_bytes(4)).apply(outbox.file)
    file = Damage(PAGE_SIZE, bytes(9 * PAGE_SIZE)).apply(file)
    Outbox(file, outbox.log, {}, {}).save(path)
    before = _files(path)
    with pytest.raises(NewerOutboxError):
        salvage(path)
    assert _files(path) == before


def test_a_newer_version_in_the_log_is_not_touched(path: Path) -> None:
    """The file itself still says the old version."""
    outbox = without_log()
    outbox.save(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA user_version={VERSION + 1}")
        log = log_of(path).read_bytes()
        file = path.read_bytes()
    assert file[VERSION_AT.start : VERSION_AT.stop] == VERSION.to_bytes(4)
    Outbox(file, log, {}, {}).save(path)
    with pytest.raises(NewerOutboxError):
        salvage(path)


_USER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("SELECT count(*) FROM transactions").fetchone()
print("open", flush=True)
sys.stdin.read()
"""


def test_a_file_that_somebody_uses_is_not_touched(path: Path) -> None:
    """Once they are gone it is salvaged."""
    outbox = with_log()
    outbox.save(path)
    with subprocess.Popen(
        [sys.executable, "-c", _USER, path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as user:
        assert user.stdin
        assert user.stdout
        assert user.stdout.readline() == b"open\n"
        names = set(_files(path))
        inode = path.stat().st_ino
        with pytest.raises(StorageError, match="BlockingIOError"):
            salvage(path)
        assert set(_files(path)) == names
        assert path.stat().st_ino == inode
        user.kill()
    salvage(path)
    _assert_saved(path, outbox)


def test_a_full_disk(path: Path) -> None:
    """Nothing changes; with room it works."""
    outbox = with_log()
    outbox.save(path)
    before = _files(path)
    with largest_file(200_000), pytest.raises(StorageError):
        salvage(path)
    assert _files(path) == before
    salvage(path)
    _assert_saved(path, outbox)


# What changes the disk, so that a test can stop it in between.
_STEPS: Final = (
    (os, "open"),
    (os, "fsync"),
    (os, "link"),
    (os, "replace"),
    (os, "unlink"),
    (os, "chmod"),
)


class _Stop:
    """Let the disk do so many steps, then stop everything."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]
    ) -> None:
        self.left = -1
        self._stop = stop
        for module, name in _STEPS:
            monkeypatch.setattr(module, name, self._counted(getattr(module, name)))

    def _counted[**P, T](self, step: Callable[P, T]) -> Callable[P, T]:
        def do(*args: P.args, **kwargs: P.kwargs) -> T:
            if self.left == 0:
                self._stop()
            self.left -= 1
            return step(*args, **kwargs)

        return do


def _exit() -> None:
    os._exit(9)


def _salvage_and_die(path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> bool:
    """Salvage in a process that is killed after so many steps; tell whether it was."""
    child = os.fork()
    if child == 0:
        _Stop(monkeypatch, _exit).left = steps
        try:
            salvage(path)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def _opens_as_it_is(path: Path) -> bool:
    """Tell whether somebody who comes now would use the file, as the store does."""
    assert path.exists(), "an empty outbox would be made here"
    if is_log_damaged(path):
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
            check(connection)
    except Exception:  # noqa: BLE001 - whatever it is, it will be salvaged
        return False
    return True


def _in_log(outbox: Outbox) -> Outbox:
    log = Damage(LOG_HEADER + 5 * FRAME + 1000, b"damage").apply(outbox.log)
    return Outbox(outbox.file, log, {}, {})


def _in_header(outbox: Outbox) -> Outbox:
    return Outbox(Damage(0, b"\xff" * 100).apply(outbox.file), outbox.log, {}, {})


def _in_leaf(outbox: Outbox) -> Outbox:
    places = _map_of(outbox).places.values()
    first = min(part.start for place in places for part in place.file)
    page = Damage(first // PAGE_SIZE * PAGE_SIZE, bytes(PAGE_SIZE))
    return Outbox(page.apply(outbox.file), outbox.log, {}, {})


@pytest.mark.parametrize(
    ("damage", "has_links"),
    [(_in_log, True), (_in_header, True), (_in_leaf, True), (_in_log, False)],
)
def test_a_kill_at_any_moment(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Outbox], Outbox],
    *,
    has_links: bool,
) -> None:
    """Either the damaged file is there and salvaged next time, or the good new one."""
    outbox = small()
    damaged = damage(outbox)
    assert damaged != outbox
    if not has_links:
        monkeypatch.setattr(os, "link", _refuse)
    found = _recovered(damaged.file, damaged.log)
    expected = {one: _held(row) for one, row in found.items()}
    was_killed, steps, ready = True, 0, 0
    while was_killed:
        _start_anew(path, damaged)
        was_killed = _salvage_and_die(path, monkeypatch, steps)
        if _opens_as_it_is(path):
            ready += 1
        else:
            _salvage_and_die(path, monkeypatch, steps // 2)
        if not _opens_as_it_is(path):
            salvage(path)
        assert _rows(path) == expected
        assert not log_of(path).exists()
        assert _is_kept(path, damaged)
        steps += 1
    assert steps > 15
    assert ready > 1


def _start_anew(path: Path, outbox: Outbox) -> None:
    for leftover in path.parent.iterdir():
        leftover.unlink()
    outbox.save(path)


def _is_kept(path: Path, outbox: Outbox) -> bool:
    """Tell whether a damaged file lies somewhere, its log beside it."""
    return any(
        kept.read_bytes() == outbox.file and log_of(kept).read_bytes() == outbox.log
        for kept in path.parent.glob("budgero.entry.damaged*.db")
    )


def _refuse(*args: object, **kwargs: object) -> None:
    raise PermissionError


def _fail() -> None:
    raise OSError(30, "Read-only file system")


def test_a_disk_that_refuses_at_any_moment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an error, nothing is lost, and it works once the disk does."""
    outbox = small()
    damaged = _in_header(outbox)
    stop = _Stop(monkeypatch, _fail)
    steps, is_done = 0, False
    while not is_done:
        _start_anew(path, damaged)
        before = _files(path)
        stop.left = steps
        try:
            salvage(path)
        except StorageError:
            if path.read_bytes() == damaged.file:
                assert _files(path).items() >= before.items()
        else:
            is_done = stop.left > 0
        stop.left = -1
        if not _opens_as_it_is(path):
            salvage(path)
        _assert_saved(path, outbox)
        assert _is_kept(path, damaged)
        steps += 1
    assert steps > 15
