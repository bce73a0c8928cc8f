"""Opening an outbox by its face: whatever lies on the disk, and whatever fails."""

from functools import partial
from pathlib import Path

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import (
    ClosedFile,
    Hold,
    Outbox,
    Salvaged,
    State,
    StorageError,
)
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.push import Client, SpaceKey, reseal
from tests.engine.lunch import LUNCH

from .helpers import lanes

TOKEN = "bpk_" + "t" * 40
OLD = SpaceKey(b"o" * 32)
NEW = SpaceKey(b"n" * 32)


@pytest.fixture
def client(session: ClientSession) -> Client:
    """A client with the new key, whose server is never asked."""
    return Client(session, "http://127.0.0.1:9", TOKEN, NEW)


@pytest.fixture
async def message_id(path: Path, session: ClientSession) -> str:
    """The id of what waits in a file, sealed with the old key."""
    client = Client(session, "http://127.0.0.1:9", TOKEN, OLD)
    outbox = await Outbox.open(path, client, report=_refuse)
    appended = await outbox.append(outbox.seal(LUNCH), b"given")
    await outbox.close()
    return appended.row.message_id


def _refuse(salvaged: Salvaged) -> None:
    pytest.fail(f"nothing was damaged: {salvaged}")


async def test_what_an_earlier_key_sealed(
    path: Path, client: Client, message_id: str
) -> None:
    """It is sealed again before anything is sent."""
    change = partial(reseal, new=NEW, old=[OLD])
    outbox = await Outbox.open(path, client, report=_refuse, reseal=change)
    [row] = await outbox.find(State.WAITING)
    assert row.message_id == message_id
    assert NEW.has_sealed(row.sealed.payload)
    await outbox.close()


async def test_a_damaged_file(path: Path, client: Client, message_id: str) -> None:
    """What is intact is saved, reported and held."""
    path.write_bytes(path.read_bytes().replace(b"SQLite", b"SQLite"[::-1]))  # noqa: ASYNC240
    reports: list[Salvaged] = []
    outbox = await Outbox.open(path, client, report=reports.append)
    assert [salvaged.saved for salvaged in reports] == [1]
    assert [row.message_id for row in await outbox.find(Hold.RESTORED)] == [message_id]
    await outbox.close()


@pytest.mark.usefixtures("message_id")
async def test_the_disk_refuses_in_the_middle(
    path: Path, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then nothing stays open."""

    async def fail(_: Sender) -> None:
        raise StorageError

    before = lanes()
    monkeypatch.setattr(Sender, "load", fail)
    with pytest.raises(StorageError):
        await Outbox.open(path, client, report=_refuse)
    assert lanes() == before
    assert await ClosedFile(path).count_waiting() == 1
