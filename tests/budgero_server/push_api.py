"""POST /api/v1/push, the one route that takes a push token.

The order of the checks, the statuses and the texts were verified against
Budgero 1.6.0.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from . import go_json
from .connection import cut
from .errors import ApiError
from .go_json import BindError, reply
from .model import PushToken
from .request_log import read_body
from .state import State

PATH: Final = "/api/v1/push"


class PushApi:
    """Takes sealed payloads into the queue."""

    def __init__(self, state: State, race_window: float, read_timeout: float) -> None:
        """Use the server's rows.

        Between the look-up of a message id and the insert the handler waits for
        the race window: parallel duplicates then slip through as they do on the
        real server. A body that takes longer than the read timeout cuts the
        connection. Both are in seconds.
        """
        self._state = state
        self._race_window = race_window
        self._read_timeout = read_timeout

    def routes(self) -> Sequence[web.RouteDef]:
        """List the route."""
        return [web.post(PATH, self._push)]

    async def _push(self, request: web.Request) -> web.Response:
        token = self._check_token(request)
        payload, message_id = await self._read(request)
        if not payload:
            raise ApiError(400, "encrypted_payload is required")
        await self._refuse_duplicate(token.space_id, message_id)
        item = self._state.add_item(token.space_id, message_id, payload)
        return reply(
            {
                "id": item.id,
                "message": "Mutation queued for processing",
                "status": "queued",
            },
            202,
        )

    def _check_token(self, request: web.Request) -> PushToken:
        header = request.headers.get("Authorization", "")
        if not header:
            raise ApiError(401, "missing authorization header")
        scheme, blank, text = header.partition(" ")
        if scheme.casefold() != "bearer" or not blank:
            raise ApiError(401, "invalid authorization format")
        token = self._state.find_token(text)
        if token is None or not token.is_enabled:
            raise ApiError(500, "token validation failed")
        self._state.touch_token()
        return token

    async def _read(self, request: web.Request) -> tuple[str, str | None]:
        body = await self._read_in_time(request)
        try:
            fields = go_json.bind(request.headers.get("Content-Type", ""), body)
            payload = go_json.text_field(fields, "encrypted_payload")
            message_id = go_json.text_field(fields, "message_id")
        except BindError as error:
            raise ApiError(400, "invalid request body") from error
        return payload, go_json.trim(message_id) or None

    async def _read_in_time(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._read_timeout):
                return await read_body(request)
        except TimeoutError as error:
            cut(request)
            raise ApiError(408, "the body took too long") from error

    async def _refuse_duplicate(self, space_id: str, message_id: str | None) -> None:
        if message_id is None:
            return
        known = self._state.find_message(space_id, message_id)
        if known is not None:
            raise ApiError(
                409,
                f"duplicate message_id; existing item {known.id} ({known.status})",
            )
        if self._race_window:
            await asyncio.sleep(self._race_window)
