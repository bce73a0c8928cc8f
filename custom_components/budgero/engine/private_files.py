"""Files for their owner only, which no power cut loses."""

import os
from pathlib import Path
from typing import Final

PRIVATE: Final = 0o600


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
