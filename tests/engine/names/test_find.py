"""Finding an entry by what somebody wrote: the right one, or an error."""

import pytest

from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    Directory,
    Kind,
    NameIndex,
    Payee,
)
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError

HOUSEHOLD = Directory(
    budgets=(Budget(id=1, name="Household"), Budget(id=2, name="Side Business")),
    accounts=(
        Account(id=1, name="Checking", budget=1, currency="EUR"),
        Account(id=2, name="Cash", budget=1, currency="EUR"),
        Account(id=3, name="Old Card", budget=1, currency="EUR", is_archived=True),
        Account(id=4, name="Visa", budget=1, currency="EUR", is_archived=True),
        Account(id=5, name="Visa", budget=1, currency="EUR"),
        Account(id=6, name="Wallet", budget=1, currency="BTC"),
        Account(id=7, name="Cash", budget=2, currency="USD"),
        Account(id=8, name="Gift", budget=1, is_archived=True),
        Account(id=9, name="gift", budget=1),
    ),
    categories=(
        Category(id=1, name="Groceries", budget=1),
        Category(id=2, name="Café", budget=1),
        Category(id=3, name="Cafe", budget=1),
        Category(id=4, name="Eating Out", budget=1),
        Category(id=5, name="2026", budget=1),
        Category(id=6, name="True", budget=1),
        Category(id=7, name="1,2", budget=1),
        Category(id=8, name="Fun", budget=1),
        Category(id=9, name="Fun", budget=1),
        Category(id=10, name="Travel", budget=2),
        Category(id=11, name="3.50", budget=1),
        Category(id=12, name="שלום", budget=1),
        Category(id=13, name="🍕 Pizza", budget=1),
        Category(id=14, name="x" * 1000, budget=1),
        Category(id=15, name="<b>Bold</b> & **more**", budget=1),
        Category(id=16, name="16", budget=1),
        Category(id=17, name="Straße", budget=1),
        Category(id=18, name="Płatność", budget=1),
        Category(id=19, name="か", budget=1),
        Category(id=20, name="(1,2,3)", budget=1),
        Category(id=21, name="1, 2,3", budget=1),
    ),
    payees=(Payee(id=1, name="Corner Shop", budget=1),),
)
INDEX = NameIndex(HOUSEHOLD)


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("Groceries", 1),
        (" groceries\n", 1),
        ("GROCERIES", 1),
        ("Café", 2),
        ("Cafe\u0301", 2),
        ("Cafe", 3),
        ("eatingout", 4),
        ("Eating\u00a0 Out", 4),
        (True, 6),
        ("True", 6),
        ("true", 6),
        ((1, 2), 7),
        ("1,2", 7),
        ("1, 2", 7),
        (3.5, 11),
        ("3.50", 11),
        ("שלום", 12),
        ("\u202bשלום\u202c", 12),
        ("🍕 Pizza", 13),
        ("🍕pizza", 13),
        ("x" * 1000, 14),
        ("<b>Bold</b> & **more**", 15),
        (16, 16),
        ("16", 16),
        (16.0, 16),
        ("STRASSE", 17),
        ("platnosc", 18),
        (1, 1),
        ("1", 1),
        (" 1 ", 1),
    ],
)
def test_one_is_meant(given: object, number: int) -> None:
    """A name in the spellings that count as the same, or an id."""
    assert INDEX.find(Kind.CATEGORY, given, 1, "category").id == number


@pytest.mark.parametrize(
    ("kind", "given", "problem"),
    [
        (Kind.CATEGORY, "Grocer", InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, "Groceriess", InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, "CAFÉ", InputProblem.AMBIGUOUS_NAME),
        (Kind.CATEGORY, "Fun", InputProblem.AMBIGUOUS_NAME),
        (Kind.CATEGORY, "2026", InputProblem.ID_AND_NAME),
        (Kind.CATEGORY, 2026, InputProblem.ID_AND_NAME),
        (Kind.CATEGORY, "Travel", InputProblem.OTHER_BUDGET),
        (Kind.CATEGORY, 10, InputProblem.OTHER_BUDGET),
        (Kind.CATEGORY, "が", InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, (1, 2, 3), InputProblem.AMBIGUOUS_NAME),
        (Kind.CATEGORY, "x" * 1001, InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, "x" * 100_000, InputProblem.UNKNOWN_NAME),
        pytest.param(Kind.CATEGORY, 1 << 40_000, InputProblem.UNKNOWN_NAME, id="huge"),
        (Kind.CATEGORY, "", InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, False, InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, None, InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, {"name": "Groceries"}, InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, ("a", object()), InputProblem.UNKNOWN_NAME),
        (Kind.CATEGORY, 0, InputProblem.UNKNOWN_NAME),
        (Kind.ACCOUNT, "Old Card", InputProblem.ARCHIVED),
        (Kind.ACCOUNT, 3, InputProblem.ARCHIVED),
        (Kind.ACCOUNT, "Gift", InputProblem.ARCHIVED),
        (Kind.ACCOUNT, "Wallet", InputProblem.CRYPTO),
        (Kind.ACCOUNT, "6", InputProblem.CRYPTO),
        (Kind.ACCOUNT, 7, InputProblem.OTHER_BUDGET),
    ],
)
def test_refused(kind: Kind, given: object, problem: InputProblem) -> None:
    """With the field's name and never with the value."""
    with pytest.raises(InvalidInputError) as caught:
        INDEX.find(kind, given, 1, "the field")
    assert caught.value.problem is problem
    assert caught.value.field == "the field"
    assert str(caught.value) == f"the field: {problem.value.replace('_', ' ')}"


