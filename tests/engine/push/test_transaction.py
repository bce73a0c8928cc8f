"""A transaction: what it refuses, and what it looks like on the wire."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
import json

from hypothesis import example, given, strategies as st
import pytest

from custom_components.budgero.engine.push import Direction, Transaction, WireFormat
from custom_components.budgero.engine.push.errors import (
    CannotOpenError,
    InputProblem,
    InvalidInputError,
)
from custom_components.budgero.engine.push.fields import MAX_ID, MAX_MEMO, MAX_PAYEE
from custom_components.budgero.engine.push.money import (
    MAX_MILLIUNITS,
    from_milliunits,
    to_milliunits,
)
from custom_components.budgero.engine.push.transaction import MAX_TRANSFER_ID
from tests.budgero_server.javascript import parse_json
from tests.budgero_server.mutation import normalise
from tests.engine.lunch import LUNCH

from .attempts import attempt, on_a_small_stack, refusal

# As far as format 1's decimals are exact once the app has multiplied them.
EXACT_AS_FLOAT = 10**14

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(
    str.strip
)
amounts = st.integers(1, EXACT_AS_FLOAT).map(from_milliunits)
transactions = st.builds(
    Transaction,
    account=st.integers(1, MAX_ID),
    budget=st.integers(1, MAX_ID),
    category=st.none() | st.integers(1, MAX_ID),
    date=st.dates(date(1970, 1, 1)),
    amount=amounts,
    direction=st.sampled_from(Direction),
    memo=texts,
    payee=st.none() | texts.filter(bool),
    transfer_id=st.none() | texts.filter(bool),
)


@given(transactions, st.sampled_from(WireFormat))
def test_the_wire_gives_back_what_it_took(
    transaction: Transaction, wire_format: WireFormat
) -> None:
    """A sealed row of the outbox still says exactly what was asked for."""
    wire = transaction.to_wire(wire_format)
    assert Transaction.from_wire(wire) == transaction
    assert Transaction.from_wire(wire).to_wire(wire_format) == wire


@given(transactions, st.sampled_from(WireFormat))
def test_the_app_reads_what_was_meant(
    transaction: Transaction, wire_format: WireFormat
) -> None:
    """In both formats the app arrives at the same whole thousandths."""
    mutation = normalise(parse_json(transaction.to_wire(wire_format)))
    milliunits = to_milliunits(transaction.amount)
    is_expense = transaction.direction is Direction.EXPENSE
    assert mutation.op == "transactions.add"
    assert isinstance(mutation.args, dict)
    assert mutation.args["outflow"] == (milliunits if is_expense else 0)
    assert mutation.args["inflow"] == (0 if is_expense else milliunits)


def test_format_2() -> None:
    """Whole thousandths, marked with the number 2."""
    assert json.loads(LUNCH.to_wire()) == {
        "v": 2,
        "op": "transactions.add",
        "args": {
            "accountId": 1,
            "budgetId": 1,
            "categoryId": 5,
            "date": "2026-07-01",
            "inflow": 0,
            "outflow": 12500,
            "memo": "",
        },
    }


def test_format_1() -> None:
    """Units as a number, never as a string, and no version."""
    income = replace(LUNCH, direction=Direction.INCOME, amount=Decimal("0.1"))
    envelope = json.loads(income.to_wire(WireFormat.DECIMALS))
    assert envelope == {
        "op": "transactions.add",
        "args": {
            "accountId": 1,
            "budgetId": 1,
            "categoryId": 5,
            "date": "2026-07-01",
            "inflow": 0.1,
            "outflow": 0,
            "memo": "",
        },
    }
    assert type(envelope["args"]["inflow"]) is float


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_was_not_said_is_absent(nothing: str | None) -> None:
    """Never the text "None", and no category that the app does not know."""
    bare = replace(LUNCH, category=None, payee=nothing, transfer_id=nothing)
    assert set(json.loads(bare.to_wire())["args"]) == {
        "accountId",
        "budgetId",
        "date",
        "inflow",
        "outflow",
        "memo",
    }


def test_all_fields_are_written() -> None:
    """Payee, memo and the mark of a transfer arrive under Budgero's names."""
    full = replace(LUNCH, payee="Łódź ☕", memo="two\nlines 😀", transfer_id="t-1")
    wire = full.to_wire()
    args = json.loads(wire)["args"]
    assert (args["payee"], args["memo"], args["transferId"]) == (
        "Łódź ☕",
        "two\nlines 😀",
        "t-1",
    )
    assert "Łódź ☕".encode() in wire


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("account", 0, InputProblem.NOT_AN_ID),
        ("account", True, InputProblem.NOT_AN_ID),
        ("budget", -1, InputProblem.NOT_AN_ID),
        ("category", MAX_ID + 1, InputProblem.NOT_AN_ID),
        ("date", date(1969, 12, 31), InputProblem.DATE_OUT_OF_RANGE),
        ("date", datetime(2026, 7, 1, 12, tzinfo=UTC), InputProblem.NOT_A_DATE),
        ("amount", Decimal(0), InputProblem.NOT_POSITIVE),
        ("amount", Decimal("-12.50"), InputProblem.NOT_POSITIVE),
        ("amount", Decimal("NaN"), InputProblem.NOT_POSITIVE),
        ("amount", Decimal("sNaN"), InputProblem.NOT_POSITIVE),
        ("amount", Decimal("Infinity"), InputProblem.NOT_POSITIVE),
        ("amount", Decimal("0.0005"), InputProblem.TOO_PRECISE),
        ("amount", Decimal("9007199254740.992"), InputProblem.TOO_LARGE),
        ("amount", Decimal("1e999999"), InputProblem.TOO_LARGE),
        ("memo", "x" * (MAX_MEMO + 1), InputProblem.TOO_LONG),
        ("memo", "\ud83d", InputProblem.BAD_CHARACTERS),
        ("memo", None, InputProblem.NOT_TEXT),
        ("payee", "x" * (MAX_PAYEE + 1), InputProblem.TOO_LONG),
        ("payee", "a\x00b", InputProblem.BAD_CHARACTERS),
        ("transfer_id", "x" * (MAX_TRANSFER_ID + 1), InputProblem.TOO_LONG),
    ],
)
def test_what_a_transaction_refuses(
    field: str, value: object, problem: InputProblem
) -> None:
    """Whatever Budgero would fail, or book wrongly, never gets as far as sealing."""
    values: dict[str, object] = {field: value}
    assert refusal(replace, LUNCH, **values) == (field, problem)


