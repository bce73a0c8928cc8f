"""Set-up with a full outbox, against set-up with an empty one."""

import asyncio
import json
from pathlib import Path
import subprocess
import sys

from custom_components.budgero.engine.outbox.store import Store

from . import bare
from .harness import Spread, Timings, middle
from .opening import Cost
from .place import ROOT, new_folder
from .result import Aim, Result, Summary, at_most
from .size import Size
from .subjects import sealed


def measure(size: Size) -> list[Result]:
    """Open both in turn, each time in a new process."""
    with new_folder() as folder:
        full, empty = (folder / name for name in ("full.db", "empty.db"))
        asyncio.run(_make(full, size.unfinished))
        asyncio.run(_make(empty, 0))
        pairs = [(_open(full), _open(empty)) for _ in range(size.rounds)]
    return _results(f"set-up with {size.unfinished:,} unfinished rows", pairs)


async def _make(path: Path, number: int) -> None:
    store = Store(path)
    await store.open()
    await store.close()
    with bare.connected(path) as connection:
        bare.commit_all(connection, sealed(number))


def _open(path: Path) -> Cost:
    command = [sys.executable, "-m", "tests.bench.opening", str(path)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, cwd=ROOT)
    return Cost(**json.loads(done.stdout))


def _results(what: str, pairs: list[tuple[Cost, Cost]]) -> list[Result]:
    full, empty = (
        Summary.of(Timings(tuple([cost.seconds] for cost in costs)))
        for costs in zip(*pairs, strict=True)
    )

    def result(measure_: str, figure: Spread, aim: Aim) -> Result:
        return Result(
            what=what,
            against="set-up with none",
            measure=measure_,
            figure=figure,
            aim=aim,
            ours=full,
            theirs=empty,
        )

    milliseconds = [(ours.seconds - theirs.seconds) * 1e3 for ours, theirs in pairs]
    megabytes = [(ours.memory - theirs.memory) / 2**20 for ours, theirs in pairs]
    return [
        result("ms more", middle(milliseconds), at_most(100)),
        result("MB more", middle(megabytes), at_most(20)),
    ]
