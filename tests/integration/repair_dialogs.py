"""How tests answer repairs: open the dialog, tick, choose, confirm."""

from collections.abc import Mapping
from typing import Any

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.decision_flow import (
    ALL,
    CONF_SCOPE,
    CONF_TRANSACTIONS,
    MORE,
    TICKED,
)
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
    return await (await manager(hass)).async_init(
        DOMAIN, context={"issue_id": issues_of(hass)[key].issue_id}
    )


def listed(form: Step) -> dict[str, str]:
    """Return the lines of a list by their message ids, in their order."""
    lines = _field(form, CONF_TRANSACTIONS)
    return {option["value"]: option["label"] for option in lines.config["options"]}


def scopes(form: Step) -> list[str]:
    """Return what an answer may be about."""
    if CONF_SCOPE not in form["data_schema"].schema:
        return []
    return list(_field(form, CONF_SCOPE).config["options"])


def ticked(form: Step) -> list[str]:
    """Return what is ticked when a list is shown."""
    [field] = [key for key in form["data_schema"].schema if key == CONF_TRANSACTIONS]
    return list((field.description or {}).get("suggested_value", []))


def _field(form: Step, name: str) -> Any:
    assert form["type"] is FlowResultType.FORM, form
    return form["data_schema"].schema[name]


async def tick(hass: HomeAssistant, form: Step, *message_ids: str) -> Step:
    """Choose some transactions of a list."""
    values: dict[str, Any] = {CONF_TRANSACTIONS: list(message_ids)}
    if scopes(form):
        values[CONF_SCOPE] = TICKED
    return await submit(hass, form, values)


async def take_all(hass: HomeAssistant, form: Step) -> Step:
    """Choose all transactions, also those that are not shown."""
    if not scopes(form):
        return await tick(hass, form, *listed(form))
    return await submit(hass, form, {CONF_SCOPE: ALL})


async def turn_page(hass: HomeAssistant, form: Step, *message_ids: str) -> Step:
    """Tick some transactions, and look at the next page."""
    values = {CONF_TRANSACTIONS: list(message_ids), CONF_SCOPE: MORE}
    return await submit(hass, form, values)


async def choose(hass: HomeAssistant, step: Step, option: str) -> Step:
    """Choose in the menu of a dialog; of a list, for all that it has."""
    menu = await take_all(hass, step) if _is_list(step) else step
    assert menu["type"] is FlowResultType.MENU, menu
    assert option in menu["menu_options"]
    return await submit(hass, menu, {"next_step_id": option})


async def confirm(hass: HomeAssistant, form: Step) -> Step:
    """Submit a form without fields."""
    assert form["type"] is FlowResultType.FORM, form
    assert not form["data_schema"].schema
    return await submit(hass, form, {})


async def answer(hass: HomeAssistant, key: str, option: str) -> Step:
    """Answer a repair for all of its transactions, and confirm if it asks."""
    step = await ask(hass, key)
    if step["type"] is FlowResultType.ABORT:
        return step
    step = await choose(hass, step, option)
    return await confirm(hass, step) if step["type"] is FlowResultType.FORM else step


async def submit(hass: HomeAssistant, step: Step, values: Mapping[str, Any]) -> Step:
    """Send what was filled in, or chosen."""
    return await (await manager(hass)).async_configure(step["flow_id"], dict(values))


async def manager(hass: HomeAssistant) -> RepairsFlowManager:
    """Return what runs the dialogs of repairs."""
    assert await async_setup_component(hass, REPAIRS, {})
    found: RepairsFlowManager = hass.data[REPAIRS]["flow_manager"]
    return found


def _is_list(step: Step) -> bool:
    return step["type"] is FlowResultType.FORM and CONF_TRANSACTIONS in (
        step["data_schema"].schema
    )
