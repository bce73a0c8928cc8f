"""JavaScript's conversions, compared with what a JavaScript engine answers."""

import math

import pytest

from tests.budgero_server import javascript
from tests.budgero_server.javascript import Json


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (None, 0.0),
        (False, 0.0),
        ("\n12.5 ", 12.5),
        (".5e1", 5.0),
        ("5.", 5.0),
        ("-Infinity", -math.inf),
        ("0X1f", 31.0),
        ("0b101", 5.0),
        ("0o17", 15.0),
        ([[7.0]], 7.0),
        ([None], 0.0),
    ],
)
def test_number(value: Json, number: float) -> None:
    """Number(value), where it is one."""
    assert javascript.number(value) == number


@pytest.mark.parametrize(
    "value",
    [
        "1_0",
        "0x",
        "0xg",
        "0x1_0",
        "0x-1",
        "-0x1",
        "nan",
        "inf",
        "e5",
        ".",
        "1 2",
        "\u0661",
        {},
    ],
)
def test_not_a_number(value: Json) -> None:
    """Number(value), where it is NaN."""
    assert math.isnan(javascript.number(value))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (-0.0, "0"),
        (1e20, "100000000000000000000"),
        (1e21, "1e+21"),
        (0.00001, "0.00001"),
        (1.5e-7, "1.5e-7"),
        (-math.inf, "-Infinity"),
        ([1.0, None, ["a", {}]], "1,,a,[object Object]"),
    ],
)
def test_text(value: Json, text: str) -> None:
    """String(value)."""
    assert javascript.text(value) == text


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (0.5, 1.0),
        (-0.5, 0.0),
        (-1.5, -1.0),
        (2.5, 3.0),
        (0.49999999999999994, 0.0),
        (math.inf, math.inf),
    ],
)
def test_round(value: float, rounded: float) -> None:
    """Math.round(value)."""
    assert javascript.round_half_up(value) == rounded


@pytest.mark.parametrize(
    ("text", "data"),
    [("", b""), (" Y Q = =\n", b"a"), ("YQ", b"a"), ("YWI=", b"ab"), ("YR==", b"a")],
)
def test_atob(text: str, data: bytes) -> None:
    """atob(text), where it decodes."""
    assert javascript.atob(text) == data


@pytest.mark.parametrize(
    "text", ["Y", "YQ=", "YQ===", "YWI==", "=", "Y-Q=", "YQ==YQ==", "é"]
)
def test_not_base64(text: str) -> None:
    """atob(text), where it throws."""
    with pytest.raises(ValueError):
        javascript.atob(text)
