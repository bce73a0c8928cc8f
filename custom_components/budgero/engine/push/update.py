"""A change of a transaction that Budgero already has, for newer servers."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import ClassVar, Self

from .errors import InputProblem, InvalidInputError
from .fields import MAX_MEMO, MAX_PAYEE, check_date, parse_id, parse_text
from .models import Feature, Operation
from .money import to_milliunits
from .wire import Args, Direction, WireFormat, read, read_flows, write, write_flows

_PLAIN = {
    "memo": "memo",
    "payee": "payee",
    "category": "categoryId",
    "account": "accountId",
    "cleared": "cleared",
}
"""Fields that are the same here and on the wire, by Budgero's names for them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """New values for some fields of a transaction; `None` leaves one as it is.

    Budgero changes all of them or none. Of a divided transaction it changes only memo,
    payee and cleared, and of a transfer nothing, as read in the source of its release
    1.16.

    Attributes:
        target: message id of the transaction.
        amount: positive, in units of the account's currency, exact to 0.001.
        direction: expense or income; set together with the amount.
        date: the day of the transaction.
        memo: a note; "" empties it.
        payee: who was paid, or who paid; "" empties it.
        category: id of the category.
        account: id of the account.
        cleared: whether the bank has booked it.

    Raises:
        InvalidInputError: a field is out of its range, or none is set; names the
            field.
    """

    operation: ClassVar = Operation.UPDATE
    features: ClassVar = frozenset({Feature.UPDATE})

    target: str
    amount: Decimal | None = field(default=None, repr=False)
    direction: Direction | None = field(default=None, repr=False)
    date: date | None = None
    memo: str | None = field(default=None, repr=False)
    payee: str | None = field(default=None, repr=False)
    category: int | None = None
    account: int | None = None
    cleared: bool | None = None

    def __post_init__(self) -> None:
        """Refuse values that Budgero would fail or book wrongly."""
        if (self.amount is None) != (self.direction is None):
            raise InvalidInputError("amount", InputProblem.MISSING)
        if self.amount is not None:
            if not self.amount.is_finite() or self.amount <= 0:
                raise InvalidInputError("amount", InputProblem.NOT_POSITIVE)
            to_milliunits(self.amount)
        if self.date is not None:
            check_date(self.date)
        if self.memo is not None:
            parse_text(self.memo, "memo", MAX_MEMO)
        if self.payee is not None:
            parse_text(self.payee, "payee", MAX_PAYEE)
        for name in ("category", "account"):
            if (value := getattr(self, name)) is not None:
                parse_id(value, name)
        if not self._fields(WireFormat.MILLIUNITS):
            raise InvalidInputError("change", InputProblem.MISSING)

    def to_wire(self, wire_format: WireFormat = WireFormat.MILLIUNITS) -> bytes:
        """Return the JSON plaintext that is sealed.

        Raises:
            InvalidInputError: the amount does not survive format 1's decimals.
        """
        args = {"messageId": self.target, "fields": self._fields(wire_format)}
        return write(Feature.UPDATE, args, wire_format)

    def _fields(self, wire_format: WireFormat) -> dict[str, object]:
        fields: dict[str, object] = {}
        if self.amount is not None and self.direction is not None:
            fields |= write_flows(self.amount, self.direction, wire_format)
        if self.date is not None:
            fields["date"] = self.date.isoformat()
        for name, key in _PLAIN.items():
            if (value := getattr(self, name)) is not None:
                fields[key] = value
        return fields

    @classmethod
    def from_wire(cls, plaintext: bytes) -> Self:
        """Return the change that `to_wire` wrote, in either format.

        Raises:
            CannotOpenError: it is not such a plaintext.
        """
        return read(plaintext, Feature.UPDATE, cls._from_args)

    @classmethod
    def _from_args(cls, args: Args, wire_format: WireFormat) -> Self:
        fields = args["fields"]
        amount, direction = None, None
        if "inflow" in fields:
            amount, direction = read_flows(fields, wire_format)
        day = fields.get("date")
        return cls(
            target=args["messageId"],
            amount=amount,
            direction=direction,
            date=None if day is None else date.fromisoformat(day),
            **{name: fields.get(key) for name, key in _PLAIN.items()},
        )
