"""For how long an id is known whose transaction is finished."""

from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox import Store
from custom_components.budgero.engine.outbox.policy import KEEP_FINISHED

from .helpers import DAY, DIGEST, Clock, append, new_sealed

NOW = Clock().now


async def _is_known(store: Store, message_id: str) -> bool:
    return not (await store.append(new_sealed(message_id), DIGEST)).is_new


@pytest.mark.parametrize("behind", [0.0, 400 * DAY])
async def test_ninety_days_of_the_true_time(path: Path, behind: float) -> None:
    """What was finished while the clock was behind is remembered as long."""
    wall = Clock(NOW - behind)
    store = Store(path, wall, lambda: wall.now)
    await store.open()
    await append(store, "rent:2026-11")
    await store.remove("rent:2026-11")
    await store.note_time(NOW)
    assert await _is_known(store, "rent:2026-11")
    wall.now += KEEP_FINISHED - DAY
    await store.note_time(NOW + KEEP_FINISHED - DAY)
    assert await _is_known(store, "rent:2026-11")
    wall.now += 2 * DAY
    await store.note_time(NOW + KEEP_FINISHED + DAY)
    assert not await _is_known(store, "rent:2026-11")
    await store.close()


async def test_what_was_dated_keeps_its_date(path: Path) -> None:
    """Each time that the server shows dates only what was finished since."""
    store = Store(path, lambda: NOW, lambda: 0.0)
    await store.open()
    await append(store, "rent:2026-08")
    await store.remove("rent:2026-08")
    await store.note_time(NOW)
    await store.close()
    store = Store(path, lambda: NOW + DAY, lambda: 0.0)
    await store.open()
    await store.note_time(NOW + KEEP_FINISHED + DAY)
    assert not await _is_known(store, "rent:2026-08")
    await store.close()
