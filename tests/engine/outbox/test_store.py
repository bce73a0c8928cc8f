"""What the outbox remembers of a transaction, and what it refuses."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from decimal import Decimal
from math import inf
from pathlib import Path
import shutil
import sqlite3
import threading

import pytest

from custom_components.budgero.engine.outbox import (
    ClosedError,
    Counts,
    DifferentContentError,
    FailedBy,
    NewerOutboxError,
    NotPossibleError,
    OutboxError,
    OutboxFullError,
    Row,
    State,
    StillInDoubtError,
    StorageError,
    Store,
    UnknownTransactionError,
    UnreadableOutboxError,
    store as store_module,
)
from custom_components.budgero.engine.outbox.policy import LONGEST_REST
from custom_components.budgero.engine.outbox.rows import STRANDED
from custom_components.budgero.engine.push import (
    Accepted,
    Direction,
    SpaceKey,
    Transaction,
)
from custom_components.budgero.engine.push.models import Operation

from .helpers import (
    DAY,
    DIGEST,
    Clock,
    Disk,
    append,
    ids_on_disk,
    largest_file,
    new_sealed,
)


async def _row(store: Store, message_id: str) -> Row:
    row = await store.get(message_id)
    assert row is not None
    return row


_SET_ASIDE = {State.VANISHED: Store.mark_vanished, State.UNKNOWN: Store.give_up}


async def _accept(store: Store, message_id: str, rest: float = 0.0) -> Row:
    await store.accept(Accepted(message_id, f"queue-{message_id}"), rest)
    return await _row(store, message_id)


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
    )
    assert appended.row.sealed == sealed
    assert await store.get("m") == appended.row
    assert await store.due(State.WAITING, LONGEST_REST, 10) == [appended.row]


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
    assert (await store.counts()).waiting == 1


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
    assert await _row(store, "m") == first.row


async def test_the_same_id_twice_at_once_is_one_transaction(store: Store) -> None:
    """Exactly one of the callers hears that it is new."""
    answers = await asyncio.gather(
        *(store.append(new_sealed("m"), DIGEST) for _ in range(5))
    )
    assert sorted(answer.is_new for answer in answers) == [False] * 4 + [True]


async def test_a_finished_id_stays_known(store: Store) -> None:
    """The same call after the booking is not a new transaction."""
    await append(store, "m")
    await store.finish(await _accept(store, "m"))
    again = await store.append(new_sealed("m"), DIGEST)
    assert not again.is_new
    assert again.row.state is State.PROCESSED


async def test_a_full_outbox_refuses_and_drops_nothing(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is not finished counts; a finished one makes room."""
    monkeypatch.setattr(store_module, "CAPACITY", 3)
    waiting, failed, accepted = [await append(store) for _ in range(3)]
    await store.fail(await _row(store, failed), FailedBy.SERVER, "refused")
    row = await _accept(store, accepted)
    with pytest.raises(OutboxFullError):
        await append(store, "new")
    assert not (await store.append(new_sealed(waiting), DIGEST)).is_new
    await store.finish(row)
    await append(store, "new")
    assert await store.counts() == Counts(waiting=2, failed=1, processed=1)


async def test_rows_survive_a_restart(store: Store, path: Path, clock: Clock) -> None:
    """Rows and facts are as they were."""
    ids = [await append(store) for _ in range(3)]
    await store.begin_attempt(await _row(store, ids[0]), 120)
    await _accept(store, ids[1])
    await store.remember("fact", "one")
    await store.remember("fact", "two")
    before = [await _row(store, message_id) for message_id in ids]
    await store.close()
    again = Store(path, clock)
    await again.open()
    assert [await _row(again, message_id) for message_id in ids] == before
    assert await again.recall("fact") == "two"
    assert await again.recall("other") is None
    await again.close()


