"""Ending a dialog that was left open."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

MAX_IDLE: Final = 600.0
"""Time after which a dialog that was left open ends, in seconds."""


class IdleEnd:
    """Ends a dialog when `MAX_IDLE` has passed since it last showed something."""

    def __init__(self, end: Callable[[], None]) -> None:
        """Take the function that ends the dialog."""
        self._end = end
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def begin_anew(self, hass: HomeAssistant) -> None:
        """Start the time again."""
        self.stop()
        job = HassJob(self._run, cancel_on_shutdown=True)
        self._cancel = async_call_later(hass, MAX_IDLE, job)

    @callback
    def stop(self) -> None:
        """Stop the time, because the dialog has ended."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _run(self, now: datetime) -> None:
        self._cancel = None
        self._end()
