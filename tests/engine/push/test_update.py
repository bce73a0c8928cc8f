"""A change of a transaction: what it refuses, and what it looks like on the wire."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
import json

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push import (
    Direction,
    Feature,
    Operation,
    Update,
    WireFormat,
    read_content,
)
from custom_components.budgero.engine.push.errors import CannotOpenError, InputProblem
from custom_components.budgero.engine.push.fields import MAX_ID, MAX_MEMO, MAX_PAYEE
from custom_components.budgero.engine.push.money import from_milliunits

from .attempts import refusal

DEARER = Update(target="m", amount=Decimal("13.20"), direction=Direction.EXPENSE)

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(
    str.strip
)
ids = st.integers(1, MAX_ID)
amounts = st.integers(1, 10**14).map(from_milliunits)
money = st.fixed_dictionaries(
    {"amount": amounts, "direction": st.sampled_from(Direction)}
)
others = st.fixed_dictionaries(
    {},
    optional={
        "date": st.dates(date(1970, 1, 1)),
        "memo": texts,
        "payee": texts,
        "category": ids,
        "account": ids,
        "cleared": st.booleans(),
    },
)
changes = (st.builds(lambda one, two: one | two, money, others) | others).filter(bool)


@given(changes, st.sampled_from(WireFormat))
def test_the_wire_gives_back_what_it_took(
    change: dict[str, object], wire_format: WireFormat
) -> None:
    """What was not said stays unsaid, what was emptied stays empty."""
    update = Update(target="m", **change)  # type: ignore[arg-type]  # any of them
    wire = update.to_wire(wire_format)
    assert Update.from_wire(wire) == update
    assert read_content(wire) == update


@given(changes)
def test_only_what_was_said_is_written(change: dict[str, object]) -> None:
    """A field that nobody named cannot be changed by accident."""
    update = Update(target="m", **change)  # type: ignore[arg-type]  # any of them
    written = json.loads(update.to_wire())["args"]["fields"]
    assert len(written) == len(change)
    assert ("inflow" in written) == ("outflow" in written) == ("amount" in change)


def test_format_2() -> None:
    """An amount sets both sides, so that the old one does not stay beside it."""
    update = replace(
        DEARER,
        date=date(2026, 7, 2),
        memo="late",
        payee="",
        category=6,
        account=2,
        cleared=False,
    )
    assert json.loads(update.to_wire()) == {
        "v": 2,
        "op": "transactions.updateByRef",
        "args": {
            "messageId": "m",
            "fields": {
                "inflow": 0,
                "outflow": 13200,
                "date": "2026-07-02",
                "memo": "late",
                "payee": "",
                "categoryId": 6,
                "accountId": 2,
                "cleared": False,
            },
        },
    }
    assert (update.operation, update.target) == (Operation.UPDATE, "m")
    assert update.features == {Feature.UPDATE}


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"amount": None}, "amount", InputProblem.MISSING),
        ({"direction": None}, "amount", InputProblem.MISSING),
        ({"amount": None, "direction": None}, "change", InputProblem.MISSING),
        ({"amount": Decimal(0)}, "amount", InputProblem.NOT_POSITIVE),
        ({"amount": Decimal("Infinity")}, "amount", InputProblem.NOT_POSITIVE),
        ({"amount": Decimal("0.0001")}, "amount", InputProblem.TOO_PRECISE),
        ({"date": date(1969, 12, 31)}, "date", InputProblem.DATE_OUT_OF_RANGE),
        ({"date": datetime(2026, 7, 1, tzinfo=UTC)}, "date", InputProblem.NOT_A_DATE),
        ({"memo": "x" * (MAX_MEMO + 1)}, "memo", InputProblem.TOO_LONG),
        ({"payee": "x" * (MAX_PAYEE + 1)}, "payee", InputProblem.TOO_LONG),
        ({"category": 0}, "category", InputProblem.NOT_AN_ID),
        ({"account": True}, "account", InputProblem.NOT_AN_ID),
    ],
)
def test_what_a_change_refuses(
    values: dict[str, object], field: str, problem: InputProblem
) -> None:
    """Whatever Budgero would fail never gets as far as sealing."""
    assert refusal(replace, DEARER, **values) == (field, problem)


@pytest.mark.parametrize(
    "fields",
    [None, [], {}, {"inflow": 1}, {"inflow": 1, "outflow": 1}, {"date": "2026-02-30"}],
)
def test_what_no_change_can_be_read_from(fields: object) -> None:
    """A payload that is not ours is refused."""
    envelope = json.loads(DEARER.to_wire())
    envelope["args"]["fields"] = fields
    with pytest.raises(CannotOpenError):
        Update.from_wire(json.dumps(envelope).encode())


def test_nothing_private_is_shown() -> None:
    """A change in a log line says neither how much nor to whom."""
    shown = repr(replace(DEARER, payee="Bakery", memo="rolls"))
    for private in ("13.2", "Bakery", "rolls", "expense"):
        assert private not in shown
