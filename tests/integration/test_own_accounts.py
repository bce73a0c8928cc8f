"""Users and satellites with an account of their own."""

import asyncio
from dataclasses import replace
import re

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.diagnostics import async_get_config_entry_diagnostics
from custom_components.budgero.engine.names import Account
from custom_components.budgero.own_accounts import CONF_OWN_ACCOUNTS
from homeassistant.components.diagnostics import REDACTED
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .assist import LUNCH, say, set_up_assist
from .options import choose_option, fill_in, open_options
from .preset_helpers import COFFEE, DIRECTORY, add_preset, know
from .support import running
from .test_presets import logged

CASH = "Cash · 2"


@pytest.fixture(autouse=True)
async def assist(hass: HomeAssistant) -> None:
    """Assist, with the built-in agent."""
    await set_up_assist(hass)


@pytest.fixture
def kitchen(hass: HomeAssistant) -> str:
    """A satellite; its device."""
    other = MockConfigEntry(domain="voip")
    other.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=other.entry_id, identifiers={("voip", "1")}, name="Kitchen"
    )
    er.async_get(hass).async_get_or_create(
        "assist_satellite", "voip", "1", device_id=device.id, config_entry=other
    )
    return device.id


async def give(hass: HomeAssistant, entry: MockConfigEntry, **typed: str) -> str:
    """Give somebody an account, in the options; return the list that is shown then."""
    menu = await choose_option(hass, await open_options(hass, entry), "own_accounts")
    form = await choose_option(hass, menu, "own_account")
    menu = await fill_in(hass, form, typed)
    assert menu["step_id"] == "own_accounts", menu
    end = await choose_option(hass, menu, "finish")
    assert end["type"] == "create_entry"
    return str((menu["description_placeholders"] or {})["accounts"])


async def test_chosen_by_name(
    hass: HomeAssistant,
    named: MockConfigEntry,
    hass_admin_user: MockUser,
    kitchen: str,
) -> None:
    """Each choice is stored at once, without a reload, and can be taken away."""
    names = running(named).names
    admin = hass_admin_user.id
    assert (
        await give(hass, named, who=kitchen, account=CASH)
        == r"- Kitchen\: Cash \(Household\) · 2"
    )
    shown = await give(hass, named, who=admin, account="checking")
    assert shown.splitlines()[1] == r"- Mock User\: Checking \(Household\)"
    assert named.options[CONF_OWN_ACCOUNTS] == {kitchen: 2, admin: 1}
    await give(hass, named, who=kitchen)
    assert named.options[CONF_OWN_ACCOUNTS] == {admin: 1}
    assert running(named).names is names


MARKUP = "1. [free](https://a.example) ![x](//b) <svg> **c** `d` www.e.example f@g.h"


async def test_names_with_markup(
    hass: HomeAssistant, named: MockConfigEntry, kitchen: str
) -> None:
    """The dialog shows them as they are: no links, pictures or tags come of them."""
    dr.async_get(hass).async_update_device(kitchen, name_by_user=f"{MARKUP}\n# k")
    account = Account(id=7, name=MARKUP, budget=1, currency="EUR")
    await know(named, replace(DIRECTORY, accounts=(account,), budgets=()))
    [shown] = (await give(hass, named, who=kitchen, account="7")).splitlines()
    assert re.sub(r"\\(\W)", r"\1", shown) == f"- {MARKUP} # k: {MARKUP}"
    assert re.findall(r"(?<!\\)[!-/:-@\[`{-~]", shown.removeprefix("- ")) == []


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("Kash", "unknown_name"),
        ("Cash", "ambiguous_name"),
        ("Old", "archived"),
        ("5", "crypto"),
        ("4", "other_budget"),
        ("nowhere", "unknown_name"),
    ],
)
async def test_refused(
    hass: HomeAssistant, named: MockConfigEntry, kitchen: str, typed: str, error: str
) -> None:
    """With a text; nothing is stored."""
    menu = await choose_option(hass, await open_options(hass, named), "own_accounts")
    form = await choose_option(hass, menu, "own_account")
    form = await fill_in(hass, form, {"who": kitchen, "account": typed})
    assert form["errors"] == {"account": f"account_{error}"}
    assert CONF_OWN_ACCOUNTS not in named.options


