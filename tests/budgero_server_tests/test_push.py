"""POST /api/v1/push: every check in its order, every answer in its words."""

import asyncio
from contextlib import suppress
import json
import re

import aiohttp
import pytest

from tests.budgero_server import BudgeroServer

from .client import Client

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"


def _message(text: str) -> str:
    return json.dumps({"message": text}, separators=(",", ":")) + "\n"


async def test_accepted(client: Client) -> None:
    """A good request is answered with the id of its item."""
    answer = await client.push('{"encrypted_payload": "x", "message_id": "m"}')

    assert answer.status == 202
    assert answer.headers["Content-Type"] == "application/json"
    assert re.fullmatch(
        rf'\{{"id":"{_UUID}","message":"Mutation queued for processing",'
        r'"status":"queued"\}\n',
        answer.text,
    )
    item = client.server.queue[0]
    assert (item.message_id, item.payload, item.status) == ("m", "x", "pending")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", item.created_at)


@pytest.mark.parametrize(
    ("authorization", "status", "message"),
    [
        (None, 401, "missing authorization header"),
        ("", 401, "missing authorization header"),
        ("TOKEN", 401, "invalid authorization format"),
        ("Bearer", 401, "invalid authorization format"),
        ("Bearer ", 401, "invalid authorization format"),
        ("Basic TOKEN", 401, "invalid authorization format"),
        ("Bearer unknown", 500, "token validation failed"),
        ("Bearer  TOKEN", 500, "token validation failed"),
        ("Bearer TOKEN", 400, "encrypted_payload is required"),
        ("bEARER TOKEN", 400, "encrypted_payload is required"),
    ],
)
async def test_authorization(
    client: Client, authorization: str | None, status: int, message: str
) -> None:
    """The header is checked before anything else."""
    if authorization is not None:
        authorization = authorization.replace("TOKEN", client.server.token)
    answer = await client.request(
        "POST", "/api/v1/push", body="{}", authorization=authorization
    )

    assert (answer.status, answer.text) == (status, _message(message))


async def test_upper_case_token_is_another_token(client: Client) -> None:
    """A token is compared letter by letter."""
    authorization = f"Bearer {client.server.token.upper()}A"
    answer = await client.request(
        "POST", "/api/v1/push", body="{}", authorization=authorization
    )

    assert answer.status == 500


@pytest.mark.parametrize(
    ("body", "content_type", "message"),
    [
        ("{", "application/json", "invalid request body"),
        ("[]", "application/json", "invalid request body"),
        ('"text"', "application/json", "invalid request body"),
        ('{"encrypted_payload": NaN}', "application/json", "invalid request body"),
        ('{"encrypted_payload": 1}', "application/json", "invalid request body"),
        (
            '{"encrypted_payload": "x", "message_id": 1}',
            "application/json",
            "invalid request body",
        ),
        ('{"encrypted_payload": "x"}', "text/plain", "invalid request body"),
        ('{"encrypted_payload": "x"}', None, "invalid request body"),
        ("", None, "encrypted_payload is required"),
        ("", "application/json", "encrypted_payload is required"),
        ("{}", "application/json", "encrypted_payload is required"),
        ("null", "application/json", "encrypted_payload is required"),
        (
            '{"encrypted_payload": ""}',
            "application/json",
            "encrypted_payload is required",
        ),
        (
            '{"encrypted_payload": null}',
            "application/json",
            "encrypted_payload is required",
        ),
        (
            "encrypted_payload=x",
            "application/x-www-form-urlencoded",
            "encrypted_payload is required",
        ),
    ],
)
async def test_refused_body(
    client: Client, body: str, content_type: str | None, message: str
) -> None:
    """What does not bind or has no payload is refused."""
    answer = await client.push(body, content_type=content_type)

    assert (answer.status, answer.text) == (400, _message(message))
    assert client.server.queue == []


@pytest.mark.parametrize(
    ("body", "payload", "message_id"),
    [
        ('{"Encrypted_PAYLOAD": "x", "MESSAGE_id": "m"}', "x", "m"),
        ('{"encrypted_payload": "x", "ENCRYPTED_PAYLOAD": "y"}', "y", None),
        ('{"encrypted_payload": "x"} and more', "x", None),
        (' \n{"encrypted_payload": "   ", "other": [1]}', "   ", None),
        ('{"encrypted_payload": "x", "message_id": " m\\t\\n"}', "x", "m"),
        ('{"encrypted_payload": "x", "message_id": "\\u2003"}', "x", None),
        ('{"encrypted_payload": "x", "message_id": "\\u001f"}', "x", "\x1f"),
        ('{"encrypted_payload": "x", "message_id": "Łódź"}', "x", "Łódź"),
    ],
)
async def test_accepted_bodies(
    client: Client, body: str, payload: str, message_id: str | None
) -> None:
    """Go is generous about keys, blanks and what follows the object."""
    answer = await client.push(body, content_type="application/json; charset=utf-8")

    assert answer.status == 202
    item = client.server.queue[0]
    assert (item.payload, item.message_id) == (payload, message_id)


