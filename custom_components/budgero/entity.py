"""What the entities of Budgero have in common."""

from typing import override

from homeassistant.const import CONF_URL
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import BudgeroCoordinator
from .models import BudgeroConfigEntry


class SpaceEntity(Entity):
    """An entity of one Budgero space that does not show the queue's snapshot."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, entry: BudgeroConfigEntry, description: EntityDescription
    ) -> None:
        """Take entry and description."""
        self.entity_description = description
        self._attr_unique_id = _unique_id(entry, description)
        self._attr_device_info = _device_info(entry)


class BudgeroEntity(CoordinatorEntity[BudgeroCoordinator]):
    """An entity that shows something of the queue's snapshot."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: BudgeroCoordinator, description: EntityDescription
    ) -> None:
        """Take coordinator and description."""
        super().__init__(coordinator)
        entry = coordinator.config_entry
        self.entity_description = description
        self._attr_unique_id = _unique_id(entry, description)
        self._attr_device_info = _device_info(entry)

    @override
    async def async_update(self) -> None:
        """Ask Budgero now, as `homeassistant.update_entity` wants it."""
        await self.coordinator.async_ask_now()


def _unique_id(entry: BudgeroConfigEntry, description: EntityDescription) -> str:
    return f"{entry.entry_id}_{description.key}"


def _device_info(entry: BudgeroConfigEntry) -> DeviceInfo:
    """Return the device of a space, which all of its entities belong to."""
    return DeviceInfo(
        entry_type=DeviceEntryType.SERVICE,
        identifiers={(DOMAIN, entry.entry_id)},
        manufacturer="Budgero",
        name=entry.title,
        configuration_url=entry.data[CONF_URL],
    )
