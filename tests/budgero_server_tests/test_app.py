"""What the app books, what it refuses, and what it books wrong."""

import base64
import json
from pathlib import Path

import aiohttp
import pytest

from tests.budgero_server import (
    Acknowledgements,
    AppRun,
    Booking,
    BudgeroServer,
    RateLimit,
    booking_table,
)
from tests.budgero_server.rate_limit import RateLimiter

from .client import Client
from .sealing import EXPENSE, expense, expense_without, mutation, seal, seal_bytes

_DECRYPTION_FAILED = (
    "DECRYPTION_FAILED: Failed to decrypt payload. Check your encryption key matches"
    " the one used to encrypt."
)
_SQL_ERROR = "MUTATION_ERROR: Query execution failed: Unknown error"


async def _book(client: Client, content: object) -> Booking:
    item = await client.apply(content)
    assert (item.status, item.error) == ("processed", None)
    return client.server.bookings[-1]


async def _refusal(client: Client, content: object) -> str:
    item = await client.apply(content)
    assert item.status == "failed"
    assert item.error is not None
    assert client.server.bookings == []
    return item.error


async def test_booking(client: Client) -> None:
    """A booking carries everything that was sent, and where it came from."""
    payload = seal(client.server.space_key, expense(transferId="t", labelId=1))
    await client.push(json.dumps({"encrypted_payload": payload, "message_id": "m"}))

    assert client.server.apply() == AppRun(processed=1, failed=0)
    item = client.server.queue[0]
    assert client.server.bookings == [
        Booking(
            id=1,
            budget_id=1,
            budget="Household",
            account_id=1,
            account="Checking",
            currency="EUR",
            category_id=5,
            category="Eating Out",
            date="2026-07-01",
            month="2026-07",
            inflow=0,
            outflow=42500,
            memo="m",
            payee="Vendor",
            label_id=1,
            transfer_id="t",
            conversion_pending=False,
            queue_id=item.id,
            message_id="m",
        )
    ]
    assert client.server.balances[1] == 2_480_000 - 42_500


@pytest.mark.parametrize(
    ("version", "amount", "milliunits"),
    [
        (None, 42.5, 42500),
        (None, 42, 42000),
        (None, 19.99, 19990),
        (None, 1234567.89, 1234567890),
        (None, 0.1 + 0.2, 300),
        (None, 0.0005, 1),
        (None, 0.0004, 0),
        (None, 9007199254740.991, 9007199254740990),
        (None, "42", 42),
        (None, -1.5, -1500),
        ("1", 42.5, 42500),
        (True, 42.5, 42500),
        (1.5, 42.5, 42500),
        (-1, 42.5, 42500),
        (2, 42500, 42500),
        (2, 42500.0, 42500),
        (2, "42500", 42500),
        (2, " 0x10 ", 16),
        ("2", 42500, 42500),
        ("abc", 42500, 42500),
        (2, "", 0),
        (2, None, 0),
        (2, [], 0),
        (2, True, 1),
        (2, [5], 5),
        (2, -5, -5),
        (2, 9007199254740991, 9007199254740991),
    ],
)
async def test_amounts(
    client: Client, version: object, amount: object, milliunits: int
) -> None:
    """Amounts are read as JavaScript reads them, also where that is wrong."""
    booking = await _book(client, mutation({**EXPENSE, "outflow": amount}, v=version))

    assert booking.outflow == milliunits


@pytest.mark.parametrize(
    ("version", "amount", "shown"),
    [
        (2, 42.5, "42.5"),
        (2, "42,5", "NaN"),
        (2, {}, "NaN"),
        (2, [1, 2], "NaN"),
        (2, "Infinity", "Infinity"),
        (2, 9007199254740992, "9007199254740992"),
        (None, "42.50", "42.5"),
        (None, 9007199254741, "9007199254741000"),
    ],
)
async def test_refused_amounts(
    client: Client, version: object, amount: object, shown: str
) -> None:
    """What is no safe integer of milliunits fails."""
    error = await _refusal(client, mutation({**EXPENSE, "outflow": amount}, v=version))

    assert error == (
        f"MUTATION_ERROR: Amount is not an integer milliunit value: {shown}"
    )


