"""What is delayed can be taken back for certain, and is delivered all the same."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
import sqlite3

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import (
    NotPossibleError,
    Outbox,
    State,
    StillInDoubtError,
    UnknownTransactionError,
)
from custom_components.budgero.engine.outbox.policy import LONGEST_REST
from custom_components.budgero.engine.outbox.store import Store
from tests.budgero_server import BudgeroServer, Drop
from tests.engine.lunch import LUNCH

from .helpers import DIGEST, Clock, Disk, accept, new_sealed, row_of
from .house import PUSH, House

ALEX = "5f0c2d0e9b6a4c5e8d7f00112233aabb"
KITCHEN = "the kitchen's satellite"
DELAY = 6.0


async def _append(
    store: Store, message_id: str, logged_by: str | None = ALEX, delay: float = DELAY
) -> None:
    sealed = new_sealed(message_id)
    await store.append(sealed, DIGEST, delay=delay, logged_by=logged_by)


async def _due(store: Store) -> list[str]:
    rows = await store.waiting.due(State.WAITING, LONGEST_REST, 10)
    return [row.message_id for row in rows]


async def test_it_is_due_after_the_delay(store: Store, clock: Clock) -> None:
    """Others are not held up by it."""
    await _append(store, "delayed")
    await _append(store, "at once", delay=0.0)
    assert await _due(store) == ["at once"]
    clock.now += DELAY - 1.0
    assert await _due(store) == ["at once"]
    await accept(store, "at once", rest=60.0)
    assert await store.waiting.seconds_until_due([State.WAITING]) == 1.0
    clock.now += 1.0
    assert await _due(store) == ["delayed"]


@pytest.mark.parametrize("leap", [-600.0, 600.0])
async def test_the_clock_is_set_meanwhile(
    store: Store, clock: Clock, leap: float
) -> None:
    """The delay is neither longer nor shorter by that."""
    await _append(store, "delayed")
    clock.ahead = leap
    await store.times.follow_clock()
    assert await store.waiting.seconds_until_due([State.WAITING]) == DELAY


@pytest.mark.parametrize("leap", [-600.0, 0.0, 600.0])
async def test_killed_within_the_delay(
    path: Path, disk: Disk, clock: Clock, leap: float
) -> None:
    """It is due at the latest when the delay is over, whatever the clock says."""
    store = Store(path, clock, clock.steady)
    await store.open()
    await _append(store, "delayed")
    disk.kill()
    clock.now += 1.0
    clock.ahead = leap
    again = Store(path, clock, clock.steady)
    await again.open()
    assert (await row_of(again, "delayed")).logged_by == ALEX
    assert await again.waiting.seconds_until_due([State.WAITING]) <= DELAY - 1.0
    clock.now += DELAY - 1.0
    assert await _due(again) == ["delayed"]
    await again.close()


async def test_it_is_delivered_once(house: House) -> None:
    """Not before the delay is over, also if the program was restarted meanwhile."""
    house.start()
    sealed = house.client.seal(LUNCH)
    await house.store.append(sealed, DIGEST, delay=0.4, logged_by=ALEX)
    house.sender.wake()
    await house.restart()
    await asyncio.sleep(0.2)
    assert not house.pushes()
    row = await house.until(sealed.message_id, State.ACCEPTED)
    [push] = house.pushes(sealed.message_id)
    assert push.time >= row.created_at + 0.4
    assert house.queued_ids() == [sealed.message_id]


@pytest.fixture
async def outbox(
    server: BudgeroServer, session: ClientSession, house: House
) -> AsyncIterator[Outbox]:
    """The outbox of a household, whose sender works."""
    outbox = Outbox(house.store, house.client)
    worker = asyncio.create_task(outbox.run())
    yield outbox
    worker.cancel()
    await asyncio.wait([worker])


async def _log(outbox: Outbox, delay: float) -> str:
    sealed = outbox.seal(LUNCH)
    await outbox.append(sealed, b"given", delay=delay, logged_by=ALEX)
    return sealed.message_id


async def test_taken_back_in_time(outbox: Outbox, house: House) -> None:
    """Budgero never hears of it, and its payload is gone."""
    message_id = await _log(outbox, 0.3)
    await outbox.take_back(message_id, ALEX)
    row = await house.row(message_id)
    assert (row.state, row.payload, row.attempts) == (State.REMOVED, None, 0)
    await asyncio.sleep(0.4)
    assert not house.pushes()
    with pytest.raises(NotPossibleError):
        await outbox.take_back(message_id, ALEX)


async def test_somebody_else_cannot_take_it_back(outbox: Outbox, house: House) -> None:
    """Nor what nobody knows who has logged it."""
    message_id = await _log(outbox, 60.0)
    unknown = await house.add()
    for theirs, logged_by in ((message_id, KITCHEN), (unknown, ALEX), ("none", ALEX)):
        with pytest.raises(UnknownTransactionError):
            await outbox.take_back(theirs, logged_by)
    assert (await house.row(message_id)).state is State.WAITING


async def test_too_late(outbox: Outbox, house: House) -> None:
    """On its way, and with Budgero, the same is possible as with any other."""
    house.server.faults.add(Drop(path=PUSH, after_commit=True))
    message_id = await _log(outbox, 0.0)
    await house.until_pushed(message_id)
    with pytest.raises(StillInDoubtError):
        await outbox.take_back(message_id, ALEX)
    other = await _log(outbox, 0.0)
    outbox.resume()
    await house.until(other, State.ACCEPTED)
    with pytest.raises(NotPossibleError):
        await outbox.take_back(other, ALEX)


async def test_only_what_was_not_sent(store: Store) -> None:
    """If that is asked for, nothing is taken back that Budgero may have booked."""

    async def take_back(message_id: str) -> None:
        await store.review.remove(message_id, may_be_sent=False, logged_by=ALEX)

    for message_id in ("waiting", "in doubt", "duplicate", "accepted"):
        await _append(store, message_id)
    await take_back("waiting")
    await store.waiting.begin_attempt(await row_of(store, "in doubt"), 120.0)
    with pytest.raises(StillInDoubtError):
        await take_back("in doubt")
    await store.waiting.mark_duplicate(await row_of(store, "duplicate"), "queue")
    await accept(store, "accepted", rest=60.0)
    for message_id in ("duplicate", "accepted"):
        with pytest.raises(NotPossibleError):
            await take_back(message_id)
    await store.review.remove("duplicate", logged_by=ALEX)


async def test_what_somebody_logged_lately(store: Store, clock: Clock) -> None:
    """Newest first, finished or not; what was sent again was not logged then."""
    for message_id, logged_by in (
        ("old", ALEX),
        ("a", ALEX),
        ("theirs", KITCHEN),
        ("automation", None),
        ("b", ALEX),
    ):
        await _append(store, message_id, logged_by)
        clock.now += 40.0
    await store.review.remove("a", logged_by=ALEX)

    async def logged(who: str, seconds: float) -> list[str]:
        found = await store.review.logged_by(who, seconds)
        return [row.message_id for row in found]

    assert await logged(ALEX, 180.0) == ["b", "a"]
    assert await logged(ALEX, 30.0) == []
    assert await logged(KITCHEN, 180.0) == ["theirs"]
    assert await logged("nobody", 1e9) == []
    await store.waiting.mark_duplicate(await row_of(store, "b"), "queue")
    again = await store.review.send_again("b", "again")
    assert (again.logged_by, again.not_before) == (ALEX, 0.0)
    assert await logged(ALEX, 180.0) == ["b", "a"]


async def test_looking_for_them_needs_no_other_rows(store: Store) -> None:
    """The table may hold thousands of others."""
    plan = await store._database.read(  # noqa: SLF001
        lambda connection: [
            str(row["detail"])
            for row in connection.execute(
                "EXPLAIN QUERY PLAN SELECT message_id FROM transactions"
                " WHERE logged_by = ? AND created_at >= ? AND replaces IS NULL"
                " ORDER BY seq DESC",
                (ALEX, 0.0),
            )
        ]
    )
    assert plan == [
        "SEARCH transactions USING INDEX transactions_logged_by (logged_by=?)"
    ]


async def test_who_has_logged_it_is_kept_as_given(store: Store, path: Path) -> None:
    """It is an id, and stands in the file as such."""
    await _append(store, "a", KITCHEN)
    with sqlite3.connect(path) as connection:
        found = connection.execute("SELECT logged_by FROM transactions").fetchall()
    connection.close()
    assert found == [(KITCHEN,)]
