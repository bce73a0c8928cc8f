"""Disks that break under way, with real files and errors of the kernel itself."""

from dataclasses import dataclass
import errno
import json
from pathlib import Path
import shutil
import signal
import subprocess
import sys

import pytest

from custom_components.budgero.engine.outbox import Hold
from custom_components.budgero.engine.outbox.store import Store
from tests.crash.crash_image import read_image

from . import broken_disk, full_disk
from .helpers import DIGEST, new_sealed, unfinished
from .refusing_kernel import is_possible

ROOT = Path(__file__).parents[3]
BEFORE = {f"before-{number}" for number in range(broken_disk.ROWS)}
AFTER = {f"after-{number}" for number in range(broken_disk.ROWS)}
OWN_MOUNTS = ("unshare", "--user", "--map-root-user", "--mount")


@dataclass(frozen=True)
class Told:
    """What the callers of a killed program were told."""

    safe: set[str]
    refused: set[str]


def _break_disk(path: Path, error: int, calls: tuple[str, ...]) -> Told:
    """Let a program append while its disk breaks; it is killed in the end."""
    run = subprocess.run(
        [sys.executable, "-m", broken_disk.__name__, path, str(error), *calls],
        check=False,
        capture_output=True,
        cwd=ROOT,
        text=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    lines = [line.split() for line in run.stdout.splitlines()]
    return Told(
        safe={message_id for word, message_id in lines if word == "told"},
        refused={message_id for word, message_id in lines if word == "refused"},
    )


@pytest.mark.skipif(not is_possible(), reason="the calls of this kernel are not known")
@pytest.mark.parametrize(
    ("error", "calls", "come_back"),
    [
        pytest.param(errno.EIO, ("fsync", "fdatasync"), True, id="cannot-flush"),
        pytest.param(errno.EIO, ("pwrite64",), False, id="cannot-write"),
        pytest.param(errno.ENOSPC, ("pwrite64",), False, id="full"),
        pytest.param(errno.EROFS, ("pwrite64",), False, id="read-only"),
    ],
)
async def test_a_commit_that_failed_before_a_kill(
    path: Path, error: int, calls: tuple[str, ...], come_back: bool
) -> None:
    """Nobody is told that it is safe; repeating the call is right in any case.

    What could not be flushed lies in the log all the same, and is found there.
    """
    path.parent.mkdir()
    told = _break_disk(path, error, calls)
    assert told == Told(safe=BEFORE, refused=AFTER)
    assert read_image(path).keys() == (BEFORE | AFTER if come_back else BEFORE)
    store = Store(path)
    await store.open()
    for message_id in sorted(AFTER):
        appended = await store.append(new_sealed(message_id, message_id), DIGEST)
        assert appended.is_new is not come_back
    rows = await unfinished(store)
    await store.close()
    assert sorted(row.message_id for row in rows) == sorted(BEFORE | AFTER)
    assert Hold.RESTORED not in {row.held for row in rows}


def _may_mount() -> bool:
    """Return whether a program may mount something for itself alone."""
    unshare, mount = shutil.which("unshare"), shutil.which("mount")
    if unshare is None or mount is None:
        return False
    command = [*OWN_MOUNTS, mount, "-t", "tmpfs", "tmpfs", "/mnt"]
    run = subprocess.run(command, check=False, capture_output=True)
    return run.returncode == 0


def test_a_full_disk_and_a_read_only_one(tmp_path: Path) -> None:
    """What was told is safe stays so, can be read, and goes on when there is room."""
    if not _may_mount():
        pytest.skip("nobody may mount here; see test_the_disk_is_full for the limit")
    run = subprocess.run(
        [*OWN_MOUNTS, sys.executable, "-m", full_disk.__name__, tmp_path],
        check=False,
        capture_output=True,
        cwd=ROOT,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    report = full_disk.Report(**json.loads(run.stdout))
    assert report.told > 0
    assert report == full_disk.Report(
        told=report.told,
        readable=report.told,
        opened_when_full="StorageError",
        opened_when_read_only="StorageError",
        kept=report.told + 1,
    )
