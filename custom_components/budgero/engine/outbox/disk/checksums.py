"""Checksums of rows, which triggers keep.

Each connection gets triggers of its own, which are not in the file: before a row is
changed or deleted its checksum must be right, and afterwards it gets a new one. So
damage never gets a right checksum.
"""

import sqlite3
from typing import Final

from ..errors import UnreadableOutboxError
from .columns import CHECKSUM, Column, Table, checksum
from .reading import read_fields
from .schema import FACTS, TRANSACTIONS

_FUNCTION: Final = "row_checksum"

TOO_HIGH: Final = 2**40
"""A row number that no outbox reaches. SQLite numbers new rows from the highest one
on."""


def keep_checksums(connection: sqlite3.Connection) -> None:
    """Let every change that this connection makes check and renew the checksums."""
    connection.execute("PRAGMA temp_store=MEMORY")
    provide_checksum(connection)
    for table in (TRANSACTIONS, FACTS):
        _keep(connection, table)


def provide_checksum(connection: sqlite3.Connection) -> None:
    """Let statements of this connection use `checksum_sql`."""
    connection.create_function(_FUNCTION, -1, checksum, deterministic=True)


def checksum_sql(table: Table, prefix: str = "") -> str:
    """Return the expression for the checksum of a row."""
    values = ", ".join(_value(column, prefix) for column in table.covered)
    return f"{_FUNCTION}({values})"


def _keep(connection: sqlite3.Connection, table: Table) -> None:
    name = table.name
    columns = ", ".join(column.name for column in table.covered)
    damaged = f"OLD.{CHECKSUM} IS NOT {checksum_sql(table, 'OLD.')}"
    # Computed from the stored row, because SQLite may store another form of a number.
    renewal = (
        f"UPDATE {name} SET {CHECKSUM} = {checksum_sql(table)}"  # noqa: S608
        " WHERE rowid = NEW.rowid"
    )
    for event in (f"UPDATE OF {columns}", "DELETE"):
        connection.execute(
            f"CREATE TEMP TRIGGER {name}_check_{event[:6]} BEFORE {event}"
            f" ON main.{name} WHEN {damaged}"
            " BEGIN SELECT RAISE(ABORT, 'damaged'); END"
        )
    for event in ("INSERT", f"UPDATE OF {columns}"):
        connection.execute(
            f"CREATE TEMP TRIGGER {name}_renew_{event[:6]} AFTER {event}"
            f" ON main.{name} BEGIN {renewal}; END"
        )


def _value(column: Column, prefix: str) -> str:
    """Return the SQL of a value: of a text its bytes, because it may be damaged."""
    value = f"{prefix}{column.name}"
    return f"CAST({value} AS BLOB)" if column.kind == "TEXT" else value


def verify(connection: sqlite3.Connection) -> None:
    """Read everything once.

    Raises:
        UnreadableOutboxError: something is not what was written.
    """
    for row in _all(connection, TRANSACTIONS):
        read_fields(tuple(row))
    for row in _all(connection, FACTS):
        FACTS.read(tuple(row))
    _verify_numbers(connection)


def _all(connection: sqlite3.Connection, table: Table) -> sqlite3.Cursor:
    return connection.execute(f"SELECT {', '.join(table.names)} FROM {table.name}")  # noqa: S608


def _verify_numbers(connection: sqlite3.Connection) -> None:
    """Check the number from which SQLite goes on to number rows."""
    [highest] = connection.execute("SELECT max(seq) FROM transactions").fetchone()
    found = connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall()
    match [tuple(row) for row in found]:
        case []:
            is_sound = highest is None
        case [("transactions", int(last))]:
            is_sound = (highest or 0) <= last < TOO_HIGH
        case _:
            is_sound = False
    if not is_sound:
        raise UnreadableOutboxError("The numbers of the rows are damaged")
