"""A draft: what somebody asked for, before defaults and checks."""

from dataclasses import dataclass, field, replace
from datetime import datetime
import json

from .draft_fields import (
    read_date,
    read_flag,
    read_message_id,
    read_money,
    read_remark,
    read_text,
    read_value,
    required,
)
from .names import Kind, NameIndex
from .places import Places, read_budget
from .push.content import Content
from .push.fields import MAX_MEMO, MAX_PAYEE
from .push.money import to_milliunits
from .push.transaction import MAX_TRANSFER_ID, Transaction
from .split_draft import given_splits, read_splits


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A transaction as somebody asked for it; `None` and "" mean "not given".

    Budget, account and category come as a name or an id.
    The amount comes as `amount` with `type`, or as Budgero's own `outflow` or
    `inflow`.
    """

    amount: object = field(default=None, repr=False)
    type: object = None
    outflow: object = field(default=None, repr=False)
    inflow: object = field(default=None, repr=False)
    date: object = None
    payee: object = field(default=None, repr=False)
    memo: object = field(default=None, repr=False)
    account: object = None
    category: object = None
    budget: object = None
    transfer_id: object = field(default=None, repr=False)
    cleared: object = None
    splits: object = field(default=None, repr=False)
    message_id: object = None
    preset: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """The values of fields that a draft leaves out.

    Attributes:
        account: id of the account, `None` if every draft must name one.
        category: id of the category, `None` for uncategorised.
        budget: id of the budget, `None` if every draft must name one.
        currency: ISO 4217 code of the accounts whose own is not known.
    """

    account: int | None
    category: int | None
    budget: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Resolved[C: Content = Transaction]:
    """A draft that was completed and checked.

    Attributes:
        transaction: complete and valid; or a transfer, which is two of them.
        message_id: the caller's own, if one was given.
        given: what the caller gave, in one canonical form and without defaults. It must
            be the same in all calls with one message id.
        is_dated: whether its date was taken from the clock.
    """

    transaction: C
    message_id: str | None
    given: bytes
    is_dated: bool


def resolve(
    draft: Draft, defaults: Defaults, names: NameIndex, now: datetime
) -> Resolved:
    """Complete a draft with defaults and check every field.

    Args:
        draft: what was asked for.
        defaults: the values of fields that it leaves out.
        names: what the directory knows.
        now: the moment, in the household's time zone.

    Raises:
        InvalidInputError: a field is missing, contradicts another one, or
            cannot be read; names the field.
    """
    return complete(draft, fitting(draft, defaults, names), names, now)


def fitting(draft: Draft, defaults: Defaults, names: NameIndex) -> Defaults:
    """Return defaults without account and category if the draft names another budget.

    Account and category belong to one budget, and Budgero does not refuse those of
    another budget. They are kept if they are known to belong to the draft's budget.

    Raises:
        InvalidInputError: the draft's budget cannot be read.
    """
    budget = read_budget(names, draft.budget)
    if budget is None or defaults.budget in (None, budget):
        return defaults
    account, category = defaults.account, defaults.category
    return replace(
        defaults,
        account=account if names.is_of(Kind.ACCOUNT, account, budget) else None,
        category=category if names.is_of(Kind.CATEGORY, category, budget) else None,
    )


def complete(
    draft: Draft, defaults: Defaults, names: NameIndex, now: datetime
) -> Resolved:
    """Complete a draft with defaults that fit its budget, as `resolve` does.

    Raises:
        InvalidInputError: as `resolve`.
    """
    budget = read_budget(names, draft.budget)
    places = Places(names, budget or defaults.budget, defaults.currency)
    ids = {
        "account": places.read(Kind.ACCOUNT, draft.account, "account"),
        "category": places.read(Kind.CATEGORY, draft.category, "category"),
        "budget": budget,
    }
    account = ids["account"] or places.default(
        Kind.ACCOUNT, defaults.account, "account"
    )
    money = read_money(
        draft.amount,
        draft.outflow,
        draft.inflow,
        draft.type,
        places.currency_of(account),
    )
    direction, amount = required(money, "amount")
    day = read_date(draft.date, now)
    splits = read_splits(read_value(draft.splits, "splits"), places, account)
    category = ids["category"]
    if category is None and not splits:
        category = places.default(Kind.CATEGORY, defaults.category, "category")
    transaction = Transaction(
        account=required(account, "account"),
        budget=required(places.budget, "budget"),
        category=category,
        date=day or now.date(),
        amount=amount,
        direction=direction,
        memo=read_remark(draft.memo, "memo", MAX_MEMO) or "",
        payee=read_remark(draft.payee, "payee", MAX_PAYEE) or None,
        transfer_id=read_text(draft.transfer_id, "transfer_id", MAX_TRANSFER_ID),
        cleared=read_flag(draft.cleared, "cleared") or False,
        splits=splits,
    )
    return Resolved(
        transaction,
        read_message_id(draft.message_id),
        _given(transaction, ids, is_dated=day is None),
        is_dated=day is None,
    )


def _given(
    transaction: Transaction, ids: dict[str, int | None], *, is_dated: bool
) -> bytes:
    """Return what the caller gave, in a form that later versions do not change.

    Fields that were added in later versions are left out if they are not given, so a
    repeated call is recognised after an update. A name counts as the id that it means
    now.
    """
    given: dict[str, object] = {
        "direction": transaction.direction.value,
        "milliunits": to_milliunits(transaction.amount),
        "date": None if is_dated else transaction.date.isoformat(),
        "payee": transaction.payee,
        "memo": transaction.memo,
        "transfer_id": transaction.transfer_id,
        **ids,
    }
    if transaction.cleared:
        given["cleared"] = True
    if transaction.splits:
        given["splits"] = given_splits(transaction.splits)
    return json.dumps(given, sort_keys=True).encode()
