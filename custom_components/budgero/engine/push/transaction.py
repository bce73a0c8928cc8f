"""A complete and valid transaction, and its form on the wire."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar, Final, Self

from .errors import InputProblem, InvalidInputError
from .fields import MAX_MEMO, MAX_PAYEE, check_date, parse_id, parse_text
from .models import Feature, Operation
from .money import to_milliunits
from .split import Split, check_splits
from .wire import Args, Direction, WireFormat, read, read_flows, write, write_flows

MAX_TRANSFER_ID: Final = 128


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
        payee: who was paid, or who paid; up to 200 characters.
        transfer_id: marks one leg of a transfer; the other leg is a
            transaction of its own.
        cleared: whether the bank has booked it; newer servers only.
        splits: the lines that divide it, none or 2 to 50, which add up to the
            amount; they stand in place of the category; newer servers only.

    Raises:
        InvalidInputError: a field is out of its range; names the field.
    """

    operation: ClassVar = Operation.ADD
    target: ClassVar = None

    account: int
    budget: int
    date: date
    amount: Decimal = field(repr=False)
    direction: Direction = field(repr=False)
    category: int | None = None
    memo: str = field(default="", repr=False)
    payee: str | None = field(default=None, repr=False)
    transfer_id: str | None = field(default=None, repr=False)
    cleared: bool = False
    splits: tuple[Split, ...] = field(default=(), repr=False)

    def __post_init__(self) -> None:
        """Refuse values that Budgero would fail or book wrongly."""
        parse_id(self.account, "account")
        parse_id(self.budget, "budget")
        if self.category is not None:
            parse_id(self.category, "category")
        check_date(self.date)
        if not self.amount.is_finite() or self.amount <= 0:
            raise InvalidInputError("amount", InputProblem.NOT_POSITIVE)
        to_milliunits(self.amount)
        parse_text(self.memo, "memo", MAX_MEMO)
        if self.payee is not None:
            parse_text(self.payee, "payee", MAX_PAYEE)
        if self.transfer_id is not None:
            parse_text(self.transfer_id, "transfer_id", MAX_TRANSFER_ID)
        if self.splits:
            self._check_splits()

    def _check_splits(self) -> None:
        check_splits(self.splits, self.amount)
        for name in ("category", "transfer_id"):
            if getattr(self, name) is not None:
                raise InvalidInputError(name, InputProblem.NOT_WITH_SPLITS)
        if any(split.transfer_account == self.account for split in self.splits):
            raise InvalidInputError("splits", InputProblem.SAME_ACCOUNT)

    @property
    def features(self) -> frozenset[Feature]:
        """Return the features that the server must have for it."""
        wanted = {Feature.CLEARED: self.cleared, Feature.SPLITS: bool(self.splits)}
        return frozenset(feature for feature, is_used in wanted.items() if is_used)

    def to_wire(self, wire_format: WireFormat = WireFormat.MILLIUNITS) -> bytes:
        """Return the JSON plaintext that is sealed.

        Raises:
            InvalidInputError: the amount does not survive format 1's decimals.
        """
        args: dict[str, object] = {
            "accountId": self.account,
            "budgetId": self.budget,
            "date": self.date.isoformat(),
            **write_flows(self.amount, self.direction, wire_format),
            "memo": self.memo,  # apps of 1.6.0 refuse a transaction without it
        }
        if self.category is not None:
            args["categoryId"] = self.category
        if self.payee:
            args["payee"] = self.payee
        if self.transfer_id:
            args["transferId"] = self.transfer_id
        if self.cleared:
            args["cleared"] = True
        if self.splits:
            args["splits"] = [
                split.to_args(self.direction, wire_format) for split in self.splits
            ]
        return write(Feature.ADD, args, wire_format)

    @classmethod
    def from_wire(cls, plaintext: bytes) -> Self:
        """Return the transaction that `to_wire` wrote, in either format.

        Raises:
            CannotOpenError: it is not such a plaintext.
        """
        return read(plaintext, Feature.ADD, cls._from_args)

    @classmethod
    def _from_args(cls, args: Args, wire_format: WireFormat) -> Self:
        amount, direction = read_flows(args, wire_format)
        return cls(
            account=args["accountId"],
            budget=args["budgetId"],
            category=args.get("categoryId"),
            date=date.fromisoformat(args["date"]),
            amount=amount,
            direction=direction,
            memo=args["memo"],
            payee=args.get("payee"),
            transfer_id=args.get("transferId"),
            cleared=args.get("cleared") is True,
            splits=tuple(
                Split.from_args(line, direction, wire_format)
                for line in args.get("splits", ())
            ),
        )
