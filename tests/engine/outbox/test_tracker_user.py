"""Following with a signed-in user, who sees what is pending; clearing, putting back."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
import time

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import (
    FailedBy,
    Row,
    State,
    StillInDoubtError,
    Store,
)
from custom_components.budgero.engine.outbox.gate import Gate
from custom_components.budgero.engine.outbox.key_trust import KeyTrust
from custom_components.budgero.engine.outbox.policy import LONGEST_PAUSE, MAX_QUESTIONS
from custom_components.budgero.engine.outbox.signal import Signal
from custom_components.budgero.engine.outbox.tracker import Tracker
from custom_components.budgero.engine.outbox.workspace import WorkspaceCheck
from custom_components.budgero.engine.push import (
    Accepted,
    Client,
    PutBack,
    ServerUser,
    SpaceKey,
)
from custom_components.budgero.engine.push.client import QUESTION
from custom_components.budgero.engine.push.errors import (
    InDoubtError,
    PushError,
    UserRefusedError,
)
from tests.budgero_server import BudgeroServer, Drop, Fault, Reply

from .helpers import DAY, DIGEST, Clock, append, new_sealed
from .house import House, until

pytestmark = pytest.mark.usefixtures("hurry")

LOGIN = "/api/v1/auth/local/login"
QUEUE = "/api/v1/push/queue"


@pytest.fixture
def client(server: BudgeroServer, session: ClientSession) -> Client:
    """A client of the household's server."""
    key = SpaceKey.parse(server.space_key)
    return Client(session, server.url, server.token, key)


@pytest.fixture
def user(server: BudgeroServer, session: ClientSession) -> ServerUser:
    """The household's user, who has not signed in yet."""
    known = server.credentials
    return ServerUser(session, server.url, known.username, known.password)


@pytest.fixture
def gate(client: Client) -> Gate:
    """A gate that nobody listens to."""
    return Gate(client, Signal())


@pytest.fixture
def tracker(store: Store, client: Client, user: ServerUser, gate: Gate) -> Tracker:
    """A tracker with a user, and a wall clock to set."""
    return _tracker(store, client, user, gate)


def _tracker(
    store: Store, client: Client, user: ServerUser, gate: Gate | None = None
) -> Tracker:
    gate = gate or Gate(client, Signal())
    trust = KeyTrust(store, client.key.fingerprint)
    workspace = WorkspaceCheck(store, client, gate, Signal())
    return Tracker(store, client, user, gate, workspace, trust, Signal())


async def _accepted(store: Store, client: Client, number: int = 1) -> list[str]:
    """Deliver so many, past the sender; return their message ids."""
    ids = []
    for _ in range(number):
        sealed = new_sealed()
        await store.append(sealed, DIGEST)
        outcome = await client.push(sealed)
        assert isinstance(outcome, Accepted)
        await store.accept(outcome, 60)
        ids.append(sealed.message_id)
    return ids


async def _row(store: Store, message_id: str) -> Row:
    row = await store.get(message_id)
    assert row is not None
    return row


async def _states(store: Store, ids: list[str]) -> list[State]:
    return [(await _row(store, message_id)).state for message_id in ids]


def _questions(server: BudgeroServer) -> list[str | None]:
    return [
        request.message_id
        for request in server.requests
        if request.message_id is not None
    ]


def _junk(server: BudgeroServer) -> list[str | None]:
    return [item.message_id for item in server.queue if item.payload == QUESTION]


def _asked_user(server: BudgeroServer) -> int:
    return sum(request.path == QUEUE for request in server.requests)


def _set(server: BudgeroServer, message_id: str, status: str) -> None:
    [item] = [item for item in server.queue if item.message_id == message_id]
    server.set_status(item.id, status)


# Following