async def test_amounts_that_are_booked_as_they_come(client: Client) -> None:
    """Both sides at once, none, and unknown names are all booked."""
    both = await _book(client, expense(inflow=1, outflow=2))
    none = await _book(client, expense(inflow=0, outflow=0))
    alias = mutation({**EXPENSE, "outflow": None, "Outflow": 5, "amount": 5})
    unknown = await _book(client, alias)

    assert [(b.inflow, b.outflow) for b in (both, none, unknown)] == [
        (1, 2),
        (0, 0),
        (0, 0),
    ]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"accountId": 99}, _SQL_ERROR),
        ({"accountId": 0}, _SQL_ERROR),
        ({"accountId": 1.5}, _SQL_ERROR),
        ({"accountId": "Checking"}, _SQL_ERROR),
        ({"accountId": "\ud83d"}, _SQL_ERROR),
        ({"accountId": None}, _SQL_ERROR),
        ({"accountId": [1]}, _SQL_ERROR),
        ({"budgetId": 99}, _SQL_ERROR),
        ({"budgetId": None}, _SQL_ERROR),
        ({"categoryId": 99}, "MUTATION_ERROR: Category '99' does not exist"),
        ({"categoryId": -1}, "MUTATION_ERROR: Category '-1' does not exist"),
        ({"categoryId": 5.5}, "MUTATION_ERROR: Category '5.5' does not exist"),
        ({"categoryId": "Fun"}, "MUTATION_ERROR: Category 'Fun' does not exist"),
        ({"date": None}, _SQL_ERROR),
        ({"memo": None}, _SQL_ERROR),
        ({"memo": {}}, _SQL_ERROR),
        ({"payee": 5}, "MUTATION_ERROR: The payee is not text"),
        ({"labelId": 99}, _SQL_ERROR),
    ],
)
async def test_refused_arguments(
    client: Client, changes: dict[str, object], error: str
) -> None:
    """A failed transaction leaves nothing behind."""
    budgets = client.server.budgets

    assert await _refusal(client, expense(**changes)) == error
    assert client.server.budgets == budgets


@pytest.mark.parametrize("name", ["accountId", "budgetId", "date", "memo"])
async def test_missing_arguments(client: Client, name: str) -> None:
    """These four have no default."""
    assert await _refusal(client, expense_without(name)) == _SQL_ERROR


@pytest.mark.parametrize("name", ["categoryId", "payee", "inflow"])
async def test_optional_arguments(client: Client, name: str) -> None:
    """These have one."""
    await _book(client, expense_without(name))


@pytest.mark.parametrize("value", [None, 0, ""])
async def test_uncategorized(client: Client, value: object) -> None:
    """No category means Uncategorized of that budget, made only once."""
    first = await _book(client, expense(categoryId=value))
    second = await _book(client, expense(categoryId=value))
    elsewhere = await _book(client, expense(categoryId=value, budgetId=2))

    assert first.category == second.category == elsewhere.category == "Uncategorized"
    assert first.category_id == second.category_id != elsewhere.category_id


async def test_foreign_ids_are_booked(client: Client) -> None:
    """Nobody checks that account, category and budget belong together."""
    booking = await _book(client, expense(budgetId=2, accountId="3", categoryId=12))
    archived = await _book(client, expense(accountId=6))

    assert (booking.budget, booking.account, booking.category) == (
        "Side Business",
        "Savings",
        "Travel",
    )
    assert booking.conversion_pending
    assert archived.account == "Old Card"


