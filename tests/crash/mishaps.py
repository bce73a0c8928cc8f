"""Faults of the server while its clients are killed."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import random
from typing import Final, override

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.budgero_server import (
    BudgeroServer,
    Delay,
    Drop,
    Fault,
    Reply,
    StalledBody,
    TruncatedBody,
)
from tests.budgero_server.request_log import read_body

from .child import EXCHANGE_SECONDS

RACE_WINDOW: Final = 0.2
"""Time in which two requests with one message id both pass, in seconds."""

LATE: Final = EXCHANGE_SECONDS + 0.3
"""Delay of an answer in seconds: longer than the client waits, shorter than its rest."""

_CHANCE: Final = 0.5
_SOON: Final = 0.3
_FAULTS: Final[tuple[Fault, ...]] = (
    Drop(),
    Drop(after_commit=True),
    Drop(after_commit=True, times=3),
    Delay(seconds=LATE),
    Delay(seconds=LATE, after_commit=True),
    TruncatedBody(),
    StalledBody(),
    Reply(status=503, html="<h1>Service Unavailable</h1>"),
    Reply(status=429, json={"message": "rate limit exceeded"}, retry_after="1"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KillClient(Fault):
    """Kills the client whose request has arrived, and executes the request."""

    kill: Callable[[], None]
    carried_out: bool
    seconds: float

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await read_body(request)
        if self.carried_out:
            response = await handler(request)
            self.kill()
            return response
        self.kill()
        await asyncio.sleep(self.seconds)
        return await handler(request)


async def befall(server: BudgeroServer) -> None:
    """Inject a random fault into the server, or none."""
    if random.random() > _CHANCE:
        return
    mishap = random.choice((None, *_FAULTS))
    if mishap is not None:
        server.faults.add(mishap)
        return
    await asyncio.sleep(random.uniform(0, _SOON))
    await server.restart()
