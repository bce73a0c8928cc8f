"""The event entity: which transactions were processed, and which failed."""

from datetime import datetime
from typing import Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.event import async_call_later
from homeassistant.util import dt as dt_util

from .engine.outbox import State, StateChange
from .entity import SpaceEntity
from .models import BudgeroConfigEntry
from .state_changes import FAILURES, SIGNAL_STATE_CHANGED

PARALLEL_UPDATES = 0

BUNDLE_SECONDS: Final = 1.0
"""Time in which changes of one kind are collected into one event, in seconds."""

MAX_IDS: Final = 100
"""Most message ids in one event; of 128 characters each they fit into the recorder."""

# Accepted transactions have a trigger, but no event: each expense would be two lines
# in the Activity.
TRANSACTION: Final = EventEntityDescription(
    key="transaction",
    translation_key="transaction",
    event_types=[State.PROCESSED.value, State.FAILED.value],
)

_SHOWN_AS: Final = {
    State.PROCESSED: State.PROCESSED,
    **dict.fromkeys(FAILURES, State.FAILED),
}


async def async_setup_entry(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the event entity of a Budgero space."""
    async_add_entities([TransactionEvent(entry)])


class TransactionEvent(SpaceEntity, EventEntity):
    """Shows which transactions were processed or failed, many at once as one event."""

    def __init__(self, entry: BudgeroConfigEntry) -> None:
        """Take the entry."""
        super().__init__(entry, TRANSACTION)
        self._entry = entry
        self._changes: dict[State, list[StateChange]] = {}
        self._cancel_timer: CALLBACK_TYPE | None = None
        self._show_job = HassJob(self._async_show, cancel_on_shutdown=True)

    @override
    async def async_added_to_hass(self) -> None:
        """Listen until the entity is removed."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(
                self.hass, SIGNAL_STATE_CHANGED, self._async_collect
            )
        )
        # Show what was collected before the entry is unloaded.
        self.async_on_remove(self._entry.async_on_state_change(self._async_show))
        self.async_on_remove(self._async_cancel)

    @callback
    def _async_collect(self, entry_id: str, change: StateChange) -> None:
        """Collect a change of this entry for the next event."""
        shown_as = _SHOWN_AS.get(change.state)
        if entry_id != self._entry.entry_id or shown_as is None:
            return
        self._changes.setdefault(shown_as, []).append(change)
        if self._cancel_timer is None:
            self._cancel_timer = async_call_later(
                self.hass, BUNDLE_SECONDS, self._show_job
            )

    @callback
    def _async_show(self, now: datetime | None = None) -> None:
        """Show one event for each kind of change."""
        self._async_cancel()
        collected, self._changes = self._changes, {}
        for state, changes in collected.items():
            last = dt_util.utc_from_timestamp(changes[-1].at)
            self._trigger_event(
                state.value,
                {
                    "message_ids": [change.message_id for change in changes[:MAX_IDS]],
                    "count": len(changes),
                    "at": last.isoformat(timespec="milliseconds"),
                },
            )
            self.async_write_ha_state()

    @callback
    def _async_cancel(self) -> None:
        if self._cancel_timer is not None:
            self._cancel_timer()
            self._cancel_timer = None
