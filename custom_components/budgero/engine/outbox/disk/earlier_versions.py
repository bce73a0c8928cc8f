"""Earlier versions of the file: upgrading one to the present, and reading its rows.

The checksums of version 1 covered only message id and payload. Damage of its other
columns shows only if a value has a wrong form.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
import sqlite3
from typing import Final
import zlib

from ..errors import UnreadableOutboxError
from .checksums import checksum_sql, provide_checksum
from .columns import CHECKSUM, Fields, Table, Value
from .reading import check_words
from .schema import FACTS, TABLES, TRANSACTIONS, VERSION


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """A version of the file.

    Attributes:
        columns: of its table of transactions, in their order.
        indexes: of that table, without the name of the table.
        names_now: the present names of the columns that were renamed.
        read: returns what the present version keeps of a transaction; it takes the
            values as they are on the disk, and the number of the row. It raises
            `UnreadableOutboxError` if they are damaged, or of something else.
    """

    columns: tuple[str, ...]
    indexes: tuple[str, ...]
    names_now: Mapping[str, str]
    read: Callable[[Sequence[Value], int], Fields]

    @property
    def kept(self) -> dict[str, str]:
        """The columns that still exist, with their present names."""
        return {
            name: now
            for name in self.columns
            if (now := self.names_now.get(name, name)) in TRANSACTIONS.names
            and now != CHECKSUM
        }


def _read_version_1(values: Sequence[Value], number: int) -> Fields:
    if len(values) != len(_VERSION_1.columns):
        raise UnreadableOutboxError("A row of the outbox has another form")
    found = dict(zip(_VERSION_1.columns, values, strict=True)) | {"seq": number}
    message_id, payload = str(found["message_id"]), found["payload"]
    content = f"{message_id}\n{payload!s}".encode()
    if payload is not None and zlib.crc32(content) != found[CHECKSUM]:
        raise UnreadableOutboxError("A row of the outbox is damaged")
    columns = {column.name: column for column in TRANSACTIONS.columns}
    fields = {
        now: columns[now].to_value(found[name]) for name, now in _VERSION_1.kept.items()
    }
    if not all(columns[name].takes(value) for name, value in fields.items()):
        raise UnreadableOutboxError("A row of the outbox is damaged")
    check_words(fields)
    return fields


_VERSION_1: Final = EarlierVersion(
    columns=(
        "seq",
        "message_id",
        "state",
        "payload",
        "checksum",
        "digest",
        "operation",
        "target",
        "created_at",
        "held",
        "attempts",
        "in_doubt",
        "not_before",
        "queue_id",
        "accepted_at",
        "finished_at",
        "questions",
        "junk",
        "error",
        "failed_by",
        "seen_at",
        "replaces",
        "has_old_key",
        "run",
        "uptime",
        "behind",
    ),
    indexes=("due", "overview", "accepted", "target", "junk"),
    names_now={"junk": "leftover", "run": "boot"},
    read=_read_version_1,
)

_TABLE_2: Final = Table(
    TRANSACTIONS.name,
    [column for column in TRANSACTIONS.columns if column.name != "logged_by"],
)


def _read_version_2(values: Sequence[Value], number: int) -> Fields:
    fields = _TABLE_2.read(_TABLE_2.from_record(values, number))
    check_words(fields)
    return fields


_VERSION_2: Final = EarlierVersion(
    columns=_TABLE_2.names,
    indexes=(
        "due",
        "overview",
        "accepted",
        "target",
        "undated",
        "leftover",
        "in_question",
    ),
    names_now={},
    read=_read_version_2,
)

EARLIER_VERSIONS: Final = {1: _VERSION_1, 2: _VERSION_2}


def migrate(connection: sqlite3.Connection, version: int) -> None:
    """Bring a file to the present version, in one commit.

    Raises:
        UnreadableOutboxError: it is damaged, or of no version that was ever used.
    """
    if version == VERSION:
        return
    if (earlier := EARLIER_VERSIONS.get(version)) is None:
        raise UnreadableOutboxError("The outbox file has another form")
    _check(connection, earlier)
    if version > 1:
        _check_facts(connection)
    provide_checksum(connection)
    kept = earlier.kept
    connection.executescript(
        f"""
        BEGIN IMMEDIATE;
        {"".join(f"DROP INDEX transactions_{name};" for name in earlier.indexes)}
        ALTER TABLE transactions RENAME TO old_transactions;
        ALTER TABLE facts RENAME TO old_facts;
        {TABLES}
        INSERT INTO transactions ({", ".join(kept.values())})
            SELECT {", ".join(kept)} FROM old_transactions;
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


def _check(connection: sqlite3.Connection, earlier: EarlierVersion) -> None:
    names = connection.execute(
        "SELECT name FROM pragma_table_info('transactions')"
    ).fetchall()
    if tuple(name for (name,) in names) != earlier.columns:
        raise UnreadableOutboxError("The outbox file has another form")
    for row in connection.execute("SELECT * FROM transactions"):
        earlier.read(tuple(row), row["seq"])


def _check_facts(connection: sqlite3.Connection) -> None:
    for row in connection.execute("SELECT * FROM facts"):
        FACTS.read(tuple(row))
