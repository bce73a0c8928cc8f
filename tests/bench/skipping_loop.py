"""An event loop that skips idle time.

Its clock follows the real one, and jumps ahead when there is nothing to do but wait.
Work, disk and sockets take their real time. Everything in the loop that asks it for
the time uses this clock.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
import selectors
import time
from typing import Final, override

_ON_THE_WAY: Final = 0.001
"""Time in which data that was sent on this machine has arrived, in seconds."""


class _Selector(selectors.DefaultSelector):
    """Waits for sockets, and skips what remains of a wait without any news."""

    def __init__(self, on_the_way: float) -> None:
        """Start without jobs of other threads, and nothing skipped.

        Args:
            on_the_way: time in which data that was sent has arrived, in seconds.
        """
        super().__init__()
        self._on_the_way = on_the_way
        self.jobs = 0
        self.skipped = 0.0

    @override
    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        if self.jobs or timeout is None or timeout <= self._on_the_way:
            return super().select(timeout)
        start = time.monotonic()
        events = super().select(self._on_the_way)
        if not events:
            self.skipped += max(0.0, timeout - (time.monotonic() - start))
        return events


class SkippingLoop(asyncio.SelectorEventLoop):
    """The loop; use it as `loop_factory`."""

    def __init__(self, on_the_way: float = _ON_THE_WAY) -> None:
        """Start at the real time."""
        self._skipping = _Selector(on_the_way)
        super().__init__(self._skipping)

    @override
    def time(self) -> float:
        return super().time() + self._skipping.skipped

    @override
    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        future = super().run_in_executor(executor, func, *args)
        self._skipping.jobs += 1
        future.add_done_callback(lambda _: self._end_job())
        return future

    @override
    async def shutdown_default_executor(self, timeout: float | None = None) -> None:
        """Wait for threads without a limit, because the limit would be skipped."""
        await super().shutdown_default_executor(None)

    def _end_job(self) -> None:
        self._skipping.jobs -= 1


class AloneLoop(SkippingLoop):
    """A loop that does all work itself, without sockets: months have many commits."""

    def __init__(self) -> None:
        """Wait for nothing that may be on its way."""
        super().__init__(on_the_way=0.0)

    @override
    def run_in_executor[*Ts, T](
        self, executor: Executor | None, func: Callable[[*Ts], T], *args: *Ts
    ) -> asyncio.Future[T]:
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)
        return future
