"""A draft becomes a transfer, or is refused with the field that was wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from custom_components.budgero.engine.draft import Defaults, Resolved
from custom_components.budgero.engine.push import Transfer
from custom_components.budgero.engine.push.errors import InputProblem
from custom_components.budgero.engine.transfer_draft import (
    TransferDraft,
    resolve_transfer,
)

from .named import NO_NAMES
from .push.attempts import refusal

TODAY = date(2026, 5, 4)
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DEFAULTS = Defaults(account=1, category=5, budget=1, currency="EUR")
NO_DEFAULTS = Defaults(account=None, category=None, budget=None, currency="EUR")
SAID = {"from_account": 1, "to_account": "3", "amount": "50,00"}


def _resolve(defaults: Defaults = DEFAULTS, /, **said: Any) -> Resolved[Transfer]:
    return resolve_transfer(TransferDraft(**{**SAID, **said}), defaults, NO_NAMES, NOW)


def test_the_least_that_can_be_said() -> None:
    """Budget and day come by themselves; both accounts are named."""
    resolved = _resolve()
    transfer = resolved.transaction
    assert transfer == Transfer(
        from_account=1,
        to_account=3,
        budget=1,
        date=TODAY,
        amount=Decimal(50),
        transfer_id=transfer.transfer_id,
    )
    assert (resolved.message_id, resolved.is_dated) == (None, True)


def test_everything() -> None:
    """What was said goes before every default."""
    resolved = _resolve(
        date="2026-02-28", memo=" Savings ", budget=2, message_id="savings:2"
    )
    transfer = resolved.transaction
    assert (transfer.date, transfer.memo) == (date(2026, 2, 28), "Savings")
    assert (transfer.budget, resolved.message_id) == (2, "savings:2")
    assert not resolved.is_dated


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ({"from_account": None}, "from_account", InputProblem.MISSING),
        ({"to_account": " "}, "to_account", InputProblem.MISSING),
        ({"amount": ""}, "amount", InputProblem.MISSING),
        ({"budget": None}, "budget", InputProblem.MISSING),
        ({"from_account": "x"}, "from_account", InputProblem.NOT_AN_ID),
        ({"to_account": 1}, "to_account", InputProblem.SAME_ACCOUNT),
        ({"amount": "0"}, "amount", InputProblem.NOT_POSITIVE),
        ({"amount": "1.005"}, "amount", InputProblem.AMBIGUOUS),
        ({"amount": "1.2345"}, "amount", InputProblem.TOO_PRECISE),
        ({"date": "2026-02-30"}, "date", InputProblem.NOT_A_DATE),
        ({"amount": "1,005"}, "amount", InputProblem.AMBIGUOUS),
        ({"amount": "$5"}, "amount", InputProblem.OTHER_CURRENCY),
        ({"from_account": "unknown"}, "from_account", InputProblem.NO_VALUE),
        ({"to_account": "None"}, "to_account", InputProblem.NO_VALUE),
        ({"amount": "unavailable"}, "amount", InputProblem.NO_VALUE),
        ({"message_id": "unknown"}, "message_id", InputProblem.NO_VALUE),
        ({"budget": "nan"}, "budget", InputProblem.NO_VALUE),
        ({"memo": "{% if x %}"}, "memo", InputProblem.NOT_RENDERED),
        ({"memo": []}, "memo", InputProblem.NOT_TEXT),
        ({"message_id": "a b"}, "message_id", InputProblem.BAD_CHARACTERS),
    ],
)
def test_refused(said: dict[str, object], field: str, problem: InputProblem) -> None:
    """The error names the field."""
    assert refusal(_resolve, NO_DEFAULTS, **{"budget": 1, **said}) == (field, problem)


def test_what_was_given() -> None:
    """The same words are the same content, on any day; other words are not."""
    assert _resolve().given == _resolve(amount=50).given
    tomorrow = NOW + timedelta(days=1)
    later = resolve_transfer(TransferDraft(**SAID), DEFAULTS, NO_NAMES, tomorrow)
    assert later.given == _resolve().given
    other_default = _resolve(replace(DEFAULTS, budget=2))
    assert other_default.given == _resolve().given
    others = ({"amount": 51}, {"memo": "x"}, {"date": TODAY}, {"budget": 1})
    differing = {_resolve(**said).given for said in others}
    assert len(differing | {_resolve().given}) == 5
