"""The line of a dashboard card to Home Assistant, as one user has it."""

from typing import Any

from pytest_homeassistant_custom_component.typing import (
    MockHAClientWebSocket,
    WebSocketGenerator,
)

from homeassistant.auth.models import User
from homeassistant.core import HomeAssistant

CARD = "budgero/card"
SUBSCRIBE = "budgero/card/subscribe"
TAKE_BACK = "budgero/card/take_back"

_LONGEST = 5.0
"""Time after which a message does not come any more, in seconds."""


class Refused(Exception):
    """A command was refused.

    Attributes:
        code: which the card reads.
        error: everything that it gets.
    """

    def __init__(self, error: dict[str, Any]) -> None:
        """Take what the card gets."""
        super().__init__(error["message"])
        self.code = error["code"]
        self.error = error


class Line:
    """A connection of a user's browser."""

    def __init__(self, client: MockHAClientWebSocket) -> None:
        """Take an open connection."""
        self._client = client
        self._events: list[tuple[int, dict[str, Any]]] = []

    async def ask(self, command: str, **fields: object) -> dict[str, Any]:
        """Send a command; return the answer.

        Raises:
            Refused: it was refused.
        """
        _, answer = await self._ask(command, fields)
        return answer

    async def subscribe(self, entry_id: str, **fields: object) -> int:
        """Subscribe to an entry; return the number of the subscription."""
        fields["config_entry_id"] = entry_id
        number, _ = await self._ask(SUBSCRIBE, fields)
        return number

    async def unsubscribe(self, number: int) -> None:
        """End a subscription."""
        await self._ask("unsubscribe_events", {"subscription": number})

    async def event(self, kind: str, **values: object) -> dict[str, Any]:
        """Return the next event of a kind with these values; skip others."""
        while True:
            if not self._events:
                self._note(await self._client.receive_json(timeout=_LONGEST))
            _, event = self._events.pop(0)
            if event["type"] == kind and values.items() <= event.items():
                return event

    async def heard(self) -> list[dict[str, Any]]:
        """Return the events that have come until now."""
        await self._ask("ping", {})
        events = [event for _, event in self._events]
        self._events.clear()
        return events

    async def call(self, action: str, **data: object) -> dict[str, Any]:
        """Perform an action as the user; return its response."""
        answer = await self.ask(
            "call_service",
            domain="budgero",
            service=action,
            service_data=data,
            return_response=True,
        )
        response: dict[str, Any] = answer["response"]
        return response

    async def close(self) -> None:
        """Close the page."""
        await self._client.close()

    async def _ask(
        self, command: str, fields: dict[str, object]
    ) -> tuple[int, dict[str, Any]]:
        await self._client.send_json_auto_id({"type": command, **fields})
        while True:
            message = await self._client.receive_json(timeout=_LONGEST)
            if message["type"] == "pong":
                return message["id"], {}
            if message["type"] != "result":
                self._note(message)
            elif message["success"]:
                return message["id"], message["result"]
            else:
                raise Refused(message["error"])

    def _note(self, message: dict[str, Any]) -> None:
        assert message["type"] == "event"
        self._events.append((message["id"], message["event"]))


async def connect(
    hass: HomeAssistant, hass_ws_client: WebSocketGenerator, user: User
) -> Line:
    """Open a user's dashboard."""
    token = await hass.auth.async_create_refresh_token(user, "https://example.com/app")
    access = hass.auth.async_create_access_token(token)
    return Line(await hass_ws_client(hass, access))
