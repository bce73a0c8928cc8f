"""The line between the dashboard card and Home Assistant."""

import asyncio
from collections.abc import Awaitable, Callable
import logging
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.budgero import intake, own_entries
from custom_components.budgero.const import (
    CONF_IS_DEFAULT,
    CONF_PAYEES_FOR_EVERYBODY,
    DOMAIN,
)
from custom_components.budgero.engine.draft import Draft
from custom_components.budgero.engine.outbox import State, StorageError
from homeassistant.auth.models import User
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer, Reply

from .actions import call, call_as, refused
from .card_line import CARD, SUBSCRIBE, TAKE_BACK, Line, Refused, connect
from .newer import NEWER, until_asked
from .preset_helpers import (
    COFFEE,
    DIRECTORY,
    GROCERIES,
    add_preset,
    change_preset,
    device_of,
    know,
)
from .support import ADD, entity_id_of, let_the_app_work, row_of, running, until
from .test_permissions import limited
from .texts import Texts

type Connect = Callable[[User], Awaitable[Line]]


@pytest.fixture
def line_of(hass: HomeAssistant, hass_ws_client: WebSocketGenerator) -> Connect:
    """Open the dashboard of a user."""

    async def open_dashboard(user: User) -> Line:
        return await connect(hass, hass_ws_client, user)

    return open_dashboard


@pytest.fixture
async def ann(hass: HomeAssistant) -> User:
    """A user who is no administrator."""
    return await hass.auth.async_create_user("Ann", group_ids=["system-users"])


@pytest.fixture
async def line(line_of: Connect, ann: User) -> Line:
    """The dashboard of Ann."""
    return await line_of(ann)


async def code_of(asking: Awaitable[object], texts: Texts) -> str:
    """Return the code of a refusal, which must be the key of a complete text."""
    with pytest.raises(Refused) as refusal:
        await asking
    error = refusal.value.error
    assert error["translation_domain"] == DOMAIN
    assert error["translation_key"] == error["code"]
    text = (await texts.all_of("exceptions"))[f"{error['code']}.message"]
    filled = text.format(**error["translation_placeholders"] or {})
    assert error["message"] == filled.rstrip(".")
    return str(error["code"])


async def log(line: Line, message_id: str, **fields: object) -> str:
    """Log as the card does: it can be taken back."""
    response = await line.call(
        ADD, amount=1, message_id=message_id, undo=True, **fields
    )
    assert response["status"] == "waiting"
    return message_id


# What the card shows


async def test_what_a_card_shows(
    hass: HomeAssistant, named: MockConfigEntry, line: Line
) -> None:
    """Names, presets and defaults of the entry, and what may be done."""
    coffee = await add_preset(hass, named, "Coffee", COFFEE)
    groceries = await add_preset(hass, named, "Groceries", GROCERIES)
    answer = await line.ask(CARD)
    entities = answer.pop("entities")
    assert entities["waiting"] == entity_id_of(hass, named, "waiting")
    assert not any(coffee in key for key in entities)
    assert answer == {
        "version": "0.1.0",
        "entries": [
            {"config_entry_id": named.entry_id, "title": "Budgero", "is_default": True}
        ],
        "config_entry_id": named.entry_id,
        "is_admin": False,
        "may_log": True,
        "may_see_payees": False,
        "currency": "EUR",
        "decimals": 2,
        "default_account": 1,
        "default_category": 5,
        "default_budget": 1,
        "presets": [
            {
                "preset": device_of(hass, named, coffee).id,
                "name": "Coffee",
                "direction": "expense",
                "has_amount": True,
                "account": 2,
                "category": 5,
                "payee": None,
            },
            {
                "preset": device_of(hass, named, groceries).id,
                "name": "Groceries",
                "direction": "expense",
                "has_amount": False,
                "account": None,
                "category": 2,
                "payee": None,
            },
        ],
        "accounts": [
            account(1, "Checking"),
            account(2, "Cash"),
            account(4, "Yen", currency="JPY", decimals=0, budget=2),
            account(6, "Cash"),
        ],
        "groups": [],
        "categories": [
            category(2, "Groceries"),
            category(5, "Café"),
            category(11, "Office", budget=2),
        ],
        "budgets": [budget(1, "Household"), budget(2, "Business")],
        "mine": [],
    }


