"""Each commit that changed something tells of it, once it is on disk."""

import asyncio
from contextlib import suppress

import pytest

from custom_components.budgero.engine.outbox import (
    FailedBy,
    Hold,
    Outbox,
    State,
    StateChange,
    StorageError,
    UnknownTransactionError,
)
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Accepted, Operation, Sealed
from tests.engine.lunch import LUNCH

from .helpers import DIGEST, Disk, accept, append, new_sealed, row_of
from .house import House


class Listener:
    """Notes what it hears."""

    def __init__(self, store: Store) -> None:
        """Listen to a store."""
        self.heard: list[StateChange | None] = []
        store.signal.subscribe(self.heard.append)

    def take(self) -> list[StateChange | None]:
        """Return what was heard since it was asked last."""
        heard = self.heard[:]
        self.heard.clear()
        return heard


@pytest.fixture
def listener(store: Store) -> Listener:
    """Whoever wants to hear of the store's changes."""
    return Listener(store)


async def test_every_write_that_changes_something(
    store: Store, listener: Listener
) -> None:
    """Whoever makes it: nobody else has to tell."""
    message_id = await append(store)
    assert listener.take() == [None]
    await store.holds.hold(Hold.KEY)
    assert listener.take() == [None]
    await store.holds.release(Hold.KEY)
    assert listener.take() == [None]
    assert await store.waiting.begin_attempt(await row_of(store, message_id), 1.0)
    assert listener.take() == [None]
    await accept(store, message_id)
    [change] = listener.take()
    assert change == StateChange(message_id, State.ACCEPTED, store.clock.now())
    await store.accepted.fail(await row_of(store, message_id), FailedBy.APP, "failed")
    [change] = listener.take()
    assert change == StateChange(message_id, State.FAILED, store.clock.now())
    await store.review.remove(message_id)
    assert listener.take() == [None]


async def test_nothing_changed(store: Store, listener: Listener) -> None:
    """What is as it was is no news, and neither is what was refused."""
    row = (await store.append(new_sealed(), DIGEST)).row
    await store.review.remove(row.message_id)
    listener.take()
    await store.append(Sealed(row.message_id, "again"), DIGEST)
    assert not await store.waiting.begin_attempt(row, 1.0)
    assert not await store.accepted.fail(row, FailedBy.APP, "failed")
    assert not await store.waiting.accept(Accepted(row.message_id, "queue"), 1.0)
    with pytest.raises(UnknownTransactionError):
        await store.review.remove("nobody")
    assert listener.take() == []


async def test_a_test_of_the_key_is_nobodys_transaction(
    store: Store, listener: Listener
) -> None:
    """Its states are no news of a transaction; that something changed is told."""
    await store.append(Sealed("test", "sealed", Operation.TEST), DIGEST)
    await accept(store, "test")
    assert listener.take() == [None, None]


async def test_the_caller_is_cancelled(store: Store, listener: Listener) -> None:
    """The change is on disk all the same, and told."""
    message_id = await append(store)
    listener.take()
    accepting = asyncio.create_task(
        store.waiting.accept(Accepted(message_id, "queue"), 1.0)
    )
    await asyncio.sleep(0)
    accepting.cancel()
    with suppress(asyncio.CancelledError):
        await accepting
    await append(store)
    [change, nobody] = listener.take()
    assert change is not None
    assert (change.message_id, nobody) == (message_id, None)


async def test_a_commit_fails(disk: Disk, store: Store, listener: Listener) -> None:
    """What is not on disk is not told; what came through all the same is."""
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await append(store)
    assert listener.take() == []
    disk.late_failures = 1
    await append(store)
    assert listener.take() == [None]


async def test_only_what_is_new_or_decided_wakes(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender writes at every turn, and must not wake itself by that."""
    outbox, woken = Outbox(house.store, house.client), list[None]()
    monkeypatch.setattr(outbox.sender, "wake", lambda: woken.append(None))
    row = (await outbox.append(outbox.seal(LUNCH), b"given")).row
    assert len(woken) == 1
    assert await house.store.waiting.begin_attempt(row, 1.0)
    await accept(house.store, row.message_id)
    other = await append(house.store)
    assert len(woken) == 1
    await outbox.remove(other)
    assert len(woken) == 1 + 1
    with pytest.raises(UnknownTransactionError):
        await outbox.remove("nobody")
    assert len(woken) == 1 + 1
