"""Looking for a transaction in a file that no outbox has open."""

from pathlib import Path
import shutil
import sqlite3

import pytest

from custom_components.budgero.engine.outbox import (
    ClosedFile,
    State,
    StorageError,
    UnreadableOutboxError,
)
from custom_components.budgero.engine.outbox.salvage import log_of
from custom_components.budgero.engine.outbox.store import Store

from .helpers import append


async def _written(store: Store) -> str:
    """Return the id of what is in the file of a store, which is closed."""
    message_id = await append(store)
    await store.close()
    return message_id


def _files(path: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in path.parent.iterdir()}


async def test_found(store: Store, path: Path) -> None:
    """The file stays as it is, and none is added."""
    message_id = await _written(store)
    before = _files(path)
    row = ClosedFile(path).find(message_id)
    assert row is not None
    assert (row.message_id, row.state) == (message_id, State.WAITING)
    assert ClosedFile(path).find("another") is None
    assert _files(path) == before


async def test_found_in_the_log(store: Store, path: Path, tmp_path: Path) -> None:
    """What a killed Home Assistant left in the log is found, too."""
    message_id = await append(store)
    killed = tmp_path / "killed" / path.name
    killed.parent.mkdir()
    for end in ("", "-wal"):
        file = path.with_name(path.name + end)
        killed.with_name(file.name).write_bytes(file.read_bytes())
    await store.close()
    assert ClosedFile(killed).find(message_id) is not None


async def test_a_name_with_signs(store: Store, path: Path, tmp_path: Path) -> None:
    """A folder may have any name."""
    message_id = await _written(store)
    strange = tmp_path / "a?b #ü%20"
    strange.mkdir()
    moved = Path(shutil.move(path, strange / path.name))
    assert ClosedFile(moved).find(message_id) is not None


def test_no_file(tmp_path: Path) -> None:
    """None is made."""
    assert ClosedFile(tmp_path / "none.db").find("an-id") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"no outbox" * 1000, b""])
def test_something_else(tmp_path: Path, content: bytes) -> None:
    """It is no outbox."""
    path = tmp_path / "else.db"
    path.write_bytes(content)
    with pytest.raises((UnreadableOutboxError, StorageError)):
        ClosedFile(path).find("an-id")


async def test_damaged_state(store: Store, path: Path) -> None:
    """A word that no version has written is damage."""
    message_id = await _written(store)
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE transactions SET state = 'wAiting'")
    connection.close()
    with pytest.raises(UnreadableOutboxError):
        ClosedFile(path).find(message_id)


def test_disk_refuses(tmp_path: Path) -> None:
    """What cannot be looked at is not taken for missing."""
    path = tmp_path / "loop.db"
    path.symlink_to(path)
    with pytest.raises(StorageError):
        ClosedFile(path).find("an-id")


def test_keeping_files(tmp_path: Path) -> None:
    """Each gets a name that is free, with its log, and the oldest comes first."""
    place, kept = tmp_path / "kept.db", []
    for number in range(2):
        file = ClosedFile(tmp_path / f"{number}.db")
        assert not file.is_there()
        log_of(file.path).write_text(f"log {number}")
        assert file.is_there()
        file.path.write_text(f"file {number}")
        kept.append(file.keep(place))
        assert not file.is_there()
    assert kept == [place, tmp_path / "kept~2.db"]
    assert [file.path for file in ClosedFile(place).numbered()] == kept
    for number, path in enumerate(kept):
        assert path.read_text() == f"file {number}"
        assert log_of(path).read_text() == f"log {number}"
        ClosedFile(path).delete()
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_to_move(tmp_path: Path) -> None:
    """It says so as the outbox does."""
    file = ClosedFile(tmp_path / "a.db")
    file.path.write_text("file")
    with pytest.raises(StorageError):
        file.move(tmp_path / "no folder" / "a.db")
    assert file.is_there()
