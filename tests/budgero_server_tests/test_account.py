"""The routes of a signed-in user."""

import base64
import hmac
import json
import re

import aiohttp
import pytest

from tests.budgero_server import AppRun, BudgeroServer, state

from .account import LOGIN, log_in, open_session
from .client import Answer, Client
from .opening import open_envelope

_SECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
_NANOSECONDS = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{0,8}[1-9])?Z"


@pytest.fixture
async def session(client: Client) -> str:
    """Sign in and give the value of the header."""
    return await open_session(client)


async def test_login(client: Client, session: str) -> None:
    """The right name and password open a session; blanks and case do not matter."""
    answer = await client.request("GET", "/api/v1/profile", authorization=session)
    profile = json.loads(answer.text)

    assert profile["primary_space_id"] == client.server.space_id
    wrong = await log_in(client, "household", "wrong")
    assert (wrong.status, wrong.text) == (401, '{"message":"invalid credentials"}\n')
    malformed = await client.request("POST", LOGIN, body="{")
    assert malformed.status == 400


async def test_no_workspace() -> None:
    """A user exists before the first workspace; token and info need one."""
    async with (
        BudgeroServer(has_workspace=False) as server,
        aiohttp.ClientSession() as http,
    ):
        client = Client(server, http)
        session = await open_session(client)

        async def ask(method: str, path: str, body: str | None = None) -> Answer:
            return await client.request(
                method, f"/api/v1/{path}", authorization=session, body=body
            )

        info = await ask("GET", "push/info")
        assert (info.status, info.text) == (
            400,
            '{"message":"no primary space configured"}\n',
        )
        created = await ask("POST", "push/token")
        assert (created.status, created.text) == (
            500,
            '{"message":"failed to generate token"}\n',
        )
        token = await ask("GET", "push/token")
        assert token.text == '{"has_token":false,"is_enabled":false}\n'
        assert (await ask("GET", "budget-spaces")).text == "[]\n"
        assert (await ask("GET", "push/queue")).text == '{"count":0,"items":[]}\n'
        assert (
            json.loads((await ask("GET", "profile")).text)["primary_space_id"] is None
        )
        assert (await ask("GET", "database/blob")).status == 400
        assert server.apply() == AppRun(processed=0, failed=0)

        made = await ask("POST", "budget-spaces", '{"display_name": "First"}')
        assert made.status == 201
        assert server.space_id == json.loads(made.text)["space_id"]
        assert (await ask("POST", "push/token")).status == 200


async def test_login_limit(client: Client) -> None:
    """After ten attempts a client has to wait."""
    answers = [await log_in(client, "household", "wrong") for _ in range(11)]

    assert [answer.status for answer in answers] == [401] * 10 + [429]
    assert answers[10].text == (
        '{"message":"too many attempts, please try again later"}\n'
    )


@pytest.mark.parametrize(
    ("authorization", "message"),
    [
        ("", "missing authorization header"),
        ("bearer x", "invalid authorization header format"),
        ("Bearer", "invalid authorization header format"),
        ("Bearer x", "invalid token"),
        ("Bearer a.b.c", "invalid token"),
    ],
)
async def test_no_session(client: Client, authorization: str, message: str) -> None:
    """Without a good session every route says why."""
    answer = await client.request(
        "GET", "/api/v1/push/stats", authorization=authorization
    )

    assert (answer.status, answer.text) == (401, f'{{"message":"{message}"}}\n')


async def test_foreign_signature(client: Client, session: str) -> None:
    """A token signed with another secret opens nothing."""
    signed = session.rpartition(".")[0]
    digest = hmac.digest(b"other", signed.removeprefix("Bearer ").encode(), "sha256")
    forged = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    answer = await client.request(
        "GET", "/api/v1/push/stats", authorization=f"{signed}.{forged}"
    )

    assert answer.status == 401


async def test_restart_ends_sessions_only(client: Client, session: str) -> None:
    """A restart keeps address, push token and queue."""
    await client.push('{"encrypted_payload": "x"}')
    url, token = client.server.url, client.server.token

    await client.server.restart()

    assert (client.server.url, client.server.token) == (url, token)
    assert len(client.server.queue) == 1
    answer = await client.request("GET", "/api/v1/profile", authorization=session)
    assert (answer.status, answer.text) == (401, '{"message":"invalid token"}\n')


async def test_unknown_path_with_a_session(client: Client, session: str) -> None:
    """Only a signed-in user learns that a path does not exist."""
    answer = await client.request("GET", "/api/v1/nothing", authorization=session)

    assert (answer.status, answer.text) == (404, '{"message":"Not Found"}\n')


async def test_token_routes(client: Client, session: str) -> None:
    """The push token is made, shown, switched off and revoked."""
    path = "/api/v1/push/token"

    async def call(method: str, body: str | None = None) -> str:
        answer = await client.request(method, path, body=body, authorization=session)
        assert answer.status == 200
        return answer.text

    space = client.server.space_id
    created = await call("POST")
    assert re.fullmatch(
        rf'\{{"token":"[0-9a-f]{{64}}","space_id":"{space}",'
        rf'"created_at":"{_NANOSECONDS}","is_enabled":true\}}\n',
        created,
    )
    assert json.loads(created)["token"] == client.server.token
    assert re.fullmatch(
        rf'\{{"has_token":true,"space_id":"{space}","created_at":"{_SECONDS}",'
        r'"is_enabled":true\}\n',
        await call("GET"),
    )
    await client.push("{}")
    assert re.search(rf'"last_used":"{_SECONDS}"', await call("GET"))
    assert await call("PUT", '{"enabled": true}') == '{"enabled":true}\n'
    assert await call("PUT") == '{"enabled":false}\n'
    assert (await client.push("{}")).status == 500
    assert await call("DELETE") == '{"status":"revoked"}\n'
    assert await call("DELETE") == '{"status":"revoked"}\n'
    assert await call("GET") == '{"has_token":false,"is_enabled":false}\n'
    with pytest.raises(LookupError):
        _ = client.server.token


