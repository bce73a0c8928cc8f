"""Whatever comes between: nothing is lost, nothing arrives twice, nobody is flooded."""

import asyncio
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path
import ssl
import time

from aiohttp import ClientSession, TCPConnector
import pytest

from custom_components.budgero.engine.outbox import Hold, State, gate, policy, pusher
from custom_components.budgero.engine.outbox.policy import HOLD_AFTER
from custom_components.budgero.engine.push import transport
from custom_components.budgero.engine.push.answers import BODY_REMOVED, HEADER_REMOVED
from tests.budgero_server import (
    BudgeroServer,
    CaptivePortal,
    Delay,
    Drop,
    Fault,
    Redirect,
    Reply,
    StalledBody,
    TruncatedBody,
)
from tests.certificates import Certificate
from tests.proxy import Proxy

from .house import HEALTH, PUSH, House

hurried = pytest.mark.usefixtures("hurry")

TOKEN_FAULT = {"message": "token validation failed"}


def _says(status: int, message: str) -> Reply:
    return Reply(path=PUSH, status=status, json={"message": message}, times=None)


A_MOMENT = 0.3
"""Long enough for something to go wrong, were it to; seconds."""


# In doubt

DOUBT_REST = 0.6
CLIENT_WAITS = 0.25
SLOW = 0.45


