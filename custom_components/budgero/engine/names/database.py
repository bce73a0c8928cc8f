"""Reads names from a database of Budgero: the one that it exports or uploads.

Tables and columns were verified against Budgero 1.6.0. Only a few columns are read,
which no release seen so far has renamed; missing ones are left out.

A file may come from anybody. Only columns of plain tables are read, because a generated
column, a view or a virtual table could keep the machine busy for hours. Triggers are
accepted, because nothing is written; later releases of Budgero protect their money
columns with some (read in their source).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
import re
import sqlite3
from typing import Final

from ..push.fields import MAX_ID
from .directory import Account, Budget, Category, CategoryGroup, Directory, Payee
from .problems import NamesError, NamesProblem, Patience
from .spelling import clean_name, shorten

MAX_ROWS: Final = 50_000
"""The most rows of one table; a household has a few hundred payees."""

_MAGIC: Final = b"SQLite format 3\x00"
_HEADER_BYTES: Final = 100
_WRITE_VERSION: Final = slice(18, 20)
"""Two bytes of the header. Both are 2 with a write-ahead log, which a database in
memory cannot have."""

_LONGEST_VALUE: Final = 1_000_000
_MOST_TABLES: Final = 1000
"""The most tables and indexes; Budgero 1.6.0 has a few dozen."""

_STEPS: Final = 1000
"""Steps of SQLite's virtual machine between two looks at the clock."""

_GIVE_WAY_EVERY: Final = 100
_LONGEST_CODE: Final = 10
_PROBLEMS: Final = {
    sqlite3.SQLITE_INTERRUPT: NamesProblem.TOO_SLOW,
    sqlite3.SQLITE_TOOBIG: NamesProblem.TOO_LARGE,
}
_PLAIN: Final = {
    "table": re.compile(r"CREATE TABLE\s", re.IGNORECASE),
    "index": re.compile(r"CREATE (UNIQUE )?INDEX\s", re.IGNORECASE),
    "trigger": re.compile(r"CREATE TRIGGER\s", re.IGNORECASE),
}

_BUDGETS: Final = "budgets"
_ACCOUNTS: Final = "accounts"
_GROUPS: Final = "category_groups"
_CATEGORIES: Final = "categories"
_PAYEES: Final = "payees"
_TABLES: Final = (_BUDGETS, _ACCOUNTS, _GROUPS, _CATEGORIES, _PAYEES)
_NEEDED: Final = 2
"""How many of these tables there must be: other programs have a table of accounts,
too."""

_ID: Final = "id"
_NAME: Final = "name"
_POSITION: Final = "position"
_BUDGET: Final = "budgetid"
_GROUP: Final = "categorygroupid"
_SPACE: Final = "spaceid"
_CURRENCY: Final = "currency"
_DISPLAY_CURRENCY: Final = "displaycurrency"
_ARCHIVED: Final = "archived"
_GONE: Final = ("deleted", "isdeleted", "deletedat", "hidden", "ishidden")
"""Columns that would mark a row as no longer shown; Budgero 1.6.0 has none of them."""

_COLUMNS: Final = frozenset(
    {
        _ID,
        _NAME,
        _POSITION,
        _SPACE,
        _BUDGET,
        _GROUP,
        _CURRENCY,
        _DISPLAY_CURRENCY,
        _ARCHIVED,
        *_GONE,
    }
)
"""The columns that are read if they exist, in small letters and without underscores."""

type _Value = int | float | str | bytes | None


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a table.

    Attributes:
        id: a positive whole number.
        name: cleaned.
        values: all columns that were read, by their plain names.
    """

    id: int
    name: str
    values: Mapping[str, _Value]

    @property
    def budget(self) -> int | None:
        """The id of its budget."""
        return _to_id(self.values.get(_BUDGET))

    @property
    def position(self) -> float:
        """Its place in Budgero's order."""
        position = self.values.get(_POSITION)
        return position if isinstance(position, int | float) else 0

    def currency(self, column: str) -> str | None:
        """The currency in a column."""
        code = _to_name(self.values.get(column)).upper()
        return code if 0 < len(code) <= _LONGEST_CODE else None


