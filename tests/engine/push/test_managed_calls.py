"""The queue's management, as documented; today's servers refuse it."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
import json

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import (
    Client,
    QueueItem,
    QueueState,
    QueueStats,
)
from custom_components.budgero.engine.push.errors import (
    HeaderRemovedError,
    NotAllowedError,
    PushError,
    ServerTroubleError,
    TooLongError,
    WrongAddressError,
    WrongTokenError,
)
from tests.budgero_server import BudgeroServer

from .credentials import KEY, TOKEN
from .wire import Wire, http

TEN = datetime(2026, 7, 1, 10, tzinfo=UTC)
MANAGED = [
    Client.stats,
    Client.queue,
    Client.clear_queue,
]


@pytest.mark.parametrize("call", MANAGED, ids=lambda call: call.__name__)
async def test_todays_servers_do_not_allow_it(
    call: Callable[[Client], Awaitable[object]], server: BudgeroServer, client: Client
) -> None:
    """The token is good all the same: nobody is asked for a new one."""
    with pytest.raises(NotAllowedError):
        await call(client)
    assert [request.status for request in server.requests] == [401]


@pytest.mark.parametrize("call", MANAGED, ids=lambda call: call.__name__)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http(403, b'{"message":"account is blocked"}'), NotAllowedError),
        (http(500, b'{"message":"token validation failed"}'), WrongTokenError),
        (
            http(401, b'{"message":"missing authorization header"}'),
            HeaderRemovedError,
        ),
        (http(401, b"<html></html>"), WrongAddressError),
        (http(200, b"<html></html>"), WrongAddressError),
        (http(200, b"{}"), WrongAddressError),
        (http(200, b'{"message":"hello"}'), WrongAddressError),
        (http(200, b'{"items":{},"total":"3","deleted":null}'), WrongAddressError),
        (http(503), ServerTroubleError),
    ],
)
async def test_managing_in_vain(
    call: Callable[[Client], Awaitable[object]],
    answer: bytes,
    expected: type[PushError],
    session: ClientSession,
) -> None:
    """No neutral value on a failure: an unknown queue is not an empty one."""
    async with Wire(answer) as wire:
        with pytest.raises(PushError) as caught:
            await call(Client(session, wire.url, TOKEN, KEY))
    assert type(caught.value) is expected


async def test_statistics(session: ClientSession) -> None:
    """A server that allows it is believed."""
    body = b'{"pending":1,"processed":20,"failed":3,"total":24}\n'
    async with Wire(http(200, body)) as wire:
        stats = await Client(session, wire.url, TOKEN, KEY).stats()
    assert stats == QueueStats(pending=1, processed=20, failed=3, total=24)


@pytest.mark.parametrize(
    "count",
    [
        b"-1",
        b"1.0",
        b"true",
        b'"1"',
        b"null",
        b"9007199254740992",
        b"18446744073709551616",
        b"1%b" % (b"0" * 400),
        b"1e400",
        b"NaN",
        b"[" * 5000 + b"]" * 5000,
    ],
)
async def test_statistics_that_are_no_counts(
    count: bytes, session: ClientSession
) -> None:
    """Half a statistic is none."""
    body = b'{"pending":%b,"processed":0,"failed":0,"total":1}' % count
    async with Wire(http(200, body)) as wire:
        with pytest.raises(WrongAddressError):
            await Client(session, wire.url, TOKEN, KEY).stats()


def _item(**changes: object) -> dict[str, object]:
    return {
        "id": "item-1",
        "user_id": "u",
        "space_id": "s",
        "message_id": "lunch",
        "encrypted_payload": "A" * 12_000,
        "status": "pending",
        "created_at": "2026-07-01T10:00:00Z",
        **changes,
    }


async def test_the_queue(session: ClientSession) -> None:
    """A hundred items with long memos are all read."""
    items = [_item(id=f"item-{number}") for number in range(99)]
    items.append(_item(id="item-99", message_id=None))
    body = json.dumps({"count": 100, "items": items}).encode()
    async with Wire(http(200, body)) as wire:
        queue = await Client(session, wire.url, TOKEN, KEY).queue()
    assert len(queue) == 100
    first = QueueItem("item-0", "lunch", QueueState.PENDING, TEN, is_question=False)
    assert queue[0] == first
    assert queue[99].message_id is None


async def test_a_queue_that_is_too_long(session: ClientSession) -> None:
    """It has no end that anybody would wait for, and says nothing."""
    body = json.dumps({"items": [_item(encrypted_payload="x" * 5_000_000)]}).encode()
    async with Wire(http(200, body)) as wire:
        with pytest.raises(TooLongError):
            await Client(session, wire.url, TOKEN, KEY).queue()


@pytest.mark.parametrize("items", [b"[]", b"null"])
async def test_an_empty_queue(items: bytes, session: ClientSession) -> None:
    """No items, in either way that the server may write it."""
    async with Wire(http(200, b'{"count":0,"items":%b}' % items)) as wire:
        assert await Client(session, wire.url, TOKEN, KEY).queue() == ()


@pytest.mark.parametrize("item", [7, None, "item-1", {}, {"id": 7}])
async def test_a_queue_of_something_else(item: object, session: ClientSession) -> None:
    """An item without an id is none of Budgero's."""
    body = json.dumps({"items": [_item(), item]}).encode()
    async with Wire(http(200, body)) as wire:
        with pytest.raises(WrongAddressError):
            await Client(session, wire.url, TOKEN, KEY).queue()


async def test_clearing(session: ClientSession) -> None:
    """How many items were deleted."""
    async with Wire(http(200, b'{"deleted":7,"status":"cleared"}')) as wire:
        assert await Client(session, wire.url, TOKEN, KEY).clear_queue() == 7
