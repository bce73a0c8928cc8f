"""The files of a killed process, read without changing them."""

from dataclasses import dataclass
from pathlib import Path
import shutil
import sqlite3
from tempfile import TemporaryDirectory

_PARTS = ("", "-wal", "-journal")
_ON_ITS_WAY = ("waiting", "accepted")


@dataclass(frozen=True, slots=True)
class StoredRow:
    """A transaction in the file of the outbox."""

    message_id: str
    state: str
    payload: str | None
    held: str | None = None

    @property
    def is_on_its_way(self) -> bool:
        """Whether it is still to be booked, so that it must be there to send."""
        return self.state in _ON_ITS_WAY


def read_image(outbox: Path) -> dict[str, StoredRow]:
    """Return what a copy of the file holds, by message id.

    SQLite recovers a file when it is opened, and that is left to the next process. So a
    copy is read.
    """
    with TemporaryDirectory() as folder:
        copy = Path(folder) / outbox.name
        for part in _PARTS:
            source = outbox.with_name(outbox.name + part)
            if source.exists():
                shutil.copy(source, copy.with_name(copy.name + part))
        connection = sqlite3.connect(copy)
        try:
            return {row.message_id: row for row in _read_rows(connection)}
        finally:
            connection.close()


def _read_rows(connection: sqlite3.Connection) -> list[StoredRow]:
    made = "SELECT 1 FROM sqlite_schema WHERE name = 'transactions'"
    if connection.execute(made).fetchone() is None:
        return []  # killed before there was anything in it
    rows = connection.execute(
        "SELECT message_id, state, payload, held FROM transactions"
    )
    return [StoredRow(*row) for row in rows]
