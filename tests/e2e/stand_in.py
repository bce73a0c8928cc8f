"""The local stand-in for Budgero as a program, and its control interface."""

from dataclasses import dataclass
import json
from pathlib import Path

import aiohttp

from tests.e2e.home_assistant import StartError
from tests.e2e.json_value import Json, JsonObject, to_number, to_object, to_objects
from tests.e2e.program import Program

_REPOSITORY = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Credentials:
    """What a household copies from Budgero's settings into Home Assistant.

    Attributes:
        url: Budgero's address.
        token: Push token.
        space_key: As Budgero exports it.
        username: Of somebody who signs in, or "".
        password: Theirs.
    """

    url: str
    token: str
    space_key: str
    username: str = ""
    password: str = ""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What Budgero's app did with the pending items."""

    processed: int
    failed: int


class StandIn(Program):
    """A Budgero server and its app, on this machine."""

    def __init__(self, folder: Path, port: int) -> None:
        """Prepare to run it.

        Args:
            folder: Where it keeps its data from one run to the next.
            port: Where it listens.
        """
        super().__init__(
            *("tests.budgero_server", "--port", str(port)),
            *("--data", str(folder / "budgero.data")),
            folder=_REPOSITORY,
            log=folder / "budgero.log",
        )
        self._url = f"http://127.0.0.1:{port}"
        self.page = f"{self._url}/"
        """Where a person sees what Budgero has."""

    async def start_and_wait(self) -> Credentials:
        """Start it and wait until it listens.

        Raises:
            StartError: It ended instead; its log says why.
        """
        await self.start(read_output=True)
        output = self.process.stdout
        line = await output.readline() if output else b""
        if not line:
            raise StartError(f"The stand-in for Budgero did not start; see {self._log}")
        greeting = json.loads(line)
        self.page = greeting["page"]
        return Credentials(
            url=greeting["url"],
            token=greeting["token"],
            space_key=greeting["space_key"],
            username=greeting["username"],
            password=greeting["password"],
        )

    async def apply(self) -> Applied:
        """Let Budgero's app apply everything that is pending."""
        run = to_object(await self._request("POST", "apply"))
        return Applied(
            processed=to_number(run["processed"]), failed=to_number(run["failed"])
        )

    async def booking(self, message_id: str) -> JsonObject | None:
        """Return what Budgero booked for a message id."""
        bookings = to_objects(await self._request("GET", "bookings"))
        found = [booking for booking in bookings if booking["message_id"] == message_id]
        if len(found) > 1:
            raise AssertionError(f"{message_id} was booked {len(found)} times")
        return found[0] if found else None

    async def bookings(self, payee: str) -> list[JsonObject]:
        """Return what Budgero booked for a payee."""
        bookings = to_objects(await self._request("GET", "bookings"))
        return [booking for booking in bookings if booking["payee"] == payee]

    async def _request(self, method: str, name: str) -> Json:
        async with (
            aiohttp.ClientSession(self._url, raise_for_status=True) as session,
            session.request(method, f"/_control/{name}") as response,
        ):
            answer: Json = await response.json()
            return answer
