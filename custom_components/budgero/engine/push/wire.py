"""The plaintext of a payload: an operation and its arguments, as JSON."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from enum import StrEnum
import json
from typing import Any, Final

from .errors import CannotOpenError, InputProblem, InvalidInputError
from .money import from_milliunits, survives_as_float, to_milliunits

type Args = Mapping[str, Any]
"""Arguments as they were read from JSON; whoever uses one checks it."""

_to_json: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_UNREADABLE: Final = (
    ArithmeticError,
    AttributeError,
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


def write(op: str, args: Args, wire_format: WireFormat) -> bytes:
    """Return the plaintext of an operation that has this name in Budgero."""
    envelope: dict[str, object] = {"op": op, "args": args}
    if wire_format is WireFormat.MILLIUNITS:
        envelope = {"v": 2, **envelope}
    return _to_json(envelope).encode()


def read[T](plaintext: bytes, op: str, from_args: Callable[[Args, WireFormat], T]) -> T:
    """Return the content that `write` wrote, in either format.

    Args:
        plaintext: of the payload.
        op: the operation that it must be.
        from_args: reads its arguments.

    Raises:
        CannotOpenError: it is not such a plaintext.
    """
    with suppress(*_UNREADABLE):
        envelope = json.loads(plaintext, parse_float=Decimal)
        if envelope["op"] == op:
            return from_args(envelope["args"], _format_of(envelope))
    raise CannotOpenError("The payload holds something else")


def write_flows(
    amount: Decimal, direction: Direction, wire_format: WireFormat
) -> dict[str, int | float]:
    """Return Budgero's two arguments for an amount, one of which is zero.

    Raises:
        InvalidInputError: the amount does not survive format 1's decimals.
    """
    scaled = _scale(amount, wire_format)
    is_expense = direction is Direction.EXPENSE
    return {
        "inflow": 0 if is_expense else scaled,
        "outflow": scaled if is_expense else 0,
    }


def read_flows(args: Args, wire_format: WireFormat) -> tuple[Decimal, Direction]:
    """Return the amount that two arguments stand for, and which way it goes.

    Raises:
        ValueError: both are set, or they are not valid amounts.
    """
    inflow, outflow = args["inflow"], args["outflow"]
    if inflow and outflow:
        raise ValueError
    amount = _unscale(outflow or inflow, wire_format)
    return amount, Direction.EXPENSE if outflow else Direction.INCOME


def _format_of(envelope: Args) -> WireFormat:
    match envelope.get("v"):
        case None:
            return WireFormat.DECIMALS
        case 2:
            return WireFormat.MILLIUNITS
    raise ValueError


def _scale(amount: Decimal, wire_format: WireFormat) -> int | float:
    milliunits = to_milliunits(amount)
    if wire_format is WireFormat.MILLIUNITS:
        return milliunits
    if not survives_as_float(amount):
        raise InvalidInputError("amount", InputProblem.TOO_LARGE)
    return float(amount)


def _unscale(amount: object, wire_format: WireFormat) -> Decimal:
    match wire_format, amount:
        case WireFormat.MILLIUNITS, int(milliunits):
            return from_milliunits(milliunits)
        case WireFormat.DECIMALS, int() | Decimal():
            return Decimal(amount)
    raise ValueError