async def test_what_is_pending_is_never_asked_about(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """Also not in ninety days; it becomes no unknown one, and what moved is settled."""
    ids = await _accepted(store, client, 3)
    server.forget_requests()
    for _ in range(MAX_QUESTIONS + 5):
        clock.now += max(60, await store.seconds_until_due([State.ACCEPTED]))
        await tracker.ask_due()
        await tracker.ask_now()
    assert _questions(server) == []
    assert (await _row(store, ids[0])).questions == 0
    assert clock.now > 1_800_000_000 + 80 * DAY
    _set(server, ids[0], "processed")
    _set(server, ids[1], "failed")
    await tracker.ask_now()
    assert await _states(store, ids) == [
        State.PROCESSED,
        State.FAILED,
        State.ACCEPTED,
    ]
    await tracker.ask_now()
    assert _questions(server) == ids[:2]
    assert _junk(server) == []


async def test_one_look_tells_of_many(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer
) -> None:
    """The list has a hundred items; what came later than all of them waits as well."""
    await _accepted(store, client, 105)
    server.forget_requests()
    await tracker.ask_now()
    assert _questions(server) == []
    assert _asked_user(server) == 1
    first = [item.id for item in server.queue[:100]]
    for item in first:
        server.set_status(item, "processed")
    server.forget_requests()
    await tracker.ask_now()
    assert (await store.counts()).processed == 100
    assert (await store.counts()).accepted == 5
    assert len(_questions(server)) == 100


async def test_what_came_after_all_that_is_listed_waits(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """The list ends at a hundred; an app begins with the oldest."""
    ids = await _accepted(store, client, 105)
    server.forget_requests()
    clock.now += 60
    while await store.seconds_until_due([State.ACCEPTED]) <= 0:
        await tracker.ask_due()
    assert _questions(server) == []
    assert await _states(store, ids) == [State.ACCEPTED] * 105


async def test_a_full_list_hides_what_came_before(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """What is older than the last one listed, and not listed, was applied."""
    clock.now = 1_000_000_000.0
    [message_id] = await _accepted(store, client)
    _set(server, message_id, "processed")
    for _ in range(100):
        await client.push(new_sealed())
    await tracker.ask_now()
    assert await _states(store, [message_id]) == [State.PROCESSED]


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
    store: Store,
    client: Client,
    tracker: Tracker,
    server: BudgeroServer,
    clock: Clock,
    gate: Gate,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """Nothing is asked for a quarter of an hour, and sending goes on at once."""
    [message_id] = await _accepted(store, client)
    _set(server, message_id, "processed")
    clock.now += 60
    server.faults.add(fault)
    server.forget_requests()
    for _ in range(3):
        await tracker.ask_due()
        assert not await tracker.may_ask()
    assert len(server.requests) <= 4  # aiohttp asks twice where a connection ended
    assert _questions(server) == []
    assert gate.is_open
    assert gate.last_error is None
    server.faults.clear()
    loop = asyncio.get_running_loop()
    later = loop.time() + LONGEST_PAUSE
    monkeypatch.setattr(f"{Tracker.__module__}._now", lambda: later)
    monkeypatch.setattr(
        "custom_components.budgero.engine.push.sign_in.monotonic", lambda: later + 9
    )
    assert await tracker.may_ask()
    await tracker.ask_due()
    assert await _states(store, [message_id]) == [State.PROCESSED]


async def test_a_person_may_try_the_user_earlier(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """`homeassistant.update_entity` does not wait."""
    [message_id] = await _accepted(store, client)
    _set(server, message_id, "processed")
    clock.now += 60
    server.faults.add(Reply(method="GET", path=QUEUE, status=503))
    await tracker.ask_due()
    await tracker.ask_now()
    assert await _states(store, [message_id]) == [State.PROCESSED]
    assert await tracker.may_ask()


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
async def test_a_refused_user_tells_nothing(
    store: Store,
    client: Client,
    tracker: Tracker,
    server: BudgeroServer,
    clock: Clock,
    gate: Gate,
    fault: Fault,
) -> None:
    """Then the push token asks, as without a user; one sign-in was tried."""
    ids = await _accepted(store, client, 2)
    _set(server, ids[0], "processed")
    server.faults.add(fault)
    server.forget_requests()
    for _ in range(3):
        clock.now += 300
        await tracker.ask_due()
    assert await _states(store, ids) == [State.PROCESSED, State.ACCEPTED]
    assert (await _row(store, ids[1])).questions == 2
    assert sum(request.path == LOGIN for request in server.requests) == 1
    assert gate.is_open
    assert gate.hold is None


async def test_a_shut_gate_is_shut_for_the_user_too(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, gate: Gate
) -> None:
    """The server has asked for patience."""
    await _accepted(store, client)
    gate.pause("rate_limited")
    server.forget_requests()
    await tracker.ask_now()
    assert server.requests == []


async def test_what_vanished_is_asked_once(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """Somebody cleared the queue in Budgero: one junk item, and nobody looks again."""
    ids = await _accepted(store, client, 5)
    server.clear()
    server.forget_requests()
    for _ in range(4):
        clock.now += DAY
        await tracker.ask_due()
        await tracker.ask_now()
    assert await _states(store, ids) == [State.VANISHED] + [State.ACCEPTED] * 4
    assert _questions(server) == _junk(server) == ids[:1]


# Clearing the queue


type Clear = Callable[[], Awaitable[int]]


@pytest.mark.parametrize("include_all", [False, True])
async def test_clearing_settles_first(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
    include_all: bool,
) -> None:
    """What was applied stays applied; only what was pending is removed here."""
    ids = await _accepted(store, client, 4)
    _set(server, ids[0], "processed")
    _set(server, ids[1], "failed")
    server.forget_requests()
    clear = partial(user.clear_queue, include_all=include_all)
    cleared = await tracker.clear_queue(clear, include_all=include_all)
    assert cleared == (4 if include_all else 2)
    assert await _states(store, ids) == [
        State.PROCESSED,
        State.FAILED,
        State.REMOVED,
        State.REMOVED,
    ]
    assert (await _row(store, ids[2])).payload is None
    assert (await _row(store, ids[1])).payload is not None
    assert _questions(server) == ids[:2]
    await tracker.ask_now()
    assert _junk(server) == []


async def test_after_clearing_all_the_server_is_asked_about_nothing_old(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
) -> None:
    """It has forgotten them: a question would leave junk, and look like a wrong place."""
    ids = await _accepted(store, client, 2)
    for message_id in ids:
        _set(server, message_id, "processed")
    await tracker.ask_now()
    assert await store.known_to_server() is not None
    await tracker.clear_queue(
        partial(user.clear_queue, include_all=True), include_all=True
    )
    assert await store.known_to_server() is None


@pytest.mark.parametrize(("include_all", "left"), [(False, 1), (True, 0)])
async def test_junk_goes_with_the_queue(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
    include_all: bool,
    left: int,
) -> None:
    """What is no longer there is no longer subtracted."""
    for _ in range(2):
        await _accepted(store, client)
        server.clear()
        await tracker.ask_now()
        await store.mark_seen({State.VANISHED})
    await store.settle_junk_of(frozenset(_junk(server)[:1]))  # type: ignore[arg-type]
    overview = await store.overview()
    assert (overview.junk_pending, overview.junk_failed) == (1, 1)
    clear = partial(user.clear_queue, include_all=include_all)
    await tracker.clear_queue(clear, include_all=include_all)
    overview = await store.overview()
    assert (overview.junk_pending, overview.junk_failed) == (0, left)


async def test_more_than_an_app_applies_at_once(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
    clock: Clock,
) -> None:
    """All that is pending goes, however much it is."""
    clock.now = time.time() - 5  # so that the list alone does not tell
    ids = await _accepted(store, client, 130)
    for item in server.queue[:3]:
        server.set_status(item.id, "processed")
    assert await tracker.clear_queue(user.clear_queue, include_all=False) == 127
    states = await _states(store, ids)
    assert states == [State.PROCESSED] * 3 + [State.REMOVED] * 127


async def test_what_nobody_could_settle_stays(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
    gate: Gate,
) -> None:
    """It may have been applied: it is not called removed, and asked about later."""
    ids = await _accepted(store, client, 2)
    _set(server, ids[0], "processed")
    gate.pause("unreachable")
    assert await tracker.clear_queue(user.clear_queue, include_all=False) == 1
    assert await _states(store, ids) == [State.ACCEPTED] * 2
    gate.reset()
    await tracker.ask_now()
    assert await _states(store, ids) == [State.PROCESSED, State.VANISHED]


async def test_a_server_that_refuses_to_clear(
    store: Store,
    client: Client,
    tracker: Tracker,
    server: BudgeroServer,
) -> None:
    """Nothing has changed, here or there."""
    ids = await _accepted(store, client, 2)

    async def refuse() -> int:
        raise UserRefusedError

    with pytest.raises(UserRefusedError):
        await tracker.clear_queue(refuse, include_all=False)
    assert await _states(store, ids) == [State.ACCEPTED] * 2
    assert (await _row(store, ids[0])).error is None
    server.set_status(server.queue[0].id, "processed")
    await tracker.ask_now()
    assert await _states(store, ids) == [State.PROCESSED, State.ACCEPTED]


@pytest.fixture
def dies_after(user: ServerUser) -> Clear:
    """Clear the queue, and lose the answer."""

    async def clear() -> int:
        await user.clear_queue()
        raise InDoubtError

    return clear


async def test_a_lost_answer_shows_all_with_one_junk_item(
    store: Store,
    client: Client,
    tracker: Tracker,
    server: BudgeroServer,
    dies_after: Clear,
) -> None:
    """They are visible and not lost, and one question was enough for all of them."""
    ids = await _accepted(store, client, 5)
    _set(server, ids[0], "processed")
    with pytest.raises(InDoubtError):
        await tracker.clear_queue(dies_after, include_all=False)
    assert await _states(store, ids[1:]) == [State.ACCEPTED] * 4
    later = await _accepted(store, client)
    server.forget_requests()
    await tracker.ask_now()
    assert await _states(store, ids[1:]) == [State.VANISHED] * 4
    assert (await _row(store, ids[4])).payload is not None
    overview = await store.overview()
    assert (overview.vanished, overview.junk_pending) == (4, 1)
    await store.mark_seen({State.VANISHED})
    await tracker.ask_now()
    assert await _states(store, later) == [State.ACCEPTED]
    assert _questions(server) == _junk(server) == ids[1:2]


@pytest.mark.parametrize("error", [InDoubtError, UserRefusedError])
async def test_an_answer_lost_before_anything_was_cleared(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
    error: type[PushError],
) -> None:
    """The next look shows that all is as before; what comes later is told apart."""

    async def fail() -> int:
        raise error

    ids = await _accepted(store, client, 3)
    with pytest.raises(error):
        await tracker.clear_queue(fail, include_all=False)
    await tracker.ask_now()
    assert [(await _row(store, message_id)).error for message_id in ids] == [None] * 3
    server.clear()
    await tracker.ask_now()
    assert await _states(store, ids) == [State.VANISHED] + [State.ACCEPTED] * 2


async def test_cancelled_while_it_clears(
    path: Path,
    clock: Clock,
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
) -> None:
    """As if the answer had been lost; another life of the process knows it, too."""
    ids = await _accepted(store, client, 3)
    deleted = asyncio.Event()

    async def clear() -> int:
        await user.clear_queue()
        deleted.set()
        await asyncio.sleep(60)
        return 0

    clearing = asyncio.create_task(tracker.clear_queue(clear, include_all=False))
    await deleted.wait()
    clearing.cancel()
    await asyncio.wait({clearing})
    await store.close()
    reopened = Store(path, clock)
    await reopened.open()
    await _tracker(reopened, client, user).ask_now()
    assert await _states(reopened, ids) == [State.VANISHED] * 3
    assert _junk(server) == ids[:1]
    await reopened.close()


async def test_nothing_is_cleared_while_something_may_be_on_its_way(
    house: House,
) -> None:
    """It would be lost there, and unknown here."""
    message_id = await house.add()
    await house.store.begin_attempt(await house.row(message_id), 120)

    async def clear() -> int:
        raise AssertionError

    with pytest.raises(StillInDoubtError):
        await house.sender.clear_queue(clear, include_all=False)


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


# Putting back


async def _failed(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer
) -> Row:
    [message_id] = await _accepted(store, client)
    _set(server, message_id, "failed")
    await tracker.ask_now()
    row = await _row(store, message_id)
    assert row.state is State.FAILED
    return row


async def test_put_back_is_followed_again(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
    clock: Clock,
) -> None:
    """The same item is pending, and what becomes of it is noted."""
    row = await _failed(store, client, tracker, server)
    await store.mark_seen({State.FAILED})
    put_back = partial(user.put_back, row.accepted.queue_id)
    assert await tracker.put_back(row, put_back) is PutBack.PENDING
    again = await _row(store, row.message_id)
    assert (again.state, again.failed_by, again.error) == (State.ACCEPTED, None, None)
    assert [item.id for item in server.queue] == [row.queue_id]
    server.forget_requests()
    clock.now += 60
    await tracker.ask_due()
    assert _questions(server) == []
    _set(server, row.message_id, "failed")
    await tracker.ask_now()
    assert (await store.overview()).failed == 1  # a person has not seen this failure
    put_back = partial(user.put_back, row.accepted.queue_id)
    row = await _row(store, row.message_id)
    assert await tracker.put_back(row, put_back) is PutBack.PENDING
    _set(server, row.message_id, "processed")
    await tracker.ask_now()
    assert await _states(store, [row.message_id]) == [State.PROCESSED]


async def test_put_back_that_a_person_has_decided_otherwise(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer
) -> None:
    """What was removed or sent again meanwhile does not come back."""
    row = await _failed(store, client, tracker, server)

    async def put_back() -> PutBack:
        raise AssertionError

    await store.send_again(row.message_id, "new")
    assert await tracker.put_back(row, put_back) is None
    assert await _states(store, [row.message_id]) == [State.REMOVED]


async def test_put_back_that_never_arrives(
    store: Store,
    client: Client,
    tracker: Tracker,
    server: BudgeroServer,
    clock: Clock,
) -> None:
    """The next question tells that it is failed as before."""
    row = await _failed(store, client, tracker, server)

    async def put_back() -> PutBack:
        raise InDoubtError

    with pytest.raises(InDoubtError):
        await tracker.put_back(row, put_back)
    clock.now += 60
    await tracker.ask_due()
    assert await _states(store, [row.message_id]) == [State.FAILED]
    assert _junk(server) == []


async def test_put_back_cancelled_after_the_server_did_it(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
) -> None:
    """It is followed all the same: nobody sends it again under another id."""
    row = await _failed(store, client, tracker, server)
    done = asyncio.Event()

    async def put_back() -> PutBack:
        outcome = await user.put_back(row.accepted.queue_id)
        done.set()
        await asyncio.sleep(60)
        return outcome

    putting = asyncio.create_task(tracker.put_back(row, put_back))
    await done.wait()
    putting.cancel()
    await asyncio.wait({putting})
    assert await _states(store, [row.message_id]) == [State.ACCEPTED]
    assert server.counts.pending == 1


async def test_put_back_that_the_server_has_forgotten(
    store: Store,
    client: Client,
    tracker: Tracker,
    user: ServerUser,
    server: BudgeroServer,
    clock: Clock,
) -> None:
    """The server answers as if all were well; a question tells that it is gone."""
    row = await _failed(store, client, tracker, server)
    server.clear(all=True)
    put_back = partial(user.put_back, row.accepted.queue_id)
    assert await tracker.put_back(row, put_back) is PutBack.NOT_PENDING
    clock.now += 60
    await tracker.ask_due()
    vanished = await _row(store, row.message_id)
    assert (vanished.state, vanished.payload is None) == (State.VANISHED, False)


async def test_only_what_an_app_refused_is_followed_again(
    store: Store, tracker: Tracker
) -> None:
    """What the server refused is not in its queue."""
    message_id = await append(store)
    await store.fail(await _row(store, message_id), FailedBy.SERVER, "refused")

    async def put_back() -> PutBack:
        raise AssertionError

    row = await _row(store, message_id)
    assert await tracker.put_back(row, put_back) is None
    assert await _states(store, [message_id]) == [State.FAILED]


@pytest.mark.usefixtures("follow_soon")
async def test_put_back_is_booked_once(house: House, user: ServerUser) -> None:
    """The app had booked it, and lost its word: the same item is not booked twice."""
    house.start()
    await house.prove_key()
    message_id = await house.add("lunch")
    await house.until(message_id, State.ACCEPTED)
    house.server.apply()
    booked = len(house.server.bookings)
    [item] = [item for item in house.server.queue if item.message_id == message_id]
    house.server.set_status(item.id, "failed")
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
