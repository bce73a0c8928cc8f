"""The sensors of Budgero's queue."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
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
from homeassistant.util import dt as dt_util

from .coordinator import Snapshot
from .engine.push.errors import PushError
from .entity import BudgeroEntity
from .models import BudgeroConfigEntry
from .problems import count_to_decide
from .queue_statistics import Source

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class BudgeroSensorDescription(SensorEntityDescription):
    """A sensor, and how its value follows from a snapshot.

    Attributes:
        value_fn: returns the value.
    """

    value_fn: Callable[[Snapshot], StateType | datetime]


NO_ERROR: Final = "none"


def _codes(kind: type[PushError]) -> Iterator[str]:
    """Yield the codes of a class of errors and of its subclasses."""
    yield kind.code
    for below in kind.__subclasses__():
        yield from _codes(below)


def _time(moment: float | None) -> datetime | None:
    """Return the time for seconds since the epoch."""
    return None if moment is None else dt_util.utc_from_timestamp(moment)


SENSORS: Final = (
    BudgeroSensorDescription(
        key="waiting",
        translation_key="waiting",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda snapshot: snapshot.overview.counts.waiting,
    ),
    BudgeroSensorDescription(
        key="oldest_waiting",
        translation_key="oldest_waiting",
        device_class=SensorDeviceClass.TIMESTAMP,
        value_fn=lambda snapshot: _time(snapshot.oldest_waiting),
    ),
    BudgeroSensorDescription(
        key="last_accepted",
        translation_key="last_accepted",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_registry_enabled_default=False,  # the trigger covers each one
        value_fn=lambda snapshot: _time(snapshot.overview.last_accepted),
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
        key="total",
        translation_key="total",
        state_class=SensorStateClass.MEASUREMENT,
        entity_registry_enabled_default=False,
        value_fn=lambda snapshot: snapshot.total,
    ),
    BudgeroSensorDescription(
        key="to_decide",
        translation_key="to_decide",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda snapshot: count_to_decide(snapshot.problems),
    ),
    BudgeroSensorDescription(
        key="last_error",
        translation_key="last_error",
        device_class=SensorDeviceClass.ENUM,
        options=[NO_ERROR, "storage", "unexpected", *_codes(PushError)],
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda snapshot: snapshot.last_error or NO_ERROR,
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
    """A sensor that follows the queue's snapshot."""

    entity_description: BudgeroSensorDescription

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """Return the value."""
        return self.entity_description.value_fn(self.coordinator.data)
