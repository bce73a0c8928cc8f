"""An automation that runs away is stopped, and nothing of it is lost."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox import Hold, State, StorageError
from custom_components.budgero.engine.outbox.flood import FloodGuard
from custom_components.budgero.engine.outbox.policy import FLOOD_LIMITS
from custom_components.budgero.engine.outbox.store import Store

from .helpers import DAY, DIGEST, NO_LIMITS, Clock, Disk, append, new_sealed, row_of
from .house import House, until

SMALL = ((3, 600.0), (5, DAY))


@pytest.fixture
async def store(path: Path, clock: Clock, disk: Disk) -> AsyncIterator[Store]:
    """An open store with small limits."""
    store = Store(path, clock, clock.steady, limits=SMALL)
    await store.open()
    yield store
    await store.close()


async def _again(store: Store, clock: Clock) -> Store:
    """Open the file anew."""
    await store.close()
    again = Store(store.path, clock, clock.steady, limits=SMALL)
    await again.open()
    return again


async def _is_held(store: Store) -> bool:
    row = (await store.append(new_sealed(), DIGEST)).row
    assert await store.get(row.message_id) == row
    return row.held is Hold.FLOOD


def _count(clock: Clock, guard: FloodGuard, seconds: float, number: int) -> int:
    """Return how many of so many calls, so far apart, are too many."""
    floods = 0
    for _ in range(number):
        floods += guard.is_flood(clock.now)
        clock.now += seconds
    return floods


@pytest.mark.parametrize(
    ("seconds", "number", "floods"),
    [
        (0, 60, 0),
        (0, 61, 1),
        (0, 100, 40),
        (9.9, 61, 1),
        (10, 300, 0),
        (10, 301, 1),
        (287, 301, 1),
        (288, 1000, 0),
    ],
)
def test_the_limits_of_a_household(
    clock: Clock, seconds: float, number: int, floods: int
) -> None:
    """More than 60 in ten minutes, or 300 a day."""
    guard = FloodGuard(FLOOD_LIMITS)
    assert _count(clock, guard, seconds, number) == floods


@pytest.mark.parametrize("jump", [-3650 * DAY, -DAY, -300, 300, DAY, 3650 * DAY])
async def test_a_clock_that_is_set_hides_no_flood_and_makes_none(
    store: Store, clock: Clock, jump: float
) -> None:
    """A runaway automation is noticed in the hour that comes twice, too."""
    assert [await _is_held(store) for _ in range(2)] == [False] * 2
    clock.ahead += jump
    assert [await _is_held(store) for _ in range(2)] == [False, True]
    clock.now += 700
    assert not await _is_held(store)


async def test_a_flood_is_kept_and_held(store: Store) -> None:
    """What came before it is sent; the rest waits for a person."""
    held = [await _is_held(store) for _ in range(5)]
    assert held == [False] * 3 + [True] * 2
    assert (await store.review.overview()).held == {Hold.FLOOD: 2}
    assert (await store.review.counts()).waiting == 5
    assert len(await store.waiting.due(State.WAITING, 0, 10)) == 3


async def test_the_same_again_is_no_flood(store: Store) -> None:
    """Only new transactions count."""
    await store.append(new_sealed("m"), DIGEST)
    for _ in range(10):
        assert not (await store.append(new_sealed("m"), DIGEST)).is_new
    assert [await _is_held(store) for _ in range(3)] == [False, False, True]


async def test_what_is_sent_again_is_no_flood(store: Store) -> None:
    """A person decides about that one by one."""
    first = await append(store)
    await store.waiting.mark_duplicate(await row_of(store, first), "theirs")
    for number in range(5):
        row = await store.review.send_again(first, f"again-{number}")
        assert row.held is None
        first = row.message_id
        await store.waiting.mark_duplicate(row, "theirs")
    assert [await _is_held(store) for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("how", ["release", "discard"])
@pytest.mark.parametrize("restarts", [False, True])
async def test_after_a_persons_word_the_counting_starts_anew(
    store: Store, clock: Clock, how: str, restarts: bool
) -> None:
    """Also after a restart on the same day."""
    for _ in range(6):
        await append(store)
    if how == "release":
        await store.holds.release(Hold.FLOOD)
    else:
        held = await store.holds.held(Hold.FLOOD)
        await store.holds.discard(Hold.FLOOD, [row.message_id for row in held])
    if restarts:
        store = await _again(store, clock)
    assert (await store.review.overview()).held == {}
    assert [await _is_held(store) for _ in range(4)] == [False] * 3 + [True]
    await store.close()


async def test_only_what_a_person_was_asked_about_is_discarded(store: Store) -> None:
    """More may have come since; what is not held any more stays as well."""
    sent, *_ = [await append(store) for _ in range(3)]
    asked = [await append(store) for _ in range(2)]
    later = await append(store)
    assert await store.holds.discard(Hold.FLOOD, [sent, *asked, "unheard of"]) == 2
    assert [row.message_id for row in await store.holds.held(Hold.FLOOD)] == [later]
    assert (await row_of(store, sent)).state is State.WAITING
    assert {(await row_of(store, one)).state for one in asked} == {State.REMOVED}


async def test_a_failed_commit_does_not_bring_the_counting_back(
    store: Store, disk: Disk
) -> None:
    """The reopened file knows the person's word."""
    for _ in range(4):
        await append(store)
    await store.holds.release(Hold.FLOOD)
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await append(store)
    assert [await _is_held(store) for _ in range(4)] == [False] * 3 + [True]