@pytest.mark.parametrize(
    ("date", "stored", "month"),
    [
        ("2026-07-01T10:00", "2026-07-01T10:00", "2026-07"),
        ("2026-7-1", "2026-7-1", "2026-7-"),
        ("01/07/2026", "01/07/2026", "01/07/2"),
        ("2026-13-45", "2026-13-45", "2026-13"),
        ("", "", ""),
        ("today", "today", "today"),
        (20260701, "20260701", "2026070"),
    ],
)
async def test_dates_are_not_validated(
    client: Client, date: object, stored: str, month: str
) -> None:
    """Any date is stored as it comes."""
    booking = await _book(client, expense(date=date))

    assert (booking.date, booking.month) == (stored, month)


@pytest.mark.parametrize(
    ("memo", "stored"),
    [
        ("", ""),
        (5, "5"),
        ("a\n\x00😀", "a\n\x00😀"),
        ("lone \ud83d", "lone \ufffd"),
    ],
)
async def test_memos(client: Client, memo: object, stored: str) -> None:
    """A memo is text of any kind."""
    assert (await _book(client, expense(memo=memo))).memo == stored


@pytest.mark.parametrize(
    ("payee", "stored"), [(" Shop ", "Shop"), ("  ", None), (None, None), ("", None)]
)
async def test_payees(client: Client, payee: object, stored: str | None) -> None:
    """A payee is trimmed, and a blank one is none."""
    assert (await _book(client, expense(payee=payee))).payee == stored


@pytest.mark.parametrize(
    ("label", "stored"), [(1, 1), (0, None), ("abc", None), (None, None)]
)
async def test_labels(client: Client, label: object, stored: int | None) -> None:
    """Only a number that is not zero names a label."""
    assert (await _book(client, expense(labelId=label))).label_id == stored


@pytest.mark.parametrize(
    ("changes", "category"),
    [
        ({"categoryId": 5}, "Eating Out"),
        ({"categoryId": 0}, "Transfers"),
        ({"categoryId": None}, "Uncategorized"),
        ({"categoryId": 5, "inflow": 1, "outflow": 0}, "Transfers"),
    ],
)
async def test_transfers(
    client: Client, changes: dict[str, object], category: str
) -> None:
    """A push makes one leg, and the app chooses its category."""
    booking = await _book(client, expense(transferId="t", **changes))

    assert (booking.category, booking.transfer_id) == (category, "t")
    assert len(client.server.bookings) == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ([], "INVALID_PAYLOAD"),
        ("text", "INVALID_PAYLOAD"),
        ({"v": 2, "args": {}}, "INVALID_PAYLOAD"),
        ({"v": 2, "op": 5, "args": {}}, "INVALID_PAYLOAD"),
        (expense() | {"v": 3}, "INVALID_PAYLOAD"),
        (expense() | {"v": 2.5}, "INVALID_PAYLOAD"),
        ({"v": 2, "op": "transactions.add"}, "MUTATION_ERROR"),
        (mutation(None), "MUTATION_ERROR"),
        (mutation([EXPENSE]), "MUTATION_ERROR"),
        (mutation([EXPENSE], v=1), "MUTATION_ERROR"),
        (expense() | {"op": "Transactions.Add"}, "MUTATION_ERROR"),
        (expense() | {"op": "transactions.add "}, "MUTATION_ERROR"),
    ],
)
async def test_refused_mutations(client: Client, content: object, code: str) -> None:
    """What is no mutation, too new or unknown fails with its code."""
    assert (await _refusal(client, content)).partition(":")[0] == code


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("A", "-") + "-",
        lambda text: text + "=",
        lambda text: "00" * 64,
        lambda text: text[:40],
        lambda text: base64.b64encode(base64.b64decode(text)[32:]).decode(),
        lambda text: "",
    ],
    ids=["url-safe", "over-padded", "hex", "short", "without-salt", "blank"],
)
async def test_unreadable_payloads(client: Client, change: object) -> None:
    """Wrong base64, length or layout cannot be opened."""
    assert callable(change)
    payload = change(seal(client.server.space_key, expense())) or " "
    await client.push(json.dumps({"encrypted_payload": payload}))
    client.server.apply()

    assert client.server.queue[0].error == _DECRYPTION_FAILED


