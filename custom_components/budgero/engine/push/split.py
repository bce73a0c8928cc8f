"""The lines of a divided transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, Self

from .errors import InputProblem, InvalidInputError
from .fields import MAX_MEMO, MAX_PAYEE, parse_id, parse_text
from .money import to_milliunits
from .wire import Args, Direction, WireFormat, read_flows, write_flows

FEWEST_SPLITS: Final = 2
MOST_SPLITS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A part of a transaction's amount, in the transaction's direction.

    It goes to a category, or to or from another account of the budget.

    Attributes:
        amount: positive, in units of the account's currency, exact to 0.001.
        category: id of the category.
        transfer_account: id of the other account.
        memo: a note, may be empty; up to 2,000 characters.
        payee: who was paid, or who paid; up to 200 characters.

    Raises:
        InvalidInputError: a field is out of its range; names the field.
    """

    amount: Decimal = field(repr=False)
    category: int | None = None
    transfer_account: int | None = None
    memo: str = field(default="", repr=False)
    payee: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse values that Budgero would fail or book wrongly."""
        if not self.amount.is_finite() or self.amount <= 0:
            raise InvalidInputError("amount", InputProblem.NOT_POSITIVE)
        to_milliunits(self.amount)
        if (self.category is None) == (self.transfer_account is None):
            raise InvalidInputError("splits", InputProblem.NOT_SPLITS)
        if self.category is not None:
            parse_id(self.category, "category")
        if self.transfer_account is not None:
            parse_id(self.transfer_account, "transfer_account")
        parse_text(self.memo, "memo", MAX_MEMO)
        if self.payee is not None:
            parse_text(self.payee, "payee", MAX_PAYEE)

    def to_args(
        self, direction: Direction, wire_format: WireFormat
    ) -> dict[str, int | float | str]:
        """Return the line in Budgero's form, as read in the source of its release 1.16.

        Raises:
            InvalidInputError: the amount does not survive format 1's decimals.
        """
        args: dict[str, int | float | str] = {
            **write_flows(self.amount, direction, wire_format)
        }
        if self.category is not None:
            args["categoryId"] = self.category
        if self.transfer_account is not None:
            args["transferAccountId"] = self.transfer_account
        if self.memo:
            args["memo"] = self.memo
        if self.payee:
            args["payee"] = self.payee
        return args

    @classmethod
    def from_args(
        cls, args: Args, direction: Direction, wire_format: WireFormat
    ) -> Self:
        """Return the line that `to_args` wrote.

        Raises:
            ValueError: its direction differs, or its amount is not valid.
        """
        amount, own_direction = read_flows(args, wire_format)
        if own_direction is not direction:
            raise ValueError
        return cls(
            amount=amount,
            category=args.get("categoryId"),
            transfer_account=args.get("transferAccountId"),
            memo=args.get("memo", ""),
            payee=args.get("payee"),
        )


def check_splits(splits: Sequence[Split], amount: Decimal) -> None:
    """Refuse lines that do not divide an amount.

    Raises:
        InvalidInputError: there are too few or too many, or they do not add up exactly.
    """
    if not FEWEST_SPLITS <= len(splits) <= MOST_SPLITS:
        raise InvalidInputError("splits", InputProblem.NOT_SPLITS)
    parts = sum(to_milliunits(split.amount) for split in splits)
    if parts != to_milliunits(amount):
        raise InvalidInputError("splits", InputProblem.DOES_NOT_ADD_UP)
