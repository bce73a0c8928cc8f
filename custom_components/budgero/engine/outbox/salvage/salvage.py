"""Saving what is intact in a damaged outbox."""

from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
import fcntl
from io import BufferedRandom
import os
from pathlib import Path
import sqlite3
import time
from typing import Final

from ...private_files import PRIVATE, write
from ..disk import facts
from ..disk.checksums import keep_checksums
from ..disk.columns import CHECKSUM, Fields
from ..disk.copy_check import FLEETING
from ..disk.files import is_there
from ..disk.schema import create
from ..errors import NewerOutboxError, StorageError
from ..policy import KEEP_FINISHED, Hold
from ..rows import UNFINISHED, State
from ..table import marks
from .page_images import DamagedFile
from .recovery import recover
from .swap import mended, noted, put_in_place, set_aside
from .wal import log_of

_LOCKS: Final = (512, 0x40000000)
"""The bytes of a file that SQLite locks while it uses it: how many, and the first
one."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came out of a damaged outbox.

    Attributes:
        saved: how many unfinished transactions were saved.
        kept: the path of the damaged file now; its log lies beside it.
    """

    saved: int
    kept: Path


def salvage(path: Path) -> Salvaged:
    """Put a new outbox with all that is intact in the place of a damaged one.

    Waiting transactions are held and in doubt, because they may have been delivered
    after the version that was found. Finished ones are kept as well, so that a repeated
    call does not append them again. This blocks, and this process must not have the
    file open. If the process is killed meanwhile, the next call continues.

    Raises:
        NewerOutboxError: a newer version wrote the file; it was left as it is.
        StorageError: the file cannot be read or written, or another program uses it.
    """
    try:
        with _locked(path) as file:
            return _salvage(path, file.read())
    except (OSError, sqlite3.Error) as error:
        name = getattr(error, "sqlite_errorname", None) or type(error).__name__
        raise StorageError(f"The outbox could not be mended ({name})") from None


@contextmanager
def _locked(path: Path) -> Iterator[BufferedRandom]:
    """Open a file and lock it against other programs.

    Closing any descriptor of this file in this process releases the POSIX lock.
    """
    flags = os.O_CREAT if is_there(log_of(path)) else 0
    with os.fdopen(os.open(path, os.O_RDWR | flags, PRIVATE), "r+b") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, *_LOCKS)
        yield file


def _salvage(path: Path, content: bytes) -> Salvaged:
    kept = noted(path, content)
    damaged = content if kept is None else kept.read_bytes()
    log = _read(log_of(kept or path))
    new = mended(path)
    try:
        saved = _build(new, DamagedFile(damaged, log or b""))
        if kept is None:
            kept = set_aside(path, content, log)
        put_in_place(new, path)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
    return Salvaged(saved, kept)


def _read(log: Path) -> bytes | None:
    try:
        return log.read_bytes()
    except FileNotFoundError:
        return None


def _build(new: Path, damaged: DamagedFile) -> int:
    """Make a new outbox with what is intact; return how many are unfinished."""
    if damaged.is_newer():
        msg = "A newer version wrote this outbox"
        raise NewerOutboxError(msg)
    write(new, b"")
    with closing(sqlite3.connect(new, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=MEMORY")  # a half-made file is not used
        create(connection)
        keep_checksums(connection)
        found = recover(damaged, time.time() - KEEP_FINISHED)
        connection.execute("BEGIN")
        for fields in map(_held, found.transactions):
            names = [name for name in fields if name != CHECKSUM]
            connection.execute(
                f"INSERT INTO transactions ({', '.join(names)})"  # noqa: S608
                f" VALUES ({marks(names)})",
                [fields[name] for name in names],
            )
        for name, value in found.facts.items():
            if name not in FLEETING:
                facts.put(connection, name, value)
        connection.execute("COMMIT")
    with new.open("rb") as file:
        os.fsync(file.fileno())
    return sum(fields["state"] in UNFINISHED for fields in found.transactions)


def _held(fields: Fields) -> Fields:
    """Hold a waiting transaction until a person decides."""
    if fields["state"] != State.WAITING:
        return fields
    return {**fields, "held": Hold.RESTORED, "in_doubt": 1}
