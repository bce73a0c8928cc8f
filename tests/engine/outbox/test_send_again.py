"""What a person decides about what is stranded: it is booked, or it is sent again."""

import pytest

from custom_components.budgero.engine.outbox import (
    FailedBy,
    Hold,
    NotPossibleError,
    Row,
    State,
    UnknownTransactionError,
)
from custom_components.budgero.engine.outbox.rows import STRANDED
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Sealed
from custom_components.budgero.engine.push.models import Operation
from tests.budgero_server import Drop

from .helpers import accept, append, row_of, unfinished
from .house import House

pytestmark = pytest.mark.usefixtures("hurry")


async def _strand(store: Store, message_id: str, state: State) -> Row:
    """Let something be stranded that Budgero has, or has had."""
    row = await accept(store, message_id)
    match state:
        case State.FAILED:
            await store.accepted.fail(row, FailedBy.APP, "failed")
        case State.DUPLICATE:
            await store.waiting.mark_duplicate(row, "theirs")
        case State.UNKNOWN:
            await store.inquiry.give_up(row)
        case _:
            await store.inquiry.mark_vanished(row)
    return await row_of(store, message_id)


@pytest.mark.parametrize("state", sorted(STRANDED))
async def test_what_a_person_found_is_finished(store: Store, state: State) -> None:
    """The payload goes, the id stays; the server need not know it any more."""
    message_id = await append(store)
    await _strand(store, message_id, state)
    await store.review.confirm_booked(message_id)
    row = await row_of(store, message_id)
    assert (row.state, row.payload, row.in_doubt) == (State.PROCESSED, None, False)
    assert await unfinished(store) == []
    assert await store.accepted.known_to_server() is None
    with pytest.raises(NotPossibleError):
        await store.review.confirm_booked(message_id)


async def test_only_what_is_stranded_is_confirmed(store: Store) -> None:
    """The others are settled by Budgero's word."""
    message_id = await append(store)
    for _ in range(2):
        with pytest.raises(NotPossibleError):
            await store.review.confirm_booked(message_id)
        await accept(store, message_id)
    with pytest.raises(UnknownTransactionError):
        await store.review.confirm_booked("nobody's")


async def test_a_deletion_that_a_person_found_removes_its_target(store: Store) -> None:
    """As if an app had told of it."""
    target = await append(store)
    await _strand(store, target, State.UNKNOWN)
    await store.append(Sealed("delete", "sealed", Operation.DELETE, target), b"")
    await _strand(store, "delete", State.FAILED)
    await store.review.confirm_booked("delete")
    assert (await row_of(store, target)).state is State.REMOVED


async def _vanished(house: House, number: int = 1) -> list[str]:
    """Let the server forget so many, about which nobody asked it."""
    house.start()
    ids = await house.add_all(number)
    await house.until_all(ids, State.ACCEPTED)
    await house.stop()
    await _forget(house, ids)
    return ids


async def _forget(house: House, ids: list[str]) -> None:
    """Let the server forget these; a question about another one tells of it."""
    asked = await accept(house.store, await house.add("asked about"))
    await house.store.server_queue.begin_clearing(
        [asked, *[await house.row(message_id) for message_id in ids]]
    )
    house.server.clear(all=True)
    await house.store.inquiry.mark_vanished(await house.row(asked.message_id))
    assert await house.states(ids) == [State.VANISHED] * len(ids)


async def test_what_nobody_asked_about_keeps_its_id(house: House) -> None:
    """The same id and the same body: it is delivered anew, and followed."""
    [message_id] = await _vanished(house)
    before = await house.row(message_id)
    again = await house.store.review.send_again(message_id, "new")
    assert (again.message_id, again.state) == (message_id, State.WAITING)
    assert (again.payload, again.queue_id) == (before.payload, before.queue_id)
    assert await house.store.get("new") is None
    await house.restart()
    row = await house.until(message_id, State.ACCEPTED)
    [item] = house.server.queue
    assert (item.id, item.payload) == (row.queue_id, before.payload)
    assert row.queue_id != before.queue_id


async def test_it_waits_with_the_others_of_a_held_outbox(house: House) -> None:
    """A person decides about this one, not about the reason of the hold."""
    [message_id] = await _vanished(house)
    await house.store.holds.hold(Hold.KEY)
    assert (await house.store.review.send_again(message_id, "new")).held is Hold.KEY


async def test_what_was_never_gone_is_followed_as_before(house: House) -> None:
    """The server names its own item: nothing is added to the queue."""
    house.start()
    message_id = await house.add()
    before = await house.until(message_id, State.ACCEPTED)
    await house.stop()
    backup = house.server.snapshot()
    await _forget(house, [message_id])
    house.server.restore(backup)
    await house.store.review.send_again(message_id, "new")
    await house.restart()
    row = await house.until(message_id, State.ACCEPTED)
    assert (row.queue_id, row.accepted_at) == (before.queue_id, before.accepted_at)
    assert (row.in_doubt, row.error) == (False, None)
    assert house.queued_ids() == [message_id]


async def test_an_id_that_is_somebody_elses_by_now_is_left_to_a_person(
    house: House,
) -> None:
    """The server names another item: whose it is nobody can tell."""
    [message_id] = await _vanished(house)
    await house.client.push(Sealed(message_id, "theirs"))
    await house.store.review.send_again(message_id, "new")
    await house.restart()
    row = await house.until(message_id, State.DUPLICATE)
    assert row.payload is not None
    assert [item.payload for item in house.server.queue] == ["theirs"]


async def test_a_lost_answer_to_it_is_no_duplicate(house: House) -> None:
    """The item that the next attempt meets is the one that the lost one made."""
    [message_id] = await _vanished(house)
    house.server.faults.add(Drop(after_commit=True))
    await house.store.review.send_again(message_id, "new")
    await house.restart()
    row = await house.until(message_id, State.ACCEPTED)
    assert [item.id for item in house.server.queue] == [row.queue_id]


@pytest.mark.parametrize("is_in_doubt", [False, True])
async def test_what_was_asked_about_gets_a_new_id(
    store: Store, is_in_doubt: bool
) -> None:
    """A question may have left an item of its id, which no app can book."""
    message_id = await append(store)
    row = await accept(store, message_id)
    if is_in_doubt:
        await store.server_queue.begin_clearing([row])
        await store.accepted.begin_question(row, 60)
        other = await accept(store, await append(store))
        await store.server_queue.begin_clearing([other])
        await store.inquiry.mark_vanished(await row_of(store, other.message_id))
    else:
        await store.inquiry.mark_vanished(row)
    assert (await row_of(store, message_id)).state is State.VANISHED
    again = await store.review.send_again(message_id, "new")
    assert (again.message_id, again.replaces) == ("new", message_id)
    assert (again.payload, again.queue_id) == (row.payload, None)
    assert (await row_of(store, message_id)).state is State.REMOVED
