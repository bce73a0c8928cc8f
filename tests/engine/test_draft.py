"""A draft becomes a transaction, or is refused with the field that was wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.draft import Defaults, Draft, Resolved, resolve
from custom_components.budgero.engine.names import NameIndex
from custom_components.budgero.engine.push import Direction, Transaction
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError

from .named import NAMES, NO_NAMES
from .push.attempts import refusal

TODAY = date(2026, 5, 4)
NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DEFAULTS = Defaults(account=1, category=5, budget=1, currency="EUR")
NO_DEFAULTS = Defaults(account=None, category=None, budget=None, currency="EUR")

MISSING = InputProblem.MISSING
NOT_A_NUMBER = InputProblem.NOT_A_NUMBER
NOT_POSITIVE = InputProblem.NOT_POSITIVE
TOO_PRECISE = InputProblem.TOO_PRECISE
TOO_LARGE = InputProblem.TOO_LARGE
AMBIGUOUS = InputProblem.AMBIGUOUS
OTHER_CURRENCY = InputProblem.OTHER_CURRENCY
NO_VALUE = InputProblem.NO_VALUE
NOT_RENDERED = InputProblem.NOT_RENDERED
NOT_A_DATE = InputProblem.NOT_A_DATE
DATE_OUT_OF_RANGE = InputProblem.DATE_OUT_OF_RANGE
NOT_AN_ID = InputProblem.NOT_AN_ID
NOT_TEXT = InputProblem.NOT_TEXT
TOO_LONG = InputProblem.TOO_LONG
BAD_CHARACTERS = InputProblem.BAD_CHARACTERS
ONE_WAY_ONLY = InputProblem.ONE_WAY_ONLY
UNKNOWN_CHOICE = InputProblem.UNKNOWN_CHOICE


def _resolve(defaults: Defaults = DEFAULTS, /, **said: Any) -> Resolved:
    return resolve(Draft(**said), defaults, NO_NAMES, NOW)


def _given(**said: Any) -> bytes:
    return _resolve(**said).given


# What is taken


def test_a_draft_that_says_only_how_much() -> None:
    """Everything else comes from the defaults; it is an expense of today."""
    resolved = _resolve(amount="12,50")
    assert resolved.transaction == Transaction(
        account=1,
        category=5,
        budget=1,
        date=TODAY,
        amount=Decimal("12.50"),
        direction=Direction.EXPENSE,
        memo="",
        payee=None,
        transfer_id=None,
    )
    assert resolved.message_id is None


def test_a_draft_that_says_everything() -> None:
    """What was said goes before every default; blanks around it go."""
    resolved = _resolve(
        amount=3,
        type="income",
        date="2026-02-28",
        payee=" Ann ",
        memo=" back ",
        account="2",
        category=6.0,
        budget=2,
        transfer_id="t-1",
        message_id="bank:2026.02-28_1",
    )
    assert resolved.transaction == Transaction(
        account=2,
        category=6,
        budget=2,
        date=date(2026, 2, 28),
        amount=Decimal(3),
        direction=Direction.INCOME,
        memo="back",
        payee="Ann",
        transfer_id="t-1",
    )
    assert resolved.message_id == "bank:2026.02-28_1"


@pytest.mark.parametrize("nothing", [None, "", "  "])
def test_nothing_said_is_nothing_said(nothing: str | None) -> None:
    """An empty field of a form or template is as good as an absent one."""
    names = set(Draft.__slots__) - {"amount"}
    assert _resolve(amount=1, **dict.fromkeys(names, nothing)) == _resolve(amount=1)


def test_uncategorised_is_allowed() -> None:
    """A category is the only id that nobody must name."""
    defaults = replace(DEFAULTS, category=None)
    assert _resolve(defaults, amount=1).transaction.category is None


@pytest.mark.parametrize(
    ("said", "direction"),
    [
        ({"amount": 1}, Direction.EXPENSE),
        ({"amount": 1, "type": "expense"}, Direction.EXPENSE),
        ({"amount": 1, "type": Direction.INCOME}, Direction.INCOME),
        ({"amount": 1, "type": " Expense "}, Direction.EXPENSE),
        ({"amount": 1, "type": "INCOME"}, Direction.INCOME),
        ({"inflow": 1, "type": "Income\n"}, Direction.INCOME),
        ({"amount": 1, "type": "income"}, Direction.INCOME),
        ({"outflow": 1}, Direction.EXPENSE),
        ({"inflow": 1}, Direction.INCOME),
        ({"outflow": 1, "type": "expense"}, Direction.EXPENSE),
        ({"inflow": 1, "type": "income"}, Direction.INCOME),
        ({"outflow": 1, "amount": "", "inflow": None}, Direction.EXPENSE),
    ],
)
def test_which_way_the_money_goes(
    said: dict[str, object], direction: Direction
) -> None:
    """In words of one's own, or in Budgero's."""
    transaction = _resolve(**said).transaction
    assert transaction.direction is direction
    assert transaction.amount == Decimal(1)


@pytest.mark.parametrize(
    ("amount", "exact"),
    [
        ("12,50", "12.50"),
        ("12.5", "12.5"),
        (" 7 ", "7"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (Decimal("0.01"), "0.01"),
        ("93.39999999999999", "93.4"),
        ("1.234,50", "1234.5"),
        ("€1,234.50", "1234.5"),
        ("12,50 EUR", "12.5"),
        (1234, "1234"),
    ],
)
def test_amounts_are_exact(amount: object, exact: str) -> None:
    """As text, number or decimal, with point or comma."""
    assert _resolve(amount=amount).transaction.amount == Decimal(exact)


@pytest.mark.parametrize(
    ("currency", "amount"), [("EUR", "1.25"), ("JPY", "125"), ("KWD", "1.250")]
)
def test_as_many_decimals_as_the_currency_has(currency: str, amount: str) -> None:
    """One more is refused."""
    defaults = replace(DEFAULTS, currency=currency)
    assert _resolve(defaults, amount=amount).transaction.amount == Decimal(amount)
    finer = Decimal(amount) + Decimal(f"1e-{len(amount.partition('.')[2]) + 1}")
    with pytest.raises(InvalidInputError) as refusal:
        _resolve(defaults, amount=finer)
    assert refusal.value.problem is TOO_PRECISE


@pytest.mark.parametrize(
    "day",
    [date(1970, 1, 1), date(2024, 2, 29), date(2031, 5, 4), TODAY],
)
def test_days_within_reason(day: date) -> None:
    """From 1970 to five years ahead, as a date or as text."""
    for said in (day, day.isoformat(), f" {day.isoformat()} "):
        assert _resolve(amount=1, date=said).transaction.date == day


# What is refused


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("amount", True, NOT_A_NUMBER),
        ("amount", False, NOT_A_NUMBER),
        ("amount", "twelve", NOT_A_NUMBER),
        ("amount", "12 50", NOT_A_NUMBER),
        ("amount", "1e3", NOT_A_NUMBER),
        ("amount", "+1", NOT_A_NUMBER),
        ("amount", "$5", OTHER_CURRENCY),
        ("amount", "١٢", NOT_A_NUMBER),
        ("amount", float("inf"), NOT_A_NUMBER),
        ("amount", Decimal("NaN"), NOT_A_NUMBER),
        ("amount", (12, 50), NOT_A_NUMBER),
        ("amount", [12.5], NOT_A_NUMBER),
        ("amount", {"value": 1}, NOT_A_NUMBER),
        ("amount", "1.234", AMBIGUOUS),
        ("amount", "1,234", AMBIGUOUS),
        ("amount", 0, NOT_POSITIVE),
        ("amount", "0,00", NOT_POSITIVE),
        ("amount", -1, NOT_POSITIVE),
        ("amount", "-12,50", NOT_POSITIVE),
        ("amount", -0.0, NOT_POSITIVE),
        ("amount", 12.505, TOO_PRECISE),
        ("amount", "12.5051", TOO_PRECISE),
        ("amount", 1e300, TOO_LARGE),
        ("amount", 2**53, TOO_LARGE),
        ("amount", 10**400, TOO_LARGE),
        ("amount", Decimal("9e999999"), TOO_LARGE),
        ("amount", Decimal("1e-999999"), TOO_PRECISE),
        ("outflow", (12, 50), NOT_A_NUMBER),
        ("inflow", True, NOT_A_NUMBER),
        ("outflow", "1.234", AMBIGUOUS),
        ("inflow", -1, NOT_POSITIVE),
        ("type", "transfer", UNKNOWN_CHOICE),
        ("type", False, UNKNOWN_CHOICE),
        ("type", 1, UNKNOWN_CHOICE),
        ("date", "yesterday", NOT_A_DATE),
        ("date", "04.05.2026", NOT_A_DATE),
        ("date", "2026-5-4", NOT_A_DATE),
        ("date", "20260504", NOT_A_DATE),
        ("date", "2026-W19-1", NOT_A_DATE),
        ("date", "2026-02-29", NOT_A_DATE),
        ("date", "2026-05-04T25:00:00", NOT_A_DATE),
        ("date", 20260504, NOT_A_DATE),
        ("date", (2026, 5, 4), NOT_A_DATE),
        ("date", "1969-12-31", DATE_OUT_OF_RANGE),
        ("date", "2131-05-05", DATE_OUT_OF_RANGE),
        ("payee", "x" * 201, TOO_LONG),
        ("payee", True, NOT_TEXT),
        ("payee", ("Ann", "Ben"), NOT_TEXT),
        ("payee", "Ann\x00", BAD_CHARACTERS),
        ("memo", "x" * 2001, TOO_LONG),
        ("memo", ["a"], NOT_TEXT),
        ("memo", "\ud800", BAD_CHARACTERS),
        ("transfer_id", "x" * 129, TOO_LONG),
        ("transfer_id", (1, 2), NOT_TEXT),
        ("account", 0, NOT_AN_ID),
        ("account", -1, NOT_AN_ID),
        ("account", 1.5, NOT_AN_ID),
        ("account", True, NOT_AN_ID),
        ("account", "Checking", NOT_AN_ID),
        ("account", (1, 2), NOT_AN_ID),
        ("account", 2**53, NOT_AN_ID),
        ("category", "0", NOT_AN_ID),
        ("category", False, NOT_AN_ID),
        ("budget", "1.0", NOT_AN_ID),
        ("budget", float("inf"), NOT_AN_ID),
        ("message_id", "two words", BAD_CHARACTERS),
        ("message_id", " m", BAD_CHARACTERS),
        ("message_id", "m\n", BAD_CHARACTERS),
        ("message_id", "naïve", BAD_CHARACTERS),
        ("message_id", "x" * 129, BAD_CHARACTERS),
        ("message_id", True, BAD_CHARACTERS),
        ("message_id", (1, 2), BAD_CHARACTERS),
    ],
)
def test_what_is_refused(field: str, value: object, problem: InputProblem) -> None:
    """The refusal names the field and the problem, and never the value."""
    way = {} if field in ("amount", "outflow", "inflow") else {"amount": 1}
    with pytest.raises(InvalidInputError) as refusal:
        _resolve(**way, **{field: value})
    assert (refusal.value.field, refusal.value.problem) == (field, problem)
    assert str(refusal.value) == f"{field}: {problem.replace('_', ' ')}"
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"amount": 1, "outflow": 1}, "outflow"),
        ({"amount": 1, "inflow": 0}, "inflow"),
        ({"amount": 0, "outflow": 1}, "outflow"),
        ({"outflow": 1, "inflow": 2}, "inflow"),
        ({"amount": 1, "outflow": 1, "inflow": 0}, "inflow"),
    ],
)
def test_exactly_one_way_to_say_how_much(said: dict[str, object], field: str) -> None:
    """Two ways may contradict each other; the error names one that was used."""
    assert refusal(_resolve, **said) == (field, ONE_WAY_ONLY)


ZEROS: tuple[object, ...] = (0, 0.0, -0.0, "0", "0.00", "0,00", " 0 €", Decimal(0))


@pytest.mark.parametrize("zero", ZEROS)
def test_a_zero_beside_a_positive_flow_counts_as_not_given(zero: object) -> None:
    """As Budgero's own documentation writes it."""
    assert _resolve(outflow=42.5, inflow=zero) == _resolve(outflow=42.5)
    assert _resolve(outflow=zero, inflow="42,50") == _resolve(inflow=42.5)
    kind = _resolve(outflow=zero, inflow=42.5, type="income")
    assert kind == _resolve(inflow=42.5)


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ({"outflow": 0, "inflow": 0}, "outflow", NOT_POSITIVE),
        ({"outflow": "0,00", "inflow": "0", "type": "income"}, "outflow", NOT_POSITIVE),
        ({"outflow": 0}, "outflow", NOT_POSITIVE),
        ({"inflow": "0.00", "outflow": ""}, "inflow", NOT_POSITIVE),
        ({"outflow": 42.5, "inflow": -1}, "inflow", NOT_POSITIVE),
        ({"outflow": "x", "inflow": 0}, "outflow", NOT_A_NUMBER),
        ({"outflow": 0, "inflow": "1,234"}, "inflow", AMBIGUOUS),
        ({"outflow": 0, "inflow": 5, "type": "expense"}, "type", ONE_WAY_ONLY),
    ],
)
def test_flows_that_are_refused(
    said: dict[str, object], field: str, problem: InputProblem
) -> None:
    """The error names the flow that is wrong."""
    assert refusal(_resolve, **said) == (field, problem)


