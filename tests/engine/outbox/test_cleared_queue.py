"""A server that forgets: its queue was cleared, or it was restored from a backup.

One transaction that vanished puts the others in question. At most two questions leave
an item in the server's queue, whatever the number, and one repair tells of all.
"""

from contextlib import suppress

import pytest

from custom_components.budgero.engine.outbox import (
    ClosedError,
    Hold,
    NotPossibleError,
    Row,
    State,
    questions,
)
from custom_components.budgero.engine.outbox.disk.database import Database
from custom_components.budgero.engine.outbox.policy import MAX_QUESTIONS
from custom_components.budgero.engine.outbox.rows import Leftover
from custom_components.budgero.engine.outbox.server_queue import QUEUE_SIZE
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Accepted, QueueStats, Sealed
from tests.budgero_server import Delay, Drop, Reply

from .followed import Followed
from .helpers import accept, append, change, row_of, unfinished
from .house import House

pytestmark = pytest.mark.usefixtures("hurry")

GONE = State.VANISHED
THERE = State.ACCEPTED


# 1. What comes in question.


async def test_one_that_vanished_puts_all_others_in_question(
    store: Store,
) -> None:
    """At once, and on disk: they do not wait, and nobody has to decide yet."""
    ids = [await append(store) for _ in range(4)]
    for message_id in ids[:3]:
        await accept(store, message_id)
    await store.inquiry.mark_vanished(await row_of(store, ids[1]), "left")
    rows = [await row_of(store, message_id) for message_id in ids]
    assert [row.state for row in rows] == [THERE, GONE, THERE, State.WAITING]
    assert [row.in_question for row in rows] == [True, False, True, False]
    overview = await store.review.overview()
    assert (overview.in_question, overview.counts.vanished) == (2, 1)
    assert (overview.counts.accepted, overview.counts.waiting) == (2, 1)


async def test_what_is_accepted_later_is_not_in_question(store: Store) -> None:
    """The server took it after it had forgotten the others."""
    first, second = [await append(store) for _ in range(2)]
    await store.inquiry.mark_vanished(await accept(store, first), "left")
    row = await accept(store, second)
    assert not row.in_question
    assert await store.inquiry.next_in_question() is None


async def test_what_is_in_question_is_nobodys_to_decide(store: Store) -> None:
    """It is neither sent again nor removed before it is found out."""
    ids = [await append(store) for _ in range(2)]
    rows = [await accept(store, message_id) for message_id in ids]
    await store.inquiry.mark_vanished(rows[0], "left")
    assert not (await row_of(store, ids[1])).may_keep_id
    with pytest.raises(NotPossibleError):
        await store.review.send_again(ids[1], "new")
    with pytest.raises(NotPossibleError):
        await store.review.remove(ids[1])


# 2. From the newest on.


async def test_the_newest_are_asked_about_first(followed: Followed) -> None:
    """What came after the clearing is free; the first one that did not ends it."""
    gone = await followed.deliver(4)
    followed.server.clear(all=True)
    there = await followed.deliver(2)
    followed.server.forget_requests()
    await followed.ask_now()
    assert followed.questions == [gone[0], there[1], there[0], gone[3]]
    assert followed.leftovers == [gone[0], gone[3]]
    assert await followed.states(gone + there) == [GONE] * 4 + [THERE] * 2
    assert (await followed.store.review.overview()).in_question == 0
    for _ in range(3):
        followed.wait(60)
        await followed.ask_now()
        await followed.ask_due()
    assert followed.leftovers == [gone[0], gone[3]]
    assert set(followed.questions[4:]) == set(there)


async def test_what_is_free_is_settled_by_the_same_answer(followed: Followed) -> None:
    """A question is never wasted: the answer names the state."""
    [gone] = await followed.deliver()
    followed.server.clear(all=True)
    processed, failed, pending = await followed.deliver(3)
    followed.set_status(processed, "processed")
    followed.set_status(failed, "failed")
    await followed.ask_now()
    assert await followed.states([gone, processed, failed, pending]) == [
        GONE,
        State.PROCESSED,
        State.FAILED,
        THERE,
    ]
    assert followed.leftovers == [gone]
    assert (await followed.store.review.overview()).in_question == 0


async def test_the_order_is_that_of_the_server(followed: Followed) -> None:
    """What was logged first, and sent last, came after the clearing."""
    early = await append(followed.store)
    gone = await followed.deliver(2)
    followed.server.clear(all=True)
    followed.wait(1)
    outcome = await followed.client.push((await followed.row(early)).sealed)
    assert isinstance(outcome, Accepted)
    await followed.store.waiting.accept(outcome, 60)
    followed.server.forget_requests()
    await _ask_about(followed, gone[0])
    assert followed.questions == [gone[0], early, gone[1]]
    assert await followed.states([early, *gone]) == [THERE, GONE, GONE]


