"""Home Assistant's own interface, as its frontend uses it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from tests.e2e.json_value import Json, JsonObject, to_object, to_objects, to_text
from tests.e2e.seed import Installation

_FLOW = "/api/config/config_entries/flow"


class ApiError(Exception):
    """Home Assistant refused a request."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """What Home Assistant says of itself."""

    version: str
    state: str
    is_recovery: bool


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A config entry."""

    entry_id: str
    title: str
    state: str


@dataclass(frozen=True, kw_only=True)
class FlowStep:
    """Where a config flow stands."""

    flow_id: str
    kind: str
    step_id: str | None
    errors: Mapping[str, str]
    menu: tuple[str, ...]
    reason: str | None
    entry: Entry | None


class Api:
    """A connection to one Home Assistant, with the rights of its owner."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        """Use a session that has the address and the token."""
        self._session = session

    async def _request(self, method: str, path: str, body: JsonObject | None) -> Json:
        """Send a request over the REST interface.

        Raises:
            ApiError: Home Assistant refused it.
            OSError: It cannot be reached.
        """
        try:
            async with self._session.request(method, path, json=body) as response:
                if response.status >= 400:
                    text = (await response.text())[:500]
                    raise ApiError(f"{method} {path}: {response.status} {text}")
                answer: Json = await response.json()
                return answer
        except aiohttp.ClientPayloadError as error:
            raise OSError(f"{method} {path}: the answer broke off") from error
        except aiohttp.ServerDisconnectedError as error:
            raise OSError(f"{method} {path}: no answer") from error

    async def command(self, kind: str, **fields: Json) -> Json:
        """Send one command over the websocket.

        Raises:
            ApiError: Home Assistant refused it.
        """
        async with self._session.ws_connect("/api/websocket") as socket:
            await socket.receive_json()  # it asks who we are
            token = self._session.headers["Authorization"].removeprefix("Bearer ")
            await socket.send_json({"type": "auth", "access_token": token})
            hello = to_object(await socket.receive_json())
            if hello["type"] != "auth_ok":
                raise ApiError("The websocket refuses the token")
            await socket.send_json({"id": 1, "type": kind, **fields})
            answer = to_object(await socket.receive_json())
            if not answer["success"]:
                raise ApiError(f"{kind}: {answer['error']}")
            return answer["result"]

    async def config(self) -> Config:
        """Ask how Home Assistant is."""
        answer = to_object(await self._request("GET", "/api/config", None))
        return Config(
            version=to_text(answer["version"]),
            state=to_text(answer["state"]),
            is_recovery=bool(answer.get("recovery_mode")),
        )

    async def entries(self, domain: str) -> list[Entry]:
        """List the config entries of an integration."""
        path = f"/api/config/config_entries/entry?domain={domain}"
        found = to_objects(await self._request("GET", path, None))
        return [_read_entry(entry) for entry in found]

    async def start_flow(self, domain: str) -> FlowStep:
        """Begin to add an integration."""
        return _read_step(await self._request("POST", _FLOW, {"handler": domain}))

    async def submit(self, step: FlowStep, values: JsonObject) -> FlowStep:
        """Fill in the form that a flow shows."""
        path = f"{_FLOW}/{step.flow_id}"
        return _read_step(await self._request("POST", path, values))

    async def choose(self, step: FlowStep, option: str) -> FlowStep:
        """Choose from the menu that a flow shows."""
        return await self.submit(step, {"next_step_id": option})

    async def call(self, domain: str, action: str, data: JsonObject) -> None:
        """Perform an action."""
        await self._request("POST", f"/api/services/{domain}/{action}", data)

    async def ask(self, domain: str, action: str, data: JsonObject) -> JsonObject:
        """Perform an action and return what it answers."""
        path = f"/api/services/{domain}/{action}?return_response"
        answer = to_object(await self._request("POST", path, data))
        return to_object(answer["service_response"])

    async def state(self, entity_id: str) -> str:
        """Return the state of an entity."""
        path = f"/api/states/{entity_id}"
        return to_text(to_object(await self._request("GET", path, None))["state"])

    async def entity_ids(self, entry_id: str) -> Mapping[str, str]:
        """Return the entities of a config entry by the key in their unique id."""
        listed = to_objects(await self.command("config/entity_registry/list"))
        return {
            to_text(entity["unique_id"]).removeprefix(f"{entry_id}_"): to_text(
                entity["entity_id"]
            )
            for entity in listed
            if entity["config_entry_id"] == entry_id
        }


@asynccontextmanager
async def connect(installation: Installation) -> AsyncIterator[Api]:
    """Connect to the Home Assistant of this configuration folder."""
    async with aiohttp.ClientSession(
        installation.url,
        headers={"Authorization": f"Bearer {installation.token}"},
        timeout=aiohttp.ClientTimeout(total=60),
    ) as session:
        yield Api(session)


def _read_entry(value: JsonObject) -> Entry:
    return Entry(
        entry_id=to_text(value["entry_id"]),
        title=to_text(value["title"]),
        state=to_text(value["state"]),
    )


def _read_step(value: Json) -> FlowStep:
    step = to_object(value)
    errors = to_object(step.get("errors") or {})
    menu = step.get("menu_options") or []
    if not isinstance(menu, (list, Mapping)):
        raise ApiError("A menu is a list or an object")
    return FlowStep(
        flow_id=to_text(step["flow_id"]),
        kind=to_text(step["type"]),
        step_id=_optional_text(step.get("step_id")),
        errors={key: to_text(error) for key, error in errors.items()},
        menu=tuple(to_text(option) for option in menu),
        reason=_optional_text(step.get("reason")),
        entry=_read_entry(to_object(step["result"])) if step.get("result") else None,
    )


def _optional_text(value: Json) -> str | None:
    return None if value is None else to_text(value)
