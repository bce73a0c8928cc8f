"""A row is what was written, or it is damage: every byte of every column counts."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
import sqlite3

import pytest

from custom_components.budgero.engine.outbox import (
    Hold,
    State,
    StorageError,
    UnreadableOutboxError,
)
from custom_components.budgero.engine.outbox.disk import facts
from custom_components.budgero.engine.outbox.disk.checksums import (
    keep_checksums,
    verify,
)
from custom_components.budgero.engine.outbox.disk.columns import Table
from custom_components.budgero.engine.outbox.disk.files import is_there
from custom_components.budgero.engine.outbox.disk.reading import WORDS
from custom_components.budgero.engine.outbox.disk.schema import (
    FACTS,
    TRANSACTIONS,
    create,
)
from custom_components.budgero.engine.outbox.salvage import log_of
from custom_components.budgero.engine.outbox.store import Store

from .helpers import DIGEST, append, new_sealed

OTHER = {"INTEGER": 1_234_567, "REAL": 1.25, "TEXT": "other", "BLOB": b"other"}
"""For each type, a value that no row here has."""


def _columns(table: Table) -> list[str]:
    return [column.name for column in table.columns if not column.is_number]


def _set(path: Path, table: str, column: str, value: object) -> None:
    """Change a row of a file as somebody does who knows nothing of checksums."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        statement = f"UPDATE {table} SET {column} = ? WHERE rowid = 1"  # noqa: S608
        assert connection.execute(statement, (value,)).rowcount == 1


def _spoil(path: Path, damage: Callable[[bytes], bytes]) -> bool:
    """Change the bytes of a file; return whether it is another one now."""
    before = path.read_bytes()
    path.write_bytes(damage(before))
    return path.read_bytes() != before


async def _write(path: Path) -> None:
    """Make an outbox with one transaction."""
    store = Store(path)
    await store.open()
    await append(store, "one")
    await store.close()


async def _is_refused(path: Path) -> bool:
    """Open an outbox; return whether it is taken for damaged."""
    store = Store(path)
    try:
        await store.open()
    except UnreadableOutboxError:
        return True
    await store.close()
    return False


@pytest.mark.parametrize("column", _columns(TRANSACTIONS))
async def test_every_column_of_a_transaction_is_covered(
    path: Path, column: str
) -> None:
    """One that is added later is as well, by itself."""
    await _write(path)
    assert not await _is_refused(path)
    kind = next(one.kind for one in TRANSACTIONS.columns if one.name == column)
    _set(path, "transactions", column, OTHER[kind])
    assert await _is_refused(path)


@pytest.mark.parametrize("column", _columns(FACTS))
async def test_every_column_of_a_fact_is_covered(path: Path, column: str) -> None:
    """Facts hold what waits, and say which key is proven."""
    await _write(path)
    kind = next(one.kind for one in FACTS.columns if one.name == column)
    _set(path, "facts", column, OTHER[kind])
    assert await _is_refused(path)