async def _ask_about(followed: Followed, message_id: str) -> None:
    """Let only this one be due, and ask."""
    row = await followed.row(message_id)
    await followed.store.accepted.note_alive(row, 0)
    await followed.ask_due()


# 3. From the oldest on.


async def test_the_oldest_come_next(followed: Followed) -> None:
    """A restored server knows the oldest ones; the newest one is known to be gone."""
    there = await followed.deliver(2)
    backup = followed.server.snapshot()
    gone = await followed.deliver(3)
    followed.server.restore(backup)
    followed.server.forget_requests()
    await _ask_about(followed, gone[2])
    assert followed.questions == [gone[2], *there, gone[0]]
    assert followed.leftovers == [gone[2], gone[0]]
    assert await followed.states(there + gone) == [THERE] * 2 + [GONE] * 3


async def test_the_oldest_are_not_asked_about_after_a_second_one(
    followed: Followed,
) -> None:
    """Two items are all that a server is left with; the rest a person looks up."""
    there = await followed.deliver(2)
    backup = followed.server.snapshot()
    gone = await followed.deliver(3)
    followed.server.restore(backup)
    followed.server.forget_requests()
    await _ask_about(followed, gone[1])
    assert followed.questions == [gone[1], gone[2]]
    assert await followed.states(there + gone) == [GONE] * 5
    for message_id in there:
        assert (await followed.row(message_id)).may_keep_id


# 4. Questions without an answer.


@pytest.mark.parametrize("restarts", [False, True])
async def test_while_one_has_no_answer_no_other_is_asked(
    followed: Followed, restarts: bool
) -> None:
    """It may have left the last item; the same one tells, two minutes later."""
    gone = await followed.deliver(3)
    followed.server.clear(all=True)
    [there] = await followed.deliver()
    followed.server.forget_requests()
    _lose_answer(followed, after=2)
    await followed.ask_now()
    assert followed.questions == [gone[0], there, gone[2]]
    if restarts:
        await followed.restart()
    for _ in range(3):
        followed.gate.reset()
        await followed.ask_now()
        await followed.ask_due()
    assert followed.questions == [gone[0], there, gone[2]]
    overview = await followed.store.review.overview()
    assert (overview.counts.vanished, overview.in_question) == (1, 2)
    followed.wait(120)
    await followed.ask_due()
    assert followed.questions[3:] == [gone[2]]
    assert followed.leftovers == [gone[0], gone[2]]
    assert await followed.states([*gone, there]) == [GONE] * 3 + [THERE]


def _lose_answer(followed: Followed, after: int) -> None:
    """Lose the answer to the question that comes after so many others."""
    followed.server.faults.add(Delay(seconds=0, times=after))
    followed.server.faults.add(Drop(after_commit=True))


async def test_an_answer_that_was_lost_may_be_a_good_one(followed: Followed) -> None:
    """Then nothing was left, and the asking goes on."""
    gone = await followed.deliver(2)
    followed.server.clear(all=True)
    there = await followed.deliver(2)
    followed.server.forget_requests()
    _lose_answer(followed, after=1)
    await followed.ask_now()
    followed.wait(120)
    followed.gate.reset()
    await followed.ask_due()
    asked = [gone[0], there[1], there[1], there[0], gone[1]]
    assert followed.questions == asked
    assert await followed.states(gone + there) == [GONE] * 2 + [THERE] * 2


async def test_an_unanswered_question_comes_before_all_others(
    followed: Followed,
) -> None:
    """Also where nothing is known to have vanished: it may have left the first item."""
    gone = await followed.deliver(3)
    followed.server.clear(all=True)
    followed.server.forget_requests()
    followed.server.faults.add(Drop(after_commit=True))
    for _ in range(3):
        followed.gate.reset()
        await followed.ask_now()
    assert followed.questions == [gone[0]]
    followed.wait(120)
    await followed.ask_now()
    assert followed.questions == [gone[0], gone[0], gone[2]]
    assert followed.leftovers == [gone[0], gone[2]]
    assert await followed.states(gone) == [GONE] * 3


