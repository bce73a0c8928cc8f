"""What the outbox takes on, remembers and forgets, and what it refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from custom_components.budgero.engine.outbox import (
    ClosedError,
    DifferentContentError,
    FailedBy,
    OutboxFullError,
    Row,
    State,
    StorageError,
    store as store_module,
)
from custom_components.budgero.engine.outbox.policy import LONGEST_REST
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import SpaceKey
from custom_components.budgero.engine.push.models import Operation
from tests.engine.lunch import LUNCH

from .helpers import (
    DAY,
    DIGEST,
    Clock,
    Disk,
    accept,
    append,
    ids_on_disk,
    lanes,
    largest_file,
    new_sealed,
    row_of,
)

# Appending


async def test_an_appended_transaction_waits(store: Store, clock: Clock) -> None:
    """It has never been sent, and is due at once."""
    sealed = new_sealed("m")
    appended = await store.append(sealed, DIGEST)
    assert appended.is_new
    assert appended.row == Row(
        message_id="m",
        state=State.WAITING,
        payload=sealed.payload,
        digest=DIGEST,
        operation=Operation.ADD,
        target=None,
        created_at=clock.now,
        held=None,
        attempts=0,
        in_doubt=False,
        not_before=0.0,
        queue_id=None,
        accepted_at=None,
        questions=0,
        error=None,
        failed_by=None,
        replaces=None,
        has_old_key=False,
        leftover=None,
        leftover_id=None,
        in_question=False,
        logged_by=None,
    )
    assert appended.row.sealed == sealed
    assert await store.get("m") == appended.row
    assert await store.waiting.due(State.WAITING, LONGEST_REST, 10) == [appended.row]


async def test_it_is_committed_before_the_answer(store: Store, path: Path) -> None:
    """Another process, which sees committed rows only, finds every answered one."""
    for _ in range(5):
        assert await append(store) in ids_on_disk(path)


async def test_those_who_come_together_are_all_committed(
    store: Store, path: Path
) -> None:
    """So it is when many share a commit."""

    async def is_on_disk_when_answered() -> bool:
        return await append(store) in ids_on_disk(path)

    assert all(await asyncio.gather(*(is_on_disk_when_answered() for _ in range(20))))


async def test_the_same_again_is_not_new(store: Store) -> None:
    """The first one stays, with its payload."""
    first = await store.append(new_sealed("m"), DIGEST)
    second = await store.append(new_sealed("m"), DIGEST)
    assert (second.row, second.is_new) == (first.row, False)
    assert (await store.review.counts()).waiting == 1


async def test_an_id_with_other_content_is_refused(store: Store) -> None:
    """One of three at once: the others are taken, and the first one stays."""
    first = await store.append(new_sealed("m"), DIGEST)
    before, refused, after = await asyncio.gather(
        store.append(new_sealed("a"), DIGEST),
        store.append(new_sealed("m"), b"other"),
        store.append(new_sealed("b"), DIGEST),
        return_exceptions=True,
    )
    assert isinstance(refused, DifferentContentError)
    assert not isinstance(before, BaseException)
    assert not isinstance(after, BaseException)
    assert before.is_new
    assert after.is_new
    assert await row_of(store, "m") == first.row


async def test_the_same_id_twice_at_once_is_one_transaction(store: Store) -> None:
    """Exactly one of the callers hears that it is new."""
    answers = await asyncio.gather(
        *(store.append(new_sealed("m"), DIGEST) for _ in range(5))
    )
    assert sorted(answer.is_new for answer in answers) == [False] * 4 + [True]


async def test_a_finished_id_stays_known(store: Store) -> None:
    """The same call after the booking is not a new transaction."""
    await append(store, "m")
    await store.accepted.finish(await accept(store, "m"))
    again = await store.append(new_sealed("m"), DIGEST)
    assert not again.is_new
    assert again.row.state is State.PROCESSED


async def test_a_full_outbox_refuses_and_drops_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is not finished counts; a finished one makes room."""
    monkeypatch.setattr(store_module, "CAPACITY", 3)
    waiting, failed, accepted = [await append(store) for _ in range(3)]
    await store.accepted.fail(await row_of(store, failed), FailedBy.SERVER, "refused")
    row = await accept(store, accepted)
    with pytest.raises(OutboxFullError):
        await append(store, "new")
    assert not (await store.append(new_sealed(waiting), DIGEST)).is_new
    await store.accepted.finish(row)
    await append(store, "new")
    assert await store.review.counts() == Counts(waiting=2, failed=1, processed=1)


async def test_rows_survive_a_restart(store: Store, path: Path, clock: Clock) -> None:
    """Rows and facts are as they were."""
    ids = [await append(store) for _ in range(3)]
    await store.waiting.begin_attempt(await row_of(store, ids[0]), 120)
    await accept(store, ids[1])
    await store.remember("fact", "one")
    await store.remember("fact", "two")
    before = [await row_of(store, message_id) for message_id in ids]
    await store.close()
    again = Store(path, clock, clock.steady)
    await again.open()
    assert [await row_of(again, message_id) for message_id in ids] == before
    assert await again.recall("fact") == "two"
    assert await again.recall("other") is None
    await again.close()


