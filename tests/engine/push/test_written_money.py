"""Written money: what people, templates and number fields write, or a refusal."""

from decimal import Decimal
from itertools import product
import re
from typing import Self

from hypothesis import example, given, strategies as st
import pytest

from custom_components.budgero.engine.push import written_money
from custom_components.budgero.engine.push.currencies import currency_decimals, marks_of
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError
from custom_components.budgero.engine.push.money import (
    MAX_MILLIUNITS,
    from_milliunits,
    to_milliunits,
)
from custom_components.budgero.engine.push.written_money import (
    MAX_WRITTEN,
    parse_amount,
    parse_flow,
)

from .attempts import attempt
from .written import BLANKS, meanings

HUNDRED_THOUSAND = 100_000_000  # in milliunits
MAX_EXACT = 2**42 * 1000
"""Milliunits up to which every thousandth survives as a float."""

everyday = st.integers(1, HUNDRED_THOUSAND)
any_amount = st.integers(1, MAX_EXACT)
BY_DECIMALS = {0: "JPY", 2: "EUR", 3: "KWD"}
currencies = st.sampled_from(list(BY_DECIMALS.values()))
ALL_CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "HUF",
    "PLN",
    "CZK",
    "INR",
    "THB",
    "BRL",
    "CHF",
    "SEK",
    "NOK",
    "ISK",
    "JPY",
    "KRW",
    "VND",
    "CLP",
    "KWD",
    "TND",
    "CAD",
    "MXN",
    "IDR",
)


def _reading(value: object, currency: str) -> Decimal | str:
    outcome = attempt(parse_amount, value, currency)
    return outcome.problem if isinstance(outcome, InvalidInputError) else outcome


def _refusal(value: object, currency: str = "EUR") -> InputProblem:
    with pytest.raises(InvalidInputError) as caught:
        parse_amount(value, currency)
    assert caught.value.field == "amount"
    return caught.value.problem


# The table of written money


@pytest.mark.parametrize(
    ("currency", "text", "amount"),
    [
        ("EUR", "12", "12"),
        ("EUR", "007", "7"),
        ("EUR", "12.5", "12.5"),
        ("EUR", "12,50", "12.5"),
        ("EUR", "93.39999999999999", "93.4"),
        ("EUR", "0.7999999999999999", "0.8"),
        ("EUR", "0.500", "0.5"),
        ("EUR", "0,500", "0.5"),
        ("EUR", "1234.500", "1234.5"),
        ("EUR", "1'234", "1234"),
        ("CHF", "1\u2019234.50", "1234.5"),
        ("CHF", "CHF 1'234'567.05", "1234567.05"),
        ("CHF", "12.50 Fr.", "12.5"),
        ("EUR", "1 200", "1200"),
        ("EUR", "1\u00a0200,50", "1200.5"),
        ("EUR", "1\u202f200,50\u00a0\u20ac", "1200.5"),
        ("EUR", "1\u2009200", "1200"),
        ("EUR", "1.234.567", "1234567"),
        ("EUR", "1,234,567", "1234567"),
        ("EUR", "1.234,5", "1234.5"),
        ("EUR", "12.345,67 €", "12345.67"),
        ("EUR", "€1,234.56", "1234.56"),
        ("EUR", "€ 12", "12"),
        ("EUR", "12€", "12"),
        ("EUR", "12,50 EUR", "12.5"),
        ("EUR", "eur12.50", "12.5"),
        ("EUR", "12 Euro", "12"),
        ("USD", "$1,234.56", "1234.56"),
        ("USD", "US$12", "12"),
        ("USD", "12 dollars", "12"),
        ("CAD", "$12", "12"),
        ("CAD", "CA$12", "12"),
        ("GBP", "£9.99", "9.99"),
        ("HUF", "12 500 Ft", "12500"),
        ("PLN", "1 234,50 zł", "1234.5"),
        ("CZK", "99 Kč", "99"),
        ("INR", "₹1,234.50", "1234.5"),
        ("INR", "Rs.500", "500"),
        ("THB", "฿120", "120"),
        ("VND", "12.500 ₫", "12500"),
        ("VND", "12.500đ", "12500"),
        ("BRL", "R$ 1.234,56", "1234.56"),
        ("SEK", "1 234:- kr".replace(":-", ""), "1234"),
        ("SEK", "kr 12,50", "12.5"),
        ("DKK", "12,50 kr.", "12.5"),
        ("JPY", "¥1,200", "1200"),
        ("JPY", "1.200 yen", "1200"),
        ("JPY", "￥1,234,567", "1234567"),
        ("JPY", "1200.000", "1200"),
        ("JPY", "1,200.00", "1200"),
        ("KWD", "1.234", "1.234"),
        ("KWD", "KD 12.345", "12.345"),
        ("KWD", "1,234.500", "1234.5"),
        ("ISK", "12.500 kr", "12500"),
    ],
)
def test_what_people_write(currency: str, text: str, amount: str) -> None:
    """As they write it in their own countries."""
    assert parse_amount(text, currency) == Decimal(amount)


