"""Faults between a client and the server, for tests to inject."""

from abc import ABC, abstractmethod
import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, replace
from email.utils import formatdate
import json
import time
from typing import Final, override
import zlib

from aiohttp import web
from aiohttp.typedefs import Handler

from .connection import cut, is_gone
from .request_log import read_body

_BLOCK: Final = 1 << 20
_CONNECTION_CHECK: Final = 0.02
_PORTAL: Final = (
    "<!doctype html><title>Welcome</title><p>Please sign in to the Wi-Fi.</p>"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(ABC):
    """Something that happens to the next requests with this method and path.

    `times` says to how many; None means all until the faults are cleared.
    """

    method: str = "POST"
    path: str = "/api/v1/push"
    times: int | None = 1

    def matches(self, request: web.Request) -> bool:
        """Tell whether the fault is meant for this request."""
        return (request.method, request.path) == (self.method, self.path)

    @abstractmethod
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Handle the request, with the fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay(Fault):
    """Wait some seconds before or after the server has done its work.

    The work is done also when the client has gone in the meantime.
    """

    seconds: float
    after_commit: bool = False

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await read_body(request)
        if not self.after_commit:
            await asyncio.sleep(self.seconds)
            return await handler(request)
        response = await handler(request)
        await asyncio.sleep(self.seconds)
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Drop(Fault):
    """Cut the connection before or after the server has done its work."""

    after_commit: bool = False

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await read_body(request)
        if self.after_commit:
            await handler(request)
        cut(request)
        return web.Response()


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncatedBody(Fault):
    """Do the work, announce the whole answer, send half of it and hang up."""

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await _send_half(request, handler)
        if request.transport is not None:
            request.transport.close()  # gently: what was written still goes out
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class StalledBody(Fault):
    """Do the work, send half of the answer and then nothing more."""

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await _send_half(request, handler)
        while not is_gone(request):
            await asyncio.sleep(_CONNECTION_CHECK)
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(Fault):
    """Answer in the server's place, as a proxy does; nothing is committed.

    Exactly one of `json` and `html` is sent; without both the body is empty.
    """

    status: int
    json: Mapping[str, object] | None = None
    html: str | None = None
    retry_after: str | None = None

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await read_body(request)
        headers = {} if self.retry_after is None else {"Retry-After": self.retry_after}
        if self.json is not None:
            return web.Response(
                status=self.status,
                text=json.dumps(self.json),
                content_type="application/json",
                headers=headers,
            )
        return web.Response(
            status=self.status,
            text=self.html or "",
            content_type="text/html",
            headers=headers,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptivePortal(Fault):
    """Answer 200 with a page, as the Wi-Fi of a hotel does."""

    html: str = _PORTAL

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await read_body(request)
        return web.Response(text=self.html, content_type="text/html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redirect(Fault):
    """Send the client elsewhere."""

    location: str
    status: int = 302

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        await read_body(request)
        return web.Response(status=self.status, headers={"Location": self.location})


@dataclass(frozen=True, slots=True, kw_only=True)
class WrongClock(Fault):
    """Do the work, and show another time in the header `Date`, whatever is asked.

    Exactly one of `ahead`, in seconds, and `text` says which.
    """

    times: int | None = None
    ahead: float = 0.0
    text: str | None = None

    @override
    def matches(self, request: web.Request) -> bool:
        return True

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = await handler(request)
        if not response.prepared:
            shown = self.text or formatdate(time.time() + self.ahead, usegmt=True)
            response.headers["Date"] = shown
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class HugeBody(Fault):
    """Answer with so many bytes of JSON; nothing is committed."""

    size: int = 256 * _BLOCK
    status: int = 200

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = web.StreamResponse(status=self.status)
        return await _stream(request, response, _message_of(self.size))


@dataclass(frozen=True, slots=True, kw_only=True)
class GzipBomb(Fault):
    """Answer with a few kilobytes that unfold to so many bytes of JSON.

    It comes as gzip whether the client allows that or not.
    """

    size: int = 1024 * _BLOCK
    status: int = 200

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        response = web.StreamResponse(
            status=self.status, headers={"Content-Encoding": "gzip"}
        )
        return await _stream(request, response, _gzip(_message_of(self.size)))


async def _send_half(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Do the work and send its answer's header and half of the body."""
    await read_body(request)
    whole = await handler(request)
    if not isinstance(whole, web.Response) or not isinstance(whole.body, bytes):
        raise TypeError("only a plain answer can be cut in half")
    response = web.StreamResponse(
        status=whole.status, headers={"Content-Type": whole.content_type}
    )
    response.content_length = len(whole.body)
    await response.prepare(request)
    await response.write(whole.body[: len(whole.body) // 2])
    return response


async def _message_of(size: int) -> AsyncIterator[bytes]:
    prefix, suffix = b'{"message":"', b'"}'
    yield prefix
    rest = max(0, size - len(prefix) - len(suffix))
    while rest:
        block = min(rest, _BLOCK)
        yield b"x" * block
        rest -= block
    yield suffix


async def _gzip(parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    compressor = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    async for part in parts:
        yield compressor.compress(part)
        await asyncio.sleep(0)
    yield compressor.flush()


async def _stream(
    request: web.Request, response: web.StreamResponse, parts: AsyncIterator[bytes]
) -> web.StreamResponse:
    await read_body(request)
    response.content_type = "application/json"
    await response.prepare(request)
    async for part in parts:
        if part:
            await response.write(part)
    return response


class FaultQueue:
    """The faults that still wait for a request, the first one first."""

    def __init__(self) -> None:
        """Start without faults."""
        self._waiting: list[Fault] = []

    def add(self, *faults: Fault) -> None:
        """Put faults at the end."""
        self._waiting.extend(faults)

    def clear(self) -> None:
        """Forget all that wait."""
        self._waiting.clear()

    def __len__(self) -> int:
        """Count the faults that wait."""
        return len(self._waiting)

    @web.middleware
    async def middleware(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Let the first fault that is meant for a request serve it."""
        fault = self._take(request)
        if fault is None:
            return await handler(request)
        try:
            return await fault.serve(request, handler)
        except ConnectionError:
            return web.Response()  # to nobody: the client has gone

    def _take(self, request: web.Request) -> Fault | None:
        for index, fault in enumerate(self._waiting):
            if fault.matches(request):
                self._use(index, fault)
                return fault
        return None

    def _use(self, index: int, fault: Fault) -> None:
        if fault.times is None:
            return
        if fault.times > 1:
            self._waiting[index] = replace(fault, times=fault.times - 1)
        else:
            del self._waiting[index]
