"""Repairs for presets whose account or category is gone or no longer fits."""

from typing import Final

from homeassistant.components.repairs import FlowType, RepairsFlow, RepairsFlowResult
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigEntry,
    SubentryFlowContext,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import DOMAIN
from .engine.preset import Preset
from .models import BudgeroConfigEntry
from .preset_check import find_problems
from .presets import PRESET, presets_of

ISSUE: Final = "preset_incomplete"


@callback
def async_report_presets(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Open a repair for each broken preset, and close those of the others."""
    broken = [preset for preset in presets_of(entry) if find_problems(entry, preset)]
    _forget(hass, entry, keep={_issue_id(preset) for preset in broken})
    for preset in broken:
        ir.async_create_issue(
            hass,
            DOMAIN,
            _issue_id(preset),
            data={"entry_id": entry.entry_id, "preset_id": preset.preset_id},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=ISSUE,
            translation_placeholders={"title": entry.title, "preset": preset.name},
        )


@callback
def async_forget_presets(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Close the repairs of all presets of an entry."""
    _forget(hass, entry, keep=set())


class PresetRepairFlow(RepairsFlow):
    """Opens the form of the preset."""

    def __init__(self, entry_id: str, preset_id: str) -> None:
        """Take the ids of entry and preset."""
        self._entry_id = entry_id
        self._preset_id = preset_id

    async def async_step_init(
        self, user_input: dict[str, str] | None = None
    ) -> RepairsFlowResult:
        """Open the form of the preset; the repair closes once the preset is valid."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or self._preset_id not in entry.subentries:
            return self.async_abort(reason="preset_removed")
        form = await self.hass.config_entries.subentries.async_init(
            (self._entry_id, PRESET),
            context=SubentryFlowContext(
                source=SOURCE_RECONFIGURE, subentry_id=self._preset_id
            ),
        )
        return self.async_abort(
            reason="change_preset",
            next_flow=(FlowType.CONFIG_SUBENTRIES_FLOW, form["flow_id"]),
        )


def _forget(hass: HomeAssistant, entry: ConfigEntry, keep: set[str]) -> None:
    for (domain, issue_id), issue in list(ir.async_get(hass).issues.items()):
        if domain == DOMAIN and issue.translation_key == ISSUE and issue_id not in keep:
            if (issue.data or {}).get("entry_id") == entry.entry_id:
                ir.async_delete_issue(hass, DOMAIN, issue_id)


def _issue_id(preset: Preset) -> str:
    return f"{ISSUE}_{preset.preset_id}"
