"""Version 1 of the file: bringing it to the present one, and reading its rows.

Its checksums covered only message id and payload. Of the rest only the form tells
whether it is what was written.
"""

from collections.abc import Sequence
import sqlite3
from typing import Final
import zlib

from .checksums import checksum_sql, provide_checksum
from .columns import CHECKSUM, Fields, Value
from .errors import UnreadableOutboxError
from .reading import check_words
from .schema import FACTS, TABLES, TRANSACTIONS, VERSION

COLUMNS: Final = (
    *("seq", "message_id", "state", "payload", "checksum", "digest", "operation"),
    *("target", "created_at", "held", "attempts", "in_doubt", "not_before"),
    *("queue_id", "accepted_at", "finished_at", "questions", "junk", "error"),
    *("failed_by", "seen_at", "replaces", "has_old_key", "run", "uptime", "behind"),
)
_NAMES_NOW: Final = {"junk": "leftover", "run": "boot"}
_KEPT: Final = {
    name: now
    for name in COLUMNS
    if (now := _NAMES_NOW.get(name, name)) in TRANSACTIONS.names and now != CHECKSUM
}
"""The columns that there are still, and what they are called now."""

_INDEXES: Final = ("due", "overview", "accepted", "target", "junk")


def read_fields(values: Sequence[Value], number: int) -> Fields:
    """Return what the present version keeps of a transaction.

    Args:
        values: as they lie on the disk.
        number: of the row.

    Raises:
        UnreadableOutboxError: they are damaged, or of something else.
    """
    if len(values) != len(COLUMNS):
        raise UnreadableOutboxError("A row of the outbox has another form")
    found = dict(zip(COLUMNS, values, strict=True)) | {"seq": number}
    message_id, payload = str(found["message_id"]), found["payload"]
    content = f"{message_id}\n{payload!s}".encode()
    if payload is not None and zlib.crc32(content) != found[CHECKSUM]:
        raise UnreadableOutboxError("A row of the outbox is damaged")
    columns = {column.name: column for column in TRANSACTIONS.columns}
    fields = {now: columns[now].to_value(found[name]) for name, now in _KEPT.items()}
    if not all(columns[name].takes(value) for name, value in fields.items()):
        raise UnreadableOutboxError("A row of the outbox is damaged")
    check_words(fields)
    return fields


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file to the present version, in one commit.

    Raises:
        UnreadableOutboxError: it is damaged.
    """
    if version == VERSION:
        return
    _check(connection)
    provide_checksum(connection)
    connection.executescript(
        f"""
        BEGIN IMMEDIATE;
        {"".join(f"DROP INDEX transactions_{name};" for name in _INDEXES)}
        ALTER TABLE transactions RENAME TO old_transactions;
        ALTER TABLE facts RENAME TO old_facts;
        {TABLES}
        INSERT INTO transactions ({", ".join(_KEPT.values())})
            SELECT {", ".join(_KEPT)} FROM old_transactions;
        INSERT INTO facts (name, value) SELECT name, value FROM old_facts;
        UPDATE transactions SET checksum = {checksum_sql(TRANSACTIONS)};
        UPDATE facts SET checksum = {checksum_sql(FACTS)};
        DELETE FROM sqlite_sequence WHERE name = 'transactions';
        UPDATE sqlite_sequence SET name = 'transactions';
        DROP TABLE old_transactions;
        DROP TABLE old_facts;
        PRAGMA user_version = {VERSION};
        COMMIT;
        """  # noqa: S608
    )


def _check(connection: sqlite3.Connection) -> None:
    names = connection.execute(
        "SELECT name FROM pragma_table_info('transactions')"
    ).fetchall()
    if tuple(name for (name,) in names) != COLUMNS:
        raise UnreadableOutboxError("The outbox file has another form")
    for row in connection.execute("SELECT * FROM transactions"):
        read_fields(tuple(row), row["seq"])
