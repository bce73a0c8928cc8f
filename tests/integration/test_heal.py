"""Damaged files: what is intact is saved, the rest is kept, and a person is told."""

import asyncio
from contextlib import closing
from pathlib import Path
import sqlite3

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import CONF_PREVIOUS_SPACE_KEYS, DOMAIN
from custom_components.budgero.engine.outbox import Hold, Row, State
from custom_components.budgero.engine.outbox.disk import connection
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import SpaceKey
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import owner_of, unfinished

from .actions import queue, refused
from .flows import OTHER_KEY
from .outbox_files import cut_power, damage, fail_to_mend, is_damaged
from .repair_dialogs import answer, ask, confirm
from .support import (
    Call,
    in_state,
    issues_of,
    make_entry,
    outbox_path,
    row_of,
    running,
    set_up,
    unreadable,
    until,
)

PAGE = 4096

pytestmark = pytest.mark.usefixtures("impatient")


def _garble(path: Path) -> None:
    """Overwrite half of the pages of a file, not the first one."""
    half = path.stat().st_size // PAGE // 2
    with path.open("r+b") as file:
        file.seek(PAGE)
        file.write(b"\xde\xad\xbe\xef" * (PAGE // 4) * (half - 1))


def _garble_payloads(path: Path, server: BudgeroServer) -> bytes:
    """Overwrite a page of payloads in the middle of a file; return the content."""
    content = bytearray(path.read_bytes())
    mark = SpaceKey.parse(server.space_key).seal(b"")[:40]  # all payloads begin so
    at = content.index(mark.encode(), len(content) // 2) // PAGE * PAGE
    garbage = b"\xde\xad\xbe\xef" * (PAGE // 4)
    content[at : at + PAGE] = garbage
    with path.open("r+b") as file:  # who reads meanwhile never finds it empty
        file.seek(at)
        file.write(garbage)
    return bytes(content)


def _make_foreign(path: Path) -> None:
    """Make the database of another program."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name)")


def _kept_damaged(hass: HomeAssistant) -> list[Path]:
    """Return the damaged files that were kept, oldest first."""
    folder = outbox_path(hass, "").parent
    return sorted(folder.glob(f"{DOMAIN}.*.damaged*.db"))


async def _write_through(store: Store) -> None:
    """Bring all into the main file."""
    await store.begin_backup()
    await store.end_backup()


async def _forget_pages(store: Store) -> None:
    """Let the next look read from the disk."""
    await store._database.read(  # noqa: SLF001
        lambda connection: connection.execute("PRAGMA shrink_memory").fetchall()
    )


async def _log(add: Call, number: int) -> None:
    """Log so many transactions at once."""
    said = (add(amount=n + 1, message_id=f"m{n}") for n in range(number))
    await asyncio.gather(*said)


@pytest.fixture
async def unloaded(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> MockConfigEntry:
    """An entry with thirty transactions that wait, not in use."""
    await server.stop()
    await _log(add, 30)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    return loaded


async def test_damaged_page(
    hass: HomeAssistant, unloaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """The rest is saved and held; a person is told where the bad file lies."""
    content = _garble_payloads(outbox_path(hass, unloaded.entry_id), server)
    await server.start()
    await set_up(hass, unloaded)
    [kept] = _kept_damaged(hass)
    assert kept.read_bytes() == content
    rows = await unfinished(running(unloaded).store)
    assert 0 < len(rows) < 30
    assert {row.held for row in rows} == {Hold.RESTORED}
    count = str(len(rows))
    issue = issues_of(hass)["salvaged"]
    assert issue.translation_placeholders == {
        "title": "Budgero",
        "count": count,
        "file": str(kept),
    }
    assert issue.is_persistent
    assert not server.queue

    await answer(hass, "held_restored", "release")
    await until(lambda: server.counts.pending == len(rows))
    server.apply()
    saved = {row.message_id for row in rows}
    assert {booking.message_id for booking in server.bookings} == saved
    form = await ask(hass, "salvaged")
    assert form["step_id"] == "confirm"
    assert form["description_placeholders"] == issue.translation_placeholders
    await confirm(hass, form)
    await hass.async_block_till_done()
    assert not issues_of(hass)
    assert kept.exists()


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path.write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64),
        lambda path: path.write_text("shopping list: milk, eggs " * 100),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"\0" * 3 * PAGE),
        _make_foreign,
    ],
    ids=["torn", "text", "empty", "zeros", "foreign"],
)
async def test_nothing_to_save(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    make: object,
) -> None:
    """The entry works with a new file; the old one is kept as it is."""
    path = outbox_path(hass, entry.entry_id)
    path.parent.mkdir()
    assert callable(make)
    make(path)
    content = path.read_bytes()
    await set_up(hass, entry)
    assert (await add(amount=1, wait=True))["status"] == "accepted"
    [kept] = _kept_damaged(hass)
    assert kept.read_bytes() == content
    assert issues_of(hass)["salvaged"].translation_placeholders == {
        "title": "Budgero",
        "count": "0",
        "file": str(kept),
    }


async def test_damaged_log(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """SQLite would forget the rest of a log without a word; that is saved, too."""
    await server.stop()
    await running(loaded).store.review.counts()
    for _ in range(10):  # each in a commit of its own
        await add(amount=1)
    log = await cut_power(hass, loaded)
    with log.open("r+b") as file:
        file.seek(log.stat().st_size // 2)
        file.write(b"\xde\xad\xbe\xef" * 256)
    await set_up(hass, loaded)
    rows = await unfinished(running(loaded).store)
    assert len(rows) >= 8
    assert {row.held for row in rows} == {Hold.RESTORED}
    assert len(_kept_damaged(hass)) == 1


async def test_several_damaged_files(
    hass: HomeAssistant, unloaded: MockConfigEntry
) -> None:
    """Each has a repair of its own, which outlives a restart."""
    path = outbox_path(hass, unloaded.entry_id)
    for _ in range(2):
        _garble(path)
        await set_up(hass, unloaded)
        assert await hass.config_entries.async_unload(unloaded.entry_id)
    issues = [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "salvaged"
    ]
    told = {(issue.translation_placeholders or {})["file"] for issue in issues}
    assert told == {str(kept) for kept in _kept_damaged(hass)}
    assert len(told) == 2
    assert all(issue.is_persistent for issue in issues)


@pytest.mark.allowed_warnings("^Config entry 'Budgero' for budgero .* not ready yet")
async def test_disk_refuses_to_salvage(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file stays as it is; set-up is tried again, and then it works."""
    path = outbox_path(hass, entry.entry_id)
    damage(path)
    await fail_to_mend(hass, entry, monkeypatch)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert entry.error_reason_translation_key == "storage_unavailable"
    assert is_damaged(path)
    assert list(issues_of(hass)) == ["storage_unavailable"]
    assert await hass.config_entries.async_reload(entry.entry_id)
    assert list(issues_of(hass)) == ["salvaged"]


@pytest.mark.allowed_warnings("^Config entry 'Budgero' for budgero .* not ready yet")
async def test_disk_refuses_to_show_the_log(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That is no damage: set-up is tried again."""

    def refuse(_: Path) -> bool:
        raise PermissionError

    with monkeypatch.context() as patch:
        patch.setattr(connection, "is_log_damaged", refuse)
        assert not await hass.config_entries.async_setup(entry.entry_id)
    assert entry.state is ConfigEntryState.SETUP_RETRY
    assert await hass.config_entries.async_reload(entry.entry_id)


async def _refusal(add: Call) -> str | None:
    """Return why nothing more is logged, `None` if a healed outbox takes it already."""
    try:
        await add(amount=1)
    except HomeAssistantError as error:
        return error.translation_key
    return None


@pytest.mark.allowed_warnings("^Error (requesting|fetching) budgero data")
@pytest.mark.parametrize("met_by", ["sender", "caller", "reader"])
async def test_damage_while_running(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    idle: asyncio.Lock,
    met_by: str,
) -> None:
    """The entry sets itself up again once, saves what is intact, and goes on."""
    await server.stop()
    await _log(add, 30)
    store = running(loaded).store
    async with idle:
        await _write_through(store)
        _garble(outbox_path(hass, loaded.entry_id))
        await _forget_pages(store)
        if met_by == "caller":
            assert await _refusal(add) in {"storage_failed", None}
        elif met_by == "reader":
            await running(loaded).coordinator.async_refresh()
    await until(
        lambda: (
            loaded.state is ConfigEntryState.LOADED
            and running(loaded).store is not store
        )
    )
    assert "salvaged" in issues_of(hass)
    assert len(_kept_damaged(hass)) == 1
    healed = running(loaded).store
    rows = await unfinished(healed)
    assert rows
    await answer(hass, "held_restored", "release")
    await server.start()
    await until(lambda: server.counts.pending == len(rows))
    assert (await add(amount=1, wait=True))["status"] == "accepted"
    assert running(loaded).store is healed


@pytest.mark.allowed_warnings("^Error (requesting|fetching) budgero data")
async def test_damage_that_only_a_person_meets(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    idle: asyncio.Lock,
) -> None:
    """Numbers come from elsewhere in the file: they do not hide it for long."""
    await _log(add, 30)
    await in_state(hass, loaded, waiting="0", pending="30")
    store, coordinator = running(loaded).store, running(loaded).coordinator
    async with idle:
        await _write_through(store)
        _garble_payloads(outbox_path(hass, loaded.entry_id), server)
        await _forget_pages(store)
        assert (await store.review.overview()).counts.accepted == 30
        error = await refused(hass, "get_queue")
        assert error.translation_key == "storage_unavailable"
        coordinator.async_note_change()
        await until(lambda: "salvaged" in issues_of(hass))
    await until(lambda: loaded.state is ConfigEntryState.LOADED)
    assert 0 < (await running(loaded).store.review.counts()).accepted < 30


def _flip_payload(path: Path, row: Row) -> None:
    """Turn one bit of a payload: its bytes are no text any more."""
    content = path.read_bytes()
    payload = row.sealed.payload.encode()
    at = content.index(payload) + len(payload) // 2
    path.write_bytes(content[:at] + bytes([content[at] ^ 0x80]) + content[at + 1 :])


async def _released(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, bad: Row
) -> None:
    """Deliver what was saved: all but the damaged one, which is never sent."""
    assert {"salvaged", "held_restored"} <= set(issues_of(hass))
    problem = hass.states.get("binary_sensor.budgero_problem")
    assert problem is not None
    await until(lambda: hass.states.is_state("binary_sensor.budgero_problem", "on"))
    await server.start()
    await answer(hass, "held_restored", "release")
    await until(lambda: server.counts.pending == 4)
    server.apply()
    saved = {f"m{number}" for number in range(5)} - {bad.message_id}
    assert {booking.message_id for booking in server.bookings} == saved


async def test_one_flipped_bit(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Found at set-up: the other four go their way."""
    await server.stop()
    await _log(add, 5)
    bad = await row_of(loaded, "m2")
    assert await hass.config_entries.async_unload(loaded.entry_id)
    _flip_payload(outbox_path(hass, loaded.entry_id), bad)
    await set_up(hass, loaded)
    await _released(hass, loaded, server, bad)


@pytest.mark.allowed_warnings("^Error (requesting|fetching) budgero data")
async def test_one_flipped_bit_while_running(
    hass: HomeAssistant,
    impatient: None,
    idle: asyncio.Lock,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """Found by the delivery, and by nobody else: it does not stand still."""
    await server.stop()
    await _log(add, 5)
    bad = await row_of(loaded, "m2")
    store = running(loaded).store
    async with idle:
        await _write_through(store)
        _flip_payload(outbox_path(hass, loaded.entry_id), bad)
        await _forget_pages(store)
    await until(lambda: "salvaged" in issues_of(hass))
    await until(lambda: loaded.state is ConfigEntryState.LOADED)
    await until(lambda: running(loaded).store is not store)
    await until(lambda: "held_restored" in issues_of(hass))
    await _released(hass, loaded, server, bad)


@pytest.mark.parametrize(
    ("good", "bad", "saved"),
    [
        (b"CREATE TABLE transactions", b"CREATE TABLE transact\xe9ons", 30),
        (b"CREATE TABLE transactions", b"CREATE TABLE transactionz", 30),
        (b"waiting", b"waitIng", 0),
        (b"running", b"\xffunning", 30),
    ],
    ids=["letter", "name", "state", "fact"],
)
async def test_damaged_words(
    hass: HomeAssistant, unloaded: MockConfigEntry, good: bytes, bad: bytes, saved: int
) -> None:
    """Whatever SQLite says of them, they are damage, and nothing raises."""
    path = outbox_path(hass, unloaded.entry_id)
    content = path.read_bytes()
    assert good in content
    path.write_bytes(content.replace(good, bad))
    await set_up(hass, unloaded)
    assert "salvaged" in issues_of(hass)
    assert (await running(unloaded).store.review.counts()).waiting == saved


@pytest.mark.allowed_warnings("^Error (requesting|fetching) budgero data")
async def test_other_trouble_while_running(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A disk that refuses for a while is no reason to set up again."""
    store, coordinator = running(loaded).store, running(loaded).coordinator
    with monkeypatch.context() as patch:
        patch.setattr(owner_of("overview"), "overview", unreadable)
        coordinator.async_note_change()
        await until(lambda: not coordinator.last_update_success)
    await add(amount=1, wait=True)
    await in_state(hass, loaded, pending="1")
    assert running(loaded).store is store


async def test_previous_keys(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What waits is sealed again with the new key, whichever key it had."""
    keys = [OTHER_KEY, "x7B7" * 10 + "x7A=", server.space_key]
    await server.stop()
    for number, key in enumerate(keys):
        data = {"space_key": key, CONF_PREVIOUS_SPACE_KEYS: keys[:number]}
        hass.config_entries.async_update_entry(entry, data={**entry.data, **data})
        await set_up(hass, entry)
        await add(amount=number + 1, payee=f"Payee {number}")
        assert await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, entry)
    store, new = running(entry).store, SpaceKey.parse(server.space_key)
    for row in await unfinished(store):
        assert new.open(row.sealed.payload)
    await server.start()
    await in_state(hass, entry, waiting="0", pending="3")
    server.apply()
    assert sorted(booking.outflow for booking in server.bookings) == [1000, 2000, 3000]


async def test_what_no_key_opens_keeps_its_bytes(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A key that nobody remembers: the row stays, and says that it is closed."""
    await server.stop()
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, "space_key": OTHER_KEY}
    )
    await set_up(hass, entry)
    await add(amount=1, message_id="closed")
    before = await row_of(entry, "closed")
    assert await hass.config_entries.async_unload(entry.entry_id)
    data = {
        "space_key": server.space_key,
        CONF_PREVIOUS_SPACE_KEYS: ["x7B7" * 10 + "x7A="],
    }
    hass.config_entries.async_update_entry(entry, data={**entry.data, **data})
    await set_up(hass, entry)
    after = await row_of(entry, "closed")
    assert after.payload == before.payload
    [listed] = await queue(hass)
    assert listed["transaction"] is None
    assert after.state is State.WAITING


async def test_kept_file_that_was_damaged_is_adopted(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A removed entry's file went bad: the space that comes back saves the rest."""
    await server.stop()
    await _log(add, 30)
    await hass.config_entries.async_remove(loaded.entry_id)
    kept = outbox_path(hass, SpaceKey.parse(server.space_key).fingerprint)
    _garble(kept)
    again = make_entry(server)
    await set_up(hass, again)
    assert {"salvaged", "held_restored"} == set(issues_of(hass))
    assert not kept.exists()
    assert await unfinished(running(again).store)
