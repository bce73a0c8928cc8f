"""For how long an id is known whose transaction is finished."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox.policy import KEEP_FINISHED
from custom_components.budgero.engine.outbox.store import Store

from .helpers import DAY, DIGEST, Clock, append, new_sealed


async def _is_known(store: Store, message_id: str) -> bool:
    return not (await store.append(new_sealed(message_id), DIGEST)).is_new


@pytest.fixture
async def store(path: Path, clock: Clock) -> AsyncIterator[Store]:
    """An outbox in which one transaction is finished."""
    store = Store(path, clock, clock.steady)
    await store.open()
    await append(store, "rent:2026-11")
    await store.review.remove("rent:2026-11")
    yield store
    await store.close()


async def _compare(store: Store, clock: Clock, servers: float = 0.0) -> None:
    """Let a server answer whose clock is ahead by so many seconds."""
    await store.times.note_time(clock.now + servers)


async def test_ninety_days(store: Store, clock: Clock) -> None:
    """From when both clocks saw it finished."""
    await _compare(store, clock)
    clock.now += KEEP_FINISHED - DAY
    await _compare(store, clock)
    assert await _is_known(store, "rent:2026-11")
    clock.now += 2 * DAY
    await _compare(store, clock)
    assert not await _is_known(store, "rent:2026-11")


@pytest.mark.parametrize("lie", [91 * DAY, 3650 * DAY, -3650 * DAY])
@pytest.mark.parametrize("liar", ["ours", "server"])
async def test_one_clock_alone_lets_nothing_expire(
    store: Store, clock: Clock, lie: float, liar: str
) -> None:
    """Whichever lies, and whether it did when it was finished, later, or both times."""
    for lies in ((True, False, False), (False, True, False), (True, True, False)):
        for is_lying in lies:
            clock.ahead = lie if is_lying and liar == "ours" else 0.0
            await _compare(store, clock, lie if is_lying and liar == "server" else 0.0)
            clock.now += DAY
            assert await _is_known(store, "rent:2026-11")


@pytest.mark.parametrize("lie", [91 * DAY, 3650 * DAY])
@pytest.mark.parametrize("liar", ["ours", "server"])
async def test_a_clock_that_was_wrong_lets_nothing_last_for_ever(
    store: Store, clock: Clock, lie: float, liar: str
) -> None:
    """Ninety days after its end it is as if it had always been right."""
    clock.ahead = lie if liar == "ours" else 0.0
    await _compare(store, clock, lie if liar == "server" else 0.0)
    clock.ahead = 0.0
    await _compare(store, clock)
    clock.now += KEEP_FINISHED + DAY
    await _compare(store, clock)
    assert not await _is_known(store, "rent:2026-11")


@pytest.mark.parametrize("behind", [100 * DAY, 20_000 * DAY])
async def test_finished_while_our_clock_was_behind(
    path: Path, clock: Clock, behind: float
) -> None:
    """It is remembered as long as anything else."""
    clock.ahead = -behind
    store = Store(path, clock, clock.steady)
    await store.open()
    await append(store, "rent:2026-11")
    await store.review.remove("rent:2026-11")
    await _compare(store, clock)
    clock.ahead = 0.0
    clock.now += KEEP_FINISHED - DAY
    await _compare(store, clock)
    assert await _is_known(store, "rent:2026-11")
    clock.now += 2 * DAY
    await _compare(store, clock)
    assert not await _is_known(store, "rent:2026-11")
    await store.close()


async def test_a_restart_changes_no_date(
    path: Path, store: Store, clock: Clock
) -> None:
    """Each comparison dates only what was finished since."""
    await _compare(store, clock)
    await store.close()
    clock.now += KEEP_FINISHED + DAY
    again = Store(path, clock, clock.steady)
    await again.open()
    await _compare(again, clock)
    assert not await _is_known(again, "rent:2026-11")
    await again.close()
