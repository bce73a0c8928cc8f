"""A change of a transaction as somebody asked for it, before checks."""

from dataclasses import dataclass, field
from datetime import datetime

from .draft_fields import (
    read_date,
    read_flag,
    read_message_id,
    read_money,
    read_remark,
    read_value,
    required,
)
from .names import Kind
from .places import Places
from .push.errors import InputProblem, InvalidInputError
from .push.fields import MAX_MEMO, MAX_PAYEE
from .push.update import Update


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDraft:
    """New values for a transaction; `None` leaves a field as it is.

    "" means the same, except that it empties memo and payee. Account and category come
    as a name or an id.
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


def resolve_update(
    draft: UpdateDraft, places: Places, account: int | None, now: datetime
) -> Update:
    """Check every field of a change.

    Args:
        draft: what was asked for.
        places: what names and ids mean in the budget of the transaction.
        account: id of the account of the transaction, if that is known.
        now: the moment, in the household's time zone.

    Raises:
        InvalidInputError: a field cannot be read, or nothing changes; names the
            field.
    """
    new_account = places.read(Kind.ACCOUNT, draft.account, "account")
    currency = places.currency_of(new_account or account)
    money = read_money(draft.amount, draft.outflow, draft.inflow, draft.type, currency)
    if money is None and read_value(draft.type, "type") is not None:
        raise InvalidInputError("amount", InputProblem.MISSING)
    if money is None:  # the amount stays, and must not change its currency
        places.currency_of(account, new_account, "account")
    direction, amount = money or (None, None)
    return Update(
        target=required(read_message_id(draft.message_id), "message_id"),
        amount=amount,
        direction=direction,
        date=read_date(draft.date, now),
        memo=read_remark(draft.memo, "memo", MAX_MEMO),
        payee=read_remark(draft.payee, "payee", MAX_PAYEE),
        category=places.read(Kind.CATEGORY, draft.category, "category"),
        account=new_account,
        cleared=read_flag(draft.cleared, "cleared"),
    )
