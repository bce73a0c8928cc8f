"""A Home Assistant with Budgero, and the stand-in that it talks to over real sockets."""

import asyncio
from asyncio import constants
from collections.abc import AsyncGenerator, Generator
from dataclasses import replace
from datetime import UTC, datetime
import itertools
from pathlib import Path
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox import gate, pusher
from custom_components.budgero.engine.outbox.flood import FloodGuard
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.push import envelope, server_user
from homeassistant.core import HomeAssistant
from tests.budgero_server import BudgeroServer
from tests.budgero_server.releases import DEFAULT_RELEASE
from tests.certificates import Certificate, self_signed

from .actions import call
from .flows import user_of
from .newer import until_asked
from .preset_helpers import DIRECTORY, know
from .support import ADD, Call, make_entry, make_second_entry, running, set_up, until
from .texts import Texts


@pytest.fixture(autouse=True, scope="session")
def _short_stacks() -> Generator[None]:
    """Let asyncio record one stack frame per callback; ten are slow."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(constants, "DEBUG_STACK_DEPTH", 1)
        yield


@pytest.fixture
def hass_config_dir(tmp_path: Path) -> str:
    """Let Home Assistant keep its files, the outboxes too, in a folder of the test."""
    return str(tmp_path)


@pytest.fixture(autouse=True)
async def texts(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Texts]:
    """Check in every test that all shown keys have texts."""
    texts = Texts(hass)
    texts.watch(monkeypatch)
    yield texts
    await texts.check_issues()
    assert texts.problems == []


@pytest.fixture
def release() -> str:
    """Which release of Budgero the stand-in is; the tests of newer ones say so."""
    return DEFAULT_RELEASE


@pytest.fixture
async def server(socket_enabled: None, release: str) -> AsyncGenerator[BudgeroServer]:
    """A stand-in for Budgero that listens on a real socket."""
    async with BudgeroServer(api_limit=None, release=release) as server:
        yield server


@pytest.fixture
async def other_server(socket_enabled: None) -> AsyncGenerator[BudgeroServer]:
    """Another household's stand-in."""
    async with BudgeroServer(api_limit=None) as server:
        yield server


@pytest.fixture
def certificate() -> Certificate:
    """A self-signed certificate."""
    return self_signed()


@pytest.fixture
async def tls_server(
    socket_enabled: None, certificate: Certificate
) -> AsyncGenerator[BudgeroServer]:
    """A stand-in with a self-signed certificate.

    A client that hangs up during the handshake is an error of the server, which shares
    Home Assistant's event loop here; this error is ignored.
    """
    loop = asyncio.get_running_loop()
    handler = loop.get_exception_handler()
    assert handler is not None

    def ignore_handshakes(
        loop: asyncio.AbstractEventLoop, context: dict[str, Any]
    ) -> None:
        if "incoming connection" not in context["message"]:
            handler(loop, context)

    loop.set_exception_handler(ignore_handshakes)
    context = certificate.server_context()
    async with BudgeroServer(api_limit=None, ssl_context=context) as server:
        yield server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten pauses, rests and the pace of sending."""
    monkeypatch.setattr(gate, "pause_after", lambda _: 0.01)
    monkeypatch.setattr(gate, "PER_SECOND", 1000.0)
    monkeypatch.setattr(pusher, "DOUBT_REST", 0.05)


@pytest.fixture
def watchful(impatient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a held outbox check all the time whether its reason has ended."""
    monkeypatch.setattr(gate, "check_held_after", lambda _: 0.02)


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> asyncio.Lock:
    """While a test holds this lock, senders do nothing."""
    lock = asyncio.Lock()
    turn = Sender._turn  # noqa: SLF001

    async def take_turn(of: Sender) -> float:
        async with lock:
            return await turn(of)

    monkeypatch.setattr(Sender, "_turn", take_turn)
    return lock


@pytest.fixture
def quick(server: BudgeroServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advance the server's clock by a second at each look, without waiting.

    The database that is stored there is sealed in no time, too.
    """
    seconds = itertools.count(1_780_000_000)
    monkeypatch.setattr(server_user, "NEXT_SECOND", 0.0)
    monkeypatch.setattr(
        "tests.budgero_server.state.now_in_seconds",
        lambda: datetime.fromtimestamp(next(seconds), UTC).strftime("%FT%TZ"),
    )
    monkeypatch.setattr(envelope, "MIN_ITERATIONS", 1)
    server.blob = replace(server.blob, iterations=1)


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allow any number of transactions without a hold."""
    monkeypatch.setattr(FloodGuard, "is_flood", lambda *_: False)


@pytest.fixture
def entry(
    hass: HomeAssistant, server: BudgeroServer, request: pytest.FixtureRequest
) -> MockConfigEntry:
    """An entry for the stand-in, not set up yet."""
    if "idle" in request.fixturenames:
        request.getfixturevalue("idle")  # the sender's first turn takes that lock, too
    entry = make_entry(server)
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def loaded(hass: HomeAssistant, entry: MockConfigEntry) -> MockConfigEntry:
    """The entry, set up."""
    await set_up(hass, entry)
    return entry


@pytest.fixture
async def named(loaded: MockConfigEntry) -> MockConfigEntry:
    """The entry, once it knows what Budgero calls things."""
    await know(loaded, DIRECTORY)
    return loaded


@pytest.fixture
async def asked(loaded: MockConfigEntry) -> MockConfigEntry:
    """The entry, after its server's features were read."""
    await until_asked(loaded)
    return loaded


@pytest.fixture
async def waiting(
    loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> MockConfigEntry:
    """The entry, with three transactions waiting for a server that is down."""
    await server.stop()
    for number in range(3):
        await add(amount=number + 1, message_id=f"before-{number}")
    return loaded


@pytest.fixture
async def other(hass: HomeAssistant, other_server: BudgeroServer) -> MockConfigEntry:
    """The entry of another household, set up; the default one if it is alone."""
    is_alone = not hass.config_entries.async_entries(DOMAIN)
    entry = (make_entry if is_alone else make_second_entry)(other_server)
    await set_up(hass, entry)
    return entry


@pytest.fixture
def user_entry(quick: None, server: BudgeroServer) -> MockConfigEntry:
    """An entry with a signed-in user, not set up yet."""
    return make_entry(server, **user_of(server))


@pytest.fixture
async def signed_in(
    hass: HomeAssistant, user_entry: MockConfigEntry
) -> MockConfigEntry:
    """The entry with a user, set up; its key is proven."""
    await set_up(hass, user_entry)
    await until(lambda: running(user_entry).sender.is_key_proven)
    return user_entry


@pytest.fixture
def add(hass: HomeAssistant) -> Call:
    """Call the action and return its response."""

    async def add_transaction(**data: object) -> dict[str, object]:
        return await call(hass, ADD, **data)

    return add_transaction