def account(number: int, name: str, **more: object) -> dict[str, Any]:
    """Return how an account is told."""
    common = {"currency": "EUR", "decimals": 2, "budget": 1}
    return {"id": number, "name": name, **common, **more}


def category(number: int, name: str, budget: int = 1) -> dict[str, Any]:
    """Return how a category is told."""
    common = {"group": None, "is_by_hand": False}
    return {"id": number, "name": name, "budget": budget, **common}


def budget(number: int, name: str) -> dict[str, Any]:
    """Return how a budget is told."""
    return {"id": number, "name": name, "currency": None, "is_by_hand": False}


async def test_presets_are_taken_by_the_action(
    hass: HomeAssistant, named: MockConfigEntry, line: Line
) -> None:
    """What the card is told of a preset is what the action takes."""
    await add_preset(hass, named, "Coffee", COFFEE)
    [preset] = (await line.ask(CARD))["presets"]
    response = await line.call(ADD, preset=preset["preset"], undo=True)
    row = await row_of(named, response["message_id"])
    assert row.payload is not None


async def test_who_sees_payees(
    hass: HomeAssistant,
    named: MockConfigEntry,
    line: Line,
    line_of: Connect,
    hass_admin_user: MockUser,
) -> None:
    """Administrators, or everybody who may log, if the option says so."""
    await add_preset(hass, named, "Coffee", COFFEE)
    answer = await (await line_of(hass_admin_user)).ask(CARD)
    assert answer["is_admin"]
    assert answer["may_see_payees"]
    assert answer["presets"][0]["payee"] == "Kiosk"
    options = {**named.options, CONF_PAYEES_FOR_EVERYBODY: True}
    hass.config_entries.async_update_entry(named, options=options)
    answer = await line.ask(CARD)
    assert not answer["is_admin"]
    assert answer["may_see_payees"]
    assert answer["presets"][0]["payee"] == "Kiosk"


async def test_only_looking(
    loaded: MockConfigEntry,
    line_of: Connect,
    hass_read_only_user: MockUser,
    texts: Texts,
) -> None:
    """A read-only user gets nothing, not even a title."""
    line = await line_of(hass_read_only_user)
    named = {"config_entry_id": loaded.entry_id}
    assert await code_of(line.ask(CARD), texts) == "may_not_log"
    assert await code_of(line.ask(CARD, **named), texts) == "may_not_log"
    assert await code_of(line.ask(SUBSCRIBE, **named), texts) == "may_not_log"
    taking_back = line.ask(TAKE_BACK, **named, message_id="coffee")
    assert await code_of(taking_back, texts) == "may_not_log"


async def test_two_entries(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    line: Line,
    line_of: Connect,
    hass_admin_user: MockUser,
    texts: Texts,
) -> None:
    """A card may name one; a user sees those in which he may log."""
    answer = await line.ask(CARD, config_entry_id=other.entry_id)
    assert answer["config_entry_id"] == other.entry_id
    assert [
        (entry["config_entry_id"], entry["is_default"]) for entry in answer["entries"]
    ] == [
        (loaded.entry_id, True),
        (other.entry_id, False),
    ]
    user = limited(hass_admin_user, entity_id_of(hass, other, "waiting"), control=True)
    limited_line = await line_of(user)
    answer = await limited_line.ask(CARD)
    assert answer["config_entry_id"] is None  # which one, the user has to choose
    assert [entry["config_entry_id"] for entry in answer["entries"]] == [other.entry_id]
    answer = await limited_line.ask(CARD, config_entry_id=other.entry_id)
    assert answer["config_entry_id"] == other.entry_id
    refusal = limited_line.ask(CARD, config_entry_id=loaded.entry_id)
    assert await code_of(refusal, texts) == "may_not_log"


