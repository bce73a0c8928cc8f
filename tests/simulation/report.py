"""The results of many households."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from .household import Outcome


@dataclass(frozen=True, slots=True)
class Report:
    """The outcomes of households of one kind.

    Attributes:
        name: of the kind.
        outcomes: the result of each.
    """

    name: str
    outcomes: tuple[Outcome, ...]

    @property
    def total(self) -> Outcome:
        """Return all of them together."""
        columns = zip(*map(astuple, self.outcomes), strict=True)
        return Outcome(*map(sum, columns))

    @property
    def most_leftovers(self) -> int:
        """Return the most items that were left on a server that forgot once."""
        once = [outcome for outcome in self.outcomes if outcome.forgettings == 1]
        return max((outcome.leftovers for outcome in once), default=0)

    @property
    def is_good(self) -> bool:
        """Whether nothing was lost or doubled, and no server has too many leftovers."""
        return not any(
            outcome.lost
            or outcome.doubles
            or outcome.leftovers > 2 * outcome.forgettings
            for outcome in self.outcomes
        )

    def lines(self) -> Iterable[str]:
        """Yield the lines of the report."""
        total = self.total
        most = max(outcome.questions for outcome in self.outcomes)
        times = total.forgettings or 1
        yield f"{self.name}: {len(self.outcomes)} households"
        yield f"  the server forgot: {total.forgettings} times"
        yield (
            f"  leftovers: {total.leftovers}, {total.leftovers / times:.2f} each time,"
            f" at most {self.most_leftovers}"
        )
        yield (
            f"  questions about what was in question: {total.questions},"
            f" {total.questions / times:.2f} each time, at most {most} in a household"
        )
        yield (
            f"  vanished: {total.vanished}, of which the server knew"
            f" {total.wrongly_vanished}"
        )
        yield f"  doubles: {total.doubles}, lost: {total.lost}"
        yield f"  doubles that cannot be prevented: {total.unpromised}"
