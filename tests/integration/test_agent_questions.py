"""Transactions that are above what AI agents may log: a person is asked."""

import asyncio
from collections.abc import Mapping
from datetime import date
import json
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_mock_service,
)

from custom_components.budgero import agent_log as agent_log_module, intake
from custom_components.budgero.agent_log import agent_log
from custom_components.budgero.agent_repair import CONF_ANSWER, DISCARD, LOG
from custom_components.budgero.const import CONF_ACCOUNT, CONF_AGENT_PHONE
from custom_components.budgero.diagnostics import async_get_config_entry_diagnostics
from custom_components.budgero.engine.push import Direction, Transaction
from custom_components.budgero.own_accounts import CONF_OWN_ACCOUNTS
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer

from .agents import (
    ADD_TOOL,
    ASKED,
    STATUS_TOOL,
    UNDO_TOOL,
    WAITING,
    allow_agents,
    until_sent,
    use,
)
from .assist import say, set_up_assist
from .options import choose_option, fill_in, open_options
from .preset_helpers import COFFEE, DIRECTORY, add_preset, know
from .repair_dialogs import ask, submit
from .support import issues_of, let_the_app_work, running, unreadable
from .test_permissions import nothing_is_kept
from .test_presets import logged

ISSUE = "agent_asks"
PHONE = "mobile_app_pixel"
EVENT = "mobile_app_notification_action"
RENT: dict[str, Any] = {"amount": 980, "payee": "Landlord", "memo": "Rent"}

type Step = Mapping[str, Any]


@pytest.fixture
async def allowed(hass: HomeAssistant, loaded: MockConfigEntry) -> MockConfigEntry:
    """The entry, with the names, and with agents allowed."""
    await know(loaded, DIRECTORY)
    await allow_agents(hass, loaded)
    return loaded


@pytest.fixture
def told(hass: HomeAssistant) -> list[ServiceCall]:
    """The phone that may be chosen, and what it is told."""
    return async_mock_service(hass, "notify", PHONE)


@pytest.fixture
async def phone(
    hass: HomeAssistant, allowed: MockConfigEntry, told: list[ServiceCall]
) -> MockConfigEntry:
    """The entry, with a phone that is asked as well."""
    await allow_agents(hass, allowed, **{CONF_AGENT_PHONE: PHONE})
    return allowed


def choices(form: Step) -> dict[str, str]:
    """Return the answers of a repair, and what they are called."""
    assert form["type"] is FlowResultType.FORM, form
    options = form["data_schema"].schema[CONF_ANSWER].config["options"]
    return {option["value"]: option["label"] for option in options}


async def answer(hass: HomeAssistant, form: Step, given: str) -> Step:
    """Answer a repair."""
    return await submit(hass, form, {CONF_ANSWER: given})


async def press(
    hass: HomeAssistant, call: ServiceCall, number: int, context: Context | None = None
) -> None:
    """Press a button of a notification."""
    action = call.data["data"]["actions"][number]["action"]
    hass.bus.async_fire(EVENT, {"action": action}, context=context)
    await hass.async_block_till_done()


