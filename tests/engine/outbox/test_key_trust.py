"""A wrong key shows only in the app: until the key is proven the first failure holds."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial

import pytest

from custom_components.budgero.engine.outbox import (
    FailedBy,
    Hold,
    State,
    StateChange,
    StorageError,
)
from custom_components.budgero.engine.outbox.holds import Holds
from custom_components.budgero.engine.outbox.key_trust import KeyTrust
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import SpaceKey
from custom_components.budgero.engine.push.seal import reseal
from tests.budgero_server import Drop

from .helpers import DIGEST, new_sealed, owner_of, row_of
from .house import House, until

pytestmark = pytest.mark.usefixtures("hurry", "follow_soon")

WRONG = SpaceKey(bytes(32))
A_MOMENT = 0.2


@pytest.fixture
async def wrong(house: House) -> AsyncIterator[House]:
    """A household that was given a wrong key."""
    await house.close()
    house.key = WRONG
    await house.open()
    yield house
    await house.close()


async def _fail_one(house: House) -> str:
    """Let the app refuse a transaction; return its message id."""
    message_id = await house.add("refused", account=999)
    await house.until(message_id, State.ACCEPTED)
    house.server.apply()
    await house.until(message_id, State.FAILED)
    return message_id


async def _give_right_key(house: House) -> None:
    """Restart with the right key, and with what waits sealed with it."""
    await house.close()
    house.key = None
    await house.open()
    right = house.client.key
    await house.store.review.reseal(partial(reseal, new=right, old=[WRONG]))


async def _until_held(house: House) -> None:
    await house.until_sender(lambda sender: sender.hold is Hold.KEY)


async def test_the_first_failure_holds_the_rest(wrong: House) -> None:
    """What waits and what comes later is not sent into the same misfortune."""
    wrong.start()
    await _fail_one(wrong)
    await _until_held(wrong)
    ids = [await wrong.add() for _ in range(3)]
    await asyncio.sleep(A_MOMENT)
    assert [wrong.pushes(message_id) for message_id in ids] == [[]] * 3
    assert (await wrong.store.review.overview()).held == {Hold.KEY: 3}
    assert not wrong.sender.is_key_proven


async def test_the_hold_survives_a_restart(wrong: House) -> None:
    """Home Assistant restarts, and still nothing is sent."""
    wrong.start()
    await _fail_one(wrong)
    await wrong.restart()
    assert wrong.sender.hold is Hold.KEY
    message_id = await wrong.add()
    await asyncio.sleep(A_MOMENT)
    assert wrong.pushes(message_id) == []


async def test_a_proven_key_is_not_suspected(house: House) -> None:
    """Then a failure is about that transaction alone; also after a restart."""
    house.start()
    await house.prove_key()
    assert house.sender.is_key_proven
    await _fail_one(house)
    await house.restart()
    assert house.sender.is_key_proven
    await _fail_one(house)
    await house.until(await house.add(), State.ACCEPTED)
    assert house.sender.hold is None


async def test_what_was_processed_ends_the_hold(house: House) -> None:
    """One that was under way proves the key after all."""
    wrong = await house.add("refused", account=999)
    right = await house.add("lunch")
    house.start()
    await house.until_all([wrong, right], State.ACCEPTED)
    house.set_status(wrong, "failed")
    await _until_held(house)
    waiting = await house.add()
    await asyncio.sleep(A_MOMENT)
    assert house.pushes(waiting) == []
    house.server.apply()
    await house.until_all([right], State.PROCESSED)
    await house.until(waiting, State.ACCEPTED)
    assert house.sender.is_key_proven
    assert house.sender.hold is None


async def test_a_person_says_that_the_key_is_right(house: House) -> None:
    """All that was held is delivered, and no further failure holds."""
    house.start()
    await _fail_one(house)
    await _until_held(house)
    ids = await house.add_all(3)
    await house.sender.release(Hold.KEY)
    await house.until_all(ids, State.ACCEPTED)
    await _fail_one(house)
    assert house.sender.hold is None
    await house.restart()
    assert house.sender.is_key_proven


async def test_a_new_key_ends_the_hold(wrong: House) -> None:
    """What waited is sealed with it, delivered and booked."""
    wrong.start()
    await _fail_one(wrong)
    await _until_held(wrong)
    waiting = await wrong.add("waited")
    await _give_right_key(wrong)
    assert wrong.sender.hold is None
    wrong.start()
    await wrong.until(waiting, State.ACCEPTED)
    assert not wrong.sender.is_key_proven
    wrong.server.apply()
    await wrong.until(waiting, State.PROCESSED)
    assert [booking.memo for booking in wrong.server.bookings] == ["waited"]
    assert wrong.sender.is_key_proven


async def test_a_new_key_starts_unproven(house: House) -> None:
    """Whatever was known of the old one."""
    house.start()
    await house.prove_key()
    await house.close()
    house.key = WRONG
    await house.open()
    assert not house.sender.is_key_proven
    house.start()
    await _fail_one(house)
    await _until_held(house)


@pytest.mark.parametrize("status", ["failed", "processed"])
async def test_what_was_accepted_before_says_nothing_of_a_new_key(
    wrong: House, status: str
) -> None:
    """It was sealed with another one."""
    earlier = await wrong.add()
    wrong.start()
    await wrong.until(earlier, State.ACCEPTED)
    await _give_right_key(wrong)
    wrong.set_status(earlier, status)
    wrong.start()
    await wrong.until(earlier, State(status))
    assert wrong.sender.hold is None
    assert not wrong.sender.is_key_proven


async def test_what_was_in_doubt_says_nothing_of_a_new_key(wrong: House) -> None:
    """What the server has of it was sealed with the old one."""
    wrong.server.faults.add(Drop(after_commit=True))
    doubtful = await wrong.add()
    wrong.start()
    await wrong.until_pushed(doubtful)
    await wrong.stop()
    await _give_right_key(wrong)
    wrong.start()
    await wrong.until(doubtful, State.ACCEPTED)
    wrong.server.apply()
    await wrong.until(doubtful, State.FAILED)
    later = await wrong.add("later")
    await wrong.until(later, State.ACCEPTED)
    assert wrong.sender.hold is None


async def test_a_clock_that_was_wrong_makes_no_difference(house: House) -> None:
    """A key that was changed in a wrong year is watched over all the same."""
    await house.close()
    house.key = WRONG
    store = Store(house.path, lambda: 4_000_000_000.0)
    await store.open()
    await KeyTrust(store, WRONG.fingerprint).load()
    await store.close()
    await house.open()
    house.start()
    await _fail_one(house)
    await _until_held(house)


async def test_the_servers_refusal_is_not_about_the_key(store: Store) -> None:
    """Only apps can open it; and several holds stand side by side."""
    trust = KeyTrust(store, "fingerprint")
    await trust.load()
    await store.holds.hold(Hold.WORKSPACE)
    await store.holds.hold(Hold.KEY)
    assert list(store.holds.standing) == [Hold.WORKSPACE, Hold.KEY]
    await trust.prove()
    assert list(store.holds.standing) == [Hold.WORKSPACE]


@pytest.mark.parametrize("name", ["release", "note_new_key", "remember"])
async def test_a_new_key_that_is_half_noted_is_noted_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Wherever the machine died, the old key's hold does not outlive it."""
    await KeyTrust(store, "old").load()
    await store.holds.hold(Hold.KEY)
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.holds.release(Hold.KEY)
    await store.waiting.begin_attempt(row, 120)
    await store.holds.hold(Hold.KEY)
    with monkeypatch.context() as patch:
        patch.setattr(owner_of(name), name, _refuse)
        with pytest.raises(StorageError):
            await KeyTrust(store, "new").load()
    await KeyTrust(store, "new").load()
    assert store.holds.standing == ()
    assert (await row_of(store, "m")).has_old_key


