"""Whatever goes wrong on the way: a typed error, one request, nothing lost or doubled."""

import asyncio
from collections.abc import Awaitable, Callable
import time

from aiohttp import ClientSession, TCPConnector
import pytest

from custom_components.budgero.engine.push import Accepted, Client, Sealed, SpaceKey
from custom_components.budgero.engine.push.errors import (
    InDoubtError,
    PushError,
    ServerTroubleError,
    UnreachableError,
    WrongAddressError,
)
from tests.budgero_server import (
    BudgeroServer,
    Drop,
    GzipBomb,
    HugeBody,
    Redirect,
    StalledBody,
)

from .mishaps import MISHAPS, MODULE, Mishap, Stage, each_mishap, suffer
from .user_mishaps import USER_MISHAPS
from .wire import Wire, http

PUSH = ("POST", "/api/v1/push")
ENDLESS = 1 << 40


async def _arrival(server: BudgeroServer) -> None:
    """Wait until the transaction is in the server's queue."""
    async with asyncio.timeout(5):
        while not server.queue:
            await asyncio.sleep(0.02)


async def _settle(server: BudgeroServer, mishap: Mishap) -> None:
    """Wait until the server has what it will have: a request outlives its client."""
    if mishap.arrives:
        await _arrival(server)


@each_mishap
async def test_a_mishap_has_its_name(
    mishap: Mishap, stage: Stage, key: SpaceKey, sealed: Sealed
) -> None:
    """The caller hears what to do, and whether the transaction may be there already."""
    began = time.monotonic()
    _, error = await suffer(mishap, stage, key, sealed)
    assert type(error) is mishap.error
    assert error.retry_after == mishap.retry_after
    assert error.advice in str(error)
    assert time.monotonic() - began < 10
    await _settle(stage.server, mishap)
    assert len(stage.server.queue) == mishap.arrives
    assert error.in_doubt or not mishap.arrives


@pytest.mark.parametrize(
    "mishap",
    [mishap for mishap in MISHAPS if mishap.heals],
    ids=lambda mishap: mishap.name,
)
async def test_a_mishap_is_one_request_and_heals(
    mishap: Mishap,
    stage: Stage,
    key: SpaceKey,
    sealed: Sealed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The transaction is sent once; sent again with its id it is there once."""
    client, error = await suffer(mishap, stage, key, sealed)
    assert [(seen.method, seen.path) for seen in stage.server.requests] == [PUSH]
    await _settle(stage.server, mishap)
    monkeypatch.undo()
    again = await client.push(sealed, in_doubt=error.in_doubt)
    [item] = stage.server.queue
    assert again == Accepted(sealed.message_id, item.id)


def test_every_kind_of_error_happens_in_some_mishap() -> None:
    """No kind of error is there that nobody has ever seen."""
    kinds = set(_kinds(PushError))
    happened = {mishap.error for mishap in MISHAPS}
    assert happened | {mishap.error for mishap in USER_MISHAPS} == kinds
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert len({kind.advice for kind in kinds}) == len(kinds)
    assert len({mishap.name for mishap in MISHAPS}) == len(MISHAPS)


def _kinds(base: type[PushError]) -> list[type[PushError]]:
    """Return all kinds of error below this one."""
    children = base.__subclasses__()
    return [*children, *(kind for child in children for kind in _kinds(child))]


@pytest.mark.parametrize(
    "call",
    [
        Client.verify,
        Client.spec,
        Client.health,
        Client.stats,
        Client.queue,
        Client.clear_queue,
    ],
    ids=lambda call: call.__name__,
)
@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (b"", InDoubtError),
        (b"SSH-2.0-OpenSSH\r\n", InDoubtError),
        (http(202, b"{}", Content_Encoding="gzip", Content_Length="9"), InDoubtError),
        (None, InDoubtError),
    ],
    ids=["hangs up", "no HTTP", "cut short", "silent"],
)
async def test_every_call_fails_alike(
    call: Callable[[Client], Awaitable[object]],
    says: bytes | None,
    expected: type[PushError],
    session: ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No method lets an error of another library out, or returns a neutral value."""
    monkeypatch.setattr(f"{MODULE}.EXCHANGE_SECONDS", 0.3)
    async with Wire(says) as wire:
        client = Client(session, wire.url, "t" * 64, SpaceKey(bytes(32)))
        with pytest.raises(expected):
            await call(client)


async def test_a_connection_that_the_server_gave_up_is_not_tried_twice(
    server: BudgeroServer, client: Client, sealed: Sealed
) -> None:
    """A kept connection that breaks means "in doubt", not a hidden second request."""
    assert await client.health()
    server.faults.add(Drop(after_commit=True))
    with pytest.raises(InDoubtError):
        await client.push(sealed)
    seen = [(seen.method, seen.path) for seen in server.requests]
    assert seen == [("GET", "/api/v1/health"), PUSH]
    assert len(server.queue) == 1


async def test_a_restarted_server_is_found_again(
    server: BudgeroServer, client: Client, sealed: Sealed
) -> None:
    """A server that restarts between two requests costs nothing."""
    await client.verify()
    await server.restart()
    assert isinstance(await client.push(sealed), Accepted)


async def test_a_redirect_gets_no_token(
    server: BudgeroServer, client: Client, sealed: Sealed
) -> None:
    """Neither the token nor the payload follows to another address."""
    async with Wire(http(202, b'{"id":"stolen"}')) as elsewhere:
        server.faults.add(Redirect(location=elsewhere.url, status=307))
        with pytest.raises(WrongAddressError):
            await client.push(sealed)
        await asyncio.sleep(0.05)
    assert elsewhere.heard == []
    assert server.queue == []


@pytest.mark.parametrize(
    "fault",
    [HugeBody(size=ENDLESS, status=500), GzipBomb(size=ENDLESS, status=500)],
    ids=["huge", "bomb"],
)
async def test_an_endless_answer_is_not_read_to_its_end(
    fault: HugeBody | GzipBomb,
    server: BudgeroServer,
    client: Client,
    sealed: Sealed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A terabyte, or one folded small, is neither waited for nor held in memory."""
    monkeypatch.setattr(f"{MODULE}.EXCHANGE_SECONDS", 10)
    server.faults.add(fault)
    with pytest.raises(ServerTroubleError):  # by its status, once enough was read
        await client.push(sealed)


async def test_cancelling_is_no_failure(
    server: BudgeroServer, client: Client, sealed: Sealed
) -> None:
    """A sender that is stopped stops, and nothing takes it for an answer."""
    server.faults.add(StalledBody())
    push = asyncio.create_task(client.push(sealed))
    await _arrival(server)
    push.cancel()
    with pytest.raises(asyncio.CancelledError):
        await push


async def test_a_full_pool_means_nothing_was_sent(
    server: BudgeroServer,
    key: SpaceKey,
    sealed: Sealed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Waiting in vain for a free connection is not "in doubt"."""
    async with ClientSession(connector=TCPConnector(limit=1)) as session:
        client = Client(session, server.url, server.token, key)
        server.faults.add(StalledBody())
        first = asyncio.create_task(client.push(sealed))
        await _arrival(server)
        monkeypatch.setattr(f"{MODULE}.CONNECT_SECONDS", 0.2)
        with pytest.raises(UnreachableError):
            await client.verify()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first


@each_mishap
async def test_a_failure_stands_alone(
    mishap: Mishap, stage: Stage, key: SpaceKey, sealed: Sealed
) -> None:
    """What aiohttp raised, which carries the token, hangs on to nothing of ours."""
    _, error = await suffer(mishap, stage, key, sealed)
    assert error.__cause__ is None
    assert error.__context__ is None
