"""Divided and cleared transactions as somebody asks for them."""

from datetime import UTC, datetime
from decimal import Decimal
import json
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.draft import Defaults, Draft, Resolved, resolve
from custom_components.budgero.engine.push import Split
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError

from .named import NO_NAMES
from .push.attempts import attempt, refusal

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DEFAULTS = Defaults(account=1, category=5, budget=1, currency="EUR")
LINES: list[dict[str, object]] = [
    {"amount": "8,50", "category": 2, "memo": " milk ", "payee": "Stall"},
    {"amount": 4, "transfer_account": "3"},
]


def _resolve(**said: Any) -> Resolved:
    return resolve(Draft(**said), DEFAULTS, NO_NAMES, NOW)


def test_lines_are_read_like_everything_else() -> None:
    """Amounts as people write them, ids as text, blanks go."""
    transaction = _resolve(amount=12.5, splits=LINES).transaction
    assert transaction.splits == (
        Split(amount=Decimal("8.50"), category=2, memo="milk", payee="Stall"),
        Split(amount=Decimal(4), transfer_account=3),
    )


def test_lines_take_the_place_of_the_default_category() -> None:
    """Every line has its own."""
    assert _resolve(amount=12.5, splits=LINES).transaction.category is None


def test_a_tuple_and_empty_fields_will_do() -> None:
    """As templates and forms give them."""
    lines = [{**line, "payee": "", "memo": None} for line in LINES]
    lines[0]["transfer_account"] = ""
    transaction = _resolve(amount=12.5, splits=tuple(lines)).transaction
    assert [split.payee for split in transaction.splits] == [None, None]


def test_a_line_whose_texts_have_no_value() -> None:
    """They count as not given."""
    lines = [{**line, "payee": "unknown", "memo": "None"} for line in LINES]
    splits = _resolve(amount=12.5, splits=lines).transaction.splits
    assert {(split.payee, split.memo) for split in splits} == {(None, "")}


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_no_lines(nothing: object) -> None:
    """An empty field of a form is as good as an absent one."""
    assert _resolve(amount=1, splits=nothing) == _resolve(amount=1)


@pytest.mark.parametrize(
    ("lines", "field", "problem"),
    [
        ("8.50", "splits", InputProblem.NOT_SPLITS),
        (7, "splits", InputProblem.NOT_SPLITS),
        ({}, "splits", InputProblem.NOT_SPLITS),
        ([], "splits", InputProblem.NOT_SPLITS),
        (LINES[:1], "splits", InputProblem.NOT_SPLITS),
        (LINES[:1] * 51, "splits", InputProblem.NOT_SPLITS),
        (["a", "b"], "splits line 1", InputProblem.NOT_SPLITS),
        ([LINES[0], {}], "splits line 2", InputProblem.NOT_SPLITS),
        ([LINES[0], {"amount": 4}], "splits line 2", InputProblem.NOT_SPLITS),
        ([LINES[0], {"category": 4}], "splits line 2", InputProblem.NOT_SPLITS),
        (
            [LINES[0], {**LINES[1], "category": 4}],
            "splits line 2",
            InputProblem.NOT_SPLITS,
        ),
        (
            [LINES[0], {**LINES[1], "colour": 4}],
            "splits line 2",
            InputProblem.NOT_SPLITS,
        ),
        (
            [LINES[0], {**LINES[1], "amount": "x"}],
            "splits line 2 amount",
            InputProblem.NOT_A_NUMBER,
        ),
        (
            [LINES[0], {**LINES[1], "amount": -4}],
            "splits line 2 amount",
            InputProblem.NOT_POSITIVE,
        ),
        (
            [LINES[0], {**LINES[1], "transfer_account": "x"}],
            "splits line 2 transfer_account",
            InputProblem.NOT_AN_ID,
        ),
        (
            [{**LINES[0], "category": 0}, LINES[1]],
            "splits line 1 category",
            InputProblem.NOT_AN_ID,
        ),
        (
            [LINES[0], {**LINES[1], "memo": "x" * 2001}],
            "splits line 2 memo",
            InputProblem.TOO_LONG,
        ),
        (
            [LINES[0], {**LINES[1], "payee": ["x"]}],
            "splits line 2 payee",
            InputProblem.NOT_TEXT,
        ),
        ("unknown", "splits", InputProblem.NO_VALUE),
        ("{{ lines }}", "splits", InputProblem.NOT_RENDERED),
        (
            [LINES[0], {**LINES[1], "amount": "unavailable"}],
            "splits line 2 amount",
            InputProblem.NO_VALUE,
        ),
        (
            [{**LINES[0], "category": "None"}, LINES[1]],
            "splits line 1 category",
            InputProblem.NO_VALUE,
        ),
        (
            [LINES[0], {**LINES[1], "transfer_account": float("nan")}],
            "splits line 2 transfer_account",
            InputProblem.NO_VALUE,
        ),
        (
            [LINES[0], {**LINES[1], "amount": "4 USD"}],
            "splits line 2 amount",
            InputProblem.OTHER_CURRENCY,
        ),
        (
            [LINES[0], {**LINES[1], "memo": "{{ x }}"}],
            "splits line 2 memo",
            InputProblem.NOT_RENDERED,
        ),
        (
            [LINES[0], {**LINES[1], "amount": 4.01}],
            "splits",
            InputProblem.DOES_NOT_ADD_UP,
        ),
    ],
)
def test_refused_lines(lines: object, field: str, problem: InputProblem) -> None:
    """The error names the line, counted from one."""
    assert refusal(_resolve, amount=12.5, splits=lines) == (field, problem)


def test_a_category_beside_the_lines() -> None:
    """What contradicts them is refused."""
    assert refusal(_resolve, amount=12.5, splits=LINES, category=5) == (
        "category",
        InputProblem.NOT_WITH_SPLITS,
    )


@pytest.mark.parametrize(
    ("said", "cleared"),
    [(None, False), ("", False), (False, False), ("no", False), (True, True)],
)
def test_cleared(said: object, cleared: bool) -> None:
    """It is not, unless somebody says so."""
    assert _resolve(amount=1, cleared=said).transaction.cleared is cleared


def test_what_was_given_stays_as_it_was_without_them() -> None:
    """A repeated call of before an update of this integration is known again."""
    given = _resolve(amount=1, cleared=False).given
    assert json.loads(given).keys() == {
        *("direction", "milliunits", "date", "payee", "memo", "transfer_id"),
        *("account", "category", "budget"),
    }


def test_what_was_given_includes_them() -> None:
    """Other lines, or another word on cleared, are other content."""
    plain = _resolve(amount=12.5)
    divided = _resolve(amount=12.5, splits=LINES)
    turned = _resolve(amount=12.5, splits=LINES[::-1])
    cleared = _resolve(amount=12.5, cleared=True)
    assert len({each.given for each in (plain, divided, turned, cleared)}) == 4
    rewritten = [{**LINES[0], "amount": 8.5, "category": "2"}, LINES[1]]
    assert _resolve(amount=12.5, splits=rewritten).given == divided.given


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["amount", "category", "memo", "x"]), inner, max_size=3
            )
        ),
        max_leaves=12,
    )
)
def test_anything_else_is_refused_by_name(lines: object) -> None:
    """Whatever a template gives, it is read, or refused with the field."""
    splits = attempt(lambda: _resolve(amount=12.5, splits=lines).transaction.splits)
    if isinstance(splits, InvalidInputError):
        assert splits.field.startswith("splits")
    else:
        assert splits == ()
