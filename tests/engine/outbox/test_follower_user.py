"""Following with a signed-in user, who sees what is pending."""

import asyncio
import time
from typing import override

from aiohttp import web
import pytest

from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.outbox.follower import Follower
from custom_components.budgero.engine.outbox.policy import LONGEST_PAUSE, MAX_QUESTIONS
from custom_components.budgero.engine.outbox.rows import Leftover
from custom_components.budgero.engine.push import QueueStats, Sealed
from custom_components.budgero.engine.push.errors import RateLimitedError
from tests.budgero_server import Drop, Fault, Reply

from .followed import Followed
from .helpers import DAY, new_sealed
from .house import LOGIN, QUEUE

pytestmark = pytest.mark.usefixtures("hurry")


class _AnyItem(Drop):
    """Something that happens to the change of whatever item."""

    @override
    def matches(self, request: web.Request) -> bool:
        return request.method == self.method and request.path.startswith(self.path)


@pytest.fixture
def has_user() -> bool:
    """Somebody has signed in to the household's own server."""
    return True


async def test_what_is_pending_is_never_asked_about(followed: Followed) -> None:
    """Also not in ninety days; it becomes no unknown one, and what moved is settled."""
    ids = await followed.deliver(3)
    followed.server.forget_requests()
    for _ in range(MAX_QUESTIONS + 5):
        due = await followed.store.waiting.seconds_until_due([State.ACCEPTED])
        followed.wait(max(60, due))
        await followed.ask_due()
        await followed.ask_now()
    assert followed.questions == []
    assert (await followed.row(ids[0])).questions == 0
    assert followed.clock.now > 2_000_000_000 + 80 * DAY
    followed.set_status(ids[0], "processed")
    followed.set_status(ids[1], "failed")
    await followed.ask_now()
    states = await followed.states(ids)
    assert states == [State.PROCESSED, State.FAILED, State.ACCEPTED]
    await followed.ask_now()
    assert followed.questions == ids[:2]
    assert followed.leftovers == []


async def test_one_look_tells_of_many(followed: Followed) -> None:
    """The list has a hundred items; what came later than all of them waits as well."""
    await followed.deliver(105)
    followed.server.forget_requests()
    await followed.ask_now()
    assert followed.questions == []
    assert [request.path for request in followed.server.requests].count(QUEUE) == 1
    first = [item.id for item in followed.server.queue[:100]]
    for item in first:
        followed.server.set_status(item, "processed")
    followed.server.forget_requests()
    await followed.ask_now()
    assert (await followed.store.review.counts()).processed == 100
    assert (await followed.store.review.counts()).accepted == 5
    assert len(followed.questions) == 100


async def test_what_came_after_all_that_is_listed_waits(followed: Followed) -> None:
    """The list ends at a hundred; an app begins with the oldest."""
    ids = await followed.deliver(105)
    followed.server.forget_requests()
    followed.wait(60)
    while await followed.store.waiting.seconds_until_due([State.ACCEPTED]) <= 0:
        await followed.ask_due()
    assert followed.questions == []
    assert await followed.states(ids) == [State.ACCEPTED] * 105


@pytest.mark.parametrize("ahead", [-DAY, DAY])
async def test_a_server_whose_clock_differs_hides_nothing(
    followed: Followed, ahead: float
) -> None:
    """What was applied is seen, whatever the two clocks say about the hundred left."""
    followed.clock.now = time.time() - ahead
    await followed.restart()
    await followed.store.times.note_time(time.time())
    ids = await followed.deliver(101)
    followed.wait(60)
    followed.set_status(ids[0], "processed")
    await followed.ask_now()
    assert await followed.states(ids[:2]) == [State.PROCESSED, State.ACCEPTED]