async def test_queue_routes(client: Client, session: str) -> None:
    """The queue is listed, changed, counted and cleared."""
    for name in ("a", "b", "c"):
        await client.push(f'{{"encrypted_payload": "x", "message_id": "{name}"}}')
    await client.push('{"encrypted_payload": "<&>"}')
    first, second, third, last = client.server.queue

    async def call(method: str, path: str, body: str | None = None) -> str:
        answer = await client.request(
            method, f"/api/v1/push/{path}", body=body, authorization=session
        )
        assert answer.status == 200
        return answer.text

    changed = await call("PUT", f"queue/{first.id}", '{"status": "failed"}')
    assert changed == f'{{"id":"{first.id}","status":"failed"}}\n'
    assert '"status":""' in await call("PUT", f"queue/{second.id}")
    assert '"status":"processed"' in await call("PUT", f"queue/{third.id}", "{")
    assert '"status":"odd"' in await call("PUT", "queue/none", '{"status": "odd"}')

    listed = await call("GET", "queue")
    assert listed == (
        f'{{"count":1,"items":[{{"id":"{last.id}",'
        f'"user_id":"{json.loads(listed)["items"][0]["user_id"]}",'
        f'"space_id":"{client.server.space_id}",'
        '"encrypted_payload":"\\u003c\\u0026\\u003e","status":"pending",'
        f'"created_at":"{last.created_at}"}}]}}\n'
    )
    assert await call("GET", "queue?space_id=other") == '{"count":0,"items":[]}\n'
    assert await call("GET", "stats") == (
        '{"pending":1,"processed":1,"failed":1,"total":3}\n'
    )
    await call("PUT", f"queue/{first.id}", '{"status": "pending"}')
    assert await call("DELETE", "queue") == '{"deleted":2,"status":"cleared"}\n'
    assert await call("DELETE", "queue?all=yes") == '{"deleted":2,"status":"cleared"}\n'


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", LOGIN, '{"username": 5}'),
        ("PUT", "/api/v1/push/token", "{"),
        ("PUT", "/api/v1/push/token", '{"enabled": "yes"}'),
        ("POST", "/api/v1/budget-spaces", '{"display_name": 5}'),
    ],
)
async def test_bodies_that_do_not_bind(
    client: Client, session: str, method: str, path: str, body: str
) -> None:
    """A wrong type is refused as malformed JSON is."""
    answer = await client.request(method, path, body=body, authorization=session)

    assert (answer.status, answer.text) == (400, '{"message":"invalid request body"}\n')


async def test_info(client: Client, session: str) -> None:
    """A disabled token counts as none."""
    client.server.disable_token()
    answer = await client.request("GET", "/api/v1/push/info", authorization=session)
    info = json.loads(answer.text)

    assert list(info) == ["has_token", "info", "space_id"]
    assert info["has_token"] is False
    assert info["info"]["algorithm"] == "AES-GCM"


async def test_spaces(client: Client, session: str) -> None:
    """The space key comes sealed under the master password."""
    path = "/api/v1/budget-spaces"
    created = await client.request(
        "POST", path, body='{"display_name": "Second"}', authorization=session
    )
    answer = await client.request("GET", path, authorization=session)
    again = await client.request("GET", path, authorization=session)
    primary, second = json.loads(answer.text)

    assert created.status == 201
    assert second["display_name"] == "Second"
    assert again.text == answer.text
    assert primary["space_id"] == client.server.space_id
    envelope = base64.b64decode(primary["encrypted_space_key"])
    password = client.server.credentials.master_password
    assert open_envelope(envelope, password) == base64.b64decode(
        client.server.space_key
    )


async def test_token_use_is_noted(
    client: Client, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The probe with an empty object moves the time of last use, in whole seconds."""

    async def last_used() -> str | None:
        answer = await client.request(
            "GET", "/api/v1/push/token", authorization=session
        )
        used: str | None = json.loads(answer.text).get("last_used")
        return used

    assert await last_used() is None
    for now in ("2026-07-01T10:00:00Z", "2026-07-01T10:00:01Z"):
        monkeypatch.setattr(state, "now_in_seconds", lambda now=now: now)
        assert (await client.push("{}")).status == 400
        assert await last_used() == now


async def test_session_lifetime(client: Client) -> None:
    """A session ends by itself, and all end when the server is told so."""

    async def status(session: str) -> int:
        answer = await client.request("GET", "/api/v1/profile", authorization=session)
        return answer.status

    async def control(body: object) -> int:
        answer = await client.request(
            "POST", "/_control/sessions", body=json.dumps(body)
        )
        return answer.status

    assert await control({"lifetime": -1}) == 200
    assert await status(await open_session(client)) == 401
    assert await control({"lifetime": 3600}) == 200
    session = await open_session(client)
    assert await status(session) == 200
    assert await control({"end": True}) == 200
    assert await status(session) == 401
    assert await status(await open_session(client)) == 200
    assert await control({"lifetime": "long"}) == 400
    assert client.server.session_lifetime == 3600
