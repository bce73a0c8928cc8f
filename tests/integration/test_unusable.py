"""Outboxes that cannot be used, and files that were kept: a person hears of them."""

from collections.abc import Callable
import errno
from hashlib import sha256
from pathlib import Path
import shutil
import sqlite3

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import closed_file
from custom_components.budgero.engine.push import SpaceKey
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import unfinished

from .repair_dialogs import ask, confirm
from .support import issues_of, outbox_path, running

pytestmark = pytest.mark.allowed_warnings(
    "^Config entry 'Budgero' for budgero .* not ready yet",
    "^Error setting up entry Budgero for budgero",
)


def make_newer(path: Path) -> None:
    """Let a newer version of the integration have written an outbox."""
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()


def add_trigger(path: Path) -> None:
    """Let another program change what is written into an outbox."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TRIGGER theirs AFTER INSERT ON transactions"
            " BEGIN UPDATE transactions SET payload = 'theirs'; END"
        )
    connection.close()


def link_to_itself(path: Path) -> None:
    """Put something in the place of an outbox that nobody can look at."""
    path.unlink()
    path.symlink_to(path)


def is_link_to_itself(path: Path) -> bool:
    """Return whether a file is as `link_to_itself` left it."""
    return path.is_symlink() and path.readlink() == path


def digest(path: Path) -> bytes:
    """Return what tells whether a file has changed."""
    return sha256(path.read_bytes()).digest()


def names_in(folder: Path) -> list[str]:
    """Return the names of all files in a folder."""
    return [path.name for path in folder.iterdir()]


REASONS: dict[str, Callable[[Path], None]] = {
    "foreign_outbox": add_trigger,
    "newer_outbox": make_newer,
    "storage_unavailable": link_to_itself,
}


@pytest.fixture
def kept(hass: HomeAssistant, server: BudgeroServer) -> Path:
    """Where the outbox of a removed entry of this space lies."""
    return outbox_path(hass, SpaceKey.parse(server.space_key).fingerprint)


@pytest.fixture
def path(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """Where the entry's own outbox lies."""
    return outbox_path(hass, entry.entry_id)


@pytest.fixture(params=REASONS)
async def unusable(
    request: pytest.FixtureRequest,
    hass: HomeAssistant,
    waiting: MockConfigEntry,
    path: Path,
) -> str:
    """The key of the repair of an entry whose outbox cannot be used.

    A copy of its outbox, with three transactions that wait, lies beside it.
    """
    assert await hass.config_entries.async_unload(waiting.entry_id)
    shutil.copy2(path, path.with_name("copy"))
    reason: str = request.param
    REASONS[reason](path)
    assert not await hass.config_entries.async_setup(waiting.entry_id)
    return reason


async def test_repair(
    hass: HomeAssistant, waiting: MockConfigEntry, path: Path, unusable: str
) -> None:
    """It says that nothing can be logged; the next good load closes it."""
    [issue] = issues_of(hass).values()
    assert issue.translation_key == unusable
    assert issue.issue_id == f"{unusable}_{waiting.entry_id}"
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, False)
    assert issue.translation_placeholders == {"title": "Budgero"}
    assert not await hass.config_entries.async_reload(waiting.entry_id)
    assert list(issues_of(hass)) == [unusable]
    path.with_name("copy").replace(path)
    assert await hass.config_entries.async_reload(waiting.entry_id)
    assert unusable not in issues_of(hass)
    assert len(await unfinished(running(waiting).store)) == 3


async def test_disabled(
    hass: HomeAssistant, waiting: MockConfigEntry, unusable: str
) -> None:
    """Nothing is asked of a person about an entry that nobody uses."""
    await hass.config_entries.async_set_disabled_by(
        waiting.entry_id, ConfigEntryDisabler.USER
    )
    assert not issues_of(hass)
    await hass.config_entries.async_set_disabled_by(waiting.entry_id, None)
    assert list(issues_of(hass)) == [unusable]


async def test_removed(
    hass: HomeAssistant, waiting: MockConfigEntry, kept: Path, unusable: str
) -> None:
    """What cannot be read is kept as it is, and only that is told of."""
    await hass.config_entries.async_remove(waiting.entry_id)
    assert list(issues_of(hass)) == ["kept_unreadable_outbox"]
    assert kept.name in names_in(kept.parent)


async def test_nothing_takes_the_place_of_what_cannot_be_looked_at(
    hass: HomeAssistant, waiting: MockConfigEntry, path: Path, kept: Path
) -> None:
    """Neither a new outbox nor a kept one: the disk has not said that it is free."""
    assert await hass.config_entries.async_unload(waiting.entry_id)
    shutil.copy2(path, kept)
    before = digest(kept)
    link_to_itself(path)
    for _ in range(2):
        assert not await hass.config_entries.async_reload(waiting.entry_id)
        assert waiting.state is ConfigEntryState.SETUP_RETRY
        assert list(issues_of(hass)) == ["storage_unavailable"]
        assert is_link_to_itself(path)
        assert digest(kept) == before


async def test_disk_does_not_answer_for_a_moment(
    hass: HomeAssistant,
    waiting: MockConfigEntry,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The entry is set up again by itself, and nothing was changed."""
    assert await hass.config_entries.async_unload(waiting.entry_id)
    before = digest(path)

    def fail(_: Path) -> bool:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(closed_file, "is_there", fail)
        assert not await hass.config_entries.async_setup(waiting.entry_id)
    assert waiting.state is ConfigEntryState.SETUP_RETRY
    assert list(issues_of(hass)) == ["storage_unavailable"]
    assert digest(path) == before
    assert await hass.config_entries.async_reload(waiting.entry_id)
    assert not issues_of(hass)
    assert len(await unfinished(running(waiting).store)) == 3


@pytest.mark.parametrize("key", ["kept_outbox", "kept_unreadable_outbox"])
async def test_kept(
    hass: HomeAssistant, waiting: MockConfigEntry, path: Path, kept: Path, key: str
) -> None:
    """It stays; who has read that closes the repair, for good."""
    assert await hass.config_entries.async_unload(waiting.entry_id)
    if key == "kept_unreadable_outbox":
        make_newer(path)
    await hass.config_entries.async_remove(waiting.entry_id)
    issue = issues_of(hass)[key]
    assert (issue.is_fixable, issue.is_persistent) == (True, True)
    form = await ask(hass, key)
    assert form["step_id"] == "confirm"
    assert (form["description_placeholders"] or {})["file"] == str(kept)
    before = digest(kept)
    assert (await confirm(hass, form))["type"] is FlowResultType.CREATE_ENTRY
    assert not issues_of(hass)
    assert digest(kept) == before
