"""Where the servers of the releases differ, and the step from one to the other."""

import json
from pathlib import Path
import re

import aiohttp
import pytest

from tests.budgero_server import RELEASES, BudgeroServer, RateLimit

from .account import open_session
from .client import Client
from .opening import open_database, open_envelope, unpack_frame
from .sealing import expense, mutation

_NEWER = [
    "transactions.add",
    "transactions.updateByRef",
    "transactions.deleteByRef",
    "transactions.addTransfer",
    "transactions.deleteTransfer",
]


async def _spec(client: Client) -> dict[str, object]:
    answer = await client.request("GET", "/api/v1/push/spec")
    spec: dict[str, object] = json.loads(answer.text)
    return spec


async def test_update_in_place(client: Client) -> None:
    """Address, token, key, queue and bookings survive an update; sessions do not."""
    server = client.server
    await client.apply(expense(), message_id="m")
    session = await open_session(client)
    before = (server.url, server.token, server.space_key, server.queue, server.bookings)

    await server.update("1.16")

    assert before == (
        server.url,
        server.token,
        server.space_key,
        server.queue,
        server.bookings,
    )
    assert server.version == "1.16.0"
    version = await client.request("GET", "/api/v1/version/latest")
    assert json.loads(version.text)["build_version"] == "1.16.0"
    profile = await client.request("GET", "/api/v1/profile", authorization=session)
    assert profile.status == 401


async def test_older_bookings_have_no_handle(client: Client) -> None:
    """What an older app booked is not known by its message id afterwards."""
    await client.apply(expense(), message_id="m")
    await client.server.update("1.16")
    fields = {"messageId": "m", "fields": {"memo": "x"}}

    item = await client.apply(mutation(fields, op="transactions.updateByRef"))
    assert item.status == "failed"
    client.server.set_status(client.server.queue[0].id, "pending")
    client.server.apply()
    assert len(client.server.bookings) == 1


async def test_older_app_knows_no_newer_operation(client: Client) -> None:
    """They fail, and what is new in an add is ignored."""
    deletion = mutation({"messageId": "m"}, op="transactions.deleteByRef")
    assert (await client.apply(deletion)).error == (
        "MUTATION_ERROR: Unknown operation: transactions.deleteByRef"
    )
    await client.apply(expense(splits=[], cleared=True))
    [booking] = client.server.bookings
    assert (booking.splits, booking.cleared) == ((), False)


async def test_spec(client: Client) -> None:
    """The newer specification has the right layout and more operations."""
    await client.server.update("1.16")
    answer = await client.request("GET", "/api/v1/push/spec")
    spec = json.loads(answer.text)

    assert spec["version"] == "2.0"
    assert spec["encryption"]["format"].startswith(
        "Salt (32 bytes, SHA-256 of the key) + IV"
    )
    operations = spec["supported_operations"]
    assert sorted(operations) == sorted(_NEWER)
    assert {"splits", "cleared"} <= set(operations["transactions.add"]["args"])
    assert "messageId" in operations["transactions.updateByRef"]["args"]


async def test_info_lists_the_operations(client: Client) -> None:
    """A signed-in user sees what can be pushed."""
    for release, operations in (
        ("1.6", "transactions.add"),
        ("1.16", ", ".join(_NEWER)),
    ):
        await client.server.update(release)
        answer = await client.request(
            "GET", "/api/v1/push/info", authorization=await open_session(client)
        )
        assert json.loads(answer.text)["info"]["supported_opcodes"] == operations


async def test_config_is_gone(client: Client) -> None:
    """The newer server has no public configuration."""
    assert (await client.request("GET", "/api/v1/config")).status == 200
    await client.server.update("1.16")

    answer = await client.request("GET", "/api/v1/config")
    assert (answer.status, answer.text) == (
        401,
        '{"message":"missing authorization header"}\n',
    )


