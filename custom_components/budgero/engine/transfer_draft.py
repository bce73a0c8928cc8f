"""A transfer as somebody asked for it, before defaults and checks."""

from dataclasses import dataclass, field
from datetime import datetime
import json

from .draft import Defaults, Resolved
from .draft_fields import read_date, read_message_id, read_remark, read_value, required
from .names import Kind, NameIndex
from .places import Places, read_budget
from .push.fields import MAX_MEMO
from .push.money import to_milliunits
from .push.transfer import Transfer
from .push.written_money import parse_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferDraft:
    """A transfer as somebody asked for it; `None` and "" mean "not given".

    Accounts and budget come as a name or an id.
    """

    from_account: object = None
    to_account: object = None
    amount: object = field(default=None, repr=False)
    date: object = None
    memo: object = field(default=None, repr=False)
    budget: object = None
    message_id: object = None


def resolve_transfer(
    draft: TransferDraft, defaults: Defaults, names: NameIndex, now: datetime
) -> Resolved[Transfer]:
    """Complete a draft with defaults and check every field.

    Args:
        draft: what was asked for.
        defaults: the values of fields that it leaves out.
        names: what the directory knows.
        now: the moment, in the household's time zone.

    Raises:
        InvalidInputError: a field is missing or cannot be read; names the field.
    """
    day = read_date(draft.date, now)
    budget = read_budget(names, draft.budget)
    places = Places(names, budget or defaults.budget, defaults.currency)
    amount = required(read_value(draft.amount, "amount"), "amount")
    source = places.read(Kind.ACCOUNT, draft.from_account, "from_account")
    target = places.read(Kind.ACCOUNT, draft.to_account, "to_account")
    currency = places.currency_of(source, target, "to_account")
    transfer = Transfer(
        from_account=required(source, "from_account"),
        to_account=required(target, "to_account"),
        budget=required(places.budget, "budget"),
        date=day or now.date(),
        amount=parse_amount(amount, currency),
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