def read_file(path: Path, patience: Patience | None = None) -> Directory:
    """Read the names from a database file, in place and without changing it.

    No program may write to it meanwhile. It takes long; call it in an executor.

    Args:
        path: the file.
        patience: for how long it may go on.

    Raises:
        NamesError: `UNREADABLE`, `TRUNCATED`, `FOREIGN`, `TOO_LARGE` or `TOO_SLOW`.
    """
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
        _check_header(header, path.stat().st_size)
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        connection = sqlite3.connect(uri, uri=True)
    except OSError, sqlite3.Error:
        raise NamesError(NamesProblem.UNREADABLE) from None
    with closing(connection):
        return _read(connection, patience or Patience())


def read_content(content: bytearray, patience: Patience | None = None) -> Directory:
    """Read the names from a database in memory.

    It takes long; call it in an executor. It may change the header in `content`.

    Args:
        content: of a database file.
        patience: for how long it may go on.

    Raises:
        NamesError: `UNREADABLE`, `TRUNCATED`, `FOREIGN`, `TOO_LARGE` or `TOO_SLOW`.
    """
    _check_header(content[:_HEADER_BYTES], len(content))
    content[_WRITE_VERSION] = b"\x01\x01"
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        return _read(connection, patience or Patience())


def _check_header(header: bytes | bytearray, size: int) -> None:
    """Refuse content that is no complete database.

    Raises:
        NamesError: it is none.
    """
    if not header or not _MAGIC.startswith(header[: len(_MAGIC)]):
        raise NamesError(NamesProblem.UNREADABLE)
    page = int.from_bytes(header[16:18])
    is_counted = header[24:28] == header[92:96]
    pages = int.from_bytes(header[28:32]) if is_counted else 0
    if len(header) < _HEADER_BYTES or size < pages * (65536 if page == 1 else page):
        raise NamesError(NamesProblem.TRUNCATED)


def _read(connection: sqlite3.Connection, patience: Patience) -> Directory:
    with _limited(connection, patience):
        _refuse_foreign(connection)
        tables = {table: _columns(connection, table) for table in _TABLES}
        known = {table: columns for table, columns in tables.items() if columns}
        if len(known) < _NEEDED:
            raise NamesError(NamesProblem.FOREIGN)
        rows = {
            table: sorted(
                _rows(connection, table, columns, patience),
                key=lambda row: row.position,
            )
            for table, columns in known.items()
        }
    return _to_directory(rows)


@contextmanager
def _limited(connection: sqlite3.Connection, patience: Patience) -> Iterator[None]:
    """Let a connection only read, and for a limited time.

    Raises:
        NamesError: it took too long, or the database is damaged.
    """
    for limit, value in (
        (sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE),
        (sqlite3.SQLITE_LIMIT_ATTACHED, 0),
        (sqlite3.SQLITE_LIMIT_WORKER_THREADS, 0),
    ):
        connection.setlimit(limit, value)
    for setting, is_on in (
        (sqlite3.SQLITE_DBCONFIG_DEFENSIVE, True),
        (sqlite3.SQLITE_DBCONFIG_TRUSTED_SCHEMA, False),
        (sqlite3.SQLITE_DBCONFIG_ENABLE_TRIGGER, False),
        (sqlite3.SQLITE_DBCONFIG_ENABLE_VIEW, False),
        (sqlite3.SQLITE_DBCONFIG_DQS_DML, False),
    ):
        connection.setconfig(setting, is_on)
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    connection.set_progress_handler(lambda: patience.is_over, _STEPS)
    try:
        yield
    except (sqlite3.Error, UnicodeError) as error:
        code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        raise NamesError(_PROBLEMS.get(code, NamesProblem.UNREADABLE)) from None