@pytest.mark.parametrize(
    "said",
    [
        {"outflow": 1, "type": "income"},
        {"inflow": 1, "type": "expense"},
        {"inflow": 1, "type": "transfer"},
    ],
)
def test_a_type_that_contradicts(said: dict[str, object]) -> None:
    """Budgero's words say the direction already."""
    assert refusal(_resolve, **said) == ("type", ONE_WAY_ONLY)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "amount"),
        ({"amount": " "}, "amount"),
        ({"amount": 1}, "account"),
        ({"amount": 1, "account": 1}, "budget"),
        ({"amount": 1, "account": 1, "budget": ""}, "budget"),
        ({"amount": 1, "budget": 1}, "account"),
    ],
)
def test_what_must_be_said(said: dict[str, object], field: str) -> None:
    """Where no default says it."""
    assert refusal(_resolve, NO_DEFAULTS, **said) == (field, MISSING)


def test_a_draft_shows_nothing_private() -> None:
    """Neither it nor the transaction says in a log what was bought."""
    draft = Draft(amount="86.42", payee="canary", memo="canary", outflow=1, inflow=2)
    resolved = _resolve(amount="86.42", payee="canary", memo="canary")
    for shown in (repr(draft), repr(resolved.transaction)):
        assert "canary" not in shown
        assert "86.42" not in shown


