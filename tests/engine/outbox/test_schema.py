"""A file that is no intact outbox of this version is left as it is."""

from collections.abc import Callable
from pathlib import Path
import shutil
import sqlite3

import pytest

from custom_components.budgero.engine.outbox import (
    NewerOutboxError,
    OutboxError,
    UnreadableOutboxError,
)
from custom_components.budgero.engine.outbox.store import Store

from .helpers import DIGEST, new_sealed


def _text(path: Path) -> None:
    path.write_text("This is no database, but somebody's notes. " * 100)


def _foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    connection.close()


def _foreign_with_log(path: Path) -> None:
    original = path.with_name("original")
    connection = sqlite3.connect(original)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE theirs (a)")
    connection.commit()
    _copy(original, path)
    connection.close()


def _torn(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def _overwritten(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(bytes(3 * 4096))


def _newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 1000")
    connection.close()


def _newer_with_log(path: Path) -> None:
    original = path.with_name("original")
    path.rename(original)
    connection = sqlite3.connect(original)
    connection.execute("PRAGMA user_version = 1000")
    _copy(original, path)
    connection.close()


def _copy(original: Path, path: Path) -> None:
    for suffix in ("", "-wal"):
        shutil.copy(f"{original}{suffix}", f"{path}{suffix}")


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (_text, UnreadableOutboxError),
        (_foreign, UnreadableOutboxError),
        (_foreign_with_log, UnreadableOutboxError),
        (_torn, UnreadableOutboxError),
        (_overwritten, UnreadableOutboxError),
        (_newer, NewerOutboxError),
        (_newer_with_log, NewerOutboxError),
    ],
)
async def test_a_file_that_is_no_intact_outbox_is_left_as_it_is(
    tmp_path: Path, spoil: Callable[[Path], None], error: type[OutboxError]
) -> None:
    """Byte for byte: a person or a newer version may still want it."""
    path = tmp_path / "outbox"
    if spoil not in (_text, _foreign, _foreign_with_log):
        intact = Store(path)
        await intact.open()
        for _ in range(50):
            await intact.append(new_sealed(payload="x" * 500), DIGEST)
        await intact.close()
    spoil(path)

    def content() -> list[bytes]:
        files = (path, path.with_name("outbox-wal"))
        return [file.read_bytes() if file.exists() else b"" for file in files]

    before = content()
    store = Store(path)
    with pytest.raises(error):
        await store.open()
    await store.close()
    assert content() == before
