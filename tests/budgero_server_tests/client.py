"""A small client of the stand-in, for these tests."""

from collections.abc import Mapping
from dataclasses import dataclass
import json

import aiohttp

from tests.budgero_server import BudgeroServer, QueueItem

from .sealing import seal


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    content: bytes
    headers: Mapping[str, str]

    @property
    def text(self) -> str:
        """The body as text."""
        return self.content.decode()


@dataclass(frozen=True, slots=True)
class Client:
    """Talks to one server over real sockets."""

    server: BudgeroServer
    session: aiohttp.ClientSession

    async def request(
        self,
        method: str,
        path: str,
        *,
        body: str | bytes | None = None,
        content_type: str | None = "application/json",
        authorization: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send one request and read the whole answer."""
        sent = dict(headers or {})
        if authorization is not None:
            sent["Authorization"] = authorization
        if body is not None and content_type is not None:
            sent["Content-Type"] = content_type
        async with self.session.request(
            method,
            self.server.url + path,
            data=body,
            headers=sent,
            skip_auto_headers=("Content-Type",),
            allow_redirects=False,
        ) as response:
            return Answer(response.status, await response.read(), response.headers)

    async def push(
        self,
        body: str | bytes | None,
        *,
        content_type: str | None = "application/json",
    ) -> Answer:
        """Post a body with the good push token."""
        return await self.request(
            "POST",
            "/api/v1/push",
            body=body,
            content_type=content_type,
            authorization=f"Bearer {self.server.token}",
        )

    async def apply(
        self, content: object, *, message_id: str | None = None
    ) -> QueueItem:
        """Push sealed content, open the app and give the item."""
        payload = seal(self.server.space_key, content)
        body = {"encrypted_payload": payload, "message_id": message_id}
        answer = await self.push(json.dumps(body))
        assert answer.status == 202
        self.server.apply()
        return self.server.queue[-1]
