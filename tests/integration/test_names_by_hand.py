"""Names by hand: a person gives names to ids in the options."""

from dataclasses import replace

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import CONF_CURRENCY, CONF_NAMES
from custom_components.budgero.diagnostics import async_get_config_entry_diagnostics
from custom_components.budgero.engine.names import Directory, Kind
from custom_components.budgero.names_by_hand import CONF_KIND
from custom_components.budgero.names_by_hand_flow import CONF_REMOVE
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_ID, CONF_NAME
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from .flows import suggested
from .options import choose_option, fill_in, open_options
from .preset_helpers import DIRECTORY, know
from .support import running

ADD = ["add_account", "add_category", "add_payee", "add_budget"]


async def _menu(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Open the options, and choose the names by hand."""
    return await choose_option(hass, await open_options(hass, entry), "by_hand")


async def _add(
    hass: HomeAssistant, menu: ConfigFlowResult, kind: Kind, **values: str
) -> ConfigFlowResult:
    """Add a name; return the menu that follows."""
    form = await choose_option(hass, menu, f"add_{kind}")
    return await fill_in(hass, form, values)


async def test_add_names(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Each name is known at once, and the entry keeps running."""
    names = running(loaded).names
    menu = await _menu(hass, loaded)
    assert menu["menu_options"] == [*ADD, "finish"]
    assert menu["description_placeholders"] == {"count": "0"}
    menu = await _add(hass, menu, Kind.BUDGET, id="1", name="Household")
    menu = await _add(hass, menu, Kind.ACCOUNT, id=" 3 ", name="Cash", currency="CHF")
    menu = await _add(hass, menu, Kind.CATEGORY, id="5", name=" Daily\tbread ")
    menu = await _add(hass, menu, Kind.PAYEE, name="Bakery")
    menu = await _add(hass, menu, Kind.PAYEE, name="Zoo")
    assert menu["menu_options"] == [*ADD, "change_name", "finish"]
    assert menu["description_placeholders"] == {"count": "5"}
    assert running(loaded).names is names
    index = names.index
    account = index.find(Kind.ACCOUNT, "cash", 1, "account")
    assert (account.id, account.currency) == (3, "CHF")
    assert index.find(Kind.CATEGORY, "daily bread", 1, "category").id == 5
    assert [payee.name for payee in index.directory.payees] == ["Bakery", "Zoo"]
    told = await async_get_config_entry_diagnostics(hass, loaded)
    assert "Bakery" not in repr(told)
    assert told["names"]["payees"] == 2
    end = await choose_option(hass, menu, "finish")
    assert end["type"] is FlowResultType.CREATE_ENTRY
    assert [row[CONF_NAME] for row in loaded.options[CONF_NAMES]] == [
        *("Household", "Cash", "Daily bread", "Bakery", "Zoo")
    ]


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({CONF_ID: "Cash", CONF_NAME: "Cash"}, {CONF_ID: "id_not_an_id"}),
        ({CONF_ID: "0", CONF_NAME: "Cash"}, {CONF_ID: "id_not_an_id"}),
        ({CONF_ID: "3", CONF_NAME: " \x07\u200b "}, {CONF_NAME: "name_missing"}),
    ],
)
async def test_what_is_no_name(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    values: dict[str, str],
    errors: dict[str, str],
) -> None:
    """The form says so, and keeps what was typed."""
    form = await choose_option(hass, await _menu(hass, loaded), "add_account")
    form = await fill_in(hass, form, values)
    assert form["errors"] == errors
    assert suggested(form) == values
    menu = await fill_in(hass, form, {CONF_ID: "3", CONF_NAME: "Cash"})
    assert menu["type"] is FlowResultType.MENU
    assert CONF_NAMES in loaded.options


async def test_change_and_remove(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """A name gets another spelling or goes; its id goes on working."""
    menu = await _menu(hass, loaded)
    menu = await _add(hass, menu, Kind.ACCOUNT, id="3", name="Cash", currency="CHF")
    menu = await _add(hass, menu, Kind.PAYEE, name="Zoo")
    form = await choose_option(hass, menu, "change_name")
    assert form["data_schema"] is not None
    [selector] = form["data_schema"].schema.values()
    assert selector.config["options"] == [
        {"value": "account:3", "label": "account 3: Cash"},
        {"value": "payee:-1", "label": "payee: Zoo"},
    ]
    form = await fill_in(hass, form, {CONF_NAME: "account:3"})
    assert suggested(form) == {
        CONF_NAME: "Cash",
        CONF_CURRENCY: "CHF",
        CONF_REMOVE: False,
    }
    form = await fill_in(hass, form, {CONF_NAME: " ", CONF_REMOVE: False})
    assert form["errors"] == {CONF_NAME: "name_missing"}
    menu = await fill_in(hass, form, {CONF_NAME: "Wallet", CONF_REMOVE: False})
    assert loaded.options[CONF_NAMES][0] == {
        CONF_KIND: "account",
        CONF_ID: 3,
        CONF_NAME: "Wallet",
    }
    for key in ("account:3", "payee:-1"):
        form = await choose_option(hass, menu, "change_name")
        form = await fill_in(hass, form, {CONF_NAME: key})
        name = str(suggested(form)[CONF_NAME])
        menu = await fill_in(hass, form, {CONF_NAME: name, CONF_REMOVE: True})
    assert menu["menu_options"] == [*ADD, "finish"]
    assert CONF_NAMES not in loaded.options
    assert not running(loaded).names.directory.accounts


async def test_the_same_id_again(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """An id has one name by hand: the last one."""
    menu = await _menu(hass, loaded)
    menu = await _add(hass, menu, Kind.ACCOUNT, id="3", name="Cash")
    menu = await _add(hass, menu, Kind.ACCOUNT, id="3", name="Wallet")
    assert menu["description_placeholders"] == {"count": "1"}
    [account] = running(loaded).names.directory.accounts
    assert account.name == "Wallet"


async def test_two_dialogs(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """What the other one has removed cannot be changed; the menu is shown again."""
    menu = await _add(
        hass, await _menu(hass, loaded), Kind.ACCOUNT, id="3", name="Cash"
    )
    form = await choose_option(hass, menu, "change_name")
    other = await choose_option(hass, await _menu(hass, loaded), "change_name")
    other = await fill_in(hass, other, {CONF_NAME: "account:3"})
    await fill_in(hass, other, {CONF_NAME: "Cash", CONF_REMOVE: True})
    menu = await fill_in(hass, form, {CONF_NAME: "account:3"})
    assert menu["menu_options"] == [*ADD, "finish"]


async def test_a_currency_by_hand(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """It counts for an account of which Budgero tells none, and for no other."""
    menu = await _menu(hass, named)
    menu = await _add(hass, menu, Kind.ACCOUNT, id="1", name="Mine", currency="CHF")
    index = running(named).names.index
    account = index.get(Kind.ACCOUNT, 1)
    assert account is not None
    assert (account.name, account.currency) == ("Mine", "EUR")
    untold = replace(DIRECTORY.accounts[0], currency=None)
    await know(named, Directory(accounts=(untold,)))
    account = running(named).names.index.get(Kind.ACCOUNT, 1)
    assert account is not None
    assert (account.name, account.currency) == ("Mine", "CHF")
