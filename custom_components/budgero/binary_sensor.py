"""The binary sensors: is Budgero reachable, and is there a problem."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import Snapshot
from .entity import BudgeroEntity
from .models import BudgeroConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class BudgeroBinarySensorDescription(BinarySensorEntityDescription):
    """A binary sensor, and how its state follows from a snapshot.

    Attributes:
        value_fn: returns the state.
        attributes_fn: returns the attributes, if it has any.
        is_always_known: whether it is available while the outbox cannot be read.
    """

    value_fn: Callable[[Snapshot], bool | None]
    attributes_fn: Callable[[Snapshot], dict[str, str | None]] | None = None
    is_always_known: bool = False


def _reason(snapshot: Snapshot) -> dict[str, str | None]:
    """Return the most urgent problem."""
    return {"reason": next((problem.value for problem in snapshot.problems), None)}


BINARY_SENSORS: Final = (
    BudgeroBinarySensorDescription(
        key="connection",
        translation_key="connection",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda snapshot: snapshot.is_connected,
    ),
    BudgeroBinarySensorDescription(
        key="problem",
        translation_key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        value_fn=lambda snapshot: bool(snapshot.problems),
        attributes_fn=_reason,
        is_always_known=True,  # an unreadable outbox is a problem, too
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the binary sensors of a Budgero space."""
    coordinator = entry.runtime_data.coordinator
    async_add_entities(
        BudgeroBinarySensor(coordinator, description) for description in BINARY_SENSORS
    )


class BudgeroBinarySensor(BudgeroEntity, BinarySensorEntity):
    """A binary sensor that follows the queue's snapshot."""

    entity_description: BudgeroBinarySensorDescription

    @property
    @override
    def available(self) -> bool:
        """Return whether the state is known."""
        return self.entity_description.is_always_known or super().available

    @property
    @override
    def is_on(self) -> bool | None:
        """Return the state, `None` if it is unknown."""
        return self.entity_description.value_fn(self.coordinator.data)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, str | None] | None:
        """Return the attributes."""
        if (attributes_fn := self.entity_description.attributes_fn) is None:
            return None
        return attributes_fn(self.coordinator.data)