@pytest.mark.parametrize(
    ("currency", "text", "problem"),
    [
        *(("EUR", text, InputProblem.AMBIGUOUS) for text in ("1,234", "1.234")),
        ("USD", "$1,234", InputProblem.AMBIGUOUS),
        ("EUR", "1.000", InputProblem.AMBIGUOUS),
        ("HUF", "12.500 Ft", InputProblem.AMBIGUOUS),
        ("KWD", "1,234", InputProblem.AMBIGUOUS),
        ("KWD", "KD 1,234", InputProblem.AMBIGUOUS),
        ("JPY", "1,200", InputProblem.AMBIGUOUS),
        ("JPY", "1.000", InputProblem.AMBIGUOUS),
        *(
            ("EUR", text, InputProblem.NOT_A_NUMBER)
            for text in (
                "12,5,0",
                "12 50",
                "12'50",
                "1 234'567",
                "12€50",
                "Total: 12.50",
                "+5",
                "(5)",
                "1k",
                "50 ct",
                "½",
                "12.",
                ".5",
                "1 2",
                "12..5",
                "€12 EUR",
                "€€12",
                "12 € 50",
                "12-50",
                "--5",
                "- 5 -",
                "€",
                "1  200",
                "1 200\u00a0000",
                "01.234.567",
                "0 200",
                "1.234.56",
                "12\t€",
                "12\n€",
                "1\t200",
                "12 €\x00",
                "12.50 €/h",
                "12 BTC",
            )
        ),
        *(
            ("EUR", text, InputProblem.NOT_POSITIVE)
            for text in (
                "-12,50",
                "\u221212,50",
                "- 5",
                "5-",
                "5 \u2212",
                "-€5",
                "€-5",
                "€ - 5",
                "5-€",
                "5 € -",
                "-1,234",
                "-$5",
                "-0",
                "0",
                "0,00",
                "€0",
                "0.0000000001",
            )
        ),
        *(
            ("EUR", text, InputProblem.OTHER_CURRENCY)
            for text in ("$5", "5 USD", "12 kr", "¥1,200", "£1,234", "5 francs")
        ),
        ("USD", "CA$5", InputProblem.OTHER_CURRENCY),
        ("BRL", "$5", InputProblem.OTHER_CURRENCY),
        ("CNY", "JP¥5", InputProblem.OTHER_CURRENCY),
        ("EUR", "12,345.678", InputProblem.TOO_PRECISE),
        ("EUR", "1 200,5000000001", InputProblem.TOO_PRECISE),
        ("EUR", "12.5051", InputProblem.TOO_PRECISE),
        ("EUR", "12.50000001", InputProblem.TOO_PRECISE),
        ("JPY", "12.5", InputProblem.TOO_PRECISE),
        ("JPY", "0.500", InputProblem.TOO_PRECISE),
        ("KWD", "1.2345", InputProblem.TOO_PRECISE),
        ("EUR", "9" * MAX_WRITTEN, InputProblem.TOO_LARGE),
        ("EUR", "9 007 199 254 741", InputProblem.TOO_LARGE),
        ("EUR", "1" + "0" * MAX_WRITTEN, InputProblem.NOT_A_NUMBER),
    ],
)
def test_what_is_not_taken(currency: str, text: str, problem: InputProblem) -> None:
    """What is no amount, what is none to book, and what nobody can tell."""
    assert _refusal(text, currency) is problem


