"""Files that must not be taken for missing, nor be lost by a power cut."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
from typing import Final

from .errors import StorageError

PRIVATE: Final = 0o600


def inode_of(path: Path) -> int | None:
    """Return what tells a file from others on its disk, `None` if there is none.

    Raises:
        OSError: the disk cannot tell.
    """
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return None


def is_there(path: Path) -> bool:
    """Return whether there is such a file.

    `Path.exists` says no as well when the disk cannot tell, and then a file would
    be made in the place of another one.

    Raises:
        OSError: the disk cannot tell.
    """
    return inode_of(path) is not None


@contextmanager
def storage_errors() -> Iterator[None]:
    """Raise what the disk refuses within as `StorageError`, without paths."""
    try:
        yield
    except OSError as error:
        raise StorageError(f"The disk refused ({type(error).__name__})") from None


def write(path: Path, content: bytes) -> None:
    """Write a file for its owner only, through to the disk."""
    path.unlink(missing_ok=True)
    with os.fdopen(
        os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE), "wb"
    ) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Write through to the disk which files lie beside a file."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
