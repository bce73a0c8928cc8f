"""A file that an earlier program has written is opened, and what waits is delivered."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
import sqlite3

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import FailedBy, Hold, State, times
from custom_components.budgero.engine.outbox.disk.checksums import keep_checksums
from custom_components.budgero.engine.outbox.store import Store
from tests.budgero_server import BudgeroServer

from .golden import GOLDEN, HELD, MADE_AT, SPACE_KEY, STATES, WAITING, make
from .helpers import row_of
from .house import House

pytestmark = pytest.mark.usefixtures("hurry")


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[BudgeroServer]:
    """A Budgero server of the space whose key sealed the file."""
    async with BudgeroServer(api_limit=None, space_key=SPACE_KEY) as server:
        yield server


@pytest.fixture
async def house(
    server: BudgeroServer,
    session: ClientSession,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    """A household with a copy of the file, after another boot of the machine."""
    monkeypatch.setattr(times, "DOUBT_REST", 0.2)
    await asyncio.to_thread(_copy, path)
    house = House(server, session, path)
    yield house
    await house.close()


def _copy(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(GOLDEN.read_bytes())


def _keep_in_place(path: Path) -> None:
    """Make the outbox take the copy for the file itself."""
    with closing(sqlite3.connect(path, autocommit=True)) as connection:
        keep_checksums(connection)
        connection.execute("DELETE FROM facts WHERE name = 'inode'")


async def _states(outbox: Store) -> dict[str, State]:
    ids = (*STATES, *WAITING, *HELD)
    return {message_id: (await row_of(outbox, message_id)).state for message_id in ids}


async def test_rows_and_facts_are_read(house: House) -> None:
    """Each row is where it was, and what was known of the key still is."""
    _keep_in_place(house.path)
    await house.open()
    waiting = dict.fromkeys((*WAITING, *HELD), State.WAITING)
    assert await _states(house.store) == STATES | waiting
    assert house.sender.is_key_proven
    assert [row.message_id for row in await house.store.holds.held(Hold.FLOOD)] == [
        *HELD
    ]
    assert await house.store.recall("asking") == "asked"
    assert (await house.row("deletion")).target == "accepted"
    assert (await house.row("in-doubt")).in_doubt
    assert (await house.row("failed")).failed_by is FailedBy.APP
    assert (await house.row("refused")).failed_by is FailedBy.SERVER
    assert (await house.row("vanished")).leftover_id == "queue-leftover"
    assert (await house.row("accepted")).accepted_at == MADE_AT
    assert (await house.row("processed")).payload is None
    assert (await house.row("accepted")).logged_by is None
    assert not (await house.store.review.overview()).has_news


async def test_what_waits_is_delivered_once(house: House) -> None:
    """What waits arrives once, what is held only after a person's decision."""
    _keep_in_place(house.path)
    await house.open()
    house.start()
    await house.until_all([*WAITING], State.ACCEPTED)
    assert not [message_id for message_id in HELD if house.pushes(message_id)]
    assert await house.store.holds.deliver(Hold.FLOOD, HELD) == len(HELD)
    house.sender.resume()
    await house.until_all([*HELD], State.ACCEPTED)
    await house.restart()
    last = await house.add()
    await house.until(last, State.ACCEPTED)
    for message_id in (*WAITING, *HELD):
        assert len(house.pushes(message_id)) == 1
        assert house.queued_ids().count(message_id) == 1


async def test_a_restored_copy_is_held(house: House) -> None:
    """A copy in another place sends nothing until a person has decided."""
    await house.open()
    held = await house.store.holds.held(Hold.RESTORED)
    assert [row.message_id for row in held] == [*WAITING, *HELD]
    house.start()
    await house.store.holds.deliver(Hold.RESTORED, WAITING)
    house.sender.resume()
    await house.until_all([*WAITING], State.ACCEPTED)
    for message_id in WAITING:
        assert house.queued_ids().count(message_id) == 1
    assert not [message_id for message_id in HELD if house.pushes(message_id)]


async def test_the_program_of_today_writes_the_same(tmp_path: Path, path: Path) -> None:
    """The script that has made the file makes one of the same rows."""
    made = tmp_path / GOLDEN.name
    await make(made)
    await asyncio.to_thread(_copy, path)
    names = _columns(path)
    assert _rows(made, names) == _rows(path, names)


def _columns(path: Path) -> list[str]:
    """Return the columns of a file, but for the bytes that are new each time."""
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name FROM pragma_table_info('transactions')")
        return [name for (name,) in found if name not in ("payload", "checksum")]


def _rows(path: Path, names: list[str]) -> list[tuple[object, ...]]:
    """Return these columns of what lies in a file."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(
            f"SELECT {', '.join(names)} FROM transactions ORDER BY seq"  # noqa: S608
        ).fetchall()
