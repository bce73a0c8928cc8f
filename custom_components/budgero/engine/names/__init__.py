"""The directory: names for the ids of budgets, accounts, categories and payees."""

from .directory import (
    Account,
    Budget,
    Category,
    CategoryGroup,
    Directory,
    Entry,
    Kind,
    Payee,
)
from .index import NameIndex
from .spelling import MAX_NAME, clean_name

__all__ = [
    "MAX_NAME",
    "Account",
    "Budget",
    "Category",
    "CategoryGroup",
    "Directory",
    "Entry",
    "Kind",
    "NameIndex",
    "Payee",
    "clean_name",
]
