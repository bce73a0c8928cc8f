"""Months of a household: how often Budgero is asked, and what becomes of everything.

Store and sender are real; server, app and network are a model, and time is skipped.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, override

import pytest

from custom_components.budgero.engine.outbox import State, sender
from custom_components.budgero.engine.outbox.gate import BURST, PER_SECOND
from custom_components.budgero.engine.outbox.policy import MAX_QUESTIONS
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Accepted, SpaceKey
from custom_components.budgero.engine.push.models import Asked, QueueState
from tests.bench.skipping_loop import AloneLoop
from tests.engine.lunch import LUNCH

from .helpers import DAY, MEMORY, unfinished
from .model_server import ModelClient, ModelServer, ModelUser, Network

EPOCH: Final = 2_000_000_000.0
A_DAY: Final = 4
"""Transactions that the household makes."""


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    """Where the outbox lies."""
    with TemporaryDirectory(dir=MEMORY or tmp_path) as folder:
        yield Path(folder) / "outbox.db"


@dataclass
class Question:
    """A question as the server hears it."""

    message_id: str
    at: float


class WatchedClient(ModelClient):
    """The model's client, which remembers what was asked."""

    def __init__(self, server: ModelServer) -> None:
        """Start with no question."""
        super().__init__(server)
        self.questions: list[Question] = []

    @override
    async def ask_state(self, accepted: Accepted, *, in_doubt: bool = False) -> Asked:
        now = asyncio.get_running_loop().time()
        self.questions.append(Question(accepted.message_id, now))
        return await super().ask_state(accepted, in_doubt=in_doubt)

    @property
    def per_transaction(self) -> Counter[str]:
        """How often each transaction was asked about."""
        return Counter(question.message_id for question in self.questions)


@dataclass
class Household:
    """An outbox, its Budgero, and a calendar that starts at day 0."""

    path: Path
    has_user: bool = False
    server: ModelServer = field(
        default_factory=lambda: ModelServer(SpaceKey(b"k" * 32))
    )
    made: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Make client and user."""
        self.client = WatchedClient(self.server)
        self.user = ModelUser(self.server) if self.has_user else None

    @asynccontextmanager
    async def living(self) -> AsyncIterator[None]:
        """Let the outbox work."""
        loop = asyncio.get_running_loop()
        self.began = loop.time()

        def now() -> float:
            return EPOCH + loop.time() - self.began

        self.store = Store(self.path, now, loop.time)
        await self.store.open()
        self.sender = Sender(self.store, self.client, user=self.user)
        await self.sender.load()
        worker = loop.create_task(self.sender.run())
        yield
        worker.cancel()
        await asyncio.wait({worker})
        await self.store.close()

    async def live(self, days: int, opens_app: Callable[[int], bool]) -> None:
        """Make transactions all day; be offline on one day in ten."""
        for day in range(days):
            is_offline = day % 10 == 9
            self.server.network = Network.CUT if is_offline else Network.GOOD
            for _ in range(A_DAY):
                await self.buy()
                await asyncio.sleep(DAY / A_DAY)
            if opens_app(day):
                self.server.run_app(lambda _: False, acknowledges=True)
        self.server.network = Network.GOOD

    async def buy(self) -> str:
        """Make a transaction; return its message id."""
        sealed = self.client.seal(replace(LUNCH, memo=f"memo {len(self.made)}"))
        await self.store.append(sealed, b"digest")
        self.made.append(sealed.message_id)
        self.sender.wake()
        return sealed.message_id

    def assert_polite(self) -> None:
        """Check that no question came too soon after another one."""
        times = [question.at for question in self.client.questions]
        seconds = Counter(int(at) for at in times)
        assert max(seconds.values(), default=0) <= BURST + PER_SECOND
        for message_id in self.client.per_transaction:
            asked = [
                question.at
                for question in self.client.questions
                if question.message_id == message_id
            ]
            assert all(later - earlier >= 59 for earlier, later in pairwise(asked))


@pytest.fixture(autouse=True)
def nothing_is_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the worker sleep until something is due."""
    monkeypatch.setattr(sender, "LONGEST_PAUSE", DAY)


def _run(work: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=AloneLoop) as runner:
        runner.run(work)


def _tell(text: str) -> None:
    """Say what was counted, to whoever lets pytest show it."""
    print(text)  # noqa: T201


def _no_session() -> Any:  # never called: the model has no sockets
    raise AssertionError


def _once_a_week(day: int) -> bool:
    return day % 7 == 6


