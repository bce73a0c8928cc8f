"""What the app of newer releases does with the operations that they have."""

import asyncio
from collections.abc import AsyncIterator, Mapping
import json
from typing import Any

import aiohttp
import pytest

from tests.budgero_server import (
    HOUSEHOLD,
    SIDE_BUSINESS,
    Account,
    AppRun,
    BudgeroServer,
    Budget,
    Category,
    Split,
)

from .client import Client
from .sealing import EXPENSE, expense, expense_without, mutation, seal

_COINS = Budget(
    id=3,
    name="Coins",
    currency="BTC",
    accounts=(Account(7, "Wallet", "BTC"),),
    categories=(Category(14, "Fees"),),
)
_WALLET_AT_HOME = Budget(
    id=4,
    name="Mixed",
    currency="EUR",
    accounts=(Account(8, "Wallet", "BTC"),),
    categories=(Category(15, "Fees"),),
)
_BUDGETS = (HOUSEHOLD, SIDE_BUSINESS, _COINS, _WALLET_AT_HOME)
_SQL_ERROR = "MUTATION_ERROR: Query execution failed: Unknown error"
_LEG = {"date": "2026-07-01", "memo": "move"}


@pytest.fixture
async def server() -> AsyncIterator[BudgeroServer]:
    """Give a server of the newer release."""
    async with BudgeroServer(release="1.16", budgets=_BUDGETS) as running:
        yield running


async def _do(client: Client, op: str, args: object) -> str | None:
    """Carry out an operation and give the text of the refusal."""
    item = await client.apply(mutation(args, op=f"transactions.{op}"))
    assert item.status == ("processed" if item.error is None else "failed")
    return item.error


async def _update(client: Client, fields: object) -> str | None:
    return await _do(client, "updateByRef", {"messageId": "m", "fields": fields})


async def _delete(client: Client, message_id: object) -> str | None:
    return await _do(client, "deleteByRef", {"messageId": message_id})


@pytest.fixture
async def booked(client: Client) -> None:
    """Book an expense under the message id "m"."""
    assert (await client.apply(expense(), message_id="m")).error is None


def _split(**changes: object) -> dict[str, object]:
    return {"outflow": 42500, "categoryId": 2} | changes


@pytest.mark.parametrize("content", [expense(memo=None), expense_without("memo")])
async def test_memo_has_a_default(client: Client, content: object) -> None:
    """No memo is an empty one."""
    assert (await client.apply(content)).status == "processed"
    assert client.server.bookings[0].memo == ""


@pytest.mark.parametrize(
    ("changes", "category"),
    [
        ({"categoryId": None}, "Uncategorized"),
        ({"categoryId": 0}, "Uncategorized"),
        ({"categoryId": None, "transferId": "t"}, "Transfers"),
        ({"categoryId": 5, "transferId": "t"}, "Eating Out"),
    ],
)
async def test_no_category_is_zero(
    client: Client, changes: dict[str, object], category: str
) -> None:
    """With a transfer no category means Transfers."""
    await client.apply(expense(**changes))

    assert client.server.bookings[0].category == category


@pytest.mark.parametrize(
    ("given", "cleared"), [(True, True), (False, False), (None, False)]
)
async def test_cleared(client: Client, given: object, cleared: bool) -> None:
    """A transaction can come as cleared."""
    await client.apply(expense(cleared=given))

    assert client.server.bookings[0].cleared is cleared


async def test_dates_are_not_validated(client: Client) -> None:
    """The date of an add is still stored as it comes."""
    await client.apply(expense(date="today"))

    assert client.server.bookings[0].date == "today"


async def test_message_id_books_once(client: Client) -> None:
    """A second item with the same message id books nothing and is processed."""
    server = client.server
    await client.apply(expense(), message_id="m")
    assert server.clear(all=True) == 1
    await client.apply(expense(outflow=1), message_id="m")
    await client.apply(expense(outflow=2), message_id="M")
    await client.apply(expense(outflow=3))
    await client.apply(expense(outflow=3))

    assert server.counts.processed == 4
    assert [b.outflow for b in server.bookings] == [42500, 2, 3, 3]


async def test_raced_duplicates_are_booked_once() -> None:
    """What slips through the server's check does no harm."""
    for release, count in (("1.6", 2), ("1.16", 1)):
        async with (
            BudgeroServer(release=release, race_window=0.05) as server,
            aiohttp.ClientSession() as session,
        ):
            await _push_twice_at_once(Client(server, session))
            assert server.apply() == AppRun(processed=2, failed=0)
            assert len(server.bookings) == count


