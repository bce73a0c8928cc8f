"""The options: where transactions go when an action says nothing else."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import (
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
    CONF_IS_DEFAULT,
    CONF_NAMES,
    CONF_PAYEES_FOR_EVERYBODY,
)
from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    Directory,
    KeptNames,
    Source,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer

from .flows import TYPED, suggested
from .options import choose_option, fill_in, open_defaults, open_options
from .support import DEFAULTS, Call, running

BY_HAND = [{"kind": "category", "id": 5, "name": "Lunch"}]
TWO_BUDGETS = Directory(
    budgets=(Budget(id=1, name="Household"), Budget(id=2, name="Business")),
    accounts=(
        Account(id=1, name="Checking", budget=1, currency="EUR"),
        Account(id=2, name="Cash", budget=1),
        Account(id=4, name="Bank", budget=2, currency="USD"),
        Account(id=5, name="Coins", budget=2, currency="BTC"),
        Account(id=6, name="Old", budget=2, is_archived=True),
        Account(id=7, name="Anywhere"),
    ),
    categories=(
        Category(id=5, name="Eating Out", budget=1),
        Category(id=11, name="Office", budget=2),
        Category(id=12, name="Office", budget=2),
    ),
)
READ = KeptNames(directory=TWO_BUDGETS, source=Source.FILE, read_at=dt_util.utcnow())


@pytest.fixture
async def named(loaded: MockConfigEntry) -> MockConfigEntry:
    """The entry, set up, with the names of two budgets."""
    await running(loaded).names.async_take(READ)
    return loaded


async def test_options_change_the_defaults(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Other defaults hold for the next transaction, without a restart."""
    form = await open_defaults(hass, loaded)
    assert form["step_id"] == "defaults"
    assert suggested(form) == TYPED
    values = TYPED | {CONF_ACCOUNT: "0"}
    form = await fill_in(hass, form, values)
    assert form["errors"] == {CONF_ACCOUNT: "account_not_an_id"}
    assert suggested(form) == values
    for hostile in ("9" * 600_000, "1e3", "1.5", "nan", "\u0661"):
        form = await fill_in(hass, form, TYPED | {CONF_ACCOUNT: hostile})
        assert form["errors"] == {CONF_ACCOUNT: "account_not_an_id"}
    del values[CONF_CATEGORY]
    values[CONF_ACCOUNT] = "2"
    result = await fill_in(hass, form, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert loaded.options == {
        CONF_ACCOUNT: 2,
        CONF_BUDGET: 1,
        CONF_CURRENCY: "EUR",
        CONF_IS_DEFAULT: True,
    }
    await add(amount=1, wait=True)
    server.apply()
    [booking] = server.bookings
    assert booking.account == "Cash"
    assert booking.category_id != 5


async def test_defaults_by_name(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """The account decides which categories are listed, and fills in the currency."""
    form = await open_defaults(hass, named)
    assert form["step_id"] == "account"
    assert suggested(form) == {CONF_ACCOUNT: "Checking (Household)"}
    form = await fill_in(hass, form, suggested(form))
    assert form["step_id"] == "category"
    assert suggested(form) == {CONF_CATEGORY: "Eating Out", CONF_CURRENCY: "EUR"}

    form = await fill_in(hass, await open_defaults(hass, named), {CONF_ACCOUNT: "ban"})
    assert form["errors"] == {CONF_ACCOUNT: "account_unknown_name"}
    assert form["description_placeholders"] == {"near": "Bank"}
    form = await fill_in(hass, form, {CONF_ACCOUNT: "bank"})
    assert suggested(form) == {CONF_CURRENCY: "USD"}  # 5 is of the other budget
    assert form["data_schema"] is not None
    selector = form["data_schema"].schema[CONF_CATEGORY]
    assert selector.config["options"] == ["Office · 11", "Office · 12"]
    for typed, error in (
        ("Office", "category_ambiguous_name"),
        ("5", "category_other_budget"),
        ("Eating", "category_unknown_name"),
    ):
        values = {CONF_CATEGORY: typed, CONF_CURRENCY: "USD"}
        form = await fill_in(hass, form, values)
        assert form["step_id"] == "category"
        assert form["errors"] == {CONF_CATEGORY: error}
        assert suggested(form) == values
    result = await fill_in(
        hass, form, {CONF_CATEGORY: "Office · 12", CONF_CURRENCY: "USD"}
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert named.options == {
        CONF_ACCOUNT: 4,
        CONF_CATEGORY: 12,
        CONF_BUDGET: 2,
        CONF_CURRENCY: "USD",
        CONF_IS_DEFAULT: True,
    }


@pytest.mark.parametrize("account", ["7", "99", "anywhere"])
async def test_account_whose_budget_is_not_known(
    hass: HomeAssistant, named: MockConfigEntry, account: str
) -> None:
    """An id that is typed works; its budget is asked for, also by name."""
    form = await open_defaults(hass, named)
    form = await fill_in(hass, form, {CONF_ACCOUNT: account})
    assert suggested(form) == {
        CONF_CATEGORY: "Eating Out (Household)",
        CONF_BUDGET: "Household",
        CONF_CURRENCY: "EUR",
    }
    values = suggested(form) | {CONF_BUDGET: ""}
    form = await fill_in(hass, form, values)
    assert form["errors"] == {CONF_BUDGET: "budget_missing"}
    values = suggested(form) | {CONF_BUDGET: "Housold"}
    form = await fill_in(hass, form, values)
    assert form["step_id"] == "category"
    assert form["errors"] == {CONF_BUDGET: "budget_unknown_name"}
    assert form["description_placeholders"] == {"near": "Household"}
    await fill_in(hass, form, values | {CONF_BUDGET: "household"})
    assert named.options[CONF_BUDGET] == 1


@pytest.mark.parametrize(
    ("account", "error"),
    [("5", "account_crypto"), ("old", "account_archived"), (" ", "account_missing")],
)
async def test_account_that_is_no_default(
    hass: HomeAssistant, named: MockConfigEntry, account: str, error: str
) -> None:
    """Where nothing can be booked, nothing goes by default."""
    form = await open_defaults(hass, named)
    form = await fill_in(hass, form, {CONF_ACCOUNT: account})
    assert form["step_id"] == "account"
    assert form["errors"] == {CONF_ACCOUNT: error}
    assert suggested(form) == {CONF_ACCOUNT: account}


async def test_default_that_was_archived_is_shown(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """The list has its name, though it is not offered anew."""
    options = {**named.options, CONF_ACCOUNT: 6}
    hass.config_entries.async_update_entry(named, options=options)
    await hass.async_block_till_done()
    await running(named).names.async_take(READ)
    form = await open_defaults(hass, named)
    assert suggested(form) == {CONF_ACCOUNT: "Old (Business)"}
    assert form["data_schema"] is not None
    [selector] = form["data_schema"].schema.values()
    assert "Old (Business)" in selector.config["options"]
    assert "Coins (Business)" not in selector.config["options"]


async def test_what_is_known(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """The menu says where names were read, when, and how many there are."""
    menu = await open_options(hass, named)
    assert menu["menu_options"] == [
        "defaults",
        "upload",
        "by_hand",
        "payees",
        "voice",
        "own_accounts",
        "agents",
    ]
    said = menu["description_placeholders"]
    assert said is not None
    assert said["source"].startswith("read from an exported file · 20")
    counts = {"accounts": "6", "categories": "3", "payees": "0", "by_hand": "0"}
    assert said == {"source": said["source"], **counts}


async def test_nothing_is_known(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """The menu says so."""
    menu = await open_options(hass, loaded)
    assert menu["description_placeholders"] == {
        "source": "none yet",
        **dict.fromkeys(("accounts", "categories", "payees", "by_hand"), "0"),
    }


async def test_who_sees_payees(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """It is an option of its own, and changes nothing else; nothing is reloaded."""
    names = running(named).names
    form = await choose_option(hass, await open_options(hass, named), "payees")
    assert suggested(form) == {CONF_PAYEES_FOR_EVERYBODY: False}
    await fill_in(hass, form, {CONF_PAYEES_FOR_EVERYBODY: True})
    changed = {CONF_PAYEES_FOR_EVERYBODY: True}
    assert named.options == {**DEFAULTS, CONF_IS_DEFAULT: True, **changed}
    assert running(named).names is names
    form = await choose_option(hass, await open_options(hass, named), "payees")
    assert suggested(form) == changed


async def test_defaults_keep_the_other_options(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Names by hand, and who sees payees, are as they were."""
    others = {CONF_NAMES: BY_HAND, CONF_PAYEES_FOR_EVERYBODY: True}
    options = {**loaded.options, **others}
    hass.config_entries.async_update_entry(loaded, options=options)
    await hass.async_block_till_done()
    form = await open_defaults(hass, loaded)
    values = {CONF_ACCOUNT: "3", CONF_BUDGET: "1", CONF_CURRENCY: "EUR"}
    await fill_in(hass, form, values)
    assert loaded.options == {
        CONF_ACCOUNT: 3,
        CONF_BUDGET: 1,
        CONF_CURRENCY: "EUR",
        CONF_IS_DEFAULT: True,
        **others,
    }


async def test_entry_that_is_not_loaded(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Its options can be changed; names are those by hand."""
    options = {**loaded.options, CONF_NAMES: BY_HAND}
    hass.config_entries.async_update_entry(loaded, options=options)
    await hass.async_block_till_done()
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert loaded.state is ConfigEntryState.NOT_LOADED
    menu = await open_options(hass, loaded)
    assert menu["menu_options"] == [
        "defaults",
        "by_hand",
        "payees",
        "voice",
        "own_accounts",
        "agents",
    ]
    form = await choose_option(hass, menu, "defaults")
    values = TYPED | {CONF_CATEGORY: "lunch", CONF_ACCOUNT: "2"}
    result = await fill_in(hass, form, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert loaded.options[CONF_CATEGORY] == 5
