"""One household for some weeks, and a server that forgets accepted transactions."""

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
import shutil
import tempfile
from typing import Any, Final, override
from unittest.mock import patch

from custom_components.budgero.engine.outbox import Row, State, sender
from custom_components.budgero.engine.outbox.accepted import AcceptedRows
from custom_components.budgero.engine.outbox.disk import connection, database
from custom_components.budgero.engine.outbox.policy import STANDING
from custom_components.budgero.engine.outbox.rows import STRANDED
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import SpaceKey, Transaction
from custom_components.budgero.engine.push.errors import PushError
from tests.engine.lunch import LUNCH
from tests.engine.outbox.helpers import MEMORY, NO_LIMITS, unfinished
from tests.engine.outbox.model_server import (
    ModelClient,
    ModelServer,
    ModelUser,
    Network,
)

_KEY: Final = SpaceKey(b"k" * 32)
_EPOCH: Final = 1_800_000_000.0
_HOUR: Final = 3600.0
_HAPPENINGS: Final = (
    "log",
    "log",
    "log",
    "wait",
    "app",
    "app",
    "back up",
    "back up",
    "trouble",
    "trouble",
    "die",
    "look",
)
_TROUBLES: Final = (Network.CUT, Network.DEAF, Network.LATE, Network.TROUBLE)


@dataclass(slots=True)
class Outcome:
    """The result of one household.

    Attributes:
        forgettings: how often the server forgot something of its queue.
        leftovers: how many items our questions left in total.
        questions: how many questions were about something in question.
        accepted: how many transactions were accepted when the server forgot.
        wrongly_vanished: how many were called vanished that the server knew.
        vanished: how many were called vanished.
        doubles: how many were booked twice.
        unpromised: how many of these cannot be prevented: the server forgot a push
            whose answer was lost, after an app had applied it.
        lost: how many were neither booked nor removed by a person.
    """

    forgettings: int = 0
    leftovers: int = 0
    questions: int = 0
    accepted: int = 0
    wrongly_vanished: int = 0
    vanished: int = 0
    doubles: int = 0
    unpromised: int = 0
    lost: int = 0


class _AcceptedRows(AcceptedRows):
    """Counts the questions about what is in question."""

    questions = 0

    @override
    async def begin_question(self, row: Row, rest: float) -> bool:
        self.questions += row.in_question
        return await super().begin_question(row, rest)


class _Store(Store):
    """A store that counts the questions about what is in question."""

    accepted: _AcceptedRows

    def __init__(self, *arguments: Any) -> None:
        """Take what a store takes."""
        super().__init__(*arguments)
        self.accepted = _AcceptedRows(self._database, self.clock, self.signal)


