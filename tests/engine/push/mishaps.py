"""Everything that can go wrong on the way, and what the caller must be told.

One list for all tests: what each mishap is called, that it loses and doubles nothing,
and that no secret shows in what it leaves behind.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
import gzip
import ssl
from typing import Final

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import Client, Sealed, SpaceKey
from custom_components.budgero.engine.push.errors import (
    BodyRemovedError,
    CertificateError,
    HeaderRemovedError,
    InDoubtError,
    NotAllowedError,
    NotEncryptedError,
    NotPrivateError,
    PushError,
    RateLimitedError,
    ServerTroubleError,
    UnreachableError,
    UpdateRequiredError,
    WrongAddressError,
    WrongTokenError,
)
from tests.budgero_server import (
    BudgeroServer,
    CaptivePortal,
    Delay,
    Drop,
    Fault,
    GzipBomb,
    HugeBody,
    Redirect,
    Reply,
    StalledBody,
    TruncatedBody,
)

from .names import resolving
from .wire import Wire, http

MODULE: Final = "custom_components.budgero.engine.push.transport"
PAGE: Final = "<!doctype html><title>Sign in</title>"
LARGE: Final = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Stage:
    """What a mishap is arranged with."""

    server: BudgeroServer
    session: ClientSession
    tls: ssl.SSLContext
    monkeypatch: pytest.MonkeyPatch
    stack: AsyncExitStack

    def hurry(self, what: str = "EXCHANGE_SECONDS") -> None:
        """Let the client wait for moments only, for the one thing that is slow."""
        self.monkeypatch.setattr(f"{MODULE}.{what}", 0.5)

    async def wire(self, says: bytes | None, tls: ssl.SSLContext | None = None) -> Wire:
        """Listen in the server's place."""
        return await self.stack.enter_async_context(Wire(says, tls))


type Arrangement = Callable[[Stage], Awaitable[str]]
type Call = Callable[[Client, Sealed], Awaitable[object]]


async def push(client: Client, sealed: Sealed) -> object:
    """Push as the sender does."""
    return await client.push(sealed)


async def stats(client: Client, _: Sealed) -> object:
    """Read the statistics."""
    return await client.stats()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mishap:
    """Something that goes wrong once.

    Attributes:
        name: what happened.
        error: what the caller must be told.
        arrange: prepares it and returns the address to use.
        arrives: whether the server has, or will have, the transaction all the same.
        heals: whether the next push to the same address goes well.
        retry_after: how long the server asked to wait.
        call: what the caller was doing.
    """

    name: str
    error: type[PushError]
    arrange: Arrangement = field(repr=False)
    arrives: bool = False
    heals: bool = False
    retry_after: float | None = None
    call: Call = push


def _once(
    name: str,
    error: type[PushError],
    fault: Fault,
    *,
    arrives: bool = False,
    hurry: bool = False,
    retry_after: float | None = None,
) -> Mishap:
    """Return what the stand-in does to one push, and to none after it."""

    async def arrange(stage: Stage) -> str:
        stage.server.faults.add(fault)
        if hurry:
            stage.hurry()
        return stage.server.url

    return Mishap(
        name=name,
        error=error,
        arrange=arrange,
        arrives=arrives,
        heals=True,
        retry_after=retry_after,
    )


def _says(says: bytes | None, *, hurry: bool = False) -> Arrangement:
    """Arrange that something else than Budgero answers, with these bytes."""

    async def arrange(stage: Stage) -> str:
        if hurry:
            stage.hurry()
        return (await stage.wire(says)).url

    return arrange


def _json(status: int, message: str, error: type[PushError]) -> Mishap:
    fault = Reply(status=status, json={"message": message})
    return _once(f"{status} {message}", error, fault)


def _page(status: int, error: type[PushError]) -> Mishap:
    return _once(f"{status} page", error, Reply(status=status, html=PAGE))


