"""A draft: what somebody asked for, before defaults and checks."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
import json

from .push.errors import InputProblem, InvalidInputError
from .push.fields import (
    MAX_MEMO,
    MAX_PAYEE,
    parse_date,
    parse_id,
    parse_message_id,
    parse_text,
)
from .push.money import currency_decimals, parse_amount, to_milliunits
from .push.transaction import MAX_TRANSFER_ID, Direction, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A transaction as somebody asked for it; `None` and "" mean "not said".

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
    message_id: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a draft leaves out.

    Attributes:
        account: id of the account, `None` if every draft must name one.
        category: id of the category, `None` for uncategorised.
        budget: id of the budget, `None` if every draft must name one.
        currency: ISO 4217 code that says how many decimals an amount has.
    """

    account: int | None
    category: int | None
    budget: int | None
    currency: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """A draft, resolved.

    Attributes:
        transaction: complete and valid.
        message_id: the caller's own, if one was given.
        given: what the caller said, in one canonical form and without
            defaults: two calls with one message id must agree on it.
    """

    transaction: Transaction
    message_id: str | None
    given: bytes


def resolve(draft: Draft, defaults: Defaults, today: date) -> Resolved:
    """Complete a draft with defaults and check every field.

    Raises:
        InvalidInputError: a field is missing, contradicts another one, or
            cannot be read; names the field.
    """
    direction, amount = _money(draft, currency_decimals(defaults.currency))
    day = _said(draft.date)
    payee = _said(draft.payee)
    memo = _said(draft.memo)
    transfer_id = _said(draft.transfer_id)
    message_id = _said(draft.message_id)
    said = {
        "account": _id(draft.account, "account"),
        "category": _id(draft.category, "category"),
        "budget": _id(draft.budget, "budget"),
    }
    transaction = Transaction(
        account=_required(said["account"] or defaults.account, "account"),
        budget=_required(said["budget"] or defaults.budget, "budget"),
        category=said["category"] or defaults.category,
        date=today if day is None else parse_date(day, today),
        amount=amount,
        direction=direction,
        memo="" if memo is None else parse_text(memo, "memo", MAX_MEMO),
        payee=None if payee is None else parse_text(payee, "payee", MAX_PAYEE) or None,
        transfer_id=None
        if transfer_id is None
        else parse_text(transfer_id, "transfer_id", MAX_TRANSFER_ID) or None,
    )
    given = {
        "direction": direction.value,
        "milliunits": to_milliunits(amount),
        "date": None if day is None else transaction.date.isoformat(),
        "payee": transaction.payee,
        "memo": transaction.memo,
        "transfer_id": transaction.transfer_id,
        **said,
    }
    return Resolved(
        transaction,
        None if message_id is None else parse_message_id(message_id),
        json.dumps(given, sort_keys=True).encode(),
    )


def _money(draft: Draft, decimals: int) -> tuple[Direction, Decimal]:
    ways = {
        name: value
        for name in ("amount", "outflow", "inflow")
        if (value := _said(getattr(draft, name))) is not None
    }
    if not ways:
        raise InvalidInputError("amount", InputProblem.MISSING)
    if len(ways) > 1:
        raise InvalidInputError("amount", InputProblem.ONE_WAY_ONLY)
    [(name, value)] = ways.items()
    return _direction(draft, name), parse_amount(value, decimals, name)


def _direction(draft: Draft, way: str) -> Direction:
    chosen = _said(draft.type)
    if way == "amount":
        try:
            return Direction.EXPENSE if chosen is None else Direction(str(chosen))
        except ValueError:
            raise InvalidInputError("type", InputProblem.UNKNOWN_CHOICE) from None
    direction = Direction.EXPENSE if way == "outflow" else Direction.INCOME
    if chosen is not None and chosen != direction:
        raise InvalidInputError("type", InputProblem.ONE_WAY_ONLY)
    return direction


def _said(value: object) -> object:
    """Return a value, or `None` if it says nothing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    return value


def _id(value: object, name: str) -> int | None:
    said = _said(value)
    return None if said is None else parse_id(said, name)


def _required(value: int | None, name: str) -> int:
    if value is None:
        raise InvalidInputError(name, InputProblem.MISSING)
    return value
