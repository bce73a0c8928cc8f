"""The short form: outbox, sender and client in a process of their own."""

import asyncio
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
import os
from pathlib import Path
import random
import signal
import sys
from typing import Final

from tests.budgero_server import BudgeroServer

from . import child
from .call import Promises
from .crash_image import read_image
from .life import Life, Word
from .mishaps import RACE_WINDOW, KillClient, befall
from .place import FROM_OUTSIDE, Place
from .verdict import Verdict

PATIENCE: Final = 20.0
"""Longest wait in seconds; far more than a slow machine needs."""

_PATIENCE_EACH: Final = 0.05
"""Additional wait for each transaction that the last process follows, in seconds."""

_ROOT: Final = Path(__file__).parents[2]
_LONGEST_LIFE: Final = 0.8
_MOST_VISITS: Final = 6
_APP_EVERY: Final = 0.2


class Trial:
    """One outbox whose process is killed many times."""

    def __init__(self, server: BudgeroServer, process: Process, outbox: Path) -> None:
        """Take Budgero, the program that starts processes, and the outbox's file."""
        self.verdict: Final = Verdict()
        self._server = server
        self._process = process
        self._outbox = outbox
        self._promises = Promises()
        self._pid = 0

    async def kill_at(self, place: Place) -> bool:
        """Run a process until it is killed at a place; examine its files.

        Returns:
            Whether it reached that place.
        """
        await self._begin(self._life(place))
        async with asyncio.TaskGroup() as group:
            group.create_task(befall(self._server))
            if place in FROM_OUTSIDE:
                group.create_task(self._kill_from_outside(place))
            code = await self._follow(f"{place} was not reached")
        self._server.faults.clear()
        if code == -signal.SIGKILL:
            self.verdict.kills += 1
        elif code is not None:
            self.verdict.wrong.add(f"a process ended by itself with {code}")
        self.verdict.examine_image(
            self._promises, read_image(self._outbox), self._server.space_key
        )
        return code == -signal.SIGKILL

    async def finish(self) -> None:
        """Let a last process deliver everything; examine the bookings."""
        await self._begin(self._new_life(repeat=self._promises.unanswered))
        code = await self._follow(
            "not everything was processed in the end",
            PATIENCE + len(self._promises.asked) * _PATIENCE_EACH,
        )
        if code:
            self.verdict.wrong.add(f"the last process ended with {code}")
        self.verdict.examine_end(
            self._promises, read_image(self._outbox), self._server.bookings
        )

    def _life(self, place: Place) -> Life:
        """Return a life that ends at a place; some callers repeat unanswered calls."""
        return self._new_life(
            repeat={number for number in self._promises.unanswered if number % 2},
            first=self._promises.next_number(),
            place=None if place in FROM_OUTSIDE else place,
        )

    def _new_life(
        self, repeat: set[int], first: int = 0, place: Place | None = None
    ) -> Life:
        return Life(
            outbox=self._outbox,
            url=self._server.url,
            token=self._server.token,
            space_key=self._server.space_key,
            repeat=tuple(sorted(repeat)),
            first=first,
            place=place,
            visits=random.randint(1, _MOST_VISITS),
        )

    async def _begin(self, life: Life) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{life.to_line()}\n".encode())
        word, pid = await self._hear()
        assert word is Word.BORN
        self._pid = int(pid)

    async def _follow(self, complaint: str, patience: float = PATIENCE) -> int | None:
        """Read the lines of a process; return its exit code, `None` if it was stuck."""
        listening = asyncio.create_task(self._listen())
        _, stuck = await asyncio.wait([listening], timeout=patience)
        if not stuck:
            return listening.result()
        self.verdict.wrong.add(complaint)
        self.kill()
        await listening
        return None

    async def _listen(self) -> int:
        """Record the lines of a process; return its exit code."""
        while True:
            word, what = await self._hear()
            match word:
                case Word.ASKED:
                    self._promises.asked.add(int(what))
                case Word.TOLD:
                    self._promises.told.add(int(what))
                case Word.LOGGED:
                    self.verdict.wrong.add(f"logged: {what}")
                case Word.ENDED:
                    self._pid = 0
                    return int(what)

    async def _hear(self) -> tuple[Word, str]:
        """Return the next line."""
        assert self._process.stdout is not None
        line = (await self._process.stdout.readline()).decode().rstrip("\n")
        word, _, what = line.partition(" ")
        return Word(word), what

    async def _kill_from_outside(self, place: Place) -> None:
        """Kill the process at a random moment, or when the server sees a request."""
        await asyncio.sleep(random.uniform(0, _LONGEST_LIFE))
        if place is Place.ANYWHERE:
            self.kill()
        else:
            self._server.faults.add(
                KillClient(
                    kill=self.kill,
                    carried_out=place is Place.REQUEST_CARRIED_OUT,
                    seconds=random.uniform(0, RACE_WINDOW),
                )
            )

    def kill(self) -> None:
        """Kill the process, if one lives."""
        if self._pid:
            with suppress(ProcessLookupError):  # it has just ended
                os.kill(self._pid, signal.SIGKILL)


async def run(kills: int, folder: Path) -> tuple[Verdict, Counter[Place]]:
    """Kill a process a number of times, at all places in turn; return the result."""
    places: Counter[Place] = Counter()
    async with (
        BudgeroServer(api_limit=None, race_window=RACE_WINDOW) as server,
        _starter() as process,
        asyncio.TaskGroup() as group,
    ):
        app = group.create_task(open_app(server))
        trial = Trial(server, process, folder / "outbox.db")
        try:
            for place in _in_turn(kills):
                if not await trial.kill_at(place):
                    break  # it is broken, and everything else would take long
                places[place] += 1
            await trial.finish()
        finally:
            trial.kill()
            app.cancel()
    return trial.verdict, places


def _in_turn(kills: int) -> list[Place]:
    """Return a number of places: each once in random order, then each again."""
    places: list[Place] = []
    while len(places) < kills:
        places += random.sample(list(Place), len(Place))
    return places[:kills]


async def open_app(server: BudgeroServer) -> None:
    """Let Budgero's app apply pending items from time to time."""
    while True:
        await asyncio.sleep(_APP_EVERY)
        server.apply()


@asynccontextmanager
async def _starter() -> AsyncIterator[Process]:
    """Run the program that starts processes."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        child.__name__,
        stdin=PIPE,
        stdout=PIPE,
        cwd=_ROOT,
        start_new_session=True,  # Ctrl-C must reach this process only
    )
    try:
        yield process
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
