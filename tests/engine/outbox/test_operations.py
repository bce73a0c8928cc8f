"""Deleting, testing the key, and what else newer servers know, in the outbox."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from math import inf
import time

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import Hold, Row, State, StateChange
from custom_components.budgero.engine.outbox.clock_dates import ClockDates
from custom_components.budgero.engine.outbox.flood import FloodGuard
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import (
    Content,
    Deletion,
    Feature,
    KeyTest,
    Transfer,
    Update,
    WireFormat,
)
from custom_components.budgero.engine.push.errors import UnsupportedError
from tests.budgero_server import BudgeroServer, Reply

from .helpers import DAY, Clock, change, unfinished
from .house import SPEC, House
from .wait import Wait

NEWER = frozenset(Feature)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[BudgeroServer]:
    """A newer Budgero server, whose app fails what it does not know."""
    async with BudgeroServer(api_limit=None, release="1.16-strict") as server:
        yield server


@pytest.fixture
def changes(house: House) -> list[StateChange]:
    """What the sender tells of."""
    told: list[StateChange] = []
    house.sender.subscribe(lambda change: told.append(change) if change else None)
    return told


async def hand_over(house: House, content: Content) -> Row:
    """Append what changes something; return its row."""
    appended = await house.store.append(house.client.seal(content), b"digest")
    house.sender.wake()
    return appended.row


async def booked(house: House) -> str:
    """Return a transaction that the app has booked."""
    message_id = await house.add()
    await house.until(message_id, State.ACCEPTED)
    house.server.apply()
    await house.sender.ask_now()
    await house.until(message_id, State.PROCESSED)
    return message_id


# Deleting


async def test_a_deletion_removes_its_target_when_it_is_true(house: House) -> None:
    """Not when it is asked for, and not when the server takes it."""
    house.start()
    message_id = await booked(house)
    deletion = await hand_over(house, Deletion(target=message_id))
    await house.until(deletion.message_id, State.ACCEPTED)
    assert (await house.row(message_id)).state is State.PROCESSED

    house.server.apply()
    await house.sender.ask_now()
    await house.until(deletion.message_id, State.PROCESSED)
    assert (await house.row(message_id)).state is State.REMOVED
    assert house.server.bookings == []


async def test_a_transfer_is_removed_by_its_deletion(house: House) -> None:
    """Both legs go, and the row with them."""
    house.start()
    transfer = Transfer(
        from_account=1, to_account=3, budget=1, date=date(2026, 5, 4), amount=Decimal(5)
    )
    row = await hand_over(house, transfer)
    await house.until(row.message_id, State.ACCEPTED)
    house.server.apply()
    assert len(house.server.bookings) == 2
    content = Deletion(target=row.message_id, transfer_id=row.target)
    deletion = await hand_over(house, content)
    await house.until(deletion.message_id, State.ACCEPTED)
    house.server.apply()
    await house.sender.ask_now()
    await house.until(deletion.message_id, State.PROCESSED)
    assert (await house.row(row.message_id)).state is State.REMOVED
    assert house.server.bookings == []


async def test_a_deletion_whose_target_was_forgotten(house: House) -> None:
    """Its row is long gone; the deletion ends all the same."""
    house.start()
    message_id = await booked(house)
    deletion = await hand_over(house, Deletion(target=message_id))
    await house.until(deletion.message_id, State.ACCEPTED)
    await house.store.times.note_time(time.time())
    house.ahead = 91 * DAY
    await house.store.times.note_time(time.time() + house.ahead)
    assert await house.store.get(message_id) is None
    house.server.apply()
    await house.sender.ask_now()
    await house.until(deletion.message_id, State.PROCESSED)


async def test_a_failed_deletion_removes_nothing(house: House) -> None:
    """The transaction stays what it was; a person sees that something failed."""
    house.start()
    message_id = await booked(house)
    deletion = await hand_over(house, Deletion(target=message_id))
    await house.until(deletion.message_id, State.ACCEPTED)
    [item] = [item for item in house.server.queue if item.message_id != message_id]
    house.server.set_status(item.id, "failed")
    await house.sender.ask_now()
    await house.until(deletion.message_id, State.FAILED)
    assert (await house.row(message_id)).state is State.PROCESSED
    assert (await house.store.review.overview()).counts.failed == 1


async def test_one_deletion_of_a_transaction_is_enough(house: House) -> None:
    """While one is under way, another one is the same; a failed one may be repeated."""
    first = await hand_over(house, Deletion(target="m"))
    assert await hand_over(house, Deletion(target="m")) == first
    other = await hand_over(house, Deletion(target="n"))
    assert other.message_id != first.message_id
    house.start()
    await house.until(first.message_id, State.ACCEPTED)
    again = await hand_over(house, Deletion(target="m"))
    assert again.message_id == first.message_id
    house.server.apply()
    await house.sender.ask_now()
    await house.until(first.message_id, State.FAILED)
    assert (await hand_over(house, Deletion(target="m"))).state is State.WAITING


async def test_two_changes_are_two_changes(house: House) -> None:
    """Only deletions and tests are the same as one another."""
    first = await hand_over(house, Update(target="m", memo="a"))
    second = await hand_over(house, Update(target="m", memo="a"))
    assert first.message_id != second.message_id


async def test_changes_arrive_in_their_order(house: House) -> None:
    """However long the first one takes, the second one does not overtake it."""
    house.start()
    message_id = await booked(house)
    await house.stop()
    first = await hand_over(house, Update(target=message_id, memo="first"))
    second = await hand_over(house, Update(target=message_id, memo="second"))
    other = await house.add()
    go_on = asyncio.Event()
    house.server.faults.add(Wait(message_id=first.message_id, go_on=go_on))
    house.start()
    await house.until(other, State.ACCEPTED)
    assert (await house.row(second.message_id)).attempts == 0
    go_on.set()
    await house.until_all([first.message_id, second.message_id], State.ACCEPTED)
    assert house.queued_ids()[-2:] == [first.message_id, second.message_id]
    house.server.apply()
    assert [booking.memo for booking in house.server.bookings] == ["second", ""]


async def test_a_change_waits_for_one_that_is_held(house: House) -> None:
    """And nothing is busy meanwhile."""
    first = await hand_over(house, Update(target="m", memo="first"))
    await house.store.holds.hold(Hold.KEY)
    second = await hand_over(house, Update(target="m", memo="second"))
    await change(house.store, second.message_id, held=None)  # only the later may go
    assert await house.store.waiting.due(State.WAITING, DAY, 20) == []
    assert await house.store.waiting.seconds_until_due([State.WAITING]) == inf
    await house.store.review.remove(first.message_id)
    [row] = await house.store.waiting.due(State.WAITING, DAY, 20)
    assert row.message_id == second.message_id


# Testing the key


async def test_a_processed_test_proves_the_key(
    house: House, changes: list[StateChange]
) -> None:
    """An app with the same key has opened it; nobody else hears of it."""
    await house.server.update("1.16")
    house.start()
    test = await hand_over(house, KeyTest())
    await house.until(test.message_id, State.ACCEPTED)
    assert [house.sender.is_key_proven] == [False]
    house.server.apply()
    await house.sender.ask_now()
    await house.until(test.message_id, State.PROCESSED)
    assert [house.sender.is_key_proven] == [True]
    assert changes == []
    assert await house.store.review.counts() == Counts()


async def test_a_failed_test_means_nothing(
    house: House, changes: list[StateChange]
) -> None:
    """An app may fail what it does not know: nothing is held, nothing has failed."""
    house.start()
    test = await hand_over(house, KeyTest())
    await house.until(test.message_id, State.ACCEPTED)
    house.server.apply()
    assert house.server.counts.failed == 1
    await house.sender.ask_now()
    row = await house.until(test.message_id, State.REMOVED)
    assert row.payload is None
    assert not house.sender.is_key_proven
    assert house.sender.hold is None
    overview = await house.store.review.overview()
    assert (overview.counts, overview.counts.failed, overview.leftover_failed) == (
        Counts(),
        0,
        1,
    )
    assert not [change for change in changes if change.state is State.FAILED]


async def test_a_test_goes_out_while_the_key_is_in_question(house: House) -> None:
    """That is when a household wants to know; and it delivers what waits."""
    await house.server.update("1.16")
    await house.store.holds.hold(Hold.KEY)
    waiting = await house.add()
    test = await hand_over(house, KeyTest())
    assert test.held is None
    house.start()
    await house.until(test.message_id, State.ACCEPTED)
    assert (await house.row(waiting)).held is Hold.KEY
    house.server.apply()
    await house.sender.ask_now()
    await house.until(waiting, State.ACCEPTED)
    assert house.sender.hold is None


async def test_a_waiting_test_is_not_held_for_the_key(house: House) -> None:
    """Neither is one that was there before the first failure."""
    test = await hand_over(house, KeyTest())
    waiting = await house.add()
    await house.store.holds.hold(Hold.KEY)
    assert (await house.row(test.message_id)).held is None
    assert (await house.row(waiting)).held is Hold.KEY
    await house.store.holds.hold(Hold.WORKSPACE)
    assert (await house.row(test.message_id)).held is Hold.WORKSPACE
    another = await hand_over(house, KeyTest())
    assert another.message_id == test.message_id


async def test_a_test_for_another_workspace_waits(house: House) -> None:
    """It would tell of the wrong key."""
    await house.store.holds.hold(Hold.WORKSPACE)
    assert (await hand_over(house, KeyTest())).held is Hold.WORKSPACE


async def test_a_test_counts_nowhere(
    store: Store, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting, accepted or vanished, it is no transaction; and no flood either."""
    monkeypatch.setattr(FloodGuard, "is_flood", lambda *_: True)
    appended = await store.append(house.client.seal(KeyTest()), b"digest")
    assert appended.row.held is None
    overview = await store.review.overview()
    assert (overview.counts, overview.held) == (Counts(), {})
    assert overview.oldest_waiting is None


