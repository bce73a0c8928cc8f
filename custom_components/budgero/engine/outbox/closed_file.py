"""Looking for a transaction in a file that no outbox has open."""

from contextlib import closing
from pathlib import Path
import sqlite3

from . import table
from .errors import StorageError, UnreadableOutboxError
from .files import is_there, storage_errors
from .rows import Row


def find_in_file(path: Path, message_id: str) -> Row | None:
    """Return a transaction from a file that is not open; the file stays as it is.

    Blocks while it reads.

    Raises:
        StorageError: the disk refuses.
        UnreadableOutboxError: the file is damaged, or of another version.
    """
    with storage_errors():
        if not is_there(path):
            return None
        has_log = is_there(path.with_name(f"{path.name}-wal"))
    # Without a log to read there is nothing to lock either, so no file is made.
    way = "mode=ro" if has_log else "immutable=1"
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?{way}", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            connection.text_factory = bytes.decode
            return table.find(connection, message_id)
    except sqlite3.OperationalError as error:
        raise StorageError(
            f"The file cannot be read ({error.sqlite_errorname})"
        ) from None
    except sqlite3.DatabaseError, ValueError:
        raise UnreadableOutboxError("The file is damaged") from None
