"""Accepting until on disk: one caller after another, and very many at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import batched
from pathlib import Path
import sqlite3
from statistics import median
from tempfile import TemporaryDirectory
import time
from typing import Final
from unittest.mock import patch

from custom_components.budgero.engine.outbox import Store
from custom_components.budgero.engine.push import Sealed
from tests.engine.outbox.helpers import Disk

from . import bare
from .harness import Round, Spread, middle, p99, ratio, side_by_side
from .result import Result, Summary, at_least, at_most
from .size import Size
from .stall import longest_stall
from .subjects import DIGEST, sealed

_IN_A_TURN: Final = 20
"""Callers that start in one turn of the event loop. The loop has the others wait
until the next one: starting a thousand tasks in one turn would stall it by itself."""


def measure(size: Size) -> list[Result]:
    """Compare with bare SQLite: the same rows, each in a commit of its own."""
    return asyncio.run(_measure(size))


async def _measure(size: Size) -> list[Result]:
    one, one_bare = await side_by_side(
        size.rounds, lambda: _one_caller(size.appends), lambda: _bare(size.appends)
    )
    stalls: list[float] = []
    crowd, crowd_bare = await side_by_side(
        size.rounds,
        lambda: _crowd(size.callers, stalls),
        lambda: _bare_in_all(size.callers),
    )
    commits = [await _crowd_commits(size.callers) for _ in range(size.rounds)]
    crowd_name = f"{size.callers:,} callers at once"
    return [
        Result(
            what="accept until on disk, one caller",
            against="bare SQLite commits",
            measure="times their p99",
            figure=ratio(one, one_bare, p99),
            aim=at_most(3),
            ours=Summary.of(one),
            theirs=Summary.of(one_bare),
        ),
        Result(
            what="accept until on disk, one caller",
            against="bare SQLite commits",
            measure="times their median",
            figure=ratio(one, one_bare, median),
            ours=Summary.of(one),
            theirs=Summary.of(one_bare),
        ),
        Result(
            what=crowd_name,
            against=f"{size.callers:,} bare SQLite commits",
            measure="times faster",
            figure=ratio(crowd_bare, crowd),
            aim=at_least(5),
            ours=Summary.of(crowd),
            theirs=Summary.of(crowd_bare),
        ),
        _count(crowd_name, "commits", middle(commits), 20),
        _count(crowd_name, "ms longest stall", middle(stalls[1:]), 5),
    ]


def _count(what: str, measure_: str, figure: Spread, bound: float) -> Result:
    return Result(
        what=what, against="", measure=measure_, figure=figure, aim=at_most(bound)
    )


@asynccontextmanager
async def _new_store() -> AsyncIterator[Store]:
    """Open an empty outbox in a folder of its own."""
    with TemporaryDirectory(prefix="budgero-bench-", dir=Path.cwd()) as folder:
        store = Store(Path(folder) / "outbox.db")
        await store.open()
        try:
            yield store
        finally:
            await store.close()


async def _one_caller(number: int) -> Round:
    durations = []
    async with _new_store() as store:
        for each in sealed(number):
            start = time.perf_counter()
            await store.append(each, DIGEST)
            durations.append(time.perf_counter() - start)
    return durations


async def _bare(number: int) -> Round:
    durations = []
    async with _new_store() as store:
        with bare.connected(store.path) as connection:
            for each in sealed(number):
                start = time.perf_counter()
                bare.commit_one(connection, each)
                durations.append(time.perf_counter() - start)
    return durations


async def _bare_in_all(number: int) -> Round:
    return [sum(await _bare(number))]


async def _crowd(number: int, stalls: list[float]) -> Round:
    """Let callers come at once; note the longest stall in milliseconds."""
    each = sealed(number)
    async with _new_store() as store, longest_stall() as stall:
        start = time.perf_counter()
        await _call_at_once(store, each)
        duration = time.perf_counter() - start
    stalls.append(stall() * 1000)
    return [duration]


async def _call_at_once(store: Store, each: list[Sealed]) -> None:
    async with asyncio.TaskGroup() as group:
        for some in batched(each, _IN_A_TURN, strict=False):
            for one in some:
                group.create_task(store.append(one, DIGEST))
            await asyncio.sleep(0)


async def _crowd_commits(number: int) -> float:
    """Count the commits of a crowd, in a run that is not timed."""
    disk = Disk()
    with patch.object(sqlite3, "connect", disk.connect):
        async with _new_store() as store:
            before = disk.commits
            await _call_at_once(store, sealed(number))
            return disk.commits - before
