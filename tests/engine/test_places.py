"""Accounts, categories and budgets by name: the right one, or an error."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
import re
from typing import Any

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.draft import Defaults, Draft, Resolved, resolve
from custom_components.budgero.engine.names import Kind, NameIndex
from custom_components.budgero.engine.places import Places
from custom_components.budgero.engine.preset import Preset
from custom_components.budgero.engine.preset_draft import resolve_with
from custom_components.budgero.engine.push import Transfer, Update
from custom_components.budgero.engine.push.errors import InputProblem, InvalidInputError
from custom_components.budgero.engine.transfer_draft import (
    TransferDraft,
    resolve_transfer,
)
from custom_components.budgero.engine.update_draft import UpdateDraft, resolve_update

from .named import NAMES, NO_NAMES
from .push.attempts import refusal

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
DEFAULTS = Defaults(account=1, category=5, budget=1, currency="EUR")

NOT_AN_ID = InputProblem.NOT_AN_ID
UNKNOWN_NAME = InputProblem.UNKNOWN_NAME
AMBIGUOUS_NAME = InputProblem.AMBIGUOUS_NAME
ID_AND_NAME = InputProblem.ID_AND_NAME
OTHER_BUDGET = InputProblem.OTHER_BUDGET
ARCHIVED = InputProblem.ARCHIVED
CRYPTO = InputProblem.CRYPTO
TOO_PRECISE = InputProblem.TOO_PRECISE
OTHER_CURRENCY = InputProblem.OTHER_CURRENCY
DIFFERENT_CURRENCIES = InputProblem.DIFFERENT_CURRENCIES


def _resolve(
    defaults: Defaults = DEFAULTS, names: NameIndex = NAMES, /, **said: Any
) -> Resolved:
    way = {} if said.keys() & {"inflow", "outflow"} else {"amount": 1}
    return resolve(Draft(**{**way, **said}), defaults, names, NOW)


def _transfer(**said: Any) -> Resolved[Transfer]:
    return resolve_transfer(
        TransferDraft(**{"amount": 1, **said}), DEFAULTS, NAMES, NOW
    )


def _update(account: int | None = 1, budget: int = 1, /, **said: Any) -> Update:
    draft = UpdateDraft(**{"message_id": "m", **said})
    return resolve_update(draft, Places(NAMES, budget, "EUR"), account, NOW)


def _line(**said: object) -> dict[str, Any]:
    return {
        "amount": 3,
        "splits": [{"amount": 1, "category": 6}, {"amount": 2, **said}],
    }


# Names


@pytest.mark.parametrize(
    ("said", "field", "number"),
    [
        ({"account": "Savings"}, "account", 2),
        ({"account": " savings "}, "account", 2),
        ({"account": "by hand"}, "account", 9),
        ({"category": "GROCERIES"}, "category", 5),
        ({"category": True}, "category", 10),
        ({"category": (1, 2)}, "category", 11),
        ({"category": "1,2"}, "category", 11),
        ({"category": "007"}, "category", 12),
        ({"budget": "Business", "account": "cash", "category": "Fun"}, "budget", 2),
        ({"budget": "Business", "account": "cash", "category": "Fun"}, "account", 8),
        ({"budget": "Business", "account": "cash", "category": "Fun"}, "category", 8),
        ({"budget": 2, "account": "cash", "category": "fun"}, "category", 8),
    ],
)
def test_a_name_is_an_id(said: dict[str, object], field: str, number: int) -> None:
    """Within the budget in use, which is the default one unless another is named."""
    assert getattr(_resolve(**said).transaction, field) == number


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ({"account": "Saving"}, "account", UNKNOWN_NAME),
        ({"account": "Groceries"}, "account", UNKNOWN_NAME),
        ({"category": "Fun"}, "category", AMBIGUOUS_NAME),
        ({"category": 2026}, "category", ID_AND_NAME),
        ({"category": "2026"}, "category", ID_AND_NAME),
        ({"category": False}, "category", UNKNOWN_NAME),
        ({"category": [1, 2]}, "category", UNKNOWN_NAME),
        ({"category": 0}, "category", UNKNOWN_NAME),
        ({"category": "x" * 100_000}, "category", UNKNOWN_NAME),
        ({"budget": "Holiday"}, "budget", UNKNOWN_NAME),
        (_line(category="Fun"), "splits line 2 category", AMBIGUOUS_NAME),
        (_line(category="Saving"), "splits line 2 category", UNKNOWN_NAME),
        (
            _line(transfer_account="Saving"),
            "splits line 2 transfer_account",
            UNKNOWN_NAME,
        ),
    ],
)
def test_refused_names(
    said: dict[str, object], field: str, problem: InputProblem
) -> None:
    """Nothing is guessed; the error names the field."""
    assert refusal(_resolve, **said) == (field, problem)


def test_ids_need_no_directory() -> None:
    """They are taken as they are; a name says that none are known."""
    said = {"account": "77", "category": 88.0, "budget": 99}
    for names in (NO_NAMES, NAMES):
        transaction = _resolve(DEFAULTS, names, **said).transaction
        assert (transaction.account, transaction.category) == (77, 88)
        assert transaction.budget == 99
    for field in ("account", "category", "budget"):
        told = refusal(_resolve, DEFAULTS, NO_NAMES, **{field: "Savings"})
        assert told == (field, NOT_AN_ID)


def test_lines_take_names() -> None:
    """Categories, and the other account of a transfer."""
    said = _line(transfer_account="savings")
    said["splits"][0]["category"] = "groceries"
    first, second = _resolve(**said).transaction.splits
    assert (first.category, second.transfer_account) == (5, 2)


def test_transfers_take_names() -> None:
    """Both accounts, and the budget."""
    transfer = _transfer(
        from_account="Checking", to_account="savings", budget="household"
    ).transaction
    assert (transfer.from_account, transfer.to_account, transfer.budget) == (1, 2, 1)
    for field in ("from_account", "to_account"):
        said = {"from_account": 1, "to_account": 2, field: "Saving"}
        assert refusal(_transfer, **said) == (field, UNKNOWN_NAME)


def test_changes_take_names() -> None:
    """In the budget of the transaction that changes."""
    update = _update(account="savings", category="groceries")
    assert (update.account, update.category) == (2, 5)
    assert _update(8, 2, category="fun").category == 8
    assert refusal(_update, category="fun") == ("category", AMBIGUOUS_NAME)


# What the directory knows to be wrong


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ({"account": 8}, "account", OTHER_BUDGET),
        ({"category": 8}, "category", OTHER_BUDGET),
        ({"category": "5", "budget": 2, "account": 8}, "category", ID_AND_NAME),
        ({"budget": 2, "account": 1}, "account", OTHER_BUDGET),
        ({"budget": 2, "account": 8, "category": 6}, "category", OTHER_BUDGET),
        ({"account": 5}, "account", ARCHIVED),
        ({"account": "old card"}, "account", ARCHIVED),
        ({"account": 6}, "account", CRYPTO),
        ({"account": "wallet"}, "account", CRYPTO),
        (_line(category=8), "splits line 2 category", OTHER_BUDGET),
        (_line(transfer_account=8), "splits line 2 transfer_account", OTHER_BUDGET),
        (_line(transfer_account=5), "splits line 2 transfer_account", ARCHIVED),
    ],
)
def test_refused_places(
    said: dict[str, object], field: str, problem: InputProblem
) -> None:
    """Budgero would take it, and book it where nobody finds it."""
    assert refusal(_resolve, **said) == (field, problem)


@pytest.mark.parametrize(
    ("default", "problem"),
    [
        ({"account": 5}, ARCHIVED),
        ({"account": 6}, CRYPTO),
        ({"account": 8}, OTHER_BUDGET),
        ({"category": 8}, OTHER_BUDGET),
    ],
)
def test_a_default_may_go_wrong_later(
    default: dict[str, Any], problem: InputProblem
) -> None:
    """An account is archived after it was chosen; whoever names another one may log."""
    [field] = default
    defaults = replace(DEFAULTS, **default)
    assert refusal(_resolve, defaults) == (field, problem)
    _resolve(defaults, account=2, category=6)


def test_another_budget() -> None:
    """Defaults belong to their own budget, unless they are known to be of the named one.

    Budgero books an account of another budget without a word.
    """
    transaction = _resolve(budget="Business", account=8).transaction
    assert (transaction.budget, transaction.account) == (2, 8)
    assert transaction.category is None
    assert refusal(_resolve, budget=2) == ("account", InputProblem.MISSING)
    fitting = replace(DEFAULTS, account=8, category=8)
    transaction = _resolve(fitting, budget=2).transaction
    assert (transaction.account, transaction.category) == (8, 8)
    # Naming the budget of the entry changes nothing.
    assert _resolve(budget=1).transaction.category == 5


@pytest.mark.parametrize("names", [NAMES, NO_NAMES])
def test_another_budget_and_unknown_defaults(names: NameIndex) -> None:
    """Nobody has said that they are of the named budget, too."""
    unknown = replace(DEFAULTS, account=9, category=99)
    assert refusal(_resolve, unknown, names, budget=2) == (
        "account",
        InputProblem.MISSING,
    )
    transaction = _resolve(unknown, names, budget=2, account=77).transaction
    assert (transaction.account, transaction.category) == (77, None)
    nowhere = replace(unknown, budget=None)
    assert _resolve(nowhere, names, budget=2).transaction.category == 99


@pytest.mark.parametrize(
    ("place", "field"), [({"account": 1}, "account"), ({"category": 5}, "category")]
)
def test_a_budget_that_contradicts_a_preset(place: dict[str, Any], field: str) -> None:
    """It is refused: what a preset says is not left out."""
    preset = Preset(preset_id="1", name="Coffee", **place)
    said = Draft(amount=1, budget=2, **{"account": 8, **place})
    with pytest.raises(InvalidInputError) as refused:
        resolve_with(preset, replace(said, **{field: None}), DEFAULTS, NAMES, NOW)
    assert (refused.value.field, refused.value.problem) == (field, OTHER_BUDGET)


def test_a_preset_with_another_budget_named() -> None:
    """The preset's account stays, and the entry's category is left out."""
    preset = Preset(preset_id="1", name="Office", account=8)
    draft = Draft(amount=1, budget=2)
    transaction = resolve_with(preset, draft, DEFAULTS, NAMES, NOW).transaction
    assert (transaction.account, transaction.category) == (8, None)


@pytest.mark.parametrize(
    ("place", "field"), [({"account": 9}, "account"), ({"category": 99}, "category")]
)
@pytest.mark.parametrize("names", [NAMES, NO_NAMES])
@pytest.mark.parametrize("own", [None, 1])
def test_a_budget_that_may_contradict_a_preset(
    place: dict[str, Any], field: str, names: NameIndex, own: int | None
) -> None:
    """An unknown account is of the preset's budget, or of the entry's."""
    preset = Preset(preset_id="1", name="Coffee", budget=own, **place)
    draft = Draft(amount=1, budget=2, account=8 if field == "category" else None)
    with pytest.raises(InvalidInputError) as refused:
        resolve_with(preset, draft, DEFAULTS, names, NOW)
    assert (refused.value.field, refused.value.problem) == (field, OTHER_BUDGET)
    whole = replace(draft, account=8, category=8)
    transaction = resolve_with(preset, whole, DEFAULTS, names, NOW).transaction
    assert (transaction.account, transaction.category) == (8, 8)


@pytest.mark.parametrize("own", [None, 1])
def test_a_preset_outlives_another_default_budget(own: int | None) -> None:
    """It was made when its account was in the default budget."""
    preset = Preset(preset_id="1", name="Coffee", account=2, category=6, budget=own)
    defaults = replace(DEFAULTS, account=8, category=8, budget=2)
    transaction = resolve_with(
        preset, Draft(amount=1), defaults, NAMES, NOW
    ).transaction
    assert (transaction.budget, transaction.account) == (1, 2)
    assert transaction.category == 6
    bare = replace(preset, category=None)
    assert (
        resolve_with(bare, Draft(amount=1), defaults, NAMES, NOW).transaction.category
        is None
    )


def test_an_account_that_moved_to_another_budget() -> None:
    """The preset is refused; a repair asks for another account."""
    preset = Preset(preset_id="1", name="Coffee", account=8, budget=1)
    with pytest.raises(InvalidInputError) as refused:
        resolve_with(preset, Draft(amount=1), DEFAULTS, NAMES, NOW)
    assert (refused.value.field, refused.value.problem) == ("account", OTHER_BUDGET)


def test_a_default_is_an_id() -> None:
    """It goes on if something is called like it."""
    assert _resolve(replace(DEFAULTS, category=2026)).transaction.category == 2026


def test_refused_transfers_and_changes() -> None:
    """The same holds for them."""
    said = {"from_account": 1, "to_account": 5}
    assert refusal(_transfer, **said) == ("to_account", ARCHIVED)
    assert refusal(_transfer, **said, budget=2) == ("from_account", OTHER_BUDGET)
    assert refusal(_update, account=6) == ("account", CRYPTO)
    assert refusal(_update, category=8) == ("category", OTHER_BUDGET)


# Currencies


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ({"account": 4, "amount": "1.234"}, "1.234"),
        ({"account": "gulf", "amount": "1.234 KWD"}, "1.234"),
        ({"account": 3, "amount": "¥1,200"}, "1200"),
        ({"account": 9, "amount": "1.50 €"}, "1.5"),
        ({"account": 77, "amount": "1.50 €"}, "1.5"),
        ({"account": 8, "budget": 2, "category": 8, "outflow": "$1.50"}, "1.5"),
    ],
)
def test_amounts_are_in_the_currency_of_the_account(
    said: dict[str, object], amount: str
) -> None:
    """Where it is known; otherwise in that of the entry."""
    assert _resolve(**said).transaction.amount == Decimal(amount)


@pytest.mark.parametrize(
    ("said", "field", "problem"),
    [
        ({"account": 3, "amount": "1.5"}, "amount", TOO_PRECISE),
        ({"account": 3, "amount": "5 €"}, "amount", OTHER_CURRENCY),
        ({"account": 4, "inflow": "5 EUR"}, "inflow", OTHER_CURRENCY),
        ({"account": 1, "amount": "¥500"}, "amount", OTHER_CURRENCY),
    ],
)
def test_refused_amounts(
    said: dict[str, object], field: str, problem: InputProblem
) -> None:
    """Another currency's mark, and decimals that the account does not have."""
    assert refusal(_resolve, **said) == (field, problem)


