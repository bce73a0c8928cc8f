"""Putting a new file in the place of a damaged one that has a log.

Replacing a file and deleting the log beside it are two steps, and SQLite would apply an
old log to a new file. So in between a note lies in the place of the file. It says where
the damaged file was put.
"""

from contextlib import suppress
from itertools import count
from pathlib import Path
import re
from typing import Final

from ...private_files import PRIVATE, sync_folder, write
from ..disk.files import is_there
from ..disk.schema import PAGE_SIZE
from .wal import log_of

_NOTE: Final = "This outbox is being mended. What is left of it lies in "


def mended(path: Path) -> Path:
    """Return the path of the new file before it is put in place."""
    return path.with_name(path.name + ".mended")


def noted(path: Path, content: bytes) -> Path | None:
    """Return the path of the damaged file, if a note with that path is in its place.

    The note may be damaged as well. It is recognised because it is smaller than any
    outbox and the new file is there already; it then means the file that was kept last.
    """
    files = _kept_files(path)
    name = content.removeprefix(_NOTE.encode())
    for kept in files:
        if name != content and kept.name.encode() == name:
            return kept
    if len(content) < PAGE_SIZE and is_there(mended(path)) and files:
        last = files[-1]
        return last if _has_same_log(path, last) else None
    return None


def _kept_files(path: Path) -> list[Path]:
    """Return the damaged files that were kept, in the order of their numbers."""
    numbered: dict[int, Path] = {}
    for file in path.parent.iterdir():
        if (number := _number_of(file, path)) is not None:
            numbered[number] = file
    return [numbered[number] for number in sorted(numbered)]


def _number_of(file: Path, path: Path) -> int | None:
    """Return the number of a kept file, `None` for other files."""
    name = (
        rf"{re.escape(path.stem)}\.damaged(?:~([1-9][0-9]*))?{re.escape(path.suffix)}"
    )
    if (found := re.fullmatch(name, file.name, re.ASCII)) is None:
        return None
    return int(found[1] or 1)


def _has_same_log(path: Path, kept: Path) -> bool:
    """Return whether a kept log is the same as a file's log, if that has one."""
    log, other = log_of(path), log_of(kept)
    return not is_there(log) or (
        is_there(other) and log.read_bytes() == other.read_bytes()
    )


def set_aside(path: Path, content: bytes, log: bytes | None) -> Path:
    """Keep a damaged file and its log under other names, and put a note in their place.

    Raises:
        OSError: a file cannot be written; the damaged one is still in its place.
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
        _drop(note)  # the copies stay, because the note may be in place all the same
        raise
    return kept


def put_in_place(new: Path, path: Path) -> None:
    """Delete the log of the damaged file, then put a new file in place of the note.

    Raises:
        OSError: the file cannot be read or written.
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
    """Return a free path for a damaged file, or the one that a killed run has used.

    Its number is higher than those of all files kept before.
    """
    files = _kept_files(path)
    last = _number_of(files[-1], path) if files else 1
    for number in count(last or 1):
        again = f"~{number}" if number > 1 else ""
        kept = path.with_name(f"{path.stem}.damaged{again}{path.suffix}")
        if _is_usable(kept, path) and _is_usable(log_of(kept), log_of(path)):
            break
    return kept


def _is_usable(kept: Path, file: Path) -> bool:
    return not is_there(kept) or (is_there(file) and kept.samefile(file))


def _keep(file: Path, kept: Path, content: bytes) -> None:
    """Give a file a second name, or copy it if the disk knows no second names."""
    kept.unlink(missing_ok=True)
    try:
        kept.hardlink_to(file)
    except OSError:
        write(kept, content)
    with suppress(OSError):  # it may belong to another user
        kept.chmod(PRIVATE)