async def _push_twice_at_once(client: Client) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            payload = seal(client.server.space_key, expense())
            body = json.dumps({"encrypted_payload": payload, "message_id": "m"})
            group.create_task(client.push(body))
    assert client.server.counts.pending == 2


async def test_failed_add_leaves_its_id_free(client: Client) -> None:
    """Only what was booked is remembered."""
    await client.apply(expense(accountId=99), message_id="m")
    client.server.clear(all=True)
    await client.apply(expense(), message_id="m")

    assert len(client.server.bookings) == 1


async def test_splits(client: Client) -> None:
    """A transaction can be divided among categories."""
    lines = [
        {"outflow": 50000, "categoryId": 2, "memo": "food", "payee": "Stall"},
        {"inflow": 7500, "categoryId": 6},
    ]
    await client.apply(expense(splits=lines))
    [booking] = client.server.bookings

    assert booking.category == "Uncategorized"
    assert booking.outflow == 42500
    assert booking.splits == (
        Split(0, 50000, 2, "Groceries", None, "food", "Stall"),
        Split(7500, 0, 6, "Fun", None, "", ""),
    )


async def test_split_into_another_account(client: Client) -> None:
    """A line can move money; it goes with its transaction."""
    lines = [
        _split(outflow=2500),
        {"outflow": 40000, "transferAccountId": 3, "memo": "save"},
    ]
    await client.apply(expense(splits=lines), message_id="m")
    parent, leg = client.server.bookings

    assert (leg.account, leg.inflow, leg.outflow) == ("Savings", 40000, 0)
    assert (leg.category, leg.memo, leg.date) == ("Transfers", "save", parent.date)
    assert client.server.balances[3] == 9_500_000 + 40_000
    assert await _delete(client, "m") is None
    assert client.server.bookings == []
    assert client.server.balances[3] == 9_500_000


async def test_splits_go_with_their_transaction(client: Client) -> None:
    """What is booked afterwards does not inherit them."""
    await client.apply(expense(splits=[_split()]), message_id="m")
    await _delete(client, "m")
    await client.apply(expense())

    assert client.server.bookings[0].splits == ()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"splits": []}, '"splits" must be an array of at least one line'),
        ({"splits": {}}, '"splits" must be an array of at least one line'),
        ({"splits": [1]}, "Each split line must be an object"),
        ({"splits": [_split()], "transferId": "t"}, "Transfer transactions cannot be split"),
        ({"splits": [_split(outflow=1)]}, "Split amounts must sum to parent total"),
        ({"splits": [_split()] * 2}, "Split amounts must sum to parent total"),
        (
            {"splits": [_split(outflow=-42500)]},
            "Split amounts must be non-negative with one direction",
        ),
        (
            {"splits": [_split(inflow=1)]},
            "Split amounts must be non-negative with one direction",
        ),
        (
            {"splits": [_split(transferAccountId=2)]},
            "Each split has either categoryId or transferAccountId",
        ),
        (
            {"splits": [{"outflow": 42500}]},
            "Each split has either categoryId or transferAccountId",
        ),
        ({"splits": [_split(categoryId="2")]}, "A split's id must be a positive integer"),
        ({"splits": [_split(categoryId=0)]}, "A split's id must be a positive integer"),
        ({"splits": [_split(categoryId=1.5)]}, "A split's id must be a positive integer"),
        ({"splits": [_split(outflow=0.5)]}, "Amount is not an integer milliunit value: 0.5"),
    ],
)  # fmt: skip
async def test_refused_splits(
    client: Client, changes: dict[str, object], error: str
) -> None:
    """Lines have to be whole and to add up."""
    item = await client.apply(expense(**changes))

    assert item.error == f"MUTATION_ERROR: {error}"
    assert client.server.bookings == []


@pytest.mark.parametrize(
    "line",
    [_split(categoryId=99), {"outflow": 42500, "transferAccountId": 99}],
)
async def test_splits_of_nothing_known(
    client: Client, line: Mapping[str, object]
) -> None:
    """A line needs a category or an account that there is."""
    assert (await client.apply(expense(splits=[line]))).error == _SQL_ERROR


