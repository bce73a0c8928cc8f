"""Whatever happens in whatever order: nothing is lost, and nothing is booked twice.

Outbox and sender are real, on a real file; server, app and network are a model. A
person decides as the texts ask for: looks into Budgero first.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
import shutil
import sqlite3
import tempfile
from typing import Any, Final, override

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from custom_components.budgero.engine.outbox import Row, State
from custom_components.budgero.engine.outbox.policy import STANDING, Hold
from custom_components.budgero.engine.outbox.rows import STRANDED
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import SpaceKey, Transaction
from custom_components.budgero.engine.push.errors import PushError
from tests.bench.skipping_loop import SkippingLoop
from tests.engine.lunch import LUNCH

from .helpers import MEMORY, REVIEWED, unfinished
from .model_server import ModelClient, ModelServer, ModelUser, Network

_KEY: Final = SpaceKey(b"k" * 32)
_LIMITS: Final = ((12, 600.0), (40, 86400.0))


class Machine(RuleBasedStateMachine):
    """A household, its outbox, and what may happen to both.

    Attributes:
        has_user: whether somebody has signed in to the household's own server.
    """

    has_user = False

    def __init__(self) -> None:
        """Open an empty outbox."""
        super().__init__()
        self._loop = SkippingLoop()
        self._epoch = 2_000_000_000.0 - self._loop.time()
        self._server = ModelServer(_KEY)
        self._folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self._copy: Path | None = None
        self._told: dict[str, str] = {}
        self._given_up: set[str] = set()
        self._unpromised: set[str] = set()
        self._taken: set[str] = set()
        self._lives = 0
        self._forgettings = 0
        self._server_backup = self._server.back_up()
        self._user = ModelUser(self._server) if self.has_user else None
        self._run(self._start())

    # What happens.

    @rule(number=st.integers(1, 5))
    def log(self, number: int) -> None:
        """Automations log some expenses at once."""
        self._run(self._log(number))

    @rule()
    def log_with_a_taken_id(self) -> None:
        """An automation uses a message id that somebody else has used before."""
        message_id = f"taken-{len(self._told)}"
        self._taken.add(message_id)
        self._server.take(message_id)
        self._run(self._append(f"memo {len(self._told)}", message_id))

    @rule(seconds=st.sampled_from([0.05, 1.0, 20.0, 130.0, 4000.0, 90_000.0]))
    def wait(self, seconds: float) -> None:
        """Time goes by."""
        self._run(asyncio.sleep(seconds))

    @rule(network=st.sampled_from(Network))
    def change_network(self, network: Network) -> None:
        """The network changes, while requests are under way or not."""
        self._server.network = network
        self._run(self._wake())

    @rule(network=st.sampled_from(Network))
    def flicker(self, network: Network) -> None:
        """The network is in trouble just when something is logged."""
        self.change_network(network)
        self.log(1)
        self.wait(1.0)
        self.change_network(Network.GOOD)
        self.wait(20.0)

    @rule()
    def die_while_sending(self) -> None:
        """The process is killed after the server took a push, before the answer."""
        self.change_network(Network.DEAF)
        self.log(1)
        self.wait(1.0)
        self.kill()
        self.change_network(Network.GOOD)
        self.wait(20.0)

    @rule()
    def lose_the_disk(self) -> None:
        """What waits in the backup is delivered before the backup is needed."""
        self.change_network(Network.CUT)
        self.log(1)
        self.back_up()
        self.change_network(Network.GOOD)
        self.wait(20.0)
        self.restore()

    @rule(refuses=st.integers(0, 4), acknowledges=st.sampled_from([True, True, False]))
    def open_app(self, refuses: int, acknowledges: bool) -> None:
        """Somebody opens Budgero; some items fail, or only their acknowledgement."""
        self._server.run_app(
            lambda memo: refuses > 0 and hash(memo) % 5 < refuses,
            acknowledges=acknowledges,
        )

    @rule(include_all=st.booleans())
    def clear(self, include_all: bool) -> None:
        """Somebody clears the queue in Budgero.

        A server that has forgotten what an app applied takes it once more, if it
        still waits for the answer of its first push: that cannot be promised.
        """
        if include_all:
            self._unpromised |= self._run(self._in_doubt())
        self._server.clear(include_all=include_all)
        self._forgettings += 1

    @rule()
    def back_up_server(self) -> None:
        """Somebody makes a backup of the server."""
        self._server_backup = self._server.back_up()

    @rule()
    def restore_server(self) -> None:
        """The server breaks; a push whose answer was lost cannot be promised."""
        self._unpromised |= self._run(self._in_doubt())
        self._server.restore(self._server_backup)
        self._forgettings += 1

    @rule()
    def look_at_numbers(self) -> None:
        """Home Assistant reads the numbers of the server's queue, if it may."""
        self._run(self._look_at_numbers())

    @rule(seconds=st.sampled_from([-1e8, -7200.0, 7200.0, 1e8]))
    def jump(self, seconds: float) -> None:
        """The clock of the machine jumps."""
        self._epoch += seconds

    @rule()
    def kill(self) -> None:
        """The process is killed, and starts again."""
        self._run(self._kill())
        self._run(self._start())

    @rule()
    def restart(self) -> None:
        """The process ends in good order, and starts again."""
        self._run(self._end())
        self._run(self._start())

    @rule()
    def back_up(self) -> None:
        """Somebody makes a backup while everything goes on."""
        self._run(self._back_up())

    @precondition(lambda self: self._copy is not None)
    @rule()
    def restore(self) -> None:
        """The machine breaks, and the backup is all that is left of it."""
        self._run(self._restore())

    @rule()
    def decide(self) -> None:
        """A person answers every repair, after a look into Budgero."""
        self._run(self._decide())

    # What must be so.

    @invariant()
    def nothing_is_booked_twice(self) -> None:
        """A person's money moves once."""
        twice = {memo for memo, times in self._server.booked.items() if times > 1}
        assert not twice - self._unpromised

    @invariant()
    def little_is_left_in_the_queue(self) -> None:
        """At most two items, whatever the number of those that the server forgot."""
        assert self._server.leftovers <= 2 * self._forgettings

    @invariant()
    def only_others_make_duplicates(self) -> None:
        """Nobody is bothered with a duplicate of what we sent ourselves."""
        rows = self._run(unfinished(self._store))
        duplicates = {row.message_id for row in rows if row.state is State.DUPLICATE}
        assert duplicates <= self._taken

    @override
    def teardown(self) -> None:
        """Everything works again: then everything that was promised is there."""
        try:
            self._run(self._settle())
            self.nothing_is_booked_twice()
            missing = [
                memo
                for memo in self._told
                if not self._server.booked[memo] and memo not in self._given_up
            ]
            assert not missing
        finally:
            self._run(self._end())
            self._loop.close()
            shutil.rmtree(self._folder)

    # How it is done.

    def _run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    @property
    def _path(self) -> Path:
        return self._folder / f"life{self._lives}" / "outbox.db"

    async def _in_doubt(self) -> set[str]:
        """Return what was booked already, and waits for the answer of a push."""
        return {
            memo
            for row in await unfinished(self._store)
            if row.state is State.WAITING
            and row.in_doubt
            and self._server.booked[memo := _memo_of(row)]
        }

    async def _start(self) -> None:
        self._store = Store(
            self._path,
            lambda: self._epoch + self._loop.time(),
            self._loop.time,
            _LIMITS,
        )
        await self._store.open()
        client = ModelClient(self._server)
        self._sender = Sender(self._store, client, user=self._user)
        await self._sender.load()
        self._worker = self._loop.create_task(self._sender.run())

    async def _look_at_numbers(self) -> None:
        if self._user is not None:
            with suppress(PushError):
                await self._sender.read_statistics(self._user.stats, self._user.pending)

    async def _wake(self) -> None:
        self._sender.wake()

    async def _stop_worker(self) -> None:
        self._worker.cancel()
        await asyncio.wait({self._worker})

    async def _end(self) -> None:
        await self._stop_worker()
        await self._store.close()

    async def _kill(self) -> None:
        """Leave the file as a killed process does: no last words, no checkpoint."""
        database = self._store._database  # noqa: SLF001
        connection = database._connection  # noqa: SLF001
        assert connection is not None
        connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE)
        database._leave = lambda _: None  # noqa: SLF001
        await self._end()

    async def _back_up(self) -> None:
        await self._store.begin_backup()
        self._copy = self._folder / "copy"
        shutil.rmtree(self._copy, ignore_errors=True)
        self._copy.mkdir()
        for end in ("", "-wal"):
            source = self._path.with_name(self._path.name + end)
            if source.exists():
                await asyncio.sleep(0.02)
                shutil.copy(source, self._copy)
        await self._store.end_backup()

    async def _restore(self) -> None:
        """Forget all since the backup; what only the lost disk knew is given up."""
        assert self._copy is not None
        await self._kill()
        await asyncio.sleep(60)
        self._lives += 1
        self._forgettings += 1  # this time it is the outbox
        self._server.left.clear()  # the copy knows nothing of later questions
        shutil.copytree(self._copy, self._path.parent)
        await self._start()
        kept = {memo for memo, id_ in self._told.items() if await self._store.get(id_)}
        self._given_up |= self._told.keys() - kept

    async def _log(self, number: int) -> None:
        first = len(self._told)
        await asyncio.gather(
            *(self._append(f"memo {first + index}") for index in range(number))
        )
        self._sender.wake()

    async def _append(self, memo: str, message_id: str | None = None) -> None:
        sealed = ModelClient(self._server).seal(replace(LUNCH, memo=memo), message_id)
        self._told[memo] = sealed.message_id
        await self._store.append(sealed, b"digest")

    async def _decide(self) -> None:
        for reason in STANDING:
            if reason in self._store.holds.standing:
                await self._sender.release(reason)
        for row in await unfinished(self._store):
            if row.state in STRANDED:
                await self._decide_about(row)
        for reason in REVIEWED:
            await self._review(reason)

    async def _decide_about(self, row: Row) -> None:
        memo = _memo_of(row)
        if row.state is State.UNKNOWN:
            self._given_up.add(memo)
            await self._store.review.remove(row.message_id)
        elif self._server.knows(memo):
            self._given_up.add(memo)  # from now on it is Budgero's
            await self._store.review.confirm_booked(row.message_id)
        else:
            new = ModelClient(self._server).seal(replace(LUNCH, memo=memo))
            again = await self._store.review.send_again(row.message_id, new.message_id)
            self._told[memo] = again.message_id

    async def _review(self, reason: Hold) -> None:
        """Deliver what is held; what came back from the dead is looked up first."""
        if reason is Hold.RESTORED:
            for row in await unfinished(self._store):
                memo = _memo_of(row)
                if row.held is reason and self._server.knows(memo):
                    self._given_up.add(memo)  # from now on it is Budgero's
                    await self._store.review.remove(row.message_id)
        await self._sender.release(reason)

    async def _settle(self) -> None:
        self._server.network = Network.GOOD
        for hours in (*[1.2] * 40, *[48.0] * 60):  # then even questions have an end
            self._sender.resume()
            await asyncio.sleep(hours * 3600)
            self._server.run_app(lambda _: False, acknowledges=True)
            await self._decide()
            await self._sender.ask_now()
            await self._look_at_numbers()
            if not await unfinished(self._store):
                return
        left = [
            (row.state, row.held, row.error) for row in await unfinished(self._store)
        ]
        raise AssertionError(left)


def _memo_of(row: Row) -> str:
    return Transaction.from_wire(_KEY.open(row.sealed.payload)).memo


class MachineWithUser(Machine):
    """The same, with somebody who has signed in."""

    has_user = True


_SETTINGS: Final = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestMachine = Machine.TestCase
TestMachine.settings = _SETTINGS
TestMachineWithUser = MachineWithUser.TestCase
TestMachineWithUser.settings = _SETTINGS
