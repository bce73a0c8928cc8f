"""Putting a new file in the place of a damaged one that has a log.

The disk has no way to put a file in place and to take another one's log away at once,
and a new file beside an old log would be read as the old one. So there is a note in
the file's place in between, which says where the damaged file lies.
"""

from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Final

from .files import PRIVATE, is_there, sync_folder, write
from .wal import log_of

_NOTE: Final = "This outbox is being mended. What is left of it lies in "


def noted(path: Path, content: bytes) -> Path | None:
    """Return where the damaged file lies, if its place holds a note of that."""
    name = content.removeprefix(_NOTE.encode()).decode(errors="replace")
    if len(name) == len(content) or Path(name).name != name:
        return None
    kept = path.with_name(name)
    return kept if is_there(kept) else None


def set_aside(path: Path, content: bytes, log: bytes | None) -> Path:
    """Keep a damaged file and its log elsewhere, and put a note in their place.

    Raises:
        OSError: the disk refuses; the damaged file is still in its place.
    """
    kept = _free_name(path)
    note = path.with_name(path.name + ".note")
    try:
        write(note, f"{_NOTE}{kept.name}".encode())
        if log is not None:
            _keep(log_of(path), log_of(kept), log)
        _keep(path, kept, content)
        sync_folder(path)
    except OSError:
        _drop(note, kept, log_of(kept))
        raise
    try:
        note.replace(path)
    except OSError:
        _drop(note)  # no more: perhaps the note is in place all the same
        raise
    return kept


def put_in_place(new: Path, path: Path) -> None:
    """Put a file in place of a note; the log of the damaged file goes before.

    Raises:
        OSError: the disk refuses.
    """
    sync_folder(path)
    log_of(path).unlink(missing_ok=True)
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    sync_folder(path)
    new.replace(path)
    sync_folder(path)


def _drop(*files: Path) -> None:
    for file in files:
        with suppress(OSError):
            file.unlink(missing_ok=True)


def _free_name(path: Path) -> Path:
    """Return where nothing lies yet, or what a killed run has kept already."""
    for number in count(1):
        again = f"~{number}" if number > 1 else ""
        kept = path.with_name(f"{path.stem}.damaged{again}{path.suffix}")
        if _is_usable(kept, path) and _is_usable(log_of(kept), log_of(path)):
            break
    return kept


def _is_usable(kept: Path, file: Path) -> bool:
    return not is_there(kept) or (is_there(file) and kept.samefile(file))


def _keep(file: Path, kept: Path, content: bytes) -> None:
    """Give a file a second name, or copy it where files have only one."""
    kept.unlink(missing_ok=True)
    try:
        kept.hardlink_to(file)
    except OSError:
        write(kept, content)
    with suppress(OSError):  # it may belong to another user
        kept.chmod(PRIVATE)