@dataclass
class Household:
    """An outbox and its server, with events that follow from a seed.

    Attributes:
        outcome: the result so far.
    """

    seed: int
    has_user: bool
    outcome: Outcome = field(default_factory=Outcome)

    def __post_init__(self) -> None:
        """Make a server; nothing has happened yet."""
        self._random = Random(self.seed)
        self._server = ModelServer(_KEY)
        self._told: dict[str, str] = {}
        self._unpromised: set[str] = set()
        self._backup = self._server.back_up()
        self._seen: set[str] = set()

    async def live(self) -> Outcome:
        """Run the events; at the end everything works, and a person decides."""
        folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self._path = folder / "outbox.db"
        self._began = asyncio.get_running_loop().time()
        try:
            with (
                # The worker sleeps until something is due: most turns do nothing.
                patch.object(sender, "LONGEST_PAUSE", 48 * _HOUR),
                # Nothing damages these files.
                patch.object(connection, "is_log_damaged", return_value=False),
                patch.object(database, "is_log_damaged", return_value=False),
            ):
                await self._live()
        finally:
            shutil.rmtree(folder)
        self._judge()
        return self.outcome

    async def _live(self) -> None:
        await self._start()
        await self._log(self._random.randint(1, 20))
        await self._happen(self._random.randint(1, 4))
        await self._forget()
        await self._happen(self._random.randint(0, 4))
        if self._random.random() < 0.2:
            await self._forget()
            await self._happen(self._random.randint(0, 2))
        await self._settle()
        await self._end()

    async def _happen(self, times: int) -> None:
        for _ in range(times):
            await self._do(self._random.choice(_HAPPENINGS))
            if self._random.random() < 0.5:
                await self._rest(self._random.choice((0.002, 0.02, 0.1, 1)))

    async def _do(self, happening: str) -> None:
        match happening:
            case "log":
                await self._log(self._random.randint(1, 8))
            case "wait":
                await self._rest(self._random.choice((0.1, 1, 6, 48)))
            case "app":
                self._run_app()
            case "back up":
                self._backup = self._server.back_up()
            case "trouble":
                self._server.network = self._random.choice(_TROUBLES)
                self._sender.wake()
                await self._rest(self._random.choice((0.01, 0.1, 2)))
                self._server.network = Network.GOOD
            case "die":
                await self._end()
                await self._start()
            case "look":
                await self._decide()

    async def _forget(self) -> None:
        """Clear the queue in Budgero, or restore the server from a backup."""
        before = {item.queue_id for item in self._server.items}
        self._unpromised |= await self._in_doubt()
        match self._random.randrange(3):
            case 0:
                self._server.clear(include_all=False)
            case 1:
                self._server.clear(include_all=True)
            case _:
                self._server.restore(self._backup)
        if before - {item.queue_id for item in self._server.items}:
            self.outcome.forgettings += 1
            counts = await self._store.review.counts()
            self.outcome.accepted += counts.accepted

    async def _in_doubt(self) -> set[str]:
        """Return transactions that are booked and still wait for an answer."""
        rows = await unfinished(self._store)
        waiting = [row for row in rows if row.state is State.WAITING and row.in_doubt]
        return {memo for row in waiting if self._server.booked[memo := _memo_of(row)]}

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        self._store = _Store(
            self._path,
            lambda: _EPOCH + loop.time() - self._began,
            loop.time,
            NO_LIMITS,
        )
        await self._store.open()
        self._user = ModelUser(self._server) if self.has_user else None
        self._sender = Sender(self._store, ModelClient(self._server), user=self._user)
        await self._sender.load()
        self._worker = loop.create_task(self._sender.run())

    async def _end(self) -> None:
        """Kill the process in its present work."""
        self._worker.cancel()
        await asyncio.wait({self._worker})
        self.outcome.questions += self._store.accepted.questions
        await self._store.close()

    async def _log(self, number: int) -> None:
        for _ in range(number):
            memo = f"memo {len(self._told)}"
            sealed = ModelClient(self._server).seal(replace(LUNCH, memo=memo))
            self._told[memo] = sealed.message_id
            await self._store.append(sealed, b"digest")
        self._sender.wake()

    async def _rest(self, hours: float) -> None:
        """Let time pass; a signed-in user reads the numbers now and then."""
        await asyncio.sleep(hours * _HOUR)
        if self._user is not None:
            try:
                await self._sender.read_statistics(self._user.stats, self._user.pending)
            except PushError:
                return
            await asyncio.sleep(1)

    def _run_app(self) -> None:
        fails = self._random.random() < 0.2
        self._server.run_app(
            lambda _: fails and self._random.random() < 0.3, acknowledges=True
        )

    async def _decide(self) -> None:
        """Answer every repair, after a look into Budgero."""
        for reason in STANDING:
            if reason in self._store.holds.standing:
                await self._sender.release(reason)
        for row in await unfinished(self._store):
            if row.state in STRANDED:
                await self._decide_about(row)
        self._sender.resume()

    async def _decide_about(self, row: Row) -> None:
        memo = _memo_of(row)
        if row.state is State.VANISHED and row.message_id not in self._seen:
            self._seen.add(row.message_id)
            self.outcome.vanished += 1
            queue_ids = {item.queue_id for item in self._server.items}
            self.outcome.wrongly_vanished += row.queue_id in queue_ids
        if self._server.knows(memo):
            await self._store.review.confirm_booked(row.message_id)
        else:
            new = ModelClient(self._server).seal(replace(LUNCH, memo=memo))
            again = await self._store.review.send_again(row.message_id, new.message_id)
            self._told[memo] = again.message_id

    async def _settle(self) -> None:
        """Run without faults until nothing is open."""
        self._server.network = Network.GOOD
        for hours in (*[1.2] * 20, *[48.0] * 80):
            self._sender.resume()
            await self._rest(hours)
            self._server.run_app(lambda _: False, acknowledges=True)
            await self._sender.ask_now()
            await self._decide()
            if not await unfinished(self._store):
                return
        raise AssertionError(await self._store.review.counts())

    def _judge(self) -> None:
        self.outcome.leftovers = self._server.leftovers
        twice = {memo for memo, times in self._server.booked.items() if times > 1}
        self.outcome.doubles = len(twice - self._unpromised)
        self.outcome.unpromised = len(twice & self._unpromised)
        self.outcome.lost = sum(not self._server.booked[memo] for memo in self._told)


def _memo_of(row: Row) -> str:
    return Transaction.from_wire(_KEY.open(row.sealed.payload)).memo
