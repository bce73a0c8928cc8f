"""Send one request as an integration does: `python -m tests.first_request FOLDER`.

The folder is Home Assistant's; its stored settings choose the network adapters.
"""

import asyncio
import sys

from aiohttp import web
from aiohttp.test_utils import TestServer

from homeassistant.components.network.network import async_get_network
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession


async def _greet(_: web.Request) -> web.Response:
    return web.Response(text="Here I am")


async def main() -> None:
    """Ask a server on this machine, and print the answer."""
    application = web.Application()
    application.router.add_get("/", _greet)
    hass = HomeAssistant(sys.argv[1])
    async with TestServer(application) as server:
        await async_get_network(hass)
        session = async_get_clientsession(hass)
        async with session.get(server.make_url("/")) as response:
            sys.stdout.write(await response.text())
        await hass.async_stop(force=True)


if __name__ == "__main__":
    asyncio.run(main())
