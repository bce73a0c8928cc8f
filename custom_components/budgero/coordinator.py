"""The queue's statistics: one snapshot that all entities read."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from math import inf
from time import monotonic
from typing import Final, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .const import DOMAIN, LOGGER
from .engine.outbox import (
    ClosedError,
    Outbox,
    OutboxError,
    Overview,
    State,
    StateChange,
    UnreadableOutboxError,
)
from .engine.push import QueueStats
from .models import BudgeroConfigEntry
from .problems import Problem, problems_of
from .queue_statistics import QueueStatistics, Source

_PATIENCE: Final = 8.0
"""Time that an entity's update may take, in seconds."""

ASK_AGAIN_AFTER: Final = 10.0
"""Shortest time between two requests for the numbers after changes, in seconds."""

LONG_WAITING: Final = 60.0
"""Time after which a transaction is shown as waiting, in seconds.

A transaction that is delivered sooner is only on its way.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The queue as it is known now.

    Attributes:
        overview: what the outbox on this machine's disk holds.
        numbers: what the source says is pending, processed and failed, `None` until
            it has answered once.
        oldest_waiting: when the oldest transaction was logged that has waited for
            `LONG_WAITING`, in seconds since the epoch.
        source: where the numbers come from.
        problems: what a person must look at, with the number of transactions
            concerned.
        announcements: for each stranded state, how often transactions have entered it.
            A higher number makes a new repair.
        is_connected: whether the last request was answered by Budgero's server,
            `None` before the first request.
        last_error: code of the last error, `None` after a success.
    """

    overview: Overview
    numbers: QueueStats | None
    oldest_waiting: float | None
    source: Source
    problems: Mapping[Problem, int]
    announcements: Mapping[State, int]
    is_connected: bool | None
    last_error: str | None

    @property
    def pending(self) -> int | None:
        """Accepted by the server, not yet applied by an app."""
        return None if self.numbers is None else self.numbers.pending

    @property
    def processed(self) -> int | None:
        """Applied by an app."""
        return None if self.numbers is None else self.numbers.processed

    @property
    def failed(self) -> int | None:
        """Reported as failed by an app, or refused by the server.

        Transactions whose message id another program had used count as well.
        """
        return None if self.numbers is None else self.numbers.failed

    @property
    def total(self) -> int | None:
        """All transactions that the source counts."""
        return None if self.numbers is None else self.numbers.total


