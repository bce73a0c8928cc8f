"""The control interface, files, snapshots and the command line."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
import json
from pathlib import Path
import signal
import sqlite3
import sys
from typing import Any

import aiohttp
import pytest

from tests.budgero_server import Account, BudgeroServer, Budget, Category, Delay

from .client import Client
from .sealing import expense, seal

_ROOT = Path(__file__).parents[2]
_BODY = '{"encrypted_payload": "x", "message_id": "m"}'


async def _control(
    client: Client, method: str, name: str, body: object = None, status: int = 200
) -> Any:
    """Call the control interface."""
    sent = None if body is None else json.dumps(body)
    answer = await client.request(method, f"/_control/{name}", body=sent)
    assert answer.status == status, answer.text
    return json.loads(answer.text)


async def _push_expense(client: Client, message_id: str) -> None:
    payload = seal(client.server.space_key, expense())
    body = json.dumps({"encrypted_payload": payload, "message_id": message_id})
    assert (await client.push(body)).status == 202


async def test_export(client: Client) -> None:
    """People can save the file that the app exports."""
    answer = await client.request("GET", "/_control/export")
    assert answer.status == 200
    assert answer.content == client.server.export_database()
    assert answer.headers["Content-Disposition"].endswith('.db"')
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(answer.content)
        names = database.execute("SELECT Name FROM budgets").fetchall()
    assert names == [("Household",), ("Side Business",)]


async def test_apply_and_look(client: Client) -> None:
    """Another process can open the app and see the outcome."""
    await _push_expense(client, "m")

    run = await _control(client, "POST", "apply")
    assert run == {"processed": 1, "failed": 0}
    [booking] = await _control(client, "GET", "bookings")
    assert (booking["outflow"], booking["message_id"]) == (42500, "m")
    [item] = await _control(client, "GET", "queue")
    assert (item["status"], item["id"]) == ("processed", booking["queue_id"])
    [request] = await _control(client, "GET", "requests")
    assert (request["method"], request["path"]) == ("POST", "/api/v1/push")
    assert (request["status"], request["message_id"]) == (202, "m")
    state = await _control(client, "GET", "state")
    assert state["budgets"][0]["accounts"][0]["balance"] == 2_480_000 - 42_500
    assert state["budgets"][0]["categories"][4]["name"] == "Eating Out"
    assert state["counts"] == {"pending": 0, "processed": 1, "failed": 0}
    assert state["last_run"] == run
    assert state["token"]["is_enabled"] is True
    assert state["user"]["username"] == "household"


async def test_apply_with_lost_acknowledgements(client: Client) -> None:
    """Another process can choose how the app's word fares."""
    await _push_expense(client, "m")

    body = {"acknowledgements": "processed_lost"}
    assert await _control(client, "POST", "apply", body) == {
        "processed": 0,
        "failed": 1,
    }
    await _control(client, "POST", "apply", {"acknowledgements": "?"}, 400)


async def test_token(client: Client) -> None:
    """Another process can switch and replace the push token."""
    old = client.server.token
    assert await _control(client, "POST", "token", {"enabled": False}) == {
        "enabled": False
    }
    assert (await client.push("{}")).status == 500
    assert await _control(client, "POST", "token", {"enabled": True}) == {
        "enabled": True
    }
    assert (await client.push("{}")).status == 400
    answer = await _control(client, "POST", "token", {"regenerate": True})
    assert answer == {"token": client.server.token}
    assert client.server.token != old
    await _control(client, "POST", "token", {}, 400)
    await _control(client, "POST", "token", {"enabled": "yes"}, 400)


async def test_devices(client: Client) -> None:
    """Another process can choose the device, and let it start anew."""
    await _push_expense(client, "m")
    lost = {"acknowledgements": "all_lost"}
    for body in (lost, lost, {**lost, "device": "phone"}):
        await _control(client, "POST", "apply", body)
    assert len(client.server.bookings) == 2

    answer = await _control(client, "POST", "device", {"device": "phone"})
    assert answer == {"device": "phone"}
    await _control(client, "POST", "apply", {**lost, "device": "phone"})
    assert len(client.server.bookings) == 3
    await _control(client, "POST", "device", {"device": 1}, 400)


