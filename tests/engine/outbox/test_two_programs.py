"""Two programs on one outbox, which nobody means to have."""

from pathlib import Path

from aiohttp import ClientSession

from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.outbox.policy import LONGEST_REST
from custom_components.budgero.engine.outbox.store import Store
from tests.budgero_server import BudgeroServer

from .helpers import append
from .house import House


async def test_only_one_of_them_begins(store: Store, path: Path) -> None:
    """Both have read that it waits; the one that comes later leaves it alone."""
    await append(store)
    other = Store(path)
    await other.open()
    [row] = await store.waiting.due(State.WAITING, LONGEST_REST, 1)
    [same] = await other.waiting.due(State.WAITING, LONGEST_REST, 1)
    assert await store.waiting.begin_attempt(row, 120)
    assert not await other.waiting.begin_attempt(same, 120)
    await other.close()


async def test_nothing_is_booked_twice(session: ClientSession, path: Path) -> None:
    """The server would take an id twice that arrives twice at once."""
    async with BudgeroServer(api_limit=None, race_window=0.3) as server:
        houses = [House(server, session, path) for _ in range(2)]
        for house in houses:
            await house.open()
        message_ids = await houses[0].add_all(20)
        for house in houses:
            house.start()
        await houses[0].until_all(message_ids, State.ACCEPTED)
        assert sorted(message_ids) == sorted(map(str, houses[0].queued_ids()))
        for house in houses:
            await house.close()