@pytest.mark.parametrize("plain", [b"", b"{", b'{"v": NaN}', b"[" * 100_000])
async def test_plaintext_that_is_not_json(client: Client, plain: bytes) -> None:
    """The right key does not make JSON of anything."""
    payload = base64.b64encode(seal_bytes(client.server.space_key, plain)).decode()
    await client.push(json.dumps({"encrypted_payload": payload}))
    client.server.apply()

    assert client.server.queue[0].error == _DECRYPTION_FAILED


async def test_lenient_base64_and_byte_order_mark(client: Client) -> None:
    """Blanks, missing padding and a byte order mark are forgiven."""
    plain = b"\xef\xbb\xbf" + json.dumps(expense()).encode()
    sealed = seal_bytes(client.server.space_key, plain)
    payload = " \n" + base64.b64encode(sealed).decode().rstrip("=") + "\t"
    await client.push(json.dumps({"encrypted_payload": payload}))

    assert client.server.apply() == AppRun(processed=1, failed=0)


async def test_hundred_items_a_run(client: Client) -> None:
    """One run takes a hundred items, the oldest first."""
    for number in range(103):
        payload = seal(client.server.space_key, expense(memo=str(number)))
        await client.push(json.dumps({"encrypted_payload": payload}))
        if number == 50:
            await client.server.restart()

    assert client.server.apply() == AppRun(processed=100, failed=0)
    assert client.server.counts.pending == 3
    assert client.server.apply() == AppRun(processed=3, failed=0)
    memos = [booking.memo for booking in client.server.bookings]
    assert memos == [str(number) for number in range(103)]


async def test_lost_acknowledgement(client: Client) -> None:
    """Booked, yet reported as failed; pending again, it is not booked twice."""
    payload = seal(client.server.space_key, expense())
    await client.push(json.dumps({"encrypted_payload": payload}))

    run = client.server.apply(Acknowledgements.PROCESSED_LOST)
    assert run == AppRun(processed=0, failed=1)
    item = client.server.queue[0]
    assert item.status == "failed"
    assert len(client.server.bookings) == 1

    client.server.set_status(item.id, "pending")
    assert client.server.apply() == AppRun(processed=1, failed=0)
    assert len(client.server.bookings) == 1


async def test_all_acknowledgements_lost(client: Client) -> None:
    """The item stays pending, and the next run does not book it twice."""
    payload = seal(client.server.space_key, expense())
    await client.push(json.dumps({"encrypted_payload": payload}))

    run = client.server.apply(Acknowledgements.ALL_LOST)
    assert run == AppRun(processed=0, failed=0)
    assert client.server.queue[0].status == "pending"
    assert client.server.apply() == AppRun(processed=1, failed=0)
    assert len(client.server.bookings) == 1


async def test_every_device_has_a_memory_of_its_own(client: Client) -> None:
    """What one device booked and could not report, another one books again."""
    payload = seal(client.server.space_key, expense())
    await client.push(json.dumps({"encrypted_payload": payload}))

    client.server.apply(Acknowledgements.ALL_LOST)
    client.server.apply(Acknowledgements.ALL_LOST)
    assert len(client.server.bookings) == 1
    assert client.server.apply(device="phone") == AppRun(processed=1, failed=0)
    assert len(client.server.bookings) == 2
    assert client.server.balances[1] == 2_480_000 - 2 * 42_500


