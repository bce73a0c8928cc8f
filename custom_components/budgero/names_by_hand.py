"""The names that a person entered for ids, stored in the options of the entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from homeassistant.const import CONF_ID, CONF_NAME

from .const import CONF_CURRENCY, CONF_NAMES
from .engine.names import Account, Budget, Category, Directory, Kind, Payee

CONF_KIND: Final = "kind"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameByHand:
    """A name that a person entered.

    Attributes:
        kind: the kind of the named thing.
        id: its id in Budgero; below zero for a payee, which Budgero gets by name.
        name: the name, cleaned.
        currency: the currency of an account, if it was entered.
    """

    kind: Kind
    id: int
    name: str
    currency: str | None = None

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """Return the name that a row of the options describes."""
        return cls(
            kind=Kind(row[CONF_KIND]),
            id=row[CONF_ID],
            name=row[CONF_NAME],
            currency=row.get(CONF_CURRENCY),
        )

    @property
    def row(self) -> dict[str, Any]:
        """The row of the options."""
        currency = {CONF_CURRENCY: self.currency} if self.currency else {}
        return {
            CONF_KIND: self.kind.value,
            CONF_ID: self.id,
            CONF_NAME: self.name,
            **currency,
        }

    @property
    def key(self) -> str:
        """Identifies the name among the others."""
        return f"{self.kind}:{self.id}"


def names_by_hand(options: Mapping[str, Any]) -> tuple[NameByHand, ...]:
    """Return the names in the options of an entry."""
    return tuple(NameByHand.of(row) for row in options.get(CONF_NAMES, ()))


def put_names(
    options: Mapping[str, Any], names: Iterable[NameByHand]
) -> dict[str, Any]:
    """Return options in which these names replace the former ones."""
    rows = [name.row for name in names]
    others = {key: value for key, value in options.items() if key != CONF_NAMES}
    return {**others, CONF_NAMES: rows} if rows else others


def directory_by_hand(options: Mapping[str, Any]) -> Directory:
    """Return the names in the options of an entry as a directory."""
    names = names_by_hand(options)

    def of(kind: Kind) -> list[NameByHand]:
        return [name for name in names if name.kind is kind]

    return Directory(
        budgets=tuple(
            Budget(id=name.id, name=name.name, is_by_hand=True)
            for name in of(Kind.BUDGET)
        ),
        accounts=tuple(
            Account(id=name.id, name=name.name, currency=name.currency, is_by_hand=True)
            for name in of(Kind.ACCOUNT)
        ),
        categories=tuple(
            Category(id=name.id, name=name.name, is_by_hand=True)
            for name in of(Kind.CATEGORY)
        ),
        payees=tuple(
            Payee(id=name.id, name=name.name, is_by_hand=True)
            for name in of(Kind.PAYEE)
        ),
    )
