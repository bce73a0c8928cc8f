"""Reading names from a database: what Budgero writes, and what others might."""

from contextlib import suppress
from pathlib import Path
import sqlite3
import time

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    CategoryGroup,
    Directory,
    NamesError,
    NamesProblem,
    Payee,
    database as database_module,
    read_file,
)
from custom_components.budgero.engine.names.database import MAX_ROWS, read_content
from custom_components.budgero.engine.names.problems import Patience
from tests.budgero_server import RELEASES

from .files import TABLES, database, exported

WAL = slice(18, 20)


def read(content: bytes) -> Directory:
    """Read a database in memory."""
    return read_content(bytearray(content))


def problem_of(content: bytes) -> NamesProblem:
    """Return why a database is refused; fail if it is taken."""
    with pytest.raises(NamesError) as caught:
        read(content)
    return caught.value.problem


@pytest.mark.parametrize("release", RELEASES)
def test_what_budgero_exports(release: str, tmp_path: Path) -> None:
    """Every release, from a file and from memory alike."""
    content = exported(release)
    path = tmp_path / "budgero ü?#.db"
    path.write_bytes(content)
    found = read_file(path)
    assert found == read(content)
    assert found.budgets == (
        Budget(id=1, name="Household", currency="EUR"),
        Budget(id=2, name="Side Business", currency="USD"),
    )
    assert found.accounts[1] == Account(id=2, name="Cash", budget=1, currency="EUR")
    archived = [account.name for account in found.accounts if account.is_archived]
    assert archived == ["Old Card", "Old Savings"]
    rent = Category(id=4, name="Rent", budget=1, group=4)
    assert rent in found.categories
    assert CategoryGroup(id=4, name="Home", budget=1) in found.groups
    assert Payee(id=2, name="Café Rosa", budget=1) in found.payees
    assert len(found.spaces) == 1
    assert [path.name] == [each.name for each in tmp_path.iterdir()]
    assert path.read_bytes() == content


def test_a_log_that_is_written_ahead(tmp_path: Path) -> None:
    """A database that was in this mode is read, in a file and in memory."""
    path, before = tmp_path / "budgero.db", exported()
    path.write_bytes(before)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    content = path.read_bytes()
    assert content[WAL] == b"\x02\x02"
    assert read_file(path) == read(content) == read(before)


def test_what_is_absent_is_done_without() -> None:
    """Tables and columns may be missing, renamed in case, or more."""
    found = read(
        database(
            """
            CREATE TABLE Accounts (extra, account_name, name, id, is_deleted);
            CREATE TABLE categories (ID, Name, Position, budget_id, Hidden);
            CREATE TABLE payees (Name);
            INSERT INTO accounts (id, name, is_deleted) VALUES (7, 'Cash', 0),
                (8, 'Gone', 1), ('nine', 'Other', 0), (-1, 'x', 0), (1e3, 'y', 0);
            INSERT INTO categories VALUES (1, 'Last', 9, 2, 0),
                (2, 'First', 1, 2, NULL), (3, 'Gone', 2, 2, '2026-01-01'),
                (4, NULL, 2, 2, 0), (5, x'80', 2, 2, 0), (6, ' ', 2, 2, 0)
            """
        )
    )
    assert found == Directory(
        accounts=(Account(id=7, name="Cash"),),
        categories=(
            Category(id=2, name="First", budget=2),
            Category(id=1, name="Last", budget=2),
        ),
    )


NAMES = {
    "A\x00B\x07\tC\r\nD": "A B C D",
    "  two   blanks ": "two blanks",
    "\u202eevil\u202c \u200bname": "evil name",
    "x" * 1000: "x" * 1000,
    "x" * 1001: "x" * 999 + "…",
    "👩‍👩‍👧 שלום <b>**x**</b>": "👩‍👩‍👧 שלום <b>**x**</b>",
    "Cafe\u0301": "Café",
}


PAYEE = "INSERT INTO payees VALUES ({}, 1, CAST(x'{}' AS TEXT));"


