"""The names of an entry: read from Budgero, or entered by hand."""

from collections.abc import Callable

from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback

from .engine.names import Directory, NameIndex


class NameDirectory:
    """The names of one workspace.

    Attributes:
        index: finds names; it is empty while none are known.
    """

    def __init__(self, hass: HomeAssistant, by_hand: Directory) -> None:
        """Start with the names that a person entered."""
        self._hass = hass
        self._read = Directory()
        self._by_hand = by_hand
        self._listeners: list[Callable[[], None]] = []
        self.index = NameIndex(by_hand)

    @property
    def directory(self) -> Directory:
        """All known names."""
        return self.index.directory

    @callback
    def async_subscribe(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call a listener after every change; return a function that ends this."""
        self._listeners.append(listener)

        @callback
        def unsubscribe() -> None:
            self._listeners.remove(listener)

        return unsubscribe

    @callback
    def async_put_by_hand(self, by_hand: Directory) -> None:
        """Replace the names that a person entered."""
        if by_hand != self._by_hand:
            self._by_hand = by_hand
            self._show()

    @callback
    def _show(self) -> None:
        self.index = NameIndex(self._read.merged(self._by_hand))
        for listener in tuple(self._listeners):
            listener()
