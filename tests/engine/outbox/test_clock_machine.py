"""Whatever both clocks do: an expense is booked on the day on which it was made.

Outbox and sender are real, on a real file; server and network are a model. Home
Assistant's clock jumps, the server's lies, program and machine start anew.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from math import inf
from pathlib import Path
import shutil
import tempfile
from typing import Any, Final, override

from hypothesis import HealthCheck, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from custom_components.budgero.engine.outbox import Hold
from custom_components.budgero.engine.outbox.policy import CLOCK_TOLERANCE
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.outbox.waiting import Dated, WaitingRows
from custom_components.budgero.engine.push import Accepted, SpaceKey, Transaction
from custom_components.budgero.engine.push.models import Asked, Spec
from tests.bench.skipping_loop import SkippingLoop
from tests.engine.lunch import LUNCH

from .helpers import DAY, MEMORY, NO_LIMITS
from .model_server import ModelClient, ModelServer, Network

_KEY: Final = SpaceKey(b"k" * 32)
_START: Final = datetime(2033, 5, 4, 12, tzinfo=UTC).timestamp()
_JUMPS: Final = (0.0, 0.0, 250.0, 7200.0, -7200.0, DAY, -DAY, -3 * DAY, 400 * DAY)
_BOOTS: Final = (0.0, 0.0, -7200.0, -3 * DAY, -_START)
_LIES: Final = (0.0, 0.0, 7200.0, DAY, -DAY, 91 * DAY, -400 * DAY, -_START, 2.5e11)


@dataclass(frozen=True, kw_only=True)
class Look:
    """The clocks at some moment.

    Attributes:
        true: the true time.
        ahead: by how much Home Assistant's clock is ahead.
        is_honest: whether the server last showed the true time.
        is_certain: whether it agreed with Home Assistant's clock, which may be right.
        is_plausible: whether Home Assistant's clock may be right.
        boot: of the machine.
    """

    true: float
    ahead: float
    is_honest: bool
    is_certain: bool
    is_plausible: bool
    boot: str

    @property
    def is_right(self) -> bool:
        """Whether Home Assistant's clock shows the true time."""
        return abs(self.ahead) <= CLOCK_TOLERANCE

    def days(self, made: float) -> set[date]:
        """Return the days that Home Assistant's clock gives to a true time."""
        return {
            _day(made + self.ahead + small)
            for small in (-CLOCK_TOLERANCE, 0, CLOCK_TOLERANCE)
        }


class WatchedRows(WaitingRows):
    """Notes under which clocks dates are fixed."""

    look: Any = None

    @override
    async def fix_dates(self, dated: list[Dated]) -> None:
        self.look([each.row.message_id for each in dated])
        await super().fix_dates(dated)


class WatchedStore(Store):
    """A store that notes under which clocks dates are fixed."""

    waiting: WatchedRows

    def __init__(self, *arguments: Any) -> None:
        """Take what a store takes."""
        super().__init__(*arguments)
        self.waiting = WatchedRows(self._database, self.clock, self.signal)


class LyingClient(ModelClient):
    """A client whose server shows a time."""

    shows: Any = None

    def __init__(self, server: ModelServer) -> None:
        """Start without questions."""
        super().__init__(server)
        self.questions = Counter[str]()

    @override
    async def spec(self) -> Spec:
        return replace(await super().spec(), server_time=self.shows())

    @override
    async def ask_state(self, accepted: Accepted, *, in_doubt: bool = False) -> Asked:
        self.questions[accepted.message_id] += 1
        return await super().ask_state(accepted, in_doubt=in_doubt)


