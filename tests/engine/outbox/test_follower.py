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

from .followed import Followed
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
    followed: Followed, status: str, state: State, failed_by: FailedBy | None
) -> None:
    """Only processed takes the payload away; an unheard-of word settles nothing."""
    [message_id] = await followed.deliver()
    followed.set_status(message_id, status)
    await followed.ask_now()
    row = await followed.row(message_id)
    assert (row.state, row.failed_by) == (state, failed_by)
    assert (row.payload is None) == (state is State.PROCESSED)
    assert (row.questions, row.in_doubt) == (1, False)
    assert len(followed.server.queue) == 1


async def test_nothing_is_asked_before_its_time(followed: Followed) -> None:
    """First after a minute, then after another one."""
    ids = await followed.deliver()
    followed.server.forget_requests()
    await followed.ask_due()
    assert followed.questions == []
    followed.wait(60)
    await followed.ask_due()
    await followed.ask_due()
    assert followed.questions == ids
    followed.wait(60)
    await followed.ask_due()
    assert followed.questions == ids * 2


async def test_after_ninety_days_it_is_visibly_unknown(followed: Followed) -> None:
    """At most sixty questions; the payload stays."""
    [message_id] = await followed.deliver()
    began = followed.clock.now
    followed.server.forget_requests()
    while (await followed.row(message_id)).state is State.ACCEPTED:
        followed.wait(await followed.store.waiting.seconds_until_due([State.ACCEPTED]))
        await followed.ask_due()
    assert 88 * DAY < followed.clock.now - began < 92 * DAY
    assert len(followed.server.requests) == MAX_QUESTIONS
    row = await followed.row(message_id)
    assert (row.state, row.payload is None) == (State.UNKNOWN, False)
    await followed.ask_now()
    assert len(followed.server.requests) <= MAX_QUESTIONS


async def test_asking_by_hand_leaves_questions_for_their_time(
    followed: Followed,
) -> None:
    """A dashboard that asks all day does not make a transaction unknown."""
    [message_id] = await followed.deliver()
    followed.server.forget_requests()
    for _ in range(MAX_QUESTIONS + 5):
        await followed.ask_now()
    assert len(followed.server.requests) == MAX_QUESTIONS_NOW
    assert (await followed.row(message_id)).state is State.ACCEPTED
    followed.set_status(message_id, "processed")
    followed.wait(await followed.store.waiting.seconds_until_due([State.ACCEPTED]))
    await followed.ask_due()
    assert (await followed.row(message_id)).state is State.PROCESSED


@pytest.mark.parametrize(
    "answer", [Reply(status=400, json={"message": "no"}), Drop(), Reply(status=502)]
)
async def test_a_question_that_may_have_arrived_counts(
    followed: Followed, answer: Reply | Drop
) -> None:
    """It may be on its way for a while yet, so asking again takes its time."""
    [message_id] = await followed.deliver()
    followed.server.faults.add(answer)
    followed.wait(60)
    await followed.ask_due()
    row = await followed.row(message_id)
    assert (row.state, row.questions) == (State.ACCEPTED, 1)
    assert row.not_before == followed.clock.now + policy.DOUBT_REST


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
    followed: Followed, status: int, message: str
) -> None:
    """Budgero has not looked at it: the answer was about the way, or the token."""
    [message_id] = await followed.deliver()
    before = await followed.row(message_id)
    followed.server.faults.add(Reply(status=status, json={"message": message}))
    followed.wait(60)
    await followed.ask_due()
    assert await followed.row(message_id) == before
    followed.set_status(message_id, "processed")
    followed.gate.reset()
    await followed.ask_due()
    assert (await followed.row(message_id)).state is State.PROCESSED


@pytest.mark.parametrize("fault", [Drop(after_commit=True), TruncatedBody()])
async def test_a_lost_answer_leaves_no_second_leftover(
    followed: Followed, fault: Drop | TruncatedBody
) -> None:
    """The item that the next question meets was left by the lost one."""
    [message_id] = await followed.deliver()
    followed.server.clear(all=True)
    followed.server.faults.add(fault)
    await followed.ask_now()
    await followed.restart()
    followed.wait(120)
    await followed.ask_now()
    assert await followed.states([message_id]) == [State.VANISHED]
    [item] = followed.server.queue
    row = await followed.row(message_id)
    assert (row.leftover, row.leftover_id) == (Leftover.PENDING, item.id)


