"""Made `tests/fixtures/outbox-2.db` when the version was 2: something in every state.

The file stays as it is, for the test shall open what an earlier program has written.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

from custom_components.budgero.engine.outbox import FailedBy, Row, State
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import (
    Accepted,
    Content,
    Deletion,
    Sealed,
    SpaceKey,
    WireFormat,
)
from tests.engine.lunch import LUNCH

from .helpers import DIGEST, row_of

GOLDEN: Final = Path(__file__).parents[2] / "fixtures" / "outbox-2.db"
SPACE_KEY: Final = "VGhlIGdvbGRlbiBrZXkgb2YgdGhlIG91dGJveCwgdjI="
MADE_AT: Final = 1_795_000_000.0
"""When the file was made, in seconds since the epoch."""

WAITING: Final = ("waiting", "in-doubt", "undated", "deletion")
HELD: Final = ("held-1", "held-2")
"""More than came in an hour before."""

STATES: Final = {
    "accepted": State.ACCEPTED,
    "asked": State.ACCEPTED,
    "processed": State.PROCESSED,
    "failed": State.FAILED,
    "refused": State.FAILED,
    "duplicate": State.DUPLICATE,
    "unknown": State.UNKNOWN,
    "removed": State.REMOVED,
    "vanished": State.VANISHED,
}
"""What no longer waits, and where it stands."""


async def make(path: Path) -> None:
    """Write the file."""
    limits = ((len(STATES) + len(WAITING), 3600.0),)
    store = Store(path, lambda: MADE_AT, lambda: 1000.0, limits, lambda: "golden boot")
    await store.open()
    key = SpaceKey.parse(SPACE_KEY)
    await store.remember("key", key.fingerprint)
    await store.remember("proven_key", key.fingerprint)
    await _append(store, key, *STATES)
    for message_id, state in STATES.items():
        await _bring(store, message_id, state)
    await _append(store, key, *WAITING, *HELD)
    await _try(store, "in-doubt")
    await store.review.announce()
    await store.close()


async def _append(store: Store, key: SpaceKey, *message_ids: str) -> None:
    for message_id in message_ids:
        content: Content = replace(LUNCH, memo=f"Lunch {message_id}")
        if message_id == "deletion":
            content = Deletion(target="accepted")
        sealed = Sealed(
            message_id,
            key.seal(content.to_wire(WireFormat.MILLIUNITS)),
            content.operation,
            content.target,
        )
        await store.append(sealed, DIGEST, is_dated=message_id == "undated")


async def _try(store: Store, message_id: str) -> Row:
    """Begin a push that nobody answers."""
    await store.waiting.begin_attempt(await row_of(store, message_id), 120.0)
    return await row_of(store, message_id)


async def _bring(store: Store, message_id: str, state: State) -> None:
    """Bring one where it shall stand."""
    row = await _try(store, message_id)
    if state is State.DUPLICATE:
        await store.waiting.mark_duplicate(row, "queue-of-another")
    elif message_id == "refused":
        await store.accepted.fail(row, FailedBy.SERVER, "invalid")
    else:
        await store.waiting.accept(Accepted(message_id, f"queue-{message_id}"), 60.0)
        await _settle(store, await row_of(store, message_id), state)


async def _settle(store: Store, row: Row, state: State) -> None:
    if row.message_id == "asked":
        await store.accepted.begin_question(row, 900.0)
    match state:
        case State.PROCESSED:
            await store.accepted.finish(row)
        case State.FAILED:
            await store.accepted.fail(row, FailedBy.APP, "failed")
        case State.VANISHED:
            await store.inquiry.mark_vanished(row, "queue-leftover")
        case State.UNKNOWN:
            await store.inquiry.give_up(row)
        case State.REMOVED:
            await store.accepted.drop(row)
        case _:
            pass
