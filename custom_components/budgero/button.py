"""The buttons that send waiting transactions now, and that test the space key."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import DOMAIN as BUTTON
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .decisions import async_test_key
from .engine.outbox import Outbox
from .engine.push import Feature
from .entity import BudgeroEntity, SpaceEntity
from .models import BudgeroConfigEntry
from .preset_button import PresetButton
from .preset_entities import async_follow_presets

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class BudgeroButtonDescription(ButtonEntityDescription):
    """A button, and the method of the outbox that it calls."""

    press_fn: Callable[[Outbox], None]


BUTTONS: Final = (
    BudgeroButtonDescription(
        key="send_now",
        translation_key="send_now",
        entity_category=EntityCategory.CONFIG,
        press_fn=Outbox.resume,
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
    async_follow_presets(
        hass, entry, BUTTON, async_add_entities, partial(PresetButton, entry)
    )


class BudgeroButton(SpaceEntity, ButtonEntity):
    """A button that calls the outbox; available even if that cannot be read."""

    entity_description: BudgeroButtonDescription

    def __init__(
        self, entry: BudgeroConfigEntry, description: BudgeroButtonDescription
    ) -> None:
        """Take the entry's outbox."""
        super().__init__(entry, description)
        self._outbox = entry.runtime_data.outbox

    @override
    async def async_press(self) -> None:
        """Run the button's action on the outbox."""
        self.entity_description.press_fn(self._outbox)


class KeyTestButton(BudgeroEntity, ButtonEntity):
    """Lets a Budgero app prove the space key, if the server supports it."""

    @property
    @override
    def available(self) -> bool:
        """Return whether the key is unproven and the server supports the test."""
        outbox = self.coordinator.config_entry.runtime_data.outbox
        can_be_tested = Feature.DELETE in outbox.operations and not outbox.is_key_proven
        return super().available and can_be_tested

    @override
    async def async_press(self) -> None:
        """Send the test; its result is known once a Budgero app was opened.

        Raises:
            ServiceValidationError: the server does not support it, or was not
                asked yet.
            HomeAssistantError: the outbox cannot be read or written.
        """
        await async_test_key(self.hass, self.coordinator.config_entry.runtime_data)