async def test_a_test_that_vanished_leaves_only_its_leftover(house: House) -> None:
    """Nobody has to decide about it."""
    house.start()
    test = await hand_over(house, KeyTest())
    await house.until(test.message_id, State.ACCEPTED)
    house.server.clear(all=True)
    await house.sender.ask_now()
    await house.until(test.message_id, State.REMOVED)
    overview = await house.store.review.overview()
    assert (overview.counts.vanished, overview.leftover_pending) == (0, 1)


async def test_a_test_that_is_pending_goes_on(house: House) -> None:
    """No app was opened yet."""
    house.start()
    test = await hand_over(house, KeyTest())
    await house.until(test.message_id, State.ACCEPTED)
    await house.sender.ask_now()
    row = await house.row(test.message_id)
    assert (row.state, row.questions) == (State.ACCEPTED, 1)


async def test_a_test_that_nobody_ever_answered(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After three months of questions it goes."""
    house.start()
    test = await hand_over(house, KeyTest())
    row = await house.until(test.message_id, State.ACCEPTED)
    await house.stop()  # who works would ask in between
    for _ in range(60):
        await house.store.accepted.begin_question(row, -1.0)
    house.start()
    await house.until(test.message_id, State.REMOVED)


# What the server knows


async def test_what_the_server_knows_is_remembered(house: House) -> None:
    """Also across a restart without the server."""
    with pytest.raises(UnsupportedError) as caught:
        house.sender.spec.require(frozenset({Feature.DELETE}))
    assert not caught.value.is_known
    house.start()
    await house.until_sender(lambda sender: sender.spec.operations == NEWER)
    house.sender.spec.require(NEWER)
    await house.server.stop()
    await house.close()
    await house.open()
    assert house.sender.spec.operations == NEWER


async def test_what_the_server_does_not_know(house: House) -> None:
    """An older one knows transactions, and says so."""
    await house.server.update("1.6")
    house.start()
    await house.until_sender(lambda sender: sender.spec.operations == {Feature.ADD})
    house.sender.spec.require(frozenset())
    with pytest.raises(UnsupportedError) as caught:
        house.sender.spec.require(frozenset({Feature.DELETE}))
    assert caught.value.is_known


async def test_only_format_2_will_do(house: House) -> None:
    """A server of whole units is none of those that know more."""
    house.sender.spec.operations = NEWER
    house.sender.spec.wire_format = WireFormat.DECIMALS
    with pytest.raises(UnsupportedError):
        house.sender.spec.require(frozenset({Feature.SPLITS}))


async def test_words_of_a_foreign_server_are_not_kept(house: House) -> None:
    """Only names that mean something here go to disk."""
    body: dict[str, object] = {
        "supported_operations": {"transactions.add": {}, "x" * 1000: {}}
    }
    house.server.faults.add(Reply(method="GET", path=SPEC, status=200, json=body))
    house.start()
    await house.until_sender(lambda sender: bool(sender.spec.operations))
    assert house.sender.spec.operations == {Feature.ADD}


@pytest.mark.usefixtures("hurry")
async def test_an_updated_server_is_asked_again(house: House) -> None:
    """While it did not answer it may have been updated."""
    await house.server.update("1.6")
    house.start()
    await house.until_sender(lambda sender: sender.spec.operations == {Feature.ADD})
    await house.server.stop()
    await house.add()
    await house.until_sender(lambda sender: sender.last_error is not None)
    await house.server.update("1.16")
    house.sender.wake()
    await house.until_sender(lambda sender: sender.spec.operations == NEWER)
    specs = [each for each in house.server.requests if each.path == SPEC]
    assert len(specs) == 2


# Dates


async def test_the_date_of_a_transfer_is_put_right(
    house: House, session: ClientSession
) -> None:
    """Like that of a transaction; what a change says of a date was said by a person."""
    clock = Clock(ahead=DAY - Clock.now)
    store = Store(house.path.with_name("other"), clock, clock.steady)
    await store.open()
    transfer = Transfer(
        from_account=1, to_account=3, budget=1, date=date(1970, 1, 2), amount=Decimal(5)
    )
    update = Update(target="m", date=date(1970, 1, 2))
    for content in (transfer, update):
        sealed = house.client.seal(content, type(content).__name__)
        await store.append(sealed, b"digest", is_dated=True)
    await store.times.note_time(clock.now)
    dates = ClockDates(store, house.client, house.sender.spec, date.fromtimestamp)
    await dates.fix()
    rows = {row.message_id: row for row in await unfinished(store)}
    await store.close()

    def opened(row: Row) -> bytes:
        return house.client.key.open(row.sealed.payload)

    mended = Transfer.from_wire(opened(rows["Transfer"]))
    assert mended == replace(transfer, date=date.fromtimestamp(2_000_000_000.0))
    assert Update.from_wire(opened(rows["Update"])) == update