# What has no value, and what nobody rendered


NO_VALUES: tuple[object, ...] = (
    *("unknown", "unavailable", "none", "None", "nan", " unknown\n"),
    *("Unknown", "UNAVAILABLE", "NaN", float("nan")),
)
SLOTS = sorted(set(Draft.__slots__) - {"preset"})  # which is read beforehand
FIELDS = sorted(set(SLOTS) - {"payee", "memo"})


@pytest.mark.parametrize("field", FIELDS)
def test_an_entity_without_a_value(field: str) -> None:
    """Above all in an id, which would make two different expenses one."""
    way = {} if field in ("amount", "outflow", "inflow") else {"amount": 1}
    for nothing in NO_VALUES:
        assert refusal(_resolve, **way, **{field: nothing}) == (field, NO_VALUE)


@pytest.mark.parametrize("field", ["payee", "memo"])
def test_a_text_without_a_value_counts_as_not_given(field: str) -> None:
    """A transaction without a payee is better than none."""
    for nothing in ("unknown", "unavailable", " none ", "None", "nan", float("nan")):
        assert _resolve(amount=1, **{field: nothing}) == _resolve(amount=1)
    for name in ("Nan", "Unknown Pleasures", "none other"):
        assert getattr(_resolve(amount=1, **{field: name}).transaction, field) == name


