"""The household that the stand-in shows unless it is given another one."""

from typing import Final

from .model import Account, Budget, Category, Label, Payee

HOUSEHOLD: Final = Budget(
    id=1,
    name="Household",
    currency="EUR",
    accounts=(
        Account(1, "Checking", "EUR", opening_balance=2_480_000),
        Account(2, "Cash", "EUR", opening_balance=120_000),
        Account(3, "Savings", "EUR", opening_balance=9_500_000),
        Account(30, "Old Savings", "EUR", archived=True),
    ),
    categories=(
        Category(1, "Income", "Income"),
        Category(2, "Groceries"),
        Category(3, "Transport"),
        Category(4, "Rent", "Home"),
        Category(5, "Eating Out"),
        Category(6, "Fun"),
        Category(7, "Health"),
        Category(8, "Electricity", "Home"),
        Category(9, "Gifts"),
    ),
    labels=(Label(1, "Holiday"),),
    payees=(
        Payee(1, "Corner Shop"),
        Payee(2, "Café Rosa"),
        Payee(3, "City Transport"),
        Payee(4, "Power Company"),
        Payee(5, "Landlord"),
    ),
)

SIDE_BUSINESS: Final = Budget(
    id=2,
    name="Side Business",
    currency="USD",
    accounts=(
        Account(4, "Business Checking", "USD", opening_balance=5_300_000),
        Account(5, "Euro Card", "EUR", opening_balance=250_000),
        Account(6, "Old Card", "USD", archived=True),
    ),
    categories=(
        Category(10, "Sales", "Income"),
        Category(11, "Office", "Work"),
        Category(12, "Travel", "Work"),
        Category(13, "Software", "Work"),
    ),
    payees=(Payee(6, "Print Shop"),),
)

DEFAULT_BUDGETS: Final = (HOUSEHOLD, SIDE_BUSINESS)