@pytest.mark.usefixtures("booked")
async def test_update(client: Client) -> None:
    """Everything that is given changes, the rest stays."""
    before = client.server.balances
    assert await _update(
        client,
        {
            "inflow": 5000,
            "outflow": 0,
            "date": "2026-06-30",
            "payee": " Store ",
            "categoryId": 6,
            "accountId": 2,
        },
    ) is None  # fmt: skip
    assert await _update(client, {"memo": "late", "cleared": True}) is None
    [booking] = client.server.bookings

    assert (booking.inflow, booking.outflow, booking.account_id) == (5000, 0, 2)
    assert (booking.date, booking.month) == ("2026-06-30", "2026-06")
    assert (booking.payee, booking.memo) == ("Store", "late")
    assert (booking.category, booking.cleared) == ("Fun", True)
    assert booking.message_id == "m"
    after = client.server.balances
    assert after[1] - before[1] == 42500
    assert after[2] - before[2] == 5000


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize(
    "fields",
    [
        None,
        [],
        {},
        {"colour": 1},
        {"labelId": 1},
        {"outflow": 1.5},
        {"outflow": -1},
        {"outflow": "5"},
        {"outflow": None},
        {"outflow": 0},
        {"inflow": 1000},
        {"date": "2026-02-30"},
        {"date": "2026-7-1"},
        {"date": "20260701"},
        {"date": None},
        {"memo": None},
        {"memo": 5},
        {"payee": 5},
        {"categoryId": 99},
        {"categoryId": 12},
        {"categoryId": 0},
        {"categoryId": "2"},
        {"accountId": 99},
        {"accountId": 4},
        {"accountId": 1.5},
        {"accountId": None},
        {"cleared": "yes"},
        {"cleared": None},
    ],
)
async def test_refused_update(client: Client, fields: object) -> None:
    """One wrong field, and nothing changes."""
    before = client.server.bookings
    given = (
        {"memo": "changed", **fields} if isinstance(fields, dict) and fields else fields
    )

    assert await _update(client, given) is not None
    assert client.server.bookings == before


@pytest.mark.parametrize(
    ("fields", "allowed"),
    [
        ({"memo": "x", "payee": None, "cleared": True}, True),
        ({"outflow": 5}, False),
        ({"categoryId": 2}, False),
        ({"memo": "x", "date": "2026-07-02"}, False),
    ],
)
async def test_update_of_splits(
    client: Client, fields: dict[str, object], allowed: bool
) -> None:
    """Of a split transaction only what says nothing of money changes."""
    await client.apply(expense(splits=[_split()]), message_id="m")

    assert (await _update(client, fields) is None) is allowed
    assert len(client.server.bookings[0].splits) == 1


async def test_update_of_a_zero_transaction(client: Client) -> None:
    """What says nothing of money changes whatever the amount is."""
    await client.apply(expense(outflow=0), message_id="m")

    assert await _update(client, {"memo": "x"}) is None
    assert await _update(client, {"categoryId": 2}) is not None


async def test_update_of_a_transfer(client: Client) -> None:
    """A leg of a transfer does not change."""
    await client.apply(expense(transferId="t"), message_id="m")

    assert await _update(client, {"memo": "x"}) is not None


async def test_update_without_an_exchange_rate(client: Client) -> None:
    """In a foreign currency only what has no price changes."""
    foreign = {"budgetId": 2, "accountId": 5, "categoryId": 11}
    await client.apply(expense(**foreign), message_id="m")

    assert await _update(client, {"outflow": 1}) == (
        "MUTATION_ERROR: No exchange rate available for this update"
    )
    assert await _update(client, {"memo": "x", "categoryId": 12}) is None


@pytest.mark.usefixtures("booked")
async def test_delete(client: Client) -> None:
    """What is deleted is gone; a repetition is forgiven; the id is free again."""
    assert await _delete(client, "m") is None
    assert client.server.bookings == []
    assert await _delete(client, "m") is None
    client.server.clear(all=True)
    await client.apply(expense(), message_id="m")
    assert len(client.server.bookings) == 1


async def test_unknown_message_id(client: Client) -> None:
    """Changing what is unknown fails; deleting it does not."""
    assert await _update(client, {"memo": "x"}) == (
        'MUTATION_ERROR: No transaction found for push message_id "m"'
    )
    assert await _delete(client, "m") is None


