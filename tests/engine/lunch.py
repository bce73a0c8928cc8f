"""An everyday expense, as little as one says of it."""

from datetime import date
from decimal import Decimal
from typing import Final

from custom_components.budgero.engine.push import Direction, Transaction

LUNCH: Final = Transaction(
    account=1,
    budget=1,
    category=5,
    date=date(2026, 7, 1),
    amount=Decimal("12.50"),
    direction=Direction.EXPENSE,
)
