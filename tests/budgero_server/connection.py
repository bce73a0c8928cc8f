"""The connection under a request, and the work that goes on without it."""

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler


def is_gone(request: web.Request) -> bool:
    """Return whether the client has gone."""
    return request.transport is None or request.transport.is_closing()


def cut(request: web.Request) -> None:
    """Cut the connection without an answer."""
    if request.transport is not None:
        request.transport.abort()


class RunningHandlers:
    """The requests that are being handled, also those whose client has gone.

    The web server forgets a handler when its client goes; the work would go on
    after the end of the server that it belongs to.
    """

    def __init__(self) -> None:
        """Start with none."""
        self._tasks: set[asyncio.Task[Any]] = set()

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Remember the task as long as it handles the request."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            return await handler(request)
        finally:
            self._tasks.discard(task)

    async def cancel(self) -> None:
        """End all of them, wherever they are."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
