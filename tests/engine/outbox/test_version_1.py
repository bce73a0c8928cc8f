"""A file of version 1 becomes one of this version, and nothing of it changes."""

from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Final
import zlib

import pytest

from custom_components.budgero.engine.outbox import (
    Hold,
    State,
    StorageError,
    UnreadableOutboxError,
)
from custom_components.budgero.engine.outbox.disk.schema import VERSION
from custom_components.budgero.engine.outbox.rows import Leftover
from custom_components.budgero.engine.outbox.salvage import log_of, salvage
from custom_components.budgero.engine.outbox.store import Store

from .helpers import Disk, append, largest_file

SCHEMA: Final = """
PRAGMA page_size = 4096;
CREATE TABLE transactions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    payload TEXT,
    checksum INTEGER NOT NULL,
    digest BLOB NOT NULL,
    operation TEXT NOT NULL,
    target TEXT,
    created_at REAL NOT NULL,
    held TEXT,
    attempts INTEGER NOT NULL DEFAULT 0,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    queue_id TEXT,
    accepted_at REAL,
    finished_at REAL,
    questions INTEGER NOT NULL DEFAULT 0,
    junk TEXT,
    error TEXT,
    failed_by TEXT,
    seen_at REAL,
    replaces TEXT,
    has_old_key INTEGER NOT NULL DEFAULT 0,
    run TEXT,
    uptime REAL,
    behind INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX transactions_due ON transactions (state, held, not_before, seq);
CREATE INDEX transactions_overview ON transactions
    (state, held, operation, seen_at, created_at, accepted_at);
CREATE INDEX transactions_accepted ON transactions (accepted_at)
    WHERE accepted_at IS NOT NULL;
CREATE INDEX transactions_target ON transactions (target, seq)
    WHERE target IS NOT NULL;
CREATE INDEX transactions_junk ON transactions (junk) WHERE junk IS NOT NULL;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
PRAGMA application_id = 0x42554447;
PRAGMA user_version = 1;
"""
INSERT: Final = (
    "INSERT INTO transactions (message_id, state, payload, checksum, digest,"
    " operation, created_at, attempts, queue_id, accepted_at, junk)"
    " VALUES (?, ?, ?, ?, x'07', 'add', 1.8e9, ?, ?, ?, 'pending')"
)


def _make(path: Path) -> None:
    """Make a file as version 1 left it after a kill: with a log."""
    path.parent.mkdir(exist_ok=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(SCHEMA)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("INSERT INTO facts VALUES ('hold_workspace', 'yes')")
        for number, state in enumerate(("waiting", "accepted", "processed", "gone")):
            message_id = f"old-{number}"
            payload = None if state == "processed" else f"payload-{number}"
            checksum = zlib.crc32(f"{message_id}\npayload-{number}".encode())
            known = ("queue", 1.9e9) if state == "accepted" else (None, None)
            connection.execute(
                INSERT, (message_id, state, payload, checksum, number, *known)
            )
        connection.execute("DELETE FROM transactions WHERE state = 'gone'")
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)


def _spoil(path: Path, good: bytes, bad: bytes) -> None:
    content = path.read_bytes()
    assert good in content
    path.write_bytes(content.replace(good, bad))


async def _check(path: Path, held: Hold | None = None) -> None:
    for _ in range(2):
        store = Store(path)
        await store.open()
        waiting, accepted, processed = [
            await store.get(f"old-{number}") for number in range(3)
        ]
        assert waiting is not None
        assert accepted is not None
        assert processed is not None
        assert (waiting.state, waiting.payload) == (State.WAITING, "payload-0")
        assert (waiting.held, waiting.digest) == (held, b"\x07")
        assert (waiting.created_at, waiting.attempts) == (1.8e9, 0)
        assert (accepted.state, accepted.attempts) == (State.ACCEPTED, 1)
        assert accepted.leftover is Leftover.PENDING
        assert (accepted.queue_id, accepted.accepted_at) == ("queue", 1.9e9)
        assert (processed.state, processed.payload) == (State.PROCESSED, None)
        await store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (VERSION,)


async def test_everything_is_taken_over(path: Path) -> None:
    """Rows and facts; a number that was given is not given again."""
    _make(path)
    await _check(path)
    store = Store(path)
    await store.open()
    assert store.holds.standing == (Hold.WORKSPACE,)
    await append(store, "new")
    await store.close()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT max(seq) FROM transactions").fetchone() == (
            5,
        )


@pytest.mark.parametrize("refused", ["BEGIN IMMEDIATE", "SELECT name FROM pragma"])
async def test_a_disk_that_refuses(path: Path, disk: Disk, refused: str) -> None:
    """The file stays what it was, and the next opening brings it here."""
    _make(path)
    disk.refused = refused
    with pytest.raises(StorageError):
        await Store(path).open()
    disk.refused = None
    await _check(path)


async def test_a_full_disk(path: Path) -> None:
    """In the middle of it."""
    _make(path)
    size = log_of(path).stat().st_size
    with largest_file(size + 10 * 4096), pytest.raises(StorageError):
        await Store(path).open()
    await _check(path)


@pytest.mark.parametrize(
    ("good", "bad"),
    [(b"payload-0", b"paYload-0"), (b"waiting", b"waitIng"), (b"behind", b"beHind")],
)
async def test_damage(path: Path, good: bytes, bad: bytes) -> None:
    """It is not signed as what was written; what is intact is saved."""
    _make(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not log_of(path).exists()
    _spoil(path, good, bad)
    with pytest.raises(UnreadableOutboxError):
        await Store(path).open()
    saved = salvage(path).saved
    assert saved == (2 if good == b"behind" else 1)
    if saved == 2:
        await _check(path, held=Hold.RESTORED)
