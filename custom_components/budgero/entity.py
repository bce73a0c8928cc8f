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
    """An entity of one Budgero space."""

    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, entry: BudgeroConfigEntry, description: EntityDescription
    ) -> None:
        """Bind entry and description."""
        self.entity_description = description
        self._attr_unique_id = f"{entry.entry_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, entry.entry_id)},
            manufacturer="Budgero",
            name=entry.title,
            configuration_url=entry.data[CONF_URL],
        )


class BudgeroEntity(CoordinatorEntity[BudgeroCoordinator], SpaceEntity):
    """An entity that shows something of the queue's snapshot."""

    def __init__(
        self, coordinator: BudgeroCoordinator, description: EntityDescription
    ) -> None:
        """Bind coordinator and description."""
        super().__init__(coordinator)
        SpaceEntity.__init__(self, coordinator.config_entry, description)

    @override
    async def async_update(self) -> None:
        """Ask Budgero at once."""
        await self.coordinator.async_ask_now()
