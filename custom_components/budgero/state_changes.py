"""Changes of states in the outbox, told to everybody in Home Assistant who listens."""

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
"""Seconds after the start until every automation listens."""

SIGNAL_STATE_CHANGED: Final[SignalType[str, StateChange]] = SignalType(
    f"{DOMAIN}_state_changed"
)
"""Carries the entry's id and the change.

One signal for all entries, so that an automation may listen before an entry is
loaded and after it was reloaded.
"""


FAILURES: Final = (State.FAILED, State.DUPLICATE)
"""What was logged is not booked, as far as anybody knows."""


@callback
def async_tell_state_changes(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Tell of every change of a state, as long as the entry's sender lives.

    What changes while Home Assistant starts is told once automations listen.
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

    # Nothing of this ends with the entry: what changes while it unloads is told, too,
    # and who reloads it during the start loses nothing.
    entry.runtime_data.outbox.subscribe(tell)
    if early is not None:
        async_at_started(hass, wait)
