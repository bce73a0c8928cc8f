"""What the Budgero app stores: budgets, accounts, categories and transactions."""

from collections.abc import Iterable, Mapping
import sqlite3
from typing import Final, Literal

from .booking_table import BookingTable
from .model import Account, Budget, Category, Label, Payee

type SqlValue = str | float | None
type Table = Literal["accounts", "categories"]

_IN_BUDGET: Final[Mapping[Table, str]] = {
    "accounts": "SELECT id FROM accounts WHERE id = ? AND budget_id = ?",
    "categories": "SELECT id FROM categories WHERE id = ? AND budget_id = ?",
}


class Ledger:
    """The app's database.

    Look-ups take whatever the payload holds and leave the comparison to SQLite,
    whose column affinity makes "1" and 1.0 find row 1, as in the app.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use an open database."""
        self._db = connection
        self.transactions = BookingTable(connection)

    def seed(self, budgets: Iterable[Budget]) -> None:
        """Store the budgets, unless the database already has some."""
        if self._db.execute("SELECT 1 FROM budgets").fetchone() is not None:
            return
        for budget in budgets:
            self._add_budget(budget)

    def _add_budget(self, budget: Budget) -> None:
        self._db.execute(
            "INSERT INTO budgets VALUES (?, ?, ?)",
            (budget.id, budget.name, budget.currency),
        )
        self._db.executemany(
            "INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?)",
            [
                (a.id, budget.id, a.name, a.currency, a.archived, a.opening_balance)
                for a in budget.accounts
            ],
        )
        self._db.executemany(
            "INSERT INTO categories VALUES (?, ?, ?, ?)",
            [(c.id, budget.id, c.name, c.group) for c in budget.categories],
        )
        self._db.executemany(
            "INSERT INTO labels VALUES (?, ?, ?)",
            [(label.id, budget.id, label.name) for label in budget.labels],
        )
        self._db.executemany(
            "INSERT INTO payees VALUES (?, ?, ?)",
            [(payee.id, budget.id, payee.name) for payee in budget.payees],
        )

    def budgets(self) -> list[Budget]:
        """List the budgets with everything in them."""
        return [
            Budget(
                row["id"],
                row["name"],
                row["currency"],
                self._accounts(row["id"]),
                self._categories(row["id"]),
                self._labels(row["id"]),
                self._payees(row["id"]),
            )
            for row in self._db.execute("SELECT * FROM budgets ORDER BY id")
        ]

    def _accounts(self, budget_id: int) -> tuple[Account, ...]:
        rows = self._db.execute(
            "SELECT id, name, currency, archived, opening_balance FROM accounts"
            " WHERE budget_id = ? ORDER BY id",
            (budget_id,),
        )
        return tuple(
            Account(id_, name, currency, bool(archived), balance)
            for id_, name, currency, archived, balance in rows
        )

    def _categories(self, budget_id: int) -> tuple[Category, ...]:
        rows = self._db.execute(
            "SELECT id, name, category_group FROM categories WHERE budget_id = ?"
            " ORDER BY id",
            (budget_id,),
        )
        return tuple(Category(*row) for row in rows)

    def _labels(self, budget_id: int) -> tuple[Label, ...]:
        rows = self._db.execute(
            "SELECT id, name FROM labels WHERE budget_id = ? ORDER BY id", (budget_id,)
        )
        return tuple(Label(*row) for row in rows)

    def _payees(self, budget_id: int) -> tuple[Payee, ...]:
        rows = self._db.execute(
            "SELECT id, name FROM payees WHERE budget_id = ? ORDER BY id", (budget_id,)
        )
        return tuple(Payee(*row) for row in rows)

    def find_budget(self, id_: SqlValue) -> int | None:
        """Find the id of a budget."""
        return self._find("SELECT id FROM budgets WHERE id = ?", id_)

    def find_account(self, id_: SqlValue) -> int | None:
        """Find the id of an account of any budget, archived or not."""
        return self._find("SELECT id FROM accounts WHERE id = ?", id_)

    def find_category(self, id_: SqlValue) -> int | None:
        """Find the id of a category of any budget."""
        return self._find("SELECT id FROM categories WHERE id = ?", id_)

    def find_in_budget(self, table: Table, id_: int, budget_id: int) -> int | None:
        """Find the id of an account or a category of the budget."""
        return self._find(_IN_BUDGET[table], id_, budget_id)

    def currencies(self, account_id: int, budget_id: int) -> tuple[str, str]:
        """Give the currency of an account and that of a budget."""
        account, budget = self._db.execute(
            "SELECT accounts.currency, budgets.currency FROM accounts, budgets"
            " WHERE accounts.id = ? AND budgets.id = ?",
            (account_id, budget_id),
        ).fetchone()
        return account, budget

    def find_label(self, id_: SqlValue, budget_id: int) -> int | None:
        """Find the id of a label of the budget."""
        return self._find(
            "SELECT id FROM labels WHERE id = ? AND budget_id = ?", id_, budget_id
        )

    def category_named(self, name: str, budget_id: int) -> int:
        """Give the id of the app's own category, made when it is absent."""
        found = self._find(
            "SELECT id FROM categories WHERE name = ? AND budget_id = ?",
            name,
            budget_id,
        )
        if found is not None:
            return found
        row = self._db.execute(
            "INSERT INTO categories (budget_id, name, category_group)"
            " VALUES (?, ?, 'Budgero') RETURNING id",
            (budget_id, name),
        ).fetchone()
        return int(row["id"])

    def _find(self, query: str, *values: SqlValue) -> int | None:
        row = self._db.execute(query, values).fetchone()
        return None if row is None else int(row["id"])