async def test_a_failed_release_releases_nothing(store: Store, disk: Disk) -> None:
    """The counting goes on as if nobody had asked."""
    for _ in range(4):
        await append(store)
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await store.holds.release(Hold.FLOOD)
    assert (await store.review.overview()).held == {Hold.FLOOD: 1}
    assert await _is_held(store)


async def test_a_restart_forgets_no_flood(store: Store, clock: Clock) -> None:
    """What came before it counts."""
    await append(store)
    clock.now += 700
    for _ in range(2):
        await append(store)
    store = await _again(store, clock)
    assert [await _is_held(store) for _ in range(2)] == [False, True]
    await store.close()


async def test_what_a_failed_commit_lost_does_not_count(
    store: Store, disk: Disk
) -> None:
    """Calls that were refused are no transactions."""
    for _ in range(5):
        disk.lost_commits = 1
        with pytest.raises(StorageError):
            await append(store)
    assert [await _is_held(store) for _ in range(4)] == [False] * 3 + [True]


async def test_without_limits_there_is_no_flood(path: Path, clock: Clock) -> None:
    """As many as one likes, and after a reopening, too."""
    for _ in range(2):
        store = Store(path, clock, clock.steady, limits=NO_LIMITS)
        await store.open()
        for _ in range(5):
            await append(store)
        assert (await store.review.overview()).held == {}
        await store.close()


@pytest.mark.usefixtures("hurry")
async def test_a_runaway_automation(house: House) -> None:
    """Sixty arrive; the others wait until a person delivers them."""
    await house.close()
    house.limits = FLOOD_LIMITS
    await house.open()
    ids = await house.add_all(65)
    house.start()

    async def is_all_sent() -> bool:
        return (await house.store.review.counts()).accepted == 60

    await until(is_all_sent)
    await asyncio.sleep(0.05)
    assert house.queued_ids() != ids
    assert (await house.store.review.overview()).held == {Hold.FLOOD: 5}
    await house.sender.release(Hold.FLOOD)
    await house.until_all(ids, State.ACCEPTED)
    assert sorted(filter(None, house.queued_ids())) == sorted(ids)


@pytest.mark.usefixtures("hurry")
async def test_a_flood_that_is_discarded_is_never_sent(house: House) -> None:
    """Neither now nor after a restart."""
    await house.close()
    house.limits = SMALL
    await house.open()
    sent = await house.add_all(3)
    discarded = await house.add_all(2)
    assert await house.store.holds.discard(Hold.FLOOD, discarded) == 2
    house.start()
    await house.until_all(sent, State.ACCEPTED)
    await house.restart()
    later = await house.add()
    await house.until(later, State.ACCEPTED)
    for message_id in discarded:
        row = await house.row(message_id)
        assert (row.state, row.payload, row.held) == (State.REMOVED, None, None)
        assert house.pushes(message_id) == []
