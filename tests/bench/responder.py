"""A server that takes almost no time, to measure the client.

It answers every request that has a body with `202`, as Budgero answers a push.
"""

import asyncio
import json
import re
import sys
from typing import Final, cast, override

from .subjects import KEY

_BODY: Final = json.dumps(
    {
        "id": "6f1d7a52-3c0e-4b8f-9d2a-8e5c7b1f0a34",
        "message": "Mutation queued for processing",
        "status": "queued",
    }
).encode()
_ANSWER: Final = (
    b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%b" % (len(_BODY), _BODY)
)
_LENGTH: Final = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)


class _Responder(asyncio.Protocol):
    """Reads a whole request, then answers."""

    def __init__(self) -> None:
        """Start with an empty buffer."""
        self._heard = b""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    @override
    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, blank_line, body = self._heard.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r\n")
        if blank_line and length and len(body) >= int(length[1]):
            self._heard = b""
            self._transport.write(_ANSWER)


async def _serve() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Responder, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    greeting = {
        "url": f"http://{host}:{port}",
        "token": "0" * 64,
        "space_key": KEY.export(),
    }
    sys.stdout.write(f"{json.dumps(greeting)}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())
