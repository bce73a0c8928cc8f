"""How tests answer repairs: open the dialog, choose, confirm."""

from collections.abc import Mapping
from typing import Any

from custom_components.budgero.const import DOMAIN
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.components.repairs.issue_handler import RepairsFlowManager
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.setup import async_setup_component

from .support import issues_of, until

type Step = Mapping[str, Any]


async def ask(hass: HomeAssistant, key: str) -> Step:
    """Wait for a repair and open its dialog."""
    await until(lambda: key in issues_of(hass))
    return await (await _manager(hass)).async_init(
        DOMAIN, context={"issue_id": issues_of(hass)[key].issue_id}
    )


async def choose(hass: HomeAssistant, menu: Step, option: str) -> Step:
    """Choose in the menu of a dialog."""
    assert menu["type"] is FlowResultType.MENU, menu
    assert option in menu["menu_options"]
    manager = await _manager(hass)
    return await manager.async_configure(menu["flow_id"], {"next_step_id": option})


async def confirm(hass: HomeAssistant, form: Step) -> Step:
    """Submit a form without fields."""
    assert form["type"] is FlowResultType.FORM, form
    return await (await _manager(hass)).async_configure(form["flow_id"], {})


async def answer(hass: HomeAssistant, key: str, option: str) -> Step:
    """Answer a repair, whether it asks once more or not."""
    step = await choose(hass, await ask(hass, key), option)
    return await confirm(hass, step) if step["type"] is FlowResultType.FORM else step


async def _manager(hass: HomeAssistant) -> RepairsFlowManager:
    assert await async_setup_component(hass, REPAIRS, {})
    manager: RepairsFlowManager = hass.data[REPAIRS]["flow_manager"]
    return manager