def _redirect(status: int) -> Mishap:
    async def arrange(stage: Stage) -> str:
        elsewhere = await stage.wire(http(202, b'{"id":"stolen"}'))
        location = f"{elsewhere.url}/api/v1/push"
        stage.server.faults.add(Redirect(location=location, status=status))
        return stage.server.url

    return Mishap(name=f"{status} redirect", error=WrongAddressError, arrange=arrange)


async def _nobody_listens(stage: Stage) -> str:
    await stage.server.stop()
    return stage.server.url


async def _https_to_an_http_port(stage: Stage) -> str:
    return stage.server.url.replace("http:", "https:")


async def _untrusted_certificate(stage: Stage) -> str:
    return (await stage.wire(http(202), stage.tls)).url


async def _certificate_of_another_name(stage: Stage) -> str:
    resolving(stage.monkeypatch, {"budget.example": ["127.0.0.1"]})
    return (await stage.wire(http(202), stage.tls)).url.replace(
        "127.0.0.1", "budget.example"
    )


async def _tls_that_never_greets(stage: Stage) -> str:
    stage.hurry("CONNECT_SECONDS")
    return (await stage.wire(None)).url.replace("http:", "https:")


async def _unknown_name(stage: Stage) -> str:
    resolving(stage.monkeypatch, {})
    return "https://budget.example"


async def _unknown_local_name(stage: Stage) -> str:
    resolving(stage.monkeypatch, {})
    return "http://budget.local"


async def _name_outside_the_house(stage: Stage) -> str:
    resolving(stage.monkeypatch, {"budget.local": ["203.0.113.7"]})
    return f"http://budget.local:{stage.server.port}"


async def _closed_session(stage: Stage) -> str:
    await stage.session.close()
    return stage.server.url


async def _disabled_token(stage: Stage) -> str:
    stage.server.disable_token()
    return stage.server.url


async def _replaced_token(stage: Stage) -> str:
    stage.server.regenerate_token()
    return stage.server.url


async def _the_server_as_it_is(stage: Stage) -> str:
    return stage.server.url


