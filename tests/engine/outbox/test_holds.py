"""Holds: of everything, or of single transactions that a person reviews."""

import asyncio
from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox import (
    FailedBy,
    Hold,
    OutboxFullError,
    State,
    StateChange,
    StillInDoubtError,
    store as store_module,
)
from custom_components.budgero.engine.outbox.policy import LONGEST_REST
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Accepted
from tests.budgero_server import Delay, Drop

from .helpers import REVIEWED, Clock, append, change, row_of, unfinished
from .house import House
from .wait import Wait

A_MOMENT = 0.2


async def _held(store: Store) -> list[Hold | None]:
    return [row.held for row in await unfinished(store)]


async def test_a_standing_hold_is_of_all_that_waits_and_will(
    store: Store, path: Path, clock: Clock
) -> None:
    """Also after a restart; nothing of it is due, or ever will be."""
    await append(store)
    await store.holds.hold(Hold.KEY)
    await append(store)
    assert await _held(store) == [Hold.KEY] * 2
    assert await store.waiting.due(State.WAITING, LONGEST_REST, 10) == []
    await store.close()
    again = Store(path, clock, clock.steady)
    await again.open()
    assert list(again.holds.standing) == [Hold.KEY]
    await append(again)
    assert (await again.review.overview()).held == {Hold.KEY: 3}
    await again.holds.release(Hold.KEY)
    await append(again)
    assert list(again.holds.standing) == []
    assert await _held(again) == [None] * 4
    await again.close()


async def test_what_is_sent_again_is_held_as_well(store: Store) -> None:
    """A person's decision about one does not end the hold of all."""
    row = await row_of(store, await append(store))
    await store.waiting.mark_duplicate(row, "theirs")
    await store.holds.hold(Hold.WORKSPACE)
    again = await store.review.send_again(row.message_id, "again")
    assert again.held is Hold.WORKSPACE
    assert await row_of(store, "again") == again


@pytest.mark.parametrize(
    ("first", "second"),
    [(Hold.KEY, Hold.WORKSPACE), (Hold.WORKSPACE, Hold.KEY)],
)
async def test_the_end_of_one_hold_leaves_the_other(
    store: Store, first: Hold, second: Hold
) -> None:
    """Only when both reasons are gone it is delivered."""
    await append(store)
    await store.holds.hold(first)
    await append(store)
    await store.holds.hold(second)
    await append(store)
    await store.holds.release(first)
    assert store.holds.standing == (second,)
    assert await _held(store) == [second] * 3
    await store.holds.release(second)
    assert await _held(store) == [None] * 3


async def test_a_review_leaves_a_standing_hold(store: Store) -> None:
    """Once a person has let a flood go, it waits for what everything waits for."""
    for _ in range(61):
        await append(store)
    await store.holds.hold(Hold.KEY)
    await append(store)
    assert (await store.review.overview()).held == {Hold.KEY: 60, Hold.FLOOD: 2}
    await store.holds.release(Hold.FLOOD)
    assert (await store.review.overview()).held == {Hold.KEY: 62}
    assert len(await unfinished(store)) == 62


async def test_the_end_of_a_standing_hold_leaves_a_review(store: Store) -> None:
    """A flood is not delivered by a new key."""
    for _ in range(61):
        await append(store)
    await store.holds.hold(Hold.KEY)
    await store.holds.release(Hold.KEY)
    assert (await store.review.overview()).held == {Hold.FLOOD: 1}


@pytest.mark.parametrize("reason", REVIEWED)
async def test_nothing_held_is_nothing_to_review(store: Store, reason: Hold) -> None:
    """A second click does no harm."""
    message_id = await append(store)
    assert await store.holds.discard(reason, [message_id]) == 0
    await store.holds.release(reason)
    assert (await row_of(store, message_id)).held is None


