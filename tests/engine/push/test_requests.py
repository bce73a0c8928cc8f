"""The client's requests, as they travel."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
import json
import ssl
from unittest.mock import Mock

from aiohttp import ClientSession, TCPConnector
import pytest

from custom_components.budgero.engine.push import (
    Accepted,
    Client,
    ServerAddress,
    Transaction,
)
from custom_components.budgero.engine.push.errors import (
    InvalidInputError,
    ServerTroubleError,
    UnreachableError,
)
from tests.budgero_server import BudgeroServer
from tests.certificates import Certificate

from .credentials import KEY, TOKEN
from .names import resolving
from .wire import Wire, http


async def test_a_push_on_the_wire(session: ClientSession, lunch: Transaction) -> None:
    """Exactly what Budgero asks for, and nothing that identifies the household."""
    async with Wire(http(202, b'{"id":"item-1"}')) as wire:
        client = Client(session, wire.url, TOKEN, KEY)
        sealed = client.seal(lunch)
        await client.push(sealed)
    [request] = wire.heard
    assert request.line == "POST /api/v1/push HTTP/1.1"
    assert request.headers == {
        "Host": f"127.0.0.1:{wire.port}",
        "User-Agent": "ha-budgero",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Authorization": f"Bearer {TOKEN}",
        "Content-Type": "application/json",
        "Content-Length": str(len(request.body)),
    }
    assert json.loads(request.body) == {
        "encrypted_payload": sealed.payload,
        "message_id": sealed.message_id,
    }


@pytest.mark.parametrize(
    ("call", "line", "with_token"),
    [
        (Client.verify, "POST /api/v1/push HTTP/1.1", True),
        (Client.spec, "GET /api/v1/push/spec HTTP/1.1", False),
        (Client.health, "GET /api/v1/health HTTP/1.1", False),
        (Client.stats, "GET /api/v1/push/stats HTTP/1.1", True),
        (Client.queue, "GET /api/v1/push/queue HTTP/1.1", True),
        (Client.clear_queue, "DELETE /api/v1/push/queue HTTP/1.1", True),
        (
            lambda client: client.clear_queue(include_all=True),
            "DELETE /api/v1/push/queue?all=1 HTTP/1.1",
            True,
        ),
    ],
)
async def test_the_other_requests(
    call: Callable[[Client], Awaitable[object]],
    line: str,
    with_token: bool,
    session: ClientSession,
) -> None:
    """One request each; the token goes only where it is needed."""
    async with Wire(http(503)) as wire:
        client = Client(session, wire.url, TOKEN, KEY)
        with suppress(ServerTroubleError):
            assert await call(client) is False  # health alone returns
    [request] = wire.heard
    assert request.line == line
    assert request.headers["Accept-Encoding"] == "identity"
    assert ("Authorization" in request.headers) is with_token
    assert request.body == (b"{}" if line.startswith("POST") else b"")


async def test_plain_http_goes_to_the_checked_address(
    session: ClientSession, lunch: Transaction, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name is asked for once; a proxy at home still finds the server by it."""
    async with Wire(http(202, b'{"id":"item-1"}')) as wire:
        resolving(monkeypatch, {"xn--mnchen-3ya.local": ["127.0.0.1"]})
        address = f"http://m\u00fcnchen.local:{wire.port}"
        client = Client(session, address, TOKEN, KEY)
        await client.push(client.seal(lunch))
    [request] = wire.heard
    assert request.headers["Host"] == f"xn--mnchen-3ya.local:{wire.port}"


async def test_a_certificate_of_the_households_own(
    socket_enabled: None,
    certificate: Certificate,
    tls: ssl.SSLContext,
    lunch: Transaction,
) -> None:
    """An own server over https works: with a trusted certificate, or unverified."""
    trusting = ssl.create_default_context(cadata=certificate.public)
    for verification in (trusting, False):
        connector = TCPConnector(ssl=verification)
        async with (
            ClientSession(connector=connector) as session,
            Wire(http(202, b'{"id":"item-1"}'), tls) as wire,
        ):
            client = Client(session, wire.url, TOKEN, KEY)
            assert isinstance(await client.push(client.seal(lunch)), Accepted)
        assert wire.url.startswith("https:")


def test_addresses_and_tokens_are_checked(session: ClientSession) -> None:
    """A client with a wrong address or token never comes about."""
    for address, token, field in (
        ("ftp://x", TOKEN, "url"),
        ("my.budgero.app", "short", "token"),
    ):
        with pytest.raises(InvalidInputError) as caught:
            Client(session, address, token, KEY)
        assert caught.value.field == field
    Client(session, ServerAddress.parse("my.budgero.app"), f" {TOKEN}\n", KEY)


async def test_a_session_that_is_made_when_it_is_needed(
    server: BudgeroServer, session: ClientSession
) -> None:
    """On a machine that had no network when it started, the next request works."""
    made = Mock(side_effect=[OSError("no network interface"), session, session])
    client = Client(made, server.url, server.token, KEY)
    made.assert_not_called()
    with pytest.raises(UnreachableError) as caught:
        await client.verify()
    assert not caught.value.in_doubt
    assert await client.health()
    assert await client.health()
    assert made.call_count == 3
