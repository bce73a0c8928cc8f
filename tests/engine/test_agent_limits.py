"""What an AI agent may log without asking a person."""

from decimal import Decimal

import pytest

from custom_components.budgero.engine.agent_limits import AgentLimits, agent_limits
from custom_components.budgero.engine.push.currencies import _SIGNS_AND_NAMES


@pytest.mark.parametrize(
    ("currency", "call", "day"),
    [
        ("EUR", 200, 500),
        ("USD", 200, 500),
        ("KWD", 200, 500),
        ("PLN", 2_000, 5_000),
        ("JPY", 20_000, 50_000),
        ("HUF", 200_000, 500_000),
        ("IDR", 2_000_000, 5_000_000),
        ("LBP", 20_000_000, 50_000_000),
        ("XYZ", 200, 500),
    ],
)
def test_limits(currency: str, call: int, day: int) -> None:
    """They are about the same money in every currency; unknown ones ask sooner."""
    assert agent_limits(currency) == AgentLimits(call=Decimal(call), day=Decimal(day))


def test_every_currency_has_some() -> None:
    """None is without limits, and a day is more than a call."""
    for currency in _SIGNS_AND_NAMES:
        limits = agent_limits(currency)
        assert 0 < limits.call < limits.day
