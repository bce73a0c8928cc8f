"""A household with its Budgero, in which scenarios run."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.budgero_server import BudgeroServer
from tests.e2e.api import Api, Issue, connect
from tests.e2e.household import Household, living
from tests.e2e.json_value import JsonObject, to_objects
from tests.e2e.main_job import DOMAIN, Answer, Defaults, MainJobError, add_transaction
from tests.e2e.repairs import find_issue
from tests.e2e.stand_in import Credentials

PATIENCE: Final = 90.0
"""Longest wait in seconds; the wake-up of a held outbox takes 30 seconds."""

DEFAULTS: Final = Defaults(account=1, budget=1, category=2)


class ScenarioError(MainJobError):
    """A check of a scenario failed; the text says which."""


def require(condition: object, complaint: str) -> None:
    """Check a condition.

    Raises:
        ScenarioError: it does not hold.
    """
    if not condition:
        raise ScenarioError(complaint)


async def until(
    condition: Callable[[], Awaitable[object]],
    complaint: str,
    patience: float = PATIENCE,
) -> None:
    """Wait until a condition holds.

    Raises:
        ScenarioError: it did not in time.
    """
    try:
        async with asyncio.timeout(patience):
            while not await condition():
                await asyncio.sleep(0.3)
    except TimeoutError as error:
        raise ScenarioError(complaint) from error


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A household that runs, and the server that it sends to."""

    household: Household
    server: BudgeroServer

    @property
    def outbox(self) -> Path:
        """The path of the outbox."""
        storage = self.household.installation.folder / ".storage"
        return storage / f"{DOMAIN}.{self.household.entry.entry_id}.db"

    @asynccontextmanager
    async def api(self) -> AsyncIterator[Api]:
        """Connect to Home Assistant."""
        async with connect(self.household.installation) as api:
            yield api

    async def log(self, number: int) -> list[str]:
        """Log a number of expenses at once; return their message ids."""
        async with self.api() as api:
            fields: list[JsonObject] = [
                {"amount": f"{cents / 100:.2f}"} for cents in range(1, number + 1)
            ]
            answers = await asyncio.gather(
                *(add_transaction(api, each) for each in fields)
            )
        require(all(map(_is_waiting, answers)), f"Not all are safe: {answers}")
        return [answer.message_id for answer in answers]

    async def unfinished(self) -> dict[str, JsonObject]:
        """Return what `budgero.get_queue` lists, by message id."""
        async with self.api() as api:
            answer = await api.ask(DOMAIN, "get_queue", {})
        rows = to_objects(answer["transactions"])
        return {str(row["message_id"]): row for row in rows}

    async def send_now(self) -> None:
        """Press the button."""
        await self._do("button", "press", "send_now")

    async def _do(self, domain: str, action: str, key: str) -> None:
        async with self.api() as api:
            entities = await api.entity_ids(self.household.entry.entry_id)
            await api.call(domain, action, {"entity_id": entities[key]})

    async def until_waiting(self, number: int) -> None:
        """Wait until so many transactions wait."""

        async def is_so() -> bool:
            rows = (await self.unfinished()).values()
            return sum(row["state"] == "waiting" for row in rows) == number

        await until(is_so, f"There should be {number} transactions waiting")

    async def until_issue(self, kind: str) -> Issue:
        """Wait until a repair is shown."""
        found: list[Issue] = []

        async def is_shown() -> bool:
            async with self.api() as api:
                if (issue := await find_issue(api, kind)) is not None:
                    found.append(issue)
            return bool(found)

        await until(is_shown, f"The repair {kind} should be shown")
        return found[-1]

    async def until_no_issue(self) -> None:
        """Wait until no repair is shown."""

        async def is_so() -> bool:
            async with self.api() as api:
                return not await api.issues(DOMAIN)

        await until(is_so, "No repair should be shown any more")

    async def until_all_booked_once(self, message_ids: Iterable[str]) -> None:
        """Let the app be opened until all is processed; each must be booked once."""
        expected = set(message_ids)

        async def is_processed() -> bool:
            self.server.apply()
            await self._do("homeassistant", "update_entity", "pending")
            return not expected & (await self.unfinished()).keys()

        await until(is_processed, "Not everything was processed")
        self.check_booked_once(expected)

    def check_booked_once(self, message_ids: Iterable[str]) -> None:
        """Compare with what Budgero's app has booked."""
        booked = Counter(str(booking.message_id) for booking in self.server.bookings)
        wrong = {each: booked[each] for each in message_ids if booked[each] != 1}
        require(not wrong, f"Not booked once, but so often: {wrong}")


def _is_waiting(answer: Answer) -> bool:
    return answer.status == "waiting"


@asynccontextmanager
async def stage(folder: Path) -> AsyncIterator[Stage]:
    """Start a household in an empty folder, and its Budgero."""
    async with BudgeroServer() as server:
        credentials = Credentials(
            url=server.url, token=server.token, space_key=server.space_key
        )
        async with living(
            folder, port=None, credentials=credentials, defaults=DEFAULTS
        ) as household:
            yield Stage(household=household, server=server)