@pytest.mark.parametrize("field", SLOTS)
def test_a_template_that_nobody_rendered(field: str) -> None:
    """It would be booked as it is written."""
    way = {} if field in ("amount", "outflow", "inflow") else {"amount": 1}
    for template in ("{{ x }}", "at {{ now() }}", "{% if x %}a{% endif %}"):
        assert refusal(_resolve, **way, **{field: template}) == (field, NOT_RENDERED)
    if field in ("payee", "memo"):
        text = "{a} %} }} 50 %"
        transaction = _resolve(amount=1, **{field: text}).transaction
        assert getattr(transaction, field) == text


# What is far too long


HUGE = 1 << 2_400_000
LONG = "9" * 600_000
EXPECTED_OF_HUGE = {
    **dict.fromkeys(("amount", "outflow", "inflow"), TOO_LARGE),
    **dict.fromkeys(("account", "category", "budget"), NOT_AN_ID),
    **dict.fromkeys(("payee", "memo", "transfer_id"), TOO_LONG),
    "type": UNKNOWN_CHOICE,
    "date": NOT_A_DATE,
    "cleared": InputProblem.NOT_YES_OR_NO,
    "splits": InputProblem.NOT_SPLITS,
    "message_id": BAD_CHARACTERS,
}


@pytest.mark.parametrize("field", SLOTS)
def test_what_is_far_too_long(field: str) -> None:
    """It is refused before it is converted: no field takes seconds, or fails."""
    way = {} if field in ("amount", "outflow", "inflow") else {"amount": 1}
    expected = EXPECTED_OF_HUGE[field]
    assert refusal(_resolve, **way, **{field: HUGE}) == (field, expected)
    if expected is TOO_LARGE:
        assert refusal(_resolve, **{field: -HUGE}) == (field, NOT_POSITIVE)
        expected = NOT_A_NUMBER
    assert refusal(_resolve, **way, **{field: LONG}) == (field, expected)


