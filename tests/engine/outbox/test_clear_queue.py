"""Clearing the server's queue: what was in it is settled before, or visible after."""

import asyncio
import time

import pytest

from custom_components.budgero.engine.outbox import Hold, State, StillInDoubtError
from custom_components.budgero.engine.outbox.rows import Leftover
from custom_components.budgero.engine.push import ServerUser
from custom_components.budgero.engine.push.errors import (
    InDoubtError,
    PushError,
    RateLimitedError,
    UserRefusedError,
)

from .follower import Follower
from .helpers import raising
from .house import House

pytestmark = pytest.mark.usefixtures("hurry")


@pytest.fixture
def has_user() -> bool:
    """Somebody has signed in to the household's own server."""
    return True


@pytest.mark.parametrize("include_all", [False, True])
async def test_clearing_settles_first(follower: Follower, include_all: bool) -> None:
    """What was applied stays applied; only what was pending is removed here."""
    ids = await follower.deliver(4)
    follower.set_status(ids[0], "processed")
    follower.set_status(ids[1], "failed")
    follower.server.forget_requests()
    cleared = await follower.clear_queue(include_all=include_all)
    assert cleared == (4 if include_all else 2)
    settled = [State.PROCESSED, State.FAILED]
    assert await follower.states(ids) == settled + [State.REMOVED] * 2
    assert (await follower.row(ids[2])).payload is None
    assert (await follower.row(ids[1])).payload is not None
    assert follower.questions == ids[:2]
    await follower.ask_now()
    assert follower.leftovers == []


async def test_after_clearing_all_the_server_is_asked_about_nothing_old(
    follower: Follower,
) -> None:
    """It has forgotten them: a question would leave a leftover, and look like a wrong place."""
    ids = await follower.deliver(2)
    for message_id in ids:
        follower.set_status(message_id, "processed")
    await follower.ask_now()
    assert await follower.store.known_to_server() is not None
    await follower.clear_queue(include_all=True)
    assert await follower.store.known_to_server() is None


@pytest.mark.parametrize(("include_all", "left"), [(False, 1), (True, 0)])
async def test_leftovers_go_with_the_queue(
    follower: Follower, include_all: bool, left: int
) -> None:
    """What is no longer there is no longer subtracted."""
    ids = await follower.deliver(2)
    for message_id in ids:
        await follower.store.mark_vanished(await follower.row(message_id), message_id)
    row = await follower.row(ids[0])
    await follower.store.settle_leftover(row, Leftover.FAILED)
    overview = await follower.store.overview()
    assert (overview.leftover_pending, overview.leftover_failed) == (1, 1)
    await follower.clear_queue(include_all=include_all)
    overview = await follower.store.overview()
    assert (overview.leftover_pending, overview.leftover_failed) == (0, left)


async def test_more_than_an_app_applies_at_once(follower: Follower) -> None:
    """All that is pending goes, however much it is."""
    follower.clock.now = time.time() - 5  # so that the list alone does not tell
    ids = await follower.deliver(130)
    for item in follower.server.queue[:3]:
        follower.server.set_status(item.id, "processed")
    assert await follower.clear_queue() == 127
    states = await follower.states(ids)
    assert states == [State.PROCESSED] * 3 + [State.REMOVED] * 127


async def test_what_nobody_could_settle_stays(follower: Follower) -> None:
    """It may have been applied: it is not called removed, and asked about later.

    What the user sees pending needs no question.
    """
    ids = await follower.deliver(2)
    follower.set_status(ids[0], "processed")
    await follower.gate.note_trouble(RateLimitedError(retry_after=600))
    assert await follower.clear_queue() == 1
    assert await follower.states(ids) == [State.ACCEPTED, State.REMOVED]
    follower.gate.reset()
    await follower.ask_now()
    assert await follower.states(ids) == [State.PROCESSED, State.REMOVED]
    assert follower.leftovers == []


async def test_a_held_outbox_is_cleared_like_any_other(follower: Follower) -> None:
    """The user lists what is pending, whatever Budgero says to the push token."""
    ids = await follower.deliver(3)
    follower.gate.hold = Hold.TOKEN
    assert await follower.clear_queue() == 3
    assert await follower.states(ids) == [State.REMOVED] * 3