class Machine(RuleBasedStateMachine):
    """A household, two clocks, and what may happen to them."""

    def __init__(self) -> None:
        """Boot a machine whose clock is right."""
        super().__init__()
        self._loop = SkippingLoop()
        self._epoch = _START - self._loop.time()
        self._booted = self._loop.time() - DAY
        self._boots = 0
        self._ahead = self._lie = 0.0
        self._is_honest = False
        self._upsets = 0
        self._made: dict[str, Look] = {}
        self._fixed: dict[str, Look] = {}
        self._server = ModelServer(_KEY)
        self._client = LyingClient(self._server)
        self._client.shows = self._show
        self._folder = Path(tempfile.mkdtemp(dir=MEMORY))
        self._run(self._start())

    # What happens.

    @rule()
    def log(self) -> None:
        """An automation logs an expense without a date."""
        self._run(self._log())

    @rule(seconds=st.sampled_from([1.0, 130.0, 1000.0, 1000.0, 6 * 3600.0, 2 * DAY]))
    def wait(self, seconds: float) -> None:
        """Time goes by."""
        self._run(asyncio.sleep(seconds))

    @rule(ahead=st.sampled_from(_JUMPS))
    def set_clock(self, ahead: float) -> None:
        """Home Assistant's clock is set while it runs, to the right time or not."""
        self._ahead = ahead
        self._upsets += 1

    @rule(lie=st.sampled_from(_LIES))
    def lie(self, lie: float) -> None:
        """The server begins to lie, or to tell the truth."""
        self._lie = lie

    @rule(is_good=st.booleans())
    def change_network(self, is_good: bool) -> None:
        """The network goes, or comes back."""
        self._server.network = Network.GOOD if is_good else Network.CUT
        self._run(self._wake())

    @rule()
    def restart(self) -> None:
        """The program starts anew."""
        self._run(self._end())
        self._run(self._start())
        self._upsets += 1

    @rule(ahead=st.sampled_from(_BOOTS), seconds=st.sampled_from([30.0, 3 * DAY]))
    def reboot(self, ahead: float, seconds: float) -> None:
        """The machine starts anew, perhaps with a wrong clock."""
        self._run(self._end())
        self._run(asyncio.sleep(seconds))
        self._boots += 1
        self._booted = self._loop.time()
        self._ahead = ahead
        self._run(self._start())
        self._upsets += 1

    @rule(
        lies=st.tuples(st.sampled_from(_LIES), st.sampled_from(_LIES)),
        jumps=st.tuples(st.sampled_from(_JUMPS), st.sampled_from(_JUMPS)),
        is_seen=st.booleans(),
        between=st.sampled_from(["nothing", "nothing", "restart", "reboot"]),
    )
    def hold(
        self,
        lies: tuple[float, float],
        jumps: tuple[float, float],
        is_seen: bool,
        between: str,
    ) -> None:
        """Something waits for a while, and both clocks change meanwhile."""
        self._lie, self._ahead = lies[0], jumps[0]
        if is_seen:
            self._run(self._compare())
        self._run(self._store.holds.hold(Hold.KEY))
        self.log()
        self.wait(1000.0)
        if between == "restart":
            self.restart()
        elif between == "reboot":
            self.reboot(0.0, 30.0)
        self._lie, self._ahead = lies[1], jumps[1]
        self._server.network = Network.GOOD
        self._run(self._compare())
        self._run(self._sender.release(Hold.KEY))
        self.wait(1000.0)
        self._upsets += 2

    # What must be so.

    @invariant()
    def no_server_dates_anything(self) -> None:
        """Where our clock may have been right, the day is one that it showed."""
        for message_id, day in self._booked():
            made = self._made[message_id]
            fixed = self._fixed.get(message_id, made)
            days = made.days(made.true)
            if made.boot == fixed.boot or fixed.is_certain:
                days |= fixed.days(made.true)
            if made.boot != fixed.boot and fixed.is_certain:
                days |= fixed.days(fixed.true)  # it cannot have been later than that
            assert not made.is_plausible or day in days

    @invariant()
    def what_was_made_by_a_right_clock_is_right(self) -> None:
        """Except where nobody can tell.

        Both clocks are wrong when its date is fixed, and were never seen to agree.
        """
        for message_id, day in self._booked():
            made = self._made[message_id]
            fixed = self._fixed.get(message_id, made)
            if not (made.is_right and made.is_plausible):
                continue
            if (
                made.is_certain
                or (
                    made.boot != fixed.boot and (fixed.is_right or not fixed.is_certain)
                )
                or (made.boot == fixed.boot and (fixed.is_right or fixed.is_honest))
            ):
                assert day in replace(made, ahead=0.0).days(made.true)

    @invariant()
    def nothing_is_asked_too_often(self) -> None:
        """The gaps double, and no jump makes them small again for long."""
        most = max(self._client.questions.values(), default=0)
        days = (self._true - _START) / DAY
        assert most <= 12 + days + 3 * self._upsets

    @override
    def teardown(self) -> None:
        """Both clocks are right again: soon everything is sent, and once."""
        try:
            self._ahead = self._lie = 0.0
            self._server.network = Network.GOOD
            self._run(self._wake())
            self._run(asyncio.sleep(2 * 3600))
            assert self._run(self._store.review.counts()).waiting == 0
            assert self._store.clock.is_certain
            assert not self._store.clock.differs
            sent = [item.message_id for item in self._server.items]
            assert sorted(sent) == sorted(self._made)
            self.no_server_dates_anything()
            self.what_was_made_by_a_right_clock_is_right()
        finally:
            self._run(self._end())
            self._loop.close()
            shutil.rmtree(self._folder)

    # How it is done.

    def _run[T](self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    @property
    def _true(self) -> float:
        return self._epoch + self._loop.time()

    def _show(self) -> float:
        self._is_honest = self._lie == 0
        return self._true + self._lie

    def _look(self) -> Look:
        clock = self._store.clock
        return Look(
            true=self._true,
            ahead=self._ahead,
            is_honest=self._is_honest,
            is_certain=clock.is_certain,
            is_plausible=clock.is_plausible,
            boot=clock.boot,
        )

    def _note_fixed(self, message_ids: list[str]) -> None:
        look = self._look()
        for message_id in message_ids:
            self._fixed.setdefault(message_id, look)

    def _booked(self) -> list[tuple[str, date]]:
        return [
            (
                item.message_id,
                Transaction.from_wire(_KEY.open(item.payload)).date,
            )
            for item in self._server.items
        ]

    async def _start(self) -> None:
        self._is_honest = False
        self._store = WatchedStore(
            self._folder / "outbox.db",
            lambda: self._true + self._ahead,
            lambda: self._loop.time() - self._booted,
            NO_LIMITS,
            lambda: f"boot {self._boots}",
        )
        self._store.waiting.look = self._note_fixed
        await self._store.open()
        self._sender = Sender(self._store, self._client, _day)
        await self._sender.load()
        self._worker = self._loop.create_task(self._sender.run())

    async def _end(self) -> None:
        self._worker.cancel()
        await asyncio.wait({self._worker})
        await self._store.close()

    async def _wake(self) -> None:
        self._sender.resume()

    async def _compare(self) -> None:
        """Let the server's clock be looked at now, not within a day."""
        self._sender.spec._read_at = -inf  # noqa: SLF001
        self._sender.resume()
        await asyncio.sleep(1)

    async def _log(self) -> None:
        look = self._look()
        today = _day(self._store.clock.time())
        content = replace(LUNCH, memo=f"memo {len(self._made)}", date=today)
        sealed = self._client.seal(content)
        self._made[sealed.message_id] = look
        await self._store.append(sealed, b"digest", is_dated=True)
        self._sender.wake()


def _day(moment: float) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


TestMachine = Machine.TestCase
TestMachine.settings = settings(
    max_examples=40,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
