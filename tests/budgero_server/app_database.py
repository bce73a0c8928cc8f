"""The database of the Budgero app: the SQLite file that it seals and uploads.

Tables and columns were verified against Budgero 1.6.0; there are only those that
tell names, and an empty table of transactions, which has a computed column there.
Databases of later releases guard their money columns with triggers (read in their
source). The types of accounts, icons and colours are the stand-in's own.
"""

from dataclasses import dataclass
import sqlite3
from typing import Literal

_TABLES = """
CREATE TABLE app.schema_migrations (version INTEGER PRIMARY KEY);
CREATE TABLE app.budgets (
    ID INTEGER PRIMARY KEY, SpaceID TEXT NOT NULL, Name TEXT NOT NULL,
    DisplayCurrency TEXT NOT NULL, BadgeIcon TEXT, NumberFormat TEXT
);
CREATE TABLE app.accounts (
    ID INTEGER PRIMARY KEY, Name TEXT NOT NULL, Currency TEXT NOT NULL,
    Type TEXT NOT NULL, ReconciledAt TEXT, {balance} INTEGER NOT NULL,
    BalanceConverted INTEGER NOT NULL, BudgetID INTEGER NOT NULL, Metadata TEXT,
    OnBudget INTEGER NOT NULL, Archived INTEGER NOT NULL, Position INTEGER NOT NULL
);
CREATE TABLE app.category_groups (
    ID INTEGER PRIMARY KEY, Name TEXT NOT NULL, Note TEXT, BudgetID INTEGER NOT NULL,
    Position INTEGER NOT NULL
);
CREATE TABLE app.categories (
    ID INTEGER PRIMARY KEY, Name TEXT NOT NULL, Note TEXT,
    CategoryGroupID INTEGER NOT NULL, BudgetID INTEGER NOT NULL,
    ExcludeFromBudgetPace INTEGER NOT NULL, Position INTEGER NOT NULL
);
CREATE TABLE app.payees (
    ID INTEGER PRIMARY KEY, BudgetID INTEGER NOT NULL, Name TEXT NOT NULL,
    Metadata TEXT
);
CREATE TABLE app.labels (
    ID INTEGER PRIMARY KEY, BudgetID INTEGER NOT NULL, Name TEXT NOT NULL,
    Color TEXT NOT NULL
);
CREATE TABLE app.transactions (
    ID INTEGER PRIMARY KEY, AccountID INTEGER NOT NULL, Date TEXT NOT NULL,
    Month TEXT GENERATED ALWAYS AS (substr(Date, 1, 7)) STORED
);
CREATE INDEX app.idx_transactions_month ON transactions (Month);
CREATE UNIQUE INDEX app.idx_payees_name ON payees (BudgetID, Name COLLATE NOCASE);
"""
_ROWS = """
INSERT INTO app.accounts
SELECT accounts.id, name, currency, 'CHECKING', NULL, balance, balance, budget_id,
    NULL, 1, archived, accounts.id
FROM main.accounts JOIN main.balances ON balances.id = accounts.id;
INSERT INTO app.category_groups
SELECT min(id), category_group, NULL, budget_id, min(id)
FROM main.categories GROUP BY budget_id, category_group;
INSERT INTO app.categories
SELECT categories.id, categories.name, NULL, category_groups.ID,
    categories.budget_id, 0, categories.id
FROM main.categories JOIN app.category_groups
    ON category_groups.BudgetID = budget_id AND category_groups.Name = category_group;
INSERT INTO app.payees SELECT id, budget_id, name, NULL FROM main.payees;
INSERT OR IGNORE INTO app.payees (BudgetID, Name)
SELECT budget_id, payee FROM main.bookings
WHERE payee IS NOT NULL GROUP BY budget_id, payee ORDER BY min(id);
INSERT INTO app.labels SELECT id, budget_id, name, '#607d8b' FROM main.labels;
"""


_GUARDED_FROM = 59
_GUARDS = """
CREATE TRIGGER app.guard_accounts_safe_money_insert BEFORE INSERT ON accounts
WHEN typeof(NEW.{balance}) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'no whole number'); END;
CREATE TRIGGER app.guard_accounts_safe_money_update BEFORE UPDATE ON accounts
WHEN typeof(NEW.{balance}) <> 'integer'
BEGIN SELECT RAISE(ABORT, 'no whole number'); END;
"""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the databases of releases differ: their version, and names of columns."""

    schema_version: int
    balance: Literal["Balance", "BalanceNative"]


def export(connection: sqlite3.Connection, space_id: str, layout: Layout) -> bytes:
    """Write the ledger of an open database as the app of that space has it.

    The app uploads the same file, sealed, that it lets people export.
    """
    connection.execute("ATTACH ':memory:' AS app")
    try:
        connection.executescript(_TABLES.format(balance=layout.balance) + _ROWS)
        connection.execute(
            "INSERT INTO app.schema_migrations VALUES (?)", (layout.schema_version,)
        )
        connection.execute(
            "INSERT INTO app.budgets SELECT id, ?, name, currency, NULL, NULL"
            " FROM main.budgets",
            (space_id,),
        )
        if layout.schema_version >= _GUARDED_FROM:
            connection.executescript(_GUARDS.format(balance=layout.balance))
        return connection.serialize(name="app")
    finally:
        connection.execute("DETACH app")
