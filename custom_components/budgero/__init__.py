"""Budgero: log expenses and income, end-to-end encrypted, from Home Assistant."""

from functools import partial

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.const import EVENT_HOMEASSISTANT_CLOSE, Platform
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import ConfigEntryError, ConfigEntryNotReady
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.typing import ConfigType

from .card_script import async_setup_card_script
from .connection import Connection
from .const import (
    CONF_ACCOUNT,
    CONF_AGENT_PHONE,
    CONF_AI_AGENTS,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
    CONF_NAMES,
    CONF_PAYEES_FOR_EVERYBODY,
    CONF_SPOKEN_SENTENCES,
    DOMAIN,
)
from .coordinator import BudgeroCoordinator
from .default_entry import async_watch_default
from .engine.draft import Defaults
from .engine.outbox import ForeignOutboxError, NewerOutboxError, Outbox, OutboxError
from .intake import local_date
from .models import BudgeroConfigEntry, BudgeroData
from .name_directory import NameDirectory
from .names_by_hand import directory_by_hand
from .names_file import NamesFile, async_remove_names
from .outbox_file import async_open_outbox, async_remove_outbox
from .own_accounts import CONF_OWN_ACCOUNTS
from .preset_entities import async_presets_changed
from .preset_repairs import async_report_presets
from .queue_statistics import QueueStatistics
from .repairs import async_forget_reports, async_report, async_report_unusable
from .sentences import async_watch_sentences
from .services import async_setup_services
from .state_changes import async_tell_state_changes
from .websocket_api import async_setup_websocket_api

PLATFORMS = [
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.NUMBER,
    Platform.SENSOR,
]
CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register what exists even if no entry can be set up, such as the actions."""
    async_setup_services(hass)
    async_setup_websocket_api(hass)
    async_dispatcher_connect(
        hass, SIGNAL_CONFIG_ENTRY_CHANGED, partial(_forget_if_disabled, hass)
    )
    async_watch_default(hass)
    async_watch_sentences(hass)
    await async_setup_card_script(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: BudgeroConfigEntry) -> bool:
    """Set up a Budgero space from disk; this needs no network.

    Raises:
        ConfigEntryError: another program or a newer version has changed the outbox.
        ConfigEntryNotReady: the outbox cannot be read or written.
    """
    connection = Connection.of(entry.data)
    client = connection.client(hass)
    user = connection.server_user(hass)
    try:
        outbox = await async_open_outbox(hass, entry, client, user, local_date)
        _close_at_the_end(hass, entry, outbox)
        statistics = QueueStatistics(outbox, user)
        coordinator = BudgeroCoordinator(hass, entry, outbox, statistics)
        await coordinator.async_load()
    except (NewerOutboxError, ForeignOutboxError) as error:
        is_newer = isinstance(error, NewerOutboxError)
        reason = "newer_outbox" if is_newer else "foreign_outbox"
        async_report_unusable(hass, entry, reason)
        raise ConfigEntryError(
            translation_domain=DOMAIN, translation_key=reason
        ) from error
    except OutboxError as error:  # for example the disk is full: try again later
        async_report_unusable(hass, entry, "storage_unavailable")
        raise ConfigEntryNotReady(
            translation_domain=DOMAIN, translation_key="storage_unavailable"
        ) from error
    names = NameDirectory(
        hass, NamesFile.of(hass, entry), user, directory_by_hand(entry.options)
    )
    await names.async_load()
    entry.runtime_data = BudgeroData(
        entry_id=entry.entry_id,
        outbox=outbox,
        user=user,
        defaults=_defaults(hass, entry),
        coordinator=coordinator,
        names=names,
    )
    async_tell_state_changes(hass, entry)
    _follow_changes(hass, entry)
    await hass.config_entries.async_forward_entry_setups(entry, PLATFORMS)
    _watch(hass, entry)
    entry.async_create_background_task(hass, outbox.run(), "budgero sender")
    entry.async_create_background_task(
        hass, coordinator.async_follow(), "budgero coordinator"
    )
    entry.async_create_background_task(
        hass, coordinator.async_refresh(), "budgero statistics"
    )
    entry.async_on_unload(coordinator.async_shutdown)
    if names.is_signed_in:
        entry.async_create_background_task(hass, names.async_follow(), "budgero names")
    return True


async def async_unload_entry(hass: HomeAssistant, entry: BudgeroConfigEntry) -> bool:
    """Unload a Budgero space; waiting transactions stay on disk."""
    if not await hass.config_entries.async_unload_platforms(entry, PLATFORMS):
        return False
    await entry.runtime_data.outbox.finish()
    await entry.runtime_data.names.async_finish()
    return True


async def async_remove_entry(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Remove a Budgero space.

    Its outbox is kept while transactions wait in it; an entry that is added later
    with the same space key takes it over.
    """
    async_forget_reports(hass, entry)
    await async_remove_outbox(hass, entry)
    await async_remove_names(hass, entry)


@callback
def _forget_if_disabled(
    hass: HomeAssistant, change: ConfigEntryChange, entry: ConfigEntry
) -> None:
    """Close the repairs of an entry that was disabled, loaded or not."""
    if entry.domain == DOMAIN and entry.disabled_by:
        async_forget_reports(hass, entry)


@callback
def _follow_changes(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Reload an entry when its connection or its defaults change.

    Presets and names can change without a reload.
    """
    settings = _settings(entry)
    names = entry.runtime_data.names

    @callback
    def show_presets() -> None:
        async_presets_changed(hass, entry)
        async_report_presets(hass, entry)

    async def changed(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
        if _settings(entry) == settings:
            await names.async_put_by_hand(directory_by_hand(entry.options))
            show_presets()
        else:
            hass.config_entries.async_schedule_reload(entry.entry_id)

    async_report_presets(hass, entry)
    entry.async_on_unload(entry.add_update_listener(changed))
    entry.async_on_unload(names.async_subscribe(show_presets))


def _settings(entry: BudgeroConfigEntry) -> tuple[object, ...]:
    """Return the settings that need a reload; others are read when they are used."""
    live = (
        CONF_AGENT_PHONE,
        CONF_AI_AGENTS,
        CONF_NAMES,
        CONF_OWN_ACCOUNTS,
        CONF_PAYEES_FOR_EVERYBODY,
        CONF_SPOKEN_SENTENCES,
    )
    options = {key: value for key, value in entry.options.items() if key not in live}
    return entry.title, entry.data, options


def _defaults(hass: HomeAssistant, entry: BudgeroConfigEntry) -> Defaults:
    return Defaults(
        account=entry.options.get(CONF_ACCOUNT),
        category=entry.options.get(CONF_CATEGORY),
        budget=entry.options.get(CONF_BUDGET),
        currency=entry.options.get(CONF_CURRENCY, hass.config.currency),
    )


@callback
def _close_at_the_end(
    hass: HomeAssistant, entry: BudgeroConfigEntry, outbox: Outbox
) -> None:
    """Close the outbox when the entry is unloaded or Home Assistant stops."""

    async def close(event: Event) -> None:
        await outbox.close()

    entry.async_on_unload(outbox.close)
    entry.async_on_unload(hass.bus.async_listen(EVENT_HOMEASSISTANT_CLOSE, close))


@callback
def _watch(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Open and close repairs now and after every change of the snapshot."""

    @callback
    def report() -> None:
        async_report(hass, entry)

    report()
    entry.async_on_unload(entry.runtime_data.coordinator.async_add_listener(report))