def test_the_default_account_has_a_currency_too() -> None:
    """It goes before the one in the options."""
    defaults = replace(DEFAULTS, account=3)
    assert refusal(_resolve, defaults, amount="1.5") == ("amount", TOO_PRECISE)


def test_lines_have_the_currency_of_the_account() -> None:
    """And the other account of a transfer must have it, too."""
    said = _line(category=5)
    said |= {"account": 4, "amount": "1.234"}
    said["splits"] = [{"amount": "0.234", "category": 5}, {"amount": 1, "category": 6}]
    assert _resolve(**said).transaction.splits[0].amount == Decimal("0.234")
    other = _line(transfer_account=3)
    field = "splits line 2 transfer_account"
    assert refusal(_resolve, **other) == (field, DIFFERENT_CURRENCIES)


def test_both_accounts_of_a_transfer_have_one_currency() -> None:
    """Nothing is converted."""
    said = {"from_account": 1, "to_account": 3}
    assert refusal(_transfer, **said) == ("to_account", DIFFERENT_CURRENCIES)
    # What is not known has the currency of the entry.
    for unknown in (9, 77):
        for said in (
            {"from_account": 4, "to_account": unknown},
            {"from_account": unknown, "to_account": 3},
        ):
            assert refusal(_transfer, **said) == ("to_account", DIFFERENT_CURRENCIES)
        amount = _transfer(from_account=1, to_account=unknown, amount="1.50 €")
        assert amount.transaction.amount == Decimal("1.5")


