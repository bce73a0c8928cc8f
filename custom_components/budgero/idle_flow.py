"""A dialog that somebody began and left alone is ended, so that it blocks no other."""

from contextlib import suppress
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.core import callback
from homeassistant.data_entry_flow import UnknownFlow

from .idle_end import IdleEnd


class IdleFlow(ConfigFlow):
    """Ends itself when nobody answers, if it changes an entry.

    Home Assistant opens no dialog for a new token beside such a one. A dialog
    that adds an entry blocks nothing, and stays.
    """

    def __init__(self) -> None:
        """Prepare its end."""
        self._idle_end = IdleEnd(self._abort)

    @callback
    @override
    def async_show_form(self, **shown: Any) -> ConfigFlowResult:
        """Show a form, for a while."""
        self._end_later()
        return super().async_show_form(**shown)

    @callback
    @override
    def async_show_menu(self, **shown: Any) -> ConfigFlowResult:
        """Show a menu, for a while."""
        self._end_later()
        return super().async_show_menu(**shown)

    @callback
    @override
    def async_remove(self) -> None:
        """Stop waiting: the dialog has ended."""
        self._idle_end.stop()

    def _end_later(self) -> None:
        if self.source == SOURCE_RECONFIGURE:
            self._idle_end.begin_anew(self.hass)

    @callback
    def _abort(self) -> None:
        with suppress(UnknownFlow):
            self.hass.config_entries.flow.async_abort(self.flow_id)
