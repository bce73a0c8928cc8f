"""Sealing, against the vendor's client for Python."""

import asyncio
from collections.abc import Callable
import json
import time
from typing import Final

from budgero.encryption import encrypt_payload

from .harness import Round, ratio, side_by_side
from .result import Result, Summary, at_least
from .size import Size
from .subjects import KEY, LUNCH, RAW_KEY

_IN_ONE: Final = 10
"""Sealings in one measurement, because reading the clock takes time as well."""


def measure(size: Size) -> list[Result]:
    """Seal the same transaction on both sides, from values to base64."""
    content: dict[str, object] = json.loads(LUNCH.to_wire())

    async def ours() -> Round:
        return _time(lambda: KEY.seal(LUNCH.to_wire()), size.seals)

    async def vendor() -> Round:
        return _time(lambda: encrypt_payload(content, RAW_KEY), size.seals)

    ours_took, vendor_took = asyncio.run(side_by_side(size.rounds, ours, vendor))
    return [
        Result(
            what="seal a transaction, JSON included",
            against="SDK 0.1.3 encrypt_payload",
            measure="times faster",
            figure=ratio(vendor_took, ours_took),
            aim=at_least(8),
            ours=Summary.of(ours_took),
            theirs=Summary.of(vendor_took),
        )
    ]


def _time(seal: Callable[[], str], number: int) -> Round:
    durations = []
    for _ in range(number // _IN_ONE):
        start = time.perf_counter()
        for _ in range(_IN_ONE):
            seal()
        durations.append((time.perf_counter() - start) / _IN_ONE)
    return durations