async def test_a_question_is_on_disk_before_it_is_asked(followed: Followed) -> None:
    """So that a restart in mid-question knows that it may have arrived."""
    [message_id] = await followed.deliver()
    followed.server.forget_requests()
    followed.server.faults.add(Delay(seconds=60))
    asking = asyncio.create_task(followed.ask_now())
    await until(lambda: asyncio.sleep(0, message_id in followed.questions))
    asking.cancel()
    await asyncio.wait([asking])
    row = await followed.row(message_id)
    assert (row.questions, row.in_doubt, row.state) == (1, True, State.ACCEPTED)


async def test_a_question_that_never_left_does_not_count(followed: Followed) -> None:
    """A server that is away costs no question."""
    [message_id] = await followed.deliver()
    before = await followed.row(message_id)
    await followed.server.stop()
    await followed.ask_now()
    assert await followed.row(message_id) == before


async def test_only_what_was_accepted_is_asked_about(followed: Followed) -> None:
    """A question about anything else would leave a leftover at once."""
    settled = await followed.deliver(4)
    for message_id, state in zip(settled, State, strict=False):
        row = await followed.row(message_id)
        match state:
            case State.WAITING:
                await followed.store.accepted.finish(row)
            case State.ACCEPTED:
                await followed.store.accepted.fail(row, FailedBy.APP, "failed")
            case State.PROCESSED:
                await followed.store.inquiry.give_up(row)
            case _:
                await followed.store.waiting.mark_duplicate(row, "theirs")
    waiting, in_doubt = [await append(followed.store) for _ in range(2)]
    await followed.store.waiting.begin_attempt(await followed.row(in_doubt), 120)
    [accepted] = await followed.deliver()
    followed.server.forget_requests()
    followed.wait(10 * DAY)
    await followed.ask_now()
    await followed.ask_due()
    assert set(followed.questions) == {accepted}
    assert followed.leftovers == []
    assert await followed.states([waiting, in_doubt]) == [State.WAITING] * 2


async def test_an_answer_about_another_item_settles_nothing(followed: Followed) -> None:
    """The id was lost and taken anew by somebody else."""
    [message_id] = await followed.deliver()
    followed.server.clear(all=True)
    await followed.client.push(Sealed(message_id, "theirs"))
    followed.set_status(message_id, "processed")
    await followed.ask_now()
    row = await followed.row(message_id)
    assert (row.state, row.payload is None) == (State.ACCEPTED, False)


async def test_two_who_ask_at_once_leave_no_more(followed: Followed) -> None:
    """Never are two questions in flight."""
    ids = await followed.deliver(3)
    followed.server.clear(all=True)
    followed.server.forget_requests()
    followed.server.faults.add(Delay(seconds=0.1))
    followed.wait(60)
    await asyncio.gather(
        followed.ask_due(),
        followed.ask_now(),
        followed.ask_now(),
        followed.ask_due(),
    )
    assert followed.questions == followed.leftovers == [ids[0], ids[2]]


async def test_the_question_is_never_booked(followed: Followed) -> None:
    """The app fails the leftover."""
    await followed.deliver()
    followed.server.clear(all=True)
    await followed.ask_now()
    assert (followed.server.apply().failed, followed.server.bookings) == (1, [])


async def test_trouble_ends_a_round(followed: Followed) -> None:
    """After one that failed the gate is shut for the others."""
    await followed.deliver(3)
    followed.server.forget_requests()
    followed.server.faults.add(Reply(status=503, times=None))
    await followed.ask_now()
    assert len(followed.server.requests) == 1
    assert followed.gate.last_error == "server_trouble"


async def test_a_long_list_is_asked_in_portions(followed: Followed) -> None:
    """What waits is not kept back until all of it has been asked."""
    await followed.deliver(BATCH + 1)
    followed.wait(60)
    followed.server.forget_requests()
    await followed.ask_due()
    assert len(followed.server.requests) == BATCH
    await followed.ask_due()
    assert len(followed.server.requests) == BATCH + 1


async def test_a_clock_set_back_stalls_no_question(followed: Followed) -> None:
    """A time to ask that lies years ahead comes from a wrong clock."""
    followed.clock.ahead = 3650 * DAY
    await followed.restart()
    [message_id] = await followed.deliver()
    followed.clock.ahead = 0.0
    await followed.restart()
    followed.set_status(message_id, "processed")
    assert (
        await followed.store.waiting.seconds_until_due([State.ACCEPTED]) > LONGEST_PAUSE
    )
    await followed.ask_due()
    assert await followed.states([message_id]) == [State.PROCESSED]


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
    overview = await house.store.review.overview()
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
