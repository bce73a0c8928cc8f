"""The lines of a split transaction, as newer releases were read, not run."""

from collections.abc import Callable, Mapping
from typing import Final

from . import javascript, transactions
from .booking_table import Push
from .javascript import Json
from .ledger import Ledger, SqlValue
from .model import Entry, Split
from .mutation import MutationError

_NO_LINES: Final = '"splits" must be an array of at least one line'


def read_splits(args: Mapping[str, Json], ledger: Ledger) -> tuple[Split, ...]:
    """Read the lines, which have to add up to the transaction's own amount.

    Raises:
        MutationError: A line is wrong, or all of them together are.
    """
    lines = args.get("splits")
    if lines is None:
        return ()
    if not isinstance(lines, list) or not lines:
        raise MutationError(_NO_LINES)
    if args.get("transferId"):
        raise MutationError("Transfer transactions cannot be split")
    splits = tuple(_read(line, ledger) for line in lines)
    total = transactions.amount(args.get("inflow")) - transactions.amount(
        args.get("outflow")
    )
    if sum(split.inflow - split.outflow for split in splits) != total:
        raise MutationError("Split amounts must sum to parent total")
    return splits


def _read(line: Json, ledger: Ledger) -> Split:
    if not isinstance(line, Mapping):
        raise MutationError("Each split line must be an object")
    inflow = transactions.amount(line.get("inflow"))
    outflow = transactions.amount(line.get("outflow"))
    if min(inflow, outflow) < 0 or (inflow and outflow):
        raise MutationError("Split amounts must be non-negative with one direction")
    category, account = line.get("categoryId"), line.get("transferAccountId")
    if (category is None) == (account is None):
        raise MutationError("Each split has either categoryId or transferAccountId")
    return Split(
        inflow=inflow,
        outflow=outflow,
        category_id=_row(category, ledger.find_category),
        category=None,
        transfer_account_id=_row(account, ledger.find_account),
        memo=_text(line.get("memo")),
        payee=_text(line.get("payee")),
    )


def _row(value: Json, find: Callable[[SqlValue], int | None]) -> int | None:
    if value is None:
        return None
    if not isinstance(value, float) or value <= 0 or not value.is_integer():
        raise MutationError("A split's id must be a positive integer")
    return transactions.required(find(value))


def _text(value: Json) -> str:
    return "" if value is None else javascript.well_formed(javascript.text(value))


def transfer_of_splits(booking_id: int, date: str) -> str:
    """Name the transfer between a split transaction and other accounts."""
    return f"split_transfer_{booking_id}_{date}"


def book_transfers(entry: Entry, booking_id: int, ledger: Ledger, push: Push) -> None:
    """Book in the other accounts what the lines of a transaction move there."""
    for split in entry.splits:
        if split.transfer_account_id is None:
            continue
        leg = Entry(
            budget_id=entry.budget_id,
            account_id=split.transfer_account_id,
            category_id=ledger.category_named(transactions.TRANSFERS, entry.budget_id),
            date=entry.date,
            inflow=split.outflow,
            outflow=split.inflow,
            memo=split.memo,
            payee=split.payee or None,
            label_id=None,
            transfer_id=transfer_of_splits(booking_id, entry.date),
        )
        ledger.transactions.book(leg, push)
