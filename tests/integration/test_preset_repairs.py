"""Repairs for presets that name what is gone."""

import asyncio
from dataclasses import replace

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.names import Account, Directory
from custom_components.budgero.preset_repairs import (
    ISSUE,
    PresetRepairFlow,
    async_forget_presets,
)
from custom_components.budgero.repairs import async_create_fix_flow
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir

from .preset_helpers import (
    COFFEE,
    DIRECTORY,
    GROCERIES,
    add_preset,
    change_preset,
    know,
    open_form,
    press,
    send_form,
)
from .repair_dialogs import ask
from .support import issues_of, running
from .test_presets import logged


def without(kind: str, number: int) -> Directory:
    """Return the names after something was deleted in Budgero."""
    kept = [entry for entry in getattr(DIRECTORY, kind) if entry.id != number]
    return replace(DIRECTORY, **{kind: tuple(kept)})  # type: ignore[arg-type]


def archived(number: int) -> Directory:
    """Return the names after an account was archived in Budgero."""
    accounts = [
        replace(account, is_archived=account.is_archived or account.id == number)
        for account in DIRECTORY.accounts
    ]
    return replace(DIRECTORY, accounts=tuple(accounts))


def changed(number: int, **change: object) -> Directory:
    """Return the names after an account was changed in Budgero."""
    accounts = [
        replace(account, **change) if account.id == number else account  # type: ignore[arg-type]
        for account in DIRECTORY.accounts
    ]
    return replace(DIRECTORY, accounts=tuple(accounts))


def moved(number: int, budget: int) -> Directory:
    """Return the names after a category went to another budget."""
    categories = [
        replace(category, budget=budget) if category.id == number else category
        for category in DIRECTORY.categories
    ]
    return replace(DIRECTORY, categories=tuple(categories))


BROKEN: list[tuple[Directory, dict[str, str]]] = [
    (without("accounts", 2), {"account": "gone"}),
    (without("categories", 5), {"category": "gone"}),
    (archived(2), {"account": "archived"}),
    (changed(2, budget=2), {"account": "other_budget"}),
    (changed(2, currency="BTC"), {"account": "crypto"}),
    (changed(2, currency="JPY"), {"amount": "preset_currency"}),
    (moved(5, budget=2), {"category": "other_budget"}),
]


@pytest.mark.parametrize(
    ("directory", "problems"), BROKEN, ids=[str(problems) for _, problems in BROKEN]
)
async def test_what_is_gone_opens_a_repair(
    hass: HomeAssistant,
    named: MockConfigEntry,
    directory: Directory,
    problems: dict[str, str],
) -> None:
    """It names the preset, shows the field, and closes when all fits again."""
    coffee = COFFEE | {"budget": 1, "currency": "EUR"}
    preset_id = await add_preset(hass, named, "Coffee", coffee)
    await add_preset(hass, named, "Groceries", GROCERIES)
    assert ISSUE not in issues_of(hass)
    assert (await open_form(hass, named, preset_id))["errors"] == {}
    await know(named, directory)
    issue = issues_of(hass)[ISSUE]
    assert issue.translation_placeholders == {"title": "Budgero", "preset": "Coffee"}
    assert issue.severity is ir.IssueSeverity.WARNING
    assert (await open_form(hass, named, preset_id))["errors"] == problems
    await know(named, DIRECTORY)
    assert ISSUE not in issues_of(hass)


