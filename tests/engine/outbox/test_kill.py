"""A machine that loses power right after an answer loses nothing."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
import os
from pathlib import Path
import random
import signal
import sys

import pytest

from custom_components.budgero.engine.outbox.store import Store

from . import writer
from .helpers import append, ids_on_disk

KILLS = 20
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def writers() -> AsyncIterator[Process]:
    """The program that starts writers."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", writer.__name__, stdin=PIPE, stdout=PIPE, cwd=ROOT
    )
    yield process
    assert process.stdin is not None
    process.stdin.close()
    assert await process.wait() == 0


async def _write_until_killed(writers: Process, path: Path) -> set[str]:
    """Kill a writer at a random moment; return what it was told is safe."""
    assert writers.stdin is not None
    assert writers.stdout is not None

    async def line() -> str:
        assert writers.stdout is not None
        return (await writers.stdout.readline()).decode().rstrip("\n")

    writers.stdin.write(f"{path}\n".encode())
    pid = int(await line())
    told = {await line() for _ in range(random.randrange(1, 40))}
    await asyncio.sleep(random.random() / 500)
    os.kill(pid, signal.SIGKILL)
    while message_id := await line():
        told.add(message_id)
    return told


async def test_nothing_that_was_answered_is_lost(writers: Process, path: Path) -> None:
    """Twenty kills at random moments: every answered id is in the reopened file."""
    told: set[str] = set()
    for _ in range(KILLS):
        told |= await _write_until_killed(writers, path)
        store = Store(path)
        await store.open()
        told.add(await append(store))
        waiting = (await store.review.counts()).waiting
        await store.close()
        on_disk = ids_on_disk(path)
        assert told <= on_disk
        assert waiting == len(on_disk)
