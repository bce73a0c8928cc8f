"""The form of the outbox's file, and checking whether a file has it."""

from contextlib import closing
from pathlib import Path
import sqlite3
from typing import Final

from ..errors import ForeignOutboxError, NewerOutboxError, UnreadableOutboxError
from .columns import Table

APPLICATION: Final = 0x42554447  # "BUDG"
VERSION: Final = 3
"""Goes up with every new column, and with every new member of an enumeration in a
column: an earlier version would take an unknown value for damage."""

PAGE_SIZE: Final = 4096
"""Bytes; always the same, so that a file whose header is lost can be read."""

MAGIC: Final = b"SQLite format 3\0"
"""What every SQLite file starts with."""

_HEADER_SIZE: Final = 100
_FIXED: Final = (
    (0, MAGIC + PAGE_SIZE.to_bytes(2)),
    (20, bytes((0, 64, 32, 32))),
    (44, (4).to_bytes(4)),  # the form of the schema
    (52, bytes(4)),  # no automatic vacuum
    (56, (1).to_bytes(4)),  # UTF-8
    (64, bytes(4)),
    (72, bytes(20)),
)
"""What never changes in the header of an outbox, and where it stands."""

_VERSIONS: Final = (b"\1\1", b"\2\2")
_VERSIONS_AT: Final = slice(18, 20)
"""The versions of SQLite's format for writing and reading: without a log, and with
one."""

TABLES: Final = """
CREATE TABLE transactions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL,
    payload TEXT,
    checksum INTEGER NOT NULL DEFAULT 0,
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
    announced INTEGER NOT NULL DEFAULT 0,
    replaces TEXT,
    has_old_key INTEGER NOT NULL DEFAULT 0,
    boot TEXT,
    uptime REAL,
    behind INTEGER NOT NULL DEFAULT 0,
    logged_by TEXT
) STRICT;
CREATE INDEX transactions_due ON transactions (state, held, not_before, seq);
CREATE INDEX transactions_overview ON transactions
    (state, held, operation, announced, created_at, accepted_at);
CREATE INDEX transactions_accepted ON transactions (accepted_at)
    WHERE accepted_at IS NOT NULL;
CREATE INDEX transactions_target ON transactions (target, seq)
    WHERE target IS NOT NULL;
CREATE INDEX transactions_undated ON transactions (state, held, boot, behind, seq)
    WHERE boot IS NOT NULL;
CREATE INDEX transactions_leftover ON transactions (leftover)
    WHERE leftover IS NOT NULL;
CREATE INDEX transactions_in_question ON transactions (accepted_at, seq, operation)
    WHERE in_question = 1;
CREATE INDEX transactions_logged_by ON transactions (logged_by, seq)
    WHERE logged_by IS NOT NULL;
CREATE TABLE facts (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    checksum INTEGER NOT NULL DEFAULT 0
) STRICT;
"""


_FOREIGN: Final = frozenset({"trigger", "view"})

type _Schema = frozenset[tuple[str, str, str, str | None]]


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file."""
    connection.executescript(
        f"""
        PRAGMA page_size = {PAGE_SIZE};
        BEGIN;
        {TABLES}
        PRAGMA application_id = {APPLICATION};
        PRAGMA user_version = {VERSION};
        COMMIT;
        """
    )


def check(connection: sqlite3.Connection) -> int:
    """Refuse a file that is foreign, newer or damaged; return its version.

    Raises:
        NewerOutboxError: a newer version wrote it.
        ForeignOutboxError: another program has added triggers or views.
        UnreadableOutboxError: it is damaged, or something else.
    """
    [application] = connection.execute("PRAGMA application_id").fetchone()
    [version] = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION:
        raise UnreadableOutboxError("The file is no outbox")
    if version > VERSION:
        raise NewerOutboxError("A newer version wrote this outbox")
    schema = _schema_of(connection)
    if any(kind in _FOREIGN for kind, *_ in schema):
        raise ForeignOutboxError("The outbox file has triggers or views")
    if version == VERSION and schema != _OURS:
        raise UnreadableOutboxError("The outbox file has another form")
    if connection.execute("PRAGMA integrity_check(1)").fetchone()[0] != "ok":
        raise UnreadableOutboxError("The outbox file is damaged")
    if version == VERSION and not connection.execute(_INDEXES_FIT).fetchone()[0]:
        raise UnreadableOutboxError("An index of the outbox is damaged")
    return int(version)


def is_header_damaged(path: Path) -> bool:
    """Return whether the first bytes of a file are not those of an outbox.

    Raises:
        OSError: the file cannot be read or written.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER_SIZE)
    except FileNotFoundError:
        return True
    return head[_VERSIONS_AT] not in _VERSIONS or any(
        head[at : at + len(fixed)] != fixed for at, fixed in _FIXED
    )


def _schema_of(connection: sqlite3.Connection) -> _Schema:
    found = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema")
    return frozenset(tuple(row) for row in found)


def _read_own_form() -> tuple[_Schema, Table, Table]:
    """Return the schema and the tables of a new file, as SQLite reports them."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        create(connection)
        return (
            _schema_of(connection),
            Table.of(connection, "transactions"),
            Table.of(connection, "facts"),
        )


def _compare_indexes(schema: _Schema) -> str:
    """Return a query that tells whether each index has as many rows as it should.

    The integrity check looks whether all are there, but not in every index whether
    there are more, and it takes any empty page for an empty index.
    """
    comparisons = []
    for kind, name, table, sql in sorted(schema, key=str):
        if kind == "index":
            _, where, condition = (sql or "").partition("WHERE")
            rows = f"SELECT count(*) FROM {table}"  # noqa: S608
            comparisons.append(
                f"({rows} INDEXED BY {name} {where}{condition})"
                f" = ({rows} NOT INDEXED {where}{condition})"
            )
    return f"SELECT {' AND '.join(comparisons)}"


_OURS, TRANSACTIONS, FACTS = _read_own_form()
_INDEXES_FIT: Final = _compare_indexes(_OURS)