@pytest.mark.parametrize(
    ("release", "body", "forwarded"),
    [
        ("1.6", '{"identifier":"192.0.2.1","message":"rate limit exceeded"}\n', 0),
        ("1.16", '{"message":"rate limit exceeded"}\n', 1),
    ],
)
async def test_rate_limit(release: str, body: str, forwarded: int) -> None:
    """The newer server does not tell the address, and takes it from the other end."""
    limit = RateLimit(per_second=0.001, burst=1)
    addresses = ["192.0.2.1", "192.0.2.2"]

    async with (
        BudgeroServer(release=release, api_limit=limit) as server,
        aiohttp.ClientSession() as session,
    ):
        client = Client(server, session)

        async def ask() -> tuple[int, str]:
            header = {"X-Forwarded-For": ", ".join(addresses)}
            answer = await client.request("GET", "/api/v1/push/spec", headers=header)
            return answer.status, answer.text

        assert (await ask())[0] == 200
        assert await ask() == (429, body)
        addresses[forwarded] = "192.0.2.9"
        assert (await ask())[0] == 200


async def test_push_is_unchanged(client: Client) -> None:
    """Token, probe and duplicates are answered as before."""
    await client.server.update("1.16")
    body = '{"encrypted_payload": "x", "message_id": "m"}'

    assert (await client.push("{}")).status == 400
    assert (await client.push(body)).status == 202
    assert re.search(r"existing item \S+ \(pending\)", (await client.push(body)).text)
    client.server.disable_token()
    assert (await client.push("{}")).status == 500


async def test_columns_of_the_database(client: Client) -> None:
    """The newer app has renamed the balances; the names are where they were."""
    await client.server.update("1.16")
    answer = await client.request(
        "GET",
        "/api/v1/database/blob",
        authorization=await open_session(client),
        headers={"X-Budgero-Protocol": "2"},
    )
    packed = open_envelope(answer.content, client.server.space_key)
    database = open_database(unpack_frame(packed))

    account = "SELECT Name, BalanceNative FROM accounts WHERE ID = 1"
    assert database.execute(account).fetchone() == ("Checking", 2_480_000)
    columns = {row[1] for row in database.execute("PRAGMA table_info(accounts)")}
    assert "Balance" not in columns


async def test_control(client: Client) -> None:
    """Another process can update a running server."""

    async def install(release: object) -> int:
        body = json.dumps({"release": release})
        answer = await client.request("POST", "/_control/release", body=body)
        await client.server.restarted()
        return answer.status

    assert await install("2") == 400
    assert await install(5) == 400
    assert "transactions.addTransfer" not in str(await _spec(client))
    assert await install("1.16") == 202
    assert "transactions.addTransfer" in str(await _spec(client))
    state = await client.request("GET", "/_control/state")
    assert json.loads(state.text)["version"] == "1.16.0"
    assert json.loads(state.text)["budgets"][0]["accounts"][0]["scale"] == 1000


def test_unknown_release() -> None:
    """There is only what there is."""
    assert list(RELEASES) == ["1.6", "1.16", "1.16-strict"]
    with pytest.raises(KeyError):
        BudgeroServer(release="2")


async def test_file_outlives_the_release(tmp_path: Path) -> None:
    """Another release finds everything in the same file, message ids too."""
    file = tmp_path / "budgero.db"
    async with (
        BudgeroServer(data=file, release="1.16") as server,
        aiohttp.ClientSession() as session,
    ):
        line = {"outflow": 42500, "categoryId": 2}
        await Client(server, session).apply(expense(splits=[line]), message_id="m")
        booked = server.bookings
    async with (
        BudgeroServer(data=file, release="1.16") as server,
        aiohttp.ClientSession() as session,
    ):
        assert server.bookings == booked
        deletion = mutation({"messageId": "m"}, op="transactions.deleteByRef")
        await Client(server, session).apply(deletion)
        assert server.bookings == []
