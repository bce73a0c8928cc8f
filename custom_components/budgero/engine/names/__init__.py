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
from .index import NameIndex, near_names
from .kept import (
    KeptNames,
    Source,
    open_names,
    read_kept,
    remove_kept,
    seal_names,
    write_kept,
)
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
    "KeptNames",
    "Kind",
    "NameIndex",
    "NamesError",
    "NamesProblem",
    "Payee",
    "Source",
    "clean_name",
    "fetch_database",
    "near_names",
    "open_names",
    "read_blob",
    "read_file",
    "read_kept",
    "remove_kept",
    "seal_names",
    "write_kept",
]