def test_names_are_cleaned() -> None:
    """Without what nobody sees; everything else stays."""
    rows = [
        PAYEE.format(number, name.hex())
        for number, name in enumerate([*map(str.encode, NAMES), b"A\xffB"], start=1)
    ]
    found = read(database(TABLES + "".join(rows)))
    assert [payee.name for payee in found.payees] == [*NAMES.values(), "A\ufffdB"]


def test_workspaces() -> None:
    """Budgets tell theirs, or do not."""
    script = """
        CREATE TABLE budgets (ID, Name, space_id);
        CREATE TABLE accounts (ID, Name);
        INSERT INTO budgets VALUES (1, 'A', ' s1 '), (2, 'B', 's2'), (3, 'C', 's1'),
            (4, 'D', NULL), (5, 'E', ''), (6, 'F', 7), (7, 'G', x'41')
    """
    assert read(database(script)).spaces == {"s1", "s2"}


ACCOUNT = "INSERT INTO accounts VALUES (1, 'A', {}, 1, 0)"


@pytest.mark.parametrize(
    ("code", "currency", "is_crypto"),
    [
        ("EUR", "EUR", False),
        (" usd ", "USD", False),
        ("BTC", "BTC", True),
        ("", None, False),
        (None, None, False),
        ("x" * 11, None, False),
    ],
)
def test_currencies(code: str | None, currency: str | None, is_crypto: bool) -> None:
    """Whatever is no country's money is taken for a crypto currency."""
    value = "NULL" if code is None else f"'{code}'"
    row = ACCOUNT.format(value)
    [account] = read(database(TABLES + row)).accounts
    assert (account.currency, account.is_crypto) == (currency, is_crypto)


FOREIGN = {
    "view": "CREATE VIEW v AS SELECT 1",
    "view in place": """
        DROP TABLE payees;
        CREATE VIEW payees AS SELECT 1 AS ID, 'a' AS Name
    """,
    "virtual table": """
        DROP TABLE payees;
        CREATE VIRTUAL TABLE payees USING fts5(ID, Name)
    """,
    "generated": """
        DROP TABLE payees;
        CREATE TABLE payees (ID INTEGER, Name TEXT AS (hex(zeroblob(30000000))));
        INSERT INTO payees VALUES (1)
    """,
    "stored": """
        DROP TABLE payees;
        CREATE TABLE payees (ID INTEGER, Name TEXT, x AS (upper(Name)) STORED)
    """,
    "virtual by its page": """
        PRAGMA writable_schema=ON;
        UPDATE sqlite_schema SET rootpage = 0 WHERE name = 'payees'
    """,
    "a thousand tables": "".join(
        f"CREATE TABLE t{number} (a);" for number in range(1000)
    ),
}


@pytest.mark.parametrize(
    "script",
    [
        "PRAGMA user_version=1",
        "CREATE TABLE accounts (id, name)",
        "CREATE TABLE accounts (id); CREATE TABLE payees (name)",
        *(TABLES + script for script in FOREIGN.values()),
    ],
    ids=["empty", "another program", "other columns", *FOREIGN],
)
def test_foreign(script: str, tmp_path: Path) -> None:
    """What is no plain table of Budgero is refused before a row is read."""
    content = database(script)
    assert problem_of(content) is NamesProblem.FOREIGN
    path = tmp_path / "file.db"
    path.write_bytes(content)
    with pytest.raises(NamesError) as caught:
        read_file(path)
    assert caught.value.problem is NamesProblem.FOREIGN


DISGUISE = """
PRAGMA writable_schema=ON;
UPDATE sqlite_schema SET sql = 'CREATE VIEW payees AS SELECT 1 AS ID'
WHERE name = 'payees'
"""


def test_a_disguised_view() -> None:
    """What calls itself a table, and is none, is damage."""
    content = database(TABLES + DISGUISE)
    assert problem_of(content) is NamesProblem.UNREADABLE


def test_views_that_stand_for_each_other_take_no_time() -> None:
    """Each would double the one before; none is even prepared."""
    view = "CREATE VIEW v{} AS SELECT x.a FROM v{} x, v{} y;"
    views = "".join(view.format(n, n - 1, n - 1) for n in range(1, 60))
    start = time.perf_counter()
    content = database(f"{TABLES} CREATE VIEW v0 AS SELECT 1 AS a; {views}")
    assert problem_of(content) is NamesProblem.FOREIGN
    assert time.perf_counter() - start < 1


