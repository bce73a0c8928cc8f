"""Verifying and pushing, against Budgero's stand-in."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import (
    Accepted,
    Client,
    Direction,
    Duplicate,
    QueueState,
    Sealed,
    SpaceKey,
    Transaction,
    WireFormat,
)
from custom_components.budgero.engine.push.errors import (
    BodyRemovedError,
    HeaderRemovedError,
    InvalidInputError,
    PushError,
    ServerTroubleError,
    WrongAddressError,
    WrongTokenError,
)
from tests.budgero_server import BudgeroServer, CaptivePortal, Reply
from tests.engine.lunch import LUNCH
from tests.proxy import Proxy

from .credentials import TOKEN


async def test_verify(server: BudgeroServer, client: Client) -> None:
    """A good address and token, known without leaving anything behind."""
    await client.verify()
    assert server.queue == []
    assert [request.status for request in server.requests] == [400, 400]
    assert all(request.message_id is None for request in server.requests)


@pytest.mark.parametrize(
    "spoil",
    [BudgeroServer.disable_token, BudgeroServer.regenerate_token],
    ids=["disabled", "replaced"],
)
async def test_verify_a_token_that_stopped_working(
    spoil: Callable[[BudgeroServer], object], server: BudgeroServer, client: Client
) -> None:
    """What people do in Budgero's settings is told apart from an outage."""
    await client.verify()
    spoil(server)
    with pytest.raises(WrongTokenError):
        await client.verify()


async def test_verify_a_wrong_token(
    server: BudgeroServer, session: ClientSession, key: SpaceKey
) -> None:
    """A token of nobody; and the right one works again after it."""
    with pytest.raises(WrongTokenError):
        await Client(session, server.url, TOKEN, key).verify()
    await Client(session, server.url, server.token, key).verify()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Reply(status=200, html="<h1>Budgero</h1>"), WrongAddressError),
        (
            Reply(status=200, json={"message": "encrypted_payload is required"}),
            WrongAddressError,
        ),
        (Reply(status=202, json={"id": "1"}), WrongAddressError),
        (Reply(status=404, json={"message": "Not Found"}), WrongAddressError),
        (Reply(status=404, html="<h1>404</h1>"), WrongAddressError),
        (Reply(status=401, html="<h1>Sign in</h1>"), WrongAddressError),
        (Reply(status=401, json={"message": "invalid token"}), WrongTokenError),
        (Reply(status=400, html="encrypted_payload is required"), WrongAddressError),
        (Reply(status=400, json={"message": "invalid request body"}), BodyRemovedError),
        (Reply(status=502, html="<h1>Bad Gateway</h1>"), ServerTroubleError),
        (CaptivePortal(), WrongAddressError),
    ],
)
async def test_verify_something_else(
    answer: Reply | CaptivePortal,
    expected: type[PushError],
    server: BudgeroServer,
    client: Client,
) -> None:
    """A page, a portal, a proxy: nothing of it passes for a good token."""
    server.faults.add(answer)
    with pytest.raises(PushError) as caught:
        await client.verify()
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    ("loses", "expected"),
    [
        ({"Authorization"}, HeaderRemovedError),
        ({"Content-Type"}, BodyRemovedError),
        ({"body"}, BodyRemovedError),
        ({"body", "Content-Type"}, BodyRemovedError),
    ],
    ids=str,
)
async def test_verify_through_a_proxy_that_takes_something(
    loses: set[str],
    expected: type[PushError],
    server: BudgeroServer,
    session: ClientSession,
    key: SpaceKey,
) -> None:
    """The address is to blame, before any transaction was sent; never the token."""
    async with Proxy(server.url, session, loses) as proxy:
        client = Client(session, proxy.url, server.token, key)
        with pytest.raises(PushError) as caught:
            await client.verify()
        assert type(caught.value) is expected
        with pytest.raises(expected) as caught:
            await client.push(client.seal(LUNCH))
        assert not caught.value.in_doubt
        proxy.loses.clear()
        await client.verify()
    assert server.queue == []