# Numbers, and round trips of texts


def test_every_thousandth_up_to_a_hundred_survives() -> None:
    """2.05 is 2.05 and never 2.04, whichever way it was written."""
    for milliunits in range(1, 100_001):
        amount = Decimal(milliunits).scaleb(-3)
        assert to_milliunits(parse_amount(amount, "KWD")) == milliunits
        assert to_milliunits(parse_amount(float(amount), "KWD")) == milliunits


@given(any_amount)
@example(1)
@example(2050)
@example(MAX_EXACT)
def test_decimals_survive(milliunits: int) -> None:
    """Every thousandth comes through."""
    amount = from_milliunits(milliunits)
    assert to_milliunits(parse_amount(amount, "KWD")) == milliunits


@given(everyday)
def test_floats_survive(milliunits: int) -> None:
    """Number fields of Home Assistant hand over floats."""
    assert to_milliunits(parse_amount(milliunits / 1000, "KWD")) == milliunits


@given(everyday, st.floats(-9e-10, 9e-10))
@example(300, 4e-17)
def test_noise_of_floats_goes(milliunits: int, noise: float) -> None:
    """A template's 0.1 + 0.2 is 0.3, as a number and as its text."""
    noisy = milliunits / 1000 + noise
    parsed = parse_amount(noisy, "KWD")
    assert parsed == from_milliunits(milliunits)
    if "e" not in repr(noisy):
        assert parse_amount(repr(noisy), "KWD") == parsed


@given(everyday, st.floats(2e-6, 4e-4))
def test_real_digits_of_floats_do_not_go(milliunits: int, more: float) -> None:
    """A price of a third is not quietly rounded to a thousandth."""
    price = milliunits / 1000 + more
    assert _refusal(price, "KWD") is InputProblem.TOO_PRECISE
    if "e" not in repr(price):
        assert _refusal(repr(price), "KWD") is InputProblem.TOO_PRECISE


@given(any_amount, currencies)
def test_no_more_decimals_than_the_currency_has(milliunits: int, currency: str) -> None:
    """There is no half yen and no tenth of a cent; and nothing is rounded."""
    amount = from_milliunits(milliunits)
    if milliunits % 10 ** (3 - currency_decimals(currency)):
        assert _refusal(amount, currency) is InputProblem.TOO_PRECISE
    else:
        assert parse_amount(amount, currency) == amount


