"""Fetching the encrypted database of a signed-in user."""

from collections.abc import AsyncIterator
from dataclasses import replace
import hashlib

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.names import (
    NamesError,
    NamesProblem,
    fetch_database,
    read_blob,
)
from custom_components.budgero.engine.push import (
    ServerUser,
    SpaceKey,
    StoredDatabase,
    server_user,
)
from custom_components.budgero.engine.push.errors import (
    InDoubtError,
    PushError,
    ServerTroubleError,
    UserRefusedError,
    WrongAddressError,
    WrongPasswordError,
)
from tests.budgero_server import BudgeroServer, Reply, TruncatedBody
from tests.engine.push.user_wire import PROFILE, WELCOME, reply, says
from tests.engine.push.wire import Heard, Wire, http

BLOB = "/api/v1/database/blob"
STATE = "/api/v1/database/state"
VERSION = "5e" * 32
NEWER = {"message": "this space uses a newer data format; update the app"}


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[BudgeroServer]:
    """Run the stand-in; its blobs are quickly made."""
    async with BudgeroServer() as server:
        server.blob = replace(server.blob, iterations=100_000)
        yield server


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Open a session."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def user(server: BudgeroServer, session: ClientSession) -> ServerUser:
    """Return the stand-in's user."""
    known = server.credentials
    return ServerUser(session, server.url, known.username, known.password)


def asked(server: BudgeroServer) -> list[str]:
    """Return what was asked for since the last look, in the database's routes."""
    paths = [request.path.partition("?")[0] for request in server.requests]
    server.forget_requests()
    return [path for path in paths if "/database/" in path]


async def fetched(user: ServerUser, known: str | None = None) -> StoredDatabase:
    """Fetch a database that there is."""
    database = await fetch_database(user, known)
    assert database is not None
    return database


async def problem_of(user: ServerUser) -> NamesProblem:
    """Return why there is no database that can be read."""
    with pytest.raises(NamesError) as caught:
        await fetch_database(user)
    is_known = caught.value.problem is not NamesProblem.MISSING
    assert (caught.value.version is not None) is is_known
    return caught.value.problem


async def test_the_names_of_the_household(
    server: BudgeroServer, user: ServerUser
) -> None:
    """From the server to the names, with the space key and nothing else."""
    database = await fetched(user)
    assert database.version == hashlib.sha256(database.content).hexdigest()
    names = read_blob(database.content, SpaceKey.parse(server.space_key))
    assert [budget.name for budget in names.budgets] == ["Household", "Side Business"]
    assert "content" not in repr(database)


async def test_nothing_is_fetched_while_the_version_is_the_same(
    server: BudgeroServer, user: ServerUser
) -> None:
    """Only the state is asked for; a change in the app brings another version."""
    first = await fetched(user)
    assert asked(server) == [STATE, BLOB]
    assert await fetch_database(user, first.version) is None
    assert asked(server) == [STATE]
    server.change_space()
    second = await fetched(user, first.version)
    assert second.version != first.version
    assert asked(server) == [STATE, BLOB]


async def test_there_is_none(server: BudgeroServer, user: ServerUser) -> None:
    """No app has uploaded one, or it went away after the state was read."""
    state = {"space_id": "s", "version": 3, "hash": VERSION}
    server.blob = replace(server.blob, missing=True)
    assert await problem_of(user) is NamesProblem.MISSING
    server.faults.add(Reply(method="GET", path=STATE, status=200, json=state))
    assert await problem_of(user) is NamesProblem.MISSING


async def test_there_is_no_workspace(session: ClientSession) -> None:
    """A user who has just registered has no database."""
    async with BudgeroServer(has_workspace=False) as server:
        known = server.credentials
        user = ServerUser(session, server.url, known.username, known.password)
        assert await problem_of(user) is NamesProblem.MISSING
        assert await user.database() is None


