"""SQLite connections to the outbox's file: how they begin and end, and their errors."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
import os
from pathlib import Path
import sqlite3
import stat
from typing import Final

from ...private_files import PRIVATE, sync_folder
from ..errors import OutboxError, StorageError, UnreadableOutboxError
from ..salvage import is_log_damaged
from .schema import is_header_damaged

TROUBLE: Final = (sqlite3.Error, OSError, UnicodeDecodeError, UnreadableOutboxError)
"""After these errors a connection is not used any more; opening the next one finds the
cause."""

_NOT_A_DATABASE: Final = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT)
_DAMAGED: Final = (
    sqlite3.SQLITE_IOERR_SHORT_READ,  # the file ends before it should
    sqlite3.SQLITE_CONSTRAINT_TRIGGER,  # a checksum is wrong
)

_CHECKPOINT_PAGES: Final = 1000


def make_file(path: Path, create: Callable[[sqlite3.Connection], None]) -> None:
    """Make a file for its owner only, complete or not at all.

    Args:
        path: of the file.
        create: fills it.
    """
    new = path.with_name(path.name + ".new")
    new.unlink(missing_ok=True)
    os.close(os.open(new, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
    with closing(connect(new)) as connection:
        create(connection)
    new.rename(path)
    sync_folder(path)


def connect(path: Path) -> sqlite3.Connection:
    """Open a file whose commits are flushed to the disk."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.text_factory = bytes.decode
    try:
        connection.execute("PRAGMA synchronous=FULL")
    except BaseException:
        abandon(connection)
        raise
    return connection


def abandon(connection: sqlite3.Connection) -> None:
    """Close a connection that is in trouble; its log stays as it is."""
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
    connection.close()


def set_checkpoints(connection: sqlite3.Connection, *, are_allowed: bool) -> None:
    """Let SQLite copy its log into the main file from time to time, or never."""
    pages = _CHECKPOINT_PAGES if are_allowed else 0
    connection.execute(f"PRAGMA wal_autocheckpoint={pages}").fetchall()


def write_through(connection: sqlite3.Connection, path: Path) -> None:
    """Bring what the log says into the main file, and to disk.

    Raises:
        UnreadableOutboxError: the file or its log is damaged.
        StorageError: another program reads it.
    """
    refuse_damage(path)  # the main file has what the log may have lost
    is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if is_busy:
        raise StorageError("The disk refused (busy)")


def refuse_damage(path: Path) -> None:
    """Refuse a damaged file, part of which SQLite would ignore without an error.

    Raises:
        UnreadableOutboxError: it is damaged.
    """
    if is_log_damaged(path) or is_header_damaged(path):
        raise UnreadableOutboxError("The outbox file is damaged")


def make_private(path: Path) -> None:
    """Withdraw access of other users, which a restored copy may allow."""
    if stat.S_IMODE(path.stat().st_mode) != PRIVATE:
        with suppress(OSError):  # the file may belong to another user, and can be used
            path.chmod(PRIVATE)


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit what is done within; after an error the connection must not be used."""
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("COMMIT")


def to_outbox_error(error: Exception) -> OutboxError:
    """Return an error of SQLite or the disk as one of the outbox, without paths."""
    if isinstance(error, OutboxError):
        return error
    code = getattr(error, "sqlite_errorcode", 0)
    if (
        isinstance(error, UnicodeDecodeError)
        or code & 0xFF in _NOT_A_DATABASE
        or code in _DAMAGED
    ):
        return UnreadableOutboxError("The outbox file is damaged")
    name = getattr(error, "sqlite_errorname", None) or type(error).__name__
    return StorageError(f"The disk refused ({name})")
