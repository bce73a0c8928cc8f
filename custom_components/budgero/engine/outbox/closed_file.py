"""The file of an outbox while no outbox has it open, and opening it."""

import asyncio
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
import sqlite3

from . import table
from .disk.files import is_there, storage_errors
from .errors import StorageError, UnreadableOutboxError
from .rows import Row
from .salvage import Salvaged, log_of, salvage
from .store import Store


@dataclass(frozen=True, slots=True)
class ClosedFile:
    """The file, and the log and index that belong to it.

    All methods but `count_waiting` block.

    Attributes:
        path: of the file.
    """

    path: Path

    def is_there(self) -> bool:
        """Return whether there is an outbox; a log alone is the rest of a damaged one.

        Raises:
            StorageError: the disk cannot be read.
        """
        with storage_errors():
            return is_there(self.path) or is_there(log_of(self.path))

    def find(self, message_id: str) -> Row | None:
        """Return a transaction; the file stays as it is.

        Raises:
            StorageError: the file cannot be read or written.
            UnreadableOutboxError: the file is damaged, or of another version.
        """
        with storage_errors():
            if not is_there(self.path):
                return None
            has_log = is_there(log_of(self.path))
        # Without a log nothing needs to be locked; `immutable` lets SQLite make no
        # files.
        way = "mode=ro" if has_log else "immutable=1"
        uri = f"{self.path.as_uri()}?{way}"
        try:
            with closing(sqlite3.connect(uri, uri=True)) as connection:
                connection.row_factory = sqlite3.Row
                connection.text_factory = bytes.decode
                return table.find(connection, message_id)
        except sqlite3.OperationalError as error:
            raise StorageError(
                f"The file cannot be read ({error.sqlite_errorname})"
            ) from None
        except sqlite3.DatabaseError, ValueError:
            raise UnreadableOutboxError("The file is damaged") from None

    async def count_waiting(self, *, in_backup: bool = False) -> int:
        """Open the file, and return how many transactions wait in it.

        Args:
            in_backup: whether it is being copied right now.

        Raises:
            ForeignOutboxError: another program added triggers or views.
            NewerOutboxError: a newer version wrote it.
            UnreadableOutboxError: it is damaged.
            StorageError: the file cannot be read or written.
        """
        store = Store(self.path)
        await store.open(in_backup=in_backup)
        try:
            return (await store.review.counts()).waiting
        finally:
            await store.close()

    def numbered(self) -> list[ClosedFile]:
        """Return the files that `keep` has put at this path, oldest first.

        Raises:
            StorageError: the file cannot be read or written.
        """
        pattern = f"{self.path.stem}*{self.path.suffix}"
        with storage_errors():
            return [ClosedFile(path) for path in sorted(self.path.parent.glob(pattern))]

    def keep(self, path: Path) -> Path:
        """Move the file aside; return its new path.

        Args:
            path: where to; an earlier file there stays, and this one gets a number.

        Raises:
            StorageError: the file cannot be read or written.
        """
        number, target = 1, path
        with storage_errors():
            while is_there(target):
                number += 1
                target = path.with_stem(f"{path.stem}~{number}")
        self.move(target)
        return target

    def move(self, path: Path) -> None:
        """Give the file another path.

        Raises:
            StorageError: the file cannot be read or written.
        """
        with storage_errors():
            for old, new in zip(_parts(self.path), _parts(path), strict=True):
                if old.is_symlink() or is_there(old):
                    old.replace(new)

    def delete(self) -> None:
        """Delete the file.

        Raises:
            StorageError: the file cannot be read or written.
        """
        with storage_errors():
            for part in _parts(self.path):
                part.unlink(missing_ok=True)


async def open_store(
    path: Path,
    *,
    in_backup: bool = False,
    report: Callable[[Salvaged], None],
    make: Callable[[Path], Store] = Store,
) -> Store:
    """Open the file of an outbox; if it is damaged, save what is intact.

    Args:
        path: of the file.
        in_backup: whether it is being copied right now.
        report: is told what was saved, before anything is done with it.
        make: makes the store.

    Raises:
        ForeignOutboxError: another program added triggers or views; it was left as it
            is.
        NewerOutboxError: a newer version wrote it; it was left as it is.
        StorageError: the file cannot be read or written.
    """
    store = make(path)
    try:
        await store.open(in_backup=in_backup)
    except UnreadableOutboxError:
        report(await asyncio.to_thread(salvage, path))
        store = make(path)
        await store.open(in_backup=in_backup)
    return store


def _parts(path: Path) -> tuple[Path, ...]:
    return (path, log_of(path), path.with_name(path.name + "-shm"))
