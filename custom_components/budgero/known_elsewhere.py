"""Looks for message ids in other entries; they are unique in the whole household."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from weakref import WeakValueDictionary

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .default_entry import all_entries
from .engine.outbox import ClosedError, ClosedFile, OutboxError, Row
from .models import BudgeroConfigEntry
from .outbox_file import outbox_path
from .settled import async_wait_until_settled

RELOAD_SECONDS: Final = 10.0
"""Time to wait for another entry that is being reloaded, in seconds."""

_DATA_LOCKS: HassKey[WeakValueDictionary[str, asyncio.Lock]] = HassKey(
    f"{DOMAIN}_message_id_locks"
)


@dataclass(frozen=True, slots=True)
class KnownElsewhere:
    """A transaction that another entry has logged.

    Attributes:
        entry_id: of that entry.
        row: the transaction in its outbox.
    """

    entry_id: str
    row: Row


@asynccontextmanager
async def searching_elsewhere(
    hass: HomeAssistant, entry_id: str, message_id: str | None
) -> AsyncGenerator[KnownElsewhere | None]:
    """Look for a message id in other entries, and lock it while the block runs.

    Otherwise a repeated call after a change of the default entry would be booked twice.
    An entry whose outbox cannot be read is left out.

    Args:
        hass: Home Assistant.
        entry_id: of the entry that is to log it.
        message_id: the caller's own; `None` for a new one, which needs no search.

    Yields:
        The transaction with this message id, `None` if no other entry has it.
    """
    others = [entry for entry in all_entries(hass) if entry.entry_id != entry_id]
    if message_id is None or not others:
        yield None
        return
    locks = hass.data.setdefault(_DATA_LOCKS, WeakValueDictionary())
    async with locks.setdefault(message_id, asyncio.Lock()):
        for entry in others:
            if (row := await _async_find(hass, entry, message_id)) is not None:
                yield KnownElsewhere(entry.entry_id, row)
                return
        yield None


async def _async_find(
    hass: HomeAssistant, entry: BudgeroConfigEntry, message_id: str
) -> Row | None:
    """Return an entry's row of a message id; `None` without one, or if unreadable."""
    try:
        async with asyncio.timeout(RELOAD_SECONDS):
            await async_wait_until_settled(entry)
        if entry.state is ConfigEntryState.LOADED:
            return await entry.runtime_data.outbox.get(message_id)
    except TimeoutError, ClosedError:  # its file is read below instead
        pass
    except OutboxError:
        return None
    try:
        file = ClosedFile(outbox_path(hass, entry.entry_id))
        return await hass.async_add_executor_job(file.find, message_id)
    except OutboxError:
        return None