async def test_used_for_what_they_say(
    hass: HomeAssistant,
    named: MockConfigEntry,
    idle: asyncio.Lock,
    hass_admin_user: MockUser,
    hass_owner_user: MockUser,
    kitchen: str,
) -> None:
    """The device first, then the user, then the entry; a name or a preset wins."""
    admin = Context(user_id=hass_admin_user.id)
    await give(hass, named, who=kitchen, account=CASH)
    await give(hass, named, who=hass_admin_user.id, account="Cash · 6")
    await add_preset(hass, named, "Coffee", {**COFFEE, "account": 1})
    await add_preset(
        hass, named, "Tea", {**COFFEE, "account": None, "spoken_names": []}
    )
    async with idle:
        for text, who, account in (
            (LUNCH, {"device_id": kitchen}, 2),
            (LUNCH, {"device_id": kitchen, "context": admin}, 2),
            (LUNCH, {"context": admin}, 6),
            (LUNCH, {"context": Context(user_id=hass_owner_user.id)}, 1),
            (f"{LUNCH} with Checking", {"device_id": kitchen}, 1),
            ("please log 2 for coffee", {"device_id": kitchen}, 1),
            ("please log 2 for tea", {"device_id": kitchen}, 2),
        ):
            answer = await say(hass, text, **who)
            last = (await logged(named))[-1]
            assert last.account == account, text
            name = "Checking" if account == 1 else "Cash"
            assert f"account {name}" in answer


async def test_the_same_on_another_account(
    hass: HomeAssistant, named: MockConfigEntry, idle: asyncio.Lock, kitchen: str
) -> None:
    """It is no repetition."""
    await give(hass, named, who=kitchen, account=CASH)
    async with idle:
        await say(hass, LUNCH)
        assert "second" not in await say(hass, LUNCH, device_id=kitchen)
        assert "second" in await say(hass, LUNCH, device_id=kitchen)


async def test_its_currency(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock, kitchen: str
) -> None:
    """Amounts are in the currency of that account, in every answer."""
    francs = Account(id=7, name="Franken", budget=1, currency="CHF")
    await know(loaded, replace(DIRECTORY, accounts=(*DIRECTORY.accounts, francs)))
    await give(hass, loaded, who=kitchen, account="Franken")
    async with idle:
        for text in (
            LUNCH,
            "I spent 12.50 francs on lunch",
            "Change that to 15 francs",
            "Take back that expense",
        ):
            answer = await say(hass, text, device_id=kitchen)
            assert "CHF" in answer, answer
        for text in (
            "I spent 12.50 francs on lunch with Franken",
            "Change that to 15 francs",
            "What did I log last?",
        ):
            answer = await say(hass, text, device_id="another")
            assert "CHF" in answer, answer
        assert "in CHF" in await say(
            hass, "I spent 5 euros on lunch", device_id=kitchen
        )


async def test_it_cannot_be_used_any_more(
    hass: HomeAssistant, named: MockConfigEntry, idle: asyncio.Lock, kitchen: str
) -> None:
    """An account that was archived: nothing is logged, and the answer says what to do."""
    await give(hass, named, who=kitchen, account=CASH)
    accounts = tuple(
        replace(account, is_archived=account.id == 2) for account in DIRECTORY.accounts
    )
    await know(named, replace(DIRECTORY, accounts=accounts))
    answer = await say(hass, LUNCH, device_id=kitchen)
    assert answer.startswith("Nothing was noted: choose a default account")
    assert await logged(named) == []


async def test_a_name_that_two_accounts_have(
    hass: HomeAssistant, named: MockConfigEntry, kitchen: str
) -> None:
    """It is not guessed, also where one of them is the own one."""
    await give(hass, named, who=kitchen, account=CASH)
    answer = await say(hass, f"{LUNCH} with Cash", device_id=kitchen)
    assert answer.startswith("Nothing was noted: one of the names is unknown")
    assert await logged(named) == []


async def test_in_diagnostics(
    hass: HomeAssistant, named: MockConfigEntry, kitchen: str
) -> None:
    """Neither people nor accounts are shown."""
    await give(hass, named, who=kitchen, account=CASH)
    shown = await async_get_config_entry_diagnostics(hass, named)
    assert shown["entry"]["options"][CONF_OWN_ACCOUNTS] == REDACTED
    assert kitchen not in str(shown)
