"""A socket that says what a test wants it to say, and keeps what it heard."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.parser import BytesParser
import ssl
from types import TracebackType
from typing import Self


@dataclass(frozen=True, slots=True)
class Heard:
    """A request exactly as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes


type Says = bytes | Callable[[Heard], bytes] | None


def http(status: int, body: bytes = b"", **headers: str) -> bytes:
    """Return an HTTP answer as it travels; `_` in a header's name is `-`."""
    named = {"Content-Length": str(len(body)), "Connection": "close", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in named.items()]
    return "\r\n".join([f"HTTP/1.1 {status} Said", *lines, "", ""]).encode() + body


class Wire:
    """A server that says to every request what it is told to.

    That is bytes, something made of what it heard, or `None` for silence.
    """

    def __init__(
        self, says: Says, tls: ssl.SSLContext | None = None, *, stays: bool = False
    ) -> None:
        """Prepare a server that does not listen yet.

        It hangs up when it has said something, or stays until the other side does, or
        until it has nothing to say to a request.
        """
        self.heard: list[Heard] = []
        self._says = says
        self._tls = tls
        self._stays = stays
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        """Listen on a free port of this machine."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Hang up on everybody."""
        assert self._server is not None
        self._server.close()
        self._server.abort_clients()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """The base address."""
        return f"{'http' if self._tls is None else 'https'}://127.0.0.1:{self.port}"

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            if self._tls is not None:
                await writer.start_tls(self._tls)
            while await self._answer(reader, writer):
                pass
        writer.close()

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; return whether to stay for another one."""
        heard = await _hear(reader)
        self.heard.append(heard)
        says = self._says(heard) if callable(self._says) else self._says
        if says is None:
            await reader.read()
            return False
        writer.write(says)
        await writer.drain()
        return self._stays and bool(says)


async def _hear(reader: asyncio.StreamReader) -> Heard:
    line = (await reader.readuntil(b"\r\n")).decode("latin-1").strip()
    head = await reader.readuntil(b"\r\n\r\n")
    headers = dict(BytesParser().parsebytes(head))
    body = await reader.readexactly(int(headers.get("Content-Length", "0")))
    return Heard(line, headers, body)
