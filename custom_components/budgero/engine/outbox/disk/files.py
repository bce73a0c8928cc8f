"""Files that must not be taken for missing."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import StorageError


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