async def test_key_and_the_end_of_the_token(client: Client) -> None:
    """The page can reveal the key and revoke the token."""
    answer = await _control(client, "GET", "key")
    assert answer == {"space_key": client.server.space_key}

    assert await _control(client, "DELETE", "token") == {"revoked": True}
    assert (await _control(client, "GET", "state"))["token"] is None
    answer = await _control(client, "POST", "token", {"regenerate": True})
    assert (await client.push(_BODY)).status == 202
    assert answer == {"token": client.server.token}


async def test_nothing_to_show_without_a_workspace() -> None:
    """Key and token belong to one."""
    async with (
        BudgeroServer(has_workspace=False) as server,
        aiohttp.ClientSession() as session,
    ):
        client = Client(server, session)
        await _control(client, "GET", "key", status=404)
        await _control(client, "POST", "token", {"regenerate": True}, 404)
        assert (await _control(client, "GET", "state"))["token"] is None


async def test_space(client: Client) -> None:
    """Another process can change the workspace."""
    old = client.server.space_key

    answer = await _control(client, "POST", "space")

    assert answer == {"space_key": client.server.space_key}
    assert client.server.space_key != old


async def test_clear(client: Client) -> None:
    """Another process can clear the queue."""
    await client.push(_BODY)
    client.server.apply()
    await client.push('{"encrypted_payload": "x"}')

    assert await _control(client, "POST", "clear") == {"deleted": 1}
    assert await _control(client, "POST", "clear", {"all": True}) == {"deleted": 1}


async def test_snapshots(client: Client) -> None:
    """Another process can go back to an older state."""
    name = (await _control(client, "POST", "snapshot"))["snapshot"]
    await client.push(_BODY)

    await _control(client, "POST", "restore", {"snapshot": name})

    assert client.server.queue == []
    assert (await client.push(_BODY)).status == 202
    await _control(client, "POST", "restore", {"snapshot": "none"}, 400)


async def test_faults(client: Client) -> None:
    """Another process can put faults in and take them out."""
    described = [
        {"kind": "reply", "status": 503, "json": {"message": "no"}, "times": 2},
        {"kind": "delay", "seconds": 1, "after_commit": True, "path": "/elsewhere"},
    ]
    assert await _control(client, "POST", "faults", described) == {"waiting": 2}
    assert (await client.push(_BODY)).status == 503
    assert await _control(client, "DELETE", "faults") == {"waiting": 0}
    assert (await client.push(_BODY)).status == 202


@pytest.mark.parametrize(
    "described",
    [
        {},
        ["drop"],
        [{"kind": "flood"}],
        [{"kind": "drop", "seconds": 1}],
        [{"kind": "delay"}],
        [{"kind": "delay", "seconds": "1"}],
        [{"kind": "delay", "seconds": True}],
        [{"kind": "drop", "after_commit": 1}],
        [{"kind": "drop", "times": "2"}],
        [{"kind": "reply", "status": 200, "json": []}],
    ],
)
async def test_faults_that_are_none(client: Client, described: object) -> None:
    """A mistake in a description is said, and nothing is put in."""
    await _control(client, "POST", "faults", described, 400)

    assert len(client.server.faults) == 0


async def test_mistakes(client: Client) -> None:
    """What is unknown or unreadable is said."""
    await _control(client, "POST", "nothing", status=404)
    await _control(client, "GET", "apply", status=404)
    for name in ("faults", "token"):
        answer = await client.request("POST", f"/_control/{name}", body="{")
        assert answer.status == 400


async def test_restart(client: Client) -> None:
    """Another process can restart the server; it comes back where it was."""
    await client.push(_BODY)

    await _control(client, "POST", "restart", status=202)
    await client.server.restarted()

    assert (await client.push(_BODY)).status == 409


async def test_control_is_not_counted(client: Client) -> None:
    """Only requests to Budgero are, until they are forgotten."""
    await _control(client, "GET", "state")
    await client.request("GET", "/api/v1/health")

    assert [request.path for request in client.server.requests] == ["/api/v1/health"]
    client.server.forget_requests()
    assert client.server.requests == []


