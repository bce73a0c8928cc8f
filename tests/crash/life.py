"""One life of a process that will be killed, and the lines that it prints."""

from dataclasses import asdict, dataclass
from enum import StrEnum
import json
from pathlib import Path
from typing import Self

from .place import Place


class Word(StrEnum):
    """The first word of a line that such a process prints."""

    BORN = "born"
    """With its process id."""

    ASKED = "asked"
    """A call begins; with its number."""

    TOLD = "told"
    """A call was answered: the transaction is safe; with its number."""

    LOGGED = "logged"
    """A warning or worse was logged."""

    ENDED = "ended"
    """With the exit code; negative is the signal that killed it."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """The instructions for a process.

    Attributes:
        outbox: the file of the outbox.
        url: the address of Budgero.
        token: the push token.
        space_key: the space key.
        repeat: earlier calls to repeat, because they were not answered.
        first: the number of its first own call; 0 means that it makes none, and ends
            when everything is delivered and processed.
        place: where it kills itself, if it does.
        visits: at which visit to that place.
    """

    outbox: Path
    url: str
    token: str
    space_key: str
    repeat: tuple[int, ...] = ()
    first: int = 0
    place: Place | None = None
    visits: int = 1

    def to_line(self) -> str:
        """Return it as a line of text."""
        return json.dumps({**asdict(self), "outbox": str(self.outbox)})

    @classmethod
    def from_line(cls, line: str) -> Self:
        """Read what `to_line` wrote."""
        values = json.loads(line)
        return cls(
            **{
                **values,
                "outbox": Path(values["outbox"]),
                "repeat": tuple(values["repeat"]),
                "place": values["place"] and Place(values["place"]),
            }
        )
