"""Reports changes of the outbox to listeners."""

from collections.abc import Callable
from dataclasses import dataclass
import logging

from .rows import State

_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StateChange:
    """A transaction that went from one state to another.

    Attributes:
        message_id: which one.
        state: its state now.
        at: when, in seconds since the epoch.
    """

    message_id: str
    state: State
    at: float


type Listener = Callable[[StateChange | None], None]
"""Called with each change of a state, and with `None` after other changes."""


class Signal:
    """Calls its listeners; an error in one of them does not disturb the outbox."""

    def __init__(self) -> None:
        """Start without listeners."""
        self._listeners: list[Listener] = []

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener after every change; return how to end that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def __call__(self, change: StateChange | None = None) -> None:
        """Call all listeners."""
        for listener in tuple(self._listeners):
            try:
                listener(change)
            except Exception as error:  # noqa: BLE001 - delivery goes on without it
                _LOGGER.error("Unexpected %s in a listener", type(error).__name__)
