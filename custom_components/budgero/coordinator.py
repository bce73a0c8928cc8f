"""The queue's statistics: one snapshot that all entities read."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Final, override

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator, UpdateFailed

from .const import DOMAIN, LOGGER
from .engine.outbox import OutboxError, Sender, Store
from .engine.push import Client, QueueStats
from .engine.push.errors import NotAllowedError, PushError
from .models import BudgeroConfigEntry

_SOURCE_FACT: Final = "statistics_source"
_ASK_AGAIN_AFTER: Final = timedelta(days=1)


class Source(StrEnum):
    """Where pending, processed and failed come from."""

    PUSH_TOKEN = "push_token"
    """Budgero's statistics, on servers that open them to push tokens."""

    TRACKING = "tracking"
    """What became of the transactions that this entry delivered."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The queue as it is known now.

    Attributes:
        waiting: transactions on this machine's disk, not yet accepted.
        pending: accepted by the server, not yet applied by an app.
        processed: applied by an app.
        failed: reported as failed by an app, or refused by the server, also as a
            duplicate of what somebody else sent.
        vanished: accepted, no longer known to the server, not yet seen by a person.
        source: where pending, processed and failed come from.
    """

    waiting: int
    pending: int | None
    processed: int | None
    failed: int | None
    vanished: int
    source: Source


class BudgeroCoordinator(DataUpdateCoordinator[Snapshot]):
    """Keeps the snapshot; follows the outbox at once, and the server politely."""

    config_entry: BudgeroConfigEntry

    def __init__(
        self,
        hass: HomeAssistant,
        entry: BudgeroConfigEntry,
        client: Client,
        store: Store,
        sender: Sender,
    ) -> None:
        """Bind the parts whose state it shows."""
        super().__init__(
            hass,
            LOGGER,
            config_entry=entry,
            name=DOMAIN,
            update_interval=timedelta(minutes=15),
        )
        self._client = client
        self._store = store
        self._sender = sender
        self._changed = asyncio.Event()
        self._source = Source.TRACKING
        self._statistics: QueueStats | None = None
        self._asked_at: float | None = None
        self._asking: asyncio.Task[None] | None = None

    async def async_load(self) -> None:
        """Take the first snapshot from disk; the network is not needed.

        Raises:
            OutboxError: the disk refuses.
        """
        known = await self._store.recall(_SOURCE_FACT)
        if known is not None and known in Source:  # else a later version's word
            self._source = Source(known)
        self.data = await self._snapshot()

    async def async_follow(self) -> None:
        """Show every change of the outbox, many at once as one."""
        unsubscribe = self._sender.subscribe(self.async_note_change)
        try:
            while True:
                await self._changed.wait()
                self._changed.clear()
                await self._async_show()
        finally:
            unsubscribe()

    @callback
    def async_note_change(self) -> None:
        """Show soon what has changed in the outbox."""
        self._changed.set()

    async def async_ask_now(self) -> None:
        """Ask Budgero now, as `homeassistant.update_entity` wants it.

        Entities that ask at the same time share the answer.
        """
        if self._asking is None or self._asking.done():
            self._asking = self.config_entry.async_create_background_task(
                self.hass, self._async_ask(), "budgero question"
            )
        await asyncio.wait({self._asking})

    @override
    async def _async_update_data(self) -> Snapshot:
        """Read the statistics; trouble with the network keeps the last ones."""
        try:
            await self._read_statistics()
            return await self._snapshot()
        except OutboxError as error:
            raise UpdateFailed(
                translation_domain=DOMAIN, translation_key="storage_unavailable"
            ) from error

    async def _async_ask(self) -> None:
        try:
            await self._sender.ask_now()
        except OutboxError as error:
            self.async_set_update_error(error)
        else:
            await self.async_refresh()

    async def _async_show(self) -> None:
        """Show the outbox as it is now; the next question to the server stays due."""
        try:
            self.data = await self._snapshot()
        except OutboxError as error:
            self.async_set_update_error(error)
            return
        self.last_update_success = True
        self.async_update_listeners()

    async def _read_statistics(self) -> None:
        """Ask the server, if it opens its statistics to push tokens.

        Which source is used follows from what the server allows, never from
        whether it can be reached.
        """
        if not self._is_time_to_ask():
            return
        try:
            self._statistics = await self._client.stats()
            source = Source.PUSH_TOKEN
        except NotAllowedError:
            self._statistics = None
            source = Source.TRACKING
        except PushError:
            return
        self._asked_at = self.hass.loop.time()
        if source is not self._source:
            self._source = source
            await self._store.remember(_SOURCE_FACT, source)

    @callback
    def _is_time_to_ask(self) -> bool:
        if self._sender.hold is not None:
            return False
        if self._source is Source.PUSH_TOKEN or self._asked_at is None:
            return True
        elapsed = self.hass.loop.time() - self._asked_at
        return elapsed > _ASK_AGAIN_AFTER.total_seconds()

    async def _snapshot(self) -> Snapshot:
        counts = await self._store.counts()
        tracked = Snapshot(
            waiting=counts.waiting,
            pending=counts.accepted + counts.unknown,
            processed=counts.processed,
            failed=counts.failed + counts.duplicate,
            vanished=await self._sender.unseen_vanished(),
            source=Source.TRACKING,
        )
        if self._source is Source.TRACKING:
            return tracked
        known = self._statistics
        return replace(
            tracked,
            pending=known.pending if known else None,
            processed=known.processed if known else None,
            failed=known.failed if known else None,
            source=Source.PUSH_TOKEN,
        )
