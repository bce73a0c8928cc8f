"""A log that lost commits is noticed by the index that a killed process leaves."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.engine.outbox.salvage import is_log_damaged, log_of
from custom_components.budgero.engine.outbox.store import Store

from .damaged import FRAME, LOG_HEADER
from .helpers import Disk, append


async def _killed(path: Path, disk: Disk) -> None:
    """Write some, and leave the files as the death of the process does."""
    store = Store(path)
    await store.open()
    for _ in range(5):
        await append(store)
    disk.kill()
    with suppress(StorageError):
        await store.close()


def _spoil(path: Path, spoil: Callable[[bytes], bytes]) -> None:
    path.write_bytes(spoil(path.read_bytes()))


def _index_of(path: Path) -> Path:
    return path.with_name(path.name + "-shm")


async def test_an_intact_log(path: Path, disk: Disk) -> None:
    """The index says nothing that is not so."""
    await _killed(path, disk)
    assert not is_log_damaged(path)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda log: log[:-FRAME],
        lambda log: log[: LOG_HEADER + FRAME],
        lambda log: log[:LOG_HEADER],
        lambda log: log[:10],
        lambda log: b"",
        lambda log: log[:-10] + b"\xff" * 10,
    ],
    ids=["frame", "most", "header", "half a header", "all", "last frame"],
)
async def test_a_log_that_lost_commits(
    path: Path, disk: Disk, spoil: Callable[[bytes], bytes]
) -> None:
    """Without the index it would look like one that never had them."""
    await _killed(path, disk)
    _spoil(log_of(path), spoil)
    assert is_log_damaged(path)


@pytest.mark.parametrize(
    "spoil",
    [lambda index: index[:20], lambda index: b"\0" + index[1:], lambda index: b""],
)
async def test_an_index_that_is_damaged_says_nothing(
    path: Path, disk: Disk, spoil: Callable[[bytes], bytes]
) -> None:
    """Only what is certain counts."""
    await _killed(path, disk)
    _spoil(_index_of(path), spoil)
    assert not is_log_damaged(path)
    _spoil(log_of(path), lambda log: log[:-FRAME])
    assert not is_log_damaged(path)


async def test_a_log_whose_commits_are_in_the_file(path: Path, disk: Disk) -> None:
    """It may go: nothing is lost with it."""
    store = Store(path)
    await store.open()
    await append(store)
    await store.begin_backup()
    assert not is_log_damaged(path)
    await append(store)
    await store._database.read(  # noqa: SLF001
        lambda connection: connection.execute(
            "PRAGMA wal_checkpoint(PASSIVE)"
        ).fetchall()
    )
    disk.kill()
    with suppress(StorageError):
        await store.close()
    _spoil(log_of(path), lambda log: log[:LOG_HEADER])
    assert not is_log_damaged(path)