async def test_log_it(
    hass: HomeAssistant,
    allowed: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The repair shows what is asked for; it is logged once the answer is given."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.0)
    asked = await use(hass, ADD_TOOL, **RENT)
    assert asked.data["status"] == ASKED
    assert await nothing_is_kept(allowed)
    today = dt_util.now().date().isoformat()
    form = await ask(hass, ISSUE)
    assert choices(form) == {
        LOG: f"Log it: {today} · Landlord · 980.00 EUR · Checking · Rent",
        DISCARD: "Do not log it",
    }
    result = await answer(hass, form, LOG)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert ISSUE not in issues_of(hass)
    await until_sent(allowed)
    await let_the_app_work(allowed, server)
    [booking] = server.bookings
    assert (booking.outflow, booking.payee) == (980_000, "Landlord")
    again = await use(hass, ADD_TOOL, **RENT)
    assert again.data["status"] == "already_logged"


async def test_discard_it(hass: HomeAssistant, allowed: MockConfigEntry) -> None:
    """Nothing is logged; an agent that asks again is told, and asks nobody."""
    await use(hass, ADD_TOOL, **RENT)
    await answer(hass, await ask(hass, ISSUE), DISCARD)
    assert ISSUE not in issues_of(hass)
    assert await nothing_is_kept(allowed)
    again = await use(hass, ADD_TOOL, **RENT)
    assert again.data["status"] == "not_logged_declined"
    assert ISSUE not in issues_of(hass)


async def test_answered_twice(
    hass: HomeAssistant, phone: MockConfigEntry, told: list[ServiceCall]
) -> None:
    """In two windows and on the phone: it is logged once."""
    await use(hass, ADD_TOOL, **RENT)
    forms = [await ask(hass, ISSUE) for _ in range(2)]
    assert (await answer(hass, forms[0], LOG))["type"] is FlowResultType.CREATE_ENTRY
    second = await answer(hass, forms[1], LOG)
    assert second["reason"] == "answered"
    await press(hass, told[0], 0)
    await press(hass, told[0], 1)
    assert len(await logged(phone)) == 1


async def test_confirmed_side_by_side(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """Only the first answer counts."""
    await use(hass, ADD_TOOL, **RENT)
    message_id = issues_of(hass)[ISSUE].data["agent_question"]  # type: ignore[index]
    log = agent_log(hass)
    results = await asyncio.gather(
        *(log.async_confirm(str(message_id)) for _ in range(3))
    )
    assert sorted(results) == [False, False, True]
    assert not log.discard(str(message_id))
    [transaction] = await logged(allowed)
    assert transaction.payee == "Landlord"
    assert [row.message_id for row in await rows_of(allowed)] == [message_id]


async def rows_of(entry: MockConfigEntry) -> Any:
    """Return the rows of the outbox."""
    rows, _ = await running(entry).store.review.contents()
    return rows


async def test_the_same_while_it_waits(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """Asks once; another one is another question; ten are enough."""
    for _ in range(2):
        assert (await use(hass, ADD_TOOL, **RENT)).data["status"] == ASKED
    assert await questions(hass) == 1
    for _ in range(9):
        more = await use(hass, ADD_TOOL, **RENT, another=True)
        assert more.data["status"] == ASKED
    assert await questions(hass) == 10
    full = await use(hass, ADD_TOOL, **RENT, another=True)
    assert full.data["status"] == "not_logged_too_many_questions"
    assert await questions(hass) == 10


async def questions(hass: HomeAssistant) -> int:
    """Return how many transactions wait for an administrator."""
    status = await use(hass, STATUS_TOOL)
    number = status.data["wait_for_an_administrator"]
    assert isinstance(number, int)
    return number


async def test_what_was_confirmed_is_what_was_shown(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Whatever the defaults are by then."""
    async with idle:
        await use(hass, ADD_TOOL, **RENT, date="2026-01-31")
        hass.config_entries.async_update_entry(
            allowed, options={**allowed.options, CONF_ACCOUNT: 2}
        )
        await hass.async_block_till_done()
        await answer(hass, await ask(hass, ISSUE), LOG)
        [transaction] = await logged(allowed)
    assert transaction == Transaction(
        account=1,
        budget=1,
        category=5,
        date=date(2026, 1, 31),
        amount=transaction.amount,
        direction=Direction.EXPENSE,
        payee="Landlord",
        memo="Rent",
    )
    assert transaction.amount == 980


async def test_confirmed_is_beyond_the_limit_of_a_day(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """What a person has agreed to leaves the day as it was."""
    async with idle:
        await use(hass, ADD_TOOL, **RENT)
        await answer(hass, await ask(hass, ISSUE), LOG)
        small = await use(hass, ADD_TOOL, amount=200)
    assert small.data["status"] == WAITING


async def test_disk_that_fails(
    hass: HomeAssistant, allowed: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The question stays, and can be answered later."""
    await use(hass, ADD_TOOL, **RENT)
    with monkeypatch.context() as patch:
        patch.setattr(running(allowed).outbox, "append", unreadable)
        failed = await answer(hass, await ask(hass, ISSUE), LOG)
    assert failed["reason"] == "storage_unavailable"
    assert ISSUE in issues_of(hass)
    await answer(hass, await ask(hass, ISSUE), LOG)
    assert len(await logged(allowed)) == 1


async def test_account_that_is_gone(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """Cannot be logged any more, but discarded."""
    await use(hass, ADD_TOOL, **RENT, account="Checking")
    accounts = tuple(account for account in DIRECTORY.accounts if account.name == "Old")
    gone = [
        type(account)(id=1, name="Checking", budget=1, is_archived=True)
        for account in accounts
    ]
    await know(
        allowed,
        type(DIRECTORY)(budgets=DIRECTORY.budgets, accounts=(*gone, *accounts)),
    )
    refused = await answer(hass, await ask(hass, ISSUE), LOG)
    assert refused["reason"] == "refused"
    await answer(hass, await ask(hass, ISSUE), DISCARD)
    assert ISSUE not in issues_of(hass)


async def test_entry_that_is_not_loaded(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """The dialog says so; after the reload it goes on."""
    await use(hass, ADD_TOOL, **RENT)
    form = await ask(hass, ISSUE)
    await hass.config_entries.async_unload(allowed.entry_id)
    assert (await answer(hass, form, LOG))["reason"] == "not_loaded"
    await hass.config_entries.async_setup(allowed.entry_id)
    await answer(hass, await ask(hass, ISSUE), LOG)
    assert len(await logged(allowed)) == 1


async def test_removed_entry(hass: HomeAssistant, allowed: MockConfigEntry) -> None:
    """Takes its questions along."""
    await use(hass, ADD_TOOL, **RENT)
    assert ISSUE in issues_of(hass)
    await hass.config_entries.async_set_disabled_by(
        allowed.entry_id, ConfigEntryDisabler.USER
    )
    assert ISSUE not in issues_of(hass)
    await hass.config_entries.async_set_disabled_by(allowed.entry_id, None)
    assert await questions(hass) == 0


async def test_phone(
    hass: HomeAssistant, phone: MockConfigEntry, told: list[ServiceCall]
) -> None:
    """Gets buttons and no content; pressing logs it, and takes the notice back."""
    await use(hass, ADD_TOOL, **RENT)
    await hass.async_block_till_done()
    [notice] = told
    content = json.dumps(notice.data)
    for private in ("980", "Landlord", "Rent", "Checking", "EUR"):
        assert private not in content
    titles = [action["title"] for action in notice.data["data"]["actions"]]
    assert titles == ["Log it", "Do not log it", "Show it"]
    await press(hass, notice, 0)
    assert len(await logged(phone)) == 1
    assert ISSUE not in issues_of(hass)
    assert told[1].data["message"] == "clear_notification"
    assert told[1].data["data"]["tag"] == notice.data["data"]["tag"]


async def test_phone_discards(
    hass: HomeAssistant, phone: MockConfigEntry, told: list[ServiceCall]
) -> None:
    """The other button discards it."""
    await use(hass, ADD_TOOL, **RENT)
    await hass.async_block_till_done()
    await press(hass, told[0], 1)
    assert await nothing_is_kept(phone)
    assert ISSUE not in issues_of(hass)


async def test_phone_of_somebody_else(
    hass: HomeAssistant,
    phone: MockConfigEntry,
    told: list[ServiceCall],
    hass_read_only_user: MockUser,
) -> None:
    """Who may not log may not answer; buttons of others mean nothing."""
    await use(hass, ADD_TOOL, **RENT)
    await hass.async_block_till_done()
    await press(hass, told[0], 0, Context(user_id=hass_read_only_user.id))
    for action in ("BUDGERO_LOG_", "BUDGERO_LOG_other", "OPEN_GATE", None, 5):
        hass.bus.async_fire(EVENT, {"action": action})
    hass.bus.async_fire(EVENT, {})
    await hass.async_block_till_done()
    assert await nothing_is_kept(phone)
    assert ISSUE in issues_of(hass)


@pytest.mark.allowed_warnings("The answer from a phone was not carried out")
async def test_phone_while_the_disk_fails(
    hass: HomeAssistant,
    phone: MockConfigEntry,
    told: list[ServiceCall],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The repair still asks."""
    await use(hass, ADD_TOOL, **RENT)
    await hass.async_block_till_done()
    monkeypatch.setattr(running(phone).outbox, "append", unreadable)
    await press(hass, told[0], 0)
    assert ISSUE in issues_of(hass)


@pytest.mark.allowed_warnings("A phone was not asked about a transaction")
async def test_phone_that_cannot_be_reached(
    hass: HomeAssistant, phone: MockConfigEntry
) -> None:
    """The repair asks all the same."""
    async_mock_service(
        hass, "notify", PHONE, raise_exception=HomeAssistantError("unreachable")
    )
    assert (await use(hass, ADD_TOOL, **RENT)).data["status"] == ASKED
    await hass.async_block_till_done()
    assert ISSUE in issues_of(hass)


async def test_phone_that_is_gone(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """Is not asked."""
    await allow_agents(hass, allowed, **{CONF_AGENT_PHONE: PHONE})
    assert (await use(hass, ADD_TOOL, **RENT)).data["status"] == ASKED
    assert ISSUE in issues_of(hass)


async def test_options(
    hass: HomeAssistant, loaded: MockConfigEntry, told: list[ServiceCall]
) -> None:
    """Both are chosen in one form, which reloads nothing; the phone can be left out."""
    data = loaded.runtime_data
    form = await choose_option(hass, await open_options(hass, loaded), "agents")
    assert form["description_placeholders"] == {"call": "200 EUR", "day": "500 EUR"}
    await fill_in(hass, form, {"ai_agents": True, CONF_AGENT_PHONE: PHONE})
    assert loaded.options["ai_agents"] is True
    assert loaded.options[CONF_AGENT_PHONE] == PHONE
    hass.services.async_remove("notify", PHONE)
    form = await choose_option(hass, await open_options(hass, loaded), "agents")
    [marker] = [key for key in fields_of(form) if key == CONF_AGENT_PHONE]
    assert marker.description == {"suggested_value": PHONE}
    await fill_in(hass, form, {"ai_agents": True})
    assert CONF_AGENT_PHONE not in loaded.options
    assert loaded.options["is_default"] is True
    assert loaded.runtime_data is data
    form = await choose_option(hass, await open_options(hass, loaded), "agents")
    assert CONF_AGENT_PHONE not in fields_of(form)


def fields_of(form: Step) -> Any:
    """Return the fields of a form."""
    return form["data_schema"].schema


async def test_undo_after_the_answer(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Who has asked for it can take it back as any other."""
    device = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
    async with idle:
        await use(hass, ADD_TOOL, device_id=device, **RENT)
        assert (await use(hass, UNDO_TOOL, device_id=device)).error
        await answer(hass, await ask(hass, ISSUE), LOG)
        undone = await use(hass, UNDO_TOOL, device_id=device)
    assert undone.data["status"] == "taken_back"


async def test_preset_after_the_answer(
    hass: HomeAssistant, allowed: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """What it adds is logged, and is not told afterwards."""
    device = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
    await set_up_assist(hass)
    await add_preset(hass, allowed, "Coffee", COFFEE)
    async with idle:
        await use(
            hass, ADD_TOOL, device_id=device, amount=980, preset="Coffee", memo="Beans"
        )
        await answer(hass, await ask(hass, ISSUE), LOG)
        [transaction] = await logged(allowed)
        last = await say(hass, "What did I log last?", device_id=device)
        changed = await say(hass, "Change that to 15", device_id=device)
        undone = await use(hass, UNDO_TOOL, device_id=device)
    for told in (last, changed):
        assert "Beans" in told
        assert "Kiosk" not in told
    assert (transaction.payee, transaction.memo) == ("Kiosk", "Beans")
    assert undone.data["status"] == "taken_back"
    assert (undone.data["payee"], undone.data["memo"]) == (None, "Beans")


async def test_old_question(
    hass: HomeAssistant, allowed: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten minutes later it is still the same question."""
    await use(hass, ADD_TOOL, **RENT)
    monkeypatch.setattr(agent_log_module, "REPEATED_WITHIN", 0.0)
    assert (await use(hass, ADD_TOOL, **RENT)).data["status"] == ASKED
    assert await questions(hass) == 1


async def test_diagnostics(hass: HomeAssistant, phone: MockConfigEntry) -> None:
    """Have how many wait, and not whose phone it is."""
    await use(hass, ADD_TOOL, **RENT)
    found = await async_get_config_entry_diagnostics(hass, phone)
    assert found["wait_for_a_person"] == 1
    assert found["entry"]["options"]["ai_agents"] is True
    assert found["entry"]["options"][CONF_AGENT_PHONE] == "**REDACTED**"
    assert PHONE not in str(found)


async def test_account_of_the_device(
    hass: HomeAssistant, allowed: MockConfigEntry
) -> None:
    """Whoever has an account of their own is asked about with that."""
    device = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
    await allow_agents(hass, allowed, **{CONF_OWN_ACCOUNTS: {device: 2}})
    await use(hass, ADD_TOOL, device_id=device, **RENT)
    form = await ask(hass, ISSUE)
    assert "· Cash ·" in choices(form)[LOG]
    await answer(hass, form, LOG)
    assert [each.account for each in await logged(allowed)] == [2]
