"""The file of an outbox when its entry is removed, and added again."""

import asyncio
from hashlib import sha256
from pathlib import Path
import sqlite3
import stat

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.push import SpaceKey
from homeassistant.core import HomeAssistant
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import unfinished

from .outbox_files import cut_power, damage, fail_to_mend, is_damaged, log_of
from .support import Call, in_state, issues_of, make_entry, outbox_path, running, set_up


@pytest.fixture
def kept(hass: HomeAssistant, server: BudgeroServer) -> Path:
    """Where the outbox of a removed entry of this space lies."""
    return outbox_path(hass, SpaceKey.parse(server.space_key).fingerprint)


def files(hass: HomeAssistant) -> list[str]:
    """Return the names of all files that belong to Budgero."""
    folder = Path(hass.config.path(".storage"))
    return sorted(path.name for path in folder.glob("budgero.*"))


def digest(path: Path) -> bytes:
    """Return what tells whether a file has changed."""
    return sha256(path.read_bytes()).digest()


async def remove(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Remove an entry."""
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()


async def test_file_is_private(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Only Home Assistant's user can read it."""
    mode = outbox_path(hass, loaded.entry_id).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


async def test_removal_with_nothing_waiting(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call
) -> None:
    """What Budgero has accepted is its own: the file goes, with its companions."""
    await add(amount=1, wait=True)
    await remove(hass, loaded)
    assert files(hass) == []
    assert not issues_of(hass)


async def test_removal_of_an_entry_that_never_loaded(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """There is no file, and nothing to say."""
    await remove(hass, entry)
    assert files(hass) == []
    assert not issues_of(hass)


@pytest.mark.usefixtures("impatient")
async def test_removal_with_transactions_waiting(
    hass: HomeAssistant, waiting: MockConfigEntry, server: BudgeroServer, kept: Path
) -> None:
    """They are kept, a repair says where, and the same space delivers them."""
    await remove(hass, waiting)
    assert files(hass) == [kept.name]
    issue = issues_of(hass)["kept_outbox"]
    assert issue.translation_placeholders == {"file": str(kept), "count": "3"}
    assert issue.is_persistent

    await server.start()
    again = make_entry(server)
    await set_up(hass, again)
    assert not issues_of(hass)
    await in_state(hass, again, waiting="0", pending="3")
    server.apply()
    assert sorted(booking.outflow for booking in server.bookings) == [1000, 2000, 3000]
    await remove(hass, again)
    assert files(hass) == []


async def test_another_space_adopts_nothing(
    hass: HomeAssistant,
    impatient: None,
    waiting: MockConfigEntry,
    other_server: BudgeroServer,
    kept: Path,
) -> None:
    """A space with another key leaves them alone."""
    await remove(hass, waiting)
    await set_up(hass, make_entry(other_server))
    await asyncio.sleep(0.05)
    assert kept.name in files(hass)
    assert other_server.counts.pending == 0
    assert "kept_outbox" in issues_of(hass)


async def test_two_removed_entries_of_one_space(
    hass: HomeAssistant, server: BudgeroServer, add: Call, kept: Path
) -> None:
    """A second file of the same space does not overwrite the first one."""
    await server.stop()
    entries = [make_entry(server), make_entry(server)]
    for entry in entries:
        await set_up(hass, entry)
        await add(amount=1, config_entry_id=entry.entry_id)
    for entry in entries:
        await remove(hass, entry)
    assert files(hass) == [kept.name, f"{kept.stem}~2.db"]
    third = make_entry(server)
    await set_up(hass, third)
    await add(amount=1)
    assert files(hass)[-1] == f"{kept.stem}~2.db"
    await remove(hass, third)
    assert [name for name in files(hass) if name.endswith(".db")] == [
        kept.name,
        f"{kept.stem}~2.db",
    ]


@pytest.mark.allowed_warnings("^Config entry 'Budgero' for budgero .* not ready yet")
async def test_removal_of_a_damaged_file(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    kept: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is kept as a whole, a repair says so, and the same space mends it later."""
    path = outbox_path(hass, entry.entry_id)
    damage(path)
    log_of(path).write_bytes(b"what belongs to it")
    await fail_to_mend(hass, entry, monkeypatch)
    await remove(hass, entry)
    assert is_damaged(kept)
    assert log_of(kept).name in files(hass)
    assert all(name.startswith(kept.name) for name in files(hass))
    issue = issues_of(hass)["kept_unreadable_outbox"]
    assert (issue.translation_placeholders or {})["file"] == str(kept)

    again = make_entry(server)
    await set_up(hass, again)
    assert list(issues_of(hass)) == ["salvaged"]
    aside = outbox_path(hass, f"{again.entry_id}.damaged")
    assert is_damaged(aside)
    assert not any(name.startswith(kept.name) for name in files(hass))


async def test_removal_of_a_newer_file(
    hass: HomeAssistant, waiting: MockConfigEntry, server: BudgeroServer, kept: Path
) -> None:
    """Only its own version can tell what is in it: it is kept, and left alone."""
    assert await hass.config_entries.async_unload(waiting.entry_id)
    with sqlite3.connect(outbox_path(hass, waiting.entry_id)) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    await remove(hass, waiting)
    before = digest(kept)
    await set_up(hass, make_entry(server))
    assert list(issues_of(hass)) == ["kept_unreadable_outbox"]
    assert digest(kept) == before


async def test_removal_after_a_power_cut(
    hass: HomeAssistant, waiting: MockConfigEntry, server: BudgeroServer, kept: Path
) -> None:
    """A log that SQLite would throw away keeps the file, too."""
    log = await cut_power(hass, waiting)
    size = log.stat().st_size
    with log.open("r+b") as file:
        file.write(b"damaged")
    await remove(hass, waiting)
    assert list(issues_of(hass)) == ["kept_unreadable_outbox"]
    assert log_of(kept).stat().st_size == size
    again = make_entry(server)
    await set_up(hass, again)
    assert len(await unfinished(running(again).store)) == 3
