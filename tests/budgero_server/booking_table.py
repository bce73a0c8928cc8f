"""The transactions that the app has booked, and which mutations made them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import sqlite3
from typing import Final

from .model import Booking, Entry, Split

REMEMBERED: Final = 2000
"""So many applied items a device remembers; an older one it would apply again."""

_BOOKINGS = """
SELECT bookings.*, budgets.name AS budget, accounts.name AS account,
    accounts.currency AS currency, categories.name AS category
FROM bookings
JOIN budgets ON budgets.id = bookings.budget_id
JOIN accounts ON accounts.id = bookings.account_id
JOIN categories ON categories.id = bookings.category_id
ORDER BY bookings.id
"""
_SPLITS = """
SELECT booking_id, inflow, outflow, category_id, categories.name,
    transfer_account_id, memo, payee
FROM splits LEFT JOIN categories ON categories.id = splits.category_id
ORDER BY booking_id, position
"""
_ADD_BOOKING = """
INSERT INTO bookings (budget_id, account_id, category_id, date, month, inflow, outflow,
    memo, payee, label_id, transfer_id, cleared, conversion_pending, queue_id,
    message_id)
VALUES (:budget_id, :account_id, :category_id, :date, :month, :inflow, :outflow,
    :memo, :payee, :label_id, :transfer_id, :cleared, :conversion_pending, :queue_id,
    :message_id)
"""
_CHANGE_BOOKING = """
UPDATE bookings SET account_id = :account_id, category_id = :category_id,
    date = :date, month = :month, inflow = :inflow, outflow = :outflow, memo = :memo,
    payee = :payee, cleared = :cleared, conversion_pending = :conversion_pending
WHERE id = :id
"""
_REMEMBER = """
INSERT INTO device_memories (device, mutation_id) VALUES (:device, :id)
"""
_FORGET_OLDEST = """
DELETE FROM device_memories WHERE device = :device AND sequence NOT IN (
    SELECT sequence FROM device_memories WHERE device = :device
    ORDER BY sequence DESC LIMIT :kept
)
"""
_NEEDS_CONVERSION = """
SELECT accounts.currency <> budgets.currency FROM accounts, budgets
WHERE accounts.id = ? AND budgets.id = ?
"""


@dataclass(frozen=True, slots=True)
class Push:
    """Where a mutation comes from: an item of the queue."""

    queue_id: str
    message_id: str | None

    @property
    def mutation_id(self) -> str:
        """What the app remembers the item by."""
        return f"pushq_{self.queue_id}"


class BookingTable:
    """The rows of the transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        """Use an open database."""
        self._db = connection

    @contextmanager
    def applying(self, push: Push, device: str) -> Iterator[None]:
        """Keep everything that a mutation does, and that it was done, or nothing."""
        self._db.execute("BEGIN")
        try:
            yield
            mutation = {"id": push.mutation_id, "device": device, "kept": REMEMBERED}
            self._db.execute("INSERT OR IGNORE INTO mutations VALUES (:id)", mutation)
            self._db.execute(_REMEMBER, mutation)
            self._db.execute(_FORGET_OLDEST, mutation)
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def remembers(self, push: Push, device: str) -> bool:
        """Tell whether a device remembers that it has applied an item."""
        row = self._db.execute(
            "SELECT 1 FROM device_memories WHERE device = ? AND mutation_id = ?",
            (device, push.mutation_id),
        ).fetchone()
        return row is not None

    def forget(self, device: str) -> None:
        """Empty the memory of a device."""
        self._db.execute("DELETE FROM device_memories WHERE device = ?", (device,))

    def mutations(self) -> int:
        """Count the mutations that were applied."""
        row = self._db.execute("SELECT count(*) FROM mutations").fetchone()
        return int(row[0])

    def book(self, entry: Entry, push: Push) -> int:
        """Write a transaction and give its id.

        A foreign currency has no rate and is booked 1:1.
        """
        row = {
            **self._columns(entry),
            "queue_id": push.queue_id,
            "message_id": push.message_id,
        }
        booking_id = self._db.execute(_ADD_BOOKING, row).lastrowid
        assert booking_id is not None
        self._db.executemany(
            "INSERT INTO splits VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    booking_id,
                    position,
                    split.inflow,
                    split.outflow,
                    split.category_id,
                    split.transfer_account_id,
                    split.memo,
                    split.payee,
                )
                for position, split in enumerate(entry.splits)
            ],
        )
        return booking_id

    def _columns(self, entry: Entry) -> dict[str, str | int | None]:
        converted = self._db.execute(
            _NEEDS_CONVERSION, (entry.account_id, entry.budget_id)
        ).fetchone()
        return {
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
            "cleared": entry.cleared,
            "conversion_pending": converted[0],
        }

    def change(self, booking_id: int, entry: Entry) -> None:
        """Write a transaction anew; its splits, label and transfer stay."""
        self._db.execute(_CHANGE_BOOKING, {**self._columns(entry), "id": booking_id})

    def delete(self, booking_id: int) -> None:
        """Delete a transaction with its splits and what refers to it."""
        for table, column in (
            ("bookings", "id"),
            ("splits", "booking_id"),
            ("push_references", "booking_id"),
        ):
            self._db.execute(
                f"DELETE FROM {table} WHERE {column} = ?",  # noqa: S608 - constants
                (booking_id,),
            )

    def of_transfer(self, transfer_id: str) -> list[int]:
        """Give the ids of all transactions of a transfer."""
        rows = self._db.execute(
            "SELECT id FROM bookings WHERE transfer_id = ? ORDER BY id", (transfer_id,)
        )
        return [row["id"] for row in rows]

    def refer(self, message_id: str, booking_id: int) -> None:
        """Let a message id stand for a transaction from now on."""
        self._db.execute(
            "INSERT INTO push_references VALUES (?, ?)", (message_id, booking_id)
        )

    def referred(self, message_id: str) -> int | None:
        """Give the id of the transaction that a message id stands for."""
        row = self._db.execute(
            "SELECT booking_id FROM push_references WHERE message_id = ?",
            (message_id,),
        ).fetchone()
        return None if row is None else int(row["booking_id"])

    def find(self, booking_id: int) -> Booking:
        """Give one transaction."""
        return next(booking for booking in self.all() if booking.id == booking_id)

    def all(self) -> list[Booking]:
        """List all transactions in the order in which they were booked."""
        splits: dict[int, list[Split]] = {}
        for row in self._db.execute(_SPLITS):
            booking_id, *values = row
            splits.setdefault(booking_id, []).append(Split(*values))
        return [
            Booking(
                **{
                    **dict(row),
                    "cleared": bool(row["cleared"]),
                    "conversion_pending": bool(row["conversion_pending"]),
                    "splits": tuple(splits.get(row["id"], ())),
                }
            )
            for row in self._db.execute(_BOOKINGS)
        ]

    def balances(self) -> dict[int, int]:
        """Give the balance of every account, in the unit of its amounts."""
        return dict(self._db.execute("SELECT id, balance FROM balances"))
