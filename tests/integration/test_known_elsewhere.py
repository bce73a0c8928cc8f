"""A message id is an identity in the whole household, whichever entry has logged it."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components import budgero
from custom_components.budgero import known_elsewhere
from custom_components.budgero.default_entry import choose_default
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import owner_of

from .actions import call_which
from .barriers import Barrier
from .support import ADD, Call, outbox_path, running, unreadable, until

RENT = {"amount": 980, "message_id": "rent:2026-11"}

pytestmark = pytest.mark.usefixtures("impatient")


@pytest.fixture
async def booked(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """The rent is booked by the first entry; then another one is the default."""
    await add(**RENT, wait=True)
    choose_default(hass, other)
    await hass.async_block_till_done()


async def expect_known(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Check that the rent is not logged again, and that the entry is named."""
    entry_id, answer = await call_which(hass, ADD, **RENT)
    assert entry_id == entry.entry_id
    queue_id = answer.pop("queue_id")
    assert queue_id
    assert answer == {
        "message_id": RENT["message_id"],
        "status": "already_known",
        "state": "accepted",
    }


async def expect_taken(
    hass: HomeAssistant, entry: MockConfigEntry, **said: object
) -> None:
    """Check that an entry takes the rent on."""
    entry_id, answer = await call_which(hass, ADD, **(RENT | said), wait=True)
    assert entry_id == entry.entry_id
    assert answer["status"] == "accepted"


@pytest.mark.usefixtures("booked")
async def test_new_default_books_nothing_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    other_server: BudgeroServer,
) -> None:
    """The rent of this month is booked; the next one goes to the new default."""
    await expect_known(hass, loaded)
    assert other_server.counts.pending == 0
    await expect_taken(hass, other, message_id="rent:2026-12")
    assert other_server.counts.pending == 1


@pytest.mark.usefixtures("booked")
async def test_without_an_id_nothing_is_known(
    hass: HomeAssistant, other: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two coffees are two coffees, and no other entry is asked."""
    monkeypatch.setattr(known_elsewhere, "_async_find", unreadable)
    for _ in range(2):
        entry_id, answer = await call_which(hass, ADD, amount=3.5)
        assert (entry_id, answer["status"]) == (other.entry_id, "waiting")


@pytest.mark.usefixtures("booked")
async def test_disabled_entry_remembers(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Its file is read, and stays as it is."""
    await hass.config_entries.async_set_disabled_by(
        loaded.entry_id, ConfigEntryDisabler.USER
    )
    path = outbox_path(hass, loaded.entry_id)
    names, content = sorted(path.parent.glob(f"{path.name}*")), path.read_bytes()
    await expect_known(hass, loaded)
    assert sorted(path.parent.glob(f"{path.name}*")) == names
    assert path.read_bytes() == content
    await expect_taken(hass, other, message_id="rent:2026-12")


@pytest.mark.usefixtures("booked")
@pytest.mark.parametrize("content", [None, b"", b"no outbox" * 1000])
async def test_disabled_entry_without_a_file(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    content: bytes | None,
) -> None:
    """What cannot be told stops no other entry, and no file is made."""
    await hass.config_entries.async_set_disabled_by(
        loaded.entry_id, ConfigEntryDisabler.USER
    )
    path = outbox_path(hass, loaded.entry_id)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    await expect_taken(hass, other)
    assert path.exists() == (content is not None)


@pytest.mark.usefixtures("booked")
async def test_entry_whose_disk_refuses(
    hass: HomeAssistant, other: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stops no other entry."""
    with monkeypatch.context() as patch:
        patch.setattr(owner_of("get"), "get", unreadable)
        entry_id, answer = await call_which(hass, ADD, **RENT)
    assert (entry_id, answer["status"]) == (other.entry_id, "waiting")


@pytest.mark.usefixtures("booked")
async def test_entry_that_is_reloaded(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is waited for."""
    barrier = Barrier()
    barrier.hold_up(monkeypatch, budgero, "async_open_outbox")
    reload = hass.async_create_task(hass.config_entries.async_reload(loaded.entry_id))
    await barrier.reached.wait()
    asking = hass.async_create_task(expect_known(hass, loaded))
    await asyncio.sleep(0.05)
    assert not asking.done()
    barrier.opened.set()
    await asking
    assert await reload


@pytest.mark.usefixtures("booked")
async def test_entry_that_takes_long_to_load(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its file is read, so that it holds no other entry up."""
    monkeypatch.setattr(known_elsewhere, "RELOAD_SECONDS", 0.05)
    barrier = Barrier()
    barrier.hold_up(monkeypatch, budgero, "async_open_outbox")
    reload = hass.async_create_task(hass.config_entries.async_reload(loaded.entry_id))
    await barrier.reached.wait()
    await expect_known(hass, loaded)
    barrier.opened.set()
    assert await reload


@pytest.mark.allowed_warnings("^Error requesting budgero data: The outbox is closed$")
@pytest.mark.usefixtures("booked")
async def test_entry_that_is_closed_while_it_is_asked(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Its file is read then."""
    await running(loaded).store.close()
    assert loaded.state is ConfigEntryState.LOADED
    await expect_known(hass, loaded)


@pytest.mark.usefixtures("booked")
async def test_own_entry_is_reloaded_while_others_are_asked(
    hass: HomeAssistant,
    other: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The call waits for it, and fails for nothing."""
    barrier = Barrier()
    barrier.hold_back(monkeypatch, known_elsewhere, "_async_find")
    said = {"message_id": "rent:2026-12"}
    call = hass.async_create_task(expect_taken(hass, other, **said))
    await barrier.reached.wait()
    assert await hass.config_entries.async_reload(other.entry_id)
    barrier.opened.set()
    await call


async def test_same_id_in_two_entries_at_once(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    server: BudgeroServer,
    other_server: BudgeroServer,
) -> None:
    """One of them takes it, and the other one says so."""
    answers = await asyncio.gather(
        *(
            call_which(hass, ADD, **RENT, config_entry_id=entry.entry_id)
            for entry in (loaded, other)
        )
    )
    assert [answer["status"] for _, answer in answers] == ["waiting", "already_known"]
    assert {entry_id for entry_id, _ in answers} == {loaded.entry_id}
    await until(lambda: server.counts.pending == 1)
    assert other_server.counts.pending == 0
