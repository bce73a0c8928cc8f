"""The entities of presets, which are added and removed without a reload."""

from collections.abc import Callable
from typing import override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import DOMAIN
from .engine.preset import Preset
from .models import BudgeroConfigEntry
from .presets import get_preset, presets_of


class PresetEntity(Entity):
    """An entity of a preset; it is always available."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, entry: BudgeroConfigEntry, preset: Preset, description: EntityDescription
    ) -> None:
        """Take entry and preset."""
        self.entity_description = description
        self._entry = entry
        self._preset_id = preset.preset_id
        self._attr_unique_id = f"{entry.entry_id}_{preset.preset_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, preset.preset_id)},
            manufacturer="Budgero",
            model="Preset",
            name=preset.name,
        )

    @override
    async def async_added_to_hass(self) -> None:
        """Follow changes of the preset."""
        await super().async_added_to_hass()
        signal = _signal(self._entry)
        self.async_on_remove(
            async_dispatcher_connect(self.hass, signal, self._async_preset_changed)
        )

    @property
    def _preset(self) -> Preset | None:
        """The preset as it is stored now, `None` if it was removed."""
        return get_preset(self._entry, self._preset_id)

    @callback
    def _async_preset_changed(self) -> None:
        """Show the changed preset."""


@callback
def async_follow_presets(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    platform: str,
    async_add_entities: AddConfigEntryEntitiesCallback,
    make: Callable[[Preset], PresetEntity],
    is_wanted: Callable[[Preset], bool] = lambda _: True,
) -> None:
    """Add and remove the entities of a platform as presets change.

    Args:
        hass: Home Assistant.
        entry: the entry that has the presets.
        platform: the platform of the entities.
        async_add_entities: adds entities, now and later.
        make: makes the entity of a preset.
        is_wanted: whether a preset has one.
    """
    shown: set[str] = set()

    @callback
    def follow() -> None:
        wanted = {
            preset.preset_id: preset
            for preset in presets_of(entry)
            if is_wanted(preset)
        }
        _remove_others(hass, entry, platform, set(wanted))
        for preset_id, preset in wanted.items():
            if preset_id not in shown:
                async_add_entities([make(preset)], config_subentry_id=preset_id)
        shown.clear()
        shown.update(wanted)

    follow()
    entry.async_on_unload(async_dispatcher_connect(hass, _signal(entry), follow))


@callback
def async_presets_changed(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Add entities of new presets, and update those of changed ones."""
    devices = dr.async_get(hass)
    for preset in presets_of(entry):
        device = devices.async_get_device_by_identifier(
            (DOMAIN, preset.preset_id), entry.entry_id
        )
        if device is not None and device.name != preset.name:
            devices.async_update_device(device.id, name=preset.name)
    async_dispatcher_send(hass, _signal(entry))


def _remove_others(
    hass: HomeAssistant, entry: BudgeroConfigEntry, platform: str, wanted: set[str]
) -> None:
    """Remove the entities of presets that no longer have one."""
    registry = er.async_get(hass)
    for known in er.async_entries_for_config_entry(registry, entry.entry_id):
        preset_id = known.config_subentry_id
        if known.domain == platform and preset_id and preset_id not in wanted:
            registry.async_remove(known.entity_id)


def _signal(entry: BudgeroConfigEntry) -> str:
    return f"{DOMAIN}_presets_{entry.entry_id}"
