"""Accounts for users and devices, which an administrator chooses."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

CONF_OWN_ACCOUNTS: Final = "own_accounts"
"""Option: ids of accounts, by id of a user or a device."""

_SATELLITES: Final = "assist_satellite"


@callback
def own_account(entry: ConfigEntry, *who: str | None) -> int | None:
    """Return the id of the default account of the first of these that has one.

    Args:
        entry: the Budgero space.
        who: ids of devices and users.
    """
    accounts: dict[str, int] = entry.options.get(CONF_OWN_ACCOUNTS, {})
    return next((accounts[each] for each in who if each in accounts), None)


async def async_people(hass: HomeAssistant) -> dict[str, str]:
    """Return the names of the users and the satellites, by id of user or device."""
    users = {
        user.id: user.name or user.id
        for user in await hass.auth.async_get_users()
        if user.is_active and not user.system_generated
    }
    devices = dr.async_get(hass)
    satellites = {
        device.id: device.name_by_user or device.name or entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.domain == _SATELLITES
        and entity.device_id is not None
        and (device := devices.async_get(entity.device_id)) is not None
    }
    return users | satellites
