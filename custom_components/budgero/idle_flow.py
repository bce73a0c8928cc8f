"""A dialog that somebody began and left alone is ended, so that it blocks no other."""

from contextlib import suppress
from datetime import datetime
from typing import Any, override

from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigFlow,
    ConfigFlowResult,
)
from homeassistant.core import CALLBACK_TYPE, HassJob, callback
from homeassistant.data_entry_flow import UnknownFlow
from homeassistant.helpers.event import async_call_later

from .repair_flow import MAX_IDLE


class IdleFlow(ConfigFlow):
    """Ends itself when nobody answers, if it changes an entry.

    Home Assistant opens no dialog for a new token beside such a one. A dialog
    that adds an entry blocks nothing, and stays.
    """

    _cancel_end: CALLBACK_TYPE | None = None

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
        self._stop_waiting()

    def _end_later(self) -> None:
        self._stop_waiting()
        if self.source == SOURCE_RECONFIGURE:
            job = HassJob(self._end, cancel_on_shutdown=True)
            self._cancel_end = async_call_later(self.hass, MAX_IDLE, job)

    def _stop_waiting(self) -> None:
        if self._cancel_end is not None:
            self._cancel_end()
            self._cancel_end = None

    @callback
    def _end(self, now: datetime) -> None:
        self._cancel_end = None
        with suppress(UnknownFlow):
            self.hass.config_entries.flow.async_abort(self.flow_id)
