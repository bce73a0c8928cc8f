"""The swap of a damaged outbox for a new one can be stopped at any moment."""

from collections.abc import Callable
from contextlib import closing
import os
from pathlib import Path
import sqlite3
from typing import Final

import pytest

from custom_components.budgero.engine.outbox.disk.schema import PAGE_SIZE, check
from custom_components.budgero.engine.outbox.errors import StorageError
from custom_components.budgero.engine.outbox.salvage import (
    is_log_damaged,
    log_of,
    salvage,
)

from .damage import Damage, map_of, recovered
from .damaged import (
    FRAME,
    LOG_HEADER,
    Outbox,
    as_held,
    assert_saved,
    files_beside,
    rows_in,
    small,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox lies."""
    return tmp_path / "budgero.entry.db"


# What changes the disk, so that a test can stop it in between.
_STEPS: Final = (
    (os, "open"),
    (os, "fsync"),
    (os, "link"),
    (os, "replace"),
    (os, "unlink"),
    (os, "chmod"),
)


class _Stop:
    """Let the disk do so many steps, then stop everything."""

    def __init__(
        self, monkeypatch: pytest.MonkeyPatch, stop: Callable[[], None]
    ) -> None:
        self.left = -1
        self._stop = stop
        for module, name in _STEPS:
            monkeypatch.setattr(module, name, self._counted(getattr(module, name)))

    def _counted[**P, T](self, step: Callable[P, T]) -> Callable[P, T]:
        def do(*args: P.args, **kwargs: P.kwargs) -> T:
            if self.left == 0:
                self._stop()
            self.left -= 1
            return step(*args, **kwargs)

        return do


def _exit() -> None:
    os._exit(9)


def _salvage_and_die(path: Path, monkeypatch: pytest.MonkeyPatch, steps: int) -> bool:
    """Salvage in a process that is killed after so many steps; tell whether it was."""
    child = os.fork()
    if child == 0:
        _Stop(monkeypatch, _exit).left = steps
        try:
            salvage(path)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def _opens_as_it_is(path: Path) -> bool:
    """Tell whether somebody who comes now would use the file, as the store does."""
    assert path.exists(), "an empty outbox would be made here"
    if is_log_damaged(path):
        return False
    try:
        with closing(sqlite3.connect(path)) as connection:
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
            check(connection)
    except Exception:  # noqa: BLE001 - whatever it is, it will be salvaged
        return False
    return True


def _in_log(outbox: Outbox) -> Outbox:
    log = Damage(LOG_HEADER + FRAME + 1000, b"damage").apply(outbox.log)
    return Outbox(outbox.file, log, {}, {})


def _in_header(outbox: Outbox) -> Outbox:
    return Outbox(Damage(0, b"\xff" * 100).apply(outbox.file), outbox.log, {}, {})


def _in_leaf(outbox: Outbox) -> Outbox:
    places = map_of(outbox).places.values()
    first = min(part.start for place in places for part in place.file)
    page = Damage(first // PAGE_SIZE * PAGE_SIZE, bytes(PAGE_SIZE))
    return Outbox(page.apply(outbox.file), outbox.log, {}, {})


@pytest.mark.parametrize(
    ("damage", "has_links"),
    [(_in_log, True), (_in_header, True), (_in_leaf, True), (_in_log, False)],
)
def test_a_kill_at_any_moment(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Outbox], Outbox],
    *,
    has_links: bool,
) -> None:
    """Either the damaged file is there and salvaged next time, or the good new one."""
    outbox = small()
    damaged = damage(outbox)
    assert damaged != outbox
    if not has_links:
        monkeypatch.setattr(os, "link", _refuse)
    found = recovered(damaged.file, damaged.log)
    expected = {one: as_held(row) for one, row in found.items()}
    was_killed, steps, ready = True, 0, 0
    while was_killed:
        _start_anew(path, damaged)
        was_killed = _salvage_and_die(path, monkeypatch, steps)
        if _opens_as_it_is(path):
            ready += 1
        else:
            _salvage_and_die(path, monkeypatch, steps // 2)
        if not _opens_as_it_is(path):
            salvage(path)
        assert rows_in(path) == expected
        assert not log_of(path).exists()
        assert _is_kept(path, damaged)
        steps += 1
    assert steps > 15
    assert ready > 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda note: b"",
        lambda note: bytes(len(note)),
        lambda note: b"\xff" * 512,
        lambda note: note[:40],
        lambda note: note[:-5] + b"\0" + note[-4:],
        lambda note: note[:-8] + b"\xf5" + note[-7:],
        lambda note: b"x" + note[1:],
    ],
    ids=["empty", "zeros", "ones", "cut", "null", "letter", "start"],
)
def test_a_damaged_note(
    path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[bytes], bytes]
) -> None:
    """A kill in between, and then damage to what tells of it: all is found again."""
    damaged = _in_log(small())
    found = recovered(damaged.file, damaged.log)
    expected = {one: as_held(row) for one, row in found.items()}
    was_killed, steps, notes = True, 0, 0
    while was_killed:
        _start_anew(path, damaged)
        path.with_name("budgero.entry.damaged.db").write_bytes(b"kept long before")
        was_killed = _salvage_and_die(path, monkeypatch, steps)
        steps += 1
        content = path.read_bytes()
        if not content.startswith(b"This outbox is being mended"):
            continue
        notes += 1
        path.write_bytes(spoil(content))
        assert salvage(path).kept.name == "budgero.entry.damaged~2.db"
        assert rows_in(path) == expected
        assert _is_kept(path, damaged)
    assert notes > 1


def _start_anew(path: Path, outbox: Outbox) -> None:
    for leftover in path.parent.iterdir():
        leftover.unlink()
    outbox.save(path)


def _is_kept(path: Path, outbox: Outbox) -> bool:
    """Tell whether a damaged file lies somewhere, its log beside it."""
    return any(
        kept.read_bytes() == outbox.file and log_of(kept).read_bytes() == outbox.log
        for kept in path.parent.glob("budgero.entry.damaged*.db")
    )


def _refuse(*args: object, **kwargs: object) -> None:
    raise PermissionError


def _fail() -> None:
    raise OSError(30, "Read-only file system")


def test_a_disk_that_refuses_at_any_moment(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is an error, nothing is lost, and it works once the disk does."""
    outbox = small()
    damaged = _in_header(outbox)
    stop = _Stop(monkeypatch, _fail)
    steps, is_done = 0, False
    while not is_done:
        _start_anew(path, damaged)
        before = files_beside(path)
        stop.left = steps
        try:
            salvage(path)
        except StorageError:
            if path.read_bytes() == damaged.file:
                assert files_beside(path).items() >= before.items()
        else:
            is_done = stop.left > 0
        stop.left = -1
        if not _opens_as_it_is(path):
            salvage(path)
        assert_saved(path, outbox)
        assert _is_kept(path, damaged)
        steps += 1
    assert steps > 15
