"""Measuring several programs for one job, in alternating rounds."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
import gc
from math import ceil
from statistics import median

type Round = Sequence[float]
type Side = Callable[[], Awaitable[Round]]
type Statistic = Callable[[Round], float]


@dataclass(frozen=True, slots=True)
class Timings:
    """The durations of one side in seconds, round by round."""

    rounds: tuple[Round, ...]

    @property
    def all(self) -> Round:
        """The durations of all rounds together."""
        return [duration for round_ in self.rounds for duration in round_]


@dataclass(frozen=True, slots=True)
class Spread:
    """The median figure of all rounds, and the lowest and highest of a single one."""

    value: float
    low: float
    high: float


def p99(durations: Round) -> float:
    """Return what 99 of 100 stay within."""
    return sorted(durations)[ceil(0.99 * len(durations)) - 1]


async def side_by_side(rounds: int, *sides: Side) -> list[Timings]:
    """Measure all sides in every round, each time in the opposite order.

    The first round warms up and is not counted.
    """
    measured: list[list[Round]] = [[] for _ in sides]
    pairs = list(zip(sides, measured, strict=True))
    for number in range(rounds + 1):
        for side, durations in pairs if number % 2 else reversed(pairs):
            gc.collect()
            found = await side()
            if number:
                durations.append(found)
    return [Timings(tuple(durations)) for durations in measured]


def ratio(over: Timings, under: Timings, statistic: Statistic = median) -> Spread:
    """Divide one side's durations by the other's, round by round.

    So a round that other work on the machine disturbed is only one of many.
    """
    return middle(
        [
            statistic(above) / statistic(below)
            for above, below in zip(over.rounds, under.rounds, strict=True)
        ]
    )


def middle(values: Round) -> Spread:
    """Take the median of figures of which every round has one."""
    return Spread(median(values), min(values), max(values))
