"""HTTP requests to a Budgero server; every request of the engine goes through here."""

import asyncio
from collections.abc import Callable, Mapping
from functools import lru_cache
import json
from types import MappingProxyType
from typing import Final

import aiohttp
from aiohttp import ClientSession, ClientTimeout, hdrs
from yarl import URL

from .address import API, ServerAddress
from .answers import Answer
from .errors import (
    CertificateError,
    InDoubtError,
    NotEncryptedError,
    PushError,
    UnreachableError,
)

EXCHANGE_SECONDS: Final = 35.0
"""Time-out of a whole exchange, in seconds. The server of 1.6.0 works at most 15 s on a
request."""

CONNECT_SECONDS: Final = 15.0
"""Time-out of connecting, in seconds; nothing was sent before."""

MAX_BODY: Final = 64 * 1024

NO_HEADERS: Final[Mapping[str, str]] = MappingProxyType({})

_HARMLESS: Final = (hdrs.METH_GET,)
"""Methods that aiohttp may send a second time, because they change nothing."""

_USER_AGENT: Final = "ha-budgero"


class Transport:
    """Sends single requests to one server; it keeps no state between them."""

    def __init__(
        self,
        session: ClientSession | Callable[[], ClientSession],
        address: str | ServerAddress,
    ) -> None:
        """Take session and address; the session is never closed here.

        Raises:
            InvalidInputError: the address is not valid.
        """
        self._session = session
        self.address: Final = (
            ServerAddress.parse(address) if isinstance(address, str) else address
        )

    async def request(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        bearer: str | None = None,
        limit: int = MAX_BODY,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer:
        """Carry out one exchange, headers and body, within one time-out.

        aiohttp's exceptions carry the token, so they are neither chained nor kept as
        context of the errors that are raised here.

        Args:
            method: the HTTP method.
            path: below the path of the API; it may have a query.
            body: to send as JSON.
            bearer: the token to send. Redirects are not followed, so no other server
                gets it.
            limit: how many bytes of the answer's body to read at most. Of errors and
                redirects never more than 64 KiB are read.
            headers: further headers of this request.

        Raises:
            PushError: there is no answer.
        """
        base = await self.address.resolve()
        session = self._open_session()
        try:
            async with asyncio.timeout(EXCHANGE_SECONDS):
                return await _exchange(
                    session,
                    method,
                    _endpoint(base, path),
                    body,
                    headers={**self._headers(bearer), **headers},
                    limit=limit,
                )
        except (aiohttp.ClientError, OSError) as error:
            failure = _to_push_error(error)
        raise failure

    def _open_session(self) -> ClientSession:
        """Return the session to use now."""
        session = self._session
        if not isinstance(session, ClientSession):
            try:
                session = session()
            except OSError:
                raise UnreachableError("this machine has no network") from None
        if session.closed:
            raise UnreachableError("the network is shut down")
        return session

    def _headers(self, bearer: str | None) -> dict[str, str]:
        headers: dict[str, str] = {
            hdrs.HOST: self.address.host_header,
            hdrs.USER_AGENT: _USER_AGENT,
            hdrs.ACCEPT: "application/json",
            hdrs.ACCEPT_ENCODING: "identity",
        }
        if bearer is not None:
            headers[hdrs.AUTHORIZATION] = f"Bearer {bearer}"
        return headers


async def _exchange(
    session: ClientSession,
    method: str,
    url: URL,
    body: Mapping[str, object] | None,
    *,
    headers: dict[str, str],
    limit: int,
) -> Answer:
    data = None
    if body is not None:
        headers[hdrs.CONTENT_TYPE] = "application/json"
        data = json.dumps(dict(body)).encode()
    async with session.request(
        method,
        url,
        data=data,
        headers=headers,
        allow_redirects=False,
        auto_decompress=False,
        timeout=ClientTimeout(total=None, connect=CONNECT_SECONDS),
        middlewares=() if method in _HARMLESS else (_never_again,),
    ) as response:
        if response.status >= 300:
            limit = min(limit, MAX_BODY)
        content = await _read_capped(response, limit)
        return Answer(
            response.status, response.headers, content[:limit], len(content) > limit
        )


async def _never_again(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending PUT and DELETE again when their connection broke.

    The server may have carried out the first request; it would then answer the second
    one as if there were nothing to do. Errors about a connection that was never made
    are passed on, because they mean that nothing was sent.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except aiohttp.ClientOSError, aiohttp.ServerDisconnectedError:
        pass
    raise aiohttp.ClientConnectionError


@lru_cache(maxsize=32)
def _endpoint(base: URL, path: str) -> URL:
    return base.join(URL(API + path))


async def _read_capped(response: aiohttp.ClientResponse, limit: int) -> bytes:
    """Read a body until it is longer than `limit` bytes."""
    stream = response.content
    parts = [await stream.readany()]
    size = len(parts[0])
    while not stream.at_eof() and size <= limit:
        parts.append(await stream.readany())
        size += len(parts[-1])
    if size > limit:
        response.close()
    return b"".join(parts)


def _to_push_error(error: Exception) -> PushError:
    """Return the error of a failed exchange: nothing was sent, or that is unknown."""
    match error:
        case aiohttp.ClientConnectorCertificateError():
            return CertificateError()
        case aiohttp.ClientConnectorSSLError():
            return NotEncryptedError()
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return UnreachableError()
    return InDoubtError()