async def test_very_large_body(client: Client) -> None:
    """There is no limit to a body."""
    payload = "A" * 20_000_000
    answer = await client.push(f'{{"encrypted_payload": "{payload}"}}')

    assert answer.status == 202


async def test_body_is_not_inflated(client: Client) -> None:
    """A compressed body is read as it is."""
    answer = await client.request(
        "POST",
        "/api/v1/push",
        body=b"\x1f\x8b\x08",
        authorization=f"Bearer {client.server.token}",
        headers={"Content-Encoding": "gzip"},
    )

    assert (answer.status, answer.text) == (400, _message("invalid request body"))


@pytest.mark.parametrize("status", ["pending", "processed", "failed", "odd"])
async def test_duplicate_tells_the_status(client: Client, status: str) -> None:
    """A known message id is refused whatever became of it."""
    await client.push('{"encrypted_payload": "x", "message_id": "m"}')
    item = client.server.queue[0]
    client.server.set_status(item.id, status)

    answer = await client.push('{"encrypted_payload": "y", "message_id": " m "}')

    assert answer.status == 409
    assert answer.text == _message(
        f"duplicate message_id; existing item {item.id} ({status})"
    )
    assert len(client.server.queue) == 1


async def test_missing_payload_comes_before_duplicate(client: Client) -> None:
    """A body without payload is never a duplicate."""
    await client.push('{"encrypted_payload": "x", "message_id": "m"}')

    answer = await client.push('{"message_id": "m"}')

    assert (answer.status, answer.text) == (
        400,
        _message("encrypted_payload is required"),
    )


async def test_message_ids_are_case_sensitive(client: Client) -> None:
    """Other case is another id, and no id is no duplicate."""
    answers = [
        await client.push(f'{{"encrypted_payload": "x", "message_id": "{name}"}}')
        for name in ("m", "M", "", "")
    ]

    assert [answer.status for answer in answers] == [202] * 4


async def test_disabled_token(client: Client) -> None:
    """A disabled token gives 500 until it is enabled again."""
    client.server.disable_token()
    disabled = await client.push("{}")
    client.server.enable_token()
    enabled = await client.push("{}")

    assert (disabled.status, disabled.text) == (
        500,
        _message("token validation failed"),
    )
    assert enabled.status == 400


async def test_regenerated_token(client: Client) -> None:
    """A new token ends the old one at once."""
    old = client.server.token
    new = client.server.regenerate_token()

    answer = await client.request(
        "POST", "/api/v1/push", body="{}", authorization=f"Bearer {old}"
    )

    assert answer.status == 500
    assert re.fullmatch("[0-9a-f]{64}", new)
    assert (await client.push("{}")).status == 400


async def test_cleared_message_id_is_accepted_again(client: Client) -> None:
    """Only clearing everything forgets what failed."""
    body = '{"encrypted_payload": "x", "message_id": "m"}'
    await client.push(body)
    client.server.set_status(client.server.queue[0].id, "failed")
    assert client.server.clear() == 0
    assert (await client.push(body)).status == 409

    assert client.server.clear(all=True) == 1
    assert (await client.push(body)).status == 202


async def test_another_space_knows_no_message_ids(client: Client) -> None:
    """A new token belongs to the primary space of that moment."""
    body = '{"encrypted_payload": "x", "message_id": "m"}'
    await client.push(body)
    key = client.server.space_key

    client.server.change_space()
    assert client.server.space_key != key
    assert (await client.push(body)).status == 409

    client.server.regenerate_token()
    assert (await client.push(body)).status == 202


@pytest.mark.parametrize(("race_window", "accepted"), [(0.0, 1), (0.1, 5)])
async def test_parallel_duplicates(race_window: float, accepted: int) -> None:
    """With a race window duplicates slip through."""
    async with (
        BudgeroServer(race_window=race_window) as server,
        aiohttp.ClientSession() as session,
    ):
        client = Client(server, session)
        body = '{"encrypted_payload": "x", "message_id": "m"}'
        answers = await asyncio.gather(*(client.push(body) for _ in range(5)))

    assert [answer.status for answer in answers].count(202) == accepted


async def _stall(server: BudgeroServer, token: str) -> bytes:
    """Announce a body, send it only after an answer, and give that answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        b"POST /api/v1/push HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n"
        b"Authorization: Bearer " + token.encode() + b"\r\n\r\n"
    )
    answer = b""
    with suppress(ConnectionResetError):
        async with asyncio.timeout(5):
            answer = await reader.readline()
    writer.write(b"too late!")
    writer.close()
    return answer


async def test_stalled_body() -> None:
    """Only with a good token does the server wait for the body, but not for long."""
    async with BudgeroServer(read_timeout=0.1) as server:
        assert await _stall(server, "bad") == b"HTTP/1.1 500 Internal Server Error\r\n"
        assert await _stall(server, server.token) == b""
