"""A restored or cloned outbox is held; what only looks like one is not."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
import shutil

import pytest

from custom_components.budgero.engine.outbox import Hold, Row, State, StorageError
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Accepted

from .helpers import DIGEST, Disk, append, new_sealed, unfinished
from .house import House


def _copy(source: Path, target: Path, ends: tuple[str, ...] = ("", "-wal")) -> None:
    """Copy a file and its log, one after the other, as a backup does."""
    target.parent.mkdir(exist_ok=True)
    for end in ends:
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{source}{end}", f"{target}{end}")


def _copy_file_alone(source: Path, target: Path) -> None:
    _copy(source, target, ("",))


def _read(path: Path, *ends: str) -> dict[str, bytes]:
    """Return what is in a file and its companions."""
    return {end: Path(f"{path}{end}").read_bytes() for end in ends}


def _write_back(path: Path, content: dict[str, bytes]) -> None:
    """Write into files; they stay the same ones for the disk. Others go."""
    for end in ("-wal", "-shm"):
        if end not in content:
            Path(f"{path}{end}").unlink(missing_ok=True)
    for end, part in content.items():
        with Path(f"{path}{end}").open("r+b") as file:
            file.write(part)
            file.truncate()


def _move(source: Path, target: Path) -> None:
    for end in ("", "-wal"):
        Path(f"{source}{end}").rename(f"{target}{end}")


def _size(path: Path) -> int:
    return path.stat().st_size


@asynccontextmanager
async def _opened(path: Path) -> AsyncIterator[Store]:
    store = Store(path)
    await store.open()
    try:
        yield store
    finally:
        await store.close()


async def _kill(store: Store, disk: Disk) -> None:
    """Let the process die; what is left of it here ends, and touches no file."""
    disk.kill()
    with suppress(StorageError):
        await store.close()


@asynccontextmanager
async def _killed(path: Path, disk: Disk) -> AsyncIterator[Store]:
    """Open an outbox in a process that dies in the end."""
    store = Store(path)
    await store.open()
    yield store
    await _kill(store, disk)


async def _rows(path: Path) -> list[Row]:
    async with _opened(path) as store:
        return await unfinished(store)


async def _is_held(path: Path) -> bool:
    """Open an outbox, and tell whether it takes itself for a copy."""
    [row] = await _rows(path)
    assert row.in_doubt is (row.held is Hold.RESTORED)
    return row.held is Hold.RESTORED


# Copies


@pytest.mark.parametrize("copy", [_copy, _copy_file_alone])
async def test_a_copy_made_while_running_is_held(
    path: Path, tmp_path: Path, disk: Disk, copy: Callable[[Path, Path], None]
) -> None:
    """What waits in it may have been delivered since."""
    async with _opened(path) as store:
        await append(store)
        await store.begin_backup()
        copy(path, tmp_path / "copy")
    assert await _is_held(tmp_path / "copy")
    assert not await _is_held(path)


async def test_a_copy_of_a_closed_file_is_held(path: Path, tmp_path: Path) -> None:
    """A cold backup is as old as any other."""
    async with _opened(path) as store:
        await append(store)
    _copy(path, tmp_path / "copy")
    assert await _is_held(tmp_path / "copy")


async def test_a_file_written_back_without_its_log_is_held(
    path: Path, disk: Disk
) -> None:
    """Its writer had not come to an end, so there was a log."""
    async with _killed(path, disk) as store:
        await append(store)
        await store.begin_backup()
        content = _read(path, "")
    _write_back(path, content)
    assert await _is_held(path)


async def test_a_copy_stays_held_until_a_person_decides(
    path: Path, tmp_path: Path
) -> None:
    """Opening it again makes it no original; what comes later flows."""
    copy = tmp_path / "copy"
    async with _opened(path) as store:
        await append(store, "old")
    _copy(path, copy)
    async with _opened(copy) as store:
        await append(store, "new")
    old, new = await _rows(copy)
    assert (old.message_id, old.held, old.in_doubt) == ("old", Hold.RESTORED, True)
    assert (new.message_id, new.held, new.in_doubt) == ("new", None, False)


async def test_only_what_waits_is_held(path: Path, tmp_path: Path) -> None:
    """What was accepted before the copy stays so; a question may have left since."""
    async with _opened(path) as store:
        await append(store, "waits")
        await append(store, "accepted")
        await store.waiting.accept(Accepted("accepted", "queue"), 60)
        before = await store.get("accepted")
    _copy(path, tmp_path / "copy")
    async with _opened(tmp_path / "copy") as store:
        assert (await store.review.overview()).held == {Hold.RESTORED: 1}
        assert before is not None
        assert await store.get("accepted") == replace(before, in_doubt=True)


async def test_a_person_discards_what_was_restored(path: Path, tmp_path: Path) -> None:
    """One by one, or all at once: they may have been delivered, and stay known."""
    async with _opened(path) as store:
        for message_id in ("one", "two", "three"):
            await append(store, message_id)
    _copy(path, tmp_path / "copy")
    async with _opened(tmp_path / "copy") as store:
        await store.review.remove("one")
        assert await store.holds.discard(Hold.RESTORED, ["one", "two", "three"]) == 2
        assert (await store.review.counts()).removed == 3
        assert (await store.review.overview()).held == {}
        assert not (await store.append(new_sealed("two"), DIGEST)).is_new


@pytest.mark.usefixtures("hurry")
async def test_what_was_delivered_since_is_not_sent_twice(
    house: House, tmp_path: Path
) -> None:
    """After a person's word the server knows the delivered one, and takes the other."""
    delivered = await house.add("delivered")
    copy = tmp_path / "copy"
    await house.store.begin_backup()
    _copy(house.path, copy)
    house.start()
    await house.until(delivered, State.ACCEPTED)
    await house.close()

    house.path = copy
    await house.open()
    house.start()
    later = await house.add("later")
    await house.until(later, State.ACCEPTED)
    assert (await house.row(delivered)).state is State.WAITING
    assert len(house.pushes(delivered)) == 1
    await house.sender.release(Hold.RESTORED)
    await house.until(delivered, State.ACCEPTED)
    house.server.apply()
    memos = [booking.memo for booking in house.server.bookings]
    assert memos == ["delivered", "later"]


