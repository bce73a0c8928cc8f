"""A new outbox takes the place of a damaged one, and the damaged file is kept."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
import sqlite3
import stat
import subprocess
import sys
from typing import Final

import pytest

from custom_components.budgero.engine.outbox.disk.schema import PAGE_SIZE, VERSION
from custom_components.budgero.engine.outbox.errors import (
    NewerOutboxError,
    StorageError,
)
from custom_components.budgero.engine.outbox.rows import UNFINISHED
from custom_components.budgero.engine.outbox.salvage import (
    Salvaged,
    is_log_damaged,
    log_of,
    salvage,
)

from .damage import Damage
from .damaged import (
    STATE,
    Outbox,
    assert_saved,
    files_beside,
    rows_in,
    with_log,
    without_log,
)
from .helpers import largest_file

VERSION_AT: Final = range(60, 64)

both = pytest.mark.parametrize("make", [without_log, with_log])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox lies."""
    return tmp_path / "budgero.entry.db"


def _unfinished(outbox: Outbox) -> int:
    return sum(row[STATE] in UNFINISHED for row in outbox.rows.values())


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
    assert files_beside(path) == {
        path.name: path.read_bytes(),
        kept.name: file,
        **logs,
    }
    assert_saved(path, outbox)
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
    assert len(files_beside(path)) == 4


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
    assert rows_in(path) == {}


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
    assert rows_in(path) == {}
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
        assert salvage(path).saved > 40
        assert not log_of(path).exists()
        assert rows_in(path).keys() <= outbox.history.keys()


def test_no_file_at_all(path: Path) -> None:
    """There is nothing to save, and nothing is made."""
    with pytest.raises(StorageError):
        salvage(path)
    assert files_beside(path) == {}


@both
def test_a_newer_version_is_not_touched(path: Path, make: Callable[[], Outbox]) -> None:
    """However damaged the rest is."""
    outbox = make()
    file = Damage(VERSION_AT.start, (VERSION + 1).to_bytes(4)).apply(outbox.file)
    file = Damage(PAGE_SIZE, bytes(9 * PAGE_SIZE)).apply(file)
    Outbox(file, outbox.log, {}, {}).save(path)
    before = files_beside(path)
    with pytest.raises(NewerOutboxError):
        salvage(path)
    assert files_beside(path) == before


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
        names = set(files_beside(path))
        inode = path.stat().st_ino
        with pytest.raises(StorageError, match="BlockingIOError"):
            salvage(path)
        assert set(files_beside(path)) == names
        assert path.stat().st_ino == inode
        user.kill()
    salvage(path)
    assert_saved(path, outbox)


def test_a_full_disk(path: Path) -> None:
    """Nothing changes; with room it works."""
    outbox = with_log()
    outbox.save(path)
    before = files_beside(path)
    with largest_file(200_000), pytest.raises(StorageError):
        salvage(path)
    assert files_beside(path) == before
    salvage(path)
    assert_saved(path, outbox)