async def test_a_full_list_hides_what_came_before(followed: Followed) -> None:
    """What is older than the last one listed, and not listed, was applied."""
    followed.clock.now = 1_000_000_000.0
    [message_id] = await followed.deliver()
    followed.set_status(message_id, "processed")
    for _ in range(100):
        await followed.client.push(new_sealed())
    await followed.ask_now()
    assert await followed.states([message_id]) == [State.PROCESSED]


@pytest.mark.parametrize(
    "fault",
    [
        Reply(method="GET", path=QUEUE, status=503),
        Reply(method="GET", path=QUEUE, status=404, html="<p>no</p>"),
        Reply(method="GET", path=QUEUE, status=200, json={"a": 1}),
        Drop(method="GET", path=QUEUE, times=None),
        Reply(path=LOGIN, status=429, json={"message": "too many attempts"}),
    ],
    ids=["trouble", "proxy", "another form", "cut", "too many sign-ins"],
)
async def test_a_user_who_cannot_tell_now_will_later(
    followed: Followed, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """Nothing is asked for a quarter of an hour, and sending goes on at once."""
    [message_id] = await followed.deliver()
    followed.set_status(message_id, "processed")
    followed.wait(60)
    followed.server.faults.add(fault)
    followed.server.forget_requests()
    for _ in range(3):
        await followed.ask_due()
        assert not await followed.follower.may_ask()
    # aiohttp asks twice where a connection ended
    assert len(followed.server.requests) <= 4
    assert followed.questions == []
    assert followed.gate.is_open
    assert followed.gate.last_error is None
    followed.server.faults.clear()
    loop = asyncio.get_running_loop()
    later = loop.time() + LONGEST_PAUSE
    monkeypatch.setattr(f"{Follower.__module__}._now", lambda: later)
    monkeypatch.setattr(
        "custom_components.budgero.engine.push.sign_in.monotonic", lambda: later + 9
    )
    assert await followed.follower.may_ask()
    await followed.ask_due()
    assert await followed.states([message_id]) == [State.PROCESSED]


async def test_a_person_may_try_the_user_earlier(followed: Followed) -> None:
    """`homeassistant.update_entity` does not wait."""
    [message_id] = await followed.deliver()
    followed.set_status(message_id, "processed")
    followed.wait(60)
    followed.server.faults.add(Reply(method="GET", path=QUEUE, status=503))
    await followed.ask_due()
    await followed.ask_now()
    assert await followed.states([message_id]) == [State.PROCESSED]
    assert await followed.follower.may_ask()


@pytest.mark.parametrize(
    "fault",
    [
        Reply(path=LOGIN, status=401, json={"message": "invalid credentials"}),
        Reply(path=LOGIN, status=401, json={"message": "invalid token"}),
        Reply(
            method="GET", path=QUEUE, status=403, json={"message": "blocked"}, times=9
        ),
    ],
    ids=["wrong password", "no sign-in", "blocked"],
)
async def test_a_refused_user_tells_nothing(followed: Followed, fault: Fault) -> None:
    """Then the push token asks, as without a user; one sign-in was tried."""
    ids = await followed.deliver(2)
    followed.set_status(ids[0], "processed")
    followed.server.faults.add(fault)
    followed.server.forget_requests()
    for _ in range(3):
        followed.wait(300)
        await followed.ask_due()
    assert await followed.states(ids) == [State.PROCESSED, State.ACCEPTED]
    assert (await followed.row(ids[1])).questions == 2
    assert sum(request.path == LOGIN for request in followed.server.requests) == 1
    assert followed.gate.is_open
    assert followed.gate.hold is None


async def test_a_shut_gate_is_shut_for_the_user_too(followed: Followed) -> None:
    """The server has asked for patience."""
    await followed.deliver()
    await followed.gate.note_trouble(RateLimitedError(retry_after=600))
    followed.server.forget_requests()
    await followed.ask_now()
    assert followed.server.requests == []


async def test_a_list_that_is_too_long_is_no_reason_to_stop(
    followed: Followed,
) -> None:
    """One foreign item of 5 MB does that: then the push token asks."""
    ids = await followed.deliver(2)
    await followed.client.push(Sealed("foreign", "x" * 5_000_000))
    followed.set_status(ids[0], "processed")
    followed.server.forget_requests()
    followed.wait(60)
    await followed.ask_due()
    assert await followed.follower.may_ask()
    assert await followed.states(ids) == [State.PROCESSED, State.ACCEPTED]
    assert followed.questions == ids


# A queue that was cleared.


async def test_what_is_listed_is_never_in_doubt(followed: Followed) -> None:
    """It is there; only what is not listed may have been applied, or be gone."""
    gone = await followed.deliver(3)
    followed.server.clear()
    there = await followed.deliver(3)
    followed.set_status(there[0], "processed")
    followed.server.forget_requests()
    await followed.ask_now()
    assert followed.questions == [gone[0], there[0], gone[2]]
    states = [State.VANISHED] * 3 + [State.PROCESSED] + [State.ACCEPTED] * 2
    assert await followed.states(gone + there) == states


async def test_a_total_that_shrinks_puts_all_in_question(followed: Followed) -> None:
    """Nothing had vanished so far; two items at most tell what has."""
    there = await followed.deliver(2)
    followed.set_status(there[0], "processed")
    backup = followed.server.snapshot()
    gone = await followed.deliver(4)
    await followed.read_statistics()
    followed.server.restore(backup)
    there += await followed.deliver(1)
    await followed.read_statistics()
    assert (await followed.store.review.overview()).in_question == 7
    followed.server.forget_requests()
    await followed.ask_due()
    assert followed.questions == [gone[3], there[0], gone[0]]
    assert await followed.states(gone) == [State.VANISHED] * 4
    assert await followed.states(there) == [
        State.PROCESSED,
        State.ACCEPTED,
        State.ACCEPTED,
    ]
    await followed.read_statistics()
    assert (await followed.store.review.overview()).in_question == 0


async def test_a_total_that_shrinks_without_a_loss(followed: Followed) -> None:
    """What went was not ours: a few questions, and nothing is left or vanished."""
    await followed.client.push(Sealed("foreign", "theirs"))
    ids = await followed.deliver(3)
    followed.set_status(ids[0], "processed")
    await followed.read_statistics()
    followed.server.set_status(followed.server.queue[0].id, "ignored")
    await followed.read_statistics()
    assert (await followed.store.review.overview()).in_question == 3
    followed.server.forget_requests()
    await followed.ask_due()
    assert followed.questions == ids[:1]
    assert await followed.states(ids) == [
        State.PROCESSED,
        State.ACCEPTED,
        State.ACCEPTED,
    ]
    assert followed.leftovers == []


async def test_what_we_change_ourselves_is_no_loss(followed: Followed) -> None:
    """Clearing from here, and taking away what questions have left."""
    await followed.deliver(2)
    await followed.read_statistics()
    await followed.clear_queue()
    ids = await followed.deliver(1)
    await followed.read_statistics()
    assert (await followed.store.review.overview()).in_question == 0
    followed.server.clear()
    await followed.ask_now()
    assert await followed.states(ids) == [State.VANISHED]
    await followed.deliver(1)
    for _ in range(2):
        await followed.read_statistics()
        assert (await followed.store.review.overview()).in_question == 0


async def test_other_numbers_than_before_of_another_server(followed: Followed) -> None:
    """Another token, address or reader counts something else."""
    await followed.deliver(2)
    store = followed.store
    await store.inquiry.note_queue_size(QueueStats(9, 0, 0, 9), "elsewhere", None)
    await followed.read_statistics()
    assert (await store.review.overview()).in_question == 0


async def test_nothing_is_concluded_while_a_question_has_no_answer(
    followed: Followed,
) -> None:
    """It comes first; the shrinking is noticed at the next look."""
    ids = await followed.deliver(3)
    followed.set_status(ids[0], "processed")
    await followed.read_statistics()
    followed.server.faults.add(Drop())
    await followed.ask_now()
    followed.server.clear()
    await followed.read_statistics()
    assert (await followed.store.review.overview()).in_question == 0
    followed.wait(120)
    await followed.restart()
    await followed.ask_now()
    assert await followed.states(ids) == [State.PROCESSED] + [State.VANISHED] * 2


# What questions leave.


async def test_a_leftover_is_retired_at_once(followed: Followed) -> None:
    """It is neither counted nor listed any more, and no app meets it."""
    ids = await followed.deliver(2)
    followed.server.clear()
    await followed.ask_now()
    assert followed.leftovers == ids
    counts = followed.server.counts
    assert (counts.pending, counts.processed, counts.failed) == (0, 0, 0)
    overview = await followed.store.review.overview()
    assert (overview.leftover_pending, overview.leftover_failed) == (0, 0)
    assert [(await followed.row(id_)).leftover for id_ in ids] == [Leftover.GONE] * 2
    assert not any([(await followed.row(id_)).may_keep_id for id_ in ids])
    assert followed.server.apply().failed == 0


@pytest.mark.parametrize("after_commit", [False, True])
async def test_a_leftover_that_could_not_be_retired_is_swept_later(
    followed: Followed, after_commit: bool
) -> None:
    """Until then it is subtracted from what is pending."""
    ids = await followed.deliver(1)
    followed.server.clear()
    followed.server.faults.add(
        _AnyItem(method="PUT", path=f"{QUEUE}/", after_commit=after_commit, times=None)
    )
    await followed.ask_now()
    assert (await followed.store.review.overview()).leftover_pending == 1
    followed.server.faults.clear()
    await followed.restart()
    numbers = await followed.read_statistics()
    assert (await followed.store.review.overview()).leftover_pending == 0
    assert (numbers.pending, numbers.failed) == (0, 0)
    assert followed.leftovers == ids
    assert (await followed.row(ids[0])).leftover is Leftover.GONE


async def test_a_lost_answer_is_swept_too(followed: Followed) -> None:
    """The list shows that the item with its id is a question of ours."""
    ids = await followed.deliver(1)
    followed.server.clear()
    followed.server.faults.add(Drop(after_commit=True))
    await followed.ask_now()
    followed.wait(120)
    await followed.restart()
    await followed.ask_now()
    assert await followed.states(ids) == [State.VANISHED]
    await followed.read_statistics()
    assert followed.server.counts.pending == 0


async def test_what_is_retired_later_is_no_loss(followed: Followed) -> None:
    """The server counts it no longer; nothing of ours is gone."""
    await followed.deliver(1)
    followed.server.clear()
    followed.server.faults.add(_AnyItem(method="PUT", path=f"{QUEUE}/", times=None))
    await followed.ask_now()
    there = await followed.deliver(2)
    await followed.read_statistics()
    followed.server.faults.clear()
    numbers = await followed.read_statistics()
    assert (numbers.pending, followed.server.counts.pending) == (2, 2)
    await followed.read_statistics()
    assert (await followed.store.review.overview()).in_question == 0
    assert await followed.states(there) == [State.ACCEPTED] * 2


async def test_what_somebody_else_sent_is_never_retired(followed: Followed) -> None:
    """The same id again, by another program, after a question without an answer."""
    ids = await followed.deliver(1)
    followed.server.clear()
    followed.server.faults.add(Drop())
    await followed.ask_now()
    await followed.client.push(Sealed(ids[0], "theirs"))
    followed.wait(120)
    await followed.restart()
    await followed.ask_now()
    assert (await followed.store.review.overview()).leftover_pending == 1
    numbers = await followed.read_statistics()
    assert numbers.pending == 1
    assert (await followed.store.review.overview()).leftover_pending == 0
    assert [item.status for item in followed.server.queue] == ["pending"]
