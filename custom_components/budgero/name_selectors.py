"""Lists of names in forms, and reading the choice or the typed text."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .engine.names import Account, Category, Directory, Kind, NameIndex, Payee
from .engine.push import parse_id
from .engine.push.errors import InputProblem, InvalidInputError

LONGEST_LABEL: Final = 80
"""Most characters of a name in a list."""

# A number that is required is filled in with 0 by Home Assistant's frontend.
ID: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.NUMBER))
"""A field for an id."""

CURRENCY: Final = SelectSelector(
    SelectSelectorConfig(
        options=sorted(ACTIVE_CURRENCIES), mode=SelectSelectorMode.DROPDOWN
    )
)
"""A list of the world's currencies."""

type IdSelector = SelectSelector | TextSelector


def account_selector(
    directory: Directory, budget: int | None = None, *, keep: int | None = None
) -> IdSelector:
    """Return a list of accounts, or a field for an id if none is known.

    Archived accounts and those in a crypto currency are left out.

    Args:
        directory: the known names.
        budget: id of the budget; `None` for the accounts of all budgets.
        keep: id of the account that is chosen now and always shown.
    """
    return _id_selector(
        (account.id, _in_budget(directory, account, account.name, budget))
        for account in directory.accounts
        if account.id == keep
        or (
            _is_of(account, budget)
            and not account.is_archived
            and not account.is_crypto
        )
    )


def category_selector(directory: Directory, budget: int | None = None) -> IdSelector:
    """Return a list of categories with their groups, or a field for an id.

    Args:
        directory: the known names.
        budget: id of the budget; `None` for the categories of all budgets.
    """
    groups = {group.id: group.name for group in directory.groups}

    def label(category: Category) -> str:
        group = groups.get(category.group) if category.group is not None else None
        name = f"{group}: {category.name}" if group else category.name
        return _in_budget(directory, category, name, budget)

    return _id_selector(
        (category.id, label(category))
        for category in directory.categories
        if _is_of(category, budget)
    )


def budget_selector(directory: Directory) -> IdSelector:
    """Return a list of budgets, or a field for an id if none is known."""
    return _id_selector((budget.id, budget.name) for budget in directory.budgets)


def payee_selector(directory: Directory, budget: int | None = None) -> IdSelector:
    """Return a list of payees by name, or a text field if none is known."""
    names = {payee.name for payee in directory.payees if _is_of(payee, budget)}
    if not names:
        return TextSelector()
    return SelectSelector(
        SelectSelectorConfig(
            options=sorted(names, key=str.casefold),
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )


def parse_choice(
    kind: Kind, text: str, index: NameIndex, budget: int | None, field: str
) -> int | None:
    """Return the id that was chosen, or typed as an id or a name.

    Digits are always an id; an entry that has digits as its name can be chosen from
    the list.

    Args:
        kind: the kind of the name.
        text: the input; `None` is returned if it is empty.
        index: the known names.
        budget: id of the budget in which a name is looked up; `None` for all.
        field: the field of the form.

    Raises:
        InvalidInputError: it is no id, the name is unknown or ambiguous, or the
            account cannot be booked to.
    """
    if not (text := text.strip()):
        return None
    try:
        return index.find(kind, text, budget, field).id
    except InvalidInputError as error:
        if error.problem is not InputProblem.ID_AND_NAME:
            raise
        return parse_id(text, field)


def required_choice(
    kind: Kind, text: str, index: NameIndex, budget: int | None, field: str
) -> int:
    """Return the id that was chosen or typed, as `parse_choice` does.

    Raises:
        InvalidInputError: as `parse_choice`, or nothing was entered.
    """
    choice = parse_choice(kind, text, index, budget, field)
    if choice is None:
        raise InvalidInputError(field, InputProblem.NOT_AN_ID)
    return choice


def near_names(
    kind: Kind, text: str, index: NameIndex, budget: int | None
) -> dict[str, str]:
    """Return the placeholder for a form's error about a name: similar names."""
    found = index.near(kind, text, budget)
    return {"near": ", ".join(shortened(entry.name) for entry in found) or "–"}


def shortened(name: str) -> str:
    """Return a name for a list, shortened to `LONGEST_LABEL`."""
    if len(name) <= LONGEST_LABEL:
        return name
    return f"{name[: LONGEST_LABEL - 1].rstrip()}…"


def _is_of(entry: Account | Category | Payee, budget: int | None) -> bool:
    return budget is None or entry.budget in (None, budget)


def _in_budget(
    directory: Directory, entry: Account | Category, name: str, budget: int | None
) -> str:
    """Return a name, with that of its budget if there are several budgets."""
    name = shortened(name)
    if budget is None and len(directory.budgets) > 1:
        for known in directory.budgets:
            if known.id == entry.budget:
                return f"{name} ({shortened(known.name)})"
    return name


def _id_selector(entries: Iterable[tuple[int, str]]) -> IdSelector:
    """Return a list; entries with the same label get their ids as well."""
    found = [(number, label or str(number)) for number, label in entries]
    if not found:
        return ID
    times = Counter(label for _, label in found)
    options = [
        SelectOptionDict(
            value=str(number),
            label=f"{label} · {number}" if times[label] > 1 else label,
        )
        for number, label in found
    ]
    return SelectSelector(
        SelectSelectorConfig(
            options=options, custom_value=True, mode=SelectSelectorMode.DROPDOWN
        )
    )
