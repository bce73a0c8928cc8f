"""What the tests of the push client share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
import ssl

from aiohttp import ClientSession, TCPConnector, ThreadedResolver
import pytest

from custom_components.budgero.engine.push import (
    Client,
    Sealed,
    ServerUser,
    SpaceKey,
    Transaction,
)
from tests.budgero_server import BudgeroServer
from tests.engine.lunch import LUNCH

from .credentials import USER
from .mishaps import Stage


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[BudgeroServer]:
    """Run Budgero's stand-in on this machine, until it has done all its work."""
    async with BudgeroServer(credentials=USER) as server:
        yield server
        async with asyncio.timeout(5):
            while not all(request.finished for request in server.requests):
                await asyncio.sleep(0.01)


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """Open a session whose look-ups a test can replace."""
    connector = TCPConnector(resolver=ThreadedResolver())
    async with ClientSession(connector=connector) as session:
        yield session


@pytest.fixture
def key(server: BudgeroServer) -> SpaceKey:
    """Read the space key as a household copies it from the app."""
    return SpaceKey.parse(server.space_key)


@pytest.fixture
def client(server: BudgeroServer, session: ClientSession, key: SpaceKey) -> Client:
    """Return a client of the stand-in."""
    return Client(session, server.url, server.token, key)


@pytest.fixture
def user(server: BudgeroServer, session: ClientSession) -> ServerUser:
    """Return the stand-in's user, who has not signed in yet."""
    return ServerUser(session, server.url, USER.username, USER.password)


@pytest.fixture
def lunch() -> Transaction:
    """Return an everyday expense."""
    return replace(LUNCH, memo="with Zo\u00eb", payee="Caf\u00e9 Ri\u010d")


@pytest.fixture
def sealed(client: Client, lunch: Transaction) -> Sealed:
    """Return the everyday expense, ready for the wire."""
    return client.seal(lunch)


@pytest.fixture
async def stage(
    server: BudgeroServer,
    session: ClientSession,
    tls: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Stage]:
    """Prepare what mishaps are arranged with."""
    async with AsyncExitStack() as stack:
        yield Stage(server, session, tls, monkeypatch, stack)