@pytest.mark.parametrize("wire_format", WireFormat)
@pytest.mark.parametrize("direction", Direction)
async def test_a_push_is_booked_as_it_was_meant(
    wire_format: WireFormat,
    direction: Direction,
    server: BudgeroServer,
    client: Client,
    lunch: Transaction,
) -> None:
    """12.50 arrive as 12.50, on the right side, with every text and umlaut."""
    meant = replace(lunch, direction=direction)
    sealed = client.seal(meant, wire_format=wire_format)
    accepted = await client.push(sealed)
    [item] = server.queue
    assert accepted == Accepted(sealed.message_id, item.id)
    assert item.message_id == sealed.message_id
    assert server.apply().processed == 1
    [booking] = server.bookings
    spent = direction is Direction.EXPENSE
    assert (booking.inflow, booking.outflow) == ((0, 12500) if spent else (12500, 0))
    assert (booking.account_id, booking.budget_id, booking.category_id) == (1, 1, 5)
    assert (booking.date, booking.month) == ("2026-07-01", "2026-07")
    assert (booking.payee, booking.memo) == ("Caf\u00e9 Ri\u010d", "with Zo\u00eb")
    assert booking.transfer_id is None


@pytest.mark.parametrize("wire_format", WireFormat)
async def test_the_least_that_can_be_said(
    wire_format: WireFormat, server: BudgeroServer, client: Client, lunch: Transaction
) -> None:
    """Without category, payee and memo it is booked, uncategorised, and not failed."""
    least = replace(lunch, amount=Decimal("0.001"), category=None, payee=None, memo="")
    await client.push(client.seal(least, wire_format=wire_format))
    assert server.apply().failed == 0
    [booking] = server.bookings
    assert (booking.outflow, booking.category, booking.payee, booking.memo) == (
        1,
        "Uncategorized",
        None,
        "",
    )


async def test_two_identical_coffees_are_two(
    server: BudgeroServer, client: Client, lunch: Transaction
) -> None:
    """The same purchase twice a day is booked twice."""
    one, other = client.seal(lunch), client.seal(lunch)
    assert UUID(one.message_id).version == UUID(other.message_id).version == 4
    assert one.message_id != other.message_id
    assert one.payload != other.payload
    for sealed in (one, other):
        assert isinstance(await client.push(sealed), Accepted)
    assert server.apply().processed == 2


async def test_a_message_id_of_the_callers_own(
    server: BudgeroServer, client: Client, lunch: Transaction
) -> None:
    """A bank's id is sent as it is; one that Budgero would change is refused."""
    await client.push(client.seal(lunch, "bank:2026-07-01_42.a"))
    assert server.queue[0].message_id == "bank:2026-07-01_42.a"
    with pytest.raises(InvalidInputError) as caught:
        client.seal(lunch, " bank ")
    assert caught.value.field == "message_id"
    with pytest.raises(InvalidInputError):
        client.seal(lunch, "")


async def test_an_id_that_somebody_else_used(
    server: BudgeroServer, client: Client, sealed: Sealed, lunch: Transaction
) -> None:
    """A first attempt that is already known is no success: it is not ours."""
    await client.push(client.seal(lunch, sealed.message_id))
    [item] = server.queue
    answer = await client.push(sealed)
    assert answer == Duplicate(sealed.message_id, item.id, QueueState.PENDING)
    server.apply()
    answer = await client.push(sealed)
    assert answer == Duplicate(sealed.message_id, item.id, QueueState.PROCESSED)
    assert len(server.queue) == 1


@pytest.mark.parametrize("applied", [False, True])
async def test_an_attempt_in_doubt_had_arrived(
    applied: bool, server: BudgeroServer, client: Client, sealed: Sealed
) -> None:
    """After a lost answer the repeat finds the first item, and books nothing again."""
    first = await client.push(sealed)
    if applied:
        server.apply()
    assert await client.push(sealed, in_doubt=True) == first
    assert len(server.queue) == 1


async def test_an_attempt_in_doubt_had_not_arrived(
    server: BudgeroServer, client: Client, sealed: Sealed
) -> None:
    """The repeat of what was lost on the way is simply the first."""
    accepted = await client.push(sealed, in_doubt=True)
    assert accepted == Accepted(sealed.message_id, server.queue[0].id)