@pytest.mark.parametrize(
    "call",
    [
        append,
        Store.counts,
        lambda store: store.get("m"),
        lambda store: store.due(State.WAITING, 0, 1),
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


# What happens to a transaction


async def test_an_attempt_puts_it_in_doubt(store: Store, clock: Clock) -> None:
    """It rests, and is due again when that is over."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.begin_attempt(row, 120)
    begun = await _row(store, "m")
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
    kept = await _row(store, "m")
    assert (kept.attempts, kept.in_doubt, kept.error) == (1, False, "unreachable")
    assert await store.due(State.WAITING, LONGEST_REST, 10) == [kept]


async def test_an_accepted_one_keeps_payload_and_queue_id(
    store: Store, clock: Clock
) -> None:
    """The server's queue can be lost, so it stays until an app has applied it."""
    sealed = new_sealed("m")
    row = (await store.append(sealed, DIGEST)).row
    await store.begin_attempt(row, 120)
    accepted = await _accept(store, "m", rest=60)
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
    row = await _accept(store, "m")
    if state is State.FAILED:
        await store.fail(row, FailedBy.APP, "failed")
    else:
        await _SET_ASIDE[state](store, row)
    aside = await _row(store, "m")
    assert (aside.state, aside.payload) == (state, row.payload)
    await store.finish(aside)
    finished = await _row(store, "m")
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
    marked = await _row(store, "m")
    assert (marked.state, marked.queue_id) == (State.DUPLICATE, "theirs")
    assert (marked.payload, marked.in_doubt) == (row.payload, False)
    assert await store.accepted(60, 10) == []


@pytest.mark.parametrize("settle", ["accept", "begin_attempt", "keep_waiting"])
async def test_what_is_settled_is_not_sent_again(store: Store, settle: str) -> None:
    """A late word about an attempt does not bring a settled one back."""
    row = (await store.append(new_sealed("m"), DIGEST)).row
    await store.fail(row, FailedBy.SERVER, "refused")
    failed = await _row(store, "m")
    match settle:
        case "accept":
            await store.accept(Accepted("m", "late"), 60)
        case "begin_attempt":
            await store.begin_attempt(row, 120)
        case "keep_waiting":
            await store.keep_waiting(row, in_doubt=True, rest=1, error="late")
    assert await _row(store, "m") == failed


async def test_the_oldest_comes_first(store: Store) -> None:
    """In the order in which they were taken on, at most as many as asked for."""
    ids = [await append(store) for _ in range(5)]
    due = await store.due(State.WAITING, LONGEST_REST, 3)
    assert [row.message_id for row in due] == ids[:3]
    for message_id in ids:
        await _accept(store, message_id, rest=DAY)
    assert await store.due(State.ACCEPTED, 2 * DAY, 3) == []
    assert [row.message_id for row in await store.accepted(60, 3)] == ids[:3]


async def test_nothing_due_is_no_time(store: Store) -> None:
    """Only the asked states count."""
    assert await store.seconds_until_due([State.WAITING]) == inf
    await append(store)
    assert await store.seconds_until_due([State.ACCEPTED]) == inf
    assert await store.seconds_until_due([State.ACCEPTED, State.WAITING]) == 0


async def test_long_finished_ones_are_forgotten(
    store: Store, path: Path, clock: Clock
) -> None:
    """Ninety days after their booking; nothing else is ever dropped."""
    for message_id in ("old", "recent", "accepted", "failed", "waiting"):
        await append(store, message_id)
    await store.finish(await _accept(store, "old"))
    await _accept(store, "accepted")
    await store.fail(await _row(store, "failed"), FailedBy.SERVER, "refused")
    clock.now += 2 * DAY
    await store.finish(await _accept(store, "recent"))
    await store.close()
    clock.now += 89 * DAY
    again = Store(path, clock)
    await again.open()
    assert await again.get("old") is not None
    await again.note_time(clock.now)
    assert await again.get("old") is None
    assert await again.counts() == Counts(waiting=1, accepted=1, processed=1, failed=1)
    await again.close()


async def test_a_clock_far_ahead_forgets_nothing(store: Store, clock: Clock) -> None:
    """What is long ago is said by the server's clock alone."""
    await append(store, "m")
    server_time = clock.now
    await store.finish(await _accept(store, "m"))
    clock.now += 3650 * DAY
    await store.note_time(server_time)
    assert (await _row(store, "m")).state is State.PROCESSED


# Wrong clocks


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
    row = await _accept(store, "m")
    clock.now -= DAY
    assert store.age(row) == 0


# A disk that fails


async def test_a_failed_commit_is_no_promise(
    store: Store, disk: Disk, path: Path, clock: Clock
) -> None:
    """What is not on disk is an error; what came through is answered as new."""
    await store.close()
    again = Store(path, clock)
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
    again = Store(path, clock)
    await again.open()
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await again.append(new_sealed("m"), DIGEST)
    assert await _row(again, "m") == first.row
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


def _lanes() -> set[threading.Thread]:
    threads = threading.enumerate()
    return {thread for thread in threads if thread.name.startswith("budgero-outbox")}


async def test_an_opening_that_fails_leaves_nothing_open(
    disk: Disk, path: Path, clock: Clock
) -> None:
    """Also when the file itself was fine."""
    store = Store(path, clock)
    lanes = _lanes()
    disk.lost_commits = 1
    with pytest.raises(StorageError):
        await store.open()
    with pytest.raises(ClosedError):
        await append(store)
    assert _lanes() <= lanes


def _text(path: Path) -> None:
    path.write_text("This is no database, but somebody's notes. " * 100)


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    connection.close()


def _foreign_with_log(path: Path) -> None:
    original = path.with_name("original")
    connection = sqlite3.connect(original)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    _copy(original, path)
    connection.close()


def _torn(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _overwritten(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(3 * 4096))


def _newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 1000")
    connection.close()


def _newer_with_log(path: Path) -> None:
    original = path.with_name("original")
    path.rename(original)
    connection = sqlite3.connect(original)
    connection.execute("PRAGMA user_version = 1000")
    _copy(original, path)
    connection.close()


def _copy(original: Path, path: Path) -> None:
    for suffix in ("", "-wal"):
        shutil.copy(f"{original}{suffix}", f"{path}{suffix}")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_text, UnreadableOutboxError),
        (_foreign, UnreadableOutboxError),
        (_foreign_with_log, UnreadableOutboxError),
        (_torn, UnreadableOutboxError),
        (_overwritten, UnreadableOutboxError),
        (_newer, NewerOutboxError),
        (_newer_with_log, NewerOutboxError),
    ],
)
async def test_a_file_that_is_no_intact_outbox_is_left_as_it_is(
    tmp_path: Path, spoil: Callable[[Path], None], error: type[OutboxError]
) -> None:
    """Byte for byte: a person or a newer version may still want it."""
    path = tmp_path / "outbox"
    if spoil not in (_text, _foreign, _foreign_with_log):
        intact = Store(path)
        await intact.open()
        for _ in range(50):
            await intact.append(new_sealed(payload="x" * 500), DIGEST)
        await intact.close()
    spoil(path)

    def content() -> list[bytes]:
        files = (path, path.with_name("outbox-wal"))
        return [file.read_bytes() if file.exists() else b"" for file in files]

    before = content()
    store = Store(path)
    with pytest.raises(error):
        await store.open()
    await store.close()
    assert content() == before


