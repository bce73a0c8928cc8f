"""A proxy before Budgero that removes a part of every request."""

from collections.abc import Iterable
from types import TracebackType
from typing import Self

from aiohttp import ClientSession, hdrs, web

_OF_ITS_OWN = (hdrs.HOST, hdrs.CONTENT_LENGTH, hdrs.TRANSFER_ENCODING)


class Proxy:
    """Passes requests on, and the answers back.

    Attributes:
        loses: what it removes: names of headers, or `body`.
    """

    def __init__(
        self, target: str, session: ClientSession, loses: Iterable[str] = ()
    ) -> None:
        """Prepare a proxy that does not listen yet."""
        self.loses = set(loses)
        self.port = 0
        self._target = target
        self._session = session
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app)

    @property
    def url(self) -> str:
        """The base address."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        """Listen on a free port of this machine."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        headers = request.headers.copy()
        for name in {*_OF_ITS_OWN, *self.loses} - {"body"}:
            headers.popall(name, None)
        body = b"" if "body" in self.loses else await request.read()
        lost = [name for name in (hdrs.CONTENT_TYPE,) if name in self.loses]
        async with self._session.request(
            request.method,
            f"{self._target}{request.path_qs}",
            headers=headers,
            data=body,
            skip_auto_headers=lost,
        ) as answer:
            return web.Response(
                body=await answer.read(),
                status=answer.status,
                content_type=answer.content_type,
            )
