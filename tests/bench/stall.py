"""How long the event loop keeps others waiting."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

_TICK: Final = 0.001


@asynccontextmanager
async def longest_stall() -> AsyncIterator[Callable[[], float]]:
    """Tick every millisecond; the longest delay of a tick, in seconds, is the stall."""
    loop = asyncio.get_running_loop()
    delays = [0.0]

    def tick(due: float) -> None:
        nonlocal handle
        now = loop.time()
        delays.append(now - due)
        handle = loop.call_at(now + _TICK, tick, now + _TICK)

    handle = loop.call_later(_TICK, tick, loop.time() + _TICK)
    try:
        yield lambda: max(delays)
    finally:
        handle.cancel()
