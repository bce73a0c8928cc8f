"""Backups of Home Assistant: prepare the outboxes to be copied while in use."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant

from .const import DATA_IN_BACKUP, DOMAIN, LOGGER
from .engine.outbox import Outbox, OutboxError
from .models import BudgeroConfigEntry
from .settled import async_wait_until_settled


async def async_pre_backup(hass: HomeAssistant) -> None:
    """Write everything into the database files; new rows go to their logs only.

    It never raises, because an error here would end the whole backup.
    """
    hass.data[DATA_IN_BACKUP] = True
    for outbox in await _async_outboxes(hass):
        try:
            await outbox.begin_backup()
        except OutboxError as error:  # the backup is good even so: it has the log, too
            LOGGER.info("The outbox goes into the backup as it is: %s", error)


async def async_post_backup(hass: HomeAssistant) -> None:
    """Let the outboxes write to their database files again; it never raises."""
    hass.data[DATA_IN_BACKUP] = False
    for outbox in await _async_outboxes(hass):
        try:
            await outbox.end_backup()
        except OutboxError as error:
            LOGGER.info("The outbox could not record the end of the backup: %s", error)


async def _async_outboxes(hass: HomeAssistant) -> list[Outbox]:
    """Return the open outboxes; entries that are being set up are waited for."""
    entries: list[BudgeroConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    for entry in entries:
        await async_wait_until_settled(entry)
    return [
        entry.runtime_data.outbox
        for entry in entries
        if entry.state is ConfigEntryState.LOADED
    ]
