"""Divided and cleared transactions: what they refuse, and how the app books them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push import (
    Direction,
    Feature,
    Split,
    Transaction,
    WireFormat,
)
from custom_components.budgero.engine.push.errors import (
    CannotOpenError,
    InputProblem,
    InvalidInputError,
)
from custom_components.budgero.engine.push.fields import MAX_ID, MAX_MEMO, MAX_PAYEE
from custom_components.budgero.engine.push.money import from_milliunits, to_milliunits
from custom_components.budgero.engine.push.split import MOST_SPLITS
from tests.budgero_server.javascript import parse_json
from tests.budgero_server.mutation import normalise

from .attempts import refusal

FOOD = Split(amount=Decimal("8.50"), category=2, memo="milk", payee="Stall")
SAVED = Split(amount=Decimal(4), transfer_account=3)
BASKET = Transaction(
    account=1,
    budget=1,
    date=date(2026, 7, 1),
    amount=Decimal("12.50"),
    direction=Direction.EXPENSE,
    splits=(FOOD, SAVED),
)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(
    str.strip
)
ids = st.integers(1, MAX_ID)
milliunits = st.integers(1, 10**11)


@st.composite
def split_lines(draw: st.DrawFn) -> Split:
    """Return a line to a category, or to another account than the first one."""
    target: dict[str, int] = draw(
        st.builds(dict, category=ids)
        | st.builds(dict, transfer_account=st.integers(2, MAX_ID))
    )
    return Split(
        amount=from_milliunits(draw(milliunits)),
        memo=draw(texts),
        payee=draw(st.none() | texts.filter(bool)),
        **target,
    )


@st.composite
def divided(draw: st.DrawFn) -> Transaction:
    """Return a transaction whose lines add up to its amount."""
    lines = tuple(draw(st.lists(split_lines(), min_size=2, max_size=MOST_SPLITS)))
    total = sum(to_milliunits(line.amount) for line in lines)
    return replace(
        BASKET,
        amount=from_milliunits(total),
        direction=draw(st.sampled_from(Direction)),
        cleared=draw(st.booleans()),
        splits=lines,
    )


@given(divided(), st.sampled_from(WireFormat))
def test_the_wire_gives_back_what_it_took(
    transaction: Transaction, wire_format: WireFormat
) -> None:
    """Every line comes back as it was, in its order."""
    wire = transaction.to_wire(wire_format)
    assert Transaction.from_wire(wire) == transaction


@given(divided(), st.sampled_from(WireFormat))
def test_the_app_reads_lines_that_add_up(
    transaction: Transaction, wire_format: WireFormat
) -> None:
    """In whole thousandths, and in the direction of the transaction."""
    args = normalise(parse_json(transaction.to_wire(wire_format))).args
    assert isinstance(args, dict)
    lines = args["splits"]
    way, other = ("outflow", "inflow")
    if transaction.direction is Direction.INCOME:
        way, other = other, way
    assert sum(line[way] for line in lines) == args[way]
    assert all(line[other] == 0 for line in lines)
    assert all(
        ("categoryId" in line) != ("transferAccountId" in line) for line in lines
    )


def test_format_2() -> None:
    """Lines under Budgero's names; the transaction itself has no category."""
    args = json.loads(replace(BASKET, cleared=True).to_wire())["args"]
    assert args == {
        "accountId": 1,
        "budgetId": 1,
        "date": "2026-07-01",
        "inflow": 0,
        "outflow": 12500,
        "memo": "",
        "cleared": True,
        "splits": [
            {
                "inflow": 0,
                "outflow": 8500,
                "categoryId": 2,
                "memo": "milk",
                "payee": "Stall",
            },
            {"inflow": 0, "outflow": 4000, "transferAccountId": 3},
        ],
    }


def test_what_a_server_must_know() -> None:
    """A plain transaction needs nothing new."""
    plain = replace(BASKET, splits=(), category=5)
    assert plain.features == frozenset()
    assert replace(plain, cleared=True).features == {Feature.CLEARED}
    assert BASKET.features == {Feature.SPLITS}


