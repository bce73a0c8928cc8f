"""The result of a benchmark, and whether it meets its aim."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
import json
from statistics import median
from typing import Self, override

from .harness import Spread, Timings, p99


@dataclass(frozen=True, slots=True)
class Aim:
    """A bound for a figure."""

    bound: float
    is_floor: bool = False

    def is_met_by(self, figure: float) -> bool:
        """Return whether a figure meets it."""
        return figure >= self.bound if self.is_floor else figure <= self.bound

    @override
    def __str__(self) -> str:
        """Write it as people do."""
        return f"{'≥' if self.is_floor else '≤'} {self.bound:g}"


def at_least(bound: float) -> Aim:
    """Aim at this or more."""
    return Aim(bound, is_floor=True)


def at_most(bound: float) -> Aim:
    """Aim at this or less."""
    return Aim(bound)


@dataclass(frozen=True, slots=True)
class Summary:
    """One side's durations, in seconds."""

    median: float
    p99: float

    @classmethod
    def of(cls, timings: Timings) -> Self:
        """Sum up what was measured."""
        return cls(median(timings.all), p99(timings.all))


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One figure.

    Attributes:
        what: what was measured.
        against: the alternative.
        measure: what the figure means, with its unit.
        figure: its median over the rounds, with the lowest and the highest.
        aim: the bound, `None` if the figure only explains others.
        ours: how long the engine took, where the figure is of durations.
        theirs: how long the alternative took.
    """

    what: str
    against: str
    measure: str
    figure: Spread
    aim: Aim | None = None
    ours: Summary | None = None
    theirs: Summary | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether the aim is met, `None` without one."""
        return None if self.aim is None else self.aim.is_met_by(self.figure.value)


def to_json(result: Result) -> str:
    """Return one line of JSON; durations in seconds."""
    return json.dumps({**asdict(result), "is_met": result.is_met}, ensure_ascii=False)


def to_table(results: Sequence[Result]) -> str:
    """Return a table for people, with the medians of both sides."""
    head = ("What", "Against", "Ours", "Theirs", "Figure", "Spread", "Aim", "")
    lines = [head, *(_cells(result) for result in results)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) for cell, width in zip(line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _cells(result: Result) -> tuple[str, ...]:
    figure = result.figure
    return (
        result.what,
        result.against,
        _duration(result.ours),
        _duration(result.theirs),
        f"{_short(figure.value)} {result.measure}",
        f"{_short(figure.low)} – {_short(figure.high)}",
        str(result.aim or ""),
        {True: "met", False: "MISSED", None: ""}[result.is_met],
    )


def _duration(summary: Summary | None) -> str:
    if summary is None:
        return ""
    seconds = summary.median
    if seconds >= 1:
        return f"{seconds:.4g} s"
    return f"{seconds * 1e3:.3g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.3g} µs"


def _short(number: float) -> str:
    return f"{number:.0f}" if abs(number) >= 100 else f"{number:.3g}"
