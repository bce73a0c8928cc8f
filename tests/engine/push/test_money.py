"""Exact money: what people, templates and number fields write, or a refusal."""

from decimal import Decimal, localcontext

from hypothesis import example, given, strategies as st
import pytest

from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError
from custom_components.budgero.engine.push.money import (
    MAX_MILLIUNITS,
    currency_decimals,
    from_milliunits,
    parse_amount,
    to_milliunits,
)

from .attempts import attempt

HUNDRED_THOUSAND = 100_000_000  # in milliunits
everyday = st.integers(1, HUNDRED_THOUSAND)
any_amount = st.integers(1, MAX_MILLIUNITS)
currency_digits = st.sampled_from([0, 2, 3])


def _refusal(value: object, decimals: int = 2) -> InputProblem:
    with pytest.raises(InvalidInputError) as caught:
        parse_amount(value, decimals)
    assert caught.value.field == "amount"
    return caught.value.problem


def test_every_thousandth_up_to_a_hundred_survives() -> None:
    """2.05 is 2.05 and never 2.04, whichever way it was written."""
    for milliunits in range(1, 100_001):
        amount = Decimal(milliunits).scaleb(-3)
        assert to_milliunits(parse_amount(amount, 3)) == milliunits
        assert to_milliunits(parse_amount(float(amount), 3)) == milliunits


@given(any_amount)
@example(1)
@example(2050)
@example(MAX_MILLIUNITS)
def test_decimals_survive(milliunits: int) -> None:
    """What Budgero can hold comes through to the last thousandth."""
    amount = from_milliunits(milliunits)
    assert to_milliunits(parse_amount(amount, 3)) == milliunits


@given(everyday)
def test_floats_survive(milliunits: int) -> None:
    """Number fields of Home Assistant hand over floats."""
    assert to_milliunits(parse_amount(milliunits / 1000, 3)) == milliunits


@given(any_amount)
def test_text_with_a_point_survives(milliunits: int) -> None:
    """Text in a currency of thousandths may have all three decimals."""
    whole, part = divmod(milliunits, 1000)
    assert to_milliunits(parse_amount(f"{whole}.{part:03}", 3)) == milliunits


@given(
    st.integers(1, 10**14), st.sampled_from(".,"), st.sampled_from(["", " ", "\t\n"])
)
def test_text_in_cents_survives(cents: int, mark: str, around: str) -> None:
    """12.50 and 12,50 are the same lunch."""
    whole, part = divmod(cents % 10**13 or 1, 100)
    text = f"{around}{whole}{mark}{part:02}{around}"
    assert to_milliunits(parse_amount(text, 2)) == (whole * 100 + part) * 10


@given(everyday, st.floats(-9e-10, 9e-10))
@example(300, 4e-17)
def test_noise_of_floats_goes(milliunits: int, noise: float) -> None:
    """A template's 0.1 + 0.2 is 0.3."""
    parsed = parse_amount(milliunits / 1000 + noise, 3)
    assert parsed == from_milliunits(milliunits)


@given(everyday, st.floats(2e-6, 4e-4))
def test_real_digits_of_floats_do_not_go(milliunits: int, more: float) -> None:
    """A price of a third is not quietly rounded to a thousandth."""
    assert _refusal(milliunits / 1000 + more, 3) is InputProblem.TOO_PRECISE


@given(any_amount, currency_digits)
def test_no_more_decimals_than_the_currency_has(milliunits: int, decimals: int) -> None:
    """There is no half yen and no tenth of a cent; and nothing is rounded."""
    amount = from_milliunits(milliunits)
    if milliunits % 10 ** (3 - decimals):
        assert _refusal(amount, decimals) is InputProblem.TOO_PRECISE
    else:
        assert parse_amount(amount, decimals) == amount


