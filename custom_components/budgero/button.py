"""The buttons that send now what waits, and that test the space key."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .decisions import async_test_key
from .engine.outbox import Sender
from .engine.push import Feature
from .entity import BudgeroEntity, SpaceEntity
from .models import BudgeroConfigEntry

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class BudgeroButtonDescription(ButtonEntityDescription):
    """A button, and what it does to the sender."""

    press_fn: Callable[[Sender], None]


BUTTONS: Final = (
    BudgeroButtonDescription(
        key="send_now",
        translation_key="send_now",
        entity_category=EntityCategory.CONFIG,
        press_fn=Sender.resume,
    ),
)

TEST_KEY: Final = ButtonEntityDescription(
    key="test_key",
    translation_key="test_key",
    entity_category=EntityCategory.CONFIG,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of a Budgero space."""
    async_add_entities(BudgeroButton(entry, description) for description in BUTTONS)
    async_add_entities([KeyTestButton(entry.runtime_data.coordinator, TEST_KEY)])


class BudgeroButton(SpaceEntity, ButtonEntity):
    """Something that a person tells the sender; also when nothing can be read."""

    entity_description: BudgeroButtonDescription

    def __init__(
        self, entry: BudgeroConfigEntry, description: BudgeroButtonDescription
    ) -> None:
        """Bind the sender."""
        super().__init__(entry, description)
        self._sender = entry.runtime_data.sender

    @override
    async def async_press(self) -> None:
        """Tell it."""
        self.entity_description.press_fn(self._sender)


class KeyTestButton(BudgeroEntity, ButtonEntity):
    """Lets a Budgero app prove the space key, where the server makes that possible."""

    @property
    @override
    def available(self) -> bool:
        """Return whether there is something to prove, and a way to do it."""
        sender = self.coordinator.config_entry.runtime_data.sender
        can_be_tested = (
            Feature.DELETE in sender.spec.operations and not sender.is_key_proven
        )
        return super().available and can_be_tested

    @override
    async def async_press(self) -> None:
        """Send the test; an app answers when it is opened."""
        await async_test_key(self.hass, self.coordinator.config_entry.runtime_data)
