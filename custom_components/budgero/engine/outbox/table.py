"""The table of transactions: rows in, rows out."""

from collections.abc import Collection
from dataclasses import fields
import sqlite3
from typing import Final

from ..push.models import Sealed
from .errors import UnknownTransactionError
from .rows import UNFINISHED, FailedBy, Row, State

_COLUMNS: Final = ", ".join(column.name for column in fields(Row))


def select(
    connection: sqlite3.Connection, clauses: str, values: tuple[object, ...]
) -> list[Row]:
    """Return the transactions that the clauses after WHERE choose."""
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM transactions WHERE {clauses}", values
    )
    return [_to_row(row) for row in found]


def find(connection: sqlite3.Connection, message_id: str) -> Row | None:
    """Return a transaction, `None` if there is none with this id."""
    rows = select(connection, "message_id = ?", (message_id,))
    return rows[0] if rows else None


def get(connection: sqlite3.Connection, message_id: str) -> Row:
    """Return a transaction.

    Raises:
        UnknownTransactionError: there is none with this id.
    """
    if (row := find(connection, message_id)) is None:
        raise UnknownTransactionError("No transaction has this message id")
    return row


def insert(
    connection: sqlite3.Connection,
    sealed: Sealed,
    digest: bytes,
    now: float,
    replaces: str | None = None,
) -> Row:
    """Add a transaction that waits."""
    [row] = connection.execute(
        "INSERT INTO transactions"
        " (message_id, state, payload, digest, created_at, replaces)"
        f" VALUES (?, ?, ?, ?, ?, ?) RETURNING {_COLUMNS}",
        (sealed.message_id, State.WAITING, sealed.payload, digest, now, replaces),
    ).fetchall()
    return _to_row(row)


def remove(connection: sqlite3.Connection, row: Row, now: float) -> None:
    """Note that a person took a transaction out; its payload goes."""
    connection.execute(
        "UPDATE transactions SET state = ?, payload = NULL, finished_at = ?"
        " WHERE message_id = ?",
        (State.REMOVED, now, row.message_id),
    )


def _to_row(found: sqlite3.Row) -> Row:
    values = dict(found)
    failed_by = values["failed_by"]
    return Row(
        **{
            **values,
            "state": State(values["state"]),
            "in_doubt": bool(values["in_doubt"]),
            "failed_by": failed_by and FailedBy(failed_by),
        }
    )


def count_unfinished(connection: sqlite3.Connection) -> int:
    """Count the transactions that are not finished."""
    [number] = connection.execute(
        f"SELECT count(*) FROM transactions WHERE state IN ({marks(UNFINISHED)})",
        tuple(UNFINISHED),
    ).fetchone()
    return int(number)


def marks(values: Collection[object]) -> str:
    """Return as many question marks as there are values."""
    return ", ".join("?" * len(values))
