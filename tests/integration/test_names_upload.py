"""Names from the file that Budgero exports: in the set-up, and in the options."""

import base64
from contextlib import closing
from pathlib import Path
import sqlite3
import tempfile

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.budgero import connection, upload_flow
from custom_components.budgero.const import (
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
    CONF_IS_DEFAULT,
)
from custom_components.budgero.engine.names import (
    Directory,
    Kind,
    NamesError,
    NamesProblem,
    Source,
)
from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.upload_flow import CONF_FILE
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util.ulid import ulid_hex
from tests.budgero_server import BudgeroServer

from .flows import address, choose, credentials, start, submit, suggested
from .options import choose_option, fill_in, open_options
from .support import Call, names_path, raising, running
from .uploads import Upload, files_below, send_file


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A temporary folder of the test's own; all on a machine share one else."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.fixture
async def upload(
    hass: HomeAssistant, folder: Path, hass_client: ClientSessionGenerator
) -> Upload:
    """Upload a file, and return its id."""

    async def send(content: bytes) -> str:
        return await send_file(await hass_client(), content)

    return send


@pytest.fixture
def cloud(server: BudgeroServer, monkeypatch: pytest.MonkeyPatch) -> BudgeroServer:
    """Let the stand-in be the hosted service."""
    monkeypatch.setattr(connection, "CLOUD", server.url)
    return server


