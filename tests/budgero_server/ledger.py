"""What the Budgero app stores: budgets, accounts, categories and bookings."""

from collections.abc import Iterable
from dataclasses import dataclass
import sqlite3

from .model import Account, Booking, Budget, Category, Label

type SqlValue = str | float | None

_BOOKINGS = """
SELECT bookings.*, budgets.name AS budget, accounts.name AS account,
    accounts.currency AS currency, categories.name AS category
FROM bookings
JOIN budgets ON budgets.id = bookings.budget_id
JOIN accounts ON accounts.id = bookings.account_id
JOIN categories ON categories.id = bookings.category_id
ORDER BY bookings.id
"""
_BALANCES = """
SELECT accounts.id, opening_balance + coalesce(sum(inflow - outflow), 0)
FROM accounts LEFT JOIN bookings ON bookings.account_id = accounts.id
GROUP BY accounts.id
"""
_ADD_BOOKING = """
INSERT INTO bookings (mutation_id, budget_id, account_id, category_id, date, month,
    inflow, outflow, memo, payee, label_id, transfer_id, conversion_pending,
    queue_id, message_id)
VALUES (:mutation_id, :budget_id, :account_id, :category_id, :date, :month,
    :inflow, :outflow, :memo, :payee, :label_id, :transfer_id, :conversion_pending,
    :queue_id, :message_id)
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction that passed every rule and can be booked."""

    budget_id: int
    account_id: int
    category_id: int
    date: str
    inflow: int
    outflow: int
    memo: str
    payee: str | None
    label_id: int | None
    transfer_id: str | None


class Ledger:
    """The app's database.

    Look-ups take whatever the payload holds and leave the comparison to SQLite,
    whose column affinity makes "1" and 1.0 find row 1, as in the app.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use an open database."""
        self._db = connection

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

    def balances(self) -> dict[int, int]:
        """Give the balance of every account in milliunits."""
        return dict(self._db.execute(_BALANCES))

    def find_budget(self, id_: SqlValue) -> int | None:
        """Find the id of a budget."""
        return self._find("SELECT id FROM budgets WHERE id = ?", id_)

    def find_account(self, id_: SqlValue) -> int | None:
        """Find the id of an account of any budget, archived or not."""
        return self._find("SELECT id FROM accounts WHERE id = ?", id_)

    def find_category(self, id_: SqlValue) -> int | None:
        """Find the id of a category of any budget."""
        return self._find("SELECT id FROM categories WHERE id = ?", id_)

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

    def has_applied(self, mutation_id: str) -> bool:
        """Tell whether a mutation was booked before."""
        return (
            self._db.execute(
                "SELECT 1 FROM bookings WHERE mutation_id = ?", (mutation_id,)
            ).fetchone()
            is not None
        )

    def book(
        self, entry: Entry, mutation_id: str, queue_id: str, message_id: str | None
    ) -> None:
        """Write a transaction; a foreign currency has no rate and is booked 1:1."""
        self._db.execute(
            _ADD_BOOKING,
            {
                "mutation_id": mutation_id,
                "budget_id": entry.budget_id,
                "account_id": entry.account_id,
                "category_id": entry.category_id,
                "date": entry.date,
                "month": entry.date[:7],
                "inflow": entry.inflow,
                "outflow": entry.outflow,
                "memo": entry.memo,
                "payee": entry.payee,
                "label_id": entry.label_id,
                "transfer_id": entry.transfer_id,
                "conversion_pending": self._needs_conversion(entry),
                "queue_id": queue_id,
                "message_id": message_id,
            },
        )

    def _needs_conversion(self, entry: Entry) -> bool:
        row = self._db.execute(
            "SELECT accounts.currency <> budgets.currency FROM accounts, budgets"
            " WHERE accounts.id = ? AND budgets.id = ?",
            (entry.account_id, entry.budget_id),
        ).fetchone()
        return bool(row[0])

    def bookings(self) -> list[Booking]:
        """List all transactions in the order in which they were booked."""
        return [
            Booking(
                **{
                    key: row[key]
                    for key in row.keys()  # noqa: SIM118
                    if key not in ("mutation_id", "conversion_pending")
                },
                conversion_pending=bool(row["conversion_pending"]),
            )
            for row in self._db.execute(_BOOKINGS)
        ]
