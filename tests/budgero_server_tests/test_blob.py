"""The encrypted database, from the request to the names in it."""

import asyncio
import base64
from dataclasses import replace
import gzip
import hashlib
import json
import sqlite3

import aiohttp
from cryptography.exceptions import InvalidTag
import pytest

from tests.budgero_server import BlobOptions, BudgeroServer, Damage, Packing
from tests.budgero_server.blob import make_blob

from .account import open_session
from .client import Answer, Client
from .opening import open_database, open_envelope, unpack_frame, unwrap
from .sealing import expense

_BLOB = "/api/v1/database/blob"
_PROTOCOL = {"X-Budgero-Protocol": "2", "Accept-Encoding": "identity"}
_FEW = 1000


@pytest.fixture
async def session(client: Client) -> str:
    """Sign in to a server whose blobs are quickly made."""
    client.server.blob = replace(client.server.blob, iterations=_FEW)
    return await open_session(client)


async def _get(
    client: Client, session: str, path: str = _BLOB, **headers: str
) -> Answer:
    sent = {"X-Budgero-Protocol": "2", "Accept-Encoding": "identity"} | headers
    return await client.request("GET", path, authorization=session, headers=sent)


async def _fetch(client: Client, session: str) -> bytes:
    answer = await _get(client, session)
    assert answer.status == 200
    return answer.content


async def _database(client: Client, session: str) -> sqlite3.Connection:
    packed = open_envelope(await _fetch(client, session), client.server.space_key)
    return open_database(unpack_frame(packed))


async def test_names(client: Client, session: str) -> None:
    """The database has the names, ids and balances of the household."""
    await client.apply(expense(payee="Baker"))
    await client.apply(expense(payee="corner shop"))
    await client.apply(expense(payee=None))

    database = await _database(client, session)

    def rows(query: str) -> list[tuple[object, ...]]:
        return database.execute(query).fetchall()

    space = client.server.space_id
    assert rows("SELECT version FROM schema_migrations") == [(41,)]
    assert rows("SELECT ID, SpaceID, Name, DisplayCurrency FROM budgets") == [
        (1, space, "Household", "EUR"),
        (2, space, "Side Business", "USD"),
    ]
    assert rows(
        "SELECT ID, Name, Currency, Balance, BudgetID, Archived FROM accounts"
        " WHERE ID IN (1, 5, 6) ORDER BY Position"
    ) == [
        (1, "Checking", "EUR", 2_480_000 - 3 * 42_500, 1, 0),
        (5, "Euro Card", "EUR", 250_000, 2, 0),
        (6, "Old Card", "USD", 0, 2, 1),
    ]
    assert rows(
        "SELECT categories.Name, category_groups.Name, categories.BudgetID"
        " FROM categories JOIN category_groups"
        " ON category_groups.ID = CategoryGroupID"
        " AND category_groups.BudgetID = categories.BudgetID"
        " WHERE categories.ID IN (2, 4, 8, 13)"
    ) == [
        ("Groceries", "Everyday", 1),
        ("Rent", "Home", 1),
        ("Electricity", "Home", 1),
        ("Software", "Work", 2),
    ]
    assert rows("SELECT count(*) FROM categories") == [(13,)]
    payees = "SELECT ID, Name FROM payees WHERE BudgetID = 1 ORDER BY ID"
    assert rows(payees) == [
        (1, "Corner Shop"),
        (2, "Café Rosa"),
        (3, "City Transport"),
        (4, "Power Company"),
        (5, "Landlord"),
        (7, "Baker"),
    ]
    assert rows("SELECT ID, BudgetID, Name FROM labels") == [(1, 1, "Holiday")]


async def test_headers(client: Client, session: str) -> None:
    """The blob says what it is; the mutations count once there are some."""
    empty = await _get(client, session)
    await client.apply(expense())
    answer = await _get(client, session)

    assert "X-Mutation-Version" not in empty.headers
    expected = {
        "Content-Type": "application/octet-stream",
        "Content-Length": str(len(answer.content)),
        "Cache-Control": "no-store",
        "Accept-Ranges": "bytes",
        "X-Budget-Space-ID": client.server.space_id,
        "X-Database-Version": "2",
        "X-Database-Hash": hashlib.sha256(answer.content).hexdigest(),
        "X-Encryption-Key-Version": "1",
        "X-Data-Format-Version": "2",
        "X-Mutation-Version": "1",
    }
    assert expected.items() <= dict(answer.headers).items()


async def test_state_and_hash(client: Client, session: str) -> None:
    """State and hash tell the same as the headers."""
    path = f"/api/v1/database/{{}}?space_id={client.server.space_id}"
    digest = hashlib.sha256(await _fetch(client, session)).hexdigest()
    state = await _get(client, session, path.format("state"))
    hashed = await _get(client, session, path.format("hash"))

    space = client.server.space_id
    assert state.text == (
        f'{{"space_id":"{space}","version":1,"hash":"{digest}",'
        '"encryption_key_version":1}\n'
    )
    assert hashed.text == (f'{{"hash":"{digest}","space_id":"{space}","version":1}}\n')
    await client.apply(expense())
    state = await _get(client, session, path.format("state"))
    assert state.text.endswith('"encryption_key_version":1,"mutation_version":1}\n')


