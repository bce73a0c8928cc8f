"""Putting back what an app has refused: it is followed again, and booked once."""

import asyncio
from functools import partial

import pytest

from custom_components.budgero.engine.outbox import FailedBy, Row, State
from custom_components.budgero.engine.outbox.rows import Leftover
from custom_components.budgero.engine.outbox.server_queue import QUEUE_SIZE
from custom_components.budgero.engine.push import PutBack, ServerUser
from custom_components.budgero.engine.push.errors import InDoubtError

from .followed import Followed
from .helpers import append, raising
from .house import House, until

pytestmark = pytest.mark.usefixtures("hurry")


@pytest.fixture
def has_user() -> bool:
    """Somebody has signed in to the household's own server."""
    return True


async def _failed(followed: Followed) -> Row:
    [message_id] = await followed.deliver()
    followed.set_status(message_id, "failed")
    await followed.ask_now()
    row = await followed.row(message_id)
    assert row.state is State.FAILED
    return row


async def test_put_back_is_followed_again(followed: Followed) -> None:
    """The same item is pending, and what becomes of it is noted."""
    row = await _failed(followed)
    assert row.questions > 0
    assert await followed.put_back(row) is PutBack.PENDING
    again = await followed.row(row.message_id)
    assert again.questions == 0  # none of those that it had are missing now
    assert (again.state, again.failed_by, again.error) == (State.ACCEPTED, None, None)
    assert [item.id for item in followed.server.queue] == [row.queue_id]
    followed.server.forget_requests()
    followed.wait(60)
    await followed.ask_due()
    assert followed.questions == []
    followed.set_status(row.message_id, "failed")
    await followed.ask_now()
    assert (await followed.store.review.overview()).counts.failed == 1
    row = await followed.row(row.message_id)
    assert await followed.put_back(row) is PutBack.PENDING
    followed.set_status(row.message_id, "processed")
    await followed.ask_now()
    assert await followed.states([row.message_id]) == [State.PROCESSED]


async def test_put_back_that_a_person_has_decided_otherwise(followed: Followed) -> None:
    """What was removed or sent again meanwhile does not come back."""
    row = await _failed(followed)
    await followed.store.review.send_again(row.message_id, "new")
    assert await followed.follower.put_back(row, raising(AssertionError)) is None
    assert await followed.states([row.message_id]) == [State.REMOVED]


async def test_put_back_that_never_arrives(followed: Followed) -> None:
    """The next question tells that it is failed as before."""
    row = await _failed(followed)
    with pytest.raises(InDoubtError):
        await followed.follower.put_back(row, raising(InDoubtError))
    followed.wait(60)
    await followed.ask_due()
    assert await followed.states([row.message_id]) == [State.FAILED]
    assert followed.leftovers == []


async def test_put_back_cancelled_after_the_server_did_it(followed: Followed) -> None:
    """It is followed all the same: nobody sends it again under another id."""
    row = await _failed(followed)
    done = asyncio.Event()

    async def put_back() -> PutBack:
        outcome = await followed.user.put_back(row.accepted.queue_id)
        done.set()
        await asyncio.sleep(60)
        return outcome

    putting = asyncio.create_task(followed.follower.put_back(row, put_back))
    await done.wait()
    putting.cancel()
    await asyncio.wait({putting})
    assert await followed.states([row.message_id]) == [State.ACCEPTED]
    assert followed.server.counts.pending == 1


async def test_put_back_that_the_server_has_forgotten(followed: Followed) -> None:
    """The server answers as if all were well; a question tells that it is gone."""
    row = await _failed(followed)
    followed.server.clear(all=True)
    assert await followed.put_back(row) is PutBack.NOT_PENDING
    followed.wait(60)
    await followed.ask_due()
    vanished = await followed.row(row.message_id)
    assert (vanished.state, vanished.payload is None) == (State.VANISHED, False)


