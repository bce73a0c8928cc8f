"""The HTTP session: what a server sets stays with nobody, and none is left behind."""

import gc
import ssl

from aiohttp import ClientSession, ThreadedResolver
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.connection import Connection, Server
from custom_components.budgero.engine.push import ServerAddress, SpaceKey
from custom_components.budgero.engine.push.errors import PushError
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE
from homeassistant.core import HomeAssistant
from homeassistant.helpers import aiohttp_client
from tests.certificates import Certificate
from tests.engine.push.wire import Heard, Wire, http

from .support import Call

TOKEN = "5e" * 32


class _Here(ThreadedResolver):
    """Looks names up in this machine's own list."""

    async def real_close(self) -> None:
        """Close, as Home Assistant does it at its end."""
        await self.close()


@pytest.fixture
def tls(
    socket_enabled: None, certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> ssl.SSLContext:
    """The TLS of servers on this machine, which have one name and many ports."""
    monkeypatch.setattr(aiohttp_client, "_async_make_resolver", lambda _: _Here())
    return certificate.server_context()


async def _ask(hass: HomeAssistant, wire: Wire) -> None:
    """Show the token to a server by its name, which is the same for all of them."""
    address = ServerAddress.parse(f"https://localhost:{wire.port}")
    connection = Connection(Server(address, False), TOKEN, SpaceKey(bytes(32)))
    for _ in range(2):
        with pytest.raises(PushError):
            await connection.client(hass).verify()


async def test_a_cookie_reaches_nobody(
    hass: HomeAssistant, tls: ssl.SSLContext
) -> None:
    """Neither another server, nor the one that has set it."""
    async with (
        Wire(http(503, Set_Cookie="spy=me; Path=/"), tls) as first,
        Wire(http(503), tls) as second,
    ):
        await _ask(hass, first)
        await _ask(hass, second)
    heard = [*first.heard, *second.heard]
    assert len(heard) == 4
    assert all("Cookie" not in request.headers for request in heard)


async def test_a_cookie_is_not_even_read(
    hass: HomeAssistant, tls: ssl.SSLContext, caplog: pytest.LogCaptureFixture
) -> None:
    """A server may call it like the token, and aiohttp would log a bad name."""

    def echo(heard: Heard) -> bytes:
        return http(503, Set_Cookie=f"{heard.headers['Authorization']}=1")

    caplog.set_level(1)
    async with Wire(echo, tls) as wire:
        await _ask(hass, wire)
    assert len(wire.heard) == 2
    assert TOKEN not in caplog.text


async def test_reloading_leaves_no_session_behind(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call
) -> None:
    """Nor does anything wait for the end of Home Assistant on its behalf."""

    async def count() -> tuple[int, int]:
        assert (await add(amount=1, wait=True))["status"] == "accepted"
        gc.collect()
        sessions = [one for one in gc.get_objects() if isinstance(one, ClientSession)]
        return len(sessions), hass.bus.async_listeners()[EVENT_HOMEASSISTANT_CLOSE]

    before = await count()
    for _ in range(3):
        assert await hass.config_entries.async_reload(loaded.entry_id)
    assert await count() == before