@given(st.integers(1, MAX_MILLIUNITS // 1000), currency_digits)
def test_whole_units_are_units(units: int, decimals: int) -> None:
    """100 yen are 100 yen: the currency's decimals never scale the amount."""
    assert to_milliunits(parse_amount(units, decimals)) == units * 1000
    assert to_milliunits(parse_amount(str(units), decimals)) == units * 1000


@pytest.mark.parametrize(
    ("value", "decimals", "problem"),
    [
        (True, 2, InputProblem.NOT_A_NUMBER),
        (False, 2, InputProblem.NOT_A_NUMBER),
        (None, 2, InputProblem.NOT_A_NUMBER),
        (b"12", 2, InputProblem.NOT_A_NUMBER),
        ((12, 50), 2, InputProblem.NOT_A_NUMBER),
        ([12.5], 2, InputProblem.NOT_A_NUMBER),
        (12 + 0j, 2, InputProblem.NOT_A_NUMBER),
        (float("nan"), 2, InputProblem.NOT_A_NUMBER),
        (float("inf"), 2, InputProblem.NOT_A_NUMBER),
        (float("-inf"), 2, InputProblem.NOT_A_NUMBER),
        (Decimal("NaN"), 2, InputProblem.NOT_A_NUMBER),
        (Decimal("sNaN"), 2, InputProblem.NOT_A_NUMBER),
        (Decimal("Infinity"), 2, InputProblem.NOT_A_NUMBER),
        (0, 2, InputProblem.NOT_POSITIVE),
        (-0.0, 2, InputProblem.NOT_POSITIVE),
        ("0,00", 2, InputProblem.NOT_POSITIVE),
        (-3, 2, InputProblem.NOT_POSITIVE),
        (-3.5, 2, InputProblem.NOT_POSITIVE),
        (Decimal("-0.01"), 2, InputProblem.NOT_POSITIVE),
        ("-3,50", 2, InputProblem.NOT_POSITIVE),
        (1e-12, 2, InputProblem.NOT_POSITIVE),
        (0.0004, 2, InputProblem.TOO_PRECISE),
        (0.005, 2, InputProblem.TOO_PRECISE),
        ("1.2345", 3, InputProblem.TOO_PRECISE),
        ("0,5", 0, InputProblem.TOO_PRECISE),
        (Decimal("1e-999999"), 3, InputProblem.TOO_PRECISE),
        (Decimal("0.0010000000000000000000000000001"), 3, InputProblem.TOO_PRECISE),
        (1e300, 2, InputProblem.TOO_LARGE),
        (10**400, 2, InputProblem.TOO_LARGE),
        (Decimal("1e999999"), 2, InputProblem.TOO_LARGE),
        (Decimal("9007199254740.992"), 3, InputProblem.TOO_LARGE),
        ("9007199254741", 2, InputProblem.TOO_LARGE),
        ("999999999999999", 2, InputProblem.TOO_LARGE),
        ("1.234", 2, InputProblem.AMBIGUOUS),
        ("1,234", 2, InputProblem.AMBIGUOUS),
        ("1.000", 0, InputProblem.AMBIGUOUS),
        ("1,234", 3, InputProblem.AMBIGUOUS),
    ],
)
def test_amounts_that_are_refused(
    value: object, decimals: int, problem: InputProblem
) -> None:
    """Nothing is guessed: the caller hears what is wrong with the amount."""
    assert _refusal(value, decimals) is problem


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "12 50",
        "12\u00a050",
        "12.50.00",
        "1,234.50",
        "1.234,50",
        "12..5",
        "12.",
        ".5",
        "+5",
        "1e3",
        "0x10",
        "1_000",
        "--5",
        "\u22125",
        "\u0661\u0662",
        "\uff11\uff12",
        "\u00bd",
        "12.5\u0665",
        "\u200b12",
        "$12",
        "12 \u20ac",
        "12.50 EUR",
        "twelve",
        "zero",
        "the row",
        "not",
        "None",
        "unknown",
        "unavailable",
        "(12, 50)",
        "9" * 16,
    ],
)
def test_text_that_is_no_amount(text: str) -> None:
    """What was misheard or badly templated is refused, never booked as something."""
    assert _refusal(text) is InputProblem.NOT_A_NUMBER


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.decimals()))
@example(Decimal("1e999999999"))
@example(Decimal("-1e999999999"))
@example("1." + "0" * 5000)
def test_an_amount_or_a_refusal(value: object) -> None:
    """Whatever comes in, out comes a positive amount in cents, or the one error."""
    amount = attempt(parse_amount, value, 2)
    if isinstance(amount, InvalidInputError):
        assert amount.field == "amount"
    else:
        assert 0 < to_milliunits(amount) <= MAX_MILLIUNITS
        assert to_milliunits(amount) % 10 == 0


@given(any_amount)
def test_the_common_precision_does_not_matter(milliunits: int) -> None:
    """Some other integration that sets the precision of decimals moves no money."""
    amount = from_milliunits(milliunits)
    with localcontext(prec=3):
        assert to_milliunits(parse_amount(amount, 3)) == milliunits


@pytest.mark.parametrize(
    "amount", ["0.0005", "0.0010000000000000000000000000001", "1e-999999", "1e999999"]
)
def test_scaling_never_rounds(amount: str) -> None:
    """An amount between two thousandths, or too large, is refused and not rounded."""
    with pytest.raises(InvalidInputError):
        to_milliunits(Decimal(amount))


def test_the_error_names_the_field_it_was_given() -> None:
    """A form with a limit and an amount marks the right one."""
    with pytest.raises(InvalidInputError) as caught:
        parse_amount("x", 2, "limit")
    assert caught.value.field == "limit"


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [
        ("EUR", 2),
        ("USD", 2),
        ("HUF", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("ISK", 0),
        ("CLP", 0),
        ("KWD", 3),
        ("BHD", 3),
        ("TND", 3),
    ],
)
def test_decimals_of_currencies(currency: str, decimals: int) -> None:
    """Yen have no cents, dinars have a thousand fils."""
    assert currency_decimals(currency) == decimals
