"""Following what was accepted: rarely, and about nothing else."""

import asyncio

import pytest

from custom_components.budgero.engine.outbox import FailedBy, State, policy
from custom_components.budgero.engine.outbox.policy import (
    BATCH,
    LONGEST_PAUSE,
    MAX_QUESTIONS,
    MAX_QUESTIONS_NOW,
)
from custom_components.budgero.engine.outbox.rows import Leftover
from custom_components.budgero.engine.push import Sealed
from custom_components.budgero.engine.push.answers import BODY_REMOVED, HEADER_REMOVED
from tests.budgero_server import Delay, Drop, Reply, TruncatedBody

from .follower import Follower
from .helpers import DAY, append
from .house import House, until

pytestmark = pytest.mark.usefixtures("hurry")


@pytest.mark.parametrize(
    ("status", "state", "failed_by"),
    [
        ("processed", State.PROCESSED, None),
        ("failed", State.FAILED, FailedBy.APP),
        ("pending", State.ACCEPTED, None),
        ("archived", State.ACCEPTED, None),
    ],
)
async def test_what_budgero_says_is_noted(
    follower: Follower, status: str, state: State, failed_by: FailedBy | None
) -> None:
    """Only processed takes the payload away; an unheard-of word settles nothing."""
    [message_id] = await follower.deliver()
    follower.set_status(message_id, status)
    await follower.ask_now()
    row = await follower.row(message_id)
    assert (row.state, row.failed_by) == (state, failed_by)
    assert (row.payload is None) == (state is State.PROCESSED)
    assert (row.questions, row.in_doubt) == (1, False)
    assert len(follower.server.queue) == 1


async def test_nothing_is_asked_before_its_time(follower: Follower) -> None:
    """First after a minute, then after another one."""
    ids = await follower.deliver()
    follower.server.forget_requests()
    await follower.ask_due()
    assert follower.questions == []
    follower.wait(60)
    await follower.ask_due()
    await follower.ask_due()
    assert follower.questions == ids
    follower.wait(60)
    await follower.ask_due()
    assert follower.questions == ids * 2


async def test_after_ninety_days_it_is_visibly_unknown(follower: Follower) -> None:
    """At most sixty questions; the payload stays."""
    [message_id] = await follower.deliver()
    began = follower.clock.now
    follower.server.forget_requests()
    while (await follower.row(message_id)).state is State.ACCEPTED:
        follower.wait(await follower.store.seconds_until_due([State.ACCEPTED]))
        await follower.ask_due()
    assert 88 * DAY < follower.clock.now - began < 92 * DAY
    assert len(follower.server.requests) == MAX_QUESTIONS
    row = await follower.row(message_id)
    assert (row.state, row.payload is None) == (State.UNKNOWN, False)
    await follower.ask_now()
    assert len(follower.server.requests) <= MAX_QUESTIONS


async def test_asking_by_hand_leaves_questions_for_their_time(
    follower: Follower,
) -> None:
    """A dashboard that asks all day does not make a transaction unknown."""
    [message_id] = await follower.deliver()
    follower.server.forget_requests()
    for _ in range(MAX_QUESTIONS + 5):
        await follower.ask_now()
    assert len(follower.server.requests) == MAX_QUESTIONS_NOW
    assert (await follower.row(message_id)).state is State.ACCEPTED
    follower.set_status(message_id, "processed")
    follower.wait(await follower.store.seconds_until_due([State.ACCEPTED]))
    await follower.ask_due()
    assert (await follower.row(message_id)).state is State.PROCESSED


@pytest.mark.parametrize(
    "answer", [Reply(status=400, json={"message": "no"}), Drop(), Reply(status=502)]
)
async def test_a_question_that_may_have_arrived_counts(
    follower: Follower, answer: Reply | Drop
) -> None:
    """It may be on its way for a while yet, so asking again takes its time."""
    [message_id] = await follower.deliver()
    follower.server.faults.add(answer)
    follower.wait(60)
    await follower.ask_due()
    row = await follower.row(message_id)
    assert (row.state, row.questions) == (State.ACCEPTED, 1)
    assert row.not_before == follower.clock.now + policy.DOUBT_REST


@pytest.mark.parametrize(
    ("status", "message"),
    [
        *((401, message) for message in HEADER_REMOVED),
        *((400, message) for message in BODY_REMOVED),
        (500, "token validation failed"),
        (429, "rate limit exceeded"),
    ],
)
async def test_a_question_that_was_refused_does_not_count(
    follower: Follower, status: int, message: str
) -> None:
    """Budgero has not looked at it: the answer was about the way, or the token."""
    [message_id] = await follower.deliver()
    before = await follower.row(message_id)
    follower.server.faults.add(Reply(status=status, json={"message": message}))
    follower.wait(60)
    await follower.ask_due()
    assert await follower.row(message_id) == before
    follower.set_status(message_id, "processed")
    follower.gate.reset()
    await follower.ask_due()
    assert (await follower.row(message_id)).state is State.PROCESSED


@pytest.mark.parametrize("fault", [Drop(after_commit=True), TruncatedBody()])
async def test_a_lost_answer_leaves_no_second_leftover(
    follower: Follower, fault: Drop | TruncatedBody
) -> None:
    """The item that the next question meets was left by the lost one."""
    [message_id] = await follower.deliver()
    follower.server.clear(all=True)
    follower.server.faults.add(fault)
    await follower.ask_now()
    await follower.restart()
    follower.wait(120)
    await follower.ask_now()
    assert await follower.states([message_id]) == [State.VANISHED]
    [item] = follower.server.queue
    row = await follower.row(message_id)
    assert (row.leftover, row.leftover_id) == (Leftover.PENDING, item.id)


