"""A request that waits for the test."""

import asyncio
from dataclasses import dataclass
from typing import override

from aiohttp import web
from aiohttp.typedefs import Handler

from tests.budgero_server import Fault
from tests.budgero_server.request_log import read_body


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Fault):
    """Push one transaction, or only tell of it, when the test says so."""

    message_id: str
    go_on: asyncio.Event
    after_commit: bool = False
    times: int | None = None

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.message_id.encode() not in await read_body(request):
            return await handler(request)
        if not self.after_commit:
            await self.go_on.wait()
            return await handler(request)
        response = await handler(request)
        await self.go_on.wait()
        return response
