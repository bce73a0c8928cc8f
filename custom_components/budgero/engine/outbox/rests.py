"""How long transactions in doubt have rested, by a clock that nobody sets."""

import asyncio
from math import inf


class Rests:
    """The rests of this run.

    On disk they end at a time of the wall clock, which may leap ahead: a machine
    that booted without the time learns it while a request is on its way.
    """

    def __init__(self) -> None:
        """Start with nothing under way."""
        self._began: dict[str, float] = {}

    def begin(self, message_id: str) -> None:
        """Note that a request may be on its way from now on."""
        self._began[message_id] = _now()

    def end(self, message_id: str) -> None:
        """Note that it is settled."""
        self._began.pop(message_id, None)

    def left(self, message_id: str, rest: float) -> float:
        """Return for how many of so many seconds it must still rest."""
        return max(0.0, self._began.get(message_id, -inf) + rest - _now())


def _now() -> float:
    return asyncio.get_running_loop().time()
