"""The limit of requests a second, by the clock of the loop that the server runs in."""

import asyncio

from aiohttp import ClientSession
import pytest

from tests.bench.skipping_loop import SkippingLoop
from tests.budgero_server import BudgeroServer, RateLimit


async def _ask_thrice() -> list[int]:
    """Ask twice at once, and once more later; return the answers' statuses."""
    limit = RateLimit(per_second=0.1, burst=1)
    statuses: list[int] = []
    async with BudgeroServer(api_limit=limit) as server, ClientSession() as session:
        for seconds in (0, 0, 11):
            await asyncio.sleep(seconds)
            async with session.get(f"{server.url}/api/v1/push/spec") as answer:
                statuses.append(answer.status)
    return statuses


@pytest.mark.usefixtures("socket_enabled")
def test_time_of_the_loop() -> None:
    """A loop that skips its waits fills the bucket as the seconds would."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        assert runner.run(_ask_thrice()) == [200, 429, 200]