async def test_state_and_hash_before_the_first_upload(
    client: Client, session: str
) -> None:
    """Without a database they answer, with version 0; only the blob is not found."""
    client.server.blob = replace(client.server.blob, missing=True)
    blob = await _get(client, session)
    state = await _get(client, session, "/api/v1/database/state")
    hashed = await _get(client, session, "/api/v1/database/hash")

    space = client.server.space_id
    assert (blob.status, blob.text) == (
        404,
        '{"message":"database blob not found"}\n',
    )
    assert (state.status, state.text) == (
        200,
        f'{{"space_id":"{space}","version":0,"hash":"","encryption_key_version":1}}\n',
    )
    assert (hashed.status, hashed.text) == (
        200,
        f'{{"hash":"","space_id":"{space}","version":0}}\n',
    )


async def test_made_only_when_something_changed(client: Client, session: str) -> None:
    """The same ledger is the same blob, also after a restart."""
    first, second = await asyncio.gather(
        _fetch(client, session), _fetch(client, session)
    )
    await client.server.restart()
    session = await open_session(client)
    third = await _fetch(client, session)
    await client.apply(expense(categoryId=None))
    fourth = await _fetch(client, session)

    assert first == second == third != fourth


@pytest.mark.parametrize(
    ("wanted", "part", "told"),
    [
        ("bytes=0-102", slice(0, 103), "0-102"),
        ("bytes=5-", slice(5, None), "5-{last}"),
        ("bytes=-7", slice(-7, None), "{but_7}-{last}"),
        ("bytes=5-99999999", slice(5, None), "5-{last}"),
    ],
)
async def test_ranges(
    client: Client, session: str, wanted: str, part: slice, told: str
) -> None:
    """A part of the blob is enough for who wants to check the key."""
    content = await _fetch(client, session)
    size = len(content)
    answer = await _get(client, session, Range=wanted)

    assert (answer.status, answer.content) == (206, content[part])
    told = told.format(last=size - 1, but_7=size - 7)
    assert answer.headers["Content-Range"] == f"bytes {told}/{size}"
    assert answer.headers["X-Database-Version"] == "1"


@pytest.mark.parametrize(
    "wanted", ["bytes=99999999-", "bytes=5-2", "bytes=", "items=1"]
)
async def test_ranges_that_are_none(client: Client, session: str, wanted: str) -> None:
    """What lies outside or cannot be read is refused."""
    answer = await _get(client, session, Range=wanted)

    assert (answer.status, answer.text) == (416, "invalid range\n")
    assert answer.headers["Content-Range"].startswith("bytes */")


async def test_range_proves_the_key(client: Client, session: str) -> None:
    """103 bytes tell the right space key from a wrong one."""
    answer = await _get(client, session, Range="bytes=0-102")

    assert len(unwrap(answer.content, client.server.space_key)) == 32
    with pytest.raises(InvalidTag):
        unwrap(answer.content, base64.b64encode(bytes(32)).decode())


async def test_compressed_range(client: Client, session: str) -> None:
    """Who allows gzip gets gzip, also of a part."""
    headers = {
        "Authorization": session,
        "X-Budgero-Protocol": "2",
        "Range": "bytes=0-102",
        "Accept-Encoding": "gzip",
    }
    async with aiohttp.ClientSession(auto_decompress=False) as raw:
        answer = await raw.get(client.server.url + _BLOB, headers=headers)
        packed = await answer.read()

    assert (answer.status, answer.headers["Content-Encoding"]) == (206, "gzip")
    assert gzip.decompress(packed) == (await _fetch(client, session))[:103]


@pytest.mark.parametrize(
    ("header", "query", "status"),
    [
        ("2", "", 200),
        ("3", "", 200),
        ("", "?protocol=2", 200),
        ("", "", 426),
        ("1", "", 426),
        ("two", "", 426),
        ("1", "?protocol=2", 426),
    ],
)
async def test_protocol(
    client: Client, session: str, header: str, query: str, status: int
) -> None:
    """A client has to say that it understands the format."""
    answer = await _get(
        client, session, _BLOB + query, **{"X-Budgero-Protocol": header}
    )

    assert answer.status == status
    if status == 426:
        assert answer.text == (
            '{"message":"this space uses a newer data format; update the app to'
            ' continue syncing"}\n'
        )


@pytest.mark.parametrize("name", ["blob", "state", "hash"])
async def test_refusals(client: Client, session: str, name: str) -> None:
    """Nobody gets what belongs to a foreign space, or anything without session."""
    path = f"/api/v1/database/{name}"
    foreign = await _get(client, session, f"{path}?space_id=other")
    unsigned = await _get(client, f"Bearer {client.server.token}", path)
    head = await client.request("HEAD", path, authorization=session)

    assert (foreign.status, foreign.text) == (
        403,
        '{"message":"space access denied"}\n',
    )
    assert (unsigned.status, unsigned.text) == (401, '{"message":"invalid token"}\n')
    assert head.status == 404


