"""Sends the state changes of the outbox to triggers and the event entity."""

from datetime import datetime
from typing import Final

from homeassistant.core import CoreState, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_call_later
from homeassistant.helpers.start import async_at_started
from homeassistant.util.signal_type import SignalType

from .const import DOMAIN
from .engine.outbox import State, StateChange
from .models import BudgeroConfigEntry

HEARD_AFTER: Final = 5.0
"""Time after the start of Home Assistant until automations listen, in seconds."""

SIGNAL_STATE_CHANGED: Final[SignalType[str, StateChange]] = SignalType(
    f"{DOMAIN}_state_changed"
)
"""Carries the entry's id and the change.

One signal for all entries, so that an automation may listen before an entry is
loaded and after it was reloaded.
"""


FAILURES: Final = (State.FAILED, State.DUPLICATE)
"""States that triggers and events show as failed."""


@callback
def async_tell_state_changes(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Send a signal for each state change of the entry's outbox.

    Changes during the start of Home Assistant are sent once automations listen.
    """
    entry_id = entry.entry_id
    early: list[StateChange] | None = None if hass.state is CoreState.running else []

    @callback
    def tell(change: StateChange | None) -> None:
        if change is None:
            return
        if early is None:
            async_dispatcher_send(hass, SIGNAL_STATE_CHANGED, entry_id, change)
        else:
            early.append(change)

    @callback
    def begin(now: datetime | None = None) -> None:
        nonlocal early
        kept, early = early or [], None
        for change in kept:
            tell(change)

    begin_job = HassJob(begin, cancel_on_shutdown=True)

    @callback
    def wait(hass: HomeAssistant) -> None:
        async_call_later(hass, HEARD_AFTER, begin_job)

    # The subscription does not end with the entry, so that changes during an unload or
    # a reload are sent, too.
    entry.runtime_data.outbox.subscribe(tell)
    if early is not None:
        async_at_started(hass, wait)