async def test_too_large(user: ServerUser, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not read to its end."""
    size = len((await fetched(user)).content)
    monkeypatch.setattr(server_user, "MAX_DATABASE", size)
    assert len((await fetched(user)).content) == size
    monkeypatch.setattr(server_user, "MAX_DATABASE", size - 1)
    assert await problem_of(user) is NamesProblem.TOO_LARGE


async def test_a_newer_format(server: BudgeroServer, user: ServerUser) -> None:
    """A server that asks for a newer app has a form that is not known here."""
    server.faults.add(Reply(method="GET", path=BLOB, status=426, json=NEWER))
    assert await problem_of(user) is NamesProblem.NEWER


async def test_cut_off(server: BudgeroServer, user: ServerUser) -> None:
    """Half a download is none."""
    server.faults.add(TruncatedBody(method="GET", path=BLOB, times=2))
    with pytest.raises(InDoubtError):
        await fetch_database(user)


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        (STATE, 403, UserRefusedError),
        (BLOB, 403, UserRefusedError),
        (BLOB, 500, ServerTroubleError),
        (BLOB, 418, WrongAddressError),
    ],
)
async def test_refused(
    path: str,
    status: int,
    error: type[PushError],
    server: BudgeroServer,
    user: ServerUser,
) -> None:
    """As everything else that the server refuses to a user."""
    denied = Reply(method="GET", path=path, status=status, json={"message": "no"})
    server.faults.add(denied)
    with pytest.raises(error):
        await fetch_database(user)


async def test_wrong_password(server: BudgeroServer, session: ClientSession) -> None:
    """The sign-in says so."""
    user = ServerUser(session, server.url, "household", "wrong")
    with pytest.raises(WrongPasswordError):
        await fetch_database(user)


STATE_OF_IT = reply({"space_id": "s", "version": 1, "hash": VERSION})


@pytest.mark.parametrize(
    "answers",
    [
        {"state": reply({"version": 1, "hash": "short"})},
        {"state": reply({"version": 1, "hash": 7})},
        {"state": reply({"version": 1, "hash": ""})},
        {"state": http(200, b"<html>", Content_Type="text/html")},
        {"blob": http(200, b"<html>", Content_Type="text/html")},
        {"blob": http(206, b"part", X_Database_Hash=VERSION)},
        {"blob": http(404, b"<html>")},
        {"blob": http(302, Location="https://elsewhere.example")},
    ],
)
async def test_answers_that_are_not_budgeros(
    answers: dict[str, bytes], session: ClientSession
) -> None:
    """A web page is never taken for a database, nor a part for the whole."""
    known = {"login": WELCOME, "profile": PROFILE, "state": STATE_OF_IT}
    async with Wire(says(**known | answers)) as wire:
        user = ServerUser(session, f"http://127.0.0.1:{wire.port}", "u", "p")
        with pytest.raises(WrongAddressError):
            await fetch_database(user)


async def test_what_is_asked(session: ClientSession) -> None:
    """In the words that were seen to work, and never packed."""
    blob = http(200, b"a database", X_Database_Hash=VERSION)
    async with Wire(says(state=STATE_OF_IT, blob=blob)) as wire:
        user = ServerUser(session, f"http://127.0.0.1:{wire.port}", "u", "p")
        database = await fetched(user)
    assert database == StoredDatabase(VERSION, b"a database")
    heard = {each.line.split()[1].partition("?")[0]: each for each in wire.heard}
    asked_for: Heard = heard[BLOB]
    assert asked_for.line == f"GET {BLOB}?space_id=the%2Bspace HTTP/1.1"
    assert asked_for.headers["X-Budgero-Protocol"] == "2"
    assert asked_for.headers["Accept-Encoding"] == "identity"
    assert "Range" not in asked_for.headers


async def test_a_long_error_is_not_read(session: ClientSession) -> None:
    """The room is for databases; errors have no more of it than anywhere."""
    message = b'{"message": "' + b"x" * 100_000 + b'"}'
    long = http(404, message, Content_Type="application/json")
    async with Wire(says(state=STATE_OF_IT, blob=long)) as wire:
        user = ServerUser(session, f"http://127.0.0.1:{wire.port}", "u", "p")
        with pytest.raises(WrongAddressError):
            await fetch_database(user)
