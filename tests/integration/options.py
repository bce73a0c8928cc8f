"""How tests walk through the options: open, choose, fill in."""

from collections.abc import Mapping
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType


async def open_options(hass: HomeAssistant, entry: MockConfigEntry) -> ConfigFlowResult:
    """Return the menu of an entry's options."""
    menu = await hass.config_entries.options.async_init(entry.entry_id)
    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] == "init"
    return menu


async def choose_option(
    hass: HomeAssistant, menu: ConfigFlowResult, option: str
) -> ConfigFlowResult:
    """Choose in a menu."""
    assert menu["type"] is FlowResultType.MENU, menu
    return await send(hass, menu, {"next_step_id": option})


async def fill_in(
    hass: HomeAssistant, form: ConfigFlowResult, values: Mapping[str, Any]
) -> ConfigFlowResult:
    """Fill in a form; what was changed holds then."""
    result = await send(hass, form, values)
    await hass.async_block_till_done()
    return result


async def send(
    hass: HomeAssistant, form: ConfigFlowResult, values: Mapping[str, Any]
) -> ConfigFlowResult:
    """Fill in a form, and wait for nothing else."""
    return await hass.config_entries.options.async_configure(
        form["flow_id"], dict(values)
    )


async def open_defaults(
    hass: HomeAssistant, entry: MockConfigEntry
) -> ConfigFlowResult:
    """Return the form of an entry's defaults, or what comes before it."""
    return await choose_option(hass, await open_options(hass, entry), "defaults")
