"""A change of a transaction as somebody asked for it, before checks."""

from dataclasses import dataclass, field
from datetime import date

from .push.errors import InputProblem, InvalidInputError
from .push.fields import MAX_MEMO, MAX_PAYEE, parse_text
from .push.money import currency_decimals
from .push.update import Update
from .said import (
    required,
    said,
    said_date,
    said_flag,
    said_id,
    said_message_id,
    said_money,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDraft:
    """New values for a transaction; `None` leaves a field as it is.

    So does "", but for memo and payee, which it empties.
    """

    message_id: object = None
    amount: object = field(default=None, repr=False)
    type: object = None
    outflow: object = field(default=None, repr=False)
    inflow: object = field(default=None, repr=False)
    date: object = None
    payee: object = field(default=None, repr=False)
    memo: object = field(default=None, repr=False)
    account: object = None
    category: object = None
    cleared: object = None


def resolve_update(draft: UpdateDraft, currency: str, today: date) -> Update:
    """Check every field of a change.

    Args:
        draft: what was asked for.
        currency: ISO 4217 code that says how many decimals an amount has.
        today: the household's date.

    Raises:
        InvalidInputError: a field cannot be read, or nothing changes; names the
            field.
    """
    ways = {name: getattr(draft, name) for name in ("amount", "outflow", "inflow")}
    money = said_money(ways, draft.type, currency_decimals(currency))
    if money is None and said(draft.type) is not None:
        raise InvalidInputError("amount", InputProblem.MISSING)
    direction, amount = money or (None, None)
    return Update(
        target=required(said_message_id(draft.message_id), "message_id"),
        amount=amount,
        direction=direction,
        date=said_date(draft.date, today),
        memo=_text(draft.memo, "memo", MAX_MEMO),
        payee=_text(draft.payee, "payee", MAX_PAYEE),
        category=said_id(draft.category, "category"),
        account=said_id(draft.account, "account"),
        cleared=said_flag(draft.cleared, "cleared"),
    )


def _text(value: object, field: str, limit: int) -> str | None:
    return None if value is None else parse_text(value, field, limit)
