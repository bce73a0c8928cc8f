"""What a server says without a token: its spec and its health."""

import time

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import Client, Feature, Spec, WireFormat
from custom_components.budgero.engine.push.errors import (
    PushError,
    ServerTroubleError,
    WrongAddressError,
)
from tests.budgero_server import BudgeroServer, Reply

from .credentials import KEY, TOKEN
from .wire import Wire, http


async def test_the_spec_of_today(client: Client) -> None:
    """Budgero 1.5 and later takes whole thousandths."""
    spec = await client.spec()
    assert spec == Spec(
        WireFormat.MILLIUNITS, frozenset({Feature.ADD}), spec.server_time
    )
    assert spec.server_time == pytest.approx(time.time(), abs=5)


@pytest.mark.parametrize(
    ("payload_format", "wire_format"),
    [
        ({"schema": {"v": {"type": "integer"}, "op": {}}}, WireFormat.MILLIUNITS),
        ({"schema": {"v": None}}, WireFormat.MILLIUNITS),
        ({"schema": {"op": {}}}, WireFormat.DECIMALS),
        ({"schema": []}, WireFormat.DECIMALS),
        ({}, WireFormat.DECIMALS),
        (None, WireFormat.DECIMALS),
        ("v", WireFormat.DECIMALS),
    ],
)
async def test_the_format_of_other_servers(
    payload_format: object,
    wire_format: WireFormat,
    server: BudgeroServer,
    client: Client,
) -> None:
    """A server whose spec names no version gets decimals: else 1000 times too much."""
    body = {
        "payload_format": payload_format,
        "supported_operations": {
            "transactions.add": {},
            "transactions.deleteByRef": {},
        },
    }
    server.faults.add(
        Reply(method="GET", path="/api/v1/push/spec", status=200, json=body)
    )
    spec = await client.spec()
    assert spec.wire_format is wire_format
    assert spec.features == {Feature.ADD, Feature.DELETE}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Date": "yesterday"}, {"Date": "Thu, 99 Nov 2026 10:00:00 GMT"}],
    ids=["none", "words", "no day"],
)
async def test_a_spec_without_a_clock(
    headers: dict[str, str], session: ClientSession
) -> None:
    """A server that shows no time is as good as any other."""
    async with Wire(http(200, b'{"supported_operations":{}}', **headers)) as wire:
        spec = await Client(session, wire.url, TOKEN, KEY).spec()
    assert spec.server_time is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http(200, b"<html></html>", Content_Type="text/html"), WrongAddressError),
        (http(200, b"{}"), WrongAddressError),
        (
            http(200, b'{"supported_operations":["transactions.add"]}'),
            WrongAddressError,
        ),
        (http(404, b'{"supported_operations":{}}'), WrongAddressError),
        (http(503, b'{"supported_operations":{}}'), ServerTroubleError),
    ],
)
async def test_no_spec(
    answer: bytes, expected: type[PushError], session: ClientSession
) -> None:
    """What was not read is not known: no format is guessed from a page."""
    async with Wire(answer) as wire:
        with pytest.raises(expected):
            await Client(session, wire.url, TOKEN, KEY).spec()


@pytest.mark.parametrize(
    ("answer", "healthy"),
    [
        (http(200, b'{"service":"zero-budget-web","status":"healthy"}'), True),
        (http(200, b'{"status":"starting"}'), False),
        (http(200, b"<html>healthy</html>"), False),
        (http(503, b'{"status":"healthy"}'), False),
        (http(302, Location="/"), False),
    ],
)
async def test_health(answer: bytes, healthy: bool, session: ClientSession) -> None:
    """Only Budgero's own word counts, not any page that says 200."""
    async with Wire(answer) as wire:
        assert await Client(session, wire.url, TOKEN, KEY).health() is healthy


async def test_the_health_of_the_server(client: Client) -> None:
    """The stand-in, like Budgero, is well."""
    assert await client.health()
