"""The form of the outbox's file, and telling whether a file has it."""

import sqlite3
from typing import Final
import zlib

from .errors import NewerOutboxError, UnreadableOutboxError

APPLICATION: Final = 0x42554447  # "BUDG"
VERSION: Final = 1
PAGE_SIZE: Final = 4096
"""Bytes; always the same, so that a file whose header is lost can be read."""

_SCHEMA: Final = f"""
PRAGMA page_size = {PAGE_SIZE};
BEGIN;
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
    leftover TEXT,
    leftover_id TEXT,
    in_question INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    failed_by TEXT,
    seen_at REAL,
    announced INTEGER NOT NULL DEFAULT 0,
    replaces TEXT,
    has_old_key INTEGER NOT NULL DEFAULT 0,
    run TEXT,
    uptime REAL,
    behind INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX transactions_due ON transactions (state, held, not_before, seq);
CREATE INDEX transactions_overview ON transactions
    (state, held, operation, seen_at, announced, created_at, accepted_at);
CREATE INDEX transactions_accepted ON transactions (accepted_at)
    WHERE accepted_at IS NOT NULL;
CREATE INDEX transactions_target ON transactions (target, seq)
    WHERE target IS NOT NULL;
CREATE INDEX transactions_leftover ON transactions (leftover)
    WHERE leftover IS NOT NULL;
CREATE INDEX transactions_in_question ON transactions (accepted_at, seq, operation)
    WHERE in_question = 1;
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
COMMIT;
"""


def checksum(message_id: str, payload: str) -> int:
    """Return what tells whether a transaction came through damage intact."""
    return zlib.crc32(f"{message_id}\n{payload}".encode())


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file."""
    connection.executescript(_SCHEMA)


def check(connection: sqlite3.Connection) -> None:
    """Refuse a file that is foreign, newer or damaged.

    Raises:
        NewerOutboxError: a newer version wrote it.
        UnreadableOutboxError: it is damaged, or something else.
    """
    [application] = connection.execute("PRAGMA application_id").fetchone()
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise UnreadableOutboxError("The file is no outbox")
    if version > VERSION:
        raise NewerOutboxError("A newer version wrote this outbox")
    if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise UnreadableOutboxError("The outbox file is damaged")