def test_changes_are_in_the_currency_of_the_account() -> None:
    """Of the new one, or of the one that it has; an amount is never converted."""
    assert refusal(_update, 3, amount="1.5") == ("amount", TOO_PRECISE)
    assert refusal(_update, 1, account=3, amount="1.5") == ("amount", TOO_PRECISE)
    assert refusal(_update, 1, account=3) == ("account", DIFFERENT_CURRENCIES)
    assert _update(1, account=3, amount="15").account == 3
    assert _update(None, amount="1.5").amount == Decimal("1.5")


@pytest.mark.parametrize(
    ("said", "default"),
    [({"account": 3}, 1), ({"account": 8, "budget": 2}, 1), ({}, 3)],
)
def test_the_amount_of_a_preset_keeps_its_currency(
    said: dict[str, Any], default: int
) -> None:
    """On an account in another one it is refused: 350 yen are not 350 euros."""
    preset = Preset(preset_id="1", name="Coffee", amount="350", currency="EUR")
    defaults = replace(DEFAULTS, account=default, category=None)
    with pytest.raises(InvalidInputError) as refused:
        resolve_with(preset, Draft(**said), defaults, NAMES, NOW)
    assert (refused.value.field, refused.value.problem) == (
        "preset",
        InputProblem.PRESET_CURRENCY,
    )
    given = Draft(amount=350, **said)
    assert resolve_with(preset, given, defaults, NAMES, NOW).transaction.amount == 350
    resolve_with(preset, Draft(account=2), defaults, NAMES, NOW)
    unknown = replace(preset, currency=None)
    resolve_with(unknown, Draft(**said), defaults, NAMES, NOW)


