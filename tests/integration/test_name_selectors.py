"""The lists of names in forms, and what may be typed instead."""

from collections.abc import Sequence

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    CategoryGroup,
    Directory,
    Kind,
    NameIndex,
    Payee,
)
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError
from custom_components.budgero.name_selectors import (
    LONGEST_LABEL,
    IdSelector,
    account_selector,
    budget_selector,
    category_selector,
    near_names,
    parse_choice,
    payee_selector,
    required_choice,
    shortened,
    suggest_choice,
)
from homeassistant.helpers.selector import SelectSelector, TextSelector

HOME = Directory(
    budgets=(Budget(id=1, name="Household"), Budget(id=2, name="Business")),
    accounts=(
        Account(id=1, name="Checking", budget=1, currency="EUR"),
        Account(id=2, name="Cash", budget=1, currency="EUR"),
        Account(id=3, name="Cash", budget=1, currency="EUR"),
        Account(id=4, name="Old", budget=1, is_archived=True),
        Account(id=5, name="Coins", budget=1, currency="BTC"),
        Account(id=6, name="Bank", budget=2, currency="USD"),
        Account(id=7, name="By hand", is_by_hand=True),
    ),
    groups=(CategoryGroup(id=1, name="Daily", budget=1),),
    categories=(
        Category(id=5, name="Groceries", budget=1, group=1),
        Category(id=6, name="2026", budget=1),
        Category(id=2026, name="Trips", budget=1, group=9),
        Category(id=8, name="Travel", budget=2),
    ),
    payees=(
        Payee(id=1, name="Zoo", budget=1),
        Payee(id=2, name="bakery", budget=1),
        Payee(id=3, name="Printer", budget=2),
    ),
)
NAMES = NameIndex(HOME)


def listed(selector: IdSelector) -> Sequence[object]:
    """Return what a list shows."""
    assert isinstance(selector, SelectSelector)
    assert selector.config["custom_value"]
    return selector.config["options"]


def test_accounts_that_can_be_booked_to() -> None:
    """Archived and crypto accounts are left out; namesakes are told apart."""
    bookable = ["Checking", "Cash · 2", "Cash · 3", "By hand"]
    assert listed(account_selector(HOME, 1)) == bookable
    kept = listed(account_selector(HOME, 1, keep=4))
    assert kept == ["Checking", "Cash · 2", "Cash · 3", "Old", "By hand"]


def test_several_budgets_are_named() -> None:
    """Where no budget is chosen, each account and category says which one it is of."""
    accounts = listed(account_selector(HOME))
    assert accounts[0] == "Checking (Household)"
    assert accounts[-2:] == ["Bank (Business)", "By hand"]
    assert listed(category_selector(HOME)) == [
        "Daily: Groceries (Household)",
        "2026 (Household)",
        "Trips (Household)",
        "Travel (Business)",
    ]
    assert listed(budget_selector(HOME)) == ["Household", "Business"]


def test_categories_of_one_budget() -> None:
    """Each has its group before it, and no budget; none looks like an id."""
    assert listed(category_selector(HOME, 2)) == ["Travel"]
    assert listed(category_selector(HOME, 1)) == [
        *("Daily: Groceries", "2026 · 6", "Trips")
    ]


names = st.sampled_from(["", "Cash", "Cash · 1", "Cash · 1 · 2", "1", "2", "A: Cash"])


@given(st.lists(names, max_size=5), st.lists(names, max_size=2), st.booleans())
def test_what_is_shown_is_what_is_meant(
    categories: list[str], groups: list[str], is_of_one: bool
) -> None:
    """Every label leads back to its entry, whatever the names are."""
    directory = Directory(
        budgets=(Budget(id=1, name="Cash"), Budget(id=2, name="")),
        groups=tuple(
            CategoryGroup(id=number, name=name) for number, name in enumerate(groups, 1)
        ),
        categories=tuple(
            Category(id=number, name=name, budget=1, group=number % 3)
            for number, name in enumerate(categories, 1)
        ),
    )
    budget = 1 if is_of_one else None
    for category in directory.categories:
        shown = suggest_choice(Kind.CATEGORY, category.id, directory, budget)
        chosen = parse_choice(
            Kind.CATEGORY, shown, NameIndex(directory), budget, "category"
        )
        assert chosen == category.id