@pytest.mark.parametrize("field", ["payee", "memo", "transfer_id", "message_id"])
def test_long_numbers_stay_texts(field: str) -> None:
    """A template makes a number of a bank's reference, which has up to 27 digits."""
    resolved = _resolve(amount=1, **{field: 10**27})
    where = resolved if field == "message_id" else resolved.transaction
    assert getattr(where, field) == f"1{'0' * 27}"


# What makes two calls the same


@pytest.mark.parametrize(
    "other",
    [
        {"amount": 12.5},
        {"amount": Decimal("12.500")},
        {"amount": "12.5"},
        {"outflow": 12.5},
        {"outflow": "12,50", "type": "expense"},
        {"amount": "12,50", "type": "expense"},
        {"amount": "12,50", "memo": ""},
        {"amount": "12,50", "date": None, "payee": " "},
        {"amount": "12,50", "message_id": "m"},
    ],
)
def test_the_same_said_otherwise_is_the_same(other: dict[str, object]) -> None:
    """The canonical form does not depend on how a value was written."""
    assert _given(**other) == _given(amount="12,50")


@pytest.mark.parametrize(
    "other",
    [
        {"amount": "12.51"},
        {"inflow": "12.50"},
        {"amount": "12.50", "type": "income"},
        {"amount": "12.50", "memo": "a"},
        {"amount": "12.50", "payee": "a"},
        {"amount": "12.50", "transfer_id": "a"},
        {"amount": "12.50", "date": TODAY},
        {"amount": "12.50", "account": 1},
        {"amount": "12.50", "category": 5},
        {"amount": "12.50", "budget": 1},
    ],
)
def test_something_else_said_is_something_else(other: dict[str, object]) -> None:
    """Also if it is what the default would have been: the caller said it."""
    assert _given(**other) != _given(amount="12.50")


def test_no_two_fields_are_mixed_up() -> None:
    """The same word in another field is another call."""
    fields = ("memo", "payee", "transfer_id", "account", "category", "budget")
    said = {"amount": 1, "account": 8, "category": 9}
    assert len({_given(**said | {field: "7"}) for field in fields}) == len(fields)


def test_defaults_and_the_day_do_not_enter() -> None:
    """A retry after midnight, or after new options, is the same call."""
    other = Defaults(account=2, category=None, budget=3, currency="KWD")
    later = NOW + timedelta(days=1)
    draft = Draft(amount="12.50", memo="a")
    first = resolve(draft, DEFAULTS, NO_NAMES, NOW)
    assert first.given == resolve(draft, other, NO_NAMES, later).given


# Whatever comes


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.text(max_size=30),
    st.dates(),
    st.datetimes(),
    st.tuples(st.integers(), st.integers()),
    st.lists(st.integers(), max_size=2),
    st.sampled_from(["expense", "income", "12,50", "2026-05-04", "7", "Groceries"]),
)
drafts = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(Draft.__slots__, anything)
).map(lambda said: Draft(**said))


@given(
    drafts,
    st.sampled_from([DEFAULTS, NO_DEFAULTS]),
    st.sampled_from([NO_NAMES, NAMES]),
)
def test_it_resolves_or_refuses(
    draft: Draft, defaults: Defaults, names: NameIndex
) -> None:
    """Nothing else ever comes out; what resolves can be put on the wire and read."""
    try:
        resolved = resolve(draft, defaults, names, NOW)
    except InvalidInputError as refusal:
        field = refusal.field
    else:
        field = "amount"
        wire = resolved.transaction.to_wire()
        assert Transaction.from_wire(wire) == resolved.transaction
        assert resolve(draft, defaults, names, NOW) == resolved
    assert field.partition(" ")[0] in Draft.__slots__  # a line of `splits` has a number


@given(
    st.integers(1, 10**9),
    st.sampled_from(["amount", "outflow", "inflow"]),
    st.sampled_from([".", ","]),
)
def test_text_and_number_are_the_same_call(cents: int, way: str, mark: str) -> None:
    """For every amount of money there is."""
    whole, part = divmod(cents, 100)
    text = f"{whole}{mark}{part:02}"
    assert _given(**{way: text}) == _given(**{way: Decimal(cents) / 100})
    assert _given(**{way: text}) == _given(**{way: cents / 100})
