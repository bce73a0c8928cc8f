"""What the outbox remembers beside its transactions: short texts under a name."""

import sqlite3


def get(connection: sqlite3.Connection, name: str) -> str | None:
    """Return a remembered fact."""
    found = connection.execute(
        "SELECT value FROM facts WHERE name = ?", (name,)
    ).fetchone()
    return None if found is None else str(found[0])


def put(connection: sqlite3.Connection, name: str, value: str) -> None:
    """Remember a fact."""
    connection.execute(
        "INSERT INTO facts VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def drop(connection: sqlite3.Connection, name: str) -> None:
    """Forget a fact."""
    connection.execute("DELETE FROM facts WHERE name = ?", (name,))
