"""The stand-in's own interface under `/_control/`, for other processes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

from aiohttp import web

from .app import DEFAULT_DEVICE, Acknowledgements
from .blob import BlobOptions
from .description import read_fields
from .errors import ApiError
from .faults import (
    CaptivePortal,
    Delay,
    Drop,
    Fault,
    GzipBomb,
    HugeBody,
    Redirect,
    Reply,
    StalledBody,
    TruncatedBody,
    WrongClock,
)
from .go_json import BindError, decode_object, flag_field, reply, text_field
from .model import Booking
from .releases import RELEASES
from .request_log import CONTROL_PREFIX

if TYPE_CHECKING:
    from .server import BudgeroServer

_EXPORT: Final = "budgero-household.db"
_FAULTS: Final[Mapping[str, type[Fault]]] = {
    "delay": Delay,
    "drop": Drop,
    "truncated_body": TruncatedBody,
    "stalled_body": StalledBody,
    "reply": Reply,
    "captive_portal": CaptivePortal,
    "redirect": Redirect,
    "huge_body": HugeBody,
    "gzip_bomb": GzipBomb,
    "wrong_clock": WrongClock,
}


class ControlApi:
    """Does over HTTP what the methods of `BudgeroServer` do in a process."""

    def __init__(self, server: BudgeroServer) -> None:
        """Control this server."""
        self._server = server

    def routes(self) -> Sequence[web.RouteDef]:
        """List the routes."""
        return [
            web.post(f"{CONTROL_PREFIX}apply", self._apply),
            web.post(f"{CONTROL_PREFIX}device", self._device),
            web.post(f"{CONTROL_PREFIX}token", self._token),
            web.delete(f"{CONTROL_PREFIX}token", self._revoke_token),
            web.get(f"{CONTROL_PREFIX}key", self._key),
            web.post(f"{CONTROL_PREFIX}space", self._space),
            web.post(f"{CONTROL_PREFIX}blob", self._blob),
            web.get(f"{CONTROL_PREFIX}export", self._export),
            web.post(f"{CONTROL_PREFIX}sessions", self._sessions),
            web.post(f"{CONTROL_PREFIX}release", self._release),
            web.post(f"{CONTROL_PREFIX}restart", self._restart),
            web.post(f"{CONTROL_PREFIX}clear", self._clear),
            web.post(f"{CONTROL_PREFIX}snapshot", self._snapshot),
            web.post(f"{CONTROL_PREFIX}restore", self._restore),
            web.post(f"{CONTROL_PREFIX}faults", self._add_faults),
            web.delete(f"{CONTROL_PREFIX}faults", self._clear_faults),
            web.get(f"{CONTROL_PREFIX}bookings", self._bookings),
            web.get(f"{CONTROL_PREFIX}queue", self._queue),
            web.get(f"{CONTROL_PREFIX}requests", self._requests),
            web.get(f"{CONTROL_PREFIX}state", self._state),
            web.route("*", f"{CONTROL_PREFIX}{{rest:.*}}", self._unknown),
        ]

    async def _unknown(self, request: web.Request) -> web.Response:
        raise ApiError(404, f"there is no {request.method} {request.path}")

    async def _apply(self, request: web.Request) -> web.Response:
        body = await _body(request)
        try:
            acknowledgements = Acknowledgements(
                text_field(body, "acknowledgements") or Acknowledgements.DELIVERED
            )
        except (BindError, ValueError) as error:
            raise ApiError(400, "unknown acknowledgements") from error
        return reply(asdict(self._server.apply(acknowledgements, _device(body))))

    async def _device(self, request: web.Request) -> web.Response:
        """Let a device start from the server's snapshot."""
        device = _device(await _body(request))
        self._server.start_from_snapshot(device)
        return reply({"device": device})

    async def _token(self, request: web.Request) -> web.Response:
        body = await _body(request)
        if _flag(body, "regenerate"):
            try:
                return reply({"token": self._server.regenerate_token()})
            except LookupError as error:
                raise ApiError(404, "there is no workspace") from error
        if "enabled" not in body:
            raise ApiError(400, "give enabled or regenerate")
        if _flag(body, "enabled"):
            self._server.enable_token()
        else:
            self._server.disable_token()
        return reply({"enabled": self._server.token_enabled})

    async def _revoke_token(self, _: web.Request) -> web.Response:
        self._server.revoke_token()
        return reply({"revoked": True})

    async def _key(self, _: web.Request) -> web.Response:
        try:
            return reply({"space_key": self._server.space_key})
        except LookupError as error:
            raise ApiError(404, "there is no workspace") from error

    async def _space(self, request: web.Request) -> web.Response:
        self._server.change_space()
        return reply({"space_key": self._server.space_key})

    async def _blob(self, request: web.Request) -> web.Response:
        """Change what is given of the options; the others stay."""
        changes = read_fields(BlobOptions, await _body(request))
        try:
            self._server.blob = replace(self._server.blob, **changes)
        except ValueError as error:
            raise ApiError(400, str(error)) from error
        return reply(asdict(self._server.blob))

    async def _export(self, _: web.Request) -> web.Response:
        """Let people save what the app exports under Settings → Data."""
        try:
            content = self._server.export_database()
        except LookupError as error:
            raise ApiError(404, "there is no workspace") from error
        return web.Response(
            body=content,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{_EXPORT}"'},
        )

    async def _sessions(self, request: web.Request) -> web.Response:
        """Change the lifetime of new sessions, or end all that there are."""
        body = await _body(request)
        lifetime = body.get("lifetime", self._server.session_lifetime)
        if isinstance(lifetime, bool) or not isinstance(lifetime, (int, float)):
            raise ApiError(400, "lifetime is no number of seconds")
        self._server.session_lifetime = float(lifetime)
        if _flag(body, "end"):
            self._server.end_sessions()
        return reply({"lifetime": self._server.session_lifetime})

    async def _release(self, request: web.Request) -> web.StreamResponse:
        """Install another release and restart."""
        try:
            self._server.install(text_field(await _body(request), "release"))
        except (BindError, KeyError) as error:
            raise ApiError(400, f"a release is one of {', '.join(RELEASES)}") from error
        return await self._restart(request)

    async def _restart(self, request: web.Request) -> web.StreamResponse:
        """Answer first: the restart cuts this connection too."""
        response = reply({"restarting": True}, 202)
        await response.prepare(request)
        await response.write_eof()
        self._server.restart_soon()
        return response

    async def _clear(self, request: web.Request) -> web.Response:
        every_status = _flag(await _body(request), "all")
        return reply({"deleted": self._server.clear(all=every_status)})

    async def _snapshot(self, _: web.Request) -> web.Response:
        return reply({"snapshot": self._server.keep_snapshot()})

    async def _restore(self, request: web.Request) -> web.Response:
        try:
            self._server.restore_kept(text_field(await _body(request), "snapshot"))
        except (BindError, KeyError) as error:
            raise ApiError(400, "unknown snapshot") from error
        return reply({"restored": True})

    async def _add_faults(self, request: web.Request) -> web.Response:
        try:
            described: Any = await request.json()
        except ValueError as error:
            raise ApiError(400, "the body is not JSON") from error
        if not isinstance(described, list):
            raise ApiError(400, "give a list of faults")
        self._server.faults.add(*(read_fault(item) for item in described))
        return reply({"waiting": len(self._server.faults)})

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._server.faults.clear()
        return reply({"waiting": 0})

    async def _bookings(self, _: web.Request) -> web.Response:
        return reply([self._booking(booking) for booking in self._server.bookings])

    def _booking(self, booking: Booking) -> dict[str, object]:
        return {**asdict(booking), "scale": self._server.scale(booking.currency)}

    async def _queue(self, _: web.Request) -> web.Response:
        return reply([asdict(item) for item in self._server.queue])

    async def _requests(self, _: web.Request) -> web.Response:
        return reply([asdict(entry) for entry in self._server.requests])

    def _budgets(self) -> list[dict[str, object]]:
        balances = self._server.balances
        return [
            {
                **asdict(budget),
                "accounts": [
                    {
                        **asdict(account),
                        "balance": balances[account.id],
                        "scale": self._server.scale(account.currency),
                    }
                    for account in budget.accounts
                ],
            }
            for budget in self._server.budgets
        ]

    def _found_token(self) -> dict[str, object] | None:
        """Describe the token; it is shown once, when it is made."""
        token = self._server.find_token()
        if token is None:
            return None
        return {
            "is_enabled": token.is_enabled,
            "created_at": token.created_at,
            "last_used": token.last_used,
        }

    async def _state(self, _: web.Request) -> web.Response:
        server = self._server
        return reply(
            {
                "version": server.version,
                "budgets": self._budgets(),
                "counts": asdict(server.counts),
                "token": self._found_token(),
                "user": asdict(server.credentials),
                "last_run": None
                if server.last_run is None
                else asdict(server.last_run),
                "faults": len(server.faults),
            }
        )


async def _body(request: web.Request) -> dict[str, object]:
    body = await request.read()
    try:
        return decode_object(body) if body else {}
    except BindError as error:
        raise ApiError(400, "the body is not a JSON object") from error


def _device(body: Mapping[str, object]) -> str:
    try:
        return text_field(body, "device") or DEFAULT_DEVICE
    except BindError as error:
        raise ApiError(400, "device is not a text") from error


def _flag(body: Mapping[str, object], key: str) -> bool:
    try:
        return flag_field(body, key)
    except BindError as error:
        raise ApiError(400, f"{key} is not true or false") from error


def read_fault(described: object) -> Fault:
    """Make a fault of `{"kind": ..., and its fields}`.

    Raises:
        ApiError: 400 for an unknown kind, field or type of a value.
    """
    if not isinstance(described, dict):
        raise ApiError(400, "a fault is an object")
    values = dict(described)
    kind = _FAULTS.get(values.pop("kind", None))
    if kind is None:
        raise ApiError(400, f"a fault is one of {', '.join(_FAULTS)}")
    try:
        return kind(**read_fields(kind, values))
    except TypeError as error:
        raise ApiError(400, "something that this fault needs is missing") from error
