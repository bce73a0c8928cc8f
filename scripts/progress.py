"""The progress of the tests: reading what each process writes, and showing it.

A process first writes a line with its number of tests, then one for every result: its
kind, and the name of a test that failed (see `tests/reporting.py`).

Standard library only and Python 3.11, because this runs outside the environments.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scripts.console import StatusLine, say

COLLECTED = "collected"
_KINDS = ("failed", "passed", "skipped", "error")


@dataclass(frozen=True, kw_only=True)
class Progress:
    """The results so far, and the number of tests.

    Attributes:
        total: How many tests there are, or `None` while some are still being collected.
        counts: Number of tests by result.
        failures: Names of the failed tests, in order within each process.
    """

    total: int | None
    counts: Counter[str]
    failures: tuple[str, ...]

    @classmethod
    def read(cls, files: Iterable[Path]) -> "Progress":
        """Read what the processes have written so far."""
        total = 0
        is_complete = True
        counts: Counter[str] = Counter()
        failures = []
        for file in files:
            has_collected = False
            # The last line may be half written.
            for line in file.read_text().split("\n")[:-1] if file.exists() else ():
                kind, _, rest = line.partition(" ")
                if kind == COLLECTED:
                    has_collected = True
                    total += int(rest)
                    continue
                counts[kind] += 1
                if kind in ("failed", "error"):
                    failures.append(rest)
            is_complete &= has_collected
        return cls(
            total=total if is_complete else None,
            counts=counts,
            failures=tuple(failures),
        )

    def in_words(self) -> str:
        """Return the results in pytest's words."""
        parts = [
            f"{number} {kind}{'s' if kind == 'error' and number > 1 else ''}"
            for kind in _KINDS
            if (number := self.counts[kind])
        ]
        return ", ".join(parts) or "no tests ran"


class ProgressDisplay:
    """Shows the progress, and each failure at once."""

    def __init__(self, *, every: float = 15) -> None:
        """Take the shortest time between two lines without a terminal, in seconds."""
        self._line = StatusLine(every=every)
        self._shown: set[str] = set()

    def show(self, progress: Progress, seconds: float) -> None:
        """Show the progress.

        Args:
            progress: What to show.
            seconds: Time since the start.
        """
        # They come from several processes, in no order.
        for failure in progress.failures:
            if failure not in self._shown:
                self._line.clear()
                say(f"FAILED {failure}")
        self._shown.update(progress.failures)
        done = progress.counts.total()
        minutes, rest = divmod(int(seconds), 60)
        so_far = (
            f"{done} tests done, looking for more"
            if progress.total is None
            else f"{done} of {progress.total} tests done"
        )
        self._line.show(f"{minutes}:{rest:02} {so_far}, {len(self._shown)} failed")

    def clear(self) -> None:
        """Remove the line, so that other output can follow."""
        self._line.clear()
