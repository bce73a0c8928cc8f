"""The one SQLite database behind the stand-in, in memory or in a file."""

from pathlib import Path
import sqlite3

_SCHEMA = """
CREATE TABLE IF NOT EXISTS spaces (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, key BLOB NOT NULL,
    created_at TEXT NOT NULL, is_primary INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS blobs (
    space_id TEXT PRIMARY KEY, version INTEGER NOT NULL, source TEXT NOT NULL,
    content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS users (id TEXT PRIMARY KEY, created_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS push_tokens (
    text TEXT PRIMARY KEY, space_id TEXT NOT NULL, is_enabled INTEGER NOT NULL,
    created_at TEXT NOT NULL, last_used TEXT
);
CREATE TABLE IF NOT EXISTS push_queue (
    sequence INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, space_id TEXT NOT NULL,
    message_id TEXT, payload TEXT NOT NULL, status TEXT NOT NULL, error TEXT,
    created_at TEXT NOT NULL, processed_at TEXT
);
CREATE INDEX IF NOT EXISTS push_queue_message ON push_queue (space_id, message_id);
CREATE TABLE IF NOT EXISTS budgets (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, currency TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS accounts (
    id INTEGER PRIMARY KEY, budget_id INTEGER NOT NULL, name TEXT NOT NULL,
    currency TEXT NOT NULL, archived INTEGER NOT NULL,
    opening_balance INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS categories (
    id INTEGER PRIMARY KEY, budget_id INTEGER NOT NULL, name TEXT NOT NULL,
    category_group TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS labels (
    id INTEGER PRIMARY KEY, budget_id INTEGER NOT NULL, name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS payees (
    id INTEGER PRIMARY KEY, budget_id INTEGER NOT NULL, name TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS bookings (
    id INTEGER PRIMARY KEY, budget_id INTEGER NOT NULL, account_id INTEGER NOT NULL,
    category_id INTEGER NOT NULL, date TEXT NOT NULL, month TEXT NOT NULL,
    inflow INTEGER NOT NULL, outflow INTEGER NOT NULL, memo TEXT NOT NULL,
    payee TEXT, label_id INTEGER, transfer_id TEXT,
    conversion_pending INTEGER NOT NULL, queue_id TEXT NOT NULL, message_id TEXT,
    cleared INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS splits (
    booking_id INTEGER NOT NULL, position INTEGER NOT NULL, inflow INTEGER NOT NULL,
    outflow INTEGER NOT NULL, category_id INTEGER, transfer_account_id INTEGER,
    memo TEXT NOT NULL, payee TEXT NOT NULL, PRIMARY KEY (booking_id, position)
);
CREATE TABLE IF NOT EXISTS mutations (id TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS device_memories (
    sequence INTEGER PRIMARY KEY, device TEXT NOT NULL, mutation_id TEXT NOT NULL,
    UNIQUE (device, mutation_id)
);
CREATE TABLE IF NOT EXISTS push_references (
    message_id TEXT PRIMARY KEY, booking_id INTEGER NOT NULL
);
CREATE VIEW IF NOT EXISTS balances AS
SELECT accounts.id, opening_balance + coalesce(sum(inflow - outflow), 0) AS balance
FROM accounts LEFT JOIN bookings ON bookings.account_id = accounts.id
GROUP BY accounts.id;
"""


class Snapshot(bytes):
    """A whole database as it was at one moment."""


def connect(path: Path | None) -> sqlite3.Connection:
    """Open the database; without a path it lives in memory.

    What is written survives the end of the process, not a loss of power.
    """
    connection = sqlite3.connect(path or ":memory:", autocommit=True)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA synchronous = OFF")
    connection.executescript(_SCHEMA)
    return connection


def take_snapshot(connection: sqlite3.Connection) -> Snapshot:
    """Copy the whole database."""
    return Snapshot(connection.serialize())


def restore_snapshot(connection: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Put the whole database back to what it was."""
    source = sqlite3.connect(":memory:")
    try:
        source.deserialize(snapshot)
        source.backup(connection)
    finally:
        source.close()
