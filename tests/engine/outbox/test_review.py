"""What people decide about transactions, and sealing them with another key."""

from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox import (
    FailedBy,
    NotPossibleError,
    State,
    StillInDoubtError,
    StorageError,
    UnknownTransactionError,
)
from custom_components.budgero.engine.outbox.inquiry import Inquiry
from custom_components.budgero.engine.outbox.policy import LONGEST_REST
from custom_components.budgero.engine.outbox.rows import STRANDED, Counts
from custom_components.budgero.engine.outbox.store import Store

from .helpers import DAY, DIGEST, Clock, accept, append, new_sealed, row_of, unfinished

_SET_ASIDE = {State.VANISHED: Inquiry.mark_vanished, State.UNKNOWN: Inquiry.give_up}


async def _stranded(store: Store, state: State) -> str:
    """Return a transaction to which nothing more happens by itself."""
    message_id = await append(store)
    row = await row_of(store, message_id)
    match state:
        case State.FAILED:
            await store.accepted.fail(row, FailedBy.SERVER, "refused")
        case State.DUPLICATE:
            await store.waiting.mark_duplicate(row, "theirs")
        case _:
            await _SET_ASIDE[state](store.inquiry, await accept(store, message_id))
    return message_id


@pytest.mark.parametrize("state", sorted(STRANDED))
async def test_what_is_stranded_can_be_removed(
    store: Store, clock: Clock, state: State
) -> None:
    """The payload goes; the id stays known, for as long as finished ones do.

    What a question left in the server's queue is remembered for longer.
    """
    message_id = await _stranded(store, state)
    await store.review.remove(message_id)
    row = await row_of(store, message_id)
    assert (row.state, row.payload) == (State.REMOVED, None)
    assert await unfinished(store) == []
    assert (await store.review.overview()).counts.vanished == 0
    known = await store.append(new_sealed(message_id), DIGEST)
    assert not known.is_new
    with pytest.raises(NotPossibleError):
        await store.review.remove(message_id)
    await store.times.note_time(clock.now)
    clock.now += 91 * DAY
    await store.times.note_time(clock.now)
    assert (await store.get(message_id) is None) == (state is not State.VANISHED)


@pytest.mark.parametrize("state", sorted(STRANDED))
async def test_what_is_stranded_can_be_sent_again(store: Store, state: State) -> None:
    """Under a new id, with the same content, and linked to the old one."""
    message_id = await _stranded(store, state)
    old = await row_of(store, message_id)
    new = await store.review.send_again(message_id, "again")
    assert (new.message_id, new.state, new.replaces) == (
        "again",
        State.WAITING,
        message_id,
    )
    assert (new.payload, new.digest) == (old.payload, old.digest)
    assert (new.attempts, new.in_doubt, new.queue_id) == (0, False, None)
    assert await store.waiting.due(State.WAITING, LONGEST_REST, 10) == [new]
    assert (await row_of(store, message_id)).state is State.REMOVED
    with pytest.raises(NotPossibleError):
        await store.review.send_again(message_id, "once more")
    assert await store.get("once more") is None


async def test_what_never_left_can_be_removed(store: Store) -> None:
    """Taking back what was not sent yet."""
    message_id = await append(store)
    await store.review.remove(message_id)
    assert await store.waiting.due(State.WAITING, LONGEST_REST, 10) == []
    row = await append(store)
    waiting = await row_of(store, row)
    await store.waiting.begin_attempt(waiting, 120)
    await store.waiting.keep_waiting(
        waiting, in_doubt=False, rest=0, error="unreachable"
    )
    await store.review.remove(row)
    assert not await store.waiting.begin_attempt(waiting, 120)


async def test_what_may_be_on_its_way_cannot_be_removed(store: Store) -> None:
    """Nobody says that it was removed before that is true."""
    message_id = await append(store)
    await store.waiting.begin_attempt(await row_of(store, message_id), 120)
    with pytest.raises(StillInDoubtError):
        await store.review.remove(message_id)
    with pytest.raises(NotPossibleError):
        await store.review.send_again(message_id, "again")
    assert (await row_of(store, message_id)).payload is not None


async def test_what_budgero_has_cannot_be_removed(store: Store) -> None:
    """It must be removed in Budgero."""
    message_id = await append(store)
    row = await accept(store, message_id)
    for change in (
        store.review.remove(message_id),
        store.review.send_again(message_id, "again"),
    ):
        with pytest.raises(NotPossibleError):
            await change
    await store.accepted.finish(row)
    with pytest.raises(NotPossibleError):
        await store.review.remove(message_id)


async def test_what_nobody_knows_cannot_be_removed(store: Store) -> None:
    """A mistyped id changes nothing."""
    for change in (
        store.review.remove("none"),
        store.review.send_again("none", "again"),
    ):
        with pytest.raises(UnknownTransactionError):
            await change
    assert await store.review.counts() == Counts()


async def test_the_unfinished_are_listed_oldest_first(store: Store) -> None:
    """Whatever their state; what is finished is left out."""
    ids = [await append(store) for _ in range(4)]
    await store.accepted.fail(await row_of(store, ids[0]), FailedBy.APP, "failed")
    await accept(store, ids[1])
    await store.accepted.finish(await accept(store, ids[2]))
    rows = await unfinished(store)
    assert [(row.message_id, row.state) for row in rows] == [
        (ids[0], State.FAILED),
        (ids[1], State.ACCEPTED),
        (ids[3], State.WAITING),
    ]


# Sealing anew


async def test_sealing_anew_is_one_commit(store: Store, path: Path) -> None:
    """What does not open keeps its bytes; what has none is left alone."""
    waiting, closed, finished = [await append(store) for _ in range(3)]
    await store.accepted.finish(await row_of(store, finished))
    before = await row_of(store, closed)

    def change(payload: str) -> str | None:
        return None if payload == before.payload else f"new {payload}"

    assert await store.review.reseal(change) == 1
    row = await row_of(store, waiting)
    assert row.payload is not None
    assert row.payload.startswith("new ")
    assert row.digest == b""
    assert await row_of(store, closed) == before
    assert not (await store.append(new_sealed(waiting), b"other")).is_new


async def test_sealing_anew_that_fails_changes_nothing(store: Store) -> None:
    """Neither an error in the middle nor a disk that is full."""
    ids = [await append(store) for _ in range(3)]
    before = [await row_of(store, message_id) for message_id in ids]
    seen: list[str] = []

    def stumble(payload: str) -> str:
        seen.append(payload)
        if len(seen) == 2:
            raise ValueError
        return "new"

    with pytest.raises(StorageError):
        await store.review.reseal(stumble)
    assert [await row_of(store, message_id) for message_id in ids] == before
