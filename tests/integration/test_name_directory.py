"""The names of an entry: read from an own server, kept on disk, and read again."""

import asyncio
from dataclasses import replace
import threading

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import config_flow, name_directory
from custom_components.budgero.const import (
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
    CONF_PREVIOUS_SPACE_KEYS,
    CONF_SPACE_KEY,
)
from custom_components.budgero.diagnostics import async_get_config_entry_diagnostics
from custom_components.budgero.engine.names import (
    Account,
    Directory,
    KeptNames,
    Kind,
    NamesError,
    NamesProblem,
    Source,
)
from custom_components.budgero.engine.push import SpaceKey
from custom_components.budgero.names_file import NamesFile
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer, Damage, Fault, Reply, StalledBody

from .flows import (
    OTHER_KEY,
    TYPED,
    address,
    choose,
    credentials,
    start,
    submit,
    suggested,
    user_of,
)
from .options import choose_option, open_options
from .support import Call, names_path, running, set_up, until

BLOB = "/api/v1/database/blob"
STATE = "/api/v1/database/state"


def _reads(server: BudgeroServer) -> int:
    """Return how often the whole database was fetched."""
    return sum(
        request.path == BLOB and request.status == 200 for request in server.requests
    )


async def _book(add: Call, server: BudgeroServer, payee: str) -> None:
    """Let an app book something with a new payee, and upload its database."""
    await add(amount=1, payee=payee, wait=True)
    server.apply()


@pytest.fixture
async def named(hass: HomeAssistant, signed_in: MockConfigEntry) -> MockConfigEntry:
    """The entry with a user, once its names were read and kept."""
    await until(names_path(hass, signed_in).exists)
    return signed_in


async def test_read_at_set_up(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer
) -> None:
    """The server's names are known by themselves, and kept encrypted."""
    names = running(named).names
    assert names.source is Source.SERVER
    assert names.problem is None
    assert names.is_signed_in
    assert names.read_at is not None
    assert (dt_util.utcnow() - names.read_at).total_seconds() < 60
    assert names.index.find(Kind.CATEGORY, "groceries", 1, "category").id == 2
    assert _reads(server) == 1
    assert b"Groceries" not in names_path(hass, named).read_bytes()


async def test_known_without_a_network(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer
) -> None:
    """After a restart they come from disk; what cannot be asked is a state."""
    await server.stop()
    before = running(named).names
    assert await hass.config_entries.async_reload(named.entry_id)
    after = running(named).names
    assert after is not before
    assert after.directory == before.directory
    assert (after.source, after.read_at) == (before.source, before.read_at)
    await until(lambda: after.problem is not None)
    assert after.problem in ("unreachable", "in_doubt")
    assert after.directory == before.directory
    said = (await open_options(hass, named))["description_placeholders"]
    assert said is not None
    assert said["source"].startswith("read from your server · 20")
    assert " · last try failed: " in said["source"]
    assert said["accounts"] == "7"