@pytest.mark.parametrize(
    "call",
    [
        append,
        lambda store: store.review.counts(),
        lambda store: store.get("m"),
        lambda store: store.waiting.due(State.WAITING, 0, 1),
        lambda store: store.remember("a", "b"),
    ],
)
async def test_a_closed_store_says_so(
    store: Store, call: Callable[[Store], Awaitable[object]]
) -> None:
    """It neither hangs nor forgets silently."""
    await store.close()
    with pytest.raises(ClosedError):
        await call(store)


# Forgetting


async def test_long_finished_ones_are_forgotten(
    store: Store, path: Path, clock: Clock
) -> None:
    """Ninety days after their booking; nothing else is ever dropped."""
    for message_id in ("old", "recent", "accepted", "failed", "waiting"):
        await append(store, message_id)
    await store.accepted.finish(await accept(store, "old"))
    await accept(store, "accepted")
    await store.accepted.fail(await row_of(store, "failed"), FailedBy.SERVER, "refused")
    await store.times.note_time(clock.now)
    clock.now += 2 * DAY
    await store.accepted.finish(await accept(store, "recent"))
    await store.times.note_time(clock.now)
    await store.close()
    clock.now += 89 * DAY
    again = Store(path, clock, clock.steady)
    await again.open()
    assert await again.get("old") is not None
    await again.times.note_time(clock.now)
    assert await again.get("old") is None
    assert await again.review.counts() == Counts(
        waiting=1, accepted=1, processed=1, failed=1
    )
    await again.close()


# A disk that fails


async def test_a_failed_commit_is_no_promise(
    store: Store, disk: Disk, path: Path, clock: Clock
) -> None:
    """What is not on disk is an error; what came through is answered as new."""
    await store.close()
    again = Store(path, clock, clock.steady)
    await again.open()
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await append(again, "lost")
    assert await again.get("lost") is None
    disk.late_failures = 1
    sealed = new_sealed("kept")
    kept = await again.append(sealed, DIGEST)
    assert kept.is_new
    assert kept.row.sealed == sealed
    await append(again, "later")
    assert ids_on_disk(path) == {"kept", "later"}
    await again.close()


async def test_a_known_id_is_not_taken_for_what_came_through(
    store: Store, disk: Disk, path: Path, clock: Clock
) -> None:
    """After a failed commit an older row with the same id is no proof of this one."""
    first = await store.append(new_sealed("m"), DIGEST)
    await store.close()
    again = Store(path, clock, clock.steady)
    await again.open()
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await again.append(new_sealed("m"), DIGEST)
    assert await row_of(again, "m") == first.row
    await again.close()


async def test_a_disk_that_takes_no_more(store: Store, path: Path) -> None:
    """The call is refused; with room again everything works, nothing is lost."""
    kept = await append(store)
    with largest_file(100_000):
        with pytest.raises(StorageError):
            await store.append(new_sealed("big", "x" * 200_000), DIGEST)
        assert await store.get("big") is None
    later = await append(store)
    assert ids_on_disk(path) == {kept, later}


@pytest.mark.parametrize("place", ["file/outbox", "folder", "/proc/outbox"])
async def test_a_place_where_no_file_can_be(tmp_path: Path, place: str) -> None:
    """Opening says so, and leaves nothing running."""
    (tmp_path / "file").write_text("a file, no folder")
    (tmp_path / "folder").mkdir()
    store = Store(tmp_path / place)
    with pytest.raises(StorageError):
        await store.open()
    with pytest.raises(ClosedError):
        await append(store)
    await store.close()


async def test_an_opening_that_fails_leaves_nothing_open(
    disk: Disk, path: Path, clock: Clock
) -> None:
    """Also when the file itself was fine."""
    store = Store(path, clock, clock.steady)
    before = lanes()
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await store.open()
    with pytest.raises(ClosedError):
        await append(store)
    assert lanes() <= before


# What others may read


async def test_nothing_is_readable_at_rest(store: Store, path: Path) -> None:
    """Neither in the file nor in its log, before and after closing."""
    transaction = replace(
        LUNCH,
        amount=Decimal("8642.97"),
        memo="canary-memo",
        payee="canary-payee",
        transfer_id="canary-transfer",
    )
    key = SpaceKey(bytes(range(32)))
    message_id = "visible-message-id"
    sealed = new_sealed(message_id, key.seal(transaction.to_wire()))
    row = (await store.append(sealed, key.mac(b"canary-given 8642.97"))).row
    await store.waiting.begin_attempt(row, 120)
    shown = repr(row) + repr(sealed)
    assert sealed.payload not in shown
    assert repr(row.digest) not in shown

    def on_disk() -> bytes:
        return b"".join(file.read_bytes() for file in path.parent.iterdir())

    for _ in range(2):
        content = on_disk()
        assert message_id.encode() in content
        assert b"canary" not in content
        for amount in (b"8642.97", b"8642970", b"864297"):
            assert amount not in content
        await store.close()
