"""Config flows that end when they are left open, so that they block no other dialog."""

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
    """A flow that ends after `MAX_IDLE` without an answer, if it changes an entry.

    While such a flow is open, Home Assistant opens no dialog for a new token. A flow
    that adds an entry blocks nothing and stays open.
    """

    def __init__(self) -> None:
        """Prepare the timer."""
        self._idle_end = IdleEnd(self._abort)

    @callback
    @override
    def async_show_form(self, **shown: Any) -> ConfigFlowResult:
        """Show a form and start the time again."""
        self._end_later()
        return super().async_show_form(**shown)

    @callback
    @override
    def async_show_menu(self, **shown: Any) -> ConfigFlowResult:
        """Show a menu and start the time again."""
        self._end_later()
        return super().async_show_menu(**shown)

    @callback
    @override
    def async_remove(self) -> None:
        """Stop the time, because the flow has ended."""
        self._idle_end.stop()

    def _end_later(self) -> None:
        if self.source == SOURCE_RECONFIGURE:
            self._idle_end.begin_anew(self.hass)

    @callback
    def _abort(self) -> None:
        with suppress(UnknownFlow):
            self.hass.config_entries.flow.async_abort(self.flow_id)
