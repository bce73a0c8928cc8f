"""A transfer with both of its legs in one item, for newer servers."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self
from uuid import uuid4

from .errors import InputProblem, InvalidInputError
from .fields import MAX_MEMO, check_date, parse_id, parse_text
from .models import Feature, Operation
from .money import to_milliunits
from .transaction import MAX_TRANSFER_ID
from .wire import Args, Direction, WireFormat, read, read_flows, write, write_flows


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Money that goes from one account of a budget to another one.

    Budgero books both legs or none, as read in its release 1.16.

    Attributes:
        from_account: id of the account that it leaves.
        to_account: id of the account that it reaches.
        budget: id of the budget of both.
        date: the day of the transfer.
        amount: positive, in units of the currency that both accounts have, exact
            to 0.001. Accounts in a crypto currency count in another scale.
        memo: a note on both legs, may be empty; up to 2,000 characters.
        transfer_id: identifies its legs; made once.

    Raises:
        InvalidInputError: a field is out of its range; names the field.
    """

    operation: ClassVar = Operation.TRANSFER
    features: ClassVar = frozenset({Feature.TRANSFER})

    from_account: int
    to_account: int
    budget: int
    date: date
    amount: Decimal = field(repr=False)
    memo: str = field(default="", repr=False)
    transfer_id: str = field(default_factory=lambda: str(uuid4()))

    def __post_init__(self) -> None:
        """Refuse values that Budgero would fail or book wrongly."""
        for name in ("from_account", "to_account", "budget"):
            parse_id(getattr(self, name), name)
        if self.from_account == self.to_account:
            raise InvalidInputError("to_account", InputProblem.SAME_ACCOUNT)
        check_date(self.date)
        if not self.amount.is_finite() or self.amount <= 0:
            raise InvalidInputError("amount", InputProblem.NOT_POSITIVE)
        to_milliunits(self.amount)
        parse_text(self.memo, "memo", MAX_MEMO)
        parse_text(self.transfer_id, "transfer_id", MAX_TRANSFER_ID)

    @property
    def target(self) -> str:
        """Return the transfer id, by which Budgero deletes a transfer."""
        return self.transfer_id

    def to_wire(self, wire_format: WireFormat = WireFormat.MILLIUNITS) -> bytes:
        """Return the JSON plaintext that is sealed.

        Raises:
            InvalidInputError: the amount does not survive format 1's decimals.
        """
        args = {
            "budgetId": self.budget,
            "transferId": self.transfer_id,
            "source": self._leg(self.from_account, Direction.EXPENSE, wire_format),
            "destination": self._leg(self.to_account, Direction.INCOME, wire_format),
        }
        return write(Feature.TRANSFER, args, wire_format)

    def _leg(
        self, account: int, direction: Direction, wire_format: WireFormat
    ) -> dict[str, object]:
        return {
            "accountId": account,
            "date": self.date.isoformat(),
            **write_flows(self.amount, direction, wire_format),
            "memo": self.memo,
        }

    @classmethod
    def from_wire(cls, plaintext: bytes) -> Self:
        """Return the transfer that `to_wire` wrote, in either format.

        Raises:
            CannotOpenError: it is not such a plaintext.
        """
        return read(plaintext, Feature.TRANSFER, cls._from_args)

    @classmethod
    def _from_args(cls, args: Args, wire_format: WireFormat) -> Self:
        source, destination = args["source"], args["destination"]
        amount, direction = read_flows(source, wire_format)
        if direction is not Direction.EXPENSE:
            raise ValueError
        return cls(
            from_account=source["accountId"],
            to_account=destination["accountId"],
            budget=args["budgetId"],
            date=date.fromisoformat(source["date"]),
            amount=amount,
            memo=source["memo"],
            transfer_id=args["transferId"],
        )