async def test_a_server_that_refuses_to_clear(follower: Follower) -> None:
    """Nothing has changed, here or there."""
    ids = await follower.deliver(2)
    refuse = raising(UserRefusedError)
    with pytest.raises(UserRefusedError):
        await follower.tracker.clear_queue(refuse, include_all=False)
    assert await follower.states(ids) == [State.ACCEPTED] * 2
    assert (await follower.row(ids[0])).error is None
    follower.set_status(ids[0], "processed")
    await follower.ask_now()
    assert await follower.states(ids) == [State.PROCESSED, State.ACCEPTED]


async def test_a_lost_answer_shows_all_with_one_leftover(follower: Follower) -> None:
    """They are visible and not lost, and one question was enough for all of them."""

    async def clear_and_lose_the_answer() -> int:
        await follower.user.clear_queue()
        raise InDoubtError

    ids = await follower.deliver(5)
    follower.set_status(ids[0], "processed")
    with pytest.raises(InDoubtError):
        await follower.tracker.clear_queue(clear_and_lose_the_answer, include_all=False)
    assert await follower.states(ids[1:]) == [State.ACCEPTED] * 4
    later = await follower.deliver()
    follower.server.forget_requests()
    await follower.ask_now()
    assert await follower.states(ids[1:]) == [State.VANISHED] * 4
    assert (await follower.row(ids[4])).payload is not None
    overview = await follower.store.overview()
    assert (overview.counts.vanished, overview.leftover_pending) == (4, 0)  # retired
    await follower.ask_now()
    assert await follower.states(later) == [State.ACCEPTED]
    assert follower.questions == follower.leftovers == ids[1:2]


@pytest.mark.parametrize("error", [InDoubtError, UserRefusedError])
async def test_an_answer_lost_before_anything_was_cleared(
    follower: Follower, error: type[PushError]
) -> None:
    """The next look shows that all is as before; what comes later is told apart."""
    ids = await follower.deliver(3)
    with pytest.raises(error):
        await follower.tracker.clear_queue(raising(error), include_all=False)
    await follower.ask_now()
    assert [(await follower.row(message_id)).error for message_id in ids] == [None] * 3
    follower.server.clear()
    later = await follower.deliver()
    follower.server.forget_requests()
    await follower.ask_now()
    assert follower.questions == [ids[0], ids[2]]
    assert await follower.states(ids + later) == [State.VANISHED] * 3 + [State.ACCEPTED]


async def test_cancelled_while_it_clears(follower: Follower) -> None:
    """As if the answer had been lost; another life of the process knows it, too."""
    ids = await follower.deliver(3)
    deleted = asyncio.Event()

    async def clear() -> int:
        await follower.user.clear_queue()
        deleted.set()
        await asyncio.sleep(60)
        return 0

    clearing = asyncio.create_task(
        follower.tracker.clear_queue(clear, include_all=False)
    )
    await deleted.wait()
    clearing.cancel()
    await asyncio.wait({clearing})
    await follower.restart()
    await follower.ask_now()
    assert await follower.states(ids) == [State.VANISHED] * 3
    assert follower.leftovers == ids[:1]


async def test_nothing_is_cleared_while_something_may_be_on_its_way(
    house: House,
) -> None:
    """It would be lost there, and unknown here."""
    message_id = await house.add()
    await house.store.begin_attempt(await house.row(message_id), 120)
    with pytest.raises(StillInDoubtError):
        await house.sender.clear_queue(raising(AssertionError), include_all=False)


async def test_what_is_logged_meanwhile_waits_its_turn(
    house: House, user: ServerUser
) -> None:
    """It is sent when the queue has been cleared, and stays there."""
    house.start()
    first = await house.add("first")
    await house.until(first, State.ACCEPTED)
    second = ""

    async def clear() -> int:
        nonlocal second
        second = await house.add("second")
        await asyncio.sleep(0.1)
        assert (await house.row(second)).attempts == 0
        return await user.clear_queue()

    assert await house.sender.clear_queue(clear, include_all=False) == 1
    await house.until(second, State.ACCEPTED)
    assert (await house.row(first)).state is State.REMOVED
    assert house.queued_ids() == [second]
