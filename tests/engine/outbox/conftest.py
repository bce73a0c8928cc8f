"""Fixtures of the outbox."""

from collections.abc import AsyncIterator
from pathlib import Path
import sqlite3

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import gate, policy, pusher
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import ServerUser
from tests.budgero_server import BudgeroServer

from .followed import Followed
from .helpers import Clock, Disk
from .house import House


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox lies."""
    return tmp_path / ".storage" / "budgero.outbox"


@pytest.fixture
def clock() -> Clock:
    """A wall clock that stands still until it is set."""
    return Clock()


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Disk:
    """SQLite under observation, with faults on demand."""
    disk = Disk()
    monkeypatch.setattr(sqlite3, "connect", disk.connect)
    return disk


@pytest.fixture
async def store(path: Path, clock: Clock) -> AsyncIterator[Store]:
    """An open store whose clock stands still."""
    store = Store(path, clock, clock.steady)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten every wait so that minutes pass in hundredths of a second."""
    monkeypatch.setattr(policy, "SHORTEST_PAUSE", 0.02)
    monkeypatch.setattr(policy, "FIRST_PAUSE", 0.02)
    monkeypatch.setattr(policy, "LONGEST_PAUSE", 0.04)
    monkeypatch.setattr(gate, "PER_SECOND", 1000.0)
    monkeypatch.setattr(gate, "WAKE_PAUSE", 0.02)
    monkeypatch.setattr(policy, "DOUBT_REST", 0.2)
    monkeypatch.setattr(pusher, "DOUBT_REST", 0.2)


@pytest.fixture
def follow_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask about what was accepted right away."""
    monkeypatch.setattr(pusher, "FIRST_QUESTION", 0.02)
    monkeypatch.setattr(policy, "FIRST_QUESTION", 0.02)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[BudgeroServer]:
    """A Budgero server without a rate limit, on a real socket."""
    async with BudgeroServer(api_limit=None) as server:
        yield server


@pytest.fixture
async def session(socket_enabled: None) -> AsyncIterator[ClientSession]:
    """A client session of its own."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
def user(server: BudgeroServer, session: ClientSession) -> ServerUser:
    """The household's user, who has not signed in yet."""
    known = server.credentials
    return ServerUser(session, server.url, known.username, known.password)


@pytest.fixture
def has_user() -> bool:
    """Nobody has given a user."""
    return False


@pytest.fixture
async def followed(
    server: BudgeroServer,
    session: ClientSession,
    path: Path,
    clock: Clock,
    user: ServerUser,
    has_user: bool,
) -> AsyncIterator[Followed]:
    """An outbox with nothing to follow yet."""
    followed = Followed(server, session, path, clock, user, has_user)
    await followed.open()
    yield followed
    await followed.close()


@pytest.fixture
async def house(
    server: BudgeroServer, session: ClientSession, path: Path
) -> AsyncIterator[House]:
    """A household whose sender has not started yet."""
    house = House(server, session, path)
    await house.open()
    yield house
    await house.close()
