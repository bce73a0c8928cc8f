"""The dialog that adds and changes presets."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.budgero.idle_end import MAX_IDLE
from custom_components.budgero.presets import presets_of
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.helpers.selector import SelectSelector, TextSelector
from homeassistant.util import dt as dt_util

from .preset_helpers import COFFEE, add_preset, open_form, send_form
from .support import set_up
from .texts import Texts


def selectors_of(form: Any) -> dict[str, object]:
    """Return the fields of a form."""
    return {str(marker): field for marker, field in form["data_schema"].schema.items()}


async def test_without_names(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """Ids are typed; what is left empty is not stored, and texts are cleaned."""
    form = await open_form(hass, loaded)
    assert form["type"] is FlowResultType.FORM
    assert not any(
        isinstance(selectors_of(form)[field], SelectSelector)
        for field in ("account", "category", "budget", "payee")
    )
    result = await send_form(
        hass,
        form,
        name="  Coffee ",
        spoken_names=["espresso", " ", "ESPRESSO", "coffee", "my  coffee"],
        account=" 2 ",
        category="",
        payee="Kiosk",
        amount=" 3,50 € ",
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    [preset] = presets_of(loaded)
    assert preset.names == ("Coffee", "espresso", "my coffee")
    assert dict(loaded.subentries[preset.preset_id].data) == {
        "spoken_names": ["espresso", "my coffee"],
        "type": "expense",
        "account": 2,
        "payee": "Kiosk",
        "amount": "3,50 €",
        "currency": "EUR",
        "has_number": False,
    }
    assert hass.states.get("button.coffee_log") is not None


async def test_by_lists_of_names(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """What can be booked to is offered; ids are stored, so a rename does not matter."""
    form = await open_form(hass, named)
    account = selectors_of(form)["account"]
    assert isinstance(account, SelectSelector)
    assert account.config["options"] == [
        *("Checking (Household)", "Cash (Household) · 2"),
        *("Yen (Business)", "Cash (Household) · 6"),
    ]
    await send_form(hass, form, name="Coffee", account="Checking", category="cafe")
    [preset] = presets_of(named)
    assert (preset.account, preset.category, preset.budget) == (1, 5, None)


async def test_the_budget_follows_the_account(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """And the amount is read in its currency."""
    form = await open_form(hass, named)
    form = await send_form(
        hass, form, name="Pens", account="4", category="11", amount="12.5"
    )
    assert form["errors"] == {"amount": "too_precise"}
    result = await send_form(
        hass, form, name="Pens", account="4", category="11", amount="¥1,200"
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    [preset] = presets_of(named)
    assert (preset.account, preset.category, preset.budget) == (4, 11, 2)
    assert (preset.amount, preset.currency) == ("¥1,200", "JPY")


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"name": " \x00 "}, "name", "missing"),
    ({"name": "x" * 101}, "name", "too_long"),
    ({"name": "coffée"}, "name", "taken"),
    ({"name": "Espresso"}, "name", "taken"),
    ({"spoken_names": ["C O F F E E"]}, "spoken_names", "taken"),
    ({"spoken_names": ["ESPRESSO"]}, "spoken_names", "taken"),
    (
        {"spoken_names": [f"name {number}" for number in range(21)]},
        "spoken_names",
        "too_long",
    ),
    ({"account": "Nowhere"}, "account", "unknown_name"),
    ({"account": "cash"}, "account", "ambiguous_name"),
    ({"account": "3"}, "account", "archived"),
    ({"account": "5"}, "account", "crypto"),
    ({"account": "4", "budget": "1"}, "account", "other_budget"),
    ({"category": "11"}, "category", "other_budget"),
    ({"budget": "2"}, "account", "missing"),
    ({"budget": "Nowhere"}, "budget", "unknown_name"),
    ({"payee": "x" * 201}, "payee", "too_long"),
    ({"payee": "a\x07b"}, "payee", "bad_characters"),
    ({"memo": "{{ states('x') }}"}, "memo", "not_rendered"),
    ({"amount": "1.234"}, "amount", "ambiguous"),
    ({"amount": "12 $"}, "amount", "other_currency"),
    ({"amount": "-1"}, "amount", "not_positive"),
    ({"amount": "0"}, "amount", "not_positive"),
    ({"amount": "a lot"}, "amount", "not_a_number"),
    ({"amount": "1.2345"}, "amount", "too_precise"),
    ({"amount": "9" * 15}, "amount", "too_large"),
]


@pytest.mark.parametrize(("typed", "field", "problem"), REFUSED)
async def test_what_is_refused(
    hass: HomeAssistant,
    named: MockConfigEntry,
    typed: dict[str, Any],
    field: str,
    problem: str,
) -> None:
    """Each mistake is told at its field; what was typed stays there."""
    await add_preset(hass, named, "Coffee", COFFEE)
    form = await open_form(hass, named)
    form = await send_form(hass, form, **({"name": "Other"} | typed))
    assert form["errors"] == {field: problem}
    assert len(presets_of(named)) == 1


async def test_similar_names(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """They are shown with the error of the field."""
    form = await open_form(hass, named)
    for field, typed, near in (
        ("account", "Check", "Checking"),
        ("category", "Grocery", "Groceries"),
        ("budget", "Busin", "Business"),
        ("category", "123abc", "–"),
    ):
        form = await send_form(hass, form, **{"name": "Other", field: typed})
        assert form["errors"] == {field: "unknown_name"}
        assert form["description_placeholders"] == {"near": near}


async def test_no_id_while_there_are_no_names(
    hass: HomeAssistant, loaded: MockConfigEntry, texts: Texts
) -> None:
    """A name cannot be known yet; and every error has a text, with none left over."""
    form = await open_form(hass, loaded)
    form = await send_form(hass, form, name="Coffee", account="Checking")
    assert form["errors"] == {"account": "not_an_id"}
    prefix = "preset.error."
    keys = await texts.all_of("config_subentries")
    known = {key.removeprefix(prefix) for key in keys if key.startswith(prefix)}
    assert known == {problem for _, _, problem in REFUSED} | {
        *("not_an_id", "gone", "preset_currency")
    }


async def test_changing_one(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """The form shows what is there; its own names are not taken; empty is gone."""
    preset_id = await add_preset(hass, named, "Coffee", COFFEE)
    form = await open_form(hass, named, preset_id)
    schema = form["data_schema"]
    assert schema is not None
    shown = {
        str(marker): (marker.description or {}).get("suggested_value")
        for marker in schema.schema
    }
    assert shown == {
        **COFFEE,
        "name": "Coffee",
        "account": "Cash (Household) · 2",
        "category": "Café (Household)",
        "budget": None,
    }
    result = await send_form(hass, form, name="Espresso", spoken_names=["coffee"])
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    [preset] = presets_of(named)
    assert preset.preset_id == preset_id
    assert preset.names == ("Espresso", "coffee")
    assert (preset.amount, preset.account) == (None, None)


async def test_one_that_is_removed_meanwhile(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The dialog ends, and says why."""
    preset_id = await add_preset(hass, loaded, "Coffee", COFFEE)
    form = await open_form(hass, loaded, preset_id)
    hass.config_entries.async_remove_subentry(loaded, preset_id)
    result = await send_form(hass, form, name="Coffee")
    assert result["reason"] == "preset_removed"


async def test_one_that_is_left_open_ends(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """What it shows stays in memory no longer than a while."""
    form = await open_form(hass, loaded)
    later = dt_util.utcnow() + timedelta(seconds=MAX_IDLE + 1)
    async_fire_time_changed(hass, later)
    await hass.async_block_till_done()
    with pytest.raises(UnknownFlow):
        await send_form(hass, form, name="Coffee")


async def test_while_the_entry_is_not_loaded(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """Ids can be typed; the preset is there once the entry is."""
    result = await send_form(
        hass, await open_form(hass, entry), name="Tea", account="2"
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await set_up(hass, entry)
    assert hass.states.get("button.tea_log") is not None
    assert isinstance(
        selectors_of(await open_form(hass, entry))["account"], TextSelector
    )
