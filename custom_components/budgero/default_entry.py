"""The default entry: the one that is used when an action names none.

A person chooses it; the choice is an option of the entry.
"""

from collections.abc import Iterator
from typing import Final, override

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .const import CONF_IS_DEFAULT, DOMAIN
from .models import BudgeroConfigEntry

ISSUE_ID: Final = "default_entry"

_BROKEN: Final = (
    ConfigEntryState.SETUP_ERROR,
    ConfigEntryState.SETUP_RETRY,
    ConfigEntryState.MIGRATION_ERROR,
    ConfigEntryState.FAILED_UNLOAD,
)


def all_entries(hass: HomeAssistant) -> list[BudgeroConfigEntry]:
    """Return every Budgero entry, disabled ones too."""
    return hass.config_entries.async_entries(DOMAIN, include_ignore=False)


def is_default(entry: ConfigEntry) -> bool:
    """Return whether an entry is marked as the default one."""
    return bool(entry.options.get(CONF_IS_DEFAULT, True))


def find_default(hass: HomeAssistant) -> BudgeroConfigEntry | None:
    """Return the default entry, loaded or not; `None` if a person must choose one.

    If the default entry was removed no other one takes its place, because a transaction
    must not go to another space without a decision.
    """
    found = [entry for entry in all_entries(hass) if is_default(entry)]
    return found[0] if len(found) == 1 else None


@callback
def choose_default(hass: HomeAssistant, chosen: ConfigEntry) -> None:
    """Make an entry the only default one."""
    for entry in all_entries(hass):
        options = {**entry.options, CONF_IS_DEFAULT: entry is chosen}
        hass.config_entries.async_update_entry(entry, options=options)


@callback
def async_watch_default(hass: HomeAssistant) -> None:
    """Keep at most one default entry, and open a repair while none can be used."""

    @callback
    def look(change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain != DOMAIN:
            return
        if change is ConfigEntryChange.ADDED and entry.options.get(CONF_IS_DEFAULT):
            choose_default(hass, entry)
        async_report_default(hass)

    async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, look)
    async_report_default(hass)


@callback
def async_report_default(hass: HomeAssistant) -> None:
    """Ask for another default entry while the present one cannot be used."""
    default = find_default(hass)
    is_usable = default is not None and not (
        default.disabled_by or default.state in _BROKEN
    )
    if is_usable or not any(_alternatives(hass)):
        ir.async_delete_issue(hass, DOMAIN, ISSUE_ID)
        return
    ir.async_create_issue(
        hass,
        DOMAIN,
        ISSUE_ID,
        is_fixable=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key=ISSUE_ID,
    )


def _alternatives(hass: HomeAssistant) -> Iterator[BudgeroConfigEntry]:
    """Return the entries that a person may choose instead."""
    default = find_default(hass)
    for entry in all_entries(hass):
        if entry is not default and not entry.disabled_by:
            yield entry


class DefaultEntryFlow(RepairsFlow):
    """Lets a person choose the default entry."""

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Start with the choice."""
        return await self.async_step_choose()

    async def async_step_choose(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Ask which entry is to be the default one; none is preselected."""
        errors: dict[str, str] = {}
        if user_input is not None:
            entry_id = user_input.get(ATTR_CONFIG_ENTRY_ID, "")
            chosen = self.hass.config_entries.async_get_entry(entry_id)
            if chosen is not None:
                choose_default(self.hass, chosen)
                return self.async_create_entry(data={})
            if entry_id:
                return self.async_abort(reason="entry_removed")
            errors = {ATTR_CONFIG_ENTRY_ID: "entry_missing"}
        options = [
            SelectOptionDict(value=entry.entry_id, label=entry.title)
            for entry in _alternatives(self.hass)
        ]
        selector = SelectSelector(
            SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
        )
        return self.async_show_form(
            step_id="choose",
            data_schema=vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): selector}),
            errors=errors,
        )

    @callback
    @override
    def async_remove(self) -> None:
        """Open the repair again if its reason remains; closing a dialog deletes it."""
        async_report_default(self.hass)
