"""Transactions on their way: when they are due, in doubt, accepted, and settled."""

from math import inf
from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox import FailedBy, State
from custom_components.budgero.engine.outbox.inquiry import Inquiry
from custom_components.budgero.engine.outbox.policy import (
    LONGEST_GAP,
    LONGEST_REST,
    question_gap,
)
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Accepted

from .helpers import DAY, DIGEST, Clock, accept, append, new_sealed, row_of

_SET_ASIDE = {State.VANISHED: Inquiry.mark_vanished, State.UNKNOWN: Inquiry.give_up}


async def test_an_attempt_puts_it_in_doubt(store: Store, clock: Clock) -> None:
    """It rests, and is due again when that is over."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.waiting.begin_attempt(row, 120)
    begun = await row_of(store, "m")
    assert (begun.attempts, begun.in_doubt, begun.state) == (1, True, State.WAITING)
    assert begun.sealed == row.sealed
    assert await store.waiting.seconds_until_due([State.WAITING]) == 120
    clock.now += 119
    assert await store.waiting.due(State.WAITING, LONGEST_REST, 10) == []
    clock.now += 1
    assert await store.waiting.due(State.WAITING, LONGEST_REST, 10) == [begun]


async def test_an_attempt_that_never_left_is_no_doubt(store: Store) -> None:
    """It says why it still waits."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.waiting.begin_attempt(row, 120)
    await store.waiting.keep_waiting(row, in_doubt=False, rest=0, error="unreachable")
    kept = await row_of(store, "m")
    assert (kept.attempts, kept.in_doubt, kept.error) == (1, False, "unreachable")
    assert await store.waiting.due(State.WAITING, LONGEST_REST, 10) == [kept]


async def test_an_accepted_one_keeps_payload_and_queue_id(
    store: Store, clock: Clock
) -> None:
    """The server's queue can be lost, so it stays until an app has applied it."""
    sealed = new_sealed("m")
    row = (await store.append(sealed, DIGEST)).row
    await store.waiting.begin_attempt(row, 120)
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
        await store.accepted.fail(row, FailedBy.APP, "failed")
    else:
        await _SET_ASIDE[state](store.inquiry, row)
    aside = await row_of(store, "m")
    assert (aside.state, aside.payload) == (state, row.payload)
    await store.accepted.finish(aside)
    finished = await row_of(store, "m")
    assert (finished.state, finished.payload) == (State.PROCESSED, None)
    with pytest.raises(ValueError, match="no payload"):
        _ = finished.sealed


async def test_a_duplicate_keeps_its_payload(store: Store) -> None:
    """It was never accepted, and cannot be asked about by mistake."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    with pytest.raises(ValueError, match="never accepted"):
        _ = row.accepted
    await store.waiting.begin_attempt(row, 120)
    await store.waiting.mark_duplicate(row, "theirs")
    marked = await row_of(store, "m")
    assert (marked.state, marked.queue_id) == (State.DUPLICATE, "theirs")
    assert (marked.payload, marked.in_doubt) == (row.payload, False)
    assert await store.accepted.to_ask(60, 10) == []


@pytest.mark.parametrize("settle", ["accept", "begin_attempt", "keep_waiting"])
async def test_what_is_settled_is_not_sent_again(store: Store, settle: str) -> None:
    """A late word about an attempt does not bring a settled one back."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.accepted.fail(row, FailedBy.SERVER, "refused")
    failed = await row_of(store, "m")
    match settle:
        case "accept":
            await store.waiting.accept(Accepted("m", "late"), 60)
        case "begin_attempt":
            await store.waiting.begin_attempt(row, 120)
        case "keep_waiting":
            await store.waiting.keep_waiting(row, in_doubt=True, rest=1, error="late")
    assert await row_of(store, "m") == failed


async def test_the_oldest_comes_first(store: Store) -> None:
    """In the order in which they were taken on, at most as many as asked for."""
    ids = [await append(store) for _ in range(5)]
    due = await store.waiting.due(State.WAITING, LONGEST_REST, 3)
    assert [row.message_id for row in due] == ids[:3]
    for message_id in ids:
        await accept(store, message_id, rest=DAY)
    assert await store.waiting.due(State.ACCEPTED, 2 * DAY, 3) == []
    assert [row.message_id for row in await store.accepted.to_ask(60, 3)] == ids[:3]


