"""Exact money: scaling loses nothing, or refuses."""

from decimal import Decimal, localcontext

from hypothesis import example, given, strategies as st
import pytest

from custom_components.budgero.engine.push.errors import InvalidInputError
from custom_components.budgero.engine.push.money import (
    MAX_MILLIUNITS,
    from_milliunits,
    survives_as_float,
    to_milliunits,
    without_float_noise,
)

any_amount = st.integers(1, MAX_MILLIUNITS)


@given(any_amount)
@example(1)
@example(2050)
@example(MAX_MILLIUNITS)
def test_milliunits_survive(milliunits: int) -> None:
    """What Budgero can hold comes through to the last thousandth."""
    assert to_milliunits(from_milliunits(milliunits)) == milliunits


@given(any_amount)
def test_the_common_precision_does_not_matter(milliunits: int) -> None:
    """Some other integration that sets the precision of decimals moves no money."""
    amount = from_milliunits(milliunits)
    with localcontext(prec=3):
        assert to_milliunits(amount) == milliunits
        assert without_float_noise(amount) == amount


@pytest.mark.parametrize(
    "amount",
    [
        "0.0005",
        "0.0010000000000000000000000000001",
        "1e-999999",
        "1e999999",
        "9007199254740.992",
        "-9007199254740.992",
    ],
)
def test_scaling_never_rounds(amount: str) -> None:
    """An amount between two thousandths, or too large, is refused and not rounded."""
    with pytest.raises(InvalidInputError):
        to_milliunits(Decimal(amount))


@pytest.mark.parametrize(
    ("amount", "survives"),
    [
        ("0.001", True),
        ("4398046511103.999", True),
        ("8999999999999", True),
        ("8999999999999.03", False),
        ("8999999999999.001", False),
    ],
)
def test_what_survives_as_a_float(amount: str, survives: bool) -> None:
    """Budgero's first payload format has JSON numbers, which are floats."""
    assert survives_as_float(Decimal(amount)) is survives
