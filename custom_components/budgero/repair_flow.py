"""The base of all repair dialogs: their entry, and ending those that are left open."""

from contextlib import suppress
from typing import Any, cast, override

from homeassistant.components.repairs import (
    RepairsFlow,
    RepairsFlowResult,
    repairs_flow_manager,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import callback
from homeassistant.data_entry_flow import UnknownFlow
from homeassistant.exceptions import HomeAssistantError

from .engine.outbox import ClosedError, OutboxError
from .idle_end import IdleEnd
from .models import BudgeroConfigEntry


class EntryRepairFlow(RepairsFlow):
    """The dialog of a repair that belongs to an entry.

    It ends after `MAX_IDLE`, because Home Assistant keeps the last form in memory,
    which may list transactions.
    """

    def __init__(self, entry_id: str, placeholders: dict[str, str]) -> None:
        """Take the entry's id and the placeholders of the texts."""
        self._entry_id = entry_id
        self._placeholders = placeholders
        self._idle_end = IdleEnd(self._abort)

    @callback
    @override
    def async_show_form(self, **shown: Any) -> RepairsFlowResult:
        """Show a form and start the time again."""
        self._idle_end.begin_anew(self.hass)
        return super().async_show_form(**shown)

    @callback
    @override
    def async_show_menu(self, **shown: Any) -> RepairsFlowResult:
        """Show a menu and start the time again."""
        self._idle_end.begin_anew(self.hass)
        return super().async_show_menu(**shown)

    @callback
    @override
    def async_remove(self) -> None:
        """Forget the last form, and open the repair again if its reason remains."""
        self._idle_end.stop()
        self.cur_step = None
        if (entry := self._entry) is not None:
            entry.runtime_data.coordinator.async_note_change()

    @property
    def _entry(self) -> BudgeroConfigEntry | None:
        """The entry, if it is loaded."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        if entry is None or entry.state is not ConfigEntryState.LOADED:
            return None
        return cast("BudgeroConfigEntry", entry)

    def _async_end(
        self, error: OutboxError | HomeAssistantError, *, is_network: bool = False
    ) -> RepairsFlowResult:
        """End the dialog with the reason for an error.

        Args:
            error: what happened.
            is_network: whether it came from the server rather than the disk.
        """
        is_closed = isinstance(error, ClosedError) or (
            isinstance(error, HomeAssistantError) and error.translation_key == "closed"
        )
        if is_closed:  # the entry is unloaded meanwhile
            return self.async_abort(reason="not_loaded")
        return self.async_abort(
            reason="not_put_back" if is_network else "storage_unavailable"
        )

    @callback
    def _abort(self) -> None:
        if (manager := repairs_flow_manager(self.hass)) is not None:
            with suppress(UnknownFlow):
                manager.async_abort(self.flow_id)
