"""A transaction: resolved, validated, exact; and its form on the wire."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
import json
from typing import Any, Final, Self

from .errors import CannotOpenError, InputProblem, InvalidInputError
from .fields import EARLIEST_DATE, MAX_MEMO, MAX_PAYEE, parse_id, parse_text
from .money import MILLIUNITS, from_milliunits, to_milliunits

OPERATION: Final = "transactions.add"
MAX_TRANSFER_ID: Final = 128

_to_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_UNREADABLE: Final = (
    ArithmeticError,
    InvalidInputError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)


class Direction(StrEnum):
    """Which way the money goes."""

    EXPENSE = "expense"
    INCOME = "income"


class WireFormat(StrEnum):
    """The versions of Budgero's payload format."""

    DECIMALS = "1"
    """Amounts are JSON numbers in units; for servers whose spec names no version."""

    MILLIUNITS = "2"
    """Amounts are integers in thousandths; Budgero 1.5 and later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """An expense or income of one account, ready to be sealed.

    Attributes:
        account: id of the account.
        budget: id of the budget.
        category: id of the category; `None` books it as uncategorised.
        date: the day of the transaction.
        amount: positive, in units of the account's currency, exact to 0.001.
        direction: expense (Budgero's outflow) or income (inflow).
        memo: a note, may be empty; up to 2,000 characters.
        payee: who was paid or paid; up to 200 characters.
        transfer_id: marks one leg of a transfer; the other leg is a
            transaction of its own.

    Raises:
        InvalidInputError: a field is out of its range; names the field.
    """

    account: int
    budget: int
    date: date
    amount: Decimal = field(repr=False)
    direction: Direction = field(repr=False)
    category: int | None = None
    memo: str = field(default="", repr=False)
    payee: str | None = field(default=None, repr=False)
    transfer_id: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what Budgero would fail, or book wrongly."""
        parse_id(self.account, "account")
        parse_id(self.budget, "budget")
        if self.category is not None:
            parse_id(self.category, "category")
        if isinstance(self.date, datetime):
            raise InvalidInputError("date", InputProblem.NOT_A_DATE)
        if self.date < EARLIEST_DATE:
            raise InvalidInputError("date", InputProblem.DATE_OUT_OF_RANGE)
        if not self.amount.is_finite() or self.amount <= 0:
            raise InvalidInputError("amount", InputProblem.NOT_POSITIVE)
        to_milliunits(self.amount)
        parse_text(self.memo, "memo", MAX_MEMO)
        if self.payee is not None:
            parse_text(self.payee, "payee", MAX_PAYEE)
        if self.transfer_id is not None:
            parse_text(self.transfer_id, "transfer_id", MAX_TRANSFER_ID)

    def to_wire(self, wire_format: WireFormat = WireFormat.MILLIUNITS) -> bytes:
        """Return the JSON plaintext that is sealed.

        Raises:
            InvalidInputError: the amount does not survive format 1's decimals.
        """
        amount = _scale(self.amount, wire_format)
        is_expense = self.direction is Direction.EXPENSE
        args: dict[str, int | float | str] = {
            "accountId": self.account,
            "budgetId": self.budget,
            "date": self.date.isoformat(),
            "inflow": 0 if is_expense else amount,
            "outflow": amount if is_expense else 0,
            "memo": self.memo,  # Budgero 1.6.0 fails a transaction without it
        }
        if self.category is not None:
            args["categoryId"] = self.category
        if self.payee:
            args["payee"] = self.payee
        if self.transfer_id:
            args["transferId"] = self.transfer_id
        envelope: dict[str, object] = {"op": OPERATION, "args": args}
        if wire_format is WireFormat.MILLIUNITS:
            envelope = {"v": 2, **envelope}
        return _to_json(envelope).encode()

    @classmethod
    def from_wire(cls, plaintext: bytes) -> Self:
        """Read back what `to_wire` wrote, in either format.

        Raises:
            CannotOpenError: it is not such a plaintext.
        """
        with suppress(*_UNREADABLE):
            return cls._from_envelope(json.loads(plaintext, parse_float=Decimal))
        raise CannotOpenError("The payload holds no transaction")

    @classmethod
    def _from_envelope(cls, envelope: dict[str, Any]) -> Self:
        args = envelope["args"]
        inflow, outflow = args["inflow"], args["outflow"]
        if envelope["op"] != OPERATION or (inflow and outflow):
            raise ValueError
        return cls(
            account=args["accountId"],
            budget=args["budgetId"],
            category=args.get("categoryId"),
            date=date.fromisoformat(args["date"]),
            amount=_unscale(outflow or inflow, envelope.get("v")),
            direction=Direction.EXPENSE if outflow else Direction.INCOME,
            memo=args["memo"],
            payee=args.get("payee"),
            transfer_id=args.get("transferId"),
        )


def _scale(amount: Decimal, wire_format: WireFormat) -> int | float:
    milliunits = to_milliunits(amount)
    if wire_format is WireFormat.MILLIUNITS:
        return milliunits
    number = float(amount)
    if round(number * MILLIUNITS) != milliunits:  # what the app will compute
        raise InvalidInputError("amount", InputProblem.TOO_LARGE)
    return number


def _unscale(amount: object, version: object) -> Decimal:
    match version, amount:
        case 2, int(milliunits):
            return from_milliunits(milliunits)
        case None, int() | Decimal():
            return Decimal(amount)
    raise ValueError