# No copies


async def test_a_kill_makes_no_copy(path: Path, disk: Disk) -> None:
    """Whatever the process did last."""
    async with _killed(path, disk) as store:
        await append(store)
    assert not await _is_held(path)


async def test_a_kill_right_after_the_making_makes_no_copy(
    path: Path, disk: Disk
) -> None:
    """Before anything was written into the new file, or while it was."""
    disk.refused = "BEGIN IMMEDIATE"
    store = Store(path)
    with pytest.raises(StorageError):
        await store.open()
    await _kill(store, disk)
    disk.refused = None
    async with _opened(path) as store:
        await append(store)
    assert not await _is_held(path)


async def test_a_kill_in_a_backup_makes_no_copy(path: Path, disk: Disk) -> None:
    """The file is as it was when the backup began."""
    async with _killed(path, disk) as store:
        await append(store)
        await store.begin_backup()
    assert not await _is_held(path)


async def test_a_kill_with_an_empty_log_makes_no_copy(path: Path, disk: Disk) -> None:
    """Right after the beginning of a backup it is empty, but it is there."""
    async with _killed(path, disk) as store:
        await append(store)
        disk.refused = "INSERT INTO facts"
        with pytest.raises(StorageError):
            await store.begin_backup()
    disk.refused = None
    assert _size(Path(f"{path}-wal")) == 0
    assert not await _is_held(path)


async def test_kill_after_kill_makes_no_copy(path: Path, disk: Disk) -> None:
    """A process that dies again and again as soon as it has opened the file."""
    async with _opened(path) as store:
        await append(store)
    for _ in range(3):
        async with _killed(path, disk):
            pass
    assert not await _is_held(path)


async def test_a_failed_commit_makes_no_copy(path: Path, disk: Disk) -> None:
    """Its file is opened anew, and may then be closed, or left by a kill."""
    for end_well in (True, False):
        store = Store(path)
        await store.open()
        disk.lost_commits = 1
        with pytest.raises(StorageError):
            await append(store)
        if end_well:
            await store.close()
        else:
            await _kill(store, disk)
    async with _opened(path) as store:
        await append(store)
    assert not await _is_held(path)


async def test_an_end_that_cannot_be_noted_makes_no_copy(
    path: Path, disk: Disk
) -> None:
    """The log stays then, as after a kill."""
    store = Store(path)
    await store.open()
    await append(store)
    disk.refused = "INSERT INTO facts"
    await store.close()
    disk.refused = None
    assert not await _is_held(path)


@pytest.mark.parametrize("refused", ["BEGIN IMMEDIATE", "INSERT INTO facts", "COMMIT"])
async def test_an_opening_that_fails_makes_no_copy(
    path: Path, disk: Disk, refused: str
) -> None:
    """After a kill, and while the disk takes nothing."""
    async with _killed(path, disk) as store:
        await append(store)
    disk.refused = refused
    with pytest.raises(StorageError):
        await Store(path).open()
    disk.refused = None
    assert not await _is_held(path)


@pytest.mark.parametrize("refused", ["BEGIN IMMEDIATE", "INSERT INTO facts", "COMMIT"])
async def test_an_opening_that_fails_hides_no_copy(
    path: Path, tmp_path: Path, disk: Disk, refused: str
) -> None:
    """The next one finds it out."""
    copy = tmp_path / "copy"
    async with _opened(path) as store:
        await append(store)
    _copy(path, copy)
    disk.refused = refused
    with pytest.raises(StorageError):
        await Store(copy).open()
    disk.refused = None
    assert await _is_held(copy)


async def test_a_move_makes_no_copy(path: Path, tmp_path: Path, disk: Disk) -> None:
    """A file that is kept and adopted later is the same one."""
    async with _killed(path, disk) as store:
        await append(store)
    _move(path, tmp_path / "moved")
    assert not await _is_held(tmp_path / "moved")


async def test_a_restored_backup_is_held_whatever_its_inode(
    path: Path, disk: Disk
) -> None:
    """A new file often gets the number of the one that was deleted before it."""
    async with _killed(path, disk) as store:
        await append(store)
        await store.begin_backup()
        content = _read(path, "", "-wal")
        await store.end_backup()
    _write_back(path, content)
    assert await _is_held(path)


async def test_a_reload_in_a_backup_makes_no_copy(path: Path, disk: Disk) -> None:
    """Nor does a commit that fails, or a kill, after it."""
    async with _opened(path) as store:
        await append(store)
        await store.begin_backup()
    store = Store(path)
    await store.open(in_backup=True)
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await append(store)
    assert (await store.review.overview()).held == {}
    await _kill(store, disk)
    assert not await _is_held(path)


async def test_a_backup_that_has_ended_leaves_nothing(path: Path, disk: Disk) -> None:
    """The file may change again, and be left by a kill."""
    async with _killed(path, disk) as store:
        message_id = await append(store)
        await store.begin_backup()
        await store.end_backup()
        for _ in range(3):
            await store.review.remove(await append(store))
        await store.begin_backup()
        await store.end_backup()
    assert [row.message_id for row in await _rows(path)] == [message_id]
    assert not await _is_held(path)
