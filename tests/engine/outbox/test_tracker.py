"""Following what was accepted: rarely, about nothing else, and with one junk item."""

import asyncio

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import FailedBy, Row, State, Store
from custom_components.budgero.engine.outbox.gate import Gate
from custom_components.budgero.engine.outbox.key_trust import KeyTrust
from custom_components.budgero.engine.outbox.policy import (
    BATCH,
    LONGEST_PAUSE,
    MAX_QUESTIONS,
    MAX_QUESTIONS_NOW,
)
from custom_components.budgero.engine.outbox.signal import Signal
from custom_components.budgero.engine.outbox.tracker import Tracker
from custom_components.budgero.engine.outbox.workspace import WorkspaceCheck
from custom_components.budgero.engine.push import Accepted, Client, Sealed, SpaceKey
from custom_components.budgero.engine.push.client import QUESTION
from tests.budgero_server import BudgeroServer, Delay, Drop, Reply, TruncatedBody

from .helpers import DAY, DIGEST, Clock, append, new_sealed
from .house import House, until

pytestmark = pytest.mark.usefixtures("hurry")


@pytest.fixture
def client(server: BudgeroServer, session: ClientSession) -> Client:
    """A client of the household's server."""
    key = SpaceKey.parse(server.space_key)
    return Client(session, server.url, server.token, key)


@pytest.fixture
def gate(client: Client) -> Gate:
    """A gate that nobody listens to."""
    return Gate(client, Signal())


@pytest.fixture
def tracker(store: Store, client: Client, gate: Gate) -> Tracker:
    """A tracker with a wall clock to set."""
    trust = KeyTrust(store, client.key.fingerprint)
    workspace = WorkspaceCheck(store, client, gate, Signal())
    return Tracker(store, client, None, gate, workspace, trust, Signal())


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


async def _states(store: Store, ids: list[str]) -> list[State]:
    rows = [await store.get(message_id) for message_id in ids]
    return [row.state for row in rows if row is not None]


async def _row(store: Store, message_id: str) -> Row:
    row = await store.get(message_id)
    assert row is not None
    return row


def _junk(server: BudgeroServer) -> list[str | None]:
    return [item.message_id for item in server.queue if item.payload == QUESTION]


def _questions(server: BudgeroServer) -> list[str | None]:
    return [request.message_id for request in server.requests]


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
    store: Store,
    client: Client,
    tracker: Tracker,
    server: BudgeroServer,
    status: str,
    state: State,
    failed_by: FailedBy | None,
) -> None:
    """Only processed takes the payload away; an unheard-of word settles nothing."""
    [message_id] = await _accepted(store, client)
    server.set_status(server.queue[0].id, status)
    await tracker.ask_now()
    row = await _row(store, message_id)
    assert (row.state, row.failed_by) == (state, failed_by)
    assert (row.payload is None) == (state is State.PROCESSED)
    assert (row.questions, row.in_doubt) == (1, False)
    assert len(server.queue) == 1