async def test_read_again_when_there_are_others(
    named: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The database is fetched again when its version has changed, and only then."""
    names = running(named).names
    told: list[str | None] = []
    unsubscribe = names.async_subscribe(lambda: told.append(names.problem))
    await names.async_refresh()
    assert (_reads(server), told) == (1, [])
    await _book(add, server, "Corner Café")
    await names.async_refresh()
    assert _reads(server) == 2
    assert told == [None]
    assert "Corner Café" in [payee.name for payee in names.directory.payees]
    unsubscribe()
    await _book(add, server, "Bakery")
    await names.async_refresh()
    assert told == [None]


async def test_asked_every_hour(
    hass: HomeAssistant,
    user_entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """New names come by themselves; nothing is fetched while there are none."""
    assert name_directory.ASK_AGAIN_AFTER == 3600
    monkeypatch.setattr(name_directory, "ASK_AGAIN_AFTER", 0.01)
    await set_up(hass, user_entry)
    names = running(user_entry).names

    def times_asked() -> int:
        return sum(request.path == STATE for request in server.requests)

    await until(lambda: times_asked() > 3)
    assert _reads(server) == 1
    await _book(add, server, "Bakery")
    await until(lambda: "Bakery" in [payee.name for payee in names.directory.payees])
    assert _reads(server) == 2


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (Damage.NO_ENVELOPE, "foreign"),
        (Damage.GARBLED, "unreadable"),
        (Damage.BROKEN_FRAME, "truncated"),
        (Damage.NO_DATABASE, "unreadable"),
    ],
)
async def test_database_that_cannot_be_read(
    hass: HomeAssistant,
    named: MockConfigEntry,
    server: BudgeroServer,
    damage: Damage,
    problem: str,
) -> None:
    """The last names stay, the options say why, and it ends when the reason does."""
    names = running(named).names
    before = names.directory
    server.blob = replace(server.blob, damage=damage)
    await names.async_refresh()
    assert names.problem == problem
    assert names.directory is before
    menu = await open_options(hass, named)
    assert "read_now" in menu["menu_options"]
    server.blob = replace(server.blob, damage=Damage.NONE)
    menu = await choose_option(hass, menu, "read_now")
    assert menu["step_id"] == "known"
    said = menu["description_placeholders"]
    assert said is not None
    assert "failed" not in said["source"]


async def test_read_now_of_an_entry_unloaded_meanwhile(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """The dialog goes on, and says that no names are known."""
    menu = await open_options(hass, named)
    assert await hass.config_entries.async_unload(named.entry_id)
    menu = await choose_option(hass, menu, "read_now")
    said = menu["description_placeholders"]
    assert said is not None
    assert said["source"] == "none yet"


async def test_another_key_is_needed(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer
) -> None:
    """A wrong key says so, in the options and in the diagnostics."""
    names = running(named).names
    server.blob = replace(server.blob, foreign_key=True)
    await names.async_refresh()
    assert names.problem == "wrong_key"
    said = (await open_options(hass, named))["description_placeholders"]
    assert said is not None
    assert said["source"].endswith("last try failed: another space key is needed")
    told = (await async_get_config_entry_diagnostics(hass, named))["names"]
    assert told == {
        "source": "server",
        "age": told["age"],
        "problem": "wrong_key",
        "budgets": 2,
        "accounts": 7,
        "groups": 5,
        "categories": 13,
        "payees": 6,
    }
    assert 0 <= told["age"] < 60


async def test_machine_that_was_busy(
    named: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same database is tried again, as it may be read in time then."""
    names = running(named).names
    await _book(add, server, "Bakery")

    def give_up(content: bytes, key: SpaceKey) -> Directory:
        raise NamesError(NamesProblem.TOO_SLOW)

    with monkeypatch.context() as patch:
        patch.setattr(name_directory, "read_blob", give_up)
        await names.async_refresh()
    assert names.problem == "too_slow"
    await names.async_refresh()
    assert "Bakery" in [payee.name for payee in names.directory.payees]


async def test_nothing_was_uploaded_yet(
    hass: HomeAssistant, user_entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """That is told, and does not stop the set-up."""
    server.blob = replace(server.blob, missing=True)
    await set_up(hass, user_entry)
    names = running(user_entry).names
    await until(lambda: names.problem == "missing")
    assert (names.source, names.read_at) == (None, None)
    assert not names_path(hass, user_entry).exists()


async def test_without_a_user(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Nobody asks a server that tells nothing."""
    names = running(loaded).names
    await names.async_refresh()
    assert (names.problem, names.source, names.is_signed_in) == (None, None, False)


# On disk


async def test_damaged_file(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer
) -> None:
    """It is of no use, and read anew."""
    path = names_path(hass, named)
    assert await hass.config_entries.async_unload(named.entry_id)
    path.write_bytes(path.read_bytes()[:-20])
    await set_up(hass, named)
    await until(lambda: running(named).names.source is not None)
    assert _reads(server) == 2


async def test_file_of_another_key(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """It is of no use either, and says nothing."""
    kept = KeptNames(
        directory=Directory(accounts=(Account(id=1, name="Theirs"),)),
        source=Source.FILE,
        read_at=dt_util.utcnow(),
    )
    NamesFile(names_path(hass, loaded), SpaceKey.parse(OTHER_KEY)).write(kept)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert running(loaded).names.directory == Directory()


async def test_key_that_was_corrected(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Names that were read from a file stay known, and are sealed with the new key."""
    names = running(loaded).names
    kept = KeptNames(
        directory=Directory(accounts=(Account(id=1, name="Cash"),)),
        source=Source.FILE,
        read_at=dt_util.utcnow(),
    )
    await names.async_take(kept)
    data = {
        **loaded.data,
        CONF_SPACE_KEY: OTHER_KEY,
        CONF_PREVIOUS_SPACE_KEYS: [server.space_key],
    }
    hass.config_entries.async_update_entry(loaded, data=data)
    await hass.async_block_till_done()
    assert running(loaded).names is not names
    assert running(loaded).names.directory == kept.directory
    new = NamesFile(names_path(hass, loaded), SpaceKey.parse(OTHER_KEY))
    assert new.read() == kept


async def test_disk_that_refuses(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The names are known all the same, and the options say that they are not kept."""
    path = names_path(hass, named)
    path.unlink()
    path.mkdir()
    await _book(add, server, "Bakery")
    names = running(named).names
    await names.async_refresh()
    assert names.problem == "storage"
    assert "Bakery" in [payee.name for payee in names.directory.payees]


async def test_removed_with_the_entry(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """Nothing of the names is left."""
    path = names_path(hass, named)
    assert path.exists()
    await hass.config_entries.async_remove(named.entry_id)
    assert not path.exists()


type Events = tuple[threading.Event, threading.Event, threading.Event]


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Events:
    """Let names be written slowly; return its begin, what lets it go on, and its end."""
    write = NamesFile.write
    begun, opened, ended = (threading.Event() for _ in range(3))

    def write_slowly(file: NamesFile, kept: KeptNames) -> None:
        begun.set()
        opened.wait(5)
        write(file, kept)
        ended.set()

    monkeypatch.setattr(NamesFile, "write", write_slowly)
    return begun, opened, ended


async def test_removed_while_names_are_written(
    hass: HomeAssistant, user_entry: MockConfigEntry, slow: Events
) -> None:
    """Nothing is left of them either: the write is waited for."""
    begun, opened, ended = slow
    await set_up(hass, user_entry)
    await until(begun.is_set)
    removal = hass.async_create_task(
        hass.config_entries.async_remove(user_entry.entry_id)
    )
    await asyncio.wait({removal}, timeout=0.2)
    opened.set()
    await removal
    await until(ended.is_set)
    assert not names_path(hass, user_entry).exists()


async def test_removed_while_a_dialog_writes_names(
    hass: HomeAssistant, loaded: MockConfigEntry, slow: Events
) -> None:
    """The dialog belongs to no entry: its write is waited for, and no other follows."""
    begun, opened, ended = slow
    names = running(loaded).names
    kept = KeptNames(
        directory=Directory(), source=Source.FILE, read_at=dt_util.utcnow()
    )
    taking = asyncio.create_task(names.async_take(kept))
    await until(begun.is_set)
    removal = hass.async_create_task(hass.config_entries.async_remove(loaded.entry_id))
    await asyncio.wait({removal}, timeout=0.2)
    opened.set()
    await removal
    await taking
    await until(ended.is_set)
    assert not names_path(hass, loaded).exists()
    await names.async_take(kept)
    assert not names_path(hass, loaded).exists()


@pytest.mark.allowed_warnings("^The names of Budgero are still on disk")
async def test_names_that_cannot_be_removed(
    hass: HomeAssistant, named: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    """The entry goes, and the log says what is left."""
    path = names_path(hass, named)
    path.unlink()
    path.mkdir()
    await hass.config_entries.async_remove(named.entry_id)
    assert "The names of Budgero are still on disk" in caplog.text


# In the set-up


async def _signed_in(hass: HomeAssistant, server: BudgeroServer) -> ConfigFlowResult:
    """Sign in to the own server in the set-up; return the form that follows."""
    form = await submit(hass, await start(hass, "own_server"), address(server))
    menu = await submit(hass, form, credentials(server))
    form = await choose(hass, menu, "sign_in")
    return await submit(hass, form, user_of(server))


@pytest.mark.usefixtures("quick")
async def test_set_up_by_name(hass: HomeAssistant, server: BudgeroServer) -> None:
    """Signed in, account and category are lists, and the currency is the account's."""
    form = await _signed_in(hass, server)
    assert form["step_id"] == "account"
    form = await submit(hass, form, {CONF_ACCOUNT: "business checking"})
    assert form["step_id"] == "category"
    assert suggested(form) == {CONF_CURRENCY: "USD"}
    values = {CONF_CATEGORY: "Office", CONF_CURRENCY: "USD"}
    result = await submit(hass, form, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"][CONF_BUDGET] == 2
    await hass.async_block_till_done()
    names = running(result["result"]).names  # type: ignore[arg-type]
    assert names.source is Source.SERVER


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "fault",
    [
        Reply(method="GET", path=STATE, status=503, html="<p>Bad</p>", times=None),
        StalledBody(method="GET", path=STATE, times=None),
    ],
)
async def test_names_that_do_not_come(
    hass: HomeAssistant,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """The set-up goes on with ids, and says that the names come later."""
    monkeypatch.setattr(config_flow, "_PATIENCE", 0.3)
    server.faults.add(fault)
    async with asyncio.timeout(10):  # the client alone would wait for much longer
        form = await _signed_in(hass, server)
    assert form["step_id"] == "defaults"
    assert form["errors"] == {"base": "names_not_read"}
    server.faults.clear()
    result = await submit(hass, form, TYPED)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    names = running(result["result"]).names  # type: ignore[arg-type]
    await until(lambda: names.source is not None)
