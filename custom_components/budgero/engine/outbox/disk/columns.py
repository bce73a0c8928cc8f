"""The columns of the outbox's tables, and the checksum over all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
import sqlite3
from typing import Final
import zlib

from ..errors import UnreadableOutboxError

type Value = int | float | str | bytes | None
type Fields = dict[str, Value]

CHECKSUM: Final = "checksum"
_TYPES: Final = {"INTEGER": int, "REAL": float, "TEXT": str, "BLOB": bytes}


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: of the column.
        kind: SQLite's type of it.
        is_optional: whether it may be empty.
        is_number: whether it is the number of the row, which only sorts the rows.
    """

    name: str
    kind: str
    is_optional: bool
    is_number: bool

    def to_value(self, stored: Value) -> Value:
        """Return a value as SQLite does; on the disk `2.0` is an integer."""
        if self.kind == "REAL" and isinstance(stored, int):
            return float(stored)
        return stored

    def takes(self, value: Value) -> bool:
        """Return whether the column can hold a value."""
        return type(value) is _TYPES[self.kind] or (value is None and self.is_optional)


class Table:
    """A table whose rows each carry a checksum over all their other columns.

    Attributes:
        name: of the table.
        columns: in their order.
        names: of the columns.
    """

    def __init__(self, name: str, columns: Sequence[Column]) -> None:
        """Take the columns in their order."""
        self.name = name
        self.columns = tuple(columns)
        self.names = tuple(column.name for column in self.columns)
        self._checksum_at = self.names.index(CHECKSUM)
        self._covered_at = tuple(
            at
            for at, column in enumerate(self.columns)
            if column.name != CHECKSUM and not column.is_number
        )

    @classmethod
    def of(cls, connection: sqlite3.Connection, name: str) -> Table:
        """Read the columns of a table from a new file."""
        found = connection.execute(
            'SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)
        ).fetchall()
        return cls(
            name,
            [
                Column(
                    name=column,
                    kind=kind,
                    is_optional=not notnull and not pk,
                    is_number=bool(pk) and kind == "INTEGER",
                )
                for column, kind, notnull, pk in found
            ],
        )

    @property
    def covered(self) -> tuple[Column, ...]:
        """Return the columns that the checksum covers."""
        return tuple(self.columns[at] for at in self._covered_at)

    def read(self, values: Sequence[Value]) -> Fields:
        """Return the values of a row by the names of their columns.

        Raises:
            UnreadableOutboxError: a value has another type, or the checksum is wrong.
        """
        if len(values) != len(self.columns) or not all(
            map(Column.takes, self.columns, values, strict=True)
        ):
            raise UnreadableOutboxError("A row of the outbox has another form")
        covered = [values[at] for at in self._covered_at]
        if checksum(*covered) != values[self._checksum_at]:
            raise UnreadableOutboxError("A row of the outbox is damaged")
        return dict(zip(self.names, values, strict=True))

    def from_record(self, values: Sequence[Value], number: int) -> tuple[Value, ...]:
        """Return the values of a record on the disk as SQLite would return them.

        Args:
            values: of the record, in which the number of the row is empty.
            number: of the row.
        """
        if len(values) != len(self.columns):
            return tuple(values)
        return tuple(
            number if column.is_number else column.to_value(value)
            for column, value in zip(self.columns, values, strict=True)
        )


def checksum(*values: Value) -> int:
    """Return the checksum over values; a text and its bytes have the same one."""
    plain = [value.encode() if isinstance(value, str) else value for value in values]
    return zlib.crc32(repr(plain).encode())