@pytest.mark.parametrize(
    ("field", "value", "named", "problem"),
    [
        ("amount", Decimal(0), "amount", InputProblem.NOT_POSITIVE),
        ("amount", Decimal(-1), "amount", InputProblem.NOT_POSITIVE),
        ("amount", Decimal("NaN"), "amount", InputProblem.NOT_POSITIVE),
        ("amount", Decimal("0.0001"), "amount", InputProblem.TOO_PRECISE),
        ("category", None, "splits", InputProblem.NOT_SPLITS),
        ("category", 0, "category", InputProblem.NOT_AN_ID),
        ("transfer_account", 3, "splits", InputProblem.NOT_SPLITS),
        ("memo", "x" * (MAX_MEMO + 1), "memo", InputProblem.TOO_LONG),
        ("payee", "x" * (MAX_PAYEE + 1), "payee", InputProblem.TOO_LONG),
    ],
)
def test_what_a_line_refuses(
    field: str, value: object, named: str, problem: InputProblem
) -> None:
    """Whatever Budgero would fail never gets as far as sealing."""
    values: dict[str, object] = {field: value}
    assert refusal(replace, FOOD, **values) == (named, problem)


def test_a_line_to_no_account() -> None:
    """The other account is an id like every other one."""
    with pytest.raises(InvalidInputError) as caught:
        replace(SAVED, transfer_account=-1)
    assert caught.value.field == "transfer_account"


@pytest.mark.parametrize(
    ("changes", "named", "problem"),
    [
        ({"splits": (FOOD,)}, "splits", InputProblem.NOT_SPLITS),
        ({"splits": (FOOD,) * 51}, "splits", InputProblem.NOT_SPLITS),
        ({"splits": (FOOD, FOOD)}, "splits", InputProblem.DOES_NOT_ADD_UP),
        ({"amount": Decimal("12.501")}, "splits", InputProblem.DOES_NOT_ADD_UP),
        ({"category": 5}, "category", InputProblem.NOT_WITH_SPLITS),
        ({"transfer_id": "t"}, "transfer_id", InputProblem.NOT_WITH_SPLITS),
        ({"account": 3}, "splits", InputProblem.SAME_ACCOUNT),
    ],
)
def test_what_a_divided_transaction_refuses(
    changes: dict[str, object], named: str, problem: InputProblem
) -> None:
    """Too few, too many, not the whole amount, or what contradicts the lines."""
    assert refusal(replace, BASKET, **changes) == (named, problem)


@given(divided(), st.integers(-(10**6), 10**6).filter(bool))
def test_lines_add_up_to_the_last_thousandth(
    transaction: Transaction, error: int
) -> None:
    """However small the difference is, it is refused."""
    wrong = to_milliunits(transaction.amount) + error
    if wrong <= 0:
        wrong = to_milliunits(transaction.amount) + 1
    with pytest.raises(InvalidInputError) as caught:
        replace(transaction, amount=from_milliunits(wrong))
    assert caught.value.problem is InputProblem.DOES_NOT_ADD_UP


def _with_lines(*lines: object) -> bytes:
    envelope = json.loads(BASKET.to_wire())
    envelope["args"]["splits"] = list(lines)
    return json.dumps(envelope).encode()


@pytest.mark.parametrize(
    "lines",
    [
        (1, 2),
        ({"outflow": 12500, "inflow": 0},) * 2,
        (
            {"outflow": 0, "inflow": 6250, "categoryId": 2},
            {"outflow": 0, "inflow": 6250, "categoryId": 3},
        ),
        ({"outflow": 12500, "inflow": 0, "categoryId": 2},),
    ],
)
def test_lines_that_are_none_of_ours(lines: tuple[object, ...]) -> None:
    """A payload with other lines is refused, not half understood."""
    with pytest.raises(CannotOpenError):
        Transaction.from_wire(_with_lines(*lines))


def test_nothing_private_is_shown() -> None:
    """Lines say neither how much nor to whom."""
    shown = repr(BASKET) + repr(FOOD)
    for private in ("8.5", "milk", "Stall", "12.5"):
        assert private not in shown
