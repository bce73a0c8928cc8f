"""Appending to disk: one caller after another, and very many at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import batched
import sqlite3
import time
from typing import Final
from unittest.mock import patch

from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Sealed
from tests.engine.outbox.helpers import NO_LIMITS, Disk

from . import bare
from .harness import Round, Spread, middle, p99, ratio, side_by_side
from .place import new_folder
from .result import Aim, Result, Summary, at_least, at_most
from .size import Size
from .stall import longest_stall
from .subjects import DIGEST, sealed

_IN_A_TURN: Final = 20
"""Callers that start in one turn of the event loop. The loop has the others wait
until the next one: starting a thousand tasks in one turn would stall it by itself."""


@dataclass(frozen=True, slots=True)
class _Stalls:
    """The longest stall of every crowd, and of as long a time without one, in ms."""

    crowd: list[float] = field(default_factory=list)
    idle: list[float] = field(default_factory=list)


def measure(size: Size) -> list[Result]:
    """Compare with bare SQLite: the same rows, each in a commit of its own."""
    return [
        *asyncio.run(_measure_one_caller(size)),
        *asyncio.run(_measure_crowd(size)),
    ]


async def _measure_one_caller(size: Size) -> list[Result]:
    ours, bare_took = await side_by_side(
        size.rounds,
        lambda: _one_after_another(size.appends),
        lambda: _bare(size.appends),
    )
    summaries = Summary.of(ours), Summary.of(bare_took)
    what = "accept until on disk, one caller"
    against = "bare SQLite commits"
    return [
        _timed(
            what,
            against,
            "times their p99",
            ratio(ours, bare_took, p99),
            summaries,
            at_most(3),
        ),
        _timed(what, against, "times their median", ratio(ours, bare_took), summaries),
    ]


async def _measure_crowd(size: Size) -> list[Result]:
    number = size.callers
    stalls = _Stalls()
    crowd, single, bare_took = await side_by_side(
        size.rounds,
        lambda: _crowd(number, stalls),
        lambda: _in_all(_one_after_another(number)),
        lambda: _in_all(_bare(number)),
    )
    commits = [await _crowd_commits(number) for _ in range(size.rounds)]
    what = f"{number:,} callers at once"
    return [
        _timed(
            what,
            f"{number:,} {name}",
            "times faster",
            ratio(theirs, crowd),
            (Summary.of(crowd), Summary.of(theirs)),
            at_least(5),
        )
        for name, theirs in (
            ("bare SQLite commits", bare_took),
            ("callers one after another", single),
        )
    ] + [
        _counted(what, "commits", commits, at_most(20)),
        _counted(what, "ms longest stall", stalls.crowd, at_most(5)),
        _counted("nobody calls for as long", "ms longest stall", stalls.idle),
    ]


def _timed(
    what: str,
    against: str,
    measure_: str,
    figure: Spread,
    summaries: tuple[Summary, Summary],
    aim: Aim | None = None,
) -> Result:
    return Result(
        what=what,
        against=against,
        measure=measure_,
        figure=figure,
        aim=aim,
        ours=summaries[0],
        theirs=summaries[1],
    )


def _counted(
    what: str, measure_: str, counted: list[float], aim: Aim | None = None
) -> Result:
    return Result(
        what=what, against="", measure=measure_, figure=middle(counted), aim=aim
    )


@asynccontextmanager
async def _new_store() -> AsyncIterator[Store]:
    """Open an empty outbox in a folder of its own."""
    with new_folder() as folder:
        store = Store(folder / "outbox.db", limits=NO_LIMITS)
        await store.open()
        try:
            yield store
        finally:
            await store.close()


async def _one_after_another(number: int) -> Round:
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


async def _in_all(durations: Awaitable[Round]) -> Round:
    return [sum(await durations)]


async def _crowd(number: int, stalls: _Stalls) -> Round:
    """Let many callers append at once."""
    each = sealed(number)
    async with _new_store() as store, longest_stall() as stall:
        start = time.perf_counter()
        await _call_at_once(store, each)
        duration = time.perf_counter() - start
    async with longest_stall() as idle_stall:
        await asyncio.sleep(duration)
    stalls.crowd.append(stall() * 1000)
    stalls.idle.append(idle_stall() * 1000)
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