async def test_after_a_restart(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """The names are read from disk before the repair is decided."""
    preset_id = await add_preset(hass, named, "Coffee", COFFEE)
    await know(named, without("accounts", 2))
    await hass.config_entries.async_unload(named.entry_id)
    assert (await open_form(hass, named, preset_id))["errors"] == {}
    async_forget_presets(hass, named)
    assert await hass.config_entries.async_setup(named.entry_id)
    await hass.async_block_till_done()
    assert ISSUE in issues_of(hass)


async def test_one_that_is_ignored_stays_so(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """It does not come back each time that the names are read."""
    preset_id = await add_preset(hass, named, "Coffee", COFFEE)
    await know(named, without("accounts", 2))
    ir.async_ignore_issue(hass, DOMAIN, issues_of(hass)[ISSUE].issue_id, ignore=True)
    await know(named, without("accounts", 2))
    await change_preset(hass, named, preset_id, memo="White")
    assert issues_of(hass)[ISSUE].dismissed_version is not None


async def test_it_goes_on_by_id(
    hass: HomeAssistant, named: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """What is logged is kept; Budgero's app will say what it makes of it."""
    coffee = await add_preset(hass, named, "Coffee", COFFEE)
    await know(named, without("accounts", 2))
    async with idle:
        await press(hass, named, coffee)
        [transaction] = await logged(named)
    assert transaction.account == 2


async def test_the_repair_opens_the_form(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """It stays while the form is open, and closes when the preset is whole."""
    await add_preset(hass, named, "Coffee", COFFEE)
    await know(named, without("accounts", 2))
    result = await ask(hass, ISSUE)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "change_preset"
    kind, flow_id = result["next_flow"]
    assert kind == "config_subentries_flow"
    assert ISSUE in issues_of(hass)
    form = hass.config_entries.subentries.async_get(flow_id)
    await send_form(hass, form, name="Coffee", account="1")
    assert ISSUE not in issues_of(hass)


async def test_the_dialog_of_a_preset_that_was_removed(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """The repair goes with it; a dialog that was about to open says so."""
    coffee = await add_preset(hass, named, "Coffee", COFFEE)
    await know(named, without("accounts", 2))
    data = issues_of(hass)[ISSUE].data
    hass.config_entries.async_remove_subentry(named, coffee)
    flow = await async_create_fix_flow(hass, ISSUE, data)
    assert isinstance(flow, PresetRepairFlow)
    flow.hass = hass
    result = await flow.async_step_init()
    assert result["reason"] == "preset_removed"


async def test_it_goes_with_preset_and_entry(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """Nothing is shown of what is not used."""
    coffee = await add_preset(hass, named, "Coffee", COFFEE)
    tea = await add_preset(hass, named, "Tea", COFFEE | {"spoken_names": []})
    await know(named, without("accounts", 2))
    assert len(_shown(hass)) == 2
    await change_preset(hass, named, tea, account=1)
    assert len(_shown(hass)) == 1
    hass.config_entries.async_remove_subentry(named, coffee)
    await hass.async_block_till_done()
    assert _shown(hass) == []
    await change_preset(hass, named, tea, account=2)
    assert len(_shown(hass)) == 1
    await hass.config_entries.async_set_disabled_by(
        named.entry_id, ConfigEntryDisabler.USER
    )
    assert _shown(hass) == []


async def test_names_by_hand_tell_nothing_of_others(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """Who has named two accounts may have ten."""
    await add_preset(hass, named, "Coffee", COFFEE)
    await know(named, Directory())
    await running(named).names.async_put_by_hand(_by_hand(1))
    assert ISSUE not in issues_of(hass)


async def test_all_are_named_by_hand_too(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """What was read is complete all the same."""
    await add_preset(hass, named, "Coffee", COFFEE)
    await know(named, Directory(accounts=(DIRECTORY.accounts[0],)))
    await running(named).names.async_put_by_hand(_by_hand(1))
    assert ISSUE in issues_of(hass)
    await running(named).names.async_put_by_hand(_by_hand(1, 2))
    assert ISSUE not in issues_of(hass)


def _by_hand(*numbers: int) -> Directory:
    return Directory(
        accounts=tuple(
            Account(id=number, name=f"Mine {number}", is_by_hand=True)
            for number in numbers
        )
    )


def _shown(hass: HomeAssistant) -> list[str]:
    return [
        issue.issue_id
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == ISSUE and issue.active
    ]
