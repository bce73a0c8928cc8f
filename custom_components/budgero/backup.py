"""Backups of Home Assistant: the outboxes may be copied while they are in use."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import DATA_IN_BACKUP, DOMAIN, LOGGER
from .engine.outbox import OutboxError, Store
from .models import BudgeroConfigEntry
from .settled import async_wait_until_settled


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Write everything into the main files; from here on only their logs grow.

    It never raises: that would end the whole backup.
    """
    hass.data[DATA_IN_BACKUP] = True
    for store in await _async_stores(hass):
        try:
            await store.begin_backup()
        except OutboxError as error:  # the log is copied, too: nothing is lost
            LOGGER.info("The outbox goes into the backup as it is: %s", error)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the outboxes go on as before."""
    hass.data[DATA_IN_BACKUP] = False
    for store in await _async_stores(hass):
        try:
            await store.end_backup()
        except OutboxError as error:
            LOGGER.info("The outbox could not note the end of the backup: %s", error)


async def _async_stores(hass: HomeAssistant) -> list[Store]:
    """Return the outboxes in use, those of entries that are being loaded, too."""
    entries: list[BudgeroConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    for entry in entries:
        await async_wait_until_settled(entry)
    return [
        entry.runtime_data.store
        for entry in entries
        if entry.state is ConfigEntryState.LOADED
    ]