async def _refuse(*_: object) -> None:
    raise StorageError("full")


@pytest.mark.parametrize("name", ["release", "remember"])
async def test_a_proof_that_is_half_noted_stops_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """The next one notes it; never is a proven key held."""
    trust = KeyTrust(store, "key")
    await trust.load()
    await store.holds.hold(Hold.KEY)
    with monkeypatch.context() as patch:
        patch.setattr(owner_of(name), name, _refuse)
        with pytest.raises(StorageError):
            await trust.prove()
    again = KeyTrust(store, "key")
    await again.load()
    assert not again.is_proven
    await again.prove()
    assert (again.is_proven, store.holds.standing) == (True, ())


async def test_a_proof_outlasts_a_failure_that_comes_with_it(store: Store) -> None:
    """Whichever is noted first, a proven key holds nothing."""
    trust = KeyTrust(store, "key")
    await trust.load()
    row = (await store.append(new_sealed(), DIGEST)).row
    await asyncio.gather(trust.note_failed(row), trust.prove(), trust.note_failed(row))
    assert (trust.is_proven, store.holds.standing) == (True, ())


async def test_a_failure_holds_before_it_is_noted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were it the other way round, nobody would ask about that one again."""
    changes: list[StateChange | None] = []
    house.sender.subscribe(changes.append)
    house.start()
    message_id = await house.add(account=999)
    await house.until(message_id, State.ACCEPTED)
    failures = 2
    hold = Holds.hold

    async def fail(store: Holds, reason: Hold) -> None:
        nonlocal failures
        if failures:
            failures -= 1
            raise StorageError("full")
        await hold(store, reason)

    monkeypatch.setattr(owner_of("hold"), "hold", fail)
    house.server.apply()
    row = await house.until(message_id, State.FAILED)
    assert row.failed_by is FailedBy.APP
    assert house.sender.hold is Hold.KEY
    await until(
        lambda: asyncio.sleep(0, any(_is_failure(change) for change in changes))
    )
    assert sum(_is_failure(change) for change in changes) == 1


def _is_failure(change: StateChange | None) -> bool:
    return change is not None and change.state is State.FAILED