async def test_strict_delete(client: Client) -> None:
    """A release that fails the deletion of what is unknown can be had, too."""
    await client.server.update("1.16-strict")
    await client.apply(expense(), message_id="m")

    assert await _delete(client, "m") is None
    assert await _delete(client, "m") == (
        'MUTATION_ERROR: No transaction found for push message_id "m"'
    )


@pytest.mark.parametrize("message_id", [None, "", 5])
async def test_no_message_id(client: Client, message_id: object) -> None:
    """Without an id nothing is meant."""
    required = 'MUTATION_ERROR: "messageId" is required'

    assert await _delete(client, message_id) == required
    args = {"messageId": message_id, "fields": {"memo": "x"}}
    assert await _do(client, "updateByRef", args) == required


def _transfer(**changes: object) -> dict[str, Any]:
    return {
        "budgetId": 1,
        "transferId": "t",
        "source": {"accountId": 1, "outflow": 1000, **_LEG},
        "destination": {"accountId": 3, "inflow": 1000, **_LEG},
    } | changes


async def test_transfer(client: Client) -> None:
    """Both legs come and go together."""
    before = client.server.balances
    assert await _do(client, "addTransfer", _transfer()) is None
    source, destination = client.server.bookings

    assert (source.account, source.outflow, source.inflow) == ("Checking", 1000, 0)
    assert (destination.account, destination.inflow) == ("Savings", 1000)
    assert {source.category, destination.category} == {"Transfers"}
    assert {source.transfer_id, destination.transfer_id} == {"t"}
    assert await _do(client, "deleteTransfer", {"transferId": "t"}) is None
    assert client.server.bookings == []
    assert client.server.balances == before
    assert await _do(client, "deleteTransfer", {"transferId": "t"}) is None
    assert await _do(client, "deleteTransfer", {}) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"source": None},
        {"destination": {"accountId": 99, "inflow": 1000, **_LEG}},
        {"destination": {"accountId": 3, "inflow": 0.5, **_LEG}},
        {"budgetId": 99},
    ],
)
async def test_half_a_transfer_is_none(
    client: Client, changes: dict[str, object]
) -> None:
    """When one leg fails the other one is not booked."""
    budgets = client.server.budgets

    assert await _do(client, "addTransfer", _transfer(**changes)) is not None
    assert client.server.bookings == []
    assert client.server.budgets == budgets


async def test_legs_are_not_split(client: Client) -> None:
    """A leg knows no lines."""
    source = {"accountId": 1, "outflow": 1000, "splits": [_split()], **_LEG}

    assert await _do(client, "addTransfer", _transfer(source=source)) is None
    assert client.server.bookings[0].splits == ()


async def test_delete_of_one_leg_deletes_both(client: Client) -> None:
    """A transfer does not lose one of its legs."""
    await client.apply(expense(transferId="t"), message_id="m")
    await client.apply(expense(transferId="t", inflow=42500, outflow=0, accountId=2))

    assert await _delete(client, "m") is None
    assert client.server.bookings == []


async def test_crypto_currency(client: Client) -> None:
    """A coin has a hundred million units, and no exchange rate."""
    ids = {"budgetId": 3, "accountId": 7, "categoryId": 14}
    await client.apply(expense(**ids, outflow=150_000_000))
    refused = await client.apply(expense(budgetId=4, accountId=8, categoryId=15))

    assert client.server.bookings[0].outflow / client.server.scale("BTC") == 1.5
    assert client.server.scale("EUR") == 1000
    assert refused.error == "MUTATION_ERROR: No exchange rate available for BTC"
    await client.server.update("1.6")
    assert client.server.scale("BTC") == 1000


async def test_older_amounts(client: Client) -> None:
    """Format 1 is still understood, also in splits."""
    args = {**EXPENSE, "outflow": 42.5, "splits": [_split(outflow=42.5)]}
    await client.apply(mutation(args, v=1))

    assert client.server.bookings[0].splits[0].outflow == 42500


@pytest.mark.parametrize(
    "op", ["updateByRef", "deleteByRef", "addTransfer", "deleteTransfer"]
)
@pytest.mark.parametrize("args", [None, []])
async def test_no_arguments(client: Client, op: str, args: object) -> None:
    """Every operation needs some."""
    assert await _do(client, op, args) == (
        "MUTATION_ERROR: The operation has no arguments"
    )
