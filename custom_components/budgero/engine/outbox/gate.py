"""The gate to Budgero: pace, pauses after trouble, and holds."""

import asyncio
import logging
from math import inf
import time
from typing import Final

from ..push.client import Client
from ..push.errors import PushError
from .policy import (
    CHECK_HELD_SOON,
    HOLD_AFTER,
    Hold,
    check_held_after,
    hold_for,
    is_from_budgero,
    pause_after,
)
from .signal import Signal

PER_SECOND: Final = 10.0
BURST: Final = 20.0
"""Requests per second, and requests in a row without a pause. The server's own limit is
per address, and shared with the household's apps."""

WAKE_PAUSE: Final = 2.0
"""The rest of a pause after something new has woken the sender, in seconds."""

_LOGGER = logging.getLogger(__name__)


class Gate:
    """Decides when requests may go to Budgero.

    Attributes:
        hold: why nothing is sent until something changes.
        last_error: code of the last trouble, `None` after a success.
        is_connected: whether a Budgero server answered last, `None` before the
            first request.
        last_contact: when it last answered, in seconds since the epoch.
        recovered_at: when it last answered again after trouble, in seconds of the
            loop's clock.
        is_closed: whether no request may begin any more.
    """

    def __init__(self, client: Client, signal: Signal) -> None:
        """Take the client; the signal tells of every change."""
        self.hold: Hold | None = None
        self.last_error: str | None = None
        self.is_connected: bool | None = None
        self.last_contact: float | None = None
        self.recovered_at = -inf
        self._client = client
        self._signal = signal
        self._failures = 0
        self._suspect: Hold | None = None
        self._suspicions = 0
        self._paused_until = -inf
        self._asked_until = -inf
        self._held_since = -inf
        self._checked_at = -inf
        self._next_check = -inf
        self._pace = _Pace()
        self.is_closed = False

    @property
    def is_open(self) -> bool:
        """Whether requests may go out now."""
        is_free = self.hold is None and self._seconds_paused() <= 0
        return is_free and not self.is_closed

    def close(self) -> None:
        """Allow no further requests."""
        self.is_closed = True

    async def take_turn(self) -> bool:
        """Wait as the pace demands; return whether the gate is open then."""
        if self.is_open:
            await self._pace.wait()
        return self.is_open

    async def seconds_until_open(self) -> float:
        """Check a hold that is due; return for how many seconds the gate stays shut."""
        if self.hold is not None:
            left = self._next_check - _now()
            if left > 0 or not await self._try_release():
                return max(left, self._next_check - _now(), 0.0)
        return max(self._seconds_paused(), 0.0)

    def hasten(self) -> None:
        """Try soon, unless the server asked to wait."""
        self._paused_until = min(self._paused_until, _now() + WAKE_PAUSE)
        self._next_check = min(self._next_check, self._checked_at + CHECK_HELD_SOON)

    def reset(self) -> None:
        """End a pause and check a hold now, because a person changed something."""
        self._paused_until = self._asked_until = self._next_check = -inf

    def note_success(self) -> None:
        """Record an answer of Budgero without trouble."""
        self.note_contact(is_connected=True)
        if not self.is_open:
            return  # this request began before the trouble
        if self._failures:
            _LOGGER.info("Budgero answers again")
            self.recovered_at = _now()
        self._failures = self._suspicions = 0
        self._note_error(None)

    async def note_trouble(self, error: PushError) -> None:
        """Pause; hold if an error that does not pass by itself is repeated."""
        is_first = self.is_open
        self.note_contact(is_connected=is_from_budgero(error))
        if error.retry_after is not None:
            self._asked_until = max(self._asked_until, _now() + error.retry_after)
        if not is_first:
            return
        self.pause(error.code)
        suspect = hold_for(error)
        self._suspicions = self._suspicions + 1 if suspect is self._suspect else 1
        self._suspect = suspect
        if suspect is None or self._suspicions < HOLD_AFTER:
            return
        if suspect is Hold.TOKEN and not await self._is_healthy():
            return  # a fault of the server's database looks like a bad token
        self.hold = suspect
        self._held_since = self._checked_at = _now()
        self._next_check = self._checked_at + check_held_after(0)
        self._signal()

    def pause(self, code: str) -> None:
        """Shut the gate for a while that doubles with every failure in a row.

        Failures that come at the same time count once.
        """
        if self._paused_until > _now():
            return
        if not self._failures:
            _LOGGER.info("Transactions wait: %s", code)
        self._failures += 1
        self.last_error = code
        self._paused_until = _now() + pause_after(self._failures)
        self._signal()

    def note_contact(self, *, is_connected: bool) -> None:
        """Record whether a Budgero server answered."""
        has_changed = is_connected is not self.is_connected
        self.is_connected = is_connected
        if is_connected:
            self.last_contact = time.time()
        if has_changed:
            self._signal()

    def _note_error(self, code: str | None) -> None:
        if code != self.last_error:
            self.last_error = code
            self._signal()

    def _seconds_paused(self) -> float:
        return max(self._paused_until, self._asked_until) - _now()

    async def _is_healthy(self) -> bool:
        try:
            return await self._client.health()
        except PushError:
            return False

    async def _try_release(self) -> bool:
        """Return whether the reason of the hold is gone."""
        self._checked_at = _now()
        held_for = self._checked_at - self._held_since
        self._next_check = self._checked_at + check_held_after(held_for)
        try:
            await self._client.verify()
        except PushError as error:
            self.note_contact(is_connected=is_from_budgero(error))
            self._note_error(error.code)
            return False
        self.hold = None
        self._paused_until = self._asked_until = -inf
        self.note_success()
        self._signal()
        return True


class _Pace:
    """At most ten requests a second, after a burst of twenty."""

    def __init__(self) -> None:
        """Start with a full burst."""
        self._tokens = BURST
        self._at = inf
        self._turn = asyncio.Lock()

    async def wait(self) -> None:
        """Wait until the next request may go out."""
        async with self._turn:
            elapsed = max(_now() - self._at, 0.0)
            self._at = _now()
            self._tokens = min(BURST, self._tokens + elapsed * PER_SECOND) - 1
            if self._tokens < 0:
                await asyncio.sleep(-self._tokens / PER_SECOND)


def _now() -> float:
    return asyncio.get_running_loop().time()
