"""The long form: a real Home Assistant, whose actions are called from outside."""

import asyncio
from collections import Counter
from contextlib import suppress
from itertools import cycle, islice
from pathlib import Path
import random
import signal
from typing import Final

from scripts.console import say
from tests.budgero_server import BudgeroServer
from tests.e2e.api import ApiError, connect
from tests.e2e.home_assistant import unexpected_in_log
from tests.e2e.household import Household, living
from tests.e2e.json_value import JsonObject
from tests.e2e.main_job import (
    DOMAIN,
    Counts,
    Defaults,
    MainJobError,
    add_transaction,
    read_counts,
)
from tests.e2e.repairs import answer_issue, find_issue
from tests.e2e.stand_in import Credentials

from .call import Promises, message_id_of
from .crash_image import read_image
from .mishaps import RACE_WINDOW, KillClient, befall
from .place import FROM_OUTSIDE, Place
from .trial import open_app
from .verdict import Verdict

PATIENCE: Final = 60.0
END: Final = 300.0
"""Longest wait at the end in seconds; a row in doubt rests two minutes."""

_LONGEST_LIFE: Final = 4.0
_MOST_CALLERS: Final = 8
_LONGEST_SILENCE: Final = 0.5
_FLOOD: Final = 70
"""More transactions than a household makes in ten minutes."""


class HomeAssistantTrial:
    """One household whose Home Assistant is killed many times.

    Attributes:
        verdict: the result.
        releases: how often a flood was held and then delivered.
    """

    def __init__(self, server: BudgeroServer, household: Household) -> None:
        """Take Budgero and the household."""
        self.verdict: Final = Verdict()
        self.releases = 0
        self._server = server
        self._household = household
        self._home_assistant = household.home_assistant
        self._promises = Promises()
        self._outbox = (
            household.installation.folder
            / ".storage"
            / f"{DOMAIN}.{household.entry.entry_id}.db"
        )

    async def restart(self) -> None:
        """Restart it in order, so that delayed writes are saved."""
        await self._home_assistant.stop()
        await self._home_assistant.start_and_wait()

    async def kill_at(self, place: Place) -> bool:
        """Log until Home Assistant is killed at a place; examine its files.

        Returns:
            Whether it reached that place.
        """
        async with asyncio.TaskGroup() as group:
            callers = group.create_task(self._call_for_ever())
            group.create_task(befall(self._server))
            group.create_task(self._kill_from_outside(place))
            reached = await self._has_ended()
            callers.cancel()
        self._server.faults.clear()
        if reached:
            self.verdict.kills += 1
        else:
            self.verdict.wrong.add(f"{place} was not reached")
        self.verdict.examine_image(
            self._promises, read_image(self._outbox), self._server.space_key
        )
        await self._home_assistant.start_and_wait()
        return reached

    async def finish(self) -> None:
        """Wait until everything is processed; examine the bookings.

        A last flood makes sure that some of it had to be released.
        """
        first = self._promises.next_number()
        last = {*range(first, first + _FLOOD), *self._promises.unanswered}
        await asyncio.gather(*map(self._call, sorted(last)))
        try:
            async with asyncio.timeout(END):
                await self._until_processed()
        except TimeoutError:
            self.verdict.wrong.add("not everything was processed in the end")
        if not self.releases:
            self.verdict.wrong.add("no flood was held")
        if code := await self._home_assistant.stop():
            self.verdict.wrong.add(f"Home Assistant ended with {code}")
        self.verdict.wrong |= set(unexpected_in_log(self._home_assistant.log))
        self.verdict.examine_end(
            self._promises, read_image(self._outbox), self._server.bookings
        )

    async def release_for_ever(self) -> None:
        """Deliver a flood, as a person does who reads the repair."""
        while True:
            # Home Assistant may be killed in the middle of the dialog.
            with suppress(ApiError, MainJobError, OSError):
                async with connect(self._household.installation) as api:
                    if flood := await find_issue(api, "held_flood"):
                        await answer_issue(api, flood, "release")
                        self.releases += 1
            await asyncio.sleep(1)

    async def _call_for_ever(self) -> None:
        """Make several calls at once, again and again; some repeat an earlier one."""
        repeat = [number for number in self._promises.unanswered if number % 2]
        await asyncio.gather(*map(self._call, repeat))
        while True:
            first = self._promises.next_number()
            callers = random.randint(1, _MOST_CALLERS)
            await asyncio.gather(*map(self._call, range(first, first + callers)))
            await asyncio.sleep(random.uniform(0, _LONGEST_SILENCE))

    async def _call(self, number: int) -> None:
        """Call the action, and record whether it was answered."""
        fields: JsonObject = {
            "amount": f"{number / 100:.2f}",
            "message_id": message_id_of(number),
        }
        self._promises.asked.add(number)
        try:
            async with connect(self._household.installation) as api:
                await add_transaction(api, fields)
        except OSError:
            return  # killed in the middle
        except ApiError as error:
            self.verdict.wrong.add(f"an action failed: {error}")
            return
        self._promises.told.add(number)

    async def _kill_from_outside(self, place: Place) -> None:
        """Kill it at a random moment, or when the server sees a request."""
        await asyncio.sleep(random.uniform(0, _LONGEST_LIFE))
        kill = self._home_assistant.process.kill
        if place is Place.ANYWHERE:
            kill()
            return
        self._server.faults.add(
            KillClient(
                kill=kill,
                carried_out=place is Place.REQUEST_CARRIED_OUT,
                seconds=random.uniform(0, RACE_WINDOW),
            )
        )

    async def _has_ended(self) -> bool:
        """Wait until it was killed; kill it if it does not reach the place."""
        process = self._home_assistant.process
        try:
            async with asyncio.timeout(PATIENCE):
                return await process.wait() == -signal.SIGKILL
        except TimeoutError:
            process.kill()
            await process.wait()
            return False

    async def _until_processed(self) -> None:
        async with connect(self._household.installation) as api:
            entry = self._household.entry
            pending = (await api.entity_ids(entry.entry_id))["pending"]
            while _on_the_way(counts := await read_counts(api, entry)):
                if not counts.waiting:
                    ask: JsonObject = {"entity_id": pending}
                    await api.call("homeassistant", "update_entity", ask)
                await asyncio.sleep(1)


def _on_the_way(counts: Counts) -> int:
    return counts.waiting + counts.pending


async def run(kills: int, folder: Path) -> tuple[Verdict, Counter[Place]]:
    """Kill Home Assistant a number of times; return the result."""
    places: Counter[Place] = Counter()
    async with BudgeroServer(race_window=RACE_WINDOW) as server:
        credentials = Credentials(
            url=server.url, token=server.token, space_key=server.space_key
        )
        defaults = Defaults(account=1, budget=1, category=2)
        async with (
            living(
                folder, port=None, credentials=credentials, defaults=defaults
            ) as household,
            asyncio.TaskGroup() as group,
        ):
            app = group.create_task(open_app(server))
            trial = HomeAssistantTrial(server, household)
            await trial.restart()
            reader = group.create_task(trial.release_for_ever())
            for place in islice(cycle(FROM_OUTSIDE), kills):
                if not await trial.kill_at(place):
                    break
                places[place] += 1
            await trial.finish()
            reader.cancel()
            app.cancel()
    say(f"{trial.releases} times a flood was held and released")
    return trial.verdict, places