@given(st.integers(1, MAX_MILLIUNITS // 1000), currencies)
def test_whole_units_are_units(units: int, currency: str) -> None:
    """100 yen are 100 yen: the currency's decimals never scale the amount."""
    assert to_milliunits(parse_amount(units, currency)) == units * 1000
    assert to_milliunits(parse_amount(str(units), currency)) == units * 1000


@given(data=st.data())
@pytest.mark.parametrize("currency", ALL_CURRENCIES)
def test_round_trips_in_every_currency(currency: str, data: st.DataObject) -> None:
    """Grouped or not, with each mark on either side: it is the amount, or refused."""
    decimals = currency_decimals(currency)
    amount = Decimal(data.draw(st.integers(1, 10**12))).scaleb(-decimals)
    point = data.draw(st.sampled_from(".,"))
    separators = [sign for sign in f"'\u2019{BLANKS}.," if sign != point]
    separator = data.draw(st.sampled_from(["", *separators]))
    mark = data.draw(st.sampled_from(("", *marks_of(currency))))
    blank = data.draw(st.sampled_from(("", *BLANKS)))
    grouped = f"{amount:,.{decimals}f}".partition(".")
    whole = grouped[0].replace(",", separator)
    number = f"{whole}{point}{grouped[2]}" if decimals else whole
    written = data.draw(
        st.sampled_from([f"{mark}{blank}{number}", f"{number}{blank}{mark}", number])
    )
    once = re.fullmatch(r"[1-9][0-9]{0,2}[.,][0-9]{3}", number) is not None
    expected: Decimal | str = amount
    if (once and (decimals, mark in written and mark != "") == (0, False)) or (
        once and decimals == 3 and point == ","
    ):
        expected = "ambiguous"
    assert _reading(written, currency) == expected


@pytest.mark.parametrize(
    ("value", "currency", "problem"),
    [
        (True, "EUR", InputProblem.NOT_A_NUMBER),
        (False, "EUR", InputProblem.NOT_A_NUMBER),
        (None, "EUR", InputProblem.NOT_A_NUMBER),
        (b"12", "EUR", InputProblem.NOT_A_NUMBER),
        ((12, 50), "EUR", InputProblem.NOT_A_NUMBER),
        ([12.5], "EUR", InputProblem.NOT_A_NUMBER),
        (12 + 0j, "EUR", InputProblem.NOT_A_NUMBER),
        (float("nan"), "EUR", InputProblem.NOT_A_NUMBER),
        (float("inf"), "EUR", InputProblem.NOT_A_NUMBER),
        (float("-inf"), "EUR", InputProblem.NOT_A_NUMBER),
        (Decimal("NaN"), "EUR", InputProblem.NOT_A_NUMBER),
        (Decimal("sNaN"), "EUR", InputProblem.NOT_A_NUMBER),
        (Decimal("Infinity"), "EUR", InputProblem.NOT_A_NUMBER),
        (0, "EUR", InputProblem.NOT_POSITIVE),
        (-0.0, "EUR", InputProblem.NOT_POSITIVE),
        (-3, "EUR", InputProblem.NOT_POSITIVE),
        (-3.5, "EUR", InputProblem.NOT_POSITIVE),
        (Decimal("-0.01"), "EUR", InputProblem.NOT_POSITIVE),
        (1e-12, "EUR", InputProblem.NOT_POSITIVE),
        (0.0004, "EUR", InputProblem.TOO_PRECISE),
        (0.005, "EUR", InputProblem.TOO_PRECISE),
        (Decimal("1e-999999"), "KWD", InputProblem.TOO_PRECISE),
        (Decimal("0.0010000000000000000000000000001"), "KWD", InputProblem.TOO_PRECISE),
        (1e300, "EUR", InputProblem.TOO_LARGE),
        (10**400, "EUR", InputProblem.TOO_LARGE),
        (Decimal("1e999999"), "EUR", InputProblem.TOO_LARGE),
        (Decimal("9007199254740.992"), "KWD", InputProblem.TOO_LARGE),
        (Decimal("8999999999999.03"), "EUR", InputProblem.TOO_LARGE),
    ],
)
def test_values_that_are_refused(
    value: object, currency: str, problem: InputProblem
) -> None:
    """Nothing is guessed: the caller hears what is wrong with the amount."""
    assert _refusal(value, currency) is problem


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "12\u00a050",
        "1e3",
        "0x10",
        "1_000",
        "\u0661\u0662",
        "\uff11",
        "12.5\u0665",
        "\u200b12",
        "12\u200b",
        "\u202d12",
        "twelve",
        "the row",
        "None",
        "unknown",
        "(12, 50)",
        "[12]",
        "12;50",
        "12/50",
        "1.2.3",
        "1.,5",
        "12 \u20ac 50",
        "5\u00b2",
        "\u0967",
        "1\u066b5",
        "\uff0d5",
        "\u20135",
    ],
)
def test_text_that_is_no_amount(text: str) -> None:
    """What was misheard or badly templated is refused, never booked as something."""
    assert _refusal(text) is InputProblem.NOT_A_NUMBER


