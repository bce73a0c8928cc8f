"""A program that fills a small disk of its own with transactions, and frees it again.

It runs where it may mount, and prints how many of its callers were told what.
"""

import asyncio
from dataclasses import asdict, dataclass
import json
from pathlib import Path
import subprocess
import sys
from typing import Final

from custom_components.budgero.engine.outbox import OutboxError, StorageError
from custom_components.budgero.engine.outbox.store import Store

from .helpers import DIGEST, NO_LIMITS, new_sealed

_SIZE: Final = 1 << 20
_BALLAST: Final = _SIZE // 2
_MOST: Final = 10_000
_PAYLOAD: Final = 1000


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was seen.

    Attributes:
        told: calls that were answered before the disk was full.
        readable: transactions that were found while it was full.
        opened_when_full: what opening the outbox on a full disk came to.
        kept: transactions that were found in the end.
        opened_when_read_only: what opening it on a read-only disk came to.
    """

    told: int
    readable: int
    opened_when_full: str
    opened_when_read_only: str
    kept: int


class _SmallDisk:
    """A file system with little room, most of which something else takes."""

    def __init__(self, folder: Path) -> None:
        """Mount it."""
        self._folder = folder
        self._ballast = folder / "ballast"
        self._mount("-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs")
        self.leave_room()
        self._ballast.write_bytes(bytes(_BALLAST))

    def leave_room(self) -> None:
        """Remove what takes the room."""
        self._ballast.unlink(missing_ok=True)

    def fill(self) -> None:
        """Take all the room that there is."""
        with self._ballast.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                return

    def be_read_only(self, *, really: bool) -> None:
        """Let nobody write, or everybody again."""
        self._mount("-o", f"remount,{'ro' if really else 'rw'}")

    def _mount(self, *options: str) -> None:
        subprocess.run(["mount", *options, self._folder], check=True)


async def _append(store: Store, number: int) -> None:
    sealed = new_sealed(f"id-{number}", str(number).zfill(_PAYLOAD))
    await store.append(sealed, DIGEST)


async def _append_until_refused(store: Store) -> int:
    """Return how many were taken; the next one was refused."""
    for number in range(_MOST):
        try:
            await _append(store, number)
        except StorageError:
            return number
    raise AssertionError("the disk was never full")


async def _try_to_open(path: Path) -> str:
    store = Store(path, limits=NO_LIMITS)
    try:
        await store.open()
    except OutboxError as error:
        return type(error).__name__
    await store.close()
    return "opened"


async def _live(folder: Path) -> Report:
    disk = _SmallDisk(folder)
    path = folder / "budgero.db"
    store = Store(path, limits=NO_LIMITS)
    await store.open()
    told = await _append_until_refused(store)
    readable = (await store.review.counts()).waiting
    disk.leave_room()
    await _append(store, told)
    await store.close()
    disk.fill()
    opened_when_full = await _try_to_open(path)
    disk.leave_room()
    disk.be_read_only(really=True)
    opened_when_read_only = await _try_to_open(path)
    disk.be_read_only(really=False)
    store = Store(path, limits=NO_LIMITS)
    await store.open()
    kept = (await store.review.counts()).waiting
    await store.close()
    return Report(
        told=told,
        readable=readable,
        opened_when_full=opened_when_full,
        opened_when_read_only=opened_when_read_only,
        kept=kept,
    )


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(asyncio.run(_live(Path(sys.argv[1]))))))
