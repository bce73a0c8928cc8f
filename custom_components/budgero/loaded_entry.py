"""The entry that a call uses, once it is loaded."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import service
from homeassistant.setup import async_setup_component

from .const import DOMAIN
from .default_entry import all_entries, find_default
from .models import BudgeroConfigEntry, BudgeroData
from .settled import async_wait_until_settled


async def async_get_entry(
    hass: HomeAssistant, entry_id: str | None
) -> BudgeroConfigEntry:
    """Return the entry to use, once it is loaded.

    An entry that is being set up or reloaded is waited for. The caller must use the
    entry before it awaits anything else.

    Args:
        hass: Home Assistant.
        entry_id: `None` for the default entry, as it is now.

    Raises:
        ServiceValidationError: there is no such entry, or it is not loaded.
    """
    if DOMAIN not in hass.config.components:
        await async_setup_component(hass, DOMAIN, {})
    if entry_id is None:
        return await _async_get_default(hass)
    for entry in all_entries(hass):
        if entry.entry_id == entry_id:
            await async_wait_until_settled(entry)
    found: BudgeroConfigEntry = service.async_get_config_entry(hass, DOMAIN, entry_id)
    return found


async def _async_get_default(hass: HomeAssistant) -> BudgeroConfigEntry:
    """Return the default entry, once it is loaded; no other one takes its place.

    Raises:
        ServiceValidationError: it was removed, is disabled, or does not load.
    """
    if (default := find_default(hass)) is not None:
        await async_wait_until_settled(default)
        if default.state is ConfigEntryState.LOADED:
            return default
    if any(entry is not default for entry in all_entries(hass)):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_default_entry"
        )
    entry_id = default.entry_id if default is not None else None
    found: BudgeroConfigEntry = service.async_get_config_entry(hass, DOMAIN, entry_id)
    return found


async def async_get_data(hass: HomeAssistant, entry_id: str | None) -> BudgeroData:
    """Return the running parts of the entry to use, once it is loaded.

    They stay usable if the entry is unloaded meanwhile; the closed outbox then raises
    `ClosedError`.

    Raises:
        ServiceValidationError: as `async_get_entry`.
    """
    return (await async_get_entry(hass, entry_id)).runtime_data
