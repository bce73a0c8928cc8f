"""A transfer: what it refuses, and what it looks like on the wire."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
import json

from hypothesis import assume, given, strategies as st
import pytest

from custom_components.budgero.engine.push import (
    Feature,
    Operation,
    Transfer,
    WireFormat,
    read_content,
)
from custom_components.budgero.engine.push.errors import CannotOpenError, InputProblem
from custom_components.budgero.engine.push.fields import MAX_ID, MAX_MEMO
from custom_components.budgero.engine.push.money import from_milliunits
from tests.budgero_server.javascript import parse_json
from tests.budgero_server.mutation import normalise

from .attempts import refusal

SAVINGS = Transfer(
    from_account=1,
    to_account=3,
    budget=1,
    date=date(2026, 7, 1),
    amount=Decimal(50),
    memo="July",
    transfer_id="t-1",
)

ids = st.integers(1, MAX_ID)
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40).map(
    str.strip
)


@st.composite
def transfers(draw: st.DrawFn) -> Transfer:
    """Return any transfer between two accounts."""
    source, destination = draw(ids), draw(ids)
    assume(source != destination)
    return Transfer(
        from_account=source,
        to_account=destination,
        budget=draw(ids),
        date=draw(st.dates(date(1970, 1, 1))),
        amount=from_milliunits(draw(st.integers(1, 10**14))),
        memo=draw(texts),
    )


@given(transfers(), st.sampled_from(WireFormat))
def test_the_wire_gives_back_what_it_took(
    transfer: Transfer, wire_format: WireFormat
) -> None:
    """Both legs are one transfer again."""
    wire = transfer.to_wire(wire_format)
    assert Transfer.from_wire(wire) == transfer
    assert read_content(wire) == transfer


@given(transfers(), st.sampled_from(WireFormat))
def test_what_leaves_arrives(transfer: Transfer, wire_format: WireFormat) -> None:
    """In the app's thousandths the legs cancel each other out."""
    args = normalise(parse_json(transfer.to_wire(wire_format))).args
    assert isinstance(args, dict)
    source, destination = args["source"], args["destination"]
    assert source["outflow"] == destination["inflow"] > 0
    assert source["inflow"] == destination["outflow"] == 0
    assert source["date"] == destination["date"]


def test_format_2() -> None:
    """Under Budgero's names, without a category: it finds its own."""
    leg = {"date": "2026-07-01", "memo": "July"}
    assert json.loads(SAVINGS.to_wire()) == {
        "v": 2,
        "op": "transactions.addTransfer",
        "args": {
            "budgetId": 1,
            "transferId": "t-1",
            "source": {"accountId": 1, "inflow": 0, "outflow": 50000, **leg},
            "destination": {"accountId": 3, "inflow": 50000, "outflow": 0, **leg},
        },
    }


def test_each_has_an_id_of_its_own() -> None:
    """Two identical transfers are two transfers; each can be deleted by its id."""
    same = {"from_account": 1, "to_account": 3, "budget": 1, "amount": Decimal(1)}
    first, second = (Transfer(date=SAVINGS.date, **same) for _ in range(2))  # type: ignore[arg-type]  # a shorthand
    assert first.transfer_id != second.transfer_id
    assert (first.operation, first.target) == (Operation.TRANSFER, first.transfer_id)
    assert first.features == {Feature.TRANSFER}


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("from_account", 0, InputProblem.NOT_AN_ID),
        ("to_account", MAX_ID + 1, InputProblem.NOT_AN_ID),
        ("to_account", 1, InputProblem.SAME_ACCOUNT),
        ("budget", True, InputProblem.NOT_AN_ID),
        ("date", date(1969, 12, 31), InputProblem.DATE_OUT_OF_RANGE),
        ("date", datetime(2026, 7, 1, tzinfo=UTC), InputProblem.NOT_A_DATE),
        ("amount", Decimal(0), InputProblem.NOT_POSITIVE),
        ("amount", Decimal("NaN"), InputProblem.NOT_POSITIVE),
        ("amount", Decimal("0.0001"), InputProblem.TOO_PRECISE),
        ("memo", "x" * (MAX_MEMO + 1), InputProblem.TOO_LONG),
        ("transfer_id", "x" * 129, InputProblem.TOO_LONG),
    ],
)
def test_what_a_transfer_refuses(
    field: str, value: object, problem: InputProblem
) -> None:
    """Whatever Budgero would fail, or book wrongly, never gets as far as sealing."""
    values: dict[str, object] = {field: value}
    assert refusal(replace, SAVINGS, **values) == (field, problem)


def _wire(**changes: object) -> bytes:
    envelope = json.loads(SAVINGS.to_wire())
    return json.dumps({**envelope, "args": {**envelope["args"], **changes}}).encode()


@pytest.mark.parametrize(
    "plaintext",
    [
        b"",
        b"{}",
        _wire(source=None),
        _wire(source={"accountId": 1, "inflow": 1, "outflow": 0, "date": "2026-07-01"}),
        _wire(destination=[]),
        _wire(budgetId="x"),
    ],
)
def test_what_no_transfer_can_be_read_from(plaintext: bytes) -> None:
    """A payload that is not ours is refused."""
    with pytest.raises(CannotOpenError):
        Transfer.from_wire(plaintext)


def test_nothing_private_is_shown() -> None:
    """A transfer in a log line does not say how much, or what for."""
    assert "50" not in repr(SAVINGS)
    assert "July" not in repr(SAVINGS)
