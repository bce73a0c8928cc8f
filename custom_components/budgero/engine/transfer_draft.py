"""A transfer as somebody asked for it, before defaults and checks."""

from dataclasses import dataclass, field
from datetime import datetime
import json

from .draft import Defaults, Resolved
from .draft_fields import (
    read_date,
    read_id,
    read_message_id,
    read_remark,
    read_value,
    required,
)
from .push.fields import MAX_MEMO
from .push.money import to_milliunits
from .push.transfer import Transfer
from .push.written_money import parse_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDraft:
    """A transfer as somebody asked for it; `None` and "" mean "not given"."""

    from_account: object = None
    to_account: object = None
    amount: object = field(default=None, repr=False)
    date: object = None
    memo: object = field(default=None, repr=False)
    budget: object = None
    message_id: object = None


def resolve_transfer(
    draft: TransferDraft, defaults: Defaults, now: datetime
) -> Resolved[Transfer]:
    """Complete a draft with defaults and check every field.

    Args:
        draft: what was asked for.
        defaults: what it leaves out.
        now: the moment, in the household's time zone.

    Raises:
        InvalidInputError: a field is missing or cannot be read; names the field.
    """
    day = read_date(draft.date, now)
    budget = read_id(draft.budget, "budget")
    amount = required(read_value(draft.amount, "amount"), "amount")
    transfer = Transfer(
        from_account=required(
            read_id(draft.from_account, "from_account"), "from_account"
        ),
        to_account=required(read_id(draft.to_account, "to_account"), "to_account"),
        budget=required(budget or defaults.budget, "budget"),
        date=day or now.date(),
        amount=parse_amount(amount, defaults.currency),
        memo=read_remark(draft.memo, "memo", MAX_MEMO) or "",
    )
    given = {
        "from_account": transfer.from_account,
        "to_account": transfer.to_account,
        "milliunits": to_milliunits(transfer.amount),
        "date": None if day is None else transfer.date.isoformat(),
        "memo": transfer.memo,
        "budget": budget,
    }
    return Resolved(
        transfer,
        read_message_id(draft.message_id),
        json.dumps(given, sort_keys=True).encode(),
        is_dated=day is None,
    )
