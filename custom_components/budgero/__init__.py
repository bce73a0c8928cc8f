"""Budgero: log expenses and income, end-to-end encrypted, from Home Assistant."""

from functools import partial

from homeassistant.const import (
    CONF_TOKEN,
    CONF_URL,
    CONF_VERIFY_SSL,
    EVENT_HOMEASSISTANT_CLOSE,
    Platform,
)
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.helpers.typing import ConfigType

from .const import (
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
    CONF_SPACE_KEY,
    DOMAIN,
)
from .coordinator import BudgeroCoordinator
from .engine.draft import Defaults
from .engine.outbox import (
    NewerOutboxError,
    OutboxError,
    Sender,
    Store,
    UnreadableOutboxError,
)
from .engine.push import Client, SpaceKey
from .models import BudgeroConfigEntry, BudgeroData
from .outbox_file import async_open_store, async_remove_store
from .repairs import async_forget_reports, async_report_hold, async_report_vanished
from .services import async_setup_services

PLATFORMS = [Platform.SENSOR]
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions; they exist from here on, whatever else fails."""
    async_setup_services(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: BudgeroConfigEntry) -> bool:
    """Set up a Budgero space from disk; the network is not needed."""
    key = SpaceKey.parse(entry.data[CONF_SPACE_KEY])
    client = Client(
        partial(async_get_clientsession, hass, entry.data[CONF_VERIFY_SSL]),
        entry.data[CONF_URL],
        entry.data[CONF_TOKEN],
        key,
    )
    try:
        store = await async_open_store(hass, entry, key)
        _close_at_the_end(hass, entry, store)
        sender = Sender(store, client)
        coordinator = BudgeroCoordinator(hass, entry, client, store, sender)
        await coordinator.async_load()
    except NewerOutboxError as error:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="newer_outbox"
        ) from error
    except UnreadableOutboxError as error:
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key="unusable_outbox"
        ) from error
    except OutboxError as error:  # the disk may be freed, or come back
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="storage_unavailable"
        ) from error
    entry.runtime_data = BudgeroData(
        key, client, store, sender, _defaults(hass, entry), coordinator
    )
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    _watch(hass, entry)
    entry.async_create_background_task(hass, sender.run(), "budgero sender")
    entry.async_create_background_task(
        hass, coordinator.async_follow(), "budgero coordinator"
    )
    entry.async_create_background_task(
        hass, coordinator.async_refresh(), "budgero statistics"
    )
    entry.async_on_unload(entry.add_update_listener(_async_reload))
    return True


async def async_unload_entry(hass: HomeAssistant, entry: BudgeroConfigEntry) -> bool:
    """Unload a Budgero space; what waits stays on disk."""
    if entry.disabled_by:
        async_forget_reports(hass, entry)
    return await hass.config_entries.async_unload_platforms(entry, PLATFORMS)


async def async_remove_entry(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Remove a Budgero space; what still waits is kept for a later one."""
    async_forget_reports(hass, entry)
    await async_remove_store(hass, entry)


async def _async_reload(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    hass.config_entries.async_schedule_reload(entry.entry_id)


def _defaults(hass: HomeAssistant, entry: BudgeroConfigEntry) -> Defaults:
    return Defaults(
        account=entry.options.get(CONF_ACCOUNT),
        category=entry.options.get(CONF_CATEGORY),
        budget=entry.options.get(CONF_BUDGET),
        currency=entry.options.get(CONF_CURRENCY, hass.config.currency),
    )


@callback
def _close_at_the_end(
    hass: HomeAssistant, entry: BudgeroConfigEntry, store: Store
) -> None:
    """Close the outbox when the entry unloads, or Home Assistant ends."""

    async def close(event: Event) -> None:
        await store.close()

    entry.async_on_unload(store.close)
    entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_CLOSE, close))


@callback
def _watch(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Keep the repairs in step with the outbox."""
    data = entry.runtime_data

    @callback
    def report_hold() -> None:
        async_report_hold(hass, entry)

    @callback
    def report_vanished() -> None:
        async_report_vanished(hass, entry)

    report_vanished()
    entry.async_on_unload(data.sender.subscribe(report_hold))
    entry.async_on_unload(data.coordinator.async_add_listener(report_vanished))
