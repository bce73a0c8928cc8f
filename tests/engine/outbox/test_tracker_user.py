"""Following with a signed-in user, who sees what is pending."""

import asyncio

import pytest

from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.outbox.policy import LONGEST_PAUSE, MAX_QUESTIONS
from custom_components.budgero.engine.outbox.tracker import Tracker
from tests.budgero_server import Drop, Fault, Reply

from .follower import Follower
from .helpers import DAY, new_sealed
from .house import LOGIN, QUEUE

pytestmark = pytest.mark.usefixtures("hurry")


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
    assert follower.clock.now > 1_800_000_000 + 80 * DAY
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
    follower.gate.pause("rate_limited")
    follower.server.forget_requests()
    await follower.ask_now()
    assert follower.server.requests == []


async def test_what_vanished_is_asked_once(follower: Follower) -> None:
    """Somebody cleared the queue in Budgero: one leftover, and nobody looks again."""
    ids = await follower.deliver(5)
    follower.server.clear()
    follower.server.forget_requests()
    for _ in range(4):
        follower.wait(DAY)
        await follower.ask_due()
        await follower.ask_now()
    assert await follower.states(ids) == [State.VANISHED] + [State.ACCEPTED] * 4
    assert follower.questions == follower.leftovers == ids[:1]