def test_a_hostile_column_name() -> None:
    """A name with quotation marks is a name."""
    content = database(
        """
        CREATE TABLE accounts (ID, Name);
        CREATE TABLE payees ("ID", "Name", "budget_id"" FROM x; --", "BUDGET_ID", "Na""me");
        INSERT INTO payees VALUES (1, 'Baker', 5, 6, 'x')
        """
    )
    assert read(content).payees == (Payee(id=1, name="Baker", budget=6),)


def test_too_many_rows() -> None:
    """More than any household has."""
    rows = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})"
        " INSERT INTO payees SELECT i, 1, 'Payee ' || i FROM n"
    )
    many = database(TABLES + rows.format(MAX_ROWS))
    assert len(read(many).payees) == MAX_ROWS
    too_many = database(TABLES + rows.format(MAX_ROWS + 1))
    assert problem_of(too_many) is NamesProblem.TOO_LARGE


def test_a_name_of_a_megabyte() -> None:
    """It is not even loaded."""
    row = "INSERT INTO payees VALUES (1, 1, hex(zeroblob(600000)))"
    assert problem_of(database(TABLES + row)) is NamesProblem.TOO_LARGE


LYING_INDEX = """
DROP TABLE payees;
CREATE TABLE payees (ID INTEGER, Name TEXT, Note TEXT);
INSERT INTO payees VALUES (1, 'Baker', hex(zeroblob(500)));
CREATE INDEX i ON payees (ID, Name) WHERE 0;
PRAGMA writable_schema=ON;
UPDATE sqlite_schema SET sql = 'CREATE INDEX i ON payees (ID, Name)' WHERE name = 'i'
"""


def test_an_index_that_lies() -> None:
    """Only the table itself is read."""
    found = read(database(TABLES + LYING_INDEX))
    assert found.payees == (Payee(id=1, name="Baker"),)


@pytest.mark.parametrize("every", [100, 10**9])
def test_it_has_an_end(every: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between rows, and within SQLite's own work."""
    monkeypatch.setattr(database_module, "_GIVE_WAY_EVERY", every)
    rows = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)"
        " INSERT INTO payees SELECT -i, 1, 'Payee ' || i FROM n"
    )
    with pytest.raises(NamesError) as caught:
        read_content(bytearray(database(TABLES + rows)), Patience(0))
    assert caught.value.problem is NamesProblem.TOO_SLOW


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", NamesProblem.UNREADABLE),
        (b"SQLite f", NamesProblem.TRUNCATED),
        (b"SQLite format 3\x00", NamesProblem.TRUNCATED),
        (b"PK\x03\x04" + bytes(200), NamesProblem.UNREADABLE),
        (b"SQLite format 3\x00" + bytes(200), NamesProblem.UNREADABLE),
        (exported()[:-1], NamesProblem.TRUNCATED),
        (exported()[:4096], NamesProblem.TRUNCATED),
    ],
    ids=["empty", "start", "magic", "zip", "zeros", "last byte", "one page"],
)
def test_no_database(content: bytes, problem: NamesProblem, tmp_path: Path) -> None:
    """It says whether the end is missing, or whether it is something else."""
    assert problem_of(content) is problem
    path = tmp_path / "file.db"
    path.write_bytes(content)
    with pytest.raises(NamesError) as caught:
        read_file(path)
    assert caught.value.problem is problem


def test_no_file(tmp_path: Path) -> None:
    """A folder, or nothing."""
    for path in (tmp_path, tmp_path / "none.db"):
        with pytest.raises(NamesError) as caught:
            read_file(path)
        assert caught.value.problem is NamesProblem.UNREADABLE


EXPORTED = exported()


@given(st.lists(st.tuples(st.integers(0, len(EXPORTED) - 1), st.integers(0, 255))))
def test_damage(changes: list[tuple[int, int]]) -> None:
    """A damaged database is refused, or read for what is left of it."""
    content = bytearray(EXPORTED)
    for place, byte in changes:
        content[place] = byte
    with suppress(NamesError):
        read_content(content, Patience(1))
