"""Telling whether a file is the outbox itself, or a restored or cloned copy."""

from dataclasses import dataclass
from pathlib import Path
import sqlite3
from typing import Final

from ..policy import Hold
from ..rows import State
from . import facts
from .files import is_there

_INODE: Final = "inode"
_RUNNING: Final = "running"
_IN_BACKUP: Final = "in_backup"

FLEETING: Final = frozenset({_INODE, _RUNNING, _IN_BACKUP})
"""Facts that hold for one file and one run of the program only; no new file gets
them."""


@dataclass(frozen=True, slots=True)
class Traces:
    """What the disk tells about a file; the values are empty if there is none."""

    inode: str = ""
    changed_at: str = ""
    has_log: bool = False

    @classmethod
    def of(cls, path: Path) -> Traces:
        """Read them from the disk.

        Raises:
            OSError: the disk cannot be read.
        """
        try:
            found = path.stat()
        except FileNotFoundError:
            return cls()
        has_log = is_there(path.with_name(path.name + "-wal"))
        return cls(str(found.st_ino), str(found.st_ctime_ns), has_log)


def note_begin(connection: sqlite3.Connection, path: Path) -> None:
    """Record the file's inode, and that it is in use."""
    facts.put(connection, _INODE, Traces.of(path).inode)
    facts.put(connection, _RUNNING, "yes")


def note_end(connection: sqlite3.Connection) -> None:
    """Record that the file was closed in good order."""
    facts.put(connection, _RUNNING, "no")


def note_backup(connection: sqlite3.Connection, path: Path) -> None:
    """Record when the main file changed last; it does not change while it is copied."""
    facts.put(connection, _IN_BACKUP, Traces.of(path).changed_at)


def forget_backup(connection: sqlite3.Connection) -> None:
    """Record that the file is not being copied."""
    facts.drop(connection, _IN_BACKUP)


def is_copy(connection: sqlite3.Connection, traces: Traces) -> bool:
    """Return whether the file was restored, or belongs to a cloned machine.

    A copy has another inode, or was changed after the backup that made it began. A copy
    without the log is told by that: a file that was not closed in good order must have
    one.
    """
    has_ended = facts.get(connection, _RUNNING) != "yes"
    return (
        facts.get(connection, _INODE) not in (None, traces.inode)
        or facts.get(connection, _IN_BACKUP) not in (None, traces.changed_at)
        or not (has_ended or traces.has_log)
    )


def distrust(connection: sqlite3.Connection) -> None:
    """Hold what waits in a copy, because the original may have sent it meanwhile.

    It may have asked about accepted transactions as well, so they are in doubt.
    """
    connection.execute(
        "UPDATE transactions SET in_doubt = 1,"
        " held = iif(state = :waiting, :hold, held)"
        " WHERE state IN (:waiting, :accepted)",
        {
            "waiting": State.WAITING,
            "accepted": State.ACCEPTED,
            "hold": Hold.RESTORED,
        },
    )
