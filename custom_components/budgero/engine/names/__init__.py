"""The directory: names for the ids of budgets, accounts, categories and payees."""

from .blob import read_blob
from .database import read_file
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
from .problems import NamesError, NamesProblem
from .server import fetch_database
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
    "NamesError",
    "NamesProblem",
    "Payee",
    "clean_name",
    "fetch_database",
    "read_blob",
    "read_file",
]
