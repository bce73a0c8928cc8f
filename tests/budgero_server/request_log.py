"""A record of every request to the API, for tests that count."""

from collections import deque
from dataclasses import dataclass
import time
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from .connection import is_gone
from .go_json import BindError, decode_object

CONTROL_PREFIX: Final = "/_control/"
_LENGTH: Final = 20_000


@dataclass(slots=True)
class LoggedRequest:
    """One request; times are seconds since the epoch.

    The status is unknown while the request is handled, and stays so when the
    connection was cut instead of answered.
    """

    method: str
    path: str
    time: float
    status: int | None = None
    message_id: str | None = None
    finished: float | None = None


_ENTRY: Final = web.RequestKey("entry", LoggedRequest)


class RequestLog:
    """Records requests in the order in which they arrive."""

    def __init__(self) -> None:
        """Start empty."""
        self.entries: deque[LoggedRequest] = deque(maxlen=_LENGTH)

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Record a request, unless it only controls the stand-in."""
        if request.path.startswith(CONTROL_PREFIX):
            return await handler(request)
        entry = LoggedRequest(request.method, request.path, time.time())
        self.entries.append(entry)
        request[_ENTRY] = entry
        try:
            response = await handler(request)
            if not is_gone(request):
                entry.status = response.status
            return response
        finally:
            entry.finished = time.time()
            if request.body_exists and request.content.is_eof():
                await read_body(request)


async def read_body(request: web.Request) -> bytes:
    """Read the whole body, and record the message id as soon as it is known."""
    body = await request.read()
    entry = request.get(_ENTRY)
    if entry is not None:
        entry.message_id = _message_id(body)
    return body


def _message_id(body: bytes) -> str | None:
    try:
        message_id = decode_object(body).get("message_id")
    except BindError:
        return None
    return message_id if isinstance(message_id, str) else None
