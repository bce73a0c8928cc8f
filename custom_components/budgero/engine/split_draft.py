"""The lines of a divided transaction, as somebody asked for them."""

from collections.abc import Mapping
from typing import Final

from .draft_fields import read_remark, read_value
from .names import Kind
from .places import Places
from .push.errors import InputProblem, InvalidInputError
from .push.fields import MAX_MEMO, MAX_PAYEE
from .push.money import to_milliunits
from .push.split import FEWEST_SPLITS, MOST_SPLITS, Split
from .push.written_money import parse_amount

SPLIT_FIELDS: Final = ("amount", "category", "transfer_account", "memo", "payee")


def read_splits(
    value: object, places: Places, account: int | None
) -> tuple[Split, ...]:
    """Read a list of lines; `None` means that there are none.

    Args:
        value: each line says an amount and either a category or the other account
            of a transfer, and perhaps memo and payee.
        places: what names and ids mean.
        account: id of the account of the transaction, if that is known.

    Raises:
        InvalidInputError: it is no such list; the error names the line, counted from 1.
    """
    if value is None:
        return ()
    if (
        not isinstance(value, list | tuple)
        or not FEWEST_SPLITS <= len(value) <= MOST_SPLITS
    ):
        raise InvalidInputError("splits", InputProblem.NOT_SPLITS)
    return tuple(
        _read_line(line, places, account, f"splits line {number}")
        for number, line in enumerate(value, 1)
    )


def given_splits(splits: tuple[Split, ...]) -> list[dict[str, int | str | None]]:
    """Return what lines say, in one canonical form."""
    return [
        {
            "milliunits": to_milliunits(split.amount),
            "category": split.category,
            "transfer_account": split.transfer_account,
            "memo": split.memo,
            "payee": split.payee,
        }
        for split in splits
    ]


def _read_line(line: object, places: Places, account: int | None, place: str) -> Split:
    if not isinstance(line, Mapping) or line.keys() - set(SPLIT_FIELDS):
        raise InvalidInputError(place, InputProblem.NOT_SPLITS)
    amount = read_value(line.get("amount"), f"{place} amount")
    category = places.read(Kind.CATEGORY, line.get("category"), f"{place} category")
    other_field = f"{place} transfer_account"
    other = places.read(Kind.ACCOUNT, line.get("transfer_account"), other_field)
    if amount is None or (category is None) == (other is None):
        raise InvalidInputError(place, InputProblem.NOT_SPLITS)
    currency = places.currency_of(account, other, other_field)
    return Split(
        amount=parse_amount(amount, currency, f"{place} amount"),
        category=category,
        transfer_account=other,
        memo=read_remark(line.get("memo"), f"{place} memo", MAX_MEMO) or "",
        payee=read_remark(line.get("payee"), f"{place} payee", MAX_PAYEE) or None,
    )