async def _form(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Open the options, and choose the upload."""
    return await choose_option(hass, await open_options(hass, entry), "upload")


async def _upload_in_set_up(
    hass: HomeAssistant, server: BudgeroServer, upload: Upload
) -> ConfigFlowResult:
    """Set up the hosted service with a file; return the form for the account."""
    menu = await submit(hass, await start(hass, "cloud"), credentials(server))
    assert menu["step_id"] == "names"
    assert menu["menu_options"] == ["upload", "defaults"]
    form = await choose(hass, menu, "upload")
    file_id = await upload(server.export_database())
    return await submit(hass, form, {CONF_FILE: file_id})


async def test_in_the_options(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    folder: Path,
    upload: Upload,
) -> None:
    """The names are known at once and after a restart; the file is gone."""
    form = await _form(hass, loaded)
    assert form["step_id"] == "upload"
    file_id = await upload(server.export_database())
    assert len(files_below(folder)) == 1
    menu = await fill_in(hass, form, {CONF_FILE: file_id})
    assert menu["step_id"] == "known"
    assert files_below(folder) == []
    said = menu["description_placeholders"]
    assert said is not None
    assert said["source"].startswith("read from an exported file · 20")
    assert (said["accounts"], said["categories"]) == ("7", "13")
    account = running(loaded).names.index.find(Kind.ACCOUNT, "cash", 1, "account")
    assert account.currency == "EUR"
    form = await choose_option(hass, menu, "defaults")
    assert form["step_id"] == "account"

    assert await hass.config_entries.async_reload(loaded.entry_id)
    names = running(loaded).names
    assert names.source is Source.FILE
    assert names.index.find(Kind.ACCOUNT, "cash", 1, "account") == account
    assert names_path(hass, loaded).stat().st_mode & 0o777 == 0o600


async def test_in_the_set_up(
    hass: HomeAssistant, cloud: BudgeroServer, upload: Upload, add: Call
) -> None:
    """Whoever uses the hosted service chooses by name, too, and the entry knows them."""
    form = await _upload_in_set_up(hass, cloud, upload)
    assert form["step_id"] == "account"
    assert suggested(form) == {}
    form = await submit(hass, form, {CONF_ACCOUNT: "business checking"})
    assert suggested(form) == {CONF_CURRENCY: "USD"}
    values = {CONF_CATEGORY: "travel", CONF_CURRENCY: "USD"}
    result = await submit(hass, form, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"] == {
        CONF_ACCOUNT: 4,
        CONF_CATEGORY: 12,
        CONF_BUDGET: 2,
        CONF_CURRENCY: "USD",
        CONF_IS_DEFAULT: True,
    }
    await hass.async_block_till_done()
    names = running(result["result"]).names  # type: ignore[arg-type]
    assert names.source is Source.FILE
    assert names.directory.accounts
    await add(amount=1, category="office", wait=True)
    cloud.apply()
    [booking] = cloud.bookings
    assert (booking.account, booking.category_id) == ("Business Checking", 11)


async def test_entry_that_does_not_load_at_first(
    hass: HomeAssistant,
    cloud: BudgeroServer,
    folder: Path,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has the names when it does."""
    form = await _upload_in_set_up(hass, cloud, upload)
    form = await submit(hass, form, {CONF_ACCOUNT: "1"})
    (folder / ".storage").mkdir()  # every Home Assistant has one
    with monkeypatch.context() as patch:
        name = "custom_components.budgero.async_open_outbox"
        patch.setattr(name, raising(StorageError("The disk refused")))
        result = await submit(hass, form, {CONF_CURRENCY: "EUR"})
        entry = result["result"]
        assert entry.state is ConfigEntryState.SETUP_RETRY
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert running(entry).names.source is Source.FILE  # type: ignore[arg-type]


BAD_FILES = {
    "empty": (b"", "file_unreadable"),
    "photo": (b"\x89PNG" * 1000, "file_unreadable"),
    "cut off": (b"", "file_truncated"),
    "another program's": (b"", "file_foreign"),
}


def _foreign(path: Path) -> bytes:
    """Return a database that has nothing of Budgero's."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE recipes (name)")
    connection.commit()
    connection.close()
    return path.read_bytes()


@pytest.mark.parametrize("kind", BAD_FILES)
async def test_files_that_are_none(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    tmp_path: Path,
    folder: Path,
    upload: Upload,
    kind: str,
) -> None:
    """The form says what is wrong, deletes the file, and takes another one."""
    content, error = BAD_FILES[kind]
    good = server.export_database()
    if kind == "cut off":
        content = good[: len(good) // 2]
    elif kind == "another program's":
        content = _foreign(tmp_path / "recipes.db")
    form = await _form(hass, loaded)
    form = await fill_in(hass, form, {CONF_FILE: await upload(content)})
    assert form["step_id"] == "upload"
    assert form["errors"] == {CONF_FILE: error}
    assert files_below(folder) == []
    assert not running(loaded).names.directory.accounts
    menu = await fill_in(hass, form, {CONF_FILE: await upload(good)})
    assert menu["step_id"] == "known"


async def test_file_that_is_gone(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, upload: Upload
) -> None:
    """A form that is sent twice says so, also if nothing was ever uploaded."""
    form = await _form(hass, loaded)
    form = await fill_in(hass, form, {CONF_FILE: ulid_hex()})
    assert form["errors"] == {CONF_FILE: "file_missing"}
    file_id = await upload(server.export_database())
    await fill_in(hass, form, {CONF_FILE: file_id})
    again = await _form(hass, loaded)
    again = await fill_in(hass, again, {CONF_FILE: file_id})
    assert again["errors"] == {CONF_FILE: "file_missing"}


@pytest.mark.parametrize("problem", sorted({*NamesProblem} - {NamesProblem.WRONG_KEY}))
async def test_every_problem_has_its_words(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    upload: Upload,
    monkeypatch: pytest.MonkeyPatch,
    problem: NamesProblem,
) -> None:
    """Whatever is wrong with a file, the form says it; exported ones are not sealed."""

    def refuse(path: Path) -> Directory:
        raise NamesError(problem)

    monkeypatch.setattr(upload_flow, "read_file", refuse)
    form = await _form(hass, loaded)
    form = await fill_in(hass, form, {CONF_FILE: await upload(b"x")})
    assert form["errors"] == {CONF_FILE: f"file_{problem}"}


def _of_another(path: Path, content: bytes, script: str) -> bytes:
    """Return an exported file after it was changed."""
    path.write_bytes(content)
    with closing(sqlite3.connect(path, autocommit=True)) as connection:
        connection.executescript(script)
    return path.read_bytes()


OTHER_SPACE = "UPDATE budgets SET SpaceID = 'another'"
OTHER_IDS = """
UPDATE budgets SET ID = ID + 1000;
UPDATE accounts SET ID = ID + 1000;
UPDATE categories SET ID = ID + 1000;
"""
NO_SPACES = "ALTER TABLE budgets RENAME COLUMN SpaceID TO x;"


async def _send(
    hass: HomeAssistant, form: ConfigFlowResult, upload: Upload, content: bytes
) -> str:
    """Send a file; return the error, or the step that comes next."""
    shown = await fill_in(hass, form, {CONF_FILE: await upload(content)})
    return str((shown.get("errors") or {}).get(CONF_FILE, shown["step_id"]))


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("", OTHER_SPACE),
        (None, OTHER_IDS),
        (None, NO_SPACES + OTHER_IDS),
        (NO_SPACES, OTHER_IDS),
        ("", NO_SPACES + OTHER_IDS),
    ],
)
async def test_another_workspace(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    tmp_path: Path,
    upload: Upload,
    first: str | None,
    then: str,
) -> None:
    """The form says so; the same file once more is meant."""
    path, good = tmp_path / "budgero.db", server.export_database()
    if first is not None:
        form = await _form(hass, loaded)
        assert (
            await _send(hass, form, upload, _of_another(path, good, first)) == "known"
        )
    before = running(loaded).names.directory
    other = _of_another(path, good, then)
    form = await _form(hass, loaded)
    assert await _send(hass, form, upload, other) == "file_other_workspace"
    assert running(loaded).names.directory == before
    assert await _send(hass, form, upload, other) == "known"
    assert running(loaded).names.directory != before


@pytest.mark.parametrize(
    ("first", "then"), [("", OTHER_IDS), (NO_SPACES, OTHER_SPACE), (None, OTHER_SPACE)]
)
async def test_the_same_workspace(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    tmp_path: Path,
    upload: Upload,
    first: str | None,
    then: str,
) -> None:
    """Nobody is asked without a reason: also after all was deleted and made anew."""
    path, good = tmp_path / "budgero.db", server.export_database()
    for script in (first, then):
        if script is not None:
            form = await _form(hass, loaded)
            content = _of_another(path, good, script)
            assert await _send(hass, form, upload, content) == "known"


async def test_workspace_of_another_entry(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    server: BudgeroServer,
    tmp_path: Path,
    upload: Upload,
) -> None:
    """A household with two workspaces takes one file for the other."""
    good = server.export_database()
    assert await _send(hass, await _form(hass, loaded), upload, good) == "known"
    form = await _form(hass, other)
    assert await _send(hass, form, upload, good) == "file_other_workspace"
    right = _of_another(tmp_path / "budgero.db", good, OTHER_SPACE)
    assert await _send(hass, form, upload, right) == "known"


async def test_workspace_of_another_entry_in_the_set_up(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    cloud: BudgeroServer,
    upload: Upload,
) -> None:
    """It is noticed before the first transaction is logged."""
    good = cloud.export_database()
    assert await _send(hass, await _form(hass, loaded), upload, good) == "known"
    typed = credentials(cloud)
    typed["space_key"] = base64.b64encode(bytes(range(32))).decode()
    menu = await submit(hass, await start(hass, "cloud"), typed)
    form = await choose(hass, menu, "upload")
    form = await submit(hass, form, {CONF_FILE: await upload(good)})
    assert form["errors"] == {CONF_FILE: "file_other_workspace"}
    form = await submit(hass, form, {CONF_FILE: await upload(good)})
    assert form["step_id"] == "account"


async def test_entry_unloaded_meanwhile(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, upload: Upload
) -> None:
    """Nothing is kept for an entry that cannot know it, and the dialog says so."""
    form = await _form(hass, loaded)
    file_id = await upload(server.export_database())
    assert await hass.config_entries.async_unload(loaded.entry_id)
    end = await fill_in(hass, form, {CONF_FILE: file_id})
    assert end["reason"] == "not_loaded"
    assert not names_path(hass, loaded).exists()


async def test_entry_unloaded_while_the_names_are_taken(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, upload: Upload
) -> None:
    """The same holds a moment later, when its names are finished already."""
    form = await _form(hass, loaded)
    file_id = await upload(server.export_database())
    await running(loaded).names.async_finish()
    end = await fill_in(hass, form, {CONF_FILE: file_id})
    assert end["reason"] == "not_loaded"
    assert not names_path(hass, loaded).exists()


async def test_own_server_without_a_sign_in(
    hass: HomeAssistant, server: BudgeroServer, upload: Upload
) -> None:
    """The file does for it, too."""
    form = await submit(hass, await start(hass, "own_server"), address(server))
    menu = await submit(hass, form, credentials(server))
    menu = await choose(hass, menu, "names")
    form = await choose(hass, menu, "upload")
    file_id = await upload(server.export_database())
    form = await submit(hass, form, {CONF_FILE: file_id})
    assert form["step_id"] == "account"
