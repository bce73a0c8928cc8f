"""What goes wrong on purpose: seen by the client, and done or not by the server."""

import asyncio
from email.utils import parsedate_to_datetime
import time
import zlib

import aiohttp
import pytest

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
    WrongClock,
)

from .client import Client

_BODY = '{"encrypted_payload": "x", "message_id": "m"}'


async def _settled(server: BudgeroServer) -> None:
    """Wait until the last request has been handled to its end."""
    async with asyncio.timeout(5):
        while server.requests[-1].finished is None:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize(
    ("fault", "commits"),
    [
        (Drop(), False),
        (Drop(after_commit=True), True),
        (TruncatedBody(), True),
    ],
)
async def test_broken_connection(client: Client, fault: Fault, commits: bool) -> None:
    """The client sees an error; only the server knows what it did."""
    client.server.faults.add(fault)

    with pytest.raises(aiohttp.ClientError):
        await client.push(_BODY)

    await _settled(client.server)
    assert bool(client.server.queue) is commits
    request = client.server.requests[-1]
    assert (request.status, request.message_id) == (None, "m")
    assert (await client.push(_BODY)).status == (409 if commits else 202)


@pytest.mark.parametrize(
    "fault",
    [
        Delay(seconds=0.3),
        Delay(seconds=0.3, after_commit=True),
        StalledBody(),
    ],
)
async def test_request_outlives_its_client(client: Client, fault: Fault) -> None:
    """The server does its work although the client has given up."""
    client.server.faults.add(fault)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await client.push(_BODY)

    assert client.server.requests[-1].message_id == "m"
    await _settled(client.server)
    assert len(client.server.queue) == 1


async def test_delay_of_a_patient_client(client: Client) -> None:
    """A client that waits gets its answer."""
    client.server.faults.add(Delay(seconds=0.1))
    start = time.monotonic()

    assert (await client.push(_BODY)).status == 202
    assert time.monotonic() - start >= 0.1


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "text", "headers"),
    [
        (
            Reply(status=503, json={"message": "no"}, retry_after="7"),
            503,
            "application/json",
            '{"message": "no"}',
            {"Retry-After": "7"},
        ),
        (Reply(status=403, html="<p>no"), 403, "text/html", "<p>no", {}),
        (Reply(status=502), 502, "text/html", "", {}),
        (CaptivePortal(html="<p>sign in"), 200, "text/html", "<p>sign in", {}),
        (
            Redirect(location="https://example.com/"),
            302,
            "application/octet-stream",
            "",
            {"Location": "https://example.com/"},
        ),
        (
            HugeBody(size=3_000_000, status=500),
            500,
            "application/json",
            '{"message":"' + "x" * 2_999_986 + '"}',
            {},
        ),
    ],
)
async def test_foreign_answer(
    client: Client,
    fault: Fault,
    status: int,
    content_type: str,
    text: str,
    headers: dict[str, str],
) -> None:
    """Somebody else answers, and the server never sees the request."""
    client.server.faults.add(fault)
    answer = await client.push(_BODY)

    assert (answer.status, answer.text) == (status, text)
    assert answer.headers.get("Content-Type", content_type).startswith(content_type)
    assert {name: answer.headers[name] for name in headers} == headers
    assert client.server.queue == []
    assert client.server.requests[-1].status == status


async def test_huge_body_ends_with_its_client(client: Client) -> None:
    """Nobody reads on, so nothing more is sent."""
    client.server.faults.add(HugeBody(size=1 << 40))
    response = await client.session.post(client.server.url + "/api/v1/push")
    await response.content.readexactly(1000)
    response.close()

    await _settled(client.server)


async def test_gzip_bomb(client: Client) -> None:
    """Few bytes unfold to many, though the client asked for plain ones."""
    client.server.faults.add(GzipBomb(size=20_000_000))
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.post(
            client.server.url + "/api/v1/push", headers={"Accept-Encoding": "identity"}
        ) as response,
    ):
        packed = await response.read()

    assert response.headers["Content-Encoding"] == "gzip"
    assert len(packed) < 100_000
    assert len(zlib.decompress(packed, wbits=31)) == 20_000_000


async def test_faults_are_used_in_order_and_by_path(client: Client) -> None:
    """Each fault serves the requests that it is meant for, so many times."""
    client.server.faults.add(
        Reply(status=501, times=2),
        Reply(status=502, method="GET", path="/api/v1/health"),
        Reply(status=503, times=None),
    )
    pushes = [(await client.push(_BODY)).status for _ in range(4)]
    health = [(await client.request("GET", "/api/v1/health")).status for _ in range(2)]

    assert pushes == [501, 501, 503, 503]
    assert health == [502, 200]
    client.server.faults.clear()
    assert (await client.push(_BODY)).status == 202


async def test_restart_cuts_connections(client: Client) -> None:
    """A request that is being handled ends with the server."""
    client.server.faults.add(Delay(seconds=60))
    request = asyncio.create_task(client.push(_BODY))
    async with asyncio.timeout(5):
        while not client.server.requests:
            await asyncio.sleep(0.01)

    await client.server.restart()

    with pytest.raises(aiohttp.ClientError):
        await request
    assert client.server.queue == []
    assert (await client.push(_BODY)).status == 202


@pytest.mark.parametrize("after_commit", [False, True])
async def test_restart_ends_what_outlived_its_client(
    client: Client, after_commit: bool
) -> None:
    """No work of the old server is done in the new one."""
    client.server.faults.add(Delay(seconds=0.2, after_commit=after_commit))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await client.push(_BODY)

    await client.server.restart()

    assert client.server.requests[-1].finished is not None
    await asyncio.sleep(0.3)
    assert bool(client.server.queue) is after_commit


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (WrongClock(text="Fri, 31 Dec 9999 23:59:59 GMT"), 253402300799.0),
        (WrongClock(ahead=86400), None),
    ],
)
async def test_wrong_clock(
    client: Client, fault: WrongClock, shown: float | None
) -> None:
    """Every answer shows the time that is wanted, until the fault is cleared."""
    client.server.faults.add(fault)
    for _ in range(2):
        response = await client.push(_BODY)
        date = parsedate_to_datetime(response.headers["Date"]).timestamp()
        expected = shown or time.time() + fault.ahead
        assert abs(date - expected) < 10
    assert len(client.server.queue) == 1
    client.server.faults.clear()
    response = await client.push(_BODY)
    date = parsedate_to_datetime(response.headers["Date"]).timestamp()
    assert abs(date - time.time()) < 10
