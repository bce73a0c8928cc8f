"""Side by side with the vendor's own client for Python: each reads what the other writes.

It is imported without a fallback: where it is missing these tests fail, they are not
left out. Where Home Assistant puts another library in the place of httpx, which the
vendor's client is built on, it works with that one.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
import json

from budgero import BudgeroClient
from budgero.encryption import decrypt_payload, encrypt_payload, key_from_base64
from budgero.exceptions import APIError, EncryptionError
from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push import (
    Accepted,
    Client,
    Direction,
    Duplicate,
    QueueState,
    SpaceKey,
    Transaction,
    WireFormat,
)
from custom_components.budgero.engine.push.errors import CannotOpenError
from tests.budgero_server import BudgeroServer
from tests.engine.lunch import LUNCH

from .salt import without_salt

KEYS = st.binary(min_size=32, max_size=32)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.fixture
def vendor(server: BudgeroServer) -> Iterator[BudgeroClient]:
    """Return the vendor's client, given token and key as the app shows them."""
    with BudgeroClient(server.token, server.space_key, base_url=server.url) as client:
        yield client


@given(KEYS)
def test_both_mean_the_same_key(raw: bytes) -> None:
    """The text that the app shows is the same key to both."""
    assert key_from_base64(SpaceKey(raw).export()) == raw


@given(KEYS, TEXTS)
def test_we_open_what_the_vendor_sealed(raw: bytes, memo: str) -> None:
    """Every byte of what the vendor's client sealed."""
    payload = {"op": "transactions.add", "args": {"memo": memo}}
    plaintext = json.dumps(payload, separators=(",", ":"), sort_keys=True).encode()
    assert SpaceKey(raw).open(encrypt_payload(payload, raw)) == plaintext


@given(KEYS, TEXTS)
def test_the_vendor_opens_what_we_sealed(raw: bytes, memo: str) -> None:
    """Every field of what we sealed."""
    payload = {"op": "transactions.add", "args": {"memo": memo}, "v": 2}
    sealed = SpaceKey(raw).seal(json.dumps(payload, ensure_ascii=False).encode())
    assert decrypt_payload(sealed, raw) == payload


def test_both_write_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Given the same IV the two payloads do not differ in a single byte."""
    monkeypatch.setattr("os.urandom", bytes)
    payload = {"op": "transactions.add", "args": {"memo": "Łódź ☕"}}
    plaintext = json.dumps(payload, separators=(",", ":"), sort_keys=True).encode()
    raw = bytes(range(32))
    assert SpaceKey(raw).seal(plaintext) == encrypt_payload(payload, raw)


@given(KEYS, KEYS)
def test_neither_opens_with_another_key(raw: bytes, other: bytes) -> None:
    """A wrong key is a refusal on both sides."""
    if raw == other:
        return
    with pytest.raises(CannotOpenError):
        SpaceKey(other).open(encrypt_payload({}, raw))
    with pytest.raises(EncryptionError):
        decrypt_payload(SpaceKey(raw).seal(b"{}"), other)


def test_the_vendor_refuses_the_layout_that_we_never_send() -> None:
    """Without the salt nobody but us can open a payload."""
    raw = bytes(range(32))
    with pytest.raises(EncryptionError):
        decrypt_payload(without_salt(SpaceKey(raw).seal(b"{}" * 40)), raw)


def _add(vendor: BudgeroClient, transaction: Transaction) -> object:
    """Add a transaction through the vendor's client."""
    amount = float(transaction.amount)
    is_expense = transaction.direction is Direction.EXPENSE
    return vendor.add_transaction(
        account_id=transaction.account,
        category_id=transaction.category,
        budget_id=transaction.budget,
        date=transaction.date,
        inflow=0.0 if is_expense else amount,
        outflow=amount if is_expense else 0.0,
        memo=transaction.memo,
        payee=transaction.payee,
    )


@pytest.mark.parametrize("wire_format", WireFormat)
@pytest.mark.parametrize(
    "transaction",
    [
        replace(LUNCH, memo="two\nlines", payee="Łódź ☕ 😀"),
        Transaction(
            account=2,
            budget=1,
            category=1,
            date=date(2024, 2, 29),
            amount=Decimal("3141.592"),
            direction=Direction.INCOME,
        ),
        Transaction(
            account=3,
            budget=1,
            date=date(2026, 12, 31),
            amount=Decimal("0.01"),
            direction=Direction.EXPENSE,
            payee="Bakery",
        ),
    ],
    ids=["expense", "income", "uncategorised"],
)
async def test_both_are_booked_alike(
    transaction: Transaction,
    wire_format: WireFormat,
    server: BudgeroServer,
    client: Client,
    key: SpaceKey,
    vendor: BudgeroClient,
) -> None:
    """The app makes the same transaction of both, and we can read the vendor's."""
    await asyncio.to_thread(_add, vendor, transaction)
    await client.push(client.seal(transaction, wire_format=wire_format))
    theirs, ours = server.queue
    assert Transaction.from_wire(key.open(theirs.payload)) == transaction
    assert Transaction.from_wire(key.open(ours.payload)) == transaction
    assert server.apply().processed == 2
    theirs_bare, ours_bare = (
        replace(booking, id=0, queue_id="", message_id="")
        for booking in server.bookings
    )
    assert theirs_bare == ours_bare


async def test_the_second_coffee(
    server: BudgeroServer, client: Client, vendor: BudgeroClient, lunch: Transaction
) -> None:
    """Two like purchases a day: the vendor's client loses one, we do not."""
    await asyncio.to_thread(_add, vendor, lunch)
    with pytest.raises(APIError):
        await asyncio.to_thread(_add, vendor, lunch)
    for _ in range(2):
        assert isinstance(await client.push(client.seal(lunch)), Accepted)
    assert len(server.queue) == 3


async def test_an_id_of_the_vendors_client(
    server: BudgeroServer, client: Client, vendor: BudgeroClient, lunch: Transaction
) -> None:
    """Both see each other's items: what the vendor's client queued is a duplicate."""
    await asyncio.to_thread(_add, vendor, lunch)
    [item] = server.queue
    assert item.message_id is not None
    answer = await client.push(client.seal(lunch, item.message_id))
    assert answer == Duplicate(item.message_id, item.id, QueueState.PENDING)
