"""The benchmarks run; what they find on a busy machine is no test."""

import asyncio
import json
from math import isfinite
import time

import pytest

from .__main__ import ROWS
from .harness import Spread, Timings, middle, p99, ratio
from .result import Result, at_least, at_most, to_json, to_table
from .size import QUICK
from .skipping_loop import SkippingLoop

_IDLE = 3600.0


@pytest.mark.parametrize("row", ROWS)
def test_runs(row: str, socket_enabled: None) -> None:
    """Every row comes to figures that can be written down."""
    results = ROWS[row](QUICK)
    assert results
    for result in results:
        assert isfinite(result.figure.value)
        assert json.loads(to_json(result))["is_met"] is result.is_met


def test_divides_round_by_round() -> None:
    """The ratio is the median one; its spread shows how the rounds differ."""
    over, under = Timings(([2.0, 2.0], [8.0, 8.0])), Timings(([1.0], [2.0, 2.0]))
    assert ratio(over, under) == Spread(3.0, 2.0, 4.0)
    assert middle([3.0, 1.0, 2.0]) == Spread(2.0, 1.0, 3.0)


def test_knows_what_99_of_100_stay_within() -> None:
    """One of a hundred may be worse, not two."""
    assert p99([1.0] * 99 + [9.0]) == 1.0
    assert p99([1.0] * 98 + [9.0] * 2) == 9.0


def test_says_what_missed_its_aim() -> None:
    """A bound counts as kept, and who only explains has none."""
    lines = to_table(
        [
            Result(
                what=name,
                against="b",
                measure="times",
                figure=Spread(5.0, 4.0, 6.0),
                aim=aim,
            )
            for name, aim in (
                ("kept", at_least(5)),
                ("missed", at_most(4.9)),
                ("explains", None),
            )
        ]
    ).splitlines()[1:]
    assert [line.split()[-1] for line in lines] == ["met", "MISSED", "6"]


def test_the_loop_skips_idle_time_only() -> None:
    """Waits cost nothing but count in full; other threads are waited for."""

    async def work() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        start = loop.time()
        await asyncio.to_thread(time.sleep, 0.1)
        worked = loop.time() - start
        await asyncio.sleep(_IDLE)
        return worked, loop.time() - start

    start = time.monotonic()
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        worked, whole = runner.run(work())
    assert 0.1 <= worked < _IDLE <= whole
    assert time.monotonic() - start < _IDLE