def test_payees_are_names() -> None:
    """Budgero takes a payee by name, and any other one as well."""
    selector = payee_selector(HOME, 1)
    assert isinstance(selector, SelectSelector)
    assert selector.config["options"] == ["bakery", "Zoo"]
    assert selector("Somebody new") == "Somebody new"
    assert isinstance(payee_selector(Directory()), TextSelector)


def test_without_names_there_is_a_field_for_ids() -> None:
    """Nothing is listed that is not known."""
    for make in (account_selector, category_selector, budget_selector):
        selector = make(Directory())
        assert isinstance(selector, TextSelector)
        assert selector.config["type"] == "number"


@pytest.mark.parametrize(
    ("kind", "text", "budget", "expected"),
    [
        (Kind.CATEGORY, "", 1, None),
        (Kind.CATEGORY, "  ", 1, None),
        (Kind.CATEGORY, "5", 1, 5),
        (Kind.CATEGORY, " gröceries ", 1, 5),
        (Kind.CATEGORY, "77", 1, 77),
        (Kind.CATEGORY, "2026", 1, 2026),
        (Kind.CATEGORY, "2026 · 6", 1, 6),
        (Kind.CATEGORY, "Daily: Groceries", 1, 5),
        (Kind.CATEGORY, "Daily: Groceries (Household)", 1, 5),
        (Kind.ACCOUNT, "Cash (Household) · 3", None, 3),
        (Kind.ACCOUNT, "checking", None, 1),
        (Kind.BUDGET, "HOUSEHOLD", None, 1),
    ],
)
def test_what_is_chosen_or_typed(
    kind: Kind, text: str, budget: int | None, expected: int | None
) -> None:
    """An id that is typed always works; so does a name, however it is written."""
    assert parse_choice(kind, text, NAMES, budget, "field") == expected


@pytest.mark.parametrize(
    ("kind", "text", "problem"),
    [
        (Kind.CATEGORY, "Groce", InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, "0", InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, "8", InputProblem.OTHER_BUDGET),
        (Kind.CATEGORY, "Travel (Business)", InputProblem.OTHER_BUDGET),
        (Kind.ACCOUNT, "Old", InputProblem.ARCHIVED),
        (Kind.ACCOUNT, "Cash", InputProblem.AMBIGUOUS_NAME),
        (Kind.ACCOUNT, "4", InputProblem.ARCHIVED),
        (Kind.ACCOUNT, "Coins", InputProblem.CRYPTO),
        (Kind.ACCOUNT, "", InputProblem.MISSING),
    ],
)
def test_what_is_refused(kind: Kind, text: str, problem: InputProblem) -> None:
    """The error names the field, and nothing is guessed."""
    with pytest.raises(InvalidInputError) as caught:
        required_choice(kind, text, NAMES, 1, "field")
    assert (caught.value.field, caught.value.problem) == ("field", problem)


def test_names_like_it() -> None:
    """A form proposes what may have been meant."""
    assert near_names(Kind.CATEGORY, "groce", NAMES, 1) == {"near": "Groceries"}
    assert near_names(Kind.CATEGORY, "xyzzy", NAMES, 1) == {"near": "–"}


def test_long_names_are_shortened() -> None:
    """A list stays readable."""
    assert shortened("x" * LONGEST_LABEL) == "x" * LONGEST_LABEL
    long = shortened("word " * 200)
    assert len(long) <= LONGEST_LABEL
    assert long.endswith("d…")
