"""What moves in the outbox, told to everybody in Home Assistant who listens."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util.signal_type import SignalType

from .const import DOMAIN
from .engine.outbox import Move
from .models import BudgeroConfigEntry

SIGNAL_MOVED: Final[SignalType[str, Move]] = SignalType(f"{DOMAIN}_moved")
"""Carries the entry's id and the move.

One signal for all entries, so that an automation may listen before an entry is
loaded and after it was reloaded.
"""


@callback
def async_tell_moves(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Tell of every move, as long as the entry's sender lives."""
    entry_id = entry.entry_id

    @callback
    def tell(move: Move | None) -> None:
        if move is not None:
            async_dispatcher_send(hass, SIGNAL_MOVED, entry_id, move)

    # Never unsubscribed: what moves while the entry unloads is told, too.
    entry.runtime_data.sender.subscribe(tell)
