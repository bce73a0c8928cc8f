"""Files that only their owner can read, and that a power cut does not lose."""

import os
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


def write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; return when it is on disk."""
    path.unlink(missing_ok=True)
    with os.fdopen(
        os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE), "wb"
    ) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(path: Path) -> None:
    """Write the folder of a file to the disk, so that new names in it are not lost."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
