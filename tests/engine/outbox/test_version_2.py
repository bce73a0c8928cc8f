"""A file of version 2 becomes one of this version, also if it is damaged."""

from contextlib import closing
from pathlib import Path
import sqlite3

import pytest

from custom_components.budgero.engine.outbox import Hold, UnreadableOutboxError
from custom_components.budgero.engine.outbox.disk.schema import VERSION
from custom_components.budgero.engine.outbox.salvage import log_of, salvage
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import SpaceKey

from .golden import GOLDEN, HELD, SPACE_KEY, STATES, WAITING
from .helpers import append, row_of

FINGERPRINT = SpaceKey.parse(SPACE_KEY).fingerprint
"""Of the key that sealed the file, which is remembered in it."""

ROWS = len(STATES) + len(WAITING) + len(HELD)


@pytest.fixture(autouse=True)
def golden(path: Path) -> None:
    """Put a copy of the file where the outbox lies."""
    path.parent.mkdir()
    path.write_bytes(GOLDEN.read_bytes())


def _version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        [version] = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _spoil(path: Path, word: str) -> None:
    content = path.read_bytes()
    assert word.encode() in content
    path.write_bytes(content.replace(word.encode(), word.upper().encode()))


def _parts(path: Path) -> dict[Path, bytes]:
    return {part: part.read_bytes() for part in (path, log_of(path))}


async def test_opened_twice(path: Path) -> None:
    """The second time it is of this version already."""
    assert _version(path) == VERSION - 1
    for expected in (ROWS, ROWS + 1):
        store = Store(path)
        await store.open()
        with closing(sqlite3.connect(path)) as connection:
            [rows] = connection.execute("SELECT count(*) FROM transactions").fetchone()
        assert rows == expected
        await append(store, f"new-{rows}")
        await store.close()
        assert _version(path) == VERSION


@pytest.mark.parametrize("damaged", ["in-doubt", FINGERPRINT], ids=["row", "fact"])
async def test_damage(path: Path, damaged: str) -> None:
    """It is not signed as what was written: what is intact is saved, and held."""
    _spoil(path, damaged)
    with pytest.raises(UnreadableOutboxError):
        await Store(path).open()
    assert _version(path) == VERSION - 1
    salvage(path)
    assert _version(path) == VERSION
    store = Store(path)
    await store.open()
    lost = {damaged} & {*WAITING}
    for message_id in (*STATES, *WAITING, *HELD):
        row = await store.get(message_id)
        assert (row is None) is (message_id in lost)
    assert (await row_of(store, "waiting")).held is Hold.RESTORED
    assert (await row_of(store, "waiting")).logged_by is None
    await store.close()


async def test_damaged_after_the_change(path: Path) -> None:
    """Rows of both versions lie in the file; the newer ones count."""
    store = Store(path)
    await store.open()
    await append(store, "new")
    parts = _parts(path)
    await store.close()
    for part, content in parts.items():
        part.write_bytes(content)
    _spoil(log_of(path), "in-doubt")
    with pytest.raises(UnreadableOutboxError):
        await Store(path).open()
    salvage(path)
    store = Store(path)
    await store.open()
    for message_id in ("waiting", "accepted", "new"):
        assert await store.get(message_id) is not None
    await store.close()
