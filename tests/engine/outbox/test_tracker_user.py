"""Following with a signed-in user, who sees what is pending."""

import asyncio
import time
from typing import override

from aiohttp import web
import pytest

from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.outbox.policy import LONGEST_PAUSE, MAX_QUESTIONS
from custom_components.budgero.engine.outbox.rows import Leftover
from custom_components.budgero.engine.outbox.tracker import Tracker
from custom_components.budgero.engine.push import QueueStats, Sealed
from custom_components.budgero.engine.push.errors import RateLimitedError
from tests.budgero_server import Drop, Fault, Reply

from .follower import Follower
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


async def test_what_is_pending_is_never_asked_about(follower: Follower) -> None:
    """Also not in ninety days; it becomes no unknown one, and what moved is settled."""
    ids = await follower.deliver(3)
    follower.server.forget_requests()
    for _ in range(MAX_QUESTIONS + 5):
        due = await follower.store.seconds_until_due([State.ACCEPTED])
        follower.wait(max(60, due))
        await follower.ask_due()
        await follower.ask_now()
    assert follower.questions == []
    assert (await follower.row(ids[0])).questions == 0
    assert follower.clock.now > 2_000_000_000 + 80 * DAY
    follower.set_status(ids[0], "processed")
    follower.set_status(ids[1], "failed")
    await follower.ask_now()
    states = await follower.states(ids)
    assert states == [State.PROCESSED, State.FAILED, State.ACCEPTED]
    await follower.ask_now()
    assert follower.questions == ids[:2]
    assert follower.leftovers == []


async def test_one_look_tells_of_many(follower: Follower) -> None:
    """The list has a hundred items; what came later than all of them waits as well."""
    await follower.deliver(105)
    follower.server.forget_requests()
    await follower.ask_now()
    assert follower.questions == []
    assert [request.path for request in follower.server.requests].count(QUEUE) == 1
    first = [item.id for item in follower.server.queue[:100]]
    for item in first:
        follower.server.set_status(item, "processed")
    follower.server.forget_requests()
    await follower.ask_now()
    assert (await follower.store.counts()).processed == 100
    assert (await follower.store.counts()).accepted == 5
    assert len(follower.questions) == 100


async def test_what_came_after_all_that_is_listed_waits(follower: Follower) -> None:
    """The list ends at a hundred; an app begins with the oldest."""
    ids = await follower.deliver(105)
    follower.server.forget_requests()
    follower.wait(60)
    while await follower.store.seconds_until_due([State.ACCEPTED]) <= 0:
        await follower.ask_due()
    assert follower.questions == []
    assert await follower.states(ids) == [State.ACCEPTED] * 105


@pytest.mark.parametrize("ahead", [-DAY, DAY])
async def test_a_server_whose_clock_differs_hides_nothing(
    follower: Follower, ahead: float
) -> None:
    """What was applied is seen, whatever the two clocks say about the hundred left."""
    follower.clock.now = time.time() - ahead
    await follower.restart()
    await follower.store.note_time(time.time())
    ids = await follower.deliver(101)
    follower.wait(60)
    follower.set_status(ids[0], "processed")
    await follower.ask_now()
    assert await follower.states(ids[:2]) == [State.PROCESSED, State.ACCEPTED]


async def test_a_full_list_hides_what_came_before(follower: Follower) -> None:
    """What is older than the last one listed, and not listed, was applied."""
    follower.clock.now = 1_000_000_000.0
    [message_id] = await follower.deliver()
    follower.set_status(message_id, "processed")
    for _ in range(100):
        await follower.client.push(new_sealed())
    await follower.ask_now()
    assert await follower.states([message_id]) == [State.PROCESSED]


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
    follower: Follower, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """Nothing is asked for a quarter of an hour, and sending goes on at once."""
    [message_id] = await follower.deliver()
    follower.set_status(message_id, "processed")
    follower.wait(60)
    follower.server.faults.add(fault)
    follower.server.forget_requests()
    for _ in range(3):
        await follower.ask_due()
        assert not await follower.tracker.may_ask()
    # aiohttp asks twice where a connection ended
    assert len(follower.server.requests) <= 4
    assert follower.questions == []
    assert follower.gate.is_open
    assert follower.gate.last_error is None
    follower.server.faults.clear()
    loop = asyncio.get_running_loop()
    later = loop.time() + LONGEST_PAUSE
    monkeypatch.setattr(f"{Tracker.__module__}._now", lambda: later)
    monkeypatch.setattr(
        "custom_components.budgero.engine.push.sign_in.monotonic", lambda: later + 9
    )
    assert await follower.tracker.may_ask()
    await follower.ask_due()
    assert await follower.states([message_id]) == [State.PROCESSED]


