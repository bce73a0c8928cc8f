"""The button that logs a preset."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .engine.draft import Draft
from .engine.preset import Preset
from .intake import async_add_transaction
from .models import BudgeroConfigEntry
from .preset_entities import PresetEntity

LOG: Final = ButtonEntityDescription(key="log", translation_key="log")

TWICE_WITHIN: Final = 3.0
"""Time in which a second press by the same person is ignored, in seconds."""


class PresetButton(PresetEntity, ButtonEntity):
    """A button that logs a preset.

    It stays available and raises an error with the reason if it cannot log.
    """

    def __init__(self, entry: BudgeroConfigEntry, preset: Preset) -> None:
        """Take the preset."""
        super().__init__(entry, preset, LOG)
        self._pressed: dict[str, float] = {}

    @override
    async def async_press(self) -> None:
        """Log the preset, with the amount of its number if it has none.

        Raises:
            ServiceValidationError: the amount is missing, the button was pressed a
                moment ago, or the transaction was refused.
            HomeAssistantError: it could not be written to disk.
        """
        context = self._context or Context()
        with self._one_press(context.user_id):
            await self._async_log(context)

    async def _async_log(self, context: Context) -> None:
        number = self._entry.runtime_data.numbers.get(self._preset_id)
        typed = None if number is None else number.async_take()
        try:
            await self._async_log_amount(typed, context)
        except HomeAssistantError:
            if number is not None:
                number.async_give_back(typed)
            raise

    async def _async_log_amount(self, typed: float | None, context: Context) -> None:
        preset = self._preset
        if typed is None and (preset is None or preset.amount is None):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="preset_without_amount"
            )
        draft = Draft(preset=self._preset_id, amount=typed)
        entry_id = self._entry.entry_id
        await async_add_transaction(self.hass, entry_id, draft, context=context)

    @contextmanager
    def _one_press(self, user_id: str | None) -> Generator[None]:
        """Refuse a second press by the same person within `TWICE_WITHIN`.

        A press that was refused does not count. A cancelled one counts, because it may
        have logged. Automations may press at any time.

        Raises:
            ServiceValidationError: it is a second press.
        """
        if user_id is None:
            yield
            return
        now = self.hass.loop.time()
        if now - self._pressed.get(user_id, -TWICE_WITHIN) < TWICE_WITHIN:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="pressed_twice"
            )
        self._pressed[user_id] = now
        try:
            yield
        except HomeAssistantError:
            del self._pressed[user_id]
            raise