async def test_a_question_that_nobody_answers_has_an_end(
    followed: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some day it is unknown, and it was one question all the time."""
    monkeypatch.setattr(questions, "MAX_REPEATS", 5)
    [message_id, other] = await followed.deliver(2)
    followed.server.faults.add(Reply(status=503, times=None))
    followed.server.forget_requests()
    while (await followed.row(message_id)).state is THERE:
        followed.wait(await followed.follower.seconds_until_due())
        followed.gate.reset()
        await followed.ask_due()
        assert (await followed.row(message_id)).questions == 1
    assert followed.questions.count(message_id) == 6
    row = await followed.row(message_id)
    assert (row.state, row.in_doubt) == (State.UNKNOWN, True)
    assert (await followed.row(other)).state is THERE


async def test_giving_up_the_last_question_ends_the_asking(store: Store) -> None:
    """It may have left the second item."""
    ids = [await append(store) for _ in range(3)]
    rows = [await accept(store, message_id) for message_id in ids]
    await store.inquiry.mark_vanished(rows[0], "left")
    await store.accepted.begin_question(await row_of(store, ids[2]), 60)
    await store.inquiry.give_up(await row_of(store, ids[2]))
    states = [(await row_of(store, message_id)).state for message_id in ids]
    assert states == [GONE, GONE, State.UNKNOWN]


async def test_one_that_was_asked_about_often_enough_does_not_stop_it(
    followed: Followed,
) -> None:
    """It becomes unknown, and the others are asked about."""
    gone = await followed.deliver(2)
    followed.server.clear(all=True)
    there = await followed.deliver(2)
    await change(followed.store, there[1], questions=MAX_QUESTIONS)
    await _ask_about(followed, gone[0])
    assert await followed.states(gone + there) == [GONE, GONE, THERE, State.UNKNOWN]


async def test_another_item_with_its_id_ends_nothing(followed: Followed) -> None:
    """Nobody can tell whose it is: a person decides, and the asking goes on."""
    gone = await followed.deliver(3)
    followed.server.clear(all=True)
    await followed.client.push(Sealed(gone[2], "theirs"))
    followed.server.forget_requests()
    await followed.ask_now()
    assert followed.questions == [gone[0], gone[2], gone[1]]
    assert await followed.states(gone) == [GONE] * 3
    assert followed.leftovers == [gone[0], gone[1]]
    assert (await followed.row(gone[2])).leftover is None


# 5. What comes later.


async def test_what_is_accepted_later_is_followed_meanwhile(followed: Followed) -> None:
    """Whether or not somebody has looked; and the next clearing is a new event."""
    gone = await followed.deliver(3)
    followed.server.clear(all=True)
    await followed.ask_now()
    later = await followed.deliver(3)
    followed.set_status(later[0], "processed")
    followed.wait(60)
    await followed.ask_due()
    assert await followed.states(later) == [State.PROCESSED, THERE, THERE]
    assert (await followed.store.review.overview()).counts.vanished == 3
    followed.server.clear(all=True)
    await followed.ask_now()
    assert await followed.states(gone + later) == [
        *[GONE] * 3,
        State.PROCESSED,
        *[GONE] * 2,
    ]
    assert followed.leftovers == later[1:]


async def test_a_second_clearing_in_the_midst_of_the_asking(followed: Followed) -> None:
    """It puts in question what the first one had left in question, too."""
    ids = await followed.deliver(3)
    await followed.store.inquiry.mark_vanished(await followed.row(ids[0]), "left")
    later = await followed.deliver(2)
    followed.server.clear(all=True)
    followed.server.forget_requests()
    await _ask_about(followed, later[0])
    assert followed.questions == [later[0], later[1]]
    assert await followed.states(ids + later) == [GONE] * 5


async def test_a_closed_gate_leaves_it_for_later(followed: Followed) -> None:
    """What is in question stays so until somebody answers."""
    gone = await followed.deliver(3)
    followed.server.clear(all=True)
    await followed.store.inquiry.mark_vanished(await followed.row(gone[0]), "left")
    followed.server.faults.add(Reply(status=429, json={}))
    await followed.ask_due()
    assert (await followed.store.review.overview()).in_question == 2
    assert (await followed.row(gone[2])).questions == 0
    followed.gate.reset()
    await followed.ask_due()
    assert await followed.states(gone) == [GONE] * 3


# What the server counts.


async def test_a_loss_that_a_question_has_told_is_not_noticed_again(
    store: Store,
) -> None:
    """The smaller total is that of the same event."""
    ids = [await append(store) for _ in range(2)]
    rows = [await accept(store, message_id) for message_id in ids]
    assert not await store.inquiry.note_queue_size(_count(2), "queue", None)
    await store.inquiry.mark_vanished(rows[0], "left")
    await store.accepted.note_alive(rows[1], 60)
    before = await store.recall(QUEUE_SIZE)
    assert not await store.inquiry.note_queue_size(_count(1), "queue", before)
    assert (await store.review.overview()).in_question == 0


async def test_nothing_is_concluded_from_what_we_changed_meanwhile(
    store: Store,
) -> None:
    """The server was counted before, or after, or in the midst of it."""
    await accept(store, await append(store))
    await store.inquiry.note_queue_size(_count(2), "queue", None)
    before = await store.recall(QUEUE_SIZE)
    await store.server_queue.forget_queue_size()
    assert not await store.inquiry.note_queue_size(_count(1), "queue", before)
    assert await store.recall(QUEUE_SIZE) is None
    assert (await store.review.overview()).in_question == 0


async def test_fewer_failed_ones_than_before_were_deleted(store: Store) -> None:
    """What our questions left went with them: it hides no failure to come."""
    row = await accept(store, await append(store))
    await store.inquiry.mark_vanished(row, "left")
    row = await row_of(store, row.message_id)
    await store.server_queue.settle_leftover(row, Leftover.FAILED)
    await store.inquiry.note_queue_size(QueueStats(0, 0, 1, 1), "queue", None)
    assert (await store.review.overview()).leftover_failed == 1
    before = await store.recall(QUEUE_SIZE)
    await store.inquiry.note_queue_size(QueueStats(1, 0, 0, 1), "queue", before)
    assert (await store.review.overview()).leftover_failed == 0
    assert not (await row_of(store, row.message_id)).may_keep_id


def _count(total: int) -> QueueStats:
    return QueueStats(total, 0, 0, total)


# Killed in between.


@pytest.mark.parametrize("commit", range(14))
@pytest.mark.parametrize("is_lost", [False, True])
async def test_killed_between_any_two_steps(
    followed: Followed, monkeypatch: pytest.MonkeyPatch, commit: int, is_lost: bool
) -> None:
    """The next life goes on rightly, whatever was the last thing on disk."""
    there = await followed.deliver()
    backup = followed.server.snapshot()
    gone = await followed.deliver(3)
    followed.server.restore(backup)
    there += await followed.deliver(2)
    left = commit
    write = Database.write

    async def die(database: Database, *jobs: object) -> object:
        nonlocal left
        left -= 1
        if left == -1:
            if is_lost:
                raise ClosedError
            await write(database, *jobs)  # type: ignore[arg-type]
            raise ClosedError
        return await write(database, *jobs)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(Database, "write", die)
        with suppress(ClosedError):
            await _ask_about(followed, gone[1])
    for _ in range(6):
        await followed.restart()
        followed.wait(120)
        await followed.ask_now()
    assert await followed.states(there[1:] + gone) == [THERE] * 2 + [GONE] * 3
    assert len(followed.leftovers) <= 2
    asked = {row.message_id for row in await _leftovers(followed)}
    assert asked == set(followed.leftovers)


async def _leftovers(followed: Followed) -> list[Row]:
    rows = await unfinished(followed.store)
    return [row for row in rows if row.leftover is not None]


# 10. The workspace question.


async def test_the_right_workspace_that_has_forgotten(house: House) -> None:
    """The question that held the outbox was the first one; one more may be left."""
    ids = await house.add_all(4)
    house.start()
    await house.until_all(ids, THERE)
    await house.close()
    house.server.clear(all=True)
    house.server.regenerate_token()
    house.server.forget_requests()
    await house.open()
    house.start()
    await house.until_sender(lambda sender: sender.hold is not None)
    [first] = house.leftovers
    assert (await house.store.review.overview()).in_question == 0
    waiting = await house.add("waiting")
    await house.sender.release(Hold.WORKSPACE)
    await house.until_all(ids, GONE)
    await house.until(waiting, THERE)
    assert house.leftovers[0] == first
    assert len(house.leftovers) == 2
    assert (await house.store.review.overview()).counts.vanished == 4


@pytest.mark.parametrize("liar", ["ours", "server"])
async def test_one_wrong_clock_ends_no_asking(followed: Followed, liar: str) -> None:
    """Ninety days must have passed by both."""
    [message_id] = await followed.deliver()
    followed.server.faults.add(Reply(status=503, times=None))
    await followed.ask_now()
    if liar == "ours":
        followed.clock.ahead = 100 * 86400
        await followed.restart()
    await followed.store.times.note_time(
        followed.clock.now + 100 * 86400 * (liar != "ours")
    )
    for _ in range(3):
        followed.wait(86400)
        followed.gate.reset()
        await followed.ask_now()
    assert await followed.states([message_id]) == [THERE]


@pytest.mark.usefixtures("follow_soon")
async def test_the_right_workspace_that_has_forgotten_what_was_booked(
    house: House,
) -> None:
    """The one that was asked about needs no decision; it began the event all the same."""
    house.start()
    await house.prove_key()
    ids = await house.add_all(3)
    await house.until_all(ids, THERE)
    await house.close()
    house.server.clear(all=True)
    house.server.regenerate_token()
    await house.open()
    house.start()
    await house.until_sender(lambda sender: sender.hold is not None)
    await house.sender.release(Hold.WORKSPACE)
    await house.until_all(ids, GONE)
    assert len(house.leftovers) == 2
    assert house.leftovers[1] == ids[2]
    await house.sender.release(Hold.WORKSPACE)  # said twice
    later = await house.add("later")
    await house.until(later, THERE)
    assert (await house.store.review.overview()).in_question == 0
