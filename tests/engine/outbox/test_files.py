"""A file that the disk cannot look at is not taken for missing."""

import asyncio
from pathlib import Path
import sqlite3

import pytest

from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.engine.outbox.disk.database import Database
from custom_components.budgero.engine.outbox.disk.files import is_there, storage_errors
from custom_components.budgero.engine.outbox.disk.schema import create
from custom_components.budgero.engine.outbox.store import Store

from .helpers import append, unfinished


def _hide(path: Path) -> Path:
    """Let no look get through to a file; return where it is now."""
    kept = path.with_name("kept")
    if path.exists():
        path.rename(kept)
    path.symlink_to(path.name)
    return kept


def _is_untouched(path: Path) -> bool:
    """Return whether a hidden file is as it was, with nothing beside it."""
    return path.is_symlink() and list(path.parent.iterdir()) == [path]


@pytest.fixture
def unclear(path: Path) -> Path:
    """Something that is there, and that no look gets through to."""
    path.parent.mkdir(exist_ok=True)
    _hide(path)
    return path


def test_is_there(path: Path) -> None:
    """A plain yes or no where the disk can tell."""
    path.parent.mkdir()
    assert not is_there(path)
    path.touch()
    assert is_there(path)


def test_a_disk_that_cannot_tell(unclear: Path) -> None:
    """No is another answer than none."""
    with pytest.raises(OSError, match="symbolic links"):
        is_there(unclear)
    with (
        pytest.raises(StorageError, match=r"^The disk refused \(OSError\)$"),
        storage_errors(),
    ):
        is_there(unclear)


def _do_nothing(connection: sqlite3.Connection) -> None:
    """Leave it as it is."""


async def test_nothing_is_put_in_its_place(unclear: Path) -> None:
    """The outbox may be there all the same."""
    with pytest.raises(StorageError):
        await Store(unclear).open()
    database = Database(unclear, create=create, prepare=_do_nothing, leave=_do_nothing)
    with pytest.raises(StorageError):
        await database.open(_do_nothing)
    assert _is_untouched(unclear)


async def test_what_was_there_is_there_afterwards(path: Path) -> None:
    """A disk that cannot be looked at for a moment hides no transaction for good."""
    store = Store(path)
    await store.open()
    message_id = await append(store)
    await store.close()
    kept = _hide(path)
    store = Store(path)
    with pytest.raises(StorageError):
        await store.open()
    await asyncio.to_thread(kept.replace, path)
    store = Store(path)
    await store.open()
    assert [row.message_id for row in await unfinished(store)] == [message_id]
    await store.close()
