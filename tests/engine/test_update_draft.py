"""A draft becomes a change, or is refused with the field that was wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from custom_components.budgero.engine.places import Places
from custom_components.budgero.engine.push import Direction, Update
from custom_components.budgero.engine.push.errors import InputProblem
from custom_components.budgero.engine.update_draft import UpdateDraft, resolve_update

from .named import NO_NAMES
from .push.attempts import refusal

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
PLACES = Places(NO_NAMES, 1, "EUR")


def _resolve(**said: Any) -> Update:
    return resolve_update(UpdateDraft(**{"message_id": "m", **said}), PLACES, None, NOW)


def test_everything() -> None:
    """Amounts, dates and ids as people write them."""
    assert _resolve(
        amount="13,20",
        type="income",
        date="2026-05-03",
        payee=" Store ",
        memo="late",
        account="2",
        category=6.0,
        cleared="yes",
    ) == Update(
        target="m",
        amount=Decimal("13.20"),
        direction=Direction.INCOME,
        date=date(2026, 5, 3),
        payee="Store",
        memo="late",
        account=2,
        category=6,
        cleared=True,
    )


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ({"amount": 1}, Direction.EXPENSE),
        ({"outflow": 1}, Direction.EXPENSE),
        ({"inflow": 1}, Direction.INCOME),
        ({"inflow": 1, "type": "income"}, Direction.INCOME),
    ],
)
def test_which_way_the_money_goes(
    said: dict[str, object], direction: Direction
) -> None:
    """In words of one's own, or in Budgero's."""
    assert _resolve(**said).direction is direction


def test_a_zero_beside_the_other_flow() -> None:
    """It counts as not given, as in a transaction."""
    update = _resolve(outflow="42,50 €", inflow="0.00")
    assert (update.amount, update.direction) == (Decimal("42.5"), Direction.EXPENSE)


def test_an_entity_without_a_value_empties_nothing() -> None:
    """Payee and memo stay as they are."""
    update = _resolve(cleared=True, payee="unavailable", memo=" None ")
    assert update == Update(target="m", cleared=True)


def test_what_is_left_out_stays() -> None:
    """And what is empty as well, but for the texts, which it empties."""
    assert _resolve(cleared=False) == Update(target="m", cleared=False)
    emptied = _resolve(memo="", payee=" ", date="", account="", category=None)
    assert emptied == Update(target="m", memo="", payee="")


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ({}, "change", InputProblem.MISSING),
        ({"amount": "", "date": None}, "change", InputProblem.MISSING),
        ({"message_id": " ", "memo": ""}, "message_id", InputProblem.MISSING),
        ({"type": "income"}, "amount", InputProblem.MISSING),
        ({"type": "income", "memo": "x"}, "amount", InputProblem.MISSING),
        ({"amount": 1, "inflow": 1}, "inflow", InputProblem.ONE_WAY_ONLY),
        ({"inflow": 1, "type": "expense"}, "type", InputProblem.ONE_WAY_ONLY),
        ({"amount": 1, "type": "x"}, "type", InputProblem.UNKNOWN_CHOICE),
        ({"amount": 0}, "amount", InputProblem.NOT_POSITIVE),
        ({"outflow": "1.2345"}, "outflow", InputProblem.TOO_PRECISE),
        ({"date": "tomorrow"}, "date", InputProblem.NOT_A_DATE),
        ({"date": "2062-01-01"}, "date", InputProblem.DATE_OUT_OF_RANGE),
        ({"outflow": 0, "inflow": "0"}, "outflow", InputProblem.NOT_POSITIVE),
        ({"inflow": "5 USD"}, "inflow", InputProblem.OTHER_CURRENCY),
        ({"message_id": "unknown", "memo": ""}, "message_id", InputProblem.NO_VALUE),
        ({"memo": "{{ now() }}"}, "memo", InputProblem.NOT_RENDERED),
        ({"memo": "x" * 2001}, "memo", InputProblem.TOO_LONG),
        ({"payee": []}, "payee", InputProblem.NOT_TEXT),
        ({"account": "x"}, "account", InputProblem.NOT_AN_ID),
        ({"category": 0}, "category", InputProblem.NOT_AN_ID),
        ({"cleared": "perhaps"}, "cleared", InputProblem.NOT_YES_OR_NO),
        ({"message_id": "a b", "memo": ""}, "message_id", InputProblem.BAD_CHARACTERS),
    ],
)
def test_refused(said: dict[str, object], field: str, problem: InputProblem) -> None:
    """The error names the field."""
    assert refusal(_resolve, **said) == (field, problem)
