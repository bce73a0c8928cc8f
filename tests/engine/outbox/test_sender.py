"""The worker delivers everything, once, and keeps what it was told."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
import sqlite3
import time
from typing import Never, override

from aiohttp import web
from aiohttp.typedefs import Handler
import pytest

from custom_components.budgero.engine.outbox import (
    FailedBy,
    Row,
    State,
    StateChange,
    StorageError,
    Stumble,
    UnreadableOutboxError,
)
from custom_components.budgero.engine.outbox.policy import BATCH
from custom_components.budgero.engine.outbox.waiting import WaitingRows
from custom_components.budgero.engine.push import (
    Accepted,
    Duplicate,
    Sealed,
    WireFormat,
)
from tests.budgero_server import Acknowledgements, Delay, Fault, Reply

from .helpers import owner_of
from .house import PUSH, SPEC, House, until

pytestmark = pytest.mark.usefixtures("hurry")


# The way of a transaction


async def test_everything_arrives_once_and_oldest_first(house: House) -> None:
    """Those that are in flight together are the oldest; nothing overtakes a batch."""
    ids = await house.add_all(2 * BATCH + 5)
    house.start()
    await house.until_all(ids, State.ACCEPTED)
    arrived = [request.message_id for request in house.pushes()]
    assert sorted(filter(None, arrived)) == sorted(ids)
    for start in range(0, len(ids), BATCH):
        assert set(arrived[start : start + BATCH]) == set(ids[start : start + BATCH])


async def test_an_accepted_one_keeps_payload_and_queue_id(house: House) -> None:
    """What stays on disk could be delivered again."""
    message_id = await house.add()
    sent = (await house.row(message_id)).payload
    house.start()
    row = await house.until(message_id, State.ACCEPTED)
    [item] = house.server.queue
    assert (row.queue_id, row.payload) == (item.id, item.payload)
    assert (row.payload, row.attempts, row.in_doubt) == (sent, 1, False)
    assert house.sender.last_error is None


@pytest.mark.usefixtures("follow_soon")
async def test_it_is_processed_when_the_app_has_applied_it(house: House) -> None:
    """Only then the payload goes."""
    message_id = await house.add("lunch")
    house.start()
    await house.until(message_id, State.ACCEPTED)
    house.server.apply()
    row = await house.until(message_id, State.PROCESSED)
    assert row.payload is None
    [booking] = house.server.bookings
    assert (booking.message_id, booking.memo) == (message_id, "lunch")
    assert booking.outflow == 12_500


@pytest.mark.usefixtures("follow_soon")
async def test_what_the_app_refuses_has_failed(house: House) -> None:
    """It stays, with its payload, and says who reported it; the others go on."""
    wrong = await house.add("no such account", account=999)
    right = await house.add("lunch")
    house.start()
    await house.until_all([wrong, right], State.ACCEPTED)
    house.server.apply()
    row = await house.until(wrong, State.FAILED)
    await house.until(right, State.PROCESSED)
    assert row.failed_by is FailedBy.APP
    assert row.payload is not None


@pytest.mark.usefixtures("follow_soon")
async def test_what_the_app_booked_and_reported_as_failed(house: House) -> None:
    """It is failed and not sent again: that would book it twice."""
    house.start()
    await house.prove_key()
    message_id = await house.add("lunch")
    await house.until(message_id, State.ACCEPTED)
    house.server.apply(Acknowledgements.PROCESSED_LOST)
    await house.until(message_id, State.FAILED)
    await house.restart()
    later = await house.add("later")
    await house.until(later, State.ACCEPTED)
    house.server.apply()
    memos = [booking.memo for booking in house.server.bookings]
    assert memos == ["proof", "lunch", "later"]


async def test_a_stranger_with_the_same_id_makes_a_duplicate(house: House) -> None:
    """On a first attempt "already known" is about somebody else's transaction."""
    message_id = await house.add("ours")
    theirs = await house.client.push(Sealed(message_id, "theirs"))
    assert isinstance(theirs, Accepted)
    house.start()
    row = await house.until(message_id, State.DUPLICATE)
    assert row.queue_id == theirs.queue_id
    assert row.payload is not None
    assert len(house.server.queue) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look(Fault):
    """Look into the file while the request is in flight."""

    path_on_disk: Path
    seen: list[tuple[object, ...]]

    @override
    async def serve(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        connection = sqlite3.connect(self.path_on_disk)
        try:
            rows = connection.execute(
                "SELECT state, attempts, in_doubt, not_before > ?, payload NOT NULL"
                " FROM transactions",
                (time.time(),),
            )
            self.seen.extend(rows.fetchall())
        finally:
            connection.close()
        return await handler(request)


async def test_an_attempt_is_on_disk_before_it_is_sent(house: House) -> None:
    """So that a machine that dies now knows afterwards that it may have arrived."""
    seen: list[tuple[object, ...]] = []
    house.server.faults.add(_Look(path_on_disk=house.path, seen=seen))
    message_id = await house.add()
    house.start()
    await house.until(message_id, State.ACCEPTED)
    assert seen == [("waiting", 1, True, True, True)]


async def test_cancelling_in_mid_flight_leaves_it_in_doubt(house: House) -> None:
    """It rests, also after a restart, and is then found to have arrived."""
    house.server.faults.add(Delay(seconds=60, after_commit=True))
    message_id = await house.add()
    house.start()
    await house.until_pushed(message_id)
    await house.stop()
    row = await house.row(message_id)
    assert (row.state, row.attempts, row.in_doubt) == (State.WAITING, 1, True)
    assert row.payload is not None
    await house.restart()
    await house.until(message_id, State.ACCEPTED)
    assert house.queued_ids() == [message_id]
    assert house.pushes(message_id)[1].time >= row.not_before


# Waiting for it


async def test_waiting_until_it_is_settled(house: House) -> None:
    """A caller can wait for Budgero's answer."""
    message_id = await house.add()
    house.start()
    async with asyncio.timeout(20):
        row = await house.sender.until_settled(message_id)
        assert row is not None
        assert row.state is State.ACCEPTED
        assert await house.sender.until_settled(message_id) == row
        assert await house.sender.until_settled("unheard of") is None


async def test_nobody_waits_for_a_sender_that_has_ended(house: House) -> None:
    """Home Assistant stops at once, even while somebody waits for an answer."""
    house.server.faults.add(Delay(seconds=30))
    message_id = await house.add()
    house.start()
    await house.until_pushed(message_id)
    waiting = asyncio.create_task(house.sender.until_settled(message_id))
    await house.stop()
    row = await waiting
    assert row is not None
    assert (row.state, row.in_doubt) == (State.WAITING, True)


async def test_listeners_hear_of_changes_until_they_leave(house: House) -> None:
    """Every settled transaction is a change."""
    changes: list[StateChange | None] = []
    unsubscribe = house.sender.subscribe(changes.append)
    house.start()
    await house.until(await house.add(), State.ACCEPTED)
    await until(lambda: asyncio.sleep(0, bool(changes)))
    unsubscribe()
    changes.clear()
    await house.until(await house.add(), State.ACCEPTED)
    assert changes == []


@pytest.mark.allowed_warnings("^Unexpected RuntimeError in a listener$")
async def test_a_listener_that_raises_stops_nothing(house: House) -> None:
    """A fault in what shows the transactions does not stop their delivery."""

    def raising(change: StateChange | None) -> None:
        raise RuntimeError

    house.sender.subscribe(raising)
    house.start()
    await house.until(await house.add(), State.ACCEPTED)


# The payload's format


def _spec(version: int | None) -> Reply:
    schema = {} if version is None else {"v": {"type": "integer"}}
    return Reply(
        method="GET",
        path=SPEC,
        status=200,
        json={
            "supported_operations": {"transactions.add": {}},
            "payload_format": {"schema": schema},
        },
    )


@pytest.mark.parametrize(
    ("version", "wire_format"),
    [(None, WireFormat.DECIMALS), (2, WireFormat.MILLIUNITS)],
)
async def test_the_payload_format_is_remembered(
    house: House, version: int | None, wire_format: WireFormat
) -> None:
    """A restart while the server is away does not forget it."""
    house.server.faults.add(_spec(version))
    assert house.sender.spec.wire_format is WireFormat.MILLIUNITS
    house.start()
    await house.until(await house.add(), State.ACCEPTED)
    assert house.sender.spec.wire_format is wire_format
    await house.server.stop()
    await house.restart()
    await house.until_sender(lambda sender: sender.last_error is not None)
    assert house.sender.spec.wire_format is wire_format


async def test_the_payload_format_is_read_once(house: House) -> None:
    """Not with every transaction."""
    house.start()
    for _ in range(3):
        await house.until(await house.add(), State.ACCEPTED)
    assert [request.path for request in house.server.requests].count(SPEC) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Reply(method="GET", path=SPEC, status=404, json={"message": "Not Found"}),
        Reply(method="GET", path=SPEC, status=401, json={"message": "invalid token"}),
        Reply(method="GET", path=SPEC, status=200, html="<p>Budgero</p>"),
        Reply(method="GET", path=SPEC, status=503),
    ],
)
async def test_a_server_without_a_spec_does_no_harm(
    house: House, answer: Reply
) -> None:
    """The present format is used, and no hold comes of it."""
    house.server.faults.add(answer)
    house.start()
    await house.until(await house.add(), State.ACCEPTED)
    assert house.sender.spec.wire_format is WireFormat.MILLIUNITS
    assert (house.sender.hold, house.sender.last_error) == (None, None)