async def test_a_word_that_nobody_knows(path: Path) -> None:
    """Its checksum may be right: a later version has written it without saying so."""
    await _write(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        keep_checksums(connection)
        connection.execute("UPDATE transactions SET state = 'acCepted'")
    assert await _is_refused(path)


def test_words_have_columns() -> None:
    """None of them was renamed without the other."""
    assert WORDS.keys() <= set(TRANSACTIONS.names)


@pytest.mark.parametrize("last", [0, 2**60])
async def test_damaged_numbering(path: Path, last: int) -> None:
    """New rows would come before the old ones, or could not come at all."""
    await _write(path)
    _set(path, "sqlite_sequence", "seq", last)
    assert await _is_refused(path)


def _flip_letter(data: bytes) -> bytes:
    return data.replace(b"waiting", b"waitIng")


def _no_utf8(data: bytes) -> bytes:
    return data.replace(b"c2VhbGVkLXRyYW5zYWN0aW9u", b"c2VhbGVkLXRyYW5zYWN0aW9\xf5")


def _schema(data: bytes) -> bytes:
    return data.replace(b"CREATE TABLE transactions", b"CREATE TABLE trans\xe1ctions")


def _schema_letter(data: bytes) -> bytes:
    return data.replace(b"attempts INTEGER NOT NULL", b"attempts INTEGER NOT NUlL")


def _at(position: int, value: int) -> Callable[[bytes], bytes]:
    return lambda data: data[:position] + bytes([value]) + data[position + 1 :]


@pytest.mark.parametrize(
    "damage",
    [
        _flip_letter,
        _no_utf8,
        _schema,
        _schema_letter,
        _at(18, 3),
        _at(18, 0),
        _at(19, 1),
        _at(20, 1),
        _at(47, 5),
        _at(59, 3),
        _at(0, 0),
        _at(71, 1),
    ],
)
async def test_damaged_bytes(path: Path, damage: Callable[[bytes], bytes]) -> None:
    """Whatever SQLite makes of them, they are damage, not a disk that refuses."""
    await _write(path)
    assert _spoil(path, damage)
    assert await _is_refused(path)


@pytest.fixture
def connection() -> sqlite3.Connection:
    """A new outbox in memory."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create(connection)
    keep_checksums(connection)
    facts.put(connection, "one", "1")
    connection.execute(
        "INSERT INTO transactions (message_id, state, digest, operation, created_at)"
        " VALUES ('one', 'waiting', x'00', 'add', -0.0)"
    )
    return connection


def test_statements_need_not_know(connection: sqlite3.Connection) -> None:
    """Whatever they change, and whatever SQLite makes of their numbers."""
    verify(connection)
    connection.execute(
        "UPDATE transactions SET created_at = 3, target = ?", ("a\x00\u20ac",)
    )
    connection.execute("UPDATE transactions SET not_before = 1e300, payload = 'x'")
    facts.put(connection, "one", "2")
    verify(connection)
    assert facts.get(connection, "one") == "2"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE transactions SET attempts = 1",
        "UPDATE transactions SET payload = 'x'",
        "DELETE FROM transactions",
        "UPDATE facts SET value = 'x'",
        "DELETE FROM facts",
    ],
)
def test_damage_is_never_signed(connection: sqlite3.Connection, statement: str) -> None:
    """A statement that meets a damaged row stops."""
    connection.execute("UPDATE transactions SET checksum = checksum + 1")
    connection.execute("UPDATE facts SET checksum = checksum + 1")
    with pytest.raises(sqlite3.IntegrityError) as raised:
        connection.execute(statement)
    assert raised.value.sqlite_errorcode == sqlite3.SQLITE_CONSTRAINT_TRIGGER
    with pytest.raises(UnreadableOutboxError):
        verify(connection)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.5", 1.5), ("nan", None), ("inf", None), ("1e999", None), ("x", None)],
)
def test_numbers_among_the_facts(
    connection: sqlite3.Connection, text: str, number: float | None
) -> None:
    """What is none is not known."""
    facts.put(connection, "one", text)
    assert facts.get_number(connection, "one") == number
    assert facts.get_number(connection, "two") is None


# While it is open


async def _spoil_payload(store: Store) -> None:
    """Change a payload on the disk, and let it be read from there."""
    await store.begin_backup()
    await store.end_backup()
    await store._database.read(  # noqa: SLF001
        lambda connection: connection.execute("PRAGMA shrink_memory").fetchall()
    )
    assert _spoil(store.path, lambda data: data.replace(b"spoilt", b"Spoilt"))


@pytest.mark.parametrize(
    "meet",
    [
        lambda store: store.waiting.due(State.WAITING, 60.0, 10),
        lambda store: store.get("one"),
        lambda store: store.holds.hold(Hold.WORKSPACE),
        lambda store: store.append(new_sealed("one"), DIGEST),
        lambda store: store.review.remove("one"),
    ],
    ids=["due", "get", "hold", "append", "remove"],
)
async def test_damage_while_it_is_open(
    path: Path, meet: Callable[[Store], object]
) -> None:
    """Whoever meets it hears of it, before anything is sent or signed anew.

    From then on everybody does.
    """
    store = Store(path)
    await store.open()
    await store.append(new_sealed("one", "spoilt"), DIGEST)
    for number in range(20):
        await append(store, f"other-{number}")
    await _spoil_payload(store)
    with pytest.raises(UnreadableOutboxError):
        await meet(store)  # type: ignore[misc]
    with pytest.raises(UnreadableOutboxError):
        await store.review.overview()
    await store.close()
    assert await _is_refused(path)


async def test_a_damaged_log_is_not_brought_into_the_file(path: Path) -> None:
    """Neither when a backup begins nor when the outbox is closed."""
    store = Store(path)
    await store.open()
    await append(store, "one")
    log = log_of(path)
    assert _spoil(log, lambda data: data[:-1000] + b"\xff" * 1000)
    with pytest.raises(UnreadableOutboxError):
        await store.begin_backup()
    await store.close()
    assert is_there(log)
    assert await _is_refused(path)


async def test_a_disk_that_refuses_is_no_damage(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor is a mistake of our own."""
    store = Store(path)
    await store.open()
    monkeypatch.setattr(facts, "put", lambda *_: 1 / 0)
    with pytest.raises(StorageError):
        await store.remember("one", "1")
    monkeypatch.undo()
    await store.remember("one", "1")
    await store.close()
    assert not await _is_refused(path)