# What others may read


async def test_nothing_is_readable_at_rest(store: Store, path: Path) -> None:
    """Neither in the file nor in its log, before and after closing."""
    transaction = Transaction(
        account=1,
        budget=1,
        date=date(2026, 5, 4),
        amount=Decimal("8642.97"),
        direction=Direction.EXPENSE,
        memo="canary-memo",
        payee="canary-payee",
        transfer_id="canary-transfer",
    )
    key = SpaceKey(bytes(range(32)))
    message_id = "visible-message-id"
    sealed = new_sealed(message_id, key.seal(transaction.to_wire()))
    row = (await store.append(sealed, key.mac(b"canary-given 8642.97"))).row
    await store.begin_attempt(row, 120)
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


# What a person decides


async def _stranded(store: Store, state: State) -> str:
    """Return a transaction to which nothing more happens by itself."""
    message_id = await append(store)
    row = await _row(store, message_id)
    match state:
        case State.FAILED:
            await store.fail(row, FailedBy.SERVER, "refused")
        case State.DUPLICATE:
            await store.mark_duplicate(row, "theirs")
        case _:
            await _SET_ASIDE[state](store, await _accept(store, message_id))
    return message_id


@pytest.mark.parametrize("state", sorted(STRANDED))
async def test_what_is_stranded_can_be_removed(
    store: Store, clock: Clock, state: State
) -> None:
    """The payload goes; the id stays known, for as long as finished ones do.

    What a question left in the server's queue is remembered for longer.
    """
    message_id = await _stranded(store, state)
    await store.remove(message_id)
    row = await _row(store, message_id)
    assert (row.state, row.payload) == (State.REMOVED, None)
    assert await store.unfinished() == []
    assert (await store.overview()).vanished == 0
    known = await store.append(new_sealed(message_id), DIGEST)
    assert not known.is_new
    with pytest.raises(NotPossibleError):
        await store.remove(message_id)
    clock.now += 91 * DAY
    await store.note_time(clock.now)
    assert (await store.get(message_id) is None) == (state is not State.VANISHED)


