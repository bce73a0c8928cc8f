"""The operation `transactions.add` by the rules of the Budgero app 1.6.0.

What the app books silently wrong (negative amounts, malformed dates, another
budget's account) is booked here too: a client has to be kept from sending it.
"""

from collections.abc import Mapping
import math
from typing import Final

from . import javascript
from .booking_table import Push
from .javascript import Json
from .ledger import Ledger, SqlValue
from .model import Entry
from .mutation import MutationError

UNCATEGORIZED: Final = "Uncategorized"
TRANSFERS: Final = "Transfers"


def add(args: Json, ledger: Ledger, push: Push) -> None:
    """Book a transaction.

    Raises:
        MutationError: The app fails such a transaction.
    """
    ledger.transactions.book(check(arguments(args), ledger), push)


def arguments(args: Json) -> Mapping[str, Json]:
    """Read the arguments of an operation.

    Raises:
        MutationError: They are no object.
    """
    if not isinstance(args, Mapping):
        raise MutationError("The operation has no arguments")
    return args


def check(args: Mapping[str, Json], ledger: Ledger) -> Entry:
    """Turn the arguments into an entry for the ledger.

    Raises:
        MutationError: The app fails such a transaction.
    """
    inflow = amount(args.get("inflow"))
    outflow = amount(args.get("outflow"))
    date = _stored_text(args.get("date"))
    memo = _stored_text(args.get("memo"))
    payee_name = payee(args.get("payee"))
    budget_id = required(ledger.find_budget(sql_value(args.get("budgetId"))))
    account_id = required(ledger.find_account(sql_value(args.get("accountId"))))
    label_id = _label(args.get("labelId"), budget_id, ledger)
    transfer_id = _transfer(args.get("transferId"))
    category_id = _category(
        args.get("categoryId"),
        budget_id,
        ledger,
        into_transfer=transfer_id is not None and inflow > 0,
        zero_name=UNCATEGORIZED if transfer_id is None else TRANSFERS,
    )
    return Entry(
        budget_id=budget_id,
        account_id=account_id,
        category_id=category_id,
        date=date,
        inflow=inflow,
        outflow=outflow,
        memo=memo,
        payee=payee_name,
        label_id=label_id,
        transfer_id=transfer_id,
    )


def _sql_error() -> MutationError:
    return MutationError("Query execution failed: Unknown error")


def amount(value: Json) -> int:
    """Read an amount; what is missing is zero.

    Raises:
        MutationError: It is no integer that JavaScript can hold.
    """
    number = javascript.number(value)
    if not javascript.is_safe_integer(number):
        raise MutationError(
            f"Amount is not an integer milliunit value: {javascript.text(number)}"
        )
    return int(number)


def _stored_text(value: Json) -> str:
    """Read a column that must not be null and takes numbers as text."""
    if value is None or isinstance(value, (list, Mapping)):
        raise _sql_error()
    return javascript.well_formed(javascript.text(value))


def payee(value: Json) -> str | None:
    """Read the name of a payee; a blank one is none.

    Raises:
        MutationError: It is no text.
    """
    if value is None:
        return None
    if not isinstance(value, str):
        raise MutationError("The payee is not text")
    return javascript.well_formed(value.strip()) or None


def sql_value(value: Json) -> SqlValue:
    """Give what SQLite can compare; anything else matches no row."""
    if isinstance(value, str):
        return javascript.well_formed(value)
    return value if isinstance(value, float) else None


def required(row_id: int | None) -> int:
    """Insist on a row that is referred to.

    Raises:
        MutationError: There is none.
    """
    if row_id is None:
        raise _sql_error()
    return row_id


def _label(value: Json, budget_id: int, ledger: Ledger) -> int | None:
    """Read a label; zero, null and what is no number mean none."""
    number = javascript.number(value)
    if not number or math.isnan(number):
        return None
    return required(ledger.find_label(number, budget_id))


def _transfer(value: Json) -> str | None:
    if value is None or value == "":
        return None
    return javascript.text(value)


def _category(
    value: Json,
    budget_id: int,
    ledger: Ledger,
    *,
    into_transfer: bool,
    zero_name: str,
) -> int:
    """Choose the category.

    The receiving leg of a transfer always lands in Transfers. On the other leg
    only zero means Transfers; null is taken for "no category", as on 1.6.0.
    """
    if into_transfer:
        return ledger.category_named(TRANSFERS, budget_id)
    if value is None or value == "":
        return ledger.category_named(UNCATEGORIZED, budget_id)
    if value == 0.0 and not isinstance(value, bool):
        return ledger.category_named(zero_name, budget_id)
    found = ledger.find_category(sql_value(value))
    if found is None:
        raise MutationError(f"Category '{javascript.text(value)}' does not exist")
    return found