async def test_an_unheard_of_format_does_no_harm(house: House) -> None:
    """A later version may have remembered one."""
    await house.store.remember("wire_format", "3")
    house.start()
    await house.until(await house.add(), State.ACCEPTED)


# Trouble of our own


def _raising(error: type[Exception]) -> Callable[..., Awaitable[Never]]:
    """Return what fails, whatever it is given."""

    async def call(*_: object) -> Never:
        raise error

    return call


@pytest.mark.allowed_warnings(r"^Unexpected RuntimeError in the outbox$")
async def test_an_unexpected_error_with_one_stops_no_other(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is named in the log by its kind alone, and tried again after a rest."""
    poisoned, *others = await house.add_all(BATCH)
    push = house.client.push
    stumbles = 2

    async def stumble(
        sealed: Sealed, *, in_doubt: bool = False
    ) -> Accepted | Duplicate:
        nonlocal stumbles
        if sealed.message_id == poisoned and stumbles:
            stumbles -= 1
            raise RuntimeError("canary")
        return await push(sealed, in_doubt=in_doubt)

    monkeypatch.setattr(house.client, "push", stumble)
    house.start()
    for row in await house.until_all(others, State.ACCEPTED):
        assert row.attempts == 1
    assert (await house.until(poisoned, State.ACCEPTED)).attempts == 3
    assert "Unexpected RuntimeError" in caplog.text
    assert "canary" not in caplog.text


@pytest.mark.allowed_warnings(r"^Unexpected KeyError in the outbox$")
async def test_an_unexpected_error_of_the_store_makes_a_pause(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The worker goes on afterwards."""
    due = WaitingRows.due
    stumbles = [KeyError("canary")] * 3

    async def stumble(store: WaitingRows, *arguments: object) -> object:
        if stumbles:
            raise stumbles.pop()
        return await due(store, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(owner_of("due"), "due", stumble)
    message_id = await house.add()
    house.start()
    await house.until(message_id, State.ACCEPTED)
    assert house.is_working
    assert "canary" not in caplog.text


@pytest.mark.allowed_warnings(r"^Unexpected KeyError in the outbox$")
@pytest.mark.parametrize("method", ["due", "begin_attempt"])
async def test_an_error_that_stays_is_told(
    house: House, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Of the whole worker or of one transaction: not after the first time, but soon."""
    changes: list[Stumble | None] = []
    house.sender.subscribe(lambda _: changes.append(house.sender.lasting_stumble))
    with monkeypatch.context() as patch:
        patch.setattr(owner_of(method), method, _raising(KeyError))
        house.start()
        poisoned = await house.add()
        await until(lambda: asyncio.sleep(0, Stumble.UNEXPECTED in changes))
        assert changes.index(Stumble.UNEXPECTED) >= 2
    house.sender.wake()
    await house.until(poisoned, State.ACCEPTED)
    await until(lambda: asyncio.sleep(0, house.sender.lasting_stumble is None))


async def test_damage_is_told_at_once(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who hears of it looks into the file, and has what is intact saved."""
    changes: list[str | None] = []
    house.sender.subscribe(lambda _: changes.append(house.sender.last_error))
    monkeypatch.setattr(owner_of("due"), "due", _raising(UnreadableOutboxError))
    house.start()
    await until(lambda: asyncio.sleep(0, "storage" in changes))
    assert house.pushes() == []


@pytest.mark.parametrize("method", ["begin_attempt", "accept", "due", "recall"])
async def test_a_disk_that_fails_for_a_while_makes_a_pause(
    house: House, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Then it goes on; what was accepted unnoticed is found out, not sent twice."""
    original = getattr(owner_of(method), method)
    failures = [StorageError("full")] * 3

    async def fail(*arguments: object) -> object:
        if failures:
            raise failures.pop()
        return await original(*arguments)

    monkeypatch.setattr(owner_of(method), method, fail)
    message_id = await house.add()
    house.start()
    await house.until(message_id, State.ACCEPTED)
    assert house.queued_ids() == [message_id]
    if method == "begin_attempt":
        assert len(house.pushes(message_id)) == 1


async def test_what_is_sent_is_never_sent_before_it_is_noted(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the attempt cannot be written nothing goes out."""
    tries: list[None] = []

    async def refuse(*_: object) -> None:
        tries.append(None)
        raise StorageError("full")

    monkeypatch.setattr(owner_of("begin_attempt"), "begin_attempt", refuse)
    message_id = await house.add()
    house.start()
    await until(lambda: asyncio.sleep(0, len(tries) >= 3))
    assert house.pushes() == []
    assert house.sender.last_error == "storage"
    await until(lambda: asyncio.sleep(0, house.sender.lasting_stumble == "storage"))
    assert (await house.row(message_id)).attempts == 0
    assert PUSH not in {request.path for request in house.server.requests}


# The end


async def test_what_is_begun_gets_its_answer(house: House) -> None:
    """An outbox that is closed in order leaves nothing in doubt, and begins nothing."""
    house.server.faults.add(Delay(seconds=0.3, times=None))
    first = await house.add()
    house.start()
    await until(lambda: asyncio.sleep(0, bool(house.pushes())))
    later = asyncio.create_task(house.add())
    await house.sender.finish()
    row = await house.row(first)
    assert (row.state, row.attempts) == (State.ACCEPTED, 1)
    row = await house.row(await later)
    assert (row.state, row.attempts, row.in_doubt) == (State.WAITING, 0, False)
    await until(lambda: asyncio.sleep(0, not house.is_working))


async def test_an_answer_that_takes_too_long_is_not_waited_for(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in doubt then, as after a power cut."""
    monkeypatch.setattr(
        "custom_components.budgero.engine.outbox.sender.LONGEST_FINISH", 0.1
    )
    house.server.faults.add(Delay(seconds=1.0))
    message_id = await house.add()
    house.start()
    await until(lambda: asyncio.sleep(0, bool(house.pushes())))
    await house.sender.finish()
    assert house.is_working
    await house.stop()
    row = await house.row(message_id)
    assert (row.state, row.attempts, row.in_doubt) == (State.WAITING, 1, True)


async def test_an_attempt_that_never_began_is_no_attempt(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancelled when it is noted on disk and nothing was sent, it is in no doubt."""
    noted = asyncio.Event()
    begin_attempt = house.store.waiting.begin_attempt

    async def begin(row: Row, rest: float) -> bool:
        is_begun = await begin_attempt(row, rest)
        noted.set()
        await asyncio.sleep(60)
        return is_begun

    monkeypatch.setattr(house.store.waiting, "begin_attempt", begin)
    message_id = await house.add()
    house.start()
    await noted.wait()
    before = await house.row(message_id)
    assert (before.attempts, before.in_doubt) == (1, True)
    await house.stop()
    row = await house.row(message_id)
    assert (row.attempts, row.in_doubt, row.not_before) == (0, False, 0.0)
    assert not house.pushes()
