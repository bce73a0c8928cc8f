"""SQLite by itself, with the outbox's own table and pragmas."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
import sqlite3
import time
from typing import Final

from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.outbox.disk.checksums import keep_checksums
from custom_components.budgero.engine.push import Sealed

from .subjects import DIGEST

_INSERT: Final = (
    "INSERT INTO transactions"
    " (message_id, state, payload, digest, operation, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?)"
)


@contextmanager
def connected(path: Path) -> Iterator[sqlite3.Connection]:
    """Open a file that the outbox has made, as the outbox does."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    try:
        yield connection
    finally:
        connection.close()


def commit_one(connection: sqlite3.Connection, sealed: Sealed) -> None:
    """Put one row on disk."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute(_INSERT, _values(sealed))
    connection.execute("COMMIT")


def commit_all(connection: sqlite3.Connection, sealed: Iterable[Sealed]) -> None:
    """Put many rows on disk in one commit, as the outbox would read them."""
    keep_checksums(connection)
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany(_INSERT, map(_values, sealed))
    connection.execute("COMMIT")


def _values(sealed: Sealed) -> tuple[object, ...]:
    return (
        sealed.message_id,
        State.WAITING,
        sealed.payload,
        DIGEST,
        sealed.operation,
        time.time(),
    )