def test_numbers_are_measured_before_they_are_converted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Converting one of 600,000 digits takes seconds."""

    class OnlyShort(Decimal):
        """A decimal that is made of short numbers only."""

        def __new__(cls, value: int | str) -> Self:
            """Refuse what nobody measured."""
            assert not isinstance(value, int) or value.bit_length() <= 64
            return super().__new__(cls, value)

    monkeypatch.setattr(written_money, "Decimal", OnlyShort)
    assert parse_amount(12, "EUR") == 12
    for number in (1 << 64, -(1 << 64), 1 << 2_400_000):
        with pytest.raises(InvalidInputError):
            parse_amount(number, "EUR")


def test_what_is_far_too_long() -> None:
    """It is refused before it is converted, which would take seconds or fail."""
    assert _refusal(1 << 2_400_000) is InputProblem.TOO_LARGE
    assert _refusal(-(1 << 2_400_000)) is InputProblem.NOT_POSITIVE
    for text in ("9", "1,", "1 ", "-", "$", "1'", "\u00a0"):
        long = text * 300_000
        assert _refusal(long) is InputProblem.NOT_A_NUMBER
        assert _refusal(f"1{long}1") is InputProblem.NOT_A_NUMBER


@given(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.decimals()))
@example(Decimal("1e999999999"))
@example(Decimal("-1e999999999"))
@example("1." + "0" * 5000)
def test_an_amount_or_a_refusal(value: object) -> None:
    """Whatever comes in, out comes a positive amount in cents, or the one error."""
    amount = attempt(parse_amount, value, "EUR")
    if isinstance(amount, InvalidInputError):
        assert amount.field == "amount"
    else:
        assert 0 < to_milliunits(amount) <= MAX_MILLIUNITS
        assert to_milliunits(amount) % 10 == 0


def test_the_error_names_the_field_it_was_given() -> None:
    """A form with a limit and an amount marks the right one."""
    for parse in (parse_amount, parse_flow):
        with pytest.raises(InvalidInputError) as caught:
            parse("x", "EUR", "limit")
        assert caught.value.field == "limit"


def test_a_flow_may_be_zero() -> None:
    """Budgero's own documentation writes both."""
    for zero in (0, 0.0, -0.0, "0", "0.00", "0,00 €", Decimal(0), 1e-12):
        assert parse_flow(zero, "EUR", "inflow") == 0


# No accepted text has two readings


@pytest.mark.parametrize(
    ("currency", "alphabet", "length", "own", "foreign"),
    [
        ("EUR", "01.,", 9, "", ""),
        ("JPY", "01.,", 8, "", ""),
        ("KWD", "01.,", 8, "", ""),
        ("EUR", "10.,'", 6, "€", "$"),
        ("EUR", "1, -", 6, "€", "$"),
        ("JPY", "1,\u2009\u2212", 7, "¥", "€"),
        ("KWD", "1. -", 7, "KD", "¥"),
        ("SEK", "1. -", 8, "kr.", "kč"),
        ("EUR", "1 \u00a0\u2009\u202f", 5, "€", ""),
        ("CHF", "012'\u2019", 6, "", "€"),
    ],
)
def test_every_short_text_has_at_most_one_reading(
    currency: str, alphabet: str, length: int, own: str, foreign: str
) -> None:
    """All of them are read as the table says; what no row writes is no amount."""
    known = meanings(alphabet, length, currency_decimals(currency), own, foreign)
    signs = [sign for sign in (*alphabet, own, foreign) if sign]
    for size in range(1, length + 1):
        for written in product(signs, repeat=size):
            text = "".join(written)
            if len(text) > length:
                continue
            found = known.get(text, [("none", "not_a_number")])
            assert len(found) == 1, text
            assert _reading(text, currency) == found[0][1], text


@pytest.mark.parametrize("currency", ["EUR", "JPY", "KWD"])
@pytest.mark.parametrize(
    ("alphabet", "length"), [("1.,", 12), ("1' .", 12), ("01.,", 10), ("12,\u202f", 9)]
)
def test_no_longer_number_has_two_readings(
    currency: str, alphabet: str, length: int
) -> None:
    """Nor is one that a row of the table writes read otherwise."""
    for text, found in meanings(alphabet, length, currency_decimals(currency)).items():
        assert len(found) == 1, text
        assert _reading(text, currency) == found[0][1], text