class BudgeroCoordinator(DataUpdateCoordinator[Snapshot]):
    """Keeps the snapshot of outbox and server up to date."""

    config_entry: BudgeroConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: BudgeroConfigEntry,
        outbox: Outbox,
        statistics: QueueStatistics,
    ) -> None:
        """Take the parts whose state the snapshot shows."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=DOMAIN,
            update_interval=timedelta(minutes=15),
            request_refresh_debouncer=Debouncer(
                hass, LOGGER, cooldown=ASK_AGAIN_AFTER, immediate=True, background=True
            ),
        )
        self._outbox = outbox
        self._statistics = statistics
        self._announcements: Mapping[State, int] = {}
        self._changed = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None
        # A row that is sent again was logged long ago, but has not waited since then.
        self._waits = _Lasting()
        self._is_due = _Lasting()

    @property
    def silence(self) -> str | None:
        """Code of the error while the source of the numbers does not answer."""
        return self._statistics.silence

    async def async_load(self) -> None:
        """Take the first snapshot from disk; this needs no network.

        Raises:
            OutboxError: the outbox cannot be read or written.
        """
        await self._statistics.async_load()
        self._announcements = await self._outbox.announcements()
        self.data = await self._snapshot()

    async def async_follow(self) -> None:
        """Update the snapshot after changes of the outbox, only once for many."""
        unsubscribe = self._outbox.subscribe(self.async_note_change)
        try:
            while True:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._seconds_until_long_waiting()):
                        await self._changed.wait()
                self._changed.clear()
                await self._async_show()
        except ClosedError:
            pass  # the entry is unloaded, or Home Assistant ends
        finally:
            unsubscribe()

    @callback
    def async_note_change(self, change: StateChange | None = None) -> None:
        """Update the snapshot soon; after a change of state also ask Budgero.

        Args:
            change: the state that changed, `None` if something else did.
        """
        self._changed.set()
        if change is not None:
            self.async_ask_soon()

    @callback
    def async_ask_soon(self) -> None:
        """Ask the source for its numbers, for many changes together.

        The first request is sent at once. Further ones come at most every
        `ASK_AGAIN_AFTER` seconds.
        """
        if self._statistics.source is not Source.TRACKING:
            self._debounced_refresh.async_schedule_call()

    async def async_ask_now(self) -> None:
        """Ask Budgero now, as `homeassistant.update_entity` wants it.

        Entities that ask at the same time share the answer. If it takes longer than
        `_PATIENCE`, the answer is shown later.
        """
        if self._asking is None or self._asking.done():
            self._asking = self.config_entry.async_create_background_task(
                self.hass, self._async_ask(), "budgero question"
            )
        await asyncio.wait({self._asking}, timeout=_PATIENCE)

    @override
    async def _async_update_data(self) -> Snapshot:
        """Read the statistics; after a network error the last ones stay.

        Raises:
            UpdateFailed: the outbox cannot be read or written.
        """
        try:
            await self._statistics.async_read()
            return await self._snapshot()
        except ClosedError:  # the entry is unloaded meanwhile
            return self.data
        except OutboxError as error:
            self._reload_if_damaged(error)
            self._note_disk_error()
            raise UpdateFailed(
                translation_domain=DOMAIN, translation_key="storage_unavailable"
            ) from error

    async def _async_ask(self) -> None:
        try:
            await self._outbox.ask_now()
        except ClosedError:  # the entry is unloaded meanwhile
            pass
        except OutboxError as error:
            self._reload_if_damaged(error)
            self.async_set_update_error(error)
        else:
            await self.async_refresh()

    async def _async_show(self) -> None:
        """Update the snapshot from the outbox, and leave the schedule of updates alone.

        Raises:
            ClosedError: the entry is unloaded meanwhile.
        """
        try:
            self.data = await self._snapshot()
        except ClosedError:
            raise
        except OutboxError as error:
            self._reload_if_damaged(error)
            self._note_disk_error()
            self.async_set_update_error(error)
            return
        self.last_update_success = True
        self.async_update_listeners()

    @callback
    def _reload_if_damaged(self, error: OutboxError) -> None:
        """Reload the entry if the file is damaged: opening it salvages intact rows."""
        is_loaded = self.config_entry.state is ConfigEntryState.LOADED
        if is_loaded and isinstance(error, UnreadableOutboxError):
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    @callback
    def _note_disk_error(self) -> None:
        """Add the disk error to the problems; the rest of the snapshot stays."""
        waiting = self.data.overview.counts.waiting
        problems = {Problem.STORAGE: waiting, **self.data.problems}
        self.data = replace(self.data, problems=problems)

    async def _snapshot(self) -> Snapshot:
        overview = await self._outbox.overview()
        if overview.has_news:
            self._announcements = await self._outbox.announce()
        hold = self._outbox.hold
        self._waits.note(is_so=overview.oldest_waiting is not None)
        self._is_due.note(is_so=overview.oldest_due is not None and hold is None)
        return Snapshot(
            overview=overview,
            numbers=self._statistics.numbers(overview),
            oldest_waiting=self._long_waiting(overview.oldest_waiting),
            source=self._statistics.source,
            problems=problems_of(
                overview,
                self._outbox.clock.now(),
                hold=hold,
                due_for=self._is_due.seconds,
                stumble=self._outbox.lasting_stumble,
                clock=self._outbox.clock,
                is_sign_in_refused=self._statistics.is_sign_in_refused,
            ),
            announcements=self._announcements,
            is_connected=self._outbox.is_connected,
            last_error=self._outbox.last_error,
        )

    def _long_waiting(self, since: float | None) -> float | None:
        """Return a time if it is at least `LONG_WAITING` ago, else `None`."""
        is_long = since is not None and self._waited(since) >= LONG_WAITING
        return since if is_long else None

    def _seconds_until_long_waiting(self) -> float | None:
        """Return in how many seconds to look without a change; `None` for never."""
        if not self.last_update_success:
            return LONG_WAITING  # the outbox cannot be read: look again later
        since = self.data.overview.oldest_waiting
        if since is None or self.data.oldest_waiting is not None:
            return None
        return max(0.0, LONG_WAITING - self._waited(since))

    def _waited(self, since: float) -> float:
        """Return the seconds since a time; not more than anything has waited."""
        taken_on_ago = self._outbox.clock.now() - since
        return min(taken_on_ago, self._waits.seconds)


class _Lasting:
    """Measures how long a condition has held without a break.

    A condition that holds when it is first noted counts as having always held.
    """

    def __init__(self) -> None:
        """Start with a condition that has always held."""
        self._since: float | None = -inf

    def note(self, *, is_so: bool) -> None:
        """Record whether the condition holds now."""
        if not is_so:
            self._since = None
        elif self._since is None:
            self._since = monotonic()

    @property
    def seconds(self) -> float:
        """For how many seconds it has held; 0 if it does not."""
        return 0.0 if self._since is None else monotonic() - self._since
