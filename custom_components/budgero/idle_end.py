"""The end of a dialog that was left open."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

MAX_IDLE: Final = 600.0
"""Seconds after which a dialog that was left open ends."""


class IdleEnd:
    """Ends a dialog when `MAX_IDLE` has passed since it last showed something."""

    def __init__(self, end: Callable[[], None]) -> None:
        """Take what ends the dialog."""
        self._end = end
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def begin_anew(self, hass: HomeAssistant) -> None:
        """Wait from now on."""
        self.stop()
        job = HassJob(self._run, cancel_on_shutdown=True)
        self._cancel = async_call_later(hass, MAX_IDLE, job)

    @callback
    def stop(self) -> None:
        """Wait no longer: the dialog has ended."""
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _run(self, now: datetime) -> None:
        self._cancel = None
        self._end()
