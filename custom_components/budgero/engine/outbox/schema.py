"""The form of the outbox's file, and telling whether a file has it."""

import sqlite3
from typing import Final

from .errors import NewerOutboxError, UnreadableOutboxError

_APPLICATION: Final = 0x42554447  # "BUDG"
_VERSION: Final = 1
_SCHEMA: Final = f"""
BEGIN;
CREATE TABLE transactions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    payload TEXT,
    digest BLOB NOT NULL,
    created_at REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    in_doubt INTEGER NOT NULL DEFAULT 0,
    not_before REAL NOT NULL DEFAULT 0,
    queue_id TEXT,
    accepted_at REAL,
    finished_at REAL,
    questions INTEGER NOT NULL DEFAULT 0,
    error TEXT,
    failed_by TEXT,
    seen_at REAL,
    replaces TEXT
) STRICT;
CREATE INDEX transactions_due ON transactions (state, not_before, seq);
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_VERSION};
COMMIT;
"""


def prepare(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file; refuse a foreign, newer or damaged one."""
    [application] = connection.execute("PRAGMA application_id").fetchone()
    [version] = connection.execute("PRAGMA user_version").fetchone()
    [objects] = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (application, version, objects) == (0, 0, 0):
        connection.executescript(_SCHEMA)
    elif application != _APPLICATION:
        raise UnreadableOutboxError("The file is no outbox")
    elif version > _VERSION:
        raise NewerOutboxError("A newer version wrote this outbox")
    elif connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
        raise UnreadableOutboxError("The outbox file is damaged")