async def test_every_space_has_its_own_key(client: Client, session: str) -> None:
    """The blob of another space of the user opens with that space's key."""
    old_space, old_key = client.server.space_id, client.server.space_key
    client.server.change_space()
    old = await _get(client, session, f"{_BLOB}?space_id={old_space}")
    new = await _get(client, session)

    assert unwrap(old.content, old_key)
    assert unwrap(new.content, client.server.space_key)
    with pytest.raises(InvalidTag):
        unwrap(new.content, old_key)


@pytest.mark.parametrize("packing", list(Packing))
def test_packing(packing: Packing) -> None:
    """However it is packed, the same database comes out."""
    database = bytes(50_000) + b"names" * 5000
    options = BlobOptions(packing=packing, iterations=_FEW)
    packed = open_envelope(make_blob(database, bytes(32), options), "A" * 43 + "=")

    assert (packed if packing is Packing.NONE else unpack_frame(packed)) == database


async def test_foreign_key(client: Client, session: str) -> None:
    """A blob of another key does not open."""
    client.server.blob = BlobOptions(iterations=_FEW, foreign_key=True)

    with pytest.raises(InvalidTag):
        unwrap(await _fetch(client, session), client.server.space_key)


async def test_damage_to_the_envelope(client: Client, session: str) -> None:
    """Three ways to be no blob."""
    key = client.server.space_key
    contents = {}
    for damage in (Damage.NO_ENVELOPE, Damage.TRUNCATED, Damage.GARBLED):
        client.server.blob = BlobOptions(iterations=_FEW, damage=damage)
        contents[damage] = await _fetch(client, session)

    assert contents[Damage.NO_ENVELOPE][:4] != b"BGE1"
    for damage in (Damage.TRUNCATED, Damage.GARBLED):
        assert unwrap(contents[damage], key)
        with pytest.raises(InvalidTag):
            open_envelope(contents[damage], key)


async def test_damage_inside(client: Client, session: str) -> None:
    """Two ways to be well sealed and yet of no use."""
    key = client.server.space_key
    client.server.blob = BlobOptions(iterations=_FEW, damage=Damage.BROKEN_FRAME)
    packed = open_envelope(await _fetch(client, session), key)
    with pytest.raises((AssertionError, IndexError)):
        unpack_frame(packed)

    client.server.blob = BlobOptions(iterations=_FEW, damage=Damage.NO_DATABASE)
    packed = open_envelope(await _fetch(client, session), key)
    with pytest.raises(sqlite3.DatabaseError):
        open_database(unpack_frame(packed)).execute("SELECT * FROM budgets")


@pytest.mark.parametrize("iterations", [0, 1, 99_999, 4_294_967_295])
async def test_absurd_iterations(client: Client, session: str, iterations: int) -> None:
    """The header claims any number, and nobody here waits for it."""
    client.server.blob = BlobOptions(iterations=iterations)

    assert (await _fetch(client, session))[5:9] == iterations.to_bytes(4)


@pytest.mark.parametrize("iterations", [-1, 1 << 32])
def test_impossible_iterations(iterations: int) -> None:
    """The header has 32 bits for it."""
    with pytest.raises(ValueError):
        BlobOptions(iterations=iterations)


async def test_real_iterations_leave_the_event_loop_free(client: Client) -> None:
    """Nobody waits for a derivation that takes long."""
    session = await open_session(client)
    assert client.server.blob.iterations == 600_000
    fetching = asyncio.create_task(_fetch(client, session))
    answers = 0
    while not fetching.done():
        await client.request("GET", "/api/v1/health")
        answers += 1

    assert answers > 5
    assert unwrap(await fetching, client.server.space_key)


async def test_control(client: Client, session: str) -> None:
    """Another process can change the options, one by one."""

    async def change(body: object) -> Answer:
        return await client.request("POST", "/_control/blob", body=json.dumps(body))

    changed = await change({"damage": "truncated", "packing": "mixed"})
    assert json.loads(changed.text) == {
        "missing": False,
        "foreign_key": False,
        "iterations": _FEW,
        "packing": "mixed",
        "damage": "truncated",
    }
    assert client.server.blob == BlobOptions(
        iterations=_FEW, packing=Packing.MIXED, damage=Damage.TRUNCATED
    )
    for mistake in (
        {"damage": "burnt"},
        {"iterations": "many"},
        {"iterations": -1},
        {"missing": 1},
        {"colour": 1},
    ):
        assert (await change(mistake)).status == 400
    await change({"missing": True})
    assert (await _get(client, session)).status == 404


async def test_options_from_the_start() -> None:
    """A server can be given its options when it is made."""
    options = BlobOptions(missing=True)
    async with BudgeroServer(blob=options) as server:
        assert server.blob == options