def test_the_budget_in_use_decides() -> None:
    """A name may stand once in every budget; without a budget it is ambiguous."""
    assert INDEX.find(Kind.ACCOUNT, "Cash", 1, "account").id == 2
    assert INDEX.find(Kind.ACCOUNT, "Cash", 2, "account").id == 7
    with pytest.raises(InvalidInputError) as caught:
        INDEX.find(Kind.ACCOUNT, "Cash", None, "account")
    assert caught.value.problem is InputProblem.AMBIGUOUS_NAME
    assert INDEX.find(Kind.BUDGET, "sidebusiness").id == 2


def test_an_account_that_was_put_away_gives_way_to_one_of_the_same_name() -> None:
    """It could not be meant."""
    assert INDEX.find(Kind.ACCOUNT, "Visa", 1, "account").id == 5


def test_an_unknown_id_is_taken_as_it_is() -> None:
    """The directory may be older than the entry."""
    assert INDEX.find(Kind.ACCOUNT, "77", 1, "account") == Account(id=77, name="")
    assert NameIndex(Directory()).find(Kind.PAYEE, 5, None, "payee").id == 5
    assert INDEX.get(Kind.ACCOUNT, 77) is None


def test_without_any_names_an_id_is_asked_for() -> None:
    """Nobody has to wonder how a name is spelled where none is known."""
    with pytest.raises(InvalidInputError) as caught:
        NameIndex(Directory()).find(Kind.ACCOUNT, "Checking", 1, "account")
    assert caught.value.problem is InputProblem.NOT_AN_ID


def test_names_by_hand_win() -> None:
    """They keep what is known of an entry, and come first where names are equal."""
    by_hand = Directory(
        accounts=(Account(id=2, name="Wallet"), Account(id=3, name="Piggy bank")),
        categories=(Category(id=9, name="Fun"), Category(id=99, name="Groceries")),
    )
    merged = HOUSEHOLD.merged(by_hand)
    index = NameIndex(merged)
    wallet = index.find(Kind.ACCOUNT, "Wallet", 1, "account")
    assert (wallet.id, wallet.budget, wallet.currency) == (2, 1, "EUR")
    assert index.find(Kind.CATEGORY, "Fun", 1, "category").id == 9
    assert index.find(Kind.CATEGORY, "groceries", 1, "category").id == 99
    with pytest.raises(InvalidInputError) as caught:
        index.find(Kind.ACCOUNT, "piggy bank", 1, "account")
    assert caught.value.problem is InputProblem.ARCHIVED
    assert merged.payees == HOUSEHOLD.payees


def test_an_id_is_in_the_directory_once() -> None:
    """Of two entries with one id the first counts, and its name only."""
    twice = Category(id=1, name="Food"), Category(id=1, name="Rent")
    index = NameIndex(Directory(categories=twice))
    assert index.get(Kind.CATEGORY, 1) == twice[0]
    with pytest.raises(InvalidInputError):
        index.find(Kind.CATEGORY, "Rent", None, "category")


def test_near_names() -> None:
    """For people who choose; those that contain the text come first."""

    def near(text: str, budget: int | None = 1) -> list[str]:
        return [entry.name for entry in INDEX.near(Kind.CATEGORY, text, budget)]

    assert near("Grocerys") == ["Groceries"]
    assert near("out") == ["Eating Out"]
    assert near("cafè") == ["Café", "Cafe"]
    assert near("travel") == []
    assert near("travel", None) == ["Travel"]
    assert near(" ") == []
    assert INDEX.near(Kind.ACCOUNT, "old card", 1) == []