# What makes two calls the same


def test_a_name_and_its_id_are_the_same_call() -> None:
    """And a new name of the same thing: what counts is where it is booked."""
    said: dict[str, Any] = {"account": "savings", "category": "groceries"}
    by_name = _resolve(**said, budget="household").given
    assert by_name == _resolve(account=2, category="5", budget=1).given
    renamed = NameIndex(
        replace(
            NAMES.directory,
            categories=tuple(
                replace(category, name="Food") if category.id == 5 else category
                for category in NAMES.directory.categories
            ),
        )
    )
    said["category"] = "Food"
    assert by_name == _resolve(DEFAULTS, renamed, **said, budget="household").given
    assert by_name != _resolve(account=2, category=6, budget=1).given
    line = _line(category="groceries")
    assert _resolve(**line).given == _resolve(**_line(category=5)).given


def test_a_name_that_is_the_default_was_given() -> None:
    """As an id that is the default."""
    assert _resolve(category="groceries").given != _resolve().given


# Whatever comes

spellings = st.sampled_from(
    [
        spelling
        for category in NAMES.directory.categories
        for spelling in (
            category.name,
            category.name.upper(),
            category.name[:-1],
            f" {category.name} x",
            str(category.id),
        )
    ]
)


@given(st.one_of(spellings, st.text(max_size=8)), st.sampled_from([1, 2]))
def test_never_a_wrong_one(given_name: str, budget: int) -> None:
    """Its own spelling or its own id, of the budget in use; otherwise an error."""
    read = Places(NAMES, budget, "EUR").read
    try:
        number = read(Kind.CATEGORY, given_name, "category")
    except InvalidInputError:
        return
    if number is None:
        assert not given_name.strip()
        return
    category = NAMES.get(Kind.CATEGORY, number)
    if re.fullmatch(r"\s*[1-9][0-9]*\s*", given_name, re.ASCII):
        assert int(given_name) == number
    else:
        assert category is not None
        assert _plain(category.name) == _plain(given_name)
    assert category is None or category.budget == budget


def _plain(name: str) -> str:
    return "".join(name.casefold().split())
