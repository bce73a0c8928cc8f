"""The numbers for the amounts of presets that have none."""

from decimal import Decimal
from functools import partial
from typing import Final, override

from homeassistant.components.number import (
    DOMAIN as NUMBER,
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .engine.preset import Preset
from .engine.push import MAX_AMOUNT, currency_decimals
from .models import BudgeroConfigEntry
from .preset_entities import PresetEntity, async_follow_presets
from .presets import currency_of

PARALLEL_UPDATES = 0

AMOUNT: Final = NumberEntityDescription(
    key="amount",
    translation_key="amount",
    device_class=NumberDeviceClass.MONETARY,
    mode=NumberMode.BOX,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the numbers of the presets that ask for one."""
    async_follow_presets(
        hass,
        entry,
        NUMBER,
        async_add_entities,
        partial(PresetNumber, entry),
        lambda preset: preset.has_number and preset.amount is None,
    )


class PresetNumber(PresetEntity, NumberEntity):
    """An amount that was typed and not logged yet; a restart empties it."""

    def __init__(self, entry: BudgeroConfigEntry, preset: Preset) -> None:
        """Take the preset."""
        super().__init__(entry, preset, AMOUNT)
        self._show_currency(preset)

    @override
    async def async_added_to_hass(self) -> None:
        """Register the number, so that the preset's button finds it."""
        await super().async_added_to_hass()
        self._entry.runtime_data.numbers[self._preset_id] = self

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Unregister the number."""
        self._entry.runtime_data.numbers.pop(self._preset_id, None)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Keep the amount until it is logged."""
        self._attr_native_value = value
        self.async_write_ha_state()

    @callback
    def async_take(self) -> float | None:
        """Return the typed amount and empty the number, so that it is logged once.

        It is emptied first, because somebody else may press the button before the
        transaction is on disk.
        """
        amount = self.native_value
        if amount is not None:
            self._attr_native_value = None
            self.async_write_ha_state()
        return amount

    @callback
    def async_give_back(self, amount: float | None) -> None:
        """Show an amount again that was not logged, unless another one was typed."""
        if self.native_value is None and amount is not None:
            self._attr_native_value = amount
            self.async_write_ha_state()

    @callback
    @override
    def _async_preset_changed(self) -> None:
        if (preset := self._preset) is not None:
            self._show_currency(preset)
            self.async_write_ha_state()

    def _show_currency(self, preset: Preset) -> None:
        """Show the currency; its smallest unit is the smallest amount."""
        currency = currency_of(self._entry, preset)
        if currency != self.native_unit_of_measurement:
            self._attr_native_value = None  # it was typed in the former currency
        smallest = float(Decimal(1).scaleb(-currency_decimals(currency)))
        self._attr_native_unit_of_measurement = currency
        self._attr_native_min_value = smallest
        self._attr_native_step = smallest
        self._attr_native_max_value = float(MAX_AMOUNT)
