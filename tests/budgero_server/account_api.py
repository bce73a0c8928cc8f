"""The routes of a signed-in user: session, push token, queue, statistics, spaces.

Statuses, bodies and their order of keys were verified against Budgero 1.6.0. What a
user without any workspace gets was verified for `info` and a new token; that the queue
is empty and the primary space `null` then is the stand-in's own assumption.
"""

import asyncio
import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
import secrets
from typing import Final

from aiohttp import web

from . import go_json
from .clock import now_in_nanoseconds
from .envelope import seal_envelope
from .errors import ApiError
from .go_json import BindError, reply
from .model import PENDING, PROCESSED, QueueItem, Space
from .push_api import PATH
from .sessions import Sessions
from .state import State

_QUEUE_LIMIT: Final = 100
_YES: Final = frozenset({"1", "true", "yes"})
_PUSH_INFO: Final = {
    "algorithm": "AES-GCM",
    "key_derivation": "None: the space key is used as it is",
    "payload_format": "JSON with v, op and args",
    "encoding": "Base64",
}


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the user signs in with on an own server."""

    username: str = "household"
    password: str = "budgero"
    master_password: str = "budgero"


class AccountApi:
    """Everything that takes a session instead of a push token."""

    def __init__(
        self,
        state: State,
        sessions: Sessions,
        credentials: Credentials,
        operations: Iterable[str],
        key_iterations: int,
    ) -> None:
        """Use the server's rows and sessions.

        Space keys are sealed with so many iterations of the key derivation.
        """
        self._operations = ", ".join(operations)
        self._state = state
        self._sessions = sessions
        self._credentials = credentials
        self._key_iterations = key_iterations
        self._sealed_keys: dict[bytes, str] = {}

    def routes(self) -> Sequence[web.RouteDef]:
        """List the routes, at the end the one for all that no route matches."""
        routes = [
            ("POST", f"{PATH}/token", self._create_token),
            ("GET", f"{PATH}/token", self._show_token),
            ("PUT", f"{PATH}/token", self._enable_token),
            ("DELETE", f"{PATH}/token", self._revoke_token),
            ("GET", f"{PATH}/queue", self._list_queue),
            ("PUT", f"{PATH}/queue/{{id}}", self._set_status),
            ("DELETE", f"{PATH}/queue", self._clear_queue),
            ("GET", f"{PATH}/stats", self._show_stats),
            ("GET", f"{PATH}/info", self._show_info),
            ("GET", "/api/v1/budget-spaces", self._list_spaces),
            ("POST", "/api/v1/budget-spaces", self._create_space),
            ("GET", "/api/v1/profile", self._show_profile),
            ("*", "/api/v1{rest:(/.*)?}", self._not_found),
        ]
        return [
            web.post("/api/v1/auth/local/login", self._log_in),
            *(
                web.route(method, path, self._sessions.guard(handler))
                for method, path, handler in routes
            ),
        ]

    async def _not_found(self, _: web.Request) -> web.StreamResponse:
        raise ApiError(404, "Not Found")

    async def _log_in(self, request: web.Request) -> web.StreamResponse:
        fields = await _bind(request)
        try:
            username = go_json.trim(go_json.text_field(fields, "username")).lower()
            password = go_json.text_field(fields, "password")
        except BindError as error:
            raise ApiError(400, "invalid request body") from error
        known = self._credentials
        if (username, password) != (known.username.lower(), known.password):
            raise ApiError(401, "invalid credentials")
        token = self._sessions.issue(self._state.user_id)
        return reply({"token": token, "user": self._user()})

    async def _create_token(self, _: web.Request) -> web.StreamResponse:
        try:
            token = self._state.new_token()
        except LookupError as error:
            raise ApiError(500, "failed to generate token") from error
        return reply(
            {
                "token": token.text,
                "space_id": token.space_id,
                "created_at": now_in_nanoseconds(),
                "is_enabled": True,
            }
        )

    async def _show_token(self, _: web.Request) -> web.StreamResponse:
        token = self._state.token()
        if token is None:
            return reply({"has_token": False, "is_enabled": False})
        used = {} if token.last_used is None else {"last_used": token.last_used}
        return reply(
            {
                "has_token": True,
                "space_id": token.space_id,
                "created_at": token.created_at,
                **used,
                "is_enabled": token.is_enabled,
            }
        )

    async def _enable_token(self, request: web.Request) -> web.StreamResponse:
        fields = await _bind(request)
        try:
            enabled = go_json.flag_field(fields, "enabled")
        except BindError as error:
            raise ApiError(400, "invalid request body") from error
        self._state.enable_token(enabled)
        return reply({"enabled": enabled})

    async def _revoke_token(self, _: web.Request) -> web.StreamResponse:
        self._state.revoke_token()
        return reply({"status": "revoked"})

    async def _list_queue(self, request: web.Request) -> web.StreamResponse:
        space_id = request.query.get("space_id") or self._primary_space_id() or ""
        items = self._state.pending(space_id, _QUEUE_LIMIT)
        return reply(
            {
                "count": len(items),
                "items": [_item(item, self._state.user_id) for item in items],
            }
        )

    async def _set_status(self, request: web.Request) -> web.StreamResponse:
        """Store whatever comes; a body that does not parse means "processed"."""
        try:
            fields = await _bind(request)
            status = go_json.text_field(fields, "status")
        except ApiError, BindError:
            status = PROCESSED
        item_id = request.match_info["id"]
        self._state.set_status(item_id, status)
        return reply({"id": item_id, "status": status})

    async def _clear_queue(self, request: web.Request) -> web.StreamResponse:
        everything = request.query.get("all", "") in _YES
        deleted = self._state.clear(every_status=everything)
        return reply({"deleted": deleted, "status": "cleared"})

    async def _show_stats(self, _: web.Request) -> web.StreamResponse:
        counts = self._state.counts()
        return reply(
            {
                "pending": counts.pending,
                "processed": counts.processed,
                "failed": counts.failed,
                "total": counts.total,
            }
        )

    async def _show_info(self, _: web.Request) -> web.StreamResponse:
        token = self._state.token()
        space_id = self._primary_space_id()
        if space_id is None:
            raise ApiError(400, "no primary space configured")
        return reply(
            {
                "space_id": space_id,
                "has_token": token is not None and token.is_enabled,
                "info": {**_PUSH_INFO, "supported_opcodes": self._operations},
            },
            sort=True,
        )

    async def _list_spaces(self, _: web.Request) -> web.StreamResponse:
        return reply([await self._space(space) for space in self._state.spaces()])

    async def _create_space(self, request: web.Request) -> web.StreamResponse:
        fields = await _bind(request)
        try:
            name = go_json.text_field(fields, "display_name")
        except BindError as error:
            raise ApiError(400, "invalid request body") from error
        is_first = not self._state.spaces()
        space = self._state.add_space(name, secrets.token_bytes(32), primary=is_first)
        return reply(await self._space(space), 201)

    async def _show_profile(self, _: web.Request) -> web.StreamResponse:
        return reply(self._user())

    async def _space(self, space: Space) -> dict[str, object]:
        return {
            "space_id": space.id,
            "display_name": space.name,
            "owner_user_id": self._state.user_id,
            "role": "owner",
            "invitation_status": "accepted",
            "encrypted_space_key": await self._sealed_key(space.key),
            "is_accessible": True,
            "access_reason": "active",
            "created_at": space.created_at,
        }

    async def _sealed_key(self, key: bytes) -> str:
        """Seal a space key under the master password, once."""
        if key not in self._sealed_keys:
            envelope = await asyncio.to_thread(
                seal_envelope,
                key,
                self._credentials.master_password,
                self._key_iterations,
            )
            self._sealed_keys[key] = base64.b64encode(envelope).decode()
        return self._sealed_keys[key]

    def _primary_space_id(self) -> str | None:
        """Give the id of the primary space, if there is a workspace yet."""
        return next((space.id for space in self._state.spaces()), None)

    def _user(self) -> dict[str, object]:
        return {
            "id": self._state.user_id,
            "email": f"{self._credentials.username}@localhost",
            "name": self._credentials.username,
            "primary_space_id": self._primary_space_id(),
            "is_admin": True,
            "is_blocked": False,
            "is_master_password_set": True,
            "access_level": "full",
            "subscription_status": "active",
            "preferences": {},
        }


async def _bind(request: web.Request) -> dict[str, object]:
    try:
        return go_json.bind(
            request.headers.get("Content-Type", ""), await request.read()
        )
    except BindError as error:
        raise ApiError(400, "invalid request body") from error


def _item(item: QueueItem, user_id: str) -> dict[str, object]:
    named = {} if item.message_id is None else {"message_id": item.message_id}
    return {
        "id": item.id,
        "user_id": user_id,
        "space_id": item.space_id,
        **named,
        "encrypted_payload": item.payload,
        "status": PENDING,
        "created_at": item.created_at,
    }
