"""Operations of the Budgero app as its releases up to 1.16 were read, not run.

An add remembers its message id: a second add with that id books nothing, and the
id is the handle for changing and deleting the transaction. With the transaction
goes its handle: then the same id books again. The stand-in knows no exchange rates.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Final

from . import javascript, transactions
from .booking_table import Push
from .javascript import Json
from .ledger import Ledger, Table
from .model import Booking, Entry
from .mutation import MutationError
from .splits import book_transfers, read_splits, transfer_of_splits

# Of the codes in the app's list only these are known; how many there are is not.
SCALES: Final[Mapping[str, int]] = dict.fromkeys(("BTC", "ETH", "USDT"), 100_000_000)

_FIELDS: Final = frozenset(
    {
        "inflow",
        "outflow",
        "date",
        "memo",
        "payee",
        "categoryId",
        "accountId",
        "cleared",
    }
)
_FIELDS_OF_SPLITS: Final = frozenset({"memo", "payee", "cleared"})
_FIELDS_OF_PRICE: Final = frozenset({"inflow", "outflow", "date", "accountId"})


def add(args: Json, ledger: Ledger, push: Push) -> None:
    """Book a transaction once for a message id.

    Raises:
        MutationError: The app fails such a transaction.
    """
    message_id = push.message_id
    if message_id is None:
        _book(_entry(args, ledger), ledger, push)
    elif ledger.transactions.referred(message_id) is None:
        booking_id = _book(_entry(args, ledger), ledger, push)
        ledger.transactions.refer(message_id, booking_id)


def add_transfer(args: Json, ledger: Ledger, push: Push) -> None:
    """Book both legs of a transfer, or none.

    Raises:
        MutationError: The app fails one of the legs.
    """
    given = transactions.arguments(args)
    both = {name: given.get(name) for name in ("budgetId", "transferId")}
    for name in ("source", "destination"):
        leg = transactions.arguments(given.get(name))
        _book(_entry({**leg, **both, "splits": None}, ledger), ledger, push)


def delete_transfer(args: Json, ledger: Ledger, _: Push) -> None:
    """Delete all legs of a transfer; an unknown one is deleted already."""
    transfer_id = transactions.arguments(args).get("transferId")
    if isinstance(transfer_id, str):
        _delete_transfer(transfer_id, ledger)


def update_by_ref(args: Json, ledger: Ledger, _: Push) -> None:
    """Change what was added under a message id, all fields or none.

    Raises:
        MutationError: The id is unknown, or the change is not allowed.
    """
    message_id = _message_id(args)
    booking_id = ledger.transactions.referred(message_id)
    if booking_id is None:
        raise _unknown(message_id)
    fields = transactions.arguments(args).get("fields")
    if not isinstance(fields, Mapping):
        raise MutationError('"fields" must be an object')
    booking = ledger.transactions.find(booking_id)
    ledger.transactions.change(booking.id, _changed(booking, fields, ledger))


def delete_by_ref(args: Json, ledger: Ledger, _: Push) -> None:
    """Delete what was added under a message id; what is unknown is deleted already.

    Raises:
        MutationError: There is no message id.
    """
    _delete_by_ref(_message_id(args), ledger)


def delete_known_by_ref(args: Json, ledger: Ledger, _: Push) -> None:
    """Delete what was added under a message id, as no release is known to do it.

    A client cannot know that an unknown id will be forgiven: here it is not.

    Raises:
        MutationError: There is no message id, or it is unknown.
    """
    message_id = _message_id(args)
    if not _delete_by_ref(message_id, ledger):
        raise _unknown(message_id)


def _entry(args: Json, ledger: Ledger) -> Entry:
    """Read a transaction with the defaults of these releases."""
    given = transactions.arguments(args)
    splits = read_splits(given, ledger)
    memo, category_id = given.get("memo"), given.get("categoryId")
    entry = transactions.check(
        {
            **given,
            "memo": "" if memo is None else memo,
            "categoryId": 0.0 if splits or category_id is None else category_id,
        },
        ledger,
    )
    account, budget = ledger.currencies(entry.account_id, entry.budget_id)
    if account != budget and account in SCALES:
        raise MutationError(f"No exchange rate available for {account}")
    return replace(entry, cleared=given.get("cleared") is True, splits=splits)


def _book(entry: Entry, ledger: Ledger, push: Push) -> int:
    booking_id = ledger.transactions.book(entry, push)
    book_transfers(entry, booking_id, ledger, push)
    return booking_id


def _delete_by_ref(message_id: str, ledger: Ledger) -> bool:
    booking_id = ledger.transactions.referred(message_id)
    if booking_id is None:
        return False
    booking = ledger.transactions.find(booking_id)
    _delete_transfer(
        booking.transfer_id or transfer_of_splits(booking.id, booking.date), ledger
    )
    ledger.transactions.delete(booking.id)
    return True


def _delete_transfer(transfer_id: str, ledger: Ledger) -> None:
    for booking_id in ledger.transactions.of_transfer(transfer_id):
        ledger.transactions.delete(booking_id)


def _message_id(args: Json) -> str:
    message_id = transactions.arguments(args).get("messageId")
    if not isinstance(message_id, str) or not message_id:
        raise MutationError('"messageId" is required')
    return message_id


def _unknown(message_id: str) -> MutationError:
    return MutationError(f'No transaction found for push message_id "{message_id}"')


def _changed(booking: Booking, fields: Mapping[str, Json], ledger: Ledger) -> Entry:
    names = fields.keys()
    if not names or names - _FIELDS:
        raise MutationError('"fields" must set at least one known field and no other')
    structural = bool(names - _FIELDS_OF_SPLITS)
    if booking.transfer_id or (structural and booking.splits):
        raise MutationError(
            "Transfers cannot be changed; of split transactions only memo, payee and"
            " cleared"
        )
    inflow = _amount(fields, "inflow", booking.inflow)
    outflow = _amount(fields, "outflow", booking.outflow)
    if structural and bool(inflow) == bool(outflow):
        raise MutationError("Exactly one of inflow or outflow must be non-zero")
    account_id = _id(fields, "accountId", booking.account_id)
    category_id = _id(fields, "categoryId", booking.category_id)
    _require("accounts", account_id, booking, ledger)
    _require("categories", category_id, booking, ledger)
    account, budget = ledger.currencies(account_id, booking.budget_id)
    if account != budget and names & _FIELDS_OF_PRICE:
        raise MutationError("No exchange rate available for this update")
    return Entry(
        budget_id=booking.budget_id,
        account_id=account_id,
        category_id=category_id,
        date=_date(fields.get("date", booking.date)),
        inflow=inflow,
        outflow=outflow,
        memo=_memo(fields.get("memo", booking.memo)),
        payee=transactions.payee(fields.get("payee", booking.payee)),
        label_id=booking.label_id,
        transfer_id=booking.transfer_id,
        cleared=_cleared(fields.get("cleared", booking.cleared)),
    )


def _amount(fields: Mapping[str, Json], name: str, otherwise: int) -> int:
    value = fields.get(name, float(otherwise))
    if not isinstance(value, float) or value < 0:
        raise MutationError(f"{name} must be non-negative integer milliunits")
    return transactions.amount(value)


def _id(fields: Mapping[str, Json], name: str, otherwise: int) -> int:
    value = fields.get(name, float(otherwise))
    if (
        not isinstance(value, float)
        or value <= 0
        or not javascript.is_safe_integer(value)
    ):
        raise MutationError(f"{name} must be a positive integer")
    return int(value)


def _require(table: Table, id_: int, booking: Booking, ledger: Ledger) -> None:
    if ledger.find_in_budget(table, id_, booking.budget_id) is None:
        raise MutationError("Account and category must belong to the budget")


def _date(value: Json) -> str:
    """Read `YYYY-MM-DD`, and only days that there are."""
    try:
        if isinstance(value, str) and date.fromisoformat(value).isoformat() == value:
            return value
    except ValueError as error:
        raise MutationError("date must be a valid YYYY-MM-DD date") from error
    raise MutationError("date must be a valid YYYY-MM-DD date")


def _memo(value: Json) -> str:
    if not isinstance(value, str):
        raise MutationError("memo must be a string")
    return javascript.well_formed(value)


def _cleared(value: Json) -> bool:
    if not isinstance(value, bool):
        raise MutationError("cleared must be true or false")
    return value
