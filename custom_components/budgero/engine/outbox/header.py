"""The first bytes of the outbox's file, most of which SQLite believes without a look.

See "The Database Header" in SQLite's file format.
"""

from pathlib import Path
from typing import Final

from .schema import PAGE_SIZE

MAGIC: Final = b"SQLite format 3\0"
"""What every SQLite file starts with."""

_SIZE: Final = 100
_FIXED: Final = (
    (0, MAGIC + PAGE_SIZE.to_bytes(2)),
    (20, bytes((0, 64, 32, 32))),
    (44, (4).to_bytes(4)),  # the form of the schema
    (52, bytes(4)),  # vacuums itself: no
    (56, (1).to_bytes(4)),  # UTF-8
    (64, bytes(4)),
    (72, bytes(20)),
)
"""What never changes in a file of ours, and where it stands."""

_VERSIONS: Final = (b"\1\1", b"\2\2")
_VERSIONS_AT: Final = slice(18, 20)
"""Of the format, to write and to read: without and with a log."""


def is_header_damaged(path: Path) -> bool:
    """Tell whether the first bytes of a file are not those of an outbox.

    Raises:
        OSError: the disk refuses.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_SIZE)
    except FileNotFoundError:
        return True
    return head[_VERSIONS_AT] not in _VERSIONS or any(
        head[at : at + len(fixed)] != fixed for at, fixed in _FIXED
    )
