"""The sensors of Budgero's queue."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .coordinator import Snapshot, Source
from .entity import BudgeroEntity
from .models import BudgeroConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class BudgeroSensorDescription(SensorEntityDescription):
    """A sensor and the value that it shows of a snapshot."""

    value_fn: Callable[[Snapshot], StateType]


SENSORS: Final = (
    BudgeroSensorDescription(
        key="waiting",
        translation_key="waiting",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda snapshot: snapshot.waiting,
    ),
    BudgeroSensorDescription(
        key="pending",
        translation_key="pending",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda snapshot: snapshot.pending,
    ),
    BudgeroSensorDescription(
        key="processed",
        translation_key="processed",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda snapshot: snapshot.processed,
    ),
    BudgeroSensorDescription(
        key="failed",
        translation_key="failed",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda snapshot: snapshot.failed,
    ),
    BudgeroSensorDescription(
        key="statistics_source",
        translation_key="statistics_source",
        device_class=SensorDeviceClass.ENUM,
        options=[source.value for source in Source],
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: snapshot.source,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of a Budgero space."""
    coordinator = entry.runtime_data.coordinator
    async_add_entities(
        BudgeroSensor(coordinator, description) for description in SENSORS
    )


class BudgeroSensor(BudgeroEntity, SensorEntity):
    """A number, or a word, of the queue's snapshot."""

    entity_description: BudgeroSensorDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator.data)