async def test_a_person_may_try_the_user_earlier(follower: Follower) -> None:
    """`homeassistant.update_entity` does not wait."""
    [message_id] = await follower.deliver()
    follower.set_status(message_id, "processed")
    follower.wait(60)
    follower.server.faults.add(Reply(method="GET", path=QUEUE, status=503))
    await follower.ask_due()
    await follower.ask_now()
    assert await follower.states([message_id]) == [State.PROCESSED]
    assert await follower.tracker.may_ask()


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
async def test_a_refused_user_tells_nothing(follower: Follower, fault: Fault) -> None:
    """Then the push token asks, as without a user; one sign-in was tried."""
    ids = await follower.deliver(2)
    follower.set_status(ids[0], "processed")
    follower.server.faults.add(fault)
    follower.server.forget_requests()
    for _ in range(3):
        follower.wait(300)
        await follower.ask_due()
    assert await follower.states(ids) == [State.PROCESSED, State.ACCEPTED]
    assert (await follower.row(ids[1])).questions == 2
    assert sum(request.path == LOGIN for request in follower.server.requests) == 1
    assert follower.gate.is_open
    assert follower.gate.hold is None


async def test_a_shut_gate_is_shut_for_the_user_too(follower: Follower) -> None:
    """The server has asked for patience."""
    await follower.deliver()
    await follower.gate.note_trouble(RateLimitedError(retry_after=600))
    follower.server.forget_requests()
    await follower.ask_now()
    assert follower.server.requests == []


async def test_a_list_that_is_too_long_is_no_reason_to_stop(
    follower: Follower,
) -> None:
    """One foreign item of 5 MB does that: then the push token asks."""
    ids = await follower.deliver(2)
    await follower.client.push(Sealed("foreign", "x" * 5_000_000))
    follower.set_status(ids[0], "processed")
    follower.server.forget_requests()
    follower.wait(60)
    await follower.ask_due()
    assert await follower.tracker.may_ask()
    assert await follower.states(ids) == [State.PROCESSED, State.ACCEPTED]
    assert follower.questions == ids


# A queue that was cleared.


async def test_what_is_listed_is_never_in_doubt(follower: Follower) -> None:
    """It is there; only what is not listed may have been applied, or be gone."""
    gone = await follower.deliver(3)
    follower.server.clear()
    there = await follower.deliver(3)
    follower.set_status(there[0], "processed")
    follower.server.forget_requests()
    await follower.ask_now()
    assert follower.questions == [gone[0], there[0], gone[2]]
    states = [State.VANISHED] * 3 + [State.PROCESSED] + [State.ACCEPTED] * 2
    assert await follower.states(gone + there) == states


async def test_a_total_that_shrinks_puts_all_in_question(follower: Follower) -> None:
    """Nothing had vanished so far; two items at most tell what has."""
    there = await follower.deliver(2)
    follower.set_status(there[0], "processed")
    backup = follower.server.snapshot()
    gone = await follower.deliver(4)
    await follower.read_statistics()
    follower.server.restore(backup)
    there += await follower.deliver(1)
    await follower.read_statistics()
    assert (await follower.store.overview()).in_question == 7
    follower.server.forget_requests()
    await follower.ask_due()
    assert follower.questions == [gone[3], there[0], gone[0]]
    assert await follower.states(gone) == [State.VANISHED] * 4
    assert await follower.states(there) == [
        State.PROCESSED,
        State.ACCEPTED,
        State.ACCEPTED,
    ]
    await follower.read_statistics()
    assert (await follower.store.overview()).in_question == 0


async def test_a_total_that_shrinks_without_a_loss(follower: Follower) -> None:
    """What went was not ours: a few questions, and nothing is left or vanished."""
    await follower.client.push(Sealed("foreign", "theirs"))
    ids = await follower.deliver(3)
    follower.set_status(ids[0], "processed")
    await follower.read_statistics()
    follower.server.set_status(follower.server.queue[0].id, "ignored")
    await follower.read_statistics()
    assert (await follower.store.overview()).in_question == 3
    follower.server.forget_requests()
    await follower.ask_due()
    assert follower.questions == ids[:1]
    assert await follower.states(ids) == [
        State.PROCESSED,
        State.ACCEPTED,
        State.ACCEPTED,
    ]
    assert follower.leftovers == []


async def test_what_we_change_ourselves_is_no_loss(follower: Follower) -> None:
    """Clearing from here, and taking away what questions have left."""
    await follower.deliver(2)
    await follower.read_statistics()
    await follower.clear_queue()
    ids = await follower.deliver(1)
    await follower.read_statistics()
    assert (await follower.store.overview()).in_question == 0
    follower.server.clear()
    await follower.ask_now()
    assert await follower.states(ids) == [State.VANISHED]
    await follower.deliver(1)
    for _ in range(2):
        await follower.read_statistics()
        assert (await follower.store.overview()).in_question == 0