async def test_put_back_and_started_from_a_snapshot(client: Client) -> None:
    """A device that starts anew books again what was put back."""
    payload = seal(client.server.space_key, expense())
    await client.push(json.dumps({"encrypted_payload": payload}))
    client.server.apply(Acknowledgements.PROCESSED_LOST)
    item = client.server.queue[0]

    client.server.start_from_snapshot("phone")
    client.server.set_status(item.id, "pending")
    client.server.apply(Acknowledgements.PROCESSED_LOST)
    assert len(client.server.bookings) == 1
    client.server.start_from_snapshot()
    client.server.set_status(item.id, "pending")
    assert client.server.apply() == AppRun(processed=1, failed=0)
    assert len(client.server.bookings) == 2


async def test_a_device_forgets_the_oldest(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It remembers so many items, and books an older one again."""
    assert booking_table.REMEMBERED == 2000
    monkeypatch.setattr(booking_table, "REMEMBERED", 3)
    for number in range(4):
        await client.apply(expense(memo=str(number)))
    oldest, *others = client.server.queue
    for item in others:
        client.server.set_status(item.id, "pending")
    assert client.server.apply() == AppRun(processed=3, failed=0)
    assert len(client.server.bookings) == 4

    client.server.set_status(oldest.id, "pending")
    assert client.server.apply() == AppRun(processed=1, failed=0)
    assert [booking.memo for booking in client.server.bookings][4:] == ["0"]


async def test_memories_survive_a_restart(tmp_path: Path) -> None:
    """They lie in the file, as the app's lie on its device."""
    file = tmp_path / "budgero.db"
    async with BudgeroServer(data=file) as server, aiohttp.ClientSession() as session:
        await Client(server, session).apply(expense())
        item = server.queue[0]
    async with BudgeroServer(data=file) as server:
        server.set_status(item.id, "pending")
        assert server.apply() == AppRun(processed=1, failed=0)
        assert len(server.bookings) == 1


async def test_reports_that_meet_the_rate_limit() -> None:
    """The app shares the limit with whoever pushes; beyond it nothing is reported."""
    limit = RateLimit(per_second=0.001, burst=5)
    async with (
        BudgeroServer(api_limit=limit) as server,
        aiohttp.ClientSession() as sent,
    ):
        client = Client(server, sent)
        for _ in range(3):
            payload = seal(server.space_key, expense())
            await client.push(json.dumps({"encrypted_payload": payload}))
        run = server.apply(Acknowledgements.LIMITED)
        assert run == AppRun(processed=2, failed=0)
        assert (len(server.bookings), server.counts.pending) == (3, 1)

        await server.restart()
        run = server.apply(Acknowledgements.LIMITED)
        assert run == AppRun(processed=1, failed=0)
        assert len(server.bookings) == 3


async def test_a_report_that_is_refused_once() -> None:
    """The second report says that it failed, and arrives: it is booked all the same."""
    async with BudgeroServer() as server, aiohttp.ClientSession() as session:
        client = Client(server, session)
        payload = seal(server.space_key, expense())
        await client.push(json.dumps({"encrypted_payload": payload}))
        answers = iter([False, True])
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RateLimiter, "allows", lambda *_: next(answers))
            run = server.apply(Acknowledgements.LIMITED)

        assert run == AppRun(processed=0, failed=1)
        assert len(server.bookings) == 1


async def test_same_content_twice_is_booked_twice(client: Client) -> None:
    """The app recognises items, not contents."""
    await _book(client, expense())
    await _book(client, expense())

    assert len(client.server.bookings) == 2


async def test_only_the_primary_space_is_applied(client: Client) -> None:
    """What was pushed for another space stays pending."""
    payload = seal(client.server.space_key, expense())
    await client.push(json.dumps({"encrypted_payload": payload}))
    client.server.change_space()

    assert client.server.apply() == AppRun(processed=0, failed=0)


@pytest.mark.parametrize("space_key", ["AAAA", "not base64"])
def test_wrong_space_key(space_key: str) -> None:
    """A space key that is none is refused at once."""
    with pytest.raises(ValueError):
        BudgeroServer(space_key=space_key)
