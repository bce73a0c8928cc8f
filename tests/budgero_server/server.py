"""The stand-in as a whole: start, stop, and what tests do with it."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
import ssl
from types import TracebackType
from typing import Final, Self, override

from aiohttp import web

from . import pages, public_api
from .account_api import AccountApi, Credentials
from .backend import Backend
from .blob import BlobOptions
from .blob_api import BlobApi
from .connection import RunningHandlers
from .control_api import ControlApi
from .envelope import ITERATIONS
from .errors import ApiError
from .faults import FaultQueue
from .middlewares import server_middlewares
from .model import Budget
from .push_api import PushApi
from .rate_limit import API_LIMIT, LOGIN_LIMIT, RateLimit, RateLimiter
from .releases import DEFAULT_RELEASE
from .request_log import LoggedRequest, RequestLog
from .seed import DEFAULT_BUDGETS
from .sessions import LIFETIME, Sessions

_KEEP_ALIVE: Final = 60.0
_LARGEST_HEADER: Final = 1 << 20
_SHUTDOWN: Final = 0.02


class BudgeroServer(Backend):
    """A Budgero server and the app of its one user, in this process.

    Use it as `async with BudgeroServer() as server:` and talk to `server.url`.
    """

    def __init__(
        self,
        *,
        budgets: Sequence[Budget] = DEFAULT_BUDGETS,
        token: str | None = None,
        space_key: str | None = None,
        data: Path | None = None,
        host: str = "127.0.0.1",
        port: int = 0,
        ssl_context: ssl.SSLContext | None = None,
        api_limit: RateLimit | None = API_LIMIT,
        login_limit: RateLimit | None = LOGIN_LIMIT,
        race_window: float = 0.0,
        read_timeout: float = 15.0,
        credentials: Credentials | None = None,
        session_lifetime: float = LIFETIME,
        blob: BlobOptions | None = None,
        release: str = DEFAULT_RELEASE,
        has_workspace: bool = True,
    ) -> None:
        """Prepare a server that does not listen yet.

        Args:
            budgets: What the household has; ignored when `data` already holds some.
            token: The push token; a random one is made when there is none.
            space_key: Base64 text of the 32-byte key; random when there is none.
            data: A file that keeps everything; without it all is in memory.
            host: The address to listen on; it is also the host of the URL.
            port: The port; 0 takes a free one.
            ssl_context: Listen with TLS.
            api_limit: Requests per client; None switches the limit off.
            login_limit: The same for signing in.
            race_window: Seconds in which parallel duplicates slip through.
            read_timeout: Seconds that a body may take before the connection is cut.
            credentials: What the user signs in with.
            session_lifetime: Seconds that a session lasts after signing in.
            blob: How the encrypted database is made.
            release: Which release of Budgero to be, one of `RELEASES`.
            has_workspace: Whether the user has made a workspace yet; without one there
                is no token and no key.

        Raises:
            KeyError: There is no such release.
            ValueError: The space key is not base64 of 32 bytes.
        """
        self._api_limit = api_limit
        self._login_limit = login_limit
        self._api_limiter = RateLimiter(api_limit)
        self._login_limiter = RateLimiter(login_limit)
        super().__init__(
            budgets=budgets,
            token=token,
            space_key=space_key,
            data=data,
            blob=blob or BlobOptions(),
            release=release,
            has_workspace=has_workspace,
        )
        self.credentials: Final = credentials or Credentials()
        self.faults: Final = FaultQueue()
        self._host = host
        self._port = port
        self._ssl_context = ssl_context
        self._race_window = race_window
        self._read_timeout = read_timeout
        self._sessions = Sessions(session_lifetime)
        self._log = RequestLog()
        self._handlers = RunningHandlers()
        self._runner: web.AppRunner | None = None
        self._restarting: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Listen."""
        await self.start()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop and forget what is not in a file."""
        await self.close()

    async def start(self) -> None:
        """Listen, with new sessions and full rate limits, on the same port."""
        self.end_sessions()
        clock = asyncio.get_running_loop().time
        self._api_limiter = RateLimiter(self._api_limit, clock)
        self._login_limiter = RateLimiter(self._login_limit, clock)
        self._runner = web.AppRunner(
            self._application(),
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=_KEEP_ALIVE,
            max_line_size=_LARGEST_HEADER,
            max_field_size=_LARGEST_HEADER,
            shutdown_timeout=_SHUTDOWN,
        )
        await self._runner.setup()
        site = web.TCPSite(
            self._runner, self._host, self._port, ssl_context=self._ssl_context
        )
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Cut all connections and stop listening; the rows stay."""
        if self._runner is not None:
            await self._runner.cleanup()
            await self._handlers.cancel()
            self._runner = None

    async def restart(self) -> None:
        """Cut all connections, end all sessions, listen on the same port again."""
        await self.stop()
        await self.start()

    async def update(self, release: str) -> None:
        """Become another release, and restart as an update does.

        Raises:
            KeyError: There is no such release.
        """
        self.install(release)
        await self.restart()

    def end_sessions(self) -> None:
        """Make all sessions invalid, as a restart does."""
        self._sessions.end_all()

    @property
    def session_lifetime(self) -> float:
        """Seconds that a session lasts after signing in; assign to change it."""
        return self._sessions.lifetime

    @session_lifetime.setter
    def session_lifetime(self, seconds: float) -> None:
        self._sessions.lifetime = seconds

    def restart_soon(self) -> None:
        """Restart as soon as the present request has been answered."""
        if self._restarting is None or self._restarting.done():
            self._restarting = asyncio.create_task(self.restart())

    async def restarted(self) -> None:
        """Wait for the end of a restart that was asked for."""
        if self._restarting is not None:
            await self._restarting

    async def close(self) -> None:
        """Stop and close the database."""
        await self.restarted()
        await self.stop()
        self._db.close()

    def _application(self) -> web.Application:
        application = web.Application(
            middlewares=(
                self._handlers.middleware,
                self._log.middleware,
                self.faults.middleware,
                *server_middlewares(
                    self._api_limiter, self._login_limiter, self._release
                ),
            ),
            client_max_size=0,
        )
        blob_api = BlobApi(
            self._state,
            self._ledger,
            self._blobs,
            self._sessions,
            self._release.layout,
        )
        account_api = AccountApi(
            self._state,
            self._sessions,
            self.credentials,
            self._release.operations,
            min(self.blob.iterations, ITERATIONS),
        )
        application.add_routes(
            [
                *ControlApi(self).routes(),
                *PushApi(self._state, self._race_window, self._read_timeout).routes(),
                *public_api.routes(self._release),
                *blob_api.routes(),
                *account_api.routes(),
                web.route("*", "/api{rest:(/.*)?}", _not_found),
                *pages.routes(),
            ]
        )
        return application

    @override
    def _is_let_through(self) -> bool:
        return self._api_limiter.allows(self._host)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._port

    @property
    def url(self) -> str:
        """The base address, without a slash at the end."""
        scheme = "http" if self._ssl_context is None else "https"
        return f"{scheme}://{self._host}:{self._port}"

    @property
    def page(self) -> str:
        """The address of the page for people."""
        return f"{self.url}{pages.ADDRESS}"

    @property
    def requests(self) -> list[LoggedRequest]:
        """All requests so far, except those to the control interface."""
        return list(self._log.entries)

    def forget_requests(self) -> None:
        """Start counting requests anew."""
        self._log.entries.clear()


async def _not_found(_: web.Request) -> web.StreamResponse:
    raise ApiError(404, "Not Found")