async def test_other_numbers_than_before_of_another_server(follower: Follower) -> None:
    """Another token, address or reader counts something else."""
    await follower.deliver(2)
    store = follower.store
    await store.note_queue_size(QueueStats(9, 0, 0, 9), "elsewhere", None)
    await follower.read_statistics()
    assert (await store.overview()).in_question == 0


async def test_nothing_is_concluded_while_a_question_has_no_answer(
    follower: Follower,
) -> None:
    """It comes first; the shrinking is noticed at the next look."""
    ids = await follower.deliver(3)
    follower.set_status(ids[0], "processed")
    await follower.read_statistics()
    follower.server.faults.add(Drop())
    await follower.ask_now()
    follower.server.clear()
    await follower.read_statistics()
    assert (await follower.store.overview()).in_question == 0
    follower.wait(120)
    await follower.restart()
    await follower.ask_now()
    assert await follower.states(ids) == [State.PROCESSED] + [State.VANISHED] * 2


# What questions leave.


async def test_a_leftover_is_retired_at_once(follower: Follower) -> None:
    """It is neither counted nor listed any more, and no app meets it."""
    ids = await follower.deliver(2)
    follower.server.clear()
    await follower.ask_now()
    assert follower.leftovers == ids
    counts = follower.server.counts
    assert (counts.pending, counts.processed, counts.failed) == (0, 0, 0)
    overview = await follower.store.overview()
    assert (overview.leftover_pending, overview.leftover_failed) == (0, 0)
    assert [(await follower.row(id_)).leftover for id_ in ids] == [Leftover.GONE] * 2
    assert not any([(await follower.row(id_)).may_keep_id for id_ in ids])
    assert follower.server.apply().failed == 0


@pytest.mark.parametrize("after_commit", [False, True])
async def test_a_leftover_that_could_not_be_retired_is_swept_later(
    follower: Follower, after_commit: bool
) -> None:
    """Until then it is subtracted from what is pending."""
    ids = await follower.deliver(1)
    follower.server.clear()
    follower.server.faults.add(
        _AnyItem(method="PUT", path=f"{QUEUE}/", after_commit=after_commit, times=None)
    )
    await follower.ask_now()
    assert (await follower.store.overview()).leftover_pending == 1
    follower.server.faults.clear()
    await follower.restart()
    numbers = await follower.read_statistics()
    assert (await follower.store.overview()).leftover_pending == 0
    assert (numbers.pending, numbers.failed) == (0, 0)
    assert follower.leftovers == ids
    assert (await follower.row(ids[0])).leftover is Leftover.GONE


async def test_a_lost_answer_is_swept_too(follower: Follower) -> None:
    """The list shows that the item with its id is a question of ours."""
    ids = await follower.deliver(1)
    follower.server.clear()
    follower.server.faults.add(Drop(after_commit=True))
    await follower.ask_now()
    follower.wait(120)
    await follower.restart()
    await follower.ask_now()
    assert await follower.states(ids) == [State.VANISHED]
    await follower.read_statistics()
    assert follower.server.counts.pending == 0


async def test_what_is_retired_later_is_no_loss(follower: Follower) -> None:
    """The server counts it no longer; nothing of ours is gone."""
    await follower.deliver(1)
    follower.server.clear()
    follower.server.faults.add(_AnyItem(method="PUT", path=f"{QUEUE}/", times=None))
    await follower.ask_now()
    there = await follower.deliver(2)
    await follower.read_statistics()
    follower.server.faults.clear()
    numbers = await follower.read_statistics()
    assert (numbers.pending, follower.server.counts.pending) == (2, 2)
    await follower.read_statistics()
    assert (await follower.store.overview()).in_question == 0
    assert await follower.states(there) == [State.ACCEPTED] * 2


async def test_what_somebody_else_sent_is_never_retired(follower: Follower) -> None:
    """The same id again, by another program, after a question without an answer."""
    ids = await follower.deliver(1)
    follower.server.clear()
    follower.server.faults.add(Drop())
    await follower.ask_now()
    await follower.client.push(Sealed(ids[0], "theirs"))
    follower.wait(120)
    await follower.restart()
    await follower.ask_now()
    assert (await follower.store.overview()).leftover_pending == 1
    numbers = await follower.read_statistics()
    assert numbers.pending == 1
    assert (await follower.store.overview()).leftover_pending == 0
    assert [item.status for item in follower.server.queue] == ["pending"]