MISHAPS: Final = (
    # The network.
    Mishap(name="nobody listens", error=UnreachableError, arrange=_nobody_listens),
    Mishap(name="unknown name", error=UnreachableError, arrange=_unknown_name),
    Mishap(name="unknown .local", error=UnreachableError, arrange=_unknown_local_name),
    Mishap(
        name="https to http", error=NotEncryptedError, arrange=_https_to_an_http_port
    ),
    Mishap(name="silent TLS", error=UnreachableError, arrange=_tls_that_never_greets),
    Mishap(name="session closed", error=UnreachableError, arrange=_closed_session),
    Mishap(name="outside", error=NotPrivateError, arrange=_name_outside_the_house),
    Mishap(name="untrusted", error=CertificateError, arrange=_untrusted_certificate),
    Mishap(
        name="other name", error=CertificateError, arrange=_certificate_of_another_name
    ),
    # The connection breaks, or takes too long.
    _once("cut before", InDoubtError, Drop()),
    _once("cut after", InDoubtError, Drop(after_commit=True), arrives=True),
    _once("slow before", InDoubtError, Delay(seconds=1.0), arrives=True, hurry=True),
    _once(
        "slow after",
        InDoubtError,
        Delay(seconds=1.0, after_commit=True),
        arrives=True,
        hurry=True,
    ),
    _once("truncated body", InDoubtError, TruncatedBody(), arrives=True),
    _once("stalled body", InDoubtError, StalledBody(), arrives=True, hurry=True),
    Mishap(name="silence", error=InDoubtError, arrange=_says(None, hurry=True)),
    Mishap(name="hangs up", error=InDoubtError, arrange=_says(b"")),
    Mishap(name="no HTTP", error=InDoubtError, arrange=_says(b"220 mail ESMTP\r\n")),
    Mishap(name="half a line", error=InDoubtError, arrange=_says(b"HTTP/1.1 20")),
    Mishap(
        name="a huge header",
        error=InDoubtError,
        arrange=_says(http(202, b"{}", X_Huge="x" * 100_000)),
    ),
    Mishap(
        name="two lengths",
        error=InDoubtError,
        arrange=_says(
            b"HTTP/1.1 202 A\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}"
        ),
    ),
    Mishap(
        name="a broken chunk",
        error=InDoubtError,
        arrange=_says(
            b"HTTP/1.1 202 A\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"
        ),
    ),
    # Something answers that is not Budgero.
    _once("captive portal", WrongAddressError, CaptivePortal()),
    *(_redirect(status) for status in (301, 302, 303, 307, 308)),
    _once("200 huge", WrongAddressError, HugeBody(size=LARGE)),
    _once("202 huge", WrongAddressError, HugeBody(size=LARGE, status=202)),
    _once("202 gzip bomb", WrongAddressError, GzipBomb(size=LARGE, status=202)),
    _once("400 gzip bomb", WrongAddressError, GzipBomb(size=LARGE, status=400)),
    _once(
        "202 without an id",
        WrongAddressError,
        Reply(status=202, json={"status": "queued"}),
    ),
    _once("202 with a number", WrongAddressError, Reply(status=202, json={"id": 7})),
    _once(
        "202 with an empty id", WrongAddressError, Reply(status=202, json={"id": ""})
    ),
    _once("200 with an id", WrongAddressError, Reply(status=200, json={"id": "1"})),
    _once("201 with an id", WrongAddressError, Reply(status=201, json={"id": "1"})),
    Mishap(
        name="folded though nobody asked",
        error=WrongAddressError,
        arrange=_says(
            http(
                401,
                gzip.compress(b'{"message":"invalid token"}'),
                Content_Encoding="gzip",
            )
        ),
    ),
    _json(200, "ok", WrongAddressError),
    _json(404, "Not Found", WrongAddressError),
    _json(409, "version conflict", WrongAddressError),
    *(
        _page(status, WrongAddressError)
        for status in (202, 204, 400, 401, 403, 404, 407, 409, 413, 418, 422, 426)
    ),
    Mishap(name="disabled token", error=WrongTokenError, arrange=_disabled_token),
    Mishap(name="replaced token", error=WrongTokenError, arrange=_replaced_token),
    # Something on the way takes a part of the request.
    _json(401, "missing authorization header", HeaderRemovedError),
    _json(401, "invalid authorization format", HeaderRemovedError),
    _json(400, "invalid request body", BodyRemovedError),
    _json(400, "encrypted_payload is required", BodyRemovedError),
    # Budgero refuses.
    _json(401, "invalid token", WrongTokenError),
    _json(403, "token is disabled", WrongTokenError),
    _json(413, "Request size limit exceeded", WrongAddressError),
    _json(422, "invalid payload", WrongAddressError),
    _json(426, "update the app to continue", UpdateRequiredError),
    Mishap(
        name="statistics",
        error=NotAllowedError,
        arrange=_the_server_as_it_is,
        call=stats,
    ),
    # It has trouble, or too much to do.
    _json(429, "rate limit exceeded", RateLimitedError),
    _once(
        "429 with a wait",
        RateLimitedError,
        Reply(status=429, html=PAGE, retry_after="17"),
        retry_after=17.0,
    ),
    _once(
        "503 with a wait",
        ServerTroubleError,
        Reply(status=503, html=PAGE, retry_after="17"),
        retry_after=17.0,
    ),
    _once("500 gzip bomb", ServerTroubleError, GzipBomb(size=LARGE, status=500)),
    _json(500, "failed to queue mutation", ServerTroubleError),
    *(_page(status, ServerTroubleError) for status in (408, 500, 502, 503, 504, 520)),
)

each_mishap = pytest.mark.parametrize(
    "mishap", MISHAPS, ids=[mishap.name for mishap in MISHAPS]
)


async def suffer(
    mishap: Mishap, stage: Stage, key: SpaceKey, sealed: Sealed
) -> tuple[Client, PushError]:
    """Let the mishap happen; return the client and what it raised."""
    token = stage.server.token
    client = Client(stage.session, await mishap.arrange(stage), token, key)
    with pytest.raises(PushError) as caught:
        await mishap.call(client, sealed)
    return client, caught.value