async def test_a_question_is_on_disk_before_it_is_asked(follower: Follower) -> None:
    """So that a restart in mid-question knows that it may have arrived."""
    [message_id] = await follower.deliver()
    follower.server.forget_requests()
    follower.server.faults.add(Delay(seconds=60))
    asking = asyncio.create_task(follower.ask_now())
    await until(lambda: asyncio.sleep(0, message_id in follower.questions))
    asking.cancel()
    await asyncio.wait([asking])
    row = await follower.row(message_id)
    assert (row.questions, row.in_doubt, row.state) == (1, True, State.ACCEPTED)


async def test_a_question_that_never_left_does_not_count(follower: Follower) -> None:
    """A server that is away costs no question."""
    [message_id] = await follower.deliver()
    before = await follower.row(message_id)
    await follower.server.stop()
    await follower.ask_now()
    assert await follower.row(message_id) == before


async def test_only_what_was_accepted_is_asked_about(follower: Follower) -> None:
    """A question about anything else would leave a leftover at once."""
    settled = await follower.deliver(4)
    for message_id, state in zip(settled, State, strict=False):
        row = await follower.row(message_id)
        match state:
            case State.WAITING:
                await follower.store.finish(row)
            case State.ACCEPTED:
                await follower.store.fail(row, FailedBy.APP, "failed")
            case State.PROCESSED:
                await follower.store.give_up(row)
            case _:
                await follower.store.mark_duplicate(row, "theirs")
    waiting, in_doubt = [await append(follower.store) for _ in range(2)]
    await follower.store.begin_attempt(await follower.row(in_doubt), 120)
    [accepted] = await follower.deliver()
    follower.server.forget_requests()
    follower.wait(10 * DAY)
    await follower.ask_now()
    await follower.ask_due()
    assert set(follower.questions) == {accepted}
    assert follower.leftovers == []
    assert await follower.states([waiting, in_doubt]) == [State.WAITING] * 2


async def test_an_answer_about_another_item_settles_nothing(follower: Follower) -> None:
    """The id was lost and taken anew by somebody else."""
    [message_id] = await follower.deliver()
    follower.server.clear(all=True)
    await follower.client.push(Sealed(message_id, "theirs"))
    follower.set_status(message_id, "processed")
    await follower.ask_now()
    row = await follower.row(message_id)
    assert (row.state, row.payload is None) == (State.ACCEPTED, False)


async def test_two_who_ask_at_once_leave_no_more(follower: Follower) -> None:
    """Never are two questions in flight."""
    ids = await follower.deliver(3)
    follower.server.clear(all=True)
    follower.server.forget_requests()
    follower.server.faults.add(Delay(seconds=0.1))
    follower.wait(60)
    await asyncio.gather(
        follower.ask_due(),
        follower.ask_now(),
        follower.ask_now(),
        follower.ask_due(),
    )
    assert follower.questions == follower.leftovers == [ids[0], ids[2]]


async def test_the_question_is_never_booked(follower: Follower) -> None:
    """The app fails the leftover."""
    await follower.deliver()
    follower.server.clear(all=True)
    await follower.ask_now()
    assert (follower.server.apply().failed, follower.server.bookings) == (1, [])


async def test_trouble_ends_a_round(follower: Follower) -> None:
    """After one that failed the gate is shut for the others."""
    await follower.deliver(3)
    follower.server.forget_requests()
    follower.server.faults.add(Reply(status=503, times=None))
    await follower.ask_now()
    assert len(follower.server.requests) == 1
    assert follower.gate.last_error == "server_trouble"


async def test_a_long_list_is_asked_in_portions(follower: Follower) -> None:
    """What waits is not kept back until all of it has been asked."""
    await follower.deliver(BATCH + 1)
    follower.wait(60)
    follower.server.forget_requests()
    await follower.ask_due()
    assert len(follower.server.requests) == BATCH
    await follower.ask_due()
    assert len(follower.server.requests) == BATCH + 1


async def test_a_clock_set_back_stalls_no_question(follower: Follower) -> None:
    """A time to ask that lies years ahead comes from a wrong clock."""
    follower.clock.ahead = 3650 * DAY
    await follower.restart()
    [message_id] = await follower.deliver()
    follower.clock.ahead = 0.0
    await follower.restart()
    follower.set_status(message_id, "processed")
    assert await follower.store.seconds_until_due([State.ACCEPTED]) > LONGEST_PAUSE
    await follower.ask_due()
    assert await follower.states([message_id]) == [State.PROCESSED]


# Through the sender


@pytest.mark.usefixtures("follow_soon")
async def test_a_cleared_queue_stops_nothing(house: House) -> None:
    """What comes later is sent and followed, also across a restart at any moment."""
    ids = await house.add_all(4)
    house.start()
    await house.until_all(ids, State.ACCEPTED)
    house.server.clear(all=True)
    await house.until_sender(lambda sender: bool(house.leftovers))
    await house.restart()
    later = await house.add()
    await house.until(later, State.ACCEPTED)
    await house.until_all(ids, State.VANISHED)
    house.server.apply()
    await house.until(later, State.PROCESSED)
    assert len(house.leftovers) == 2
    overview = await house.store.overview()
    assert (overview.counts.vanished, overview.in_question) == (4, 0)


@pytest.mark.usefixtures("follow_soon")
async def test_following_and_sending_go_together(house: House) -> None:
    """What the app applies is noted while more is sent."""
    house.start()
    first = await house.add()
    await house.until(first, State.ACCEPTED)
    second = await house.add()
    house.server.apply()
    await house.until(first, State.PROCESSED)
    await house.until(second, State.ACCEPTED)
    house.server.apply()
    await house.until(second, State.PROCESSED)
    assert len(house.server.bookings) == 2
    house.assert_one_at_a_time()