async def test_snapshot_of_a_file(tmp_path: Path) -> None:
    """An older state replaces what is in the file."""
    file = tmp_path / "budgero.db"
    async with BudgeroServer(data=file) as server, aiohttp.ClientSession() as session:
        snapshot = server.snapshot()
        await Client(server, session).push(_BODY)
        server.restore(snapshot)
    async with BudgeroServer(data=file) as server:
        assert server.queue == []


async def test_file_keeps_everything(tmp_path: Path) -> None:
    """Token, key, queue, bookings and budgets are there again."""
    file = tmp_path / "budgero.db"
    budgets = (
        Budget(
            7, "Flat", "CHF", (Account(8, "Purse", "CHF"),), (Category(9, "Bread"),)
        ),
    )
    async with (
        BudgeroServer(data=file, budgets=budgets) as server,
        aiohttp.ClientSession() as session,
    ):
        client = Client(server, session)
        await client.apply(expense(budgetId=7, accountId=8, categoryId=9))
        before = (server.token, server.space_key, server.queue, server.bookings)
    async with BudgeroServer(data=file) as server:
        after = (server.token, server.space_key, server.queue, server.bookings)
        assert server.budgets == list(budgets)

    assert after == before
    assert after[3][0].account == "Purse"
    async with BudgeroServer(data=file, token="t", space_key="A" * 43 + "=") as server:
        assert (server.token, server.space_key) == ("t", "A" * 43 + "=")


async def test_close_during_a_delay(tmp_path: Path) -> None:
    """The end does not wait for a slow request."""
    async with BudgeroServer() as server, aiohttp.ClientSession() as session:
        server.faults.add(Delay(seconds=60))
        request = asyncio.create_task(Client(server, session).push(_BODY))
        async with asyncio.timeout(5):
            while not server.requests:
                await asyncio.sleep(0.01)
        async with asyncio.timeout(1):
            await server.stop()
        with pytest.raises(aiohttp.ClientError):
            await request


@asynccontextmanager
async def _program(*arguments: str) -> AsyncIterator[tuple[Process, dict[str, str]]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.budgero_server",
        *arguments,
        cwd=_ROOT,
        stdout=PIPE,
    )
    assert process.stdout is not None
    try:
        yield process, json.loads(await process.stdout.readline())
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_program_ends_cleanly(number: signal.Signals) -> None:
    """It prints one line, serves, and ends when it is told to."""
    async with _program("--rate-limit", "off") as (process, greeting):
        assert set(greeting) == {
            *("url", "token", "space_key", "page", "username", "password")
        }
        async with aiohttp.ClientSession() as session:
            for _ in range(110):
                answer = await session.get(greeting["url"] + "/api/v1/push/spec")
                assert answer.status == 200
            page = await session.get(greeting["page"])
            assert "This is not Budgero." in await page.text()

        process.send_signal(number)
        rest, _ = await process.communicate()

        assert (process.returncode, rest) == (0, b"")


async def test_program_options() -> None:
    """Release and iterations can be chosen on the command line."""
    options = ("--release", "1.16", "--blob-iterations", "1000")
    async with _program(*options) as (_, greeting), aiohttp.ClientSession() as session:
        api = greeting["url"] + "/api/v1"
        version = await session.get(f"{api}/version/latest")
        credentials = {"username": "household", "password": "budgero"}
        login = await session.post(f"{api}/auth/local/login", json=credentials)
        token = (await login.json())["token"]
        headers = {"Authorization": f"Bearer {token}", "X-Budgero-Protocol": "2"}
        blob = await session.get(f"{api}/database/blob", headers=headers)

        assert (await version.json())["build_version"] == "1.16.0"
        assert (await blob.read())[5:9] == (1000).to_bytes(4)


async def test_program_keeps_its_file_when_killed(tmp_path: Path) -> None:
    """Even a kill loses nothing that was answered."""
    file = str(tmp_path / "budgero.db")
    token = "0" * 64
    url = "/api/v1/push"
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(headers=headers) as session:
        async with _program("--data", file, "--token", token) as (process, first):
            answer = await session.post(first["url"] + url, data=_BODY)
            assert answer.status == 202
            process.kill()
        async with _program("--data", file) as (_, second):
            again = await session.post(second["url"] + url, data=_BODY)

    assert again.status == 409
    assert second["token"] == token
    assert second["space_key"] == first["space_key"]