@hurried
@pytest.mark.parametrize(
    "fault",
    [
        Drop(),
        Drop(after_commit=True),
        TruncatedBody(),
        StalledBody(),
        Delay(seconds=SLOW, after_commit=True),
        Delay(seconds=SLOW),
        Reply(status=502, html="<h1>Bad gateway</h1>"),
        Reply(status=200, html="<h1>Please sign in</h1>"),
        Reply(status=202, json={"status": "queued"}),
    ],
    ids=repr,
)
async def test_a_lost_answer_costs_a_rest_and_no_second_booking(
    house: House, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    """The same id rests and is sent again; "already known" then means accepted."""
    monkeypatch.setattr(pusher, "DOUBT_REST", DOUBT_REST)
    monkeypatch.setattr(transport, "EXCHANGE_SECONDS", CLIENT_WAITS)
    house.server.faults.add(fault)
    message_id = await house.add("lunch")
    house.start()
    row = await house.until(message_id, State.ACCEPTED)
    first, second, *_ = house.pushes(message_id)
    assert second.time - first.time >= DOUBT_REST
    house.assert_one_at_a_time()
    [item] = house.server.queue
    assert (row.queue_id, row.payload, row.in_doubt) == (item.id, item.payload, False)
    house.server.apply()
    assert [booking.memo for booking in house.server.bookings] == ["lunch"]
    assert house.sender.hold is None


@hurried
async def test_a_doubt_outlives_what_came_after_it(house: House) -> None:
    """An attempt that certainly failed does not settle an earlier one."""
    house.server.faults.add(Drop(after_commit=True), Reply(status=429, json={}))
    message_id = await house.add()
    house.start()
    await house.until(message_id, State.ACCEPTED)
    assert len(house.pushes(message_id)) == 3
    assert house.queued_ids() == [message_id]


@hurried
async def test_one_in_doubt_keeps_nobody_else_waiting(house: House) -> None:
    """The others are delivered while it rests."""
    house.server.faults.add(Drop(after_commit=True))
    doubtful = await house.add()
    house.start()
    await house.until_pushed(doubtful)
    others = await house.add_all(3)
    await house.until_all([*others, doubtful], State.ACCEPTED)
    again = house.pushes(doubtful)[1].time
    assert all(
        request.time < again for other in others for request in house.pushes(other)
    )


# Away, and back


@hurried
async def test_a_server_that_is_away_and_back(house: House) -> None:
    """Nothing was sent meanwhile, so nothing is in doubt and nothing rests."""
    await house.server.stop()
    ids = await house.add_all(3)
    house.start()
    await house.until_sender(lambda sender: sender.last_error == "unreachable")
    assert [(await house.row(message_id)).in_doubt for message_id in ids] == [False] * 3
    await house.server.start()
    rows = await house.until_all(ids, State.ACCEPTED)
    assert sorted(filter(None, house.queued_ids())) == sorted(ids)
    assert {row.error for row in rows} == {None}
    assert house.sender.hold is None
    assert house.sender.last_error is None


@pytest.mark.parametrize("sign", ["wake", "resume"])
async def test_a_sign_of_life_shortens_a_pause(
    house: House, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    """A pause of minutes ends soon after one."""
    for name in ("SHORTEST_PAUSE", "FIRST_PAUSE", "LONGEST_PAUSE"):
        monkeypatch.setattr(policy, name, 600.0)
    monkeypatch.setattr(gate, "WAKE_PAUSE", 0.1)
    await house.server.stop()
    message_id = await house.add()
    house.start()
    await house.until_sender(lambda sender: sender.last_error == "unreachable")
    await house.server.start()
    await asyncio.sleep(A_MOMENT)
    assert house.server.requests == []
    getattr(house.sender, sign)()
    await house.until(message_id, State.ACCEPTED)


@hurried
async def test_a_new_transaction_wakes_the_sender(house: House) -> None:
    """It is delivered at once, not at the end of a sleep."""
    house.start()
    for _ in range(3):
        await house.until(await house.add(), State.ACCEPTED)
        await asyncio.sleep(0.05)


@hurried
async def test_patience_that_the_server_asked_for(house: House) -> None:
    """Neither what was in flight nor a sign of life cuts a Retry-After short."""
    house.server.faults.add(
        Reply(status=429, json={"message": "slow down"}, retry_after="1"),
        Delay(seconds=0.2, after_commit=True),
    )
    ids = await house.add_all(5)
    house.start()
    while (await house.store.review.counts()).accepted < len(ids):
        house.sender.wake()
        await asyncio.sleep(0.01)
    [limited] = [request for request in house.pushes() if request.status == 429]
    [_, again] = house.pushes(limited.message_id)
    assert again.time - limited.time >= 1
    assert not (await house.row(again.message_id or "")).in_doubt


async def test_the_pace_leaves_room_for_the_household(house: House) -> None:
    """No burst over twenty, then ten a second."""
    began = time.time()
    ids = await house.add_all(35)
    house.start()
    await house.until_all(ids, State.ACCEPTED)
    arrivals = [request.time - began for request in house.pushes()]
    assert len(arrivals) == 35
    for number, arrival in enumerate(arrivals, 1):
        assert arrival >= (number - 20) / 10
    house.assert_one_at_a_time()


# Holds


@hurried
async def test_a_disabled_token_holds_until_it_is_enabled(house: House) -> None:
    """A few spaced tries, then nothing is sent; afterwards everything arrives once."""
    house.server.disable_token()
    first = await house.add()
    house.start()
    await house.until_sender(lambda sender: sender.hold is Hold.TOKEN)
    tries = house.pushes(first)
    assert len(tries) == HOLD_AFTER
    assert all(b.time - a.time >= policy.SHORTEST_PAUSE for a, b in pairwise(tries))
    assert HEALTH in {request.path for request in house.server.requests}
    house.server.forget_requests()
    ids = [first, *await house.add_all(4)]
    await asyncio.sleep(A_MOMENT)
    assert house.server.requests == []
    assert house.sender.last_error == "wrong_token"
    house.server.enable_token()
    house.sender.resume()
    await house.until_all(ids, State.ACCEPTED)
    assert sorted(filter(None, house.queued_ids())) == sorted(ids)
    assert house.sender.hold is None
    assert house.sender.last_error is None


@hurried
async def test_a_hold_ends_by_itself_when_its_reason_does(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token is looked at now and then, without a transaction."""
    monkeypatch.setattr(policy, "CHECK_HELD", 0.1)
    house.server.disable_token()
    message_id = await house.add()
    house.start()
    await house.until_sender(lambda sender: sender.hold is Hold.TOKEN)
    pushed = len(house.pushes())
    await asyncio.sleep(A_MOMENT)
    assert len(house.pushes()) == pushed
    house.server.enable_token()
    await house.until(message_id, State.ACCEPTED)
    assert house.queued_ids() == [message_id]


@hurried
@pytest.mark.parametrize(
    "ill",
    [
        Reply(method="GET", path=HEALTH, status=503, times=None),
        Drop(method="GET", path=HEALTH, times=None),
    ],
    ids=["ill", "gone"],
)
async def test_a_fault_of_the_servers_database_is_no_bad_token(
    house: House, ill: Fault
) -> None:
    """It answers the same; a server that says it is ill is not believed about tokens."""
    fault = Reply(status=500, json=TOKEN_FAULT, times=HOLD_AFTER + 2)
    house.server.faults.add(ill, fault)
    message_id = await house.add()
    house.start()
    await house.until_pushed(message_id, HOLD_AFTER + 1)
    assert house.sender.hold is None
    await house.until(message_id, State.ACCEPTED)
    assert house.queued_ids() == [message_id]


@hurried
async def test_a_short_fault_is_no_hold(house: House) -> None:
    """Two such answers may pass."""
    house.server.faults.add(Reply(status=500, json=TOKEN_FAULT, times=HOLD_AFTER - 1))
    message_id = await house.add()
    house.start()
    await house.until(message_id, State.ACCEPTED)
    assert HEALTH not in {request.path for request in house.server.requests}


@hurried
@pytest.mark.parametrize(
    "fault",
    [
        CaptivePortal(times=None),
        Redirect(location="https://example.org/", times=None),
        Reply(status=404, html="<h1>Not found</h1>", times=None),
        Reply(status=403, html="<h1>Forbidden</h1>", times=None),
        *(_says(401, message) for message in HEADER_REMOVED),
        *(_says(400, message) for message in BODY_REMOVED),
    ],
    ids=repr,
)
async def test_what_is_not_budgero_holds(
    house: House, fault: Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page, a redirect or a proxy refuses nothing for good; without it all arrive."""
    monkeypatch.setattr(policy, "CHECK_HELD", 0.05)
    house.server.faults.add(fault)
    ids = await house.add_all(3)
    house.start()
    await house.until_sender(lambda sender: sender.hold is Hold.ADDRESS)
    assert len(house.pushes(ids[0])) <= HOLD_AFTER
    tries = len(house.pushes())
    await asyncio.sleep(A_MOMENT)
    assert house.sender.hold is Hold.ADDRESS
    assert len(house.pushes()) == tries
    assert (await house.store.review.counts()).waiting == len(ids)
    house.server.faults.clear()
    await house.until_all(ids, State.ACCEPTED)
    assert sorted(filter(None, house.queued_ids())) == sorted(ids)


@hurried
@pytest.mark.parametrize("part", ["Authorization", "Content-Type", "body"])
async def test_a_proxy_that_takes_a_part_of_requests(
    house: House, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Two such answers may pass, three hold; it ends by itself when the proxy does."""
    monkeypatch.setattr(policy, "CHECK_HELD", 0.05)
    async with Proxy(house.server.url, house.session, [part]) as proxy:
        await house.close()
        house.url = proxy.url
        await house.open()
        message_id = await house.add()
        house.start()
        await house.until_sender(lambda sender: sender.hold is Hold.ADDRESS)
        await asyncio.sleep(A_MOMENT)
        row = await house.row(message_id)
        assert (row.state, row.in_doubt, row.attempts) == (State.WAITING, False, 3)
        assert house.sender.hold is Hold.ADDRESS
        proxy.loses.clear()
        await house.until(message_id, State.ACCEPTED)
        assert house.queued_ids() == [message_id]


@pytest.fixture
async def encrypted_house(
    tls: ssl.SSLContext,
    trust: ssl.SSLContext,
    socket_enabled: None,
    path: Path,
) -> AsyncIterator[House]:
    """A household whose server has a certificate of its own."""
    async with (
        BudgeroServer(ssl_context=tls) as server,
        ClientSession(connector=TCPConnector(ssl=trust)) as session,
    ):
        house = House(server, session, path)
        await house.open()
        yield house
        await house.close()


@pytest.fixture
def trust() -> ssl.SSLContext:
    """Whom the household trusts."""
    return ssl.create_default_context()


@hurried
@pytest.mark.allowed_warnings("Error on transport creation for incoming connection")
async def test_a_certificate_that_nobody_trusts_holds(
    encrypted_house: House,
    trust: ssl.SSLContext,
    certificate: Certificate,
) -> None:
    """Nothing is sent before it is trusted."""
    house = encrypted_house
    message_id = await house.add()
    house.start()
    await house.until_sender(lambda sender: sender.hold is Hold.CERTIFICATE)
    assert house.server.requests == []
    assert not (await house.row(message_id)).in_doubt
    trust.load_verify_locations(cadata=certificate.public)
    house.sender.resume()
    await house.until(message_id, State.ACCEPTED)


@hurried
async def test_an_unheard_of_answer_only_makes_a_pause(house: House) -> None:
    """A server that wants a newer client is asked again later."""
    house.server.faults.add(Reply(status=426, json={"message": "update"}, times=5))
    message_id = await house.add()
    house.start()
    await house.until(message_id, State.ACCEPTED)
    assert house.sender.hold is None
    assert [
        request.status for request in house.server.requests if request.path == PUSH
    ][-1] == 202


@hurried
async def test_bytes_that_a_firewall_dislikes(house: House) -> None:
    """They are sealed anew, so that the same content gets through in the end."""
    page = Reply(path=PUSH, status=403, html="<h1>Blocked</h1>")
    house.server.faults.add(page)
    message_id = await house.add("lunch")
    before = (await house.row(message_id)).sealed
    house.start()
    row = await house.until(message_id, State.ACCEPTED)
    assert row.sealed.payload != before.payload
    assert house.client.key.open(row.sealed.payload) == house.client.key.open(
        before.payload
    )
    assert house.queued_ids() == [message_id]


@hurried
async def test_what_is_only_late_keeps_its_bytes(house: House) -> None:
    """A lost answer is no reason to change them."""
    house.server.faults.add(Drop(path=PUSH, after_commit=True))
    message_id = await house.add("lunch")
    before = (await house.row(message_id)).sealed
    house.start()
    row = await house.until(message_id, State.ACCEPTED)
    assert row.sealed == before
