"""Home Assistant's REST and WebSocket interface, as its frontend uses it."""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp

from tests.e2e.json_value import Json, JsonObject, to_object, to_objects, to_text
from tests.e2e.seed import Installation

_FLOW = "/api/config/config_entries/flow"
_OPTIONS = "/api/config/config_entries/options/flow"
_SUBENTRY = "/api/config/config_entries/subentries/flow"
_FIX = "/api/repairs/issues/fix"


class ApiError(Exception):
    """Home Assistant refused a request."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Home Assistant's configuration."""

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
class Issue:
    """A repair that Home Assistant shows."""

    issue_id: str
    kind: str
    is_fixable: bool
    placeholders: JsonObject


@dataclass(frozen=True, kw_only=True)
class FlowStep:
    """The present step of a dialog.

    Attributes:
        address: where to send the next answer.
        kind: form, menu, create_entry or abort.
        step_id: what is asked.
        errors: what is wrong with the last answer, by field.
        menu: what may be chosen.
        fields: what is asked for, and what may be chosen for each.
        reason: why it was aborted.
        entry: the config entry that was created.
    """

    address: str
    kind: str
    step_id: str | None
    errors: Mapping[str, str]
    menu: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    reason: str | None
    entry: Entry | None


class Api:
    """A connection to one Home Assistant, with the rights of its owner."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        """Take a session that has the address and the token."""
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
            OSError: It cannot be reached.
        """
        try:
            async with self._session.ws_connect("/api/websocket") as socket:
                return await self._converse(socket, {"type": kind, **fields})
        except (aiohttp.ClientError, aiohttp.WSMessageTypeError) as error:
            raise OSError(f"{kind}: no answer") from error

    async def follow(self, kind: str, last: str, **fields: Json) -> list[JsonObject]:
        """Send a command over the websocket; return its events up to the last.

        Args:
            kind: Of the command.
            last: The type of the last event.
            fields: Of the command.

        Raises:
            ApiError: Home Assistant refused it.
            OSError: It cannot be reached.
        """
        events: list[JsonObject] = []
        try:
            async with self._session.ws_connect("/api/websocket") as socket:
                await self._converse(socket, {"type": kind, **fields})
                while not events or events[-1]["type"] != last:
                    message = to_object(await socket.receive_json())
                    events.append(to_object(message["event"]))
        except (aiohttp.ClientError, aiohttp.WSMessageTypeError) as error:
            raise OSError(f"{kind}: no answer") from error
        return events

    async def _converse(
        self, socket: aiohttp.ClientWebSocketResponse, command: JsonObject
    ) -> Json:
        await socket.receive_json()  # it asks who we are
        token = self._session.headers["Authorization"].removeprefix("Bearer ")
        await socket.send_json({"type": "auth", "access_token": token})
        hello = to_object(await socket.receive_json())
        if hello["type"] != "auth_ok":
            raise ApiError("The websocket refuses the token")
        await socket.send_json({"id": 1, **command})
        answer = to_object(await socket.receive_json())
        if not answer["success"]:
            raise ApiError(f"{command['type']}: {answer['error']}")
        return answer["result"]

    async def config(self) -> Config:
        """Return Home Assistant's configuration."""
        answer = to_object(await self._request("GET", "/api/config", None))
        return Config(
            version=to_text(answer["version"]),
            state=to_text(answer["state"]),
            is_recovery=bool(answer.get("recovery_mode")),
        )

    async def post(self, path: str, body: JsonObject) -> JsonObject:
        """Send something over the REST interface; return the answer."""
        return to_object(await self._request("POST", path, body))

    async def remove_entry(self, entry: Entry) -> None:
        """Remove a config entry."""
        path = f"/api/config/config_entries/entry/{entry.entry_id}"
        await self._request("DELETE", path, None)

    async def reload_entry(self, entry: Entry) -> None:
        """Reload a config entry."""
        path = f"/api/config/config_entries/entry/{entry.entry_id}/reload"
        await self._request("POST", path, {})

    async def entries(self, domain: str) -> list[Entry]:
        """List the config entries of an integration."""
        path = f"/api/config/config_entries/entry?domain={domain}"
        found = to_objects(await self._request("GET", path, None))
        return [_read_entry(entry) for entry in found]

    async def start_flow(self, domain: str) -> FlowStep:
        """Start the dialog that adds an integration."""
        return await self._begin(_FLOW, {"handler": domain})

    async def start_reconfigure(self, domain: str, entry: Entry) -> FlowStep:
        """Start the dialog that changes an entry."""
        return await self._begin(_FLOW, {"handler": domain, "entry_id": entry.entry_id})

    async def start_options(self, entry: Entry) -> FlowStep:
        """Start the dialog with the options of an entry."""
        return await self._begin(_OPTIONS, {"handler": entry.entry_id})

    async def start_subentry(self, entry: Entry, kind: str) -> FlowStep:
        """Start the dialog that adds something to an entry."""
        return await self._begin(_SUBENTRY, {"handler": [entry.entry_id, kind]})

    async def subentries(self, entry: Entry) -> Mapping[str, str]:
        """Return what was added to an entry: titles and ids."""
        listed = to_objects(
            await self.command(
                "config_entries/subentries/list", entry_id=entry.entry_id
            )
        )
        return {to_text(each["title"]): to_text(each["subentry_id"]) for each in listed}

    async def start_fix(self, domain: str, issue: Issue) -> FlowStep:
        """Start the dialog of a repair."""
        return await self._begin(_FIX, {"handler": domain, "issue_id": issue.issue_id})

    async def open_flows(self, domain: str) -> list[str]:
        """List the dialogs that Home Assistant itself has opened, as for a new token."""
        found = to_objects(await self.command("config_entries/flow/progress"))
        return [to_text(flow["flow_id"]) for flow in found if flow["handler"] == domain]

    async def resume_flow(self, flow_id: str) -> FlowStep:
        """Return the present step of an open dialog."""
        answer = await self._request("GET", f"{_FLOW}/{flow_id}", None)
        return _read_step(_FLOW, answer)

    async def submit(self, step: FlowStep, values: JsonObject) -> FlowStep:
        """Fill in the form that a flow shows."""
        base = step.address.rpartition("/")[0]
        return _read_step(base, await self._request("POST", step.address, values))

    async def choose(self, step: FlowStep, option: str) -> FlowStep:
        """Choose from the menu that a flow shows."""
        return await self.submit(step, {"next_step_id": option})

    async def _begin(self, base: str, body: JsonObject) -> FlowStep:
        return _read_step(base, await self._request("POST", base, body))

    async def issues(self, domain: str) -> list[Issue]:
        """List the repairs of an integration."""
        answer = to_object(await self.command("repairs/list_issues"))
        found = to_objects(answer["issues"])
        return [_read_issue(issue) for issue in found if issue["domain"] == domain]

    async def actions(self, domain: str) -> Collection[str]:
        """List the actions of an integration that exist by now."""
        found = to_objects(await self._request("GET", "/api/services", None))
        known = [each["services"] for each in found if each["domain"] == domain]
        return to_object(known[0]).keys() if known else ()

    async def import_blueprint(self, url: str, path: str) -> None:
        """Fetch a blueprint from an address, and keep it.

        Args:
            url: Where it is.
            path: Under which it is kept, in the folder of its kind.
        """
        found = to_object(await self.command("blueprint/import", url=url))
        if found["validation_errors"]:
            raise ApiError(f"The blueprint is refused: {found['validation_errors']}")
        metadata = to_object(to_object(found["blueprint"])["metadata"])
        await self.command(
            "blueprint/save",
            domain=metadata["domain"],
            path=path,
            yaml=found["raw_data"],
            source_url=url,
        )

    async def save(self, kind: str, key: str, config: JsonObject) -> None:
        """Store an automation or a script as the editor does; it runs from then on."""
        await self._request("POST", f"/api/config/{kind}/config/{key}", config)

    async def set_state(
        self, entity_id: str, state: str, attributes: JsonObject
    ) -> None:
        """Set a state that no entity keeps."""
        body: JsonObject = {"state": state, "attributes": attributes}
        await self._request("POST", f"/api/states/{entity_id}", body)

    async def notices(self) -> list[str]:
        """Return what the notifications in the frontend say."""
        found = to_objects(await self.command("persistent_notification/get"))
        return [to_text(notice["message"]) for notice in found]

    async def say(self, text: str) -> str:
        """Type a sentence to Assist; return the answer."""
        path = "/api/conversation/process"
        answer = to_object(await self._request("POST", path, {"text": text}))
        speech = to_object(to_object(answer["response"])["speech"])
        return to_text(to_object(speech["plain"])["speech"])

    async def register_phone(self, push_url: str) -> str:
        """Register a phone with the app; return the id of its webhook."""
        answer = await self._request(
            "POST",
            "/api/mobile_app/registrations",
            {
                "app_id": "test",
                "app_name": "Test",
                "app_version": "1",
                "device_name": "Phone",
                "device_id": "phone",
                "manufacturer": "Test",
                "model": "Phone",
                "os_name": "Test",
                "os_version": "1",
                "supports_encryption": False,
                "app_data": {"push_token": "token", "push_url": push_url},
            },
        )
        return to_text(to_object(answer)["webhook_id"])

    async def devices(self) -> Mapping[str, str]:
        """Return the ids of all devices by their names."""
        listed = to_objects(await self.command("config/device_registry/list"))
        return {to_text(each["name"]): to_text(each["id"]) for each in listed}

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