async def test_nothing_is_asked_before_its_time(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """First after a minute, then after another one."""
    ids = await _accepted(store, client)
    server.forget_requests()
    await tracker.ask_due()
    assert _questions(server) == []
    clock.now += 60
    await tracker.ask_due()
    await tracker.ask_due()
    assert _questions(server) == ids
    clock.now += 60
    await tracker.ask_due()
    assert _questions(server) == ids * 2


async def test_after_ninety_days_it_is_visibly_unknown(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """At most sixty questions; the payload stays."""
    [message_id] = await _accepted(store, client)
    began = clock.now
    server.forget_requests()
    while (await _row(store, message_id)).state is State.ACCEPTED:
        clock.now += await store.seconds_until_due([State.ACCEPTED])
        await tracker.ask_due()
    assert 88 * DAY < clock.now - began < 92 * DAY
    assert len(server.requests) == MAX_QUESTIONS
    row = await _row(store, message_id)
    assert (row.state, row.payload is None) == (State.UNKNOWN, False)
    await tracker.ask_now()
    assert len(server.requests) <= MAX_QUESTIONS


async def test_asking_by_hand_leaves_questions_for_their_time(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """A dashboard that asks all day does not make a transaction unknown."""
    [message_id] = await _accepted(store, client)
    server.forget_requests()
    for _ in range(MAX_QUESTIONS + 5):
        await tracker.ask_now()
    assert len(server.requests) == MAX_QUESTIONS_NOW
    assert (await _row(store, message_id)).state is State.ACCEPTED
    [item] = server.queue
    server.set_status(item.id, "processed")
    clock.now += await store.seconds_until_due([State.ACCEPTED])
    await tracker.ask_due()
    assert (await _row(store, message_id)).state is State.PROCESSED


@pytest.mark.parametrize(
    "answer", [Reply(status=400, json={"message": "no"}), Drop(), Reply(status=502)]
)
async def test_a_question_that_may_have_arrived_counts(
    store: Store,
    client: Client,
    tracker: Tracker,
    server: BudgeroServer,
    clock: Clock,
    answer: Reply | Drop,
) -> None:
    """Nobody is asked for ever who does not answer; asking again takes its time."""
    [message_id] = await _accepted(store, client)
    server.faults.add(answer)
    clock.now += 60
    await tracker.ask_due()
    row = await _row(store, message_id)
    assert (row.state, row.questions) == (State.ACCEPTED, 1)
    assert row.not_before == clock.now + 60


@pytest.mark.parametrize("fault", [Drop(after_commit=True), TruncatedBody()])
async def test_a_lost_answer_leaves_no_second_junk_item(
    store: Store,
    client: Client,
    tracker: Tracker,
    server: BudgeroServer,
    clock: Clock,
    gate: Gate,
    fault: Drop | TruncatedBody,
) -> None:
    """The item that the next question meets is the junk of the lost one."""
    ids = await _accepted(store, client, 3)
    server.clear(all=True)
    server.faults.add(fault)
    for _ in range(3):
        clock.now += 60
        gate.reset()
        await tracker.ask_now()
    assert await _states(store, ids) == [State.VANISHED] + [State.ACCEPTED] * 2
    assert _junk(server) == ids[:1]


async def test_a_question_is_on_disk_before_it_is_asked(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer
) -> None:
    """So that a restart in mid-question knows that it may have arrived."""
    [message_id] = await _accepted(store, client)
    server.forget_requests()
    server.faults.add(Delay(seconds=60))
    asking = asyncio.create_task(tracker.ask_now())
    await until(lambda: asyncio.sleep(0, message_id in _questions(server)))
    asking.cancel()
    await asyncio.wait([asking])
    row = await _row(store, message_id)
    assert (row.questions, row.in_doubt, row.state) == (1, True, State.ACCEPTED)


async def test_a_question_that_never_left_does_not_count(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer
) -> None:
    """A server that is away costs no question."""
    [message_id] = await _accepted(store, client)
    before = await _row(store, message_id)
    await server.stop()
    await tracker.ask_now()
    assert await _row(store, message_id) == before


async def test_only_what_was_accepted_is_asked_about(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """A question about anything else would leave a junk item at once."""
    settled = await _accepted(store, client, 4)
    for message_id, state in zip(settled, State, strict=False):
        row = await _row(store, message_id)
        match state:
            case State.WAITING:
                await store.finish(row)
            case State.ACCEPTED:
                await store.fail(row, FailedBy.APP, "failed")
            case State.PROCESSED:
                await store.give_up(row)
            case _:
                await store.mark_duplicate(row, "theirs")
    waiting, in_doubt = [await append(store) for _ in range(2)]
    await store.begin_attempt(await _row(store, in_doubt), 120)
    [accepted] = await _accepted(store, client)
    server.forget_requests()
    clock.now += 10 * DAY
    await tracker.ask_now()
    await tracker.ask_due()
    assert set(_questions(server)) == {accepted}
    assert _junk(server) == []
    assert await _states(store, [waiting, in_doubt]) == [State.WAITING] * 2


async def test_what_vanished_is_found_out_with_one_junk_item(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """One question tells; nothing more is asked until a person has seen it."""
    ids = await _accepted(store, client, 5)
    server.clear(all=True)
    clock.now += 60
    for _ in range(3):
        await tracker.ask_due()
        await tracker.ask_now()
        clock.now += DAY
    assert await _states(store, ids) == [State.VANISHED] + [State.ACCEPTED] * 4
    assert _junk(server) == ids[:1]
    assert not await tracker.may_ask()
    assert (await store.overview()).vanished == 1
    assert (await _row(store, ids[0])).payload is not None


async def test_a_person_lets_the_following_go_on(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """What the server still knows is settled, and the next vanished one stops again."""
    lost = await _accepted(store, client, 2)
    server.clear(all=True)
    [kept] = await _accepted(store, client)
    server.set_status(server.queue[0].id, "processed")
    clock.now += 60
    await tracker.ask_due()
    await store.mark_seen({State.VANISHED})
    assert await tracker.may_ask()
    assert (await store.overview()).vanished == 0
    await tracker.ask_due()
    assert await _states(store, lost) == [State.VANISHED] * 2
    assert not await tracker.may_ask()
    await store.mark_seen({State.VANISHED})
    await tracker.ask_due()
    assert await _states(store, [kept]) == [State.PROCESSED]
    assert _junk(server) == lost


async def test_an_older_backup_of_the_server(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer
) -> None:
    """What it knows is followed until the first one that it lost."""
    [known] = await _accepted(store, client)
    server.set_status(server.queue[0].id, "processed")
    backup = server.snapshot()
    lost = await _accepted(store, client, 2)
    server.restore(backup)
    await tracker.ask_now()
    assert await _states(store, [known, *lost]) == [
        State.PROCESSED,
        State.VANISHED,
        State.ACCEPTED,
    ]
    assert len(_junk(server)) == 1


async def test_an_answer_about_another_item_settles_nothing(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer
) -> None:
    """The id was lost and taken anew by somebody else."""
    [message_id] = await _accepted(store, client)
    server.clear(all=True)
    await client.push(Sealed(message_id, "theirs"))
    server.set_status(server.queue[0].id, "processed")
    await tracker.ask_now()
    row = await _row(store, message_id)
    assert (row.state, row.payload is None) == (State.ACCEPTED, False)


async def test_two_who_ask_at_once_leave_one_junk_item(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """Never are two questions in flight."""
    ids = await _accepted(store, client, 3)
    server.clear(all=True)
    server.forget_requests()
    server.faults.add(Delay(seconds=0.1))
    clock.now += 60
    await asyncio.gather(
        tracker.ask_due(), tracker.ask_now(), tracker.ask_now(), tracker.ask_due()
    )
    assert _questions(server) == _junk(server) == ids[:1]


async def test_the_question_is_never_booked(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer
) -> None:
    """The app fails the junk item."""
    await _accepted(store, client)
    server.clear(all=True)
    await tracker.ask_now()
    assert (server.apply().failed, server.bookings) == (1, [])


async def test_trouble_ends_a_round(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, gate: Gate
) -> None:
    """After one that failed the gate is shut for the others."""
    await _accepted(store, client, 3)
    server.forget_requests()
    server.faults.add(Reply(status=503, times=None))
    await tracker.ask_now()
    assert len(server.requests) == 1
    assert gate.last_error == "server_trouble"


async def test_a_long_list_is_asked_in_portions(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """What waits is not kept back until all of it has been asked."""
    await _accepted(store, client, BATCH + 1)
    clock.now += 60
    server.forget_requests()
    await tracker.ask_due()
    assert len(server.requests) == BATCH
    await tracker.ask_due()
    assert len(server.requests) == BATCH + 1


async def test_a_clock_set_back_stalls_no_question(
    store: Store, client: Client, tracker: Tracker, server: BudgeroServer, clock: Clock
) -> None:
    """A time to ask that lies years ahead comes from a wrong clock."""
    clock.now += 3650 * DAY
    [message_id] = await _accepted(store, client)
    clock.now -= 3650 * DAY
    server.set_status(server.queue[0].id, "processed")
    assert await store.seconds_until_due([State.ACCEPTED]) > LONGEST_PAUSE
    await tracker.ask_due()
    assert await _states(store, [message_id]) == [State.PROCESSED]


# Through the sender


@pytest.mark.usefixtures("follow_soon")
async def test_what_vanished_stops_following_but_not_sending(
    house: House,
) -> None:
    """Also across a restart at any moment; confirming it goes on."""
    ids = await house.add_all(2)
    house.start()
    await house.until_all(ids, State.ACCEPTED)
    house.server.clear(all=True)
    await house.until_sender(lambda sender: bool(_junk(house.server)))
    await house.restart()
    later = await house.add()
    await house.until(later, State.ACCEPTED)
    await house.sender.ask_now()
    await asyncio.sleep(0.2)
    assert len(_junk(house.server)) == 1
    assert (await house.store.overview()).vanished == 1

    await house.sender.confirm_vanished()
    await house.until_all(ids, State.VANISHED)
    assert len(_junk(house.server)) == 2


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
