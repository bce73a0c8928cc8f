"""Database files that a test makes, as Budgero's app lays them out."""

import asyncio
from contextlib import closing
import sqlite3

from tests.budgero_server import BudgeroServer
from tests.budgero_server.releases import DEFAULT_RELEASE

TABLES = """
CREATE TABLE budgets (ID INTEGER PRIMARY KEY, Name TEXT, DisplayCurrency TEXT);
CREATE TABLE accounts (ID INTEGER PRIMARY KEY, Name TEXT, Currency TEXT,
    BudgetID INTEGER, Archived INTEGER);
CREATE TABLE category_groups (ID INTEGER PRIMARY KEY, Name TEXT, BudgetID INTEGER);
CREATE TABLE categories (ID INTEGER PRIMARY KEY, Name TEXT, CategoryGroupID INTEGER,
    BudgetID INTEGER);
CREATE TABLE payees (ID INTEGER PRIMARY KEY, BudgetID INTEGER, Name TEXT);
CREATE TABLE others (ID INTEGER PRIMARY KEY AUTOINCREMENT, Name TEXT UNIQUE);
"""


def exported(release: str = DEFAULT_RELEASE) -> bytes:
    """Return what the stand-in's app exports."""
    server = BudgeroServer(release=release)
    try:
        return server.export_database()
    finally:
        asyncio.run(server.close())


def database(script: str) -> bytes:
    """Return the database that statements make."""
    with closing(sqlite3.connect(":memory:", autocommit=True)) as connection:
        connection.executescript(script)
        return connection.serialize()
