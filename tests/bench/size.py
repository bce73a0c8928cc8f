"""The amount of work: enough for figures, or just enough to see that it runs."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything.

    Attributes:
        rounds: how often both sides are measured.
        seals: transactions that are sealed in a round.
        pushes: transactions that are pushed in a round.
        appends: transactions that one caller appends in a round.
        callers: callers that come at once.
        drained: transactions that wait when the sender starts.
        unfinished: unfinished transactions in an outbox that is opened.
        booked: transactions in a database that names are read from.
        names: names of one kind.
    """

    rounds: int
    seals: int
    pushes: int
    appends: int
    callers: int
    drained: int
    unfinished: int
    booked: int
    names: int


FULL: Final = Size(
    rounds=11,
    seals=1000,
    pushes=200,
    appends=400,
    callers=1000,
    drained=1000,
    unfinished=10_000,
    booked=20_000,
    names=2000,
)
QUICK: Final = Size(
    rounds=1,
    seals=20,
    pushes=5,
    appends=5,
    callers=50,
    drained=40,
    unfinished=200,
    booked=200,
    names=200,
)