async def test_what_is_disabled(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry, line: Line
) -> None:
    """Is not offered: entries, and entities for a view."""
    er.async_get(hass).async_update_entity(
        entity_id_of(hass, loaded, "pending"), disabled_by=er.RegistryEntryDisabler.USER
    )
    await hass.config_entries.async_set_disabled_by(
        other.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    answer = await line.ask(CARD)
    [entry] = answer["entries"]
    assert entry["config_entry_id"] == loaded.entry_id
    assert "waiting" in answer["entities"]
    assert "pending" not in answer["entities"]


async def test_no_default_entry(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry, line: Line
) -> None:
    """The card lets the user choose; no entry takes the place by itself."""
    options = {**loaded.options, CONF_IS_DEFAULT: False}
    hass.config_entries.async_update_entry(loaded, options=options)
    await hass.async_block_till_done()
    answer = await line.ask(CARD)
    assert answer["config_entry_id"] is None
    assert len(answer["entries"]) == 2
    assert "accounts" not in answer


async def test_no_entry(
    hass: HomeAssistant, line_of: Connect, ann: User, texts: Texts
) -> None:
    """The card can say that nothing is set up, and an unknown entry is an error."""
    assert await async_setup_component(hass, DOMAIN, {})
    line = await line_of(ann)
    assert await line.ask(CARD) == {
        "version": "0.1.0",
        "entries": [],
        "config_entry_id": None,
        "is_admin": False,
    }
    refusal = line.ask(CARD, config_entry_id="gone")
    assert await code_of(refusal, texts) == "unknown_entry"
    assert (
        await code_of(line.ask(SUBSCRIBE, config_entry_id="gone"), texts)
        == "unknown_entry"
    )


async def test_not_loaded(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, texts: Texts
) -> None:
    """It is said; a disabled entry is not offered."""
    await hass.config_entries.async_unload(loaded.entry_id)
    assert await code_of(line.ask(CARD), texts) == "not_set_up"
    await hass.config_entries.async_set_disabled_by(
        loaded.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    refusal = line.ask(CARD, config_entry_id=loaded.entry_id)
    assert await code_of(refusal, texts) in ("not_set_up", "may_not_log")


async def test_removed(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line, texts: Texts
) -> None:
    """The commands stay: an open page is told that the entry is gone."""
    await line.subscribe(loaded.entry_id)
    await hass.config_entries.async_remove(loaded.entry_id)
    await line.event("gone")
    refusal = line.ask(CARD, config_entry_id=loaded.entry_id)
    assert await code_of(refusal, texts) == "unknown_entry"
    assert (await line.ask(CARD))["entries"] == []


async def test_while_it_is_reloaded(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """The card gets an answer once the entry is there again."""
    await line.subscribe(loaded.entry_id)
    reloading = hass.async_create_task(
        hass.config_entries.async_reload(loaded.entry_id)
    )
    await line.event("gone")
    answer = await line.ask(CARD, config_entry_id=loaded.entry_id)
    assert answer["config_entry_id"] == loaded.entry_id
    assert await reloading


async def test_disk_errors(
    loaded: MockConfigEntry,
    line: Line,
    texts: Texts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are told in words, and the log says nothing of them."""

    async def fail(*_: object) -> None:
        raise StorageError("The disk refused (SQLITE_IOERR)")

    monkeypatch.setattr(type(running(loaded).outbox), "logged_by", fail)
    assert await code_of(line.ask(CARD), texts) == "storage_unavailable"


async def test_refusals_are_not_logged(
    loaded: MockConfigEntry, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """A card on a wall asks again and again; that is no error of Home Assistant's."""
    with pytest.raises(Refused):
        await line.ask(CARD, config_entry_id="gone")
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


@pytest.mark.allowed_warnings("invalid_format")
@pytest.mark.parametrize(
    "fields",
    [
        {"config_entry_id": 1},
        {"config_entry_id": ""},
        {"config_entry_id": "x" * 129},
        {"version": "1" * 41},
        {"unheard_of": 1},
    ],
)
async def test_malformed(
    loaded: MockConfigEntry, line: Line, fields: dict[str, object]
) -> None:
    """What no card sends is refused."""
    with pytest.raises(Refused) as refusal:
        await line.ask(CARD, **fields)
    assert refusal.value.code == "invalid_format"


async def test_another_version(
    loaded: MockConfigEntry, line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    """Both tell their version; an older card is served."""
    caplog.set_level(logging.DEBUG, "custom_components.budgero")
    answer = await line.ask(CARD, version="0.0.9")
    assert answer["version"] == "0.1.0"
    await line.subscribe(loaded.entry_id, version="0.0.9")
    assert "version '0.0.9' of the card" in caplog.text
    caplog.clear()
    await line.subscribe(loaded.entry_id, version="0.1.0")
    assert "of the card" not in caplog.text


# What changes


async def test_the_way_of_an_entry(
    loaded: MockConfigEntry,
    server: BudgeroServer,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Waiting, accepted, processed: live, and without any amount."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.3)
    await line.subscribe(loaded.entry_id)
    await log(line, "coffee")
    event = await line.event("entry")
    at, until_then, left = (
        event.pop(key) for key in ("at", "can_take_back_until", "can_take_back_for")
    )
    assert event == {
        "type": "entry",
        "message_id": "coffee",
        "state": "waiting",
        "hold": None,
    }
    assert 0 < left <= 0.3
    assert abs(until_then - at) < 1
    event = await line.event("entry", state="accepted")
    assert event["can_take_back_until"] is None
    assert event["can_take_back_for"] is None
    await let_the_app_work(loaded, server)
    await line.event("entry", state="processed", message_id="coffee")
    [mine] = (await line.ask(CARD))["mine"]
    assert (mine["message_id"], mine["state"]) == ("coffee", "processed")


async def test_a_hold_is_told(
    impatient: None, loaded: MockConfigEntry, server: BudgeroServer, line: Line
) -> None:
    """With its reason, and when it has ended."""
    await line.subscribe(loaded.entry_id)
    await log(line, "coffee")
    await line.event("entry", hold=None)
    server.disable_token()
    await line.call(ADD, amount=2, message_id="now")
    await line.event("entry", message_id="coffee", hold="token")
    server.enable_token()
    running(loaded).outbox.resume()
    await line.event("entry", message_id="coffee", hold=None)


async def test_of_others(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    line_of: Connect,
    hass_admin_user: MockUser,
    texts: Texts,
) -> None:
    """Nobody hears of them, or takes them back, an administrator neither."""
    admin = await line_of(hass_admin_user)
    await admin.subscribe(loaded.entry_id)
    await line.subscribe(loaded.entry_id)
    await log(line, "coffee")
    await line.event("entry", message_id="coffee")
    await call(hass, ADD, amount=1, message_id="automation")
    assert (await admin.ask(CARD))["mine"] == []
    assert [event for event in await admin.heard() if event["type"] == "entry"] == []
    named = {"config_entry_id": loaded.entry_id}
    for message_id in ("coffee", "automation", "never-logged"):
        taking_back = admin.ask(TAKE_BACK, **named, message_id=message_id)
        assert await code_of(taking_back, texts) == "unknown_transaction"
    assert (await row_of(loaded, "coffee")).state is State.WAITING


async def test_names_and_presets_change(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """The card is told to ask again."""
    await line.subscribe(loaded.entry_id)
    await know(loaded, DIRECTORY)
    await line.event("names")
    await line.heard()
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    await line.event("names")
    assert [each["name"] for each in (await line.ask(CARD))["presets"]] == ["Coffee"]
    await line.heard()
    await change_preset(hass, loaded, coffee, name="Espresso")
    await line.event("names")
    assert [each["name"] for each in (await line.ask(CARD))["presets"]] == ["Espresso"]


async def test_another_integration_changes(
    hass: HomeAssistant, loaded: MockConfigEntry, line: Line
) -> None:
    """That is no news."""
    await line.subscribe(loaded.entry_id)
    MockConfigEntry(domain="sun").add_to_hass(hass)
    [sun] = hass.config_entries.async_entries("sun")
    hass.config_entries.async_update_entry(sun, title="Sun")
    assert await line.heard() == []


async def test_across_a_reload(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, line: Line
) -> None:
    """What can be taken back before a reload can be taken back after it."""
    await line.subscribe(loaded.entry_id)
    await log(line, "coffee")
    await line.event("entry")
    await hass.config_entries.async_reload(loaded.entry_id)
    await line.event("gone")
    assert await line.heard() == []
    [mine] = (await line.ask(CARD))["mine"]
    assert mine["message_id"] == "coffee"
    assert mine["can_take_back_for"] > 0
    await line.subscribe(loaded.entry_id)
    await line.event("entry", message_id="coffee")
    assert await take_back(line, loaded, "coffee") == "taken_back"
    await line.event("entry", state="removed")
    assert (await line.ask(CARD))["mine"] == []
    assert not server.queue


async def test_what_was_taken_back_before(loaded: MockConfigEntry, line: Line) -> None:
    """It is no news for a page that is opened afterwards."""
    await log(line, "coffee")
    await take_back(line, loaded, "coffee")
    await line.subscribe(loaded.entry_id)
    await log(line, "tea")
    assert (await line.event("entry"))["message_id"] == "tea"


async def test_the_end_of_a_subscription(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    line_of: Connect,
    ann: User,
) -> None:
    """Nothing comes afterwards, and a closed page leaves nothing behind."""
    number = await line.subscribe(loaded.entry_id)
    await line.unsubscribe(number)
    await log(line, "coffee")
    await know(loaded, DIRECTORY)
    assert await line.heard() == []
    names = running(loaded).names
    listeners = len(names._listeners)  # noqa: SLF001
    second = await line_of(ann)
    await second.subscribe(loaded.entry_id)
    assert len(names._listeners) == listeners + 1  # noqa: SLF001
    await second.close()
    await until(lambda: len(names._listeners) == listeners)  # noqa: SLF001


async def test_who_may_no_longer_log(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line_of: Connect,
    hass_admin_user: MockUser,
    texts: Texts,
) -> None:
    """The subscription ends with the next news."""
    user = limited(hass_admin_user, entity_id_of(hass, loaded, "waiting"), control=True)
    line = await line_of(user)
    await line.subscribe(loaded.entry_id)
    await log(line, "coffee")
    await line.event("entry")
    limited(user, entity_id_of(hass, loaded, "waiting"), read=True)
    await running(loaded).outbox.take_back("coffee", user.id)
    await line.event("gone")
    assert await line.heard() == []
    assert await code_of(line.ask(CARD), texts) == "may_not_log"


async def test_only_the_latest_are_shown(
    loaded: MockConfigEntry, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Newest first, and only for a day."""
    monkeypatch.setattr(own_entries, "MOST_SHOWN", 2)
    for number in range(3):
        await log(line, f"log-{number}")
    mine = (await line.ask(CARD))["mine"]
    assert [each["message_id"] for each in mine] == ["log-2", "log-1"]
    monkeypatch.setattr(own_entries, "SHOWN_FOR", -1.0)
    assert (await line.ask(CARD))["mine"] == []


async def test_following_survives_the_disk(
    loaded: MockConfigEntry, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an error of the disk the next change is told."""
    outbox = type(running(loaded).outbox)
    logged_by, failures = outbox.logged_by, [StorageError("(SQLITE_IOERR)")]

    async def fail_once(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return await logged_by(*arguments)

    await line.subscribe(loaded.entry_id)
    await line.heard()
    monkeypatch.setattr(outbox, "logged_by", fail_once)
    await log(line, "first")
    await until(lambda: not failures)
    await log(line, "second")
    await line.event("entry", message_id="first")
    await line.event("entry", message_id="second")


# Taking back


async def take_back(line: Line, entry: MockConfigEntry, message_id: str) -> str:
    """Take back; return what became of it."""
    answer = await line.ask(
        TAKE_BACK, config_entry_id=entry.entry_id, message_id=message_id
    )
    if answer["outcome"] != "too_late":
        assert answer["translation_key"] is None
        return str(answer["outcome"])
    return str(answer["translation_key"])


async def test_within_the_delay(
    loaded: MockConfigEntry, server: BudgeroServer, line: Line
) -> None:
    """It is certain; a repeated call, after a lost connection, gets the same answer."""
    await log(line, "coffee")
    assert await take_back(line, loaded, "coffee") == "taken_back"
    assert await take_back(line, loaded, "coffee") == "taken_back"
    assert (await row_of(loaded, "coffee")).state is State.REMOVED
    assert not server.queue


async def test_after_the_delay(
    loaded: MockConfigEntry,
    server: BudgeroServer,
    line: Line,
    texts: Texts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody can promise it, and that is said."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.01)
    await log(line, "coffee")
    await running(loaded).outbox.until_settled("coffee")
    key = await take_back(line, loaded, "coffee")
    assert key == "take_back_too_late"
    assert f"{key}.message" in await texts.all_of("exceptions")
    [item] = server.queue
    assert item.message_id == "coffee"


class TestNewerServer:
    """A server that deletes."""

    @pytest.fixture
    def release(self) -> str:
        """Which release of Budgero the stand-in is."""
        return NEWER

    async def test_after_the_delay(
        self, loaded: MockConfigEntry, line: Line, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Budgero is asked to delete it."""
        monkeypatch.setattr(intake, "UNDO_SECONDS", 0.01)
        await until_asked(loaded)
        await log(line, "coffee")
        await running(loaded).outbox.until_settled("coffee")
        assert await take_back(line, loaded, "coffee") == "asked"


async def test_on_its_way(
    impatient: None,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    line: Line,
    texts: Texts,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is said before it is true; then the entry stays."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.01)
    await log(line, "coffee")
    server.faults.add(Reply(status=502, json={}, times=None))
    outbox = running(loaded).outbox
    row = await row_of(loaded, "coffee")
    while not (row.attempts and row.in_doubt):
        await asyncio.sleep(0.01)
        row = await row_of(loaded, "coffee")
    [mine] = (await line.ask(CARD))["mine"]
    assert mine["can_take_back_until"] is mine["can_take_back_for"] is None
    key = await take_back(line, loaded, "coffee")
    assert key == "take_back_in_doubt"
    assert f"{key}.message" in await texts.all_of("exceptions")
    assert outbox.is_connected is not None


async def test_refused_by_the_server(
    impatient: None,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    line: Line,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After an attempt nobody says that it was never sent."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.01)
    server.disable_token()
    await log(line, "coffee")
    await running(loaded).outbox.until_settled("coffee")
    assert await take_back(line, loaded, "coffee") == "removed"
    assert await take_back(line, loaded, "coffee") == "removed"


# The field `undo` of the action


async def test_undo_of_the_action(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_admin_user: MockUser
) -> None:
    """It delays the first push by six seconds; without it there is no delay."""
    clock = running(loaded).outbox.clock
    await call_as(hass_admin_user, hass, ADD, amount=1, message_id="a", undo=True)
    row = await row_of(loaded, "a")
    assert 5 < row.not_before - clock.now() <= 6
    assert row.logged_by == hass_admin_user.id
    for message_id, undo in (("b", False), ("c", None)):
        await call(hass, ADD, amount=1, message_id=message_id, undo=undo)
        await running(loaded).outbox.until_settled(message_id)
        assert (await row_of(loaded, message_id)).state is State.ACCEPTED
    error = await refused(hass, ADD, amount=1, undo="perhaps")
    assert error.translation_key == "invalid_not_yes_or_no"


async def test_undo_is_no_content(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """The same id with and without it is the same transaction."""
    await call(hass, ADD, amount=1, message_id="a", undo=True)
    again = await call(hass, ADD, amount=1, message_id="a")
    assert again["status"] == "already_known"


async def test_several_devices_of_a_user(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    line: Line,
    line_of: Connect,
    ann: User,
) -> None:
    """What is logged on the phone is shown on the tablet."""
    tablet = await line_of(ann)
    await tablet.subscribe(loaded.entry_id)
    await log(line, "coffee")
    await tablet.event("entry", message_id="coffee")
    await intake.async_add_transaction(
        hass,
        None,
        Draft(amount=1, message_id="voice"),
        context=Context(user_id=ann.id),
        undoable=True,
    )
    await tablet.event("entry", message_id="voice")
    assert await take_back(tablet, loaded, "coffee") == "taken_back"