def test_the_largest_amount() -> None:
    """The most that the app books goes out in format 2, and as decimals not at all."""
    largest = replace(LUNCH, amount=from_milliunits(MAX_MILLIUNITS))
    assert json.loads(largest.to_wire())["args"]["outflow"] == 9007199254740991
    with pytest.raises(InvalidInputError) as caught:
        largest.to_wire(WireFormat.DECIMALS)
    assert caught.value.problem is InputProblem.TOO_LARGE


@given(st.integers(1, MAX_MILLIUNITS))
@example(9007199254740990)
def test_format_1_is_exact_or_refused(milliunits: int) -> None:
    """Where a float cannot say it, nothing near it is sent."""
    transaction = replace(LUNCH, amount=from_milliunits(milliunits))
    wire = attempt(transaction.to_wire, WireFormat.DECIMALS)
    if isinstance(wire, InvalidInputError):
        assert (wire.field, wire.problem) == ("amount", InputProblem.TOO_LARGE)
        assert milliunits > EXACT_AS_FLOAT
    else:
        args = normalise(parse_json(wire)).args
        assert isinstance(args, dict)
        assert args["outflow"] == milliunits


def _wire(**changes: object) -> bytes:
    """Return a format 2 plaintext in which some arguments are different."""
    envelope = json.loads(LUNCH.to_wire())
    return json.dumps({**envelope, "args": {**envelope["args"], **changes}}).encode()


def _envelope(**changes: object) -> bytes:
    return json.dumps({**json.loads(LUNCH.to_wire()), **changes}).encode()


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"\xff\xfe\xfd",
        b"no JSON",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{}",
        _envelope(args=None),
        _envelope(args=[]),
        _envelope(op="payees.add"),
        _envelope(v=1),
        _envelope(v=3),
        _envelope(v="2"),
        _wire(inflow=1000),
        _wire(outflow=0),
        _wire(outflow=42.5),
        _wire(outflow="12500"),
        _wire(outflow=-12500),
        _wire(outflow=None),
        _wire(outflow=[1]),
        _wire(outflow=float("nan")),
        _wire(outflow=2**53),
        _wire(accountId=None),
        _wire(accountId="Checking"),
        _wire(categoryId=0),
        _wire(date="2026-02-30"),
        _wire(date=20260701),
        _wire(memo=None),
        _wire(payee=["a"]),
        LUNCH.to_wire().replace(b"12500", b"1e999999999"),
        LUNCH.to_wire(WireFormat.DECIMALS).replace(b"12.5", b'"12.5"'),
        LUNCH.to_wire(WireFormat.DECIMALS).replace(b"12.5", b"1e999999999"),
        LUNCH.to_wire(WireFormat.DECIMALS).replace(b"12.5", b"12.5005"),
    ],
)
def test_what_no_transaction_can_be_read_from(plaintext: bytes) -> None:
    """A payload that is not ours is refused, not half understood."""
    with pytest.raises(CannotOpenError):
        Transaction.from_wire(plaintext)


def test_a_payload_nested_too_deeply() -> None:
    """Brackets upon brackets exhaust the parser, and no more than the parser."""

    def read() -> bool:
        with pytest.raises(CannotOpenError):
            Transaction.from_wire(b"[" * 64_000)
        return True

    assert on_a_small_stack(read) == [True]


def test_nothing_private_is_shown() -> None:
    """A transaction in a log line says neither how much nor to whom."""
    shown = repr(replace(LUNCH, payee="Bakery", memo="rolls", transfer_id="t-1"))
    for private in ("12.5", "Bakery", "rolls", "expense", "t-1"):
        assert private not in shown


def test_a_transaction_cannot_change() -> None:
    """What was sealed is what was checked."""
    with pytest.raises(AttributeError):
        LUNCH.amount = Decimal(1)  # type: ignore[misc]  # that is the test
