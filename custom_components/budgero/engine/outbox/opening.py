"""Opening an outbox, whatever has become of its file."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from .errors import UnreadableOutboxError
from .salvage import Salvaged, salvage
from .store import Store


async def open_store(
    path: Path,
    *,
    in_backup: bool = False,
    report: Callable[[Salvaged], None],
    make: Callable[[Path], Store] = Store,
) -> Store:
    """Open an outbox; of a damaged one save what is intact.

    Args:
        path: of the file.
        in_backup: whether it is being copied right now.
        report: is told what was saved, before anything is done with it.
        make: makes the store.

    Raises:
        ForeignOutboxError: somebody has added triggers or views; it was left as it is.
        NewerOutboxError: a newer version wrote it; it was left as it is.
        StorageError: the disk refuses.
    """
    store = make(path)
    try:
        await store.open(in_backup=in_backup)
    except UnreadableOutboxError:
        report(await asyncio.to_thread(salvage, path))
        store = make(path)
        await store.open(in_backup=in_backup)
    return store