async def test_held_ones_take_their_places(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The outbox does not grow without end while it is held."""
    monkeypatch.setattr(store_module, "CAPACITY", 2)
    await store.holds.hold(Hold.KEY)
    await append(store)
    await append(store)
    with pytest.raises(OutboxFullError):
        await append(store)
    await store.holds.release(Hold.KEY)
    with pytest.raises(OutboxFullError):
        await append(store)


async def test_a_held_one_that_never_left_can_be_removed(store: Store) -> None:
    """Afterwards it is no longer held."""
    message_id = await append(store)
    await store.holds.hold(Hold.KEY)
    await store.review.remove(message_id)
    assert (await row_of(store, message_id)).held is None
    assert (await store.review.overview()).held == {}
    await store.holds.release(Hold.KEY)
    assert (await row_of(store, message_id)).state is State.REMOVED


async def test_a_held_one_in_doubt_cannot_be_removed(store: Store) -> None:
    """Nobody says that it was taken back before that is true."""
    row = await row_of(store, await append(store))
    await store.waiting.begin_attempt(row, 120)
    await store.holds.hold(Hold.KEY)
    with pytest.raises(StillInDoubtError):
        await store.review.remove(row.message_id)


@pytest.mark.parametrize("settle", ["accept", "mark_duplicate", "fail"])
async def test_what_is_settled_is_no_longer_held(store: Store, settle: str) -> None:
    """An answer may come while it is held."""
    row = await row_of(store, await append(store))
    await store.waiting.begin_attempt(row, 120)
    await store.holds.hold(Hold.KEY)
    match settle:
        case "accept":
            await store.waiting.accept(Accepted(row.message_id, "queue"), 60)
        case "mark_duplicate":
            await store.waiting.mark_duplicate(row, "theirs")
        case _:
            await store.accepted.fail(row, FailedBy.SERVER, "refused")
    assert (await row_of(store, row.message_id)).held is None
    assert (await store.review.overview()).held == {}


async def test_a_held_one_is_not_begun(store: Store) -> None:
    """Although it was due when the batch was read."""
    row = await row_of(store, await append(store))
    await store.holds.hold(Hold.KEY)
    assert not await store.waiting.begin_attempt(row, 120)
    await store.holds.release(Hold.KEY)
    assert await store.waiting.begin_attempt(row, 120)


async def test_one_that_was_sealed_anew_is_not_begun(store: Store) -> None:
    """What would be pushed is no longer what is on disk."""
    row = await row_of(store, await append(store))
    assert await store.review.reseal(lambda payload: f"new {payload}") == 1
    assert not await store.waiting.begin_attempt(row, 120)
    assert await store.waiting.begin_attempt(await row_of(store, row.message_id), 120)


# While the sender works


@pytest.mark.usefixtures("hurry")
async def test_a_hold_while_a_push_is_in_flight(house: House) -> None:
    """Its answer counts; the others stay."""
    first = await house.add()
    told = asyncio.Event()
    house.server.faults.add(Wait(message_id=first, go_on=told, after_commit=True))
    house.start()
    await house.until_pushed(first)
    await house.store.holds.hold(Hold.KEY)
    second = await house.add()
    told.set()
    await house.until(first, State.ACCEPTED)
    await asyncio.sleep(A_MOMENT)
    assert house.pushes(second) == []
    await house.sender.release(Hold.KEY)
    await house.until(second, State.ACCEPTED)
    house.assert_one_at_a_time()


@pytest.mark.usefixtures("hurry")
async def test_a_doubt_outlasts_a_hold(house: House) -> None:
    """Released, it rests to its end and is found to have arrived."""
    house.server.faults.add(Drop(after_commit=True))
    message_id = await house.add()
    house.start()
    await house.until_pushed(message_id)
    await house.store.holds.hold(Hold.KEY)
    await house.sender.release(Hold.KEY)
    await house.until(message_id, State.ACCEPTED)
    assert house.queued_ids() == [message_id]
    house.assert_one_at_a_time()


@pytest.mark.usefixtures("hurry")
async def test_sealing_anew_while_a_push_is_in_flight(house: House) -> None:
    """What arrived is accepted, and not sent a second time."""
    first, second = await house.add("first"), await house.add("second")
    told = asyncio.Event()
    house.server.faults.add(Wait(message_id=first, go_on=told, after_commit=True))
    house.start()
    await house.until_pushed(first)
    key = house.client.key
    await house.store.review.reseal(lambda payload: key.seal(key.open(payload)))
    told.set()
    await house.until_all([first, second], State.ACCEPTED)
    house.server.apply()
    memos = sorted(booking.memo for booking in house.server.bookings)
    assert memos == ["first", "second"]


@pytest.mark.usefixtures("hurry")
async def test_closing_while_it_is_held(house: House) -> None:
    """Nothing waits for the hold to end."""
    await house.store.holds.hold(Hold.KEY)
    await house.add()
    house.start()
    waiting = asyncio.create_task(house.sender.until_settled("none"))
    await asyncio.sleep(A_MOMENT)
    async with asyncio.timeout(5):
        await house.close()
        assert await waiting is None


@pytest.mark.usefixtures("hurry", "follow_soon")
async def test_every_change_of_a_state_is_told_once(house: House) -> None:
    """Accepted, processed, failed; with the time, and whatever comes between."""
    changes: list[StateChange] = []
    house.sender.subscribe(lambda change: changes.append(change) if change else None)
    house.server.faults.add(Drop(after_commit=True), Delay(seconds=0.1))
    right = await house.add()
    wrong = await house.add(account=999)
    house.start()
    await house.until_all([right, wrong], State.ACCEPTED)
    house.server.apply()
    await house.until(right, State.PROCESSED)
    await house.until(wrong, State.FAILED)
    await asyncio.sleep(A_MOMENT)
    told = [(change.message_id, change.state) for change in changes]
    assert sorted(told) == sorted(
        [
            (right, State.ACCEPTED),
            (right, State.PROCESSED),
            (wrong, State.ACCEPTED),
            (wrong, State.FAILED),
        ]
    )
    assert all(abs(change.at - house.store.clock.now()) < 60 for change in changes)


@pytest.mark.usefixtures("hurry", "follow_soon")
async def test_a_steady_stream_does_not_starve_the_questions(house: House) -> None:
    """What an app has applied is noted while more and more is sent."""
    first = await house.add()
    house.start()
    await house.until(first, State.ACCEPTED)
    house.server.apply()
    is_over = False

    async def stream() -> None:
        while not is_over:
            await house.add()

    streaming = asyncio.create_task(stream())
    try:
        await house.until(first, State.PROCESSED)
        assert (await house.store.review.counts()).waiting
    finally:
        is_over = True
        await streaming


async def test_nobody_waits_for_what_is_held(house: House) -> None:
    """Who waits for an answer hears at once that nothing is sent, and why."""
    await house.store.holds.hold(Hold.KEY)
    message_id = await house.add()
    house.start()
    async with asyncio.timeout(20):
        row = await house.sender.until_settled(message_id)
    assert row is not None
    assert (row.state, house.sender.hold_of(row)) == (State.WAITING, Hold.KEY)
    await house.sender.release(Hold.KEY)
    async with asyncio.timeout(20):
        row = await house.sender.until_settled(message_id)
    assert row is not None
    assert (row.state, house.sender.hold_of(row)) == (State.ACCEPTED, None)


@pytest.mark.parametrize("reason", REVIEWED)
async def test_only_what_was_reviewed_is_discarded(store: Store, reason: Hold) -> None:
    """What came while a person made up their mind is held as before."""
    held = [await append(store) for _ in range(3)]
    for message_id in held:
        await change(store, message_id, held=reason)
    shown = [row.message_id for row in await store.holds.held(reason)]
    assert shown == held
    assert await store.holds.discard(reason, shown[:2]) == 2
    assert (await store.review.overview()).held == {reason: 1}
    assert (await row_of(store, held[2])).payload is not None
