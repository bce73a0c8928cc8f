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

from .followed import Followed
from .helpers import raising
from .house import House

pytestmark = pytest.mark.usefixtures("hurry")


@pytest.fixture
def has_user() -> bool:
    """Somebody has signed in to the household's own server."""
    return True


@pytest.mark.parametrize("include_all", [False, True])
async def test_clearing_settles_first(followed: Followed, include_all: bool) -> None:
    """What was applied stays applied; only what was pending is removed here."""
    ids = await followed.deliver(4)
    followed.set_status(ids[0], "processed")
    followed.set_status(ids[1], "failed")
    followed.server.forget_requests()
    cleared = await followed.clear_queue(include_all=include_all)
    assert cleared == (4 if include_all else 2)
    settled = [State.PROCESSED, State.FAILED]
    assert await followed.states(ids) == settled + [State.REMOVED] * 2
    assert (await followed.row(ids[2])).payload is None
    assert (await followed.row(ids[1])).payload is not None
    assert followed.questions == ids[:2]
    await followed.ask_now()
    assert followed.leftovers == []


async def test_after_clearing_all_the_server_is_asked_about_nothing_old(
    followed: Followed,
) -> None:
    """It has forgotten them: a question would leave a leftover, and look like a wrong place."""
    ids = await followed.deliver(2)
    for message_id in ids:
        followed.set_status(message_id, "processed")
    await followed.ask_now()
    assert await followed.store.accepted.known_to_server() is not None
    await followed.clear_queue(include_all=True)
    assert await followed.store.accepted.known_to_server() is None


@pytest.mark.parametrize(("include_all", "left"), [(False, 1), (True, 0)])
async def test_leftovers_go_with_the_queue(
    followed: Followed, include_all: bool, left: int
) -> None:
    """What is no longer there is no longer subtracted."""
    ids = await followed.deliver(2)
    for message_id in ids:
        await followed.store.inquiry.mark_vanished(
            await followed.row(message_id), message_id
        )
    row = await followed.row(ids[0])
    await followed.store.server_queue.settle_leftover(row, Leftover.FAILED)
    overview = await followed.store.review.overview()
    assert (overview.leftover_pending, overview.leftover_failed) == (1, 1)
    await followed.clear_queue(include_all=include_all)
    overview = await followed.store.review.overview()
    assert (overview.leftover_pending, overview.leftover_failed) == (0, left)


async def test_more_than_an_app_applies_at_once(followed: Followed) -> None:
    """All that is pending goes, however much it is."""
    followed.clock.now = time.time() - 5  # so that the list alone does not tell
    ids = await followed.deliver(130)
    for item in followed.server.queue[:3]:
        followed.server.set_status(item.id, "processed")
    assert await followed.clear_queue() == 127
    states = await followed.states(ids)
    assert states == [State.PROCESSED] * 3 + [State.REMOVED] * 127


async def test_what_nobody_could_settle_stays(followed: Followed) -> None:
    """It may have been applied: it is not called removed, and asked about later.

    What the user sees pending needs no question.
    """
    ids = await followed.deliver(2)
    followed.set_status(ids[0], "processed")
    await followed.gate.note_trouble(RateLimitedError(retry_after=600))
    assert await followed.clear_queue() == 1
    assert await followed.states(ids) == [State.ACCEPTED, State.REMOVED]
    followed.gate.reset()
    await followed.ask_now()
    assert await followed.states(ids) == [State.PROCESSED, State.REMOVED]
    assert followed.leftovers == []


async def test_a_held_outbox_is_cleared_like_any_other(followed: Followed) -> None:
    """The user lists what is pending, whatever Budgero says to the push token."""
    ids = await followed.deliver(3)
    followed.gate.hold = Hold.TOKEN
    assert await followed.clear_queue() == 3
    assert await followed.states(ids) == [State.REMOVED] * 3


async def test_a_server_that_refuses_to_clear(followed: Followed) -> None:
    """Nothing has changed, here or there."""
    ids = await followed.deliver(2)
    refuse = raising(UserRefusedError)
    with pytest.raises(UserRefusedError):
        await followed.follower.clear_queue(refuse, include_all=False)
    assert await followed.states(ids) == [State.ACCEPTED] * 2
    assert (await followed.row(ids[0])).error is None
    followed.set_status(ids[0], "processed")
    await followed.ask_now()
    assert await followed.states(ids) == [State.PROCESSED, State.ACCEPTED]


async def test_a_lost_answer_shows_all_with_one_leftover(followed: Followed) -> None:
    """They are visible and not lost, and one question was enough for all of them."""

    async def clear_and_lose_the_answer() -> int:
        await followed.user.clear_queue()
        raise InDoubtError

    ids = await followed.deliver(5)
    followed.set_status(ids[0], "processed")
    with pytest.raises(InDoubtError):
        await followed.follower.clear_queue(
            clear_and_lose_the_answer, include_all=False
        )
    assert await followed.states(ids[1:]) == [State.ACCEPTED] * 4
    later = await followed.deliver()
    followed.server.forget_requests()
    await followed.ask_now()
    assert await followed.states(ids[1:]) == [State.VANISHED] * 4
    assert (await followed.row(ids[4])).payload is not None
    overview = await followed.store.review.overview()
    assert (overview.counts.vanished, overview.leftover_pending) == (4, 0)  # retired
    await followed.ask_now()
    assert await followed.states(later) == [State.ACCEPTED]
    assert followed.questions == followed.leftovers == ids[1:2]


@pytest.mark.parametrize("error", [InDoubtError, UserRefusedError])
async def test_an_answer_lost_before_anything_was_cleared(
    followed: Followed, error: type[PushError]
) -> None:
    """The next look shows that all is as before; what comes later is told apart."""
    ids = await followed.deliver(3)
    with pytest.raises(error):
        await followed.follower.clear_queue(raising(error), include_all=False)
    await followed.ask_now()
    assert [(await followed.row(message_id)).error for message_id in ids] == [None] * 3
    followed.server.clear()
    later = await followed.deliver()
    followed.server.forget_requests()
    await followed.ask_now()
    assert followed.questions == [ids[0], ids[2]]
    assert await followed.states(ids + later) == [State.VANISHED] * 3 + [State.ACCEPTED]


async def test_cancelled_while_it_clears(followed: Followed) -> None:
    """As if the answer had been lost; another life of the process knows it, too."""
    ids = await followed.deliver(3)
    deleted = asyncio.Event()

    async def clear() -> int:
        await followed.user.clear_queue()
        deleted.set()
        await asyncio.sleep(60)
        return 0

    clearing = asyncio.create_task(
        followed.follower.clear_queue(clear, include_all=False)
    )
    await deleted.wait()
    clearing.cancel()
    await asyncio.wait({clearing})
    await followed.restart()
    await followed.ask_now()
    assert await followed.states(ids) == [State.VANISHED] * 3
    assert followed.leftovers == ids[:1]


async def test_nothing_is_cleared_while_something_may_be_on_its_way(
    house: House,
) -> None:
    """It would be lost there, and unknown here."""
    message_id = await house.add()
    await house.store.waiting.begin_attempt(await house.row(message_id), 120)
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
