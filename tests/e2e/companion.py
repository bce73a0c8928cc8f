"""A phone with Home Assistant's app, as far as the blueprints need one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from aiohttp import web

from tests.e2e.api import Api
from tests.e2e.json_value import JsonObject, to_object, to_objects, to_text
from tests.e2e.seed import Installation

_PATIENCE: Final = 20.0


@dataclass(frozen=True, kw_only=True)
class Notification:
    """What the phone shows.

    Attributes:
        message: The text.
        tag: Of the notification that it takes the place of.
        buttons: What is written on them, and what each sends or opens.
    """

    message: str
    tag: str
    buttons: JsonObject


@dataclass(frozen=True, kw_only=True)
class Companion:
    """The phone.

    Attributes:
        installation: Of the Home Assistant that it belongs to.
        webhook_id: Where its app sends to.
    """

    installation: Installation
    webhook_id: str
    _shown: asyncio.Queue[Notification] = field(default_factory=asyncio.Queue)

    async def notification(self) -> Notification:
        """Wait for the next notification.

        Raises:
            TimeoutError: There is none.
        """
        async with asyncio.timeout(_PATIENCE):
            return await self._shown.get()

    async def press(self, notification: Notification, button: str) -> None:
        """Press a button of a notification."""
        data: JsonObject = {"action": notification.buttons[button]}
        await self._send(
            "fire_event",
            {"event_type": "mobile_app_notification_action", "event_data": data},
        )

    async def scan(self, tag_id: str) -> None:
        """Scan a tag."""
        await self._send("scan_tag", {"tag_id": tag_id})

    async def post(self, webhook_id: str, content: JsonObject) -> None:
        """Send what a shortcut sends to an automation's webhook."""
        url = f"{self.installation.url}/api/webhook/{webhook_id}"
        async with (
            aiohttp.ClientSession(raise_for_status=True) as session,
            session.post(url, json=content),
        ):
            pass

    async def _send(self, kind: str, data: JsonObject) -> None:
        await self.post(self.webhook_id, {"type": kind, "data": data})

    async def _take(self, request: web.Request) -> web.Response:
        """Take a notification that Home Assistant pushes."""
        content = to_object(await request.json())
        data = to_object(content.get("data") or {})
        buttons = {
            to_text(each["title"]): each.get("uri") or each["action"]
            for each in to_objects(data.get("actions") or [])
        }
        self._shown.put_nowait(
            Notification(
                message=to_text(content["message"]),
                tag=to_text(data.get("tag") or ""),
                buttons=buttons,
            )
        )
        return web.json_response({}, status=201)


@asynccontextmanager
async def companion(api: Api, installation: Installation) -> AsyncIterator[Companion]:
    """Register a phone, which listens for notifications until the block is left."""
    phones: list[Companion] = []

    async def take(request: web.Request) -> web.Response:
        return await phones[0]._take(request)  # noqa: SLF001

    app = web.Application()
    app.router.add_post("/push", take)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        _, port, *_ = runner.addresses[0]
        webhook_id = await api.register_phone(f"http://127.0.0.1:{port}/push")
        phones.append(Companion(installation=installation, webhook_id=webhook_id))
        yield phones[0]
    finally:
        await runner.cleanup()
