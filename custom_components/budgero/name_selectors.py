"""Lists of names in forms, and reading what was chosen or typed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .engine.names import Account, Budget, Category, Directory, Kind, NameIndex, Payee
from .engine.push import parse_id
from .engine.push.errors import InputProblem, InvalidInputError

LONGEST_LABEL: Final = 80
"""Most characters of a name in a list."""

_BEFORE_ID: Final = " · "

# Text, because Home Assistant's frontend fills a required number in with 0.
ID: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.NUMBER))
"""A field for an id."""

CURRENCY: Final = SelectSelector(
    SelectSelectorConfig(
        options=sorted(ACTIVE_CURRENCIES), mode=SelectSelectorMode.DROPDOWN
    )
)
"""A list of the world's currencies."""

type IdSelector = SelectSelector | TextSelector


def labels_of(
    kind: Kind, directory: Directory, budget: int | None = None
) -> dict[int, str]:
    """Return how a list shows the entries of a kind, by id.

    If a list also takes typed text, Home Assistant's frontend shows the value of the
    chosen option, not its label. So the labels are used as values: no two are the same,
    and none looks like an id.

    Args:
        kind: of the entries.
        directory: what is known.
        budget: id of the budget whose entries are listed; without one, the label names
            the budget if there are several.
    """
    groups = {group.id: group.name for group in directory.groups}
    budgets = {known.id: known.name for known in directory.budgets}
    labels: dict[int, str] = {}
    for entry in directory.entries(kind):
        label = entry.name or "–"
        if isinstance(entry, Category) and (group := groups.get(entry.group or 0)):
            label = f"{group}: {label}"
        label = shortened(label)
        if not isinstance(entry, Budget) and budget is None and len(budgets) > 1:
            if of := budgets.get(entry.budget or 0):
                label = f"{label} ({shortened(of)})"
        labels[entry.id] = label
    times = Counter(labels.values())
    return {
        number: f"{label}{_BEFORE_ID}{number}"
        if times[label] > 1 or label.isdigit() or _BEFORE_ID in label
        else label
        for number, label in labels.items()
    }


def account_selector(
    directory: Directory, budget: int | None = None, *, keep: int | None = None
) -> IdSelector:
    """Return a list of accounts that can be booked to, or a field for an ID.

    Archived accounts and accounts in a crypto currency are not listed.

    Args:
        directory: the known names.
        budget: ID of the budget whose accounts are listed; `None` for all budgets.
        keep: ID of an account that is listed in any case.
    """
    listed = [
        account.id
        for account in directory.accounts
        if account.id == keep
        or (
            _is_of(account, budget)
            and not account.is_archived
            and not account.is_crypto
        )
    ]
    return _id_selector(labels_of(Kind.ACCOUNT, directory, budget), listed)


def category_selector(directory: Directory, budget: int | None = None) -> IdSelector:
    """Return a list of categories, each with its group, or a field for an ID.

    Args:
        directory: the known names.
        budget: ID of the budget whose categories are listed; `None` for all budgets.
    """
    listed = [each.id for each in directory.categories if _is_of(each, budget)]
    return _id_selector(labels_of(Kind.CATEGORY, directory, budget), listed)


def budget_selector(directory: Directory) -> IdSelector:
    """Return a list of budgets, or a field for an ID."""
    listed = [budget.id for budget in directory.budgets]
    return _id_selector(labels_of(Kind.BUDGET, directory), listed)


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


def suggest_choice(
    kind: Kind, number: int, directory: Directory, budget: int | None = None
) -> str:
    """Return the value in a list for an id, to fill in a form.

    Args:
        kind: of the entry.
        number: its id, known or not.
        directory: what is known.
        budget: id of the budget whose entries the list has; `None` for all.
    """
    return labels_of(kind, directory, budget).get(number, str(number))


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
        InvalidInputError: it is no id, the name is unknown or ambiguous, or money of
            this budget cannot be booked there.
    """
    if not (text := text.strip()):
        return None
    for listed in {budget, None}:  # the form may have listed those of all budgets
        for number, label in labels_of(kind, index.directory, listed).items():
            if label == text:
                index.check(kind, number, budget, field)
                return number
    try:
        return index.find(kind, text, budget, field).id
    except InvalidInputError as error:
        if error.problem is not InputProblem.ID_AND_NAME:
            raise
        number = parse_id(text, field)
        index.check(kind, number, budget, field)
        return number


def required_choice(
    kind: Kind, text: str, index: NameIndex, budget: int | None, field: str
) -> int:
    """Return the id that was chosen or typed, as `parse_choice` does.

    Raises:
        InvalidInputError: as `parse_choice`, or nothing was entered.
    """
    choice = parse_choice(kind, text, index, budget, field)
    if choice is None:
        raise InvalidInputError(field, InputProblem.MISSING)
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


def _id_selector(labels: Mapping[int, str], listed: Sequence[int]) -> IdSelector:
    """Return a list of some of the entries, or a field for an ID if there are none."""
    if not listed:
        return ID
    return SelectSelector(
        SelectSelectorConfig(
            options=[labels[number] for number in listed],
            custom_value=True,
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