def _read_issue(value: JsonObject) -> Issue:
    return Issue(
        issue_id=to_text(value["issue_id"]),
        kind=to_text(value["translation_key"]),
        is_fixable=bool(value["is_fixable"]),
        placeholders=to_object(value.get("translation_placeholders") or {}),
    )


def _read_step(base: str, value: Json) -> FlowStep:
    step = to_object(value)
    errors = to_object(step.get("errors") or {})
    menu = step.get("menu_options") or []
    if not isinstance(menu, (list, Mapping)):
        raise ApiError("A menu is a list or an object")
    return FlowStep(
        address=f"{base}/{to_text(step['flow_id'])}",
        kind=to_text(step["type"]),
        step_id=_optional_text(step.get("step_id")),
        errors={key: to_text(error) for key, error in errors.items()},
        menu=tuple(to_text(option) for option in menu),
        fields={
            to_text(field["name"]): _read_options(field)
            for field in to_objects(step.get("data_schema") or [])
        },
        reason=_optional_text(step.get("reason")),
        entry=_read_entry(to_object(step["result"])) if step.get("result") else None,
    )


def _read_options(field: JsonObject) -> tuple[str, ...]:
    """Return what may be chosen for a field, if it is a list to choose from."""
    selector = to_object(field.get("selector") or {})
    options = to_object(selector.get("select") or {}).get("options") or []
    if isinstance(options, str) or not isinstance(options, Sequence):
        raise ApiError("The options of a field are a list")
    return tuple(
        to_text(option["value"] if isinstance(option, Mapping) else option)
        for option in options
    )


def _optional_text(value: Json) -> str | None:
    return None if value is None else to_text(value)
