"""Transactions on their way: when they are due, in doubt, accepted, and settled."""

from math import inf

import pytest

from custom_components.budgero.engine.outbox import FailedBy, State, Store
from custom_components.budgero.engine.outbox.policy import LONGEST_REST
from custom_components.budgero.engine.push import Accepted

from .helpers import DAY, DIGEST, Clock, accept, append, new_sealed, row_of

_SET_ASIDE = {State.VANISHED: Store.mark_vanished, State.UNKNOWN: Store.give_up}


async def test_an_attempt_puts_it_in_doubt(store: Store, clock: Clock) -> None:
    """It rests, and is due again when that is over."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.begin_attempt(row, 120)
    begun = await row_of(store, "m")
    assert (begun.attempts, begun.in_doubt, begun.state) == (1, True, State.WAITING)
    assert begun.sealed == row.sealed
    assert await store.seconds_until_due([State.WAITING]) == 120
    clock.now += 119
    assert await store.due(State.WAITING, LONGEST_REST, 10) == []
    clock.now += 1
    assert await store.due(State.WAITING, LONGEST_REST, 10) == [begun]


async def test_an_attempt_that_never_left_is_no_doubt(store: Store) -> None:
    """It says why it still waits."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.begin_attempt(row, 120)
    await store.keep_waiting(row, in_doubt=False, rest=0, error="unreachable")
    kept = await row_of(store, "m")
    assert (kept.attempts, kept.in_doubt, kept.error) == (1, False, "unreachable")
    assert await store.due(State.WAITING, LONGEST_REST, 10) == [kept]


async def test_an_accepted_one_keeps_payload_and_queue_id(
    store: Store, clock: Clock
) -> None:
    """The server's queue can be lost, so it stays until an app has applied it."""
    sealed = new_sealed("m")
    row = (await store.append(sealed, DIGEST)).row
    await store.begin_attempt(row, 120)
    accepted = await accept(store, "m", rest=60)
    assert accepted.state is State.ACCEPTED
    assert accepted.accepted == Accepted("m", "queue-m")
    assert accepted.sealed == sealed
    assert (accepted.in_doubt, accepted.accepted_at) == (False, clock.now)
    assert accepted.not_before == clock.now + 60
    clock.now += 90
    assert store.age(accepted) == 90


@pytest.mark.parametrize("state", [State.FAILED, State.VANISHED, State.UNKNOWN])
async def test_only_a_finished_one_loses_its_payload(
    store: Store, state: State
) -> None:
    """Everything else may have to be delivered again."""
    await append(store, "m")
    row = await accept(store, "m")
    if state is State.FAILED:
        await store.fail(row, FailedBy.APP, "failed")
    else:
        await _SET_ASIDE[state](store, row)
    aside = await row_of(store, "m")
    assert (aside.state, aside.payload) == (state, row.payload)
    await store.finish(aside)
    finished = await row_of(store, "m")
    assert (finished.state, finished.payload) == (State.PROCESSED, None)
    with pytest.raises(ValueError, match="no payload"):
        _ = finished.sealed


async def test_a_duplicate_keeps_its_payload(store: Store) -> None:
    """It was never accepted, and cannot be asked about by mistake."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    with pytest.raises(ValueError, match="never accepted"):
        _ = row.accepted
    await store.begin_attempt(row, 120)
    await store.mark_duplicate(row, "theirs")
    marked = await row_of(store, "m")
    assert (marked.state, marked.queue_id) == (State.DUPLICATE, "theirs")
    assert (marked.payload, marked.in_doubt) == (row.payload, False)
    assert await store.accepted(60, 10) == []


@pytest.mark.parametrize("settle", ["accept", "begin_attempt", "keep_waiting"])
async def test_what_is_settled_is_not_sent_again(store: Store, settle: str) -> None:
    """A late word about an attempt does not bring a settled one back."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.fail(row, FailedBy.SERVER, "refused")
    failed = await row_of(store, "m")
    match settle:
        case "accept":
            await store.accept(Accepted("m", "late"), 60)
        case "begin_attempt":
            await store.begin_attempt(row, 120)
        case "keep_waiting":
            await store.keep_waiting(row, in_doubt=True, rest=1, error="late")
    assert await row_of(store, "m") == failed


async def test_the_oldest_comes_first(store: Store) -> None:
    """In the order in which they were taken on, at most as many as asked for."""
    ids = [await append(store) for _ in range(5)]
    due = await store.due(State.WAITING, LONGEST_REST, 3)
    assert [row.message_id for row in due] == ids[:3]
    for message_id in ids:
        await accept(store, message_id, rest=DAY)
    assert await store.due(State.ACCEPTED, 2 * DAY, 3) == []
    assert [row.message_id for row in await store.accepted(60, 3)] == ids[:3]


async def test_nothing_due_is_no_time(store: Store) -> None:
    """Only the asked states count."""
    assert await store.seconds_until_due([State.WAITING]) == inf
    await append(store)
    assert await store.seconds_until_due([State.ACCEPTED]) == inf
    assert await store.seconds_until_due([State.ACCEPTED, State.WAITING]) == 0


@pytest.mark.parametrize("back", [60, 3600, DAY, 3650 * DAY])
async def test_a_clock_set_back_stalls_nothing(
    store: Store, clock: Clock, back: float
) -> None:
    """What rests is due within the longest rest, whatever the clock says now."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.begin_attempt(row, 120)
    clock.now -= back
    clock.now += LONGEST_REST
    assert [row.message_id for row in await store.due(State.WAITING, LONGEST_REST, 10)]


async def test_a_clock_set_back_cuts_no_rest_short(store: Store, clock: Clock) -> None:
    """What is in doubt rests its two minutes from when the clock was noticed."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.begin_attempt(row, 120)
    clock.now -= DAY
    await store.mend_rests(120, LONGEST_REST)
    assert not await store.due(State.WAITING, LONGEST_REST, 10)
    assert await store.seconds_until_due([State.WAITING]) == 120
    clock.now += 120
    assert await store.due(State.WAITING, LONGEST_REST, 10)


async def test_an_attempt_at_what_no_longer_waits_is_refused(store: Store) -> None:
    """What was settled meanwhile is not pushed."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    assert await store.begin_attempt(row, 120)
    await store.fail(row, FailedBy.SERVER, "refused")
    assert not await store.begin_attempt(row, 120)


async def test_a_clock_set_back_makes_nothing_younger_than_new(
    store: Store, clock: Clock
) -> None:
    """An age is never negative."""
    await append(store, "m")
    row = await accept(store, "m")
    clock.now -= DAY
    assert store.age(row) == 0


async def test_a_late_word_changes_nothing(store: Store) -> None:
    """What was settled meanwhile stays as it is."""
    message_id = await append(store)
    row = await row_of(store, message_id)
    accepted = await accept(store, message_id)
    for late in (
        store.fail(row, FailedBy.SERVER, "refused"),
        store.mark_duplicate(row, "theirs"),
        store.finish(row),
        store.give_up(row),
        store.mark_vanished(row),
    ):
        await late
        assert await row_of(store, message_id) == accepted
