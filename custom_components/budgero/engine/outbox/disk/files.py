"""Telling a missing file from one that cannot be read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import StorageError


def inode_of(path: Path) -> int | None:
    """Return the inode of a file, `None` if there is no file.

    Raises:
        OSError: the disk cannot be read.
    """
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def is_there(path: Path) -> bool:
    """Return whether there is a file.

    `Path.exists` also says no if the disk cannot be read; a new file would then replace
    the one that is there.

    Raises:
        OSError: the disk cannot be read.
    """
    return inode_of(path) is not None


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raise an `OSError` within as `StorageError`, without paths."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"The disk refused ({type(error).__name__})") from None
