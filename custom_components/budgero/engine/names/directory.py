"""The directory: the names of budgets, accounts, categories and payees."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from ..push.currencies import is_fiat


class Kind(StrEnum):
    """What a name can stand for."""

    BUDGET = "budget"
    ACCOUNT = "account"
    CATEGORY = "category"
    PAYEE = "payee"


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """A budget of the workspace.

    Attributes:
        id: in Budgero.
        name: cleaned; "" if only the id is known.
        currency: code of the currency that it is shown in, if that is known.
        is_by_hand: whether a person gave it this name here.
    """

    id: int
    name: str
    currency: str | None = None
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account of a budget.

    Attributes:
        id: in Budgero.
        name: cleaned; "" if only the id is known.
        budget: id of its budget; `None` if that is unknown, and it fits any.
        currency: code of its currency, if that is known.
        is_archived: whether it was archived in Budgero.
        is_by_hand: whether a person gave it this name here.
    """

    id: int
    name: str
    budget: int | None = None
    currency: str | None = None
    is_archived: bool = False
    is_by_hand: bool = False

    @property
    def is_crypto(self) -> bool:
        """Whether it is known to hold something other than a country's money."""
        return self.currency is not None and not is_fiat(self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryGroup:
    """A group of categories.

    Attributes:
        id: in Budgero.
        name: cleaned.
        budget: id of its budget, if that is known.
    """

    id: int
    name: str
    budget: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A category of a budget.

    Attributes:
        id: in Budgero.
        name: cleaned; "" if only the id is known.
        budget: id of its budget; `None` if that is unknown, and it fits any.
        group: id of its group, if that is known.
        is_by_hand: whether a person gave it this name here.
    """

    id: int
    name: str
    budget: int | None = None
    group: int | None = None
    is_by_hand: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Payee:
    """Somebody who is paid, or who pays.

    Attributes:
        id: in Budgero.
        name: cleaned; "" if only the id is known.
        budget: id of the budget; `None` if that is unknown, and it fits any.
        is_by_hand: whether a person gave it this name here.
    """

    id: int
    name: str
    budget: int | None = None
    is_by_hand: bool = False


type Entry = Budget | Account | Category | Payee


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """Names and ids of one workspace, each kind in Budgero's own order.

    Attributes:
        spaces: ids of the workspaces that the budgets say they belong to.
    """

    spaces: frozenset[str] = frozenset()
    budgets: tuple[Budget, ...] = ()
    accounts: tuple[Account, ...] = ()
    groups: tuple[CategoryGroup, ...] = ()
    categories: tuple[Category, ...] = ()
    payees: tuple[Payee, ...] = ()

    def entries(self, kind: Kind) -> tuple[Entry, ...]:
        """Return all entries of a kind."""
        match kind:
            case Kind.BUDGET:
                return self.budgets
            case Kind.ACCOUNT:
                return self.accounts
            case Kind.CATEGORY:
                return self.categories
            case Kind.PAYEE:
                return self.payees

    def merged(self, by_hand: Self) -> Self:
        """Return this directory with the names that a person gave.

        An entry in both gets the name by hand, and keeps its other values; a currency
        by hand is used if none is known. Entries that are only in `by_hand` come last.
        """
        return replace(
            self,
            budgets=_named(self.budgets, by_hand.budgets),
            accounts=_named(self.accounts, by_hand.accounts),
            categories=_named(self.categories, by_hand.categories),
            payees=_named(self.payees, by_hand.payees),
        )


def _named[E: Budget | Account | Category | Payee](
    entries: Iterable[E], by_hand: Iterable[E]
) -> tuple[E, ...]:
    merged = {entry.id: entry for entry in entries}
    for given in by_hand:
        known = merged.get(given.id, given)
        if isinstance(known, Account) and isinstance(given, Account):
            known = replace(known, currency=known.currency or given.currency)
        merged[given.id] = replace(known, name=given.name, is_by_hand=True)
    return tuple(merged.values())
