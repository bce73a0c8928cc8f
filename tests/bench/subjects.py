"""What is measured with: an everyday transaction, sealed or not."""

from datetime import date
from decimal import Decimal
import time
from typing import Final

from custom_components.budgero.engine.push import (
    Direction,
    Sealed,
    SpaceKey,
    Transaction,
)

LUNCH: Final = Transaction(
    account=1,
    budget=1,
    category=5,
    date=date(2026, 7, 1),
    amount=Decimal("12.50"),
    direction=Direction.EXPENSE,
    memo="with Zo\u00eb",
    payee="Caf\u00e9 Ri\u010d",
)
RAW_KEY: Final = bytes(range(32))
KEY: Final = SpaceKey(RAW_KEY)
DIGEST: Final = KEY.mac(b"what the caller said")


def sealed(number: int) -> list[Sealed]:
    """Seal so many lunches, each with a message id that was never used before."""
    payload = KEY.seal(LUNCH.to_wire())
    start = time.time_ns()
    return [Sealed(f"bench-{start}-{index}", payload) for index in range(number)]
