"""What was said a moment ago, in memory only."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from .spoken import Spoken

REMEMBERED: Final = 300.0
"""Seconds for which what was said is remembered."""


@dataclass(frozen=True, slots=True)
class Said:
    """A transaction that was said.

    Attributes:
        message_id: under which it is logged.
        is_again: whether an equal one was said a moment before.
    """

    message_id: str
    is_again: bool


@dataclass(frozen=True, slots=True)
class _Remembered:
    run: str
    where: Hashable
    spoken: Spoken
    message_id: str
    at: float


class RecentlySaid:
    """Tells a repetition from a second one.

    The same within one run of the assistant is one transaction. An equal one in another
    run is a second, as two coffees are.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._remembered: list[_Remembered] = []

    def say(self, run: str, where: Hashable, spoken: Spoken, now: float) -> Said:
        """Remember what was said.

        Args:
            run: id of the assistant's run.
            where: to which household's space it goes.
            spoken: what was said.
            now: seconds on a clock that only goes forward.
        """
        self._remembered = [
            each for each in self._remembered if now - each.at < REMEMBERED
        ]
        equal = [
            each
            for each in self._remembered
            if each.spoken == spoken and each.where == where
        ]
        is_again = any(each.run != run for each in equal)
        for each in equal:
            if each.run == run:
                return Said(each.message_id, is_again)
        message_id = str(uuid4())
        self._remembered.append(_Remembered(run, where, spoken, message_id, now))
        return Said(message_id, is_again)

    def forget(self, message_id: str) -> None:
        """Forget what was not logged after all."""
        self._remembered = [
            each for each in self._remembered if each.message_id != message_id
        ]
