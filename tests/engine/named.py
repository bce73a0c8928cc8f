"""What a household calls its budgets, accounts and categories."""

from typing import Final

from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    CategoryGroup,
    Directory,
    NameIndex,
)

NO_NAMES: Final = NameIndex(Directory())

NAMES: Final = NameIndex(
    Directory(
        budgets=(
            Budget(id=1, name="Household"),
            Budget(id=2, name="Business"),
            Budget(id=2026, name="Next year"),
        ),
        accounts=(
            Account(id=1, name="Checking", budget=1, currency="EUR"),
            Account(id=2, name="Savings", budget=1, currency="EUR"),
            Account(id=3, name="Travel", budget=1, currency="JPY"),
            Account(id=4, name="Gulf", budget=1, currency="KWD"),
            Account(id=5, name="Old Card", budget=1, currency="EUR", is_archived=True),
            Account(id=6, name="Wallet", budget=1, currency="BTC"),
            Account(id=7, name="Cash", budget=1, currency="EUR"),
            Account(id=8, name="Cash", budget=2, currency="USD"),
            Account(id=9, name="By hand"),
        ),
        groups=(CategoryGroup(id=3, name="Daily", budget=1),),
        categories=(
            Category(id=5, name="Groceries", budget=1, group=3),
            Category(id=6, name="Fun", budget=1),
            Category(id=7, name="Fun", budget=1),
            Category(id=8, name="Fun", budget=2),
            Category(id=9, name="2026", budget=1),
            Category(id=10, name="True", budget=1),
            Category(id=11, name="1,2", budget=1),
            Category(id=12, name="007", budget=1),
            Category(id=13, name="5", budget=2),
        ),
    )
)
