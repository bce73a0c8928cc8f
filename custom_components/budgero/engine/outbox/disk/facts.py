"""What the outbox remembers beside its transactions: short texts under a name."""

from math import isfinite
import sqlite3

from .schema import FACTS


def get(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a remembered fact.

    Raises:
        UnreadableOutboxError: it is damaged.
    """
    found = connection.execute(
        "SELECT name, value, checksum FROM facts WHERE name = ?", (name,)
    ).fetchone()
    return None if found is None else str(FACTS.read(tuple(found))["value"])


def get_number(connection: sqlite3.Connection, name: str) -> float | None:
    """Return a remembered number; `None` if there is none, or it is no number.

    Raises:
        UnreadableOutboxError: it is damaged.
    """
    try:
        number = float(get(connection, name) or "")
    except ValueError:
        return None
    return number if isfinite(number) else None


def put(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a fact."""
    connection.execute(
        "INSERT INTO facts (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def drop(connection: sqlite3.Connection, name: str) -> None:
    """Forget a fact."""
    connection.execute("DELETE FROM facts WHERE name = ?", (name,))