@pytest.mark.parametrize("state", sorted(STRANDED))
async def test_what_is_stranded_can_be_sent_again(store: Store, state: State) -> None:
    """Under a new id, with the same content, and linked to the old one."""
    message_id = await _stranded(store, state)
    old = await _row(store, message_id)
    new = await store.send_again(message_id, "again")
    assert (new.message_id, new.state, new.replaces) == (
        "again",
        State.WAITING,
        message_id,
    )
    assert (new.payload, new.digest) == (old.payload, old.digest)
    assert (new.attempts, new.in_doubt, new.queue_id) == (0, False, None)
    assert await store.due(State.WAITING, LONGEST_REST, 10) == [new]
    assert (await _row(store, message_id)).state is State.REMOVED
    with pytest.raises(NotPossibleError):
        await store.send_again(message_id, "once more")
    assert await store.get("once more") is None


async def test_what_never_left_can_be_removed(store: Store) -> None:
    """Taking back what was not sent yet."""
    message_id = await append(store)
    await store.remove(message_id)
    assert await store.due(State.WAITING, LONGEST_REST, 10) == []
    row = await append(store)
    waiting = await _row(store, row)
    await store.begin_attempt(waiting, 120)
    await store.keep_waiting(waiting, in_doubt=False, rest=0, error="unreachable")
    await store.remove(row)
    assert not await store.begin_attempt(waiting, 120)


async def test_what_may_be_on_its_way_cannot_be_removed(store: Store) -> None:
    """Nobody says that it was removed before that is true."""
    message_id = await append(store)
    await store.begin_attempt(await _row(store, message_id), 120)
    with pytest.raises(StillInDoubtError):
        await store.remove(message_id)
    with pytest.raises(NotPossibleError):
        await store.send_again(message_id, "again")
    assert (await _row(store, message_id)).payload is not None


async def test_what_budgero_has_cannot_be_removed(store: Store) -> None:
    """It must be removed in Budgero."""
    message_id = await append(store)
    row = await _accept(store, message_id)
    for change in (store.remove(message_id), store.send_again(message_id, "again")):
        with pytest.raises(NotPossibleError):
            await change
    await store.finish(row)
    with pytest.raises(NotPossibleError):
        await store.remove(message_id)


async def test_what_nobody_knows_cannot_be_removed(store: Store) -> None:
    """A mistyped id changes nothing."""
    for change in (store.remove("none"), store.send_again("none", "again")):
        with pytest.raises(UnknownTransactionError):
            await change
    assert await store.counts() == Counts()


async def test_the_unfinished_are_listed_oldest_first(store: Store) -> None:
    """Whatever their state; what is finished is left out."""
    ids = [await append(store) for _ in range(4)]
    await store.fail(await _row(store, ids[0]), FailedBy.APP, "failed")
    await _accept(store, ids[1])
    await store.finish(await _accept(store, ids[2]))
    rows = await store.unfinished()
    assert [(row.message_id, row.state) for row in rows] == [
        (ids[0], State.FAILED),
        (ids[1], State.ACCEPTED),
        (ids[3], State.WAITING),
    ]


async def test_a_late_word_changes_nothing(store: Store) -> None:
    """What was settled meanwhile stays as it is."""
    message_id = await append(store)
    row = await _row(store, message_id)
    accepted = await _accept(store, message_id)
    for late in (
        store.fail(row, FailedBy.SERVER, "refused"),
        store.mark_duplicate(row, "theirs"),
        store.finish(row),
        store.give_up(row),
        store.mark_vanished(row),
    ):
        await late
        assert await _row(store, message_id) == accepted
