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

ASK_AGAIN_AFTER: Final = 10.0
"""Seconds: after a state has changed the numbers are asked no more often."""

LONG_WAITING: Final = 60.0
"""Seconds; what is delivered sooner was on its way and did not wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The queue as it is known now.

    Attributes:
        overview: what the outbox on this machine's disk holds.
        numbers: what the source says is pending, processed and failed, `None` until
            it has answered once.
        oldest_waiting: when the oldest one was taken on that has waited for a
            minute, seconds since the epoch.
        source: where the numbers come from.
        problems: what a person must look at, and how many transactions it concerns.
        announcements: how often something came to each stranded state; each time is
            another happening that a person has not heard of.
        is_connected: whether a Budgero server answered last, `None` before the
            first request.
        last_error: code of the last trouble, `None` after a success.
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

        A duplicate of what somebody else sent counts as well.
        """
        return None if self.numbers is None else self.numbers.failed

    @property
    def total(self) -> int | None:
        """All that the source knows of."""
        return None if self.numbers is None else self.numbers.total


class BudgeroCoordinator(DataUpdateCoordinator[Snapshot]):
    """Keeps the snapshot; follows the outbox at once, and the server politely."""

    config_entry: BudgeroConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: BudgeroConfigEntry,
        outbox: Outbox,
        statistics: QueueStatistics,
    ) -> None:
        """Bind the parts whose state it shows."""
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
        self._store = outbox.store
        self._sender = outbox.sender
        self._statistics = statistics
        self._announcements: Mapping[State, int] = {}
        self._changed = asyncio.Event()
        self._asking: asyncio.Task[None] | None = None
        # What is sent again was taken on long ago, and did not wait meanwhile.
        self._waits = _Lasting()
        self._is_due = _Lasting()

    @property
    def silence(self) -> str | None:
        """Code of the error while the source of the numbers does not answer."""
        return self._statistics.silence

    async def async_load(self) -> None:
        """Take the first snapshot from disk; the network is not needed.

        Raises:
            OutboxError: the disk refuses.
        """
        await self._statistics.async_load()
        self._announcements = await self._store.review.announcements()
        self.data = await self._snapshot()

    async def async_follow(self) -> None:
        """Show every change of the outbox, many at once as one."""
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
        """Show soon what has changed in the outbox, and at Budgero if a state changed."""
        self._changed.set()
        if change is not None:
            self.async_ask_soon()

    @callback
    def async_ask_soon(self) -> None:
        """Ask the source for its numbers: at once, or once after the last change."""
        if self._statistics.source is not Source.TRACKING:
            self._debounced_refresh.async_schedule_call()

    async def async_ask_now(self) -> None:
        """Ask Budgero now, as `homeassistant.update_entity` wants it.

        Entities that ask at the same time share the answer. Many questions take
        longer than Home Assistant likes to wait; their answers are shown later.
        """
        if self._asking is None or self._asking.done():
            self._asking = self.config_entry.async_create_background_task(
                self.hass, self._async_ask(), "budgero question"
            )
        await asyncio.wait({self._asking}, timeout=_PATIENCE)

    @override
    async def _async_update_data(self) -> Snapshot:
        """Read the statistics; trouble with the network keeps the last ones."""
        try:
            await self._statistics.async_read()
            return await self._snapshot()
        except ClosedError:  # the entry is unloaded meanwhile
            return self.data
        except OutboxError as error:
            self._mend(error)
            self._note_refusal()
            raise UpdateFailed(
                translation_domain=DOMAIN, translation_key="storage_unavailable"
            ) from error

    async def _async_ask(self) -> None:
        try:
            await self._sender.ask_now()
        except ClosedError:  # the entry is unloaded meanwhile
            pass
        except OutboxError as error:
            self._mend(error)
            self.async_set_update_error(error)
        else:
            await self.async_refresh()

    async def _async_show(self) -> None:
        """Show the outbox as it is now; the next question to the server stays due."""
        try:
            self.data = await self._snapshot()
        except ClosedError:
            raise
        except OutboxError as error:
            self._mend(error)
            self._note_refusal()
            self.async_set_update_error(error)
            return
        self.last_update_success = True
        self.async_update_listeners()

    @callback
    def _mend(self, error: OutboxError) -> None:
        """Set up again if the file is damaged: that saves what is intact."""
        is_loaded = self.config_entry.state is ConfigEntryState.LOADED
        if is_loaded and isinstance(error, UnreadableOutboxError):
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)

    @callback
    def _note_refusal(self) -> None:
        """Show that the disk refuses; all else stays as it was known."""
        waiting = self.data.overview.counts.waiting
        problems = {Problem.STORAGE: waiting, **self.data.problems}
        self.data = replace(self.data, problems=problems)

    async def _snapshot(self) -> Snapshot:
        overview = await self._store.review.overview()
        if overview.has_news:
            self._announcements = await self._store.review.announce()
        hold = self._sender.hold
        self._waits.note(is_so=overview.oldest_waiting is not None)
        self._is_due.note(is_so=overview.oldest_due is not None and hold is None)
        return Snapshot(
            overview=overview,
            numbers=self._statistics.numbers(overview),
            oldest_waiting=self._long_waiting(overview.oldest_waiting),
            source=self._statistics.source,
            problems=problems_of(
                overview,
                self._store.clock.now(),
                hold=hold,
                due_for=self._is_due.seconds,
                stumble=self._sender.lasting_stumble,
                clock=self._store.clock,
                is_sign_in_refused=self._statistics.is_sign_in_refused,
            ),
            announcements=self._announcements,
            is_connected=self._sender.is_connected,
            last_error=self._sender.last_error,
        )

    def _long_waiting(self, since: float | None) -> float | None:
        """Return since when something has waited, unless it is on its way just now."""
        is_long = since is not None and self._waited(since) >= LONG_WAITING
        return since if is_long else None

    def _seconds_until_long_waiting(self) -> float | None:
        """Return when to look although nothing was told, `None` for never."""
        if not self.last_update_success:
            return LONG_WAITING  # the disk refuses: look again after a while
        since = self.data.overview.oldest_waiting
        if since is None or self.data.oldest_waiting is not None:
            return None
        return max(0.0, LONG_WAITING - self._waited(since))

    def _waited(self, since: float) -> float:
        """Return for how long it has waited, as far as that was seen here."""
        taken_on_ago = self._store.clock.now() - since
        return min(taken_on_ago, self._waits.seconds)


class _Lasting:
    """For how long something has been so; what was so at the start always was."""

    def __init__(self) -> None:
        """Start as if it had always been so."""
        self._since: float | None = -inf

    def note(self, *, is_so: bool) -> None:
        """Record whether it is so now."""
        if not is_so:
            self._since = None
        elif self._since is None:
            self._since = monotonic()

    @property
    def seconds(self) -> float:
        """For how long; none if it is not so."""
        return 0.0 if self._since is None else monotonic() - self._since
