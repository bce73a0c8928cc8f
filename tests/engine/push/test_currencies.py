"""The currencies: their decimals, and what people write for them."""

import pytest

from custom_components.budgero.engine.push.currencies import (
    currencies_with,
    currency_decimals,
    marks_of,
)


@pytest.mark.parametrize(
    ("decimals", "currencies"),
    [
        (0, "JPY KRW ISK CLP VND XPF"),
        (2, "EUR USD HUF PLN CZK INR THB BRL CHF SEK IDR"),
        (3, "KWD BHD TND OMR JOD IQD LYD"),
    ],
)
def test_decimals_of_currencies(decimals: int, currencies: str) -> None:
    """Yen have no cents, dinars have a thousand fils."""
    for currency in currencies.split():
        assert currency_decimals(currency) == decimals


@pytest.mark.parametrize(
    ("mark", "currencies"),
    [
        ("$", "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP"),
        ("kr", "SEK NOK DKK ISK"),
        ("kr.", "SEK NOK DKK ISK"),
        ("Rs", "INR PKR LKR NPR"),
        ("£", "GBP EGP"),
        ("dollars", "USD CAD AUD NZD HKD SGD"),
        ("Peso", "MXN ARS CLP COP PHP"),
        ("pounds", "GBP EGP"),
        ("franc", "CHF XOF"),
        ("Kronor", "SEK"),
        ("rupees", "INR PKR LKR NPR"),
        ("dinar", "KWD RSD TND"),
    ],
)
def test_marks_of_several_currencies(mark: str, currencies: str) -> None:
    """A shared sign or name is right for each of them, and for no Euro."""
    assert currencies_with(mark) >= set(currencies.split())
    assert "EUR" not in currencies_with(mark)


@pytest.mark.parametrize(
    ("mark", "currencies"),
    [
        ("US$", "USD"),
        ("CA$", "CAD"),
        ("A$", "AUD"),
        ("NZ$", "NZD"),
        ("HK$", "HKD"),
        ("NT$", "TWD"),
        ("R$", "BRL"),
        ("CN¥", "CNY"),
        ("JP¥", "JPY"),
        ("¥", "JPY CNY"),
        ("￥", "JPY CNY"),
        ("€", "EUR"),
        ("euros", "EUR"),
        ("ft", "HUF"),
        ("forint", "HUF"),
        ("ZŁ", "PLN"),
        ("zl", "PLN"),
        ("Kč", "CZK"),
        ("₹", "INR"),
        ("฿", "THB"),
        ("baht", "THB"),
        ("₫", "VND"),
        ("đ", "VND"),
        ("reais", "BRL"),
        ("Fr.", "CHF"),
        ("円", "JPY"),
        ("KD", "KWD"),
        ("pln", "PLN"),
        ("Usd", "USD"),
    ],
)
def test_marks_of_exactly_these(mark: str, currencies: str) -> None:
    """In any case."""
    assert currencies_with(mark) == set(currencies.split())


@pytest.mark.parametrize(
    "mark",
    [
        "",
        "k",
        "K",
        "M",
        "mn",
        "m",
        "T",
        "Tsd",
        "lakh",
        "crore",
        "rb",
        "x",
        "%",
        "c",
        "ct",
        "cent",
        "cents",
        "p",
        "pence",
        "øre",
        "toman",
        "sen",
        "fils",
        "/-",
        "/=",
        ":-",
        "+",
        "about",
        "Total:",
        "Budgero",
        "BTC",
        "$$",
    ],
)
def test_what_is_no_mark(mark: str) -> None:
    """Least of all what multiplies or divides the number beside it."""
    assert not currencies_with(mark)


def test_no_mark_can_be_taken_for_a_part_of_a_number() -> None:
    """So the first and the last digit of a text are those of its number."""
    for currency in currencies_with("$") | currencies_with("kr") | {"ILS", "UZS"}:
        for mark in marks_of(currency):
            assert not any(sign.isdigit() or sign in "-\u2212+" for sign in mark)
            assert mark == mark.strip()
