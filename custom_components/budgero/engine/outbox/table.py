"""The table of transactions: reading, adding and changing rows."""

from collections.abc import Collection, Mapping
import sqlite3
from typing import Final

from ..push.models import Operation, Sealed
from .clock import Stamp
from .disk.reading import read_row
from .disk.schema import TRANSACTIONS
from .errors import UnknownTransactionError
from .policy import Hold
from .rows import UNFINISHED, Row, State

_COLUMNS: Final = ", ".join(TRANSACTIONS.names)
_INSERT: Final = (
    "INSERT INTO transactions (message_id, state, payload, digest,"
    " operation, target, created_at, held, not_before, replaces, boot, uptime, behind,"
    " logged_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)


def select(
    connection: sqlite3.Connection, clauses: str, values: tuple[object, ...]
) -> list[Row]:
    """Return the transactions that the clauses after WHERE choose.

    Raises:
        UnreadableOutboxError: one of them is damaged.
    """
    found = connection.execute(
        f"SELECT {_COLUMNS} FROM transactions WHERE {clauses}", values
    )
    return [read_row(tuple(row)) for row in found]


def find(connection: sqlite3.Connection, message_id: str) -> Row | None:
    """Return a transaction, `None` if there is none with this id."""
    rows = select(connection, "message_id = ?", (message_id,))
    return rows[0] if rows else None


def find_same(connection: sqlite3.Connection, sealed: Sealed) -> Row | None:
    """Return a transaction under way that makes this one superfluous, `None` without.

    Only deletions of the same transaction and tests of the space key can be
    superfluous.
    """
    if sealed.operation not in (Operation.DELETE, Operation.TEST):
        return None
    rows = select(
        connection,
        "operation = ? AND target IS ? AND state IN (?, ?)",
        (sealed.operation, sealed.target, State.WAITING, State.ACCEPTED),
    )
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
    stamp: Stamp,
    *,
    held: Hold | None,
    is_dated: bool = False,
    not_before: float = 0.0,
    replaces: str | None = None,
    logged_by: str | None = None,
) -> Row:
    """Add a transaction that waits.

    Args:
        connection: to the database.
        sealed: what to push.
        digest: of its content.
        stamp: when it was appended.
        held: why it is not pushed.
        is_dated: whether its date was taken from a clock that may be wrong.
        not_before: when to push it first, in seconds since the epoch.
        replaces: message id of the one that it is sent again for.
        logged_by: id of whoever logged it.
    """
    connection.execute(
        _INSERT,
        (
            sealed.message_id,
            State.WAITING,
            sealed.payload,
            digest,
            sealed.operation,
            sealed.target,
            stamp.at,
            held,
            not_before,
            replaces,
            stamp.boot if is_dated else None,
            stamp.uptime,
            stamp.behind,
            logged_by,
        ),
    )
    return Row(
        message_id=sealed.message_id,
        state=State.WAITING,
        payload=sealed.payload,
        digest=digest,
        operation=sealed.operation,
        target=sealed.target,
        created_at=stamp.at,
        held=held,
        attempts=0,
        in_doubt=False,
        not_before=not_before,
        queue_id=None,
        accepted_at=None,
        questions=0,
        error=None,
        failed_by=None,
        replaces=replaces,
        has_old_key=False,
        leftover=None,
        leftover_id=None,
        in_question=False,
        logged_by=logged_by,
    )


def change(
    connection: sqlite3.Connection,
    row: Row,
    guard: Mapping[str, object],
    **columns: object,
) -> bool:
    """Change a transaction if it is as the guard says; return whether it was.

    Args:
        connection: to the database.
        row: the transaction.
        guard: the values that columns must have.
        columns: the values that they get.
    """
    changes = ", ".join(f"{name} = ?" for name in columns)
    conditions = "".join(f" AND {name} IS ?" for name in guard)
    done = connection.execute(
        f"UPDATE transactions SET {changes} WHERE message_id = ?{conditions}",
        (*columns.values(), row.message_id, *guard.values()),
    )
    return done.rowcount > 0


def finish(connection: sqlite3.Connection, row: Row, **columns: object) -> bool:
    """Record that a transaction is booked: its payload is deleted, id and times stay.

    If it was a deletion, the deleted transaction is removed. Returns whether it was
    still in its state.

    Args:
        connection: to the database.
        row: the transaction.
        columns: further values that it gets.
    """
    is_done = change(
        connection,
        row,
        {"state": row.state},
        state=State.PROCESSED,
        payload=None,
        in_doubt=False,
        in_question=False,
        **columns,
    )
    if row.operation is Operation.DELETE and row.target is not None:
        if (target := find(connection, row.target)) is not None:
            remove(connection, target)
    return is_done


def remove(connection: sqlite3.Connection, row: Row) -> None:
    """Record that a person removed a transaction; its payload is deleted."""
    change(
        connection,
        row,
        {},
        state=State.REMOVED,
        payload=None,
        in_doubt=False,
        held=None,
        in_question=False,
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