async def test_only_what_an_app_refused_is_followed_again(followed: Followed) -> None:
    """What the server refused is not in its queue."""
    message_id = await append(followed.store)
    row = await followed.row(message_id)
    await followed.store.accepted.fail(row, FailedBy.SERVER, "refused")
    row = await followed.row(message_id)
    assert await followed.follower.put_back(row, raising(AssertionError)) is None
    assert await followed.states([message_id]) == [State.FAILED]


async def test_what_was_cleared_cannot_be_put_back(followed: Followed) -> None:
    """The server has no such item any more: it would never be heard of again."""
    row = await _failed(followed)
    await followed.clear_queue(include_all=True)
    assert await followed.follower.put_back(row, raising(AssertionError)) is None
    assert await followed.states([row.message_id]) == [State.FAILED]


async def test_put_back_takes_no_leftover_away(followed: Followed) -> None:
    """One fewer has failed then, and nobody has deleted anything."""
    row = await _failed(followed)
    [gone] = await followed.deliver()
    await followed.store.inquiry.mark_vanished(await followed.row(gone), "leftover")
    await followed.store.server_queue.settle_leftover(
        await followed.row(gone), Leftover.FAILED
    )
    await followed.read_statistics()
    assert await followed.put_back(row) is PutBack.PENDING
    await followed.read_statistics()
    assert (await followed.store.review.overview()).leftover_failed == 1


@pytest.mark.parametrize("begins_before", [True, False])
async def test_counted_while_something_is_put_back(
    followed: Followed, *, begins_before: bool
) -> None:
    """Nothing is concluded from a count that began before, or that was early."""
    row = await _failed(followed)
    [gone] = await followed.deliver()
    await followed.store.inquiry.mark_vanished(await followed.row(gone), "leftover")
    await followed.store.server_queue.settle_leftover(
        await followed.row(gone), Leftover.FAILED
    )
    await followed.read_statistics()
    before = await followed.store.recall(QUEUE_SIZE)
    of = f"user:{followed.client.mark}"

    async def put_back() -> PutBack:
        early = await followed.user.stats()
        outcome = await followed.user.put_back(row.accepted.queue_id)
        late = await followed.user.stats()
        if begins_before:
            await followed.store.inquiry.note_queue_size(late, of, before)
        else:
            size = await followed.store.recall(QUEUE_SIZE)
            await followed.store.inquiry.note_queue_size(early, of, size)
        return outcome

    assert await followed.follower.put_back(row, put_back) is PutBack.PENDING
    await followed.read_statistics()
    await followed.read_statistics()
    assert (await followed.store.review.overview()).leftover_failed == 1


@pytest.mark.usefixtures("follow_soon")
async def test_put_back_is_booked_once(house: House, user: ServerUser) -> None:
    """The app had booked it, and lost its word: the same item is not booked twice."""
    house.start()
    await house.prove_key()
    message_id = await house.add("lunch")
    await house.until(message_id, State.ACCEPTED)
    house.server.apply()
    booked = len(house.server.bookings)
    house.set_status(message_id, "failed")
    await house.sender.ask_now()
    row = await house.until(message_id, State.FAILED)
    put_back = partial(user.put_back, row.accepted.queue_id)
    assert await house.sender.put_back(row, put_back) is PutBack.PENDING
    house.server.apply()

    async def is_processed() -> bool:
        await house.sender.ask_now()
        return (await house.row(message_id)).state is State.PROCESSED

    await until(is_processed)
    assert len(house.server.bookings) == booked


async def test_put_back_of_what_is_being_cleared(followed: Followed) -> None:
    """The server has forgotten the item meanwhile: there is nothing to put back."""
    row = await _failed(followed)
    clearing = asyncio.create_task(followed.clear_queue(include_all=True))
    await asyncio.sleep(0)
    assert await followed.put_back(row) is None
    await clearing
    assert await followed.states([row.message_id]) == [State.FAILED]
    await followed.ask_now()
    assert followed.leftovers == []
