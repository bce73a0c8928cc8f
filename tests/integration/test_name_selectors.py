"""The lists of names in forms, and what may be typed instead."""

from collections.abc import Sequence
from typing import cast

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
)
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    TextSelector,
)

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


def listed(selector: IdSelector) -> dict[str, str]:
    """Return the labels that a list shows, by value."""
    assert isinstance(selector, SelectSelector)
    assert selector.config["custom_value"]
    options = cast("Sequence[SelectOptionDict]", selector.config["options"])
    return {option["value"]: option["label"] for option in options}


def test_accounts_that_can_be_booked_to() -> None:
    """Archived and crypto accounts are left out; namesakes are told apart."""
    assert listed(account_selector(HOME, 1)) == {
        "1": "Checking",
        "2": "Cash · 2",
        "3": "Cash · 3",
        "7": "By hand",
    }
    assert listed(account_selector(HOME, 1, keep=4))["4"] == "Old"


def test_several_budgets_are_named() -> None:
    """Where no budget is chosen, each account and category says which one it is of."""
    accounts = listed(account_selector(HOME))
    assert accounts["1"] == "Checking (Household)"
    assert accounts["6"] == "Bank (Business)"
    assert accounts["7"] == "By hand"
    assert listed(category_selector(HOME)) == {
        "5": "Daily: Groceries (Household)",
        "6": "2026 (Household)",
        "2026": "Trips (Household)",
        "8": "Travel (Business)",
    }
    assert listed(budget_selector(HOME)) == {"1": "Household", "2": "Business"}


def test_categories_of_one_budget() -> None:
    """Each has its group before it, and no budget."""
    assert listed(category_selector(HOME, 2)) == {"8": "Travel"}
    assert listed(category_selector(HOME, 1))["5"] == "Daily: Groceries"


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
        (Kind.ACCOUNT, "Cash", InputProblem.AMBIGUOUS_NAME),
        (Kind.ACCOUNT, "4", InputProblem.ARCHIVED),
        (Kind.ACCOUNT, "Coins", InputProblem.CRYPTO),
        (Kind.ACCOUNT, "", InputProblem.NOT_AN_ID),
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
