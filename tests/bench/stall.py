"""Measuring how long the event loop is blocked."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

_TICK: Final = 0.001


@asynccontextmanager
async def longest_stall() -> AsyncIterator[Callable[[], float]]:
    """Tick every millisecond; the longest delay of a tick, in seconds, is the stall."""
    delays = [0.0]

    async def tick() -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + _TICK
            await asyncio.sleep(_TICK)
            delays.append(loop.time() - due)

    ticking = asyncio.create_task(tick())
    try:
        yield lambda: max(delays)
    finally:
        ticking.cancel()
        await asyncio.wait({ticking})