def test_a_month(path: Path) -> None:
    """Somebody opens the app once a week: everything is applied, and seen to be."""
    household = Household(path)

    async def month() -> None:
        async with household.living():
            await household.live(28, _once_a_week)
            await asyncio.sleep(6 * DAY)  # what is a week old is asked about by then
            counts = await household.store.review.counts()
            assert (counts.waiting, counts.processed) == (0, 28 * A_DAY)
            assert counts.unfinished == 0

    _run(month())
    asked = household.client.per_transaction
    total, most = asked.total(), max(asked.values())
    _tell(f"{total} questions about {len(household.made)} transactions, at most {most}")
    assert set(asked) == set(household.made)
    assert most <= 20
    assert total <= 16 * len(household.made)
    household.assert_polite()
    assert all(times == 1 for times in household.server.booked.values())
    assert len(household.server.items) == len(household.made)


def test_a_month_with_a_user(path: Path) -> None:
    """What is pending is seen in the list; each one is asked about once."""
    household = Household(path, has_user=True)

    async def month() -> None:
        async with household.living():
            await household.live(28, _once_a_week)
            await asyncio.sleep(6 * DAY)
            assert (await household.store.review.counts()).processed == 28 * A_DAY

    _run(month())
    asked = household.client.per_transaction
    assert household.user is not None
    _tell(f"{asked.total()} questions, {household.user.looks} looks at the list")
    assert asked == Counter(dict.fromkeys(household.made, 1))
    household.assert_polite()


def test_nobody_ever_opens_the_app(path: Path) -> None:
    """After ninety days it is visibly unknown, with its payload and without leftovers."""
    household = Household(path)

    async def quarter() -> None:
        async with household.living():
            await household.live(10, lambda _: False)
            await asyncio.sleep(78 * DAY)
            assert (await household.store.review.counts()).accepted == 10 * A_DAY
            await asyncio.sleep(20 * DAY)
            counts = await household.store.review.counts()
            assert (counts.unknown, counts.unfinished) == (10 * A_DAY, 10 * A_DAY)
            rows = await unfinished(household.store)
            assert all(row.payload is not None for row in rows)
            asked = len(household.client.questions)
            await asyncio.sleep(30 * DAY)
            await household.sender.ask_now()
            assert len(household.client.questions) == asked

    _run(quarter())
    asked = household.client.per_transaction
    _tell(f"{asked.total()} questions about {len(asked)} transactions in 90 days")
    assert set(asked.values()) == {MAX_QUESTIONS}
    assert len(household.server.items) == 10 * A_DAY
    assert all(item.state is QueueState.PENDING for item in household.server.items)


def test_nobody_opens_the_app_and_a_user_can_tell(path: Path) -> None:
    """Then there is nothing to ask, and nothing becomes unknown."""
    household = Household(path, has_user=True)

    async def quarter() -> None:
        async with household.living():
            await household.live(10, lambda _: False)
            await asyncio.sleep(100 * DAY)
            assert (await household.store.review.counts()).accepted == 10 * A_DAY

    _run(quarter())
    assert household.client.questions == []
    assert household.user is not None
    _tell(f"{household.user.looks} looks at the list")
    # As many as there would be questions in so many days, which is ten more than ninety.
    assert household.user.looks <= 10 * A_DAY * MAX_QUESTIONS * 110 / 90


@pytest.mark.parametrize("network", [Network.LIMITED, Network.TROUBLE, Network.CUT])
def test_a_server_that_wants_to_be_left_alone(path: Path, network: Network) -> None:
    """Questions stop at the first refusal, and come back as rarely as anything else."""
    household = Household(path)

    async def day() -> None:
        async with household.living():
            for _ in range(40):
                await household.buy()
            await asyncio.sleep(20)
            assert (await household.store.review.counts()).accepted == 40
            household.server.network = network
            household.client.questions.clear()
            await asyncio.sleep(DAY)
            in_trouble = len(household.client.questions)
            _tell(f"{in_trouble} questions in a day of {network.value}")
            assert 0 < in_trouble <= 300  # pauses grow to a quarter of an hour
            household.server.network = Network.GOOD
            household.server.run_app(lambda _: False, acknowledges=True)
            await asyncio.sleep(2 * DAY)
            assert (await household.store.review.counts()).processed == 40

    _run(day())


def test_held_outbox_asks_nothing(path: Path) -> None:
    """A refused token is looked at every quarter of an hour, and nobody is asked."""
    household = Household(path)

    async def day() -> None:
        async with household.living():
            await household.buy()
            await asyncio.sleep(20)
            household.server.network = Network.TOKEN
            await household.buy()
            await asyncio.sleep(3600)
            assert household.sender.hold is not None
            household.client.questions.clear()
            await asyncio.sleep(DAY)
            await household.sender.ask_now()
            assert household.client.questions == []
            assert State.ACCEPTED in {
                row.state for row in await unfinished(household.store)
            }
            household.server.network = Network.GOOD
            household.server.run_app(lambda _: False, acknowledges=True)
            await asyncio.sleep(2 * DAY)
            assert (await household.store.review.counts()).accepted in (0, 1)
            assert household.client.questions != []

    _run(day())
