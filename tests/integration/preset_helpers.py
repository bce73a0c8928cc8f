"""How tests add presets to an entry, and press their buttons."""

from types import MappingProxyType
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.names import (
    Account,
    Budget,
    Category,
    Directory,
    KeptNames,
    Payee,
    Source,
)
from custom_components.budgero.presets import PRESET
from homeassistant.components.button.const import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.components.number.const import (
    ATTR_VALUE,
    DOMAIN as NUMBER,
    SERVICE_SET_VALUE,
)
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigSubentry,
    SubentryFlowResult,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from .support import entity_id_of, running

COFFEE: dict[str, Any] = {
    "spoken_names": ["espresso"],
    "type": "expense",
    "account": 2,
    "category": 5,
    "payee": "Kiosk",
    "memo": "Black",
    "amount": "3,50",
    "has_number": False,
}
GROCERIES: dict[str, Any] = {"type": "expense", "category": 2, "has_number": True}
SALARY: dict[str, Any] = {"type": "income", "category": 1, "has_number": False}


DIRECTORY = Directory(
    budgets=(Budget(id=1, name="Household"), Budget(id=2, name="Business")),
    accounts=(
        Account(id=1, name="Checking", budget=1, currency="EUR"),
        Account(id=2, name="Cash", budget=1, currency="EUR"),
        Account(id=3, name="Old", budget=1, currency="EUR", is_archived=True),
        Account(id=4, name="Yen", budget=2, currency="JPY"),
        Account(id=5, name="Coins", budget=1, currency="BTC"),
        Account(id=6, name="Cash", budget=1, currency="EUR"),
    ),
    categories=(
        Category(id=2, name="Groceries", budget=1),
        Category(id=5, name="Café", budget=1),
        Category(id=11, name="Office", budget=2),
    ),
    payees=(Payee(id=1, name="Kiosk", budget=1),),
)
"""What Budgero calls things."""


async def know(entry: MockConfigEntry, directory: Directory) -> None:
    """Let an entry read what Budgero calls things."""
    kept = KeptNames(directory=directory, source=Source.FILE, read_at=dt_util.utcnow())
    await running(entry).names.async_take(kept)


async def add_preset(
    hass: HomeAssistant, entry: MockConfigEntry, title: str, data: dict[str, Any]
) -> str:
    """Add a preset as its form does; return its id."""
    subentry = ConfigSubentry(
        data=MappingProxyType(data),
        subentry_type=PRESET,
        title=title,
        unique_id=None,
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    await hass.async_block_till_done()
    return subentry.subentry_id


async def change_preset(
    hass: HomeAssistant, entry: MockConfigEntry, preset_id: str, **data: object
) -> None:
    """Change a preset, without its form."""
    subentry = entry.subentries[preset_id]
    title = str(data.pop("name", subentry.title))
    hass.config_entries.async_update_subentry(
        entry, subentry, title=title, data={**subentry.data, **data}
    )
    await hass.async_block_till_done()


async def open_form(
    hass: HomeAssistant, entry: MockConfigEntry, preset_id: str | None = None
) -> SubentryFlowResult:
    """Open the form for a new preset, or for one that is there."""
    context: dict[str, str] = {"source": SOURCE_USER}
    if preset_id is not None:
        context = {"source": SOURCE_RECONFIGURE, "subentry_id": preset_id}
    return await hass.config_entries.subentries.async_init(
        (entry.entry_id, PRESET),
        context=context,  # type: ignore[arg-type]
    )


async def send_form(
    hass: HomeAssistant, form: SubentryFlowResult, **typed: object
) -> SubentryFlowResult:
    """Fill in the form."""
    result = await hass.config_entries.subentries.async_configure(
        form["flow_id"], {"type": "expense", "has_number": False, **typed}
    )
    await hass.async_block_till_done()
    return result


def preset_entity(
    hass: HomeAssistant, entry: MockConfigEntry, preset_id: str, platform: str = BUTTON
) -> str:
    """Return the entity id of a preset's button or number."""
    key = {BUTTON: "log", NUMBER: "amount"}[platform]
    return entity_id_of(hass, entry, f"{preset_id}_{key}", platform)


def device_of(
    hass: HomeAssistant, entry: MockConfigEntry, preset_id: str
) -> dr.DeviceEntry:
    """Return the device of a preset."""
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, preset_id), entry.entry_id
    )
    assert device is not None
    return device


async def press(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    preset_id: str,
    context: Context | None = None,
) -> None:
    """Press the button of a preset."""
    await hass.services.async_call(
        BUTTON,
        SERVICE_PRESS,
        {ATTR_ENTITY_ID: preset_entity(hass, entry, preset_id)},
        blocking=True,
        context=context,
    )


async def type_amount(
    hass: HomeAssistant, entry: MockConfigEntry, preset_id: str, value: float
) -> None:
    """Type an amount into the number of a preset."""
    await hass.services.async_call(
        NUMBER,
        SERVICE_SET_VALUE,
        {
            ATTR_ENTITY_ID: preset_entity(hass, entry, preset_id, NUMBER),
            ATTR_VALUE: value,
        },
        blocking=True,
    )


def typed_in(hass: HomeAssistant, entry: MockConfigEntry, preset_id: str) -> str:
    """Return what a preset's number shows."""
    state = hass.states.get(preset_entity(hass, entry, preset_id, NUMBER))
    assert state is not None
    return state.state
