"""Finds accounts and categories of the budget in use, by name or id."""

from dataclasses import dataclass
from typing import Literal

from .draft_fields import read_value
from .names import Kind, NameIndex
from .push.errors import InputProblem, InvalidInputError

type Place = Literal[Kind.ACCOUNT, Kind.CATEGORY]


def read_budget(names: NameIndex, value: object) -> int | None:
    """Return the id of a budget that is given by name or id, or `None`.

    Raises:
        InvalidInputError: no budget has this name, or several have it.
    """
    known = read_value(value, "budget")
    if known is None:
        return None
    return names.find(Kind.BUDGET, known, None, "budget").id


@dataclass(frozen=True, slots=True)
class Places:
    """Finds the accounts and categories that names and ids mean.

    Attributes:
        names: what the directory knows; an id that it does not know is taken as it is.
        budget: id of the budget in use; `None` if nobody has named one.
        currency: ISO 4217 code of the accounts whose own is not known.
    """

    names: NameIndex
    budget: int | None
    currency: str

    def read(self, kind: Place, value: object, field: str) -> int | None:
        """Return the id of what is given by name or id, or `None`.

        Raises:
            InvalidInputError: nothing has this name, or several things have it, or no
                money of this budget can be booked there.
        """
        known = read_value(value, field)
        if known is None:
            return None
        return self.names.find(kind, known, self.budget, field).id

    def default(self, kind: Place, number: int | None, field: str) -> int | None:
        """Return an id that was chosen beforehand.

        Raises:
            InvalidInputError: no money of this budget can be booked there any more.
        """
        if number is not None:
            self.names.check(kind, number, self.budget, field)
        return number

    def currency_of(
        self, account: int | None, other: int | None = None, field: str = ""
    ) -> str:
        """Return the currency of an account, or of both accounts of a transfer.

        Args:
            account: its id.
            other: id of the other account of a transfer.
            field: the name of the other account's field, for the error.

        An account whose own currency is not known has that of the entry.

        Raises:
            InvalidInputError: their currencies differ.
        """
        currencies = {
            self._own_currency(number) or self.currency
            for number in (account, other)
            if number is not None
        }
        if len(currencies) > 1:
            raise InvalidInputError(field, InputProblem.DIFFERENT_CURRENCIES)
        return currencies.pop() if currencies else self.currency

    def _own_currency(self, account: int) -> str | None:
        known = self.names.get(Kind.ACCOUNT, account)
        return known.currency if known else None