def _refuse_foreign(connection: sqlite3.Connection) -> None:
    """Refuse a database with other things than plain tables, indexes and triggers.

    No query on a view is even prepared, because views that use each other can make that
    endless.

    Raises:
        NamesError: it has such things.
    """
    found = connection.execute(
        "SELECT type, rootpage, sql FROM sqlite_schema LIMIT ?", (_MOST_TABLES + 1,)
    ).fetchall()
    if len(found) > _MOST_TABLES or not all(_is_plain(*each) for each in found):
        raise NamesError(NamesProblem.FOREIGN)


def _is_plain(kind: object, page: object, sql: object) -> bool:
    """Return whether a row of the schema is a plain table, index or trigger.

    Args:
        kind: table, index or trigger.
        page: its first page; a virtual table has none.
        sql: the statement that made it; SQLite's own indexes have none.
    """
    if kind == "index" and sql is None:
        return True
    plain = _PLAIN.get(str(kind))
    is_made_so = plain is not None and isinstance(sql, str) and plain.match(sql)
    return bool(is_made_so and (page or kind == "trigger"))


def _columns(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    """Return the columns to read of a table by their plain names.

    There are none if the table is not there, or has neither ids nor names.

    Raises:
        NamesError: some are generated columns.
    """
    columns: dict[str, str] = {}
    for name, hidden in connection.execute(
        "SELECT name, hidden FROM pragma_table_xinfo(?)", (table,)
    ):
        if hidden:
            raise NamesError(NamesProblem.FOREIGN)
        plain = name.lower().replace("_", "")
        if plain in _COLUMNS:
            columns.setdefault(plain, name)
    return columns if {_ID, _NAME} <= columns.keys() else {}


def _rows(
    connection: sqlite3.Connection,
    table: str,
    columns: dict[str, str],
    patience: Patience,
) -> Iterator[_Row]:
    """Read the rows of a table, in no particular order.

    Raises:
        NamesError: there are too many, or it takes too long.
    """
    quoted = ", ".join('"' + name.replace('"', '""') + '"' for name in columns.values())
    found = connection.execute(f"SELECT {quoted} FROM {table} NOT INDEXED")
    for number, values in enumerate(found, start=1):
        if number > MAX_ROWS:
            raise NamesError(NamesProblem.TOO_LARGE)
        if number % _GIVE_WAY_EVERY == 0:
            patience.give_way()
        row = dict(zip(columns, values, strict=True))
        id_, name = _to_id(row[_ID]), _to_name(row[_NAME])
        if id_ and name and not any(_is_set(row.get(column)) for column in _GONE):
            yield _Row(id_, name, row)


def _to_directory(rows: Mapping[str, Sequence[_Row]]) -> Directory:
    spaces = (_to_name(row.values.get(_SPACE)) for row in rows.get(_BUDGETS, ()))
    return Directory(
        spaces=frozenset(spaces) - {""},
        budgets=tuple(
            Budget(id=row.id, name=row.name, currency=row.currency(_DISPLAY_CURRENCY))
            for row in rows.get(_BUDGETS, ())
        ),
        accounts=tuple(
            Account(
                id=row.id,
                name=row.name,
                budget=row.budget,
                currency=row.currency(_CURRENCY),
                is_archived=_is_set(row.values.get(_ARCHIVED)),
            )
            for row in rows.get(_ACCOUNTS, ())
        ),
        groups=tuple(
            CategoryGroup(id=row.id, name=row.name, budget=row.budget)
            for row in rows.get(_GROUPS, ())
        ),
        categories=tuple(
            Category(
                id=row.id,
                name=row.name,
                budget=row.budget,
                group=_to_id(row.values.get(_GROUP)),
            )
            for row in rows.get(_CATEGORIES, ())
        ),
        payees=tuple(
            Payee(id=row.id, name=row.name, budget=row.budget)
            for row in rows.get(_PAYEES, ())
        ),
    )


def _to_id(value: _Value) -> int | None:
    return value if isinstance(value, int) and 0 < value <= MAX_ID else None


def _to_name(value: _Value) -> str:
    return shorten(clean_name(value)) if isinstance(value, str) else ""


def _is_set(value: _Value) -> bool:
    """Return whether a column holds a yes or a time."""
    return value not in (None, 0, "", "0", "false")