async def test_nothing_due_is_no_time(store: Store) -> None:
    """Only the asked states count."""
    assert await store.waiting.seconds_until_due([State.WAITING]) == inf
    await append(store)
    assert await store.waiting.seconds_until_due([State.ACCEPTED]) == inf
    assert await store.waiting.seconds_until_due([State.ACCEPTED, State.WAITING]) == 0


@pytest.mark.parametrize(
    "ahead", [-3650 * DAY, -DAY, -600, -60, 60, 600, DAY, 3650 * DAY]
)
async def test_a_clock_that_is_set_changes_no_rest(
    store: Store, clock: Clock, ahead: float
) -> None:
    """Neither before it is noticed nor afterwards is it shorter or longer."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.waiting.begin_attempt(row, 120)
    clock.ahead = ahead
    for _ in range(2):
        clock.now += 59
        assert not await store.waiting.due(State.WAITING, LONGEST_REST, 10)
        await store.times.follow_clock()
    assert await store.waiting.seconds_until_due([State.WAITING]) == pytest.approx(2)
    clock.now += 2.1
    assert await store.waiting.due(State.WAITING, LONGEST_REST, 10)


async def test_an_attempt_at_what_no_longer_waits_is_refused(store: Store) -> None:
    """What was settled meanwhile is not pushed."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    assert await store.waiting.begin_attempt(row, 120)
    await store.accepted.fail(row, FailedBy.SERVER, "refused")
    assert not await store.waiting.begin_attempt(row, 120)


@pytest.mark.parametrize("jump", [-DAY, 0.0, DAY])
async def test_an_age_goes_on_whatever_the_clock_is_set_to(
    store: Store, clock: Clock, jump: float
) -> None:
    """Not even while the store is opened anew; the time of the day follows."""
    await append(store, "m")
    row = await accept(store, "m")
    clock.now += 3600
    clock.ahead += jump
    assert store.age(row) == 3600
    await store.times.follow_clock()
    row = await row_of(store, "m")
    assert store.age(row) == 3600
    assert row.accepted_at == clock() - 3600


@pytest.mark.parametrize("ahead", [600, DAY, 3650 * DAY])
async def test_what_seems_to_come_later_is_old(
    path: Path, clock: Clock, ahead: float
) -> None:
    """A clock that was wrong before a restart makes nothing new for ever.

    The questions about it would be used up in an hour.
    """
    clock.ahead = ahead
    store = Store(path, clock, clock.steady)
    await store.open()
    await append(store, "m")
    await accept(store, "m")
    await store.close()
    clock.ahead = 0
    store = Store(path, clock, clock.steady)
    await store.open()
    assert question_gap(store.age(await row_of(store, "m"))) == LONGEST_GAP
    clock.now += 2 * ahead
    assert store.age(await row_of(store, "m")) == ahead
    await store.close()


@pytest.mark.parametrize(
    ("ahead", "boot"), [(DAY, "same"), (0, "another"), (-60, "another")]
)
async def test_what_is_in_doubt_rests_anew_after_a_boot(
    path: Path, clock: Clock, ahead: float, boot: str
) -> None:
    """Or if the clock was set while the program did not run."""
    store = Store(path, clock, clock.steady, boot_id=lambda: "same")
    await store.open()
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.waiting.begin_attempt(row, 120)
    await store.close()
    clock.ahead += ahead
    clock.now += 30
    store = Store(path, clock, clock.steady, boot_id=lambda: boot)
    await store.open()
    assert await store.waiting.seconds_until_due([State.WAITING]) == pytest.approx(120)
    await store.close()


async def test_what_is_in_doubt_rests_no_longer_after_a_restart(
    path: Path, clock: Clock
) -> None:
    """The program alone was started anew."""
    store = Store(path, clock, clock.steady)
    await store.open()
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.waiting.begin_attempt(row, 120)
    await store.close()
    clock.now += 30
    store = Store(path, clock, clock.steady)
    await store.open()
    assert await store.waiting.seconds_until_due([State.WAITING]) == pytest.approx(90)
    await store.close()


async def test_a_late_word_changes_nothing(store: Store) -> None:
    """What was settled meanwhile stays as it is."""
    message_id = await append(store)
    row = await row_of(store, message_id)
    accepted = await accept(store, message_id)
    for late in (
        store.accepted.fail(row, FailedBy.SERVER, "refused"),
        store.waiting.mark_duplicate(row, "theirs"),
        store.accepted.finish(row),
        store.inquiry.give_up(row),
        store.inquiry.mark_vanished(row),
    ):
        await late
        assert await row_of(store, message_id) == accepted
