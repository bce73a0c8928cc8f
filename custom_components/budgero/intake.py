"""The one door: everything that adds a transaction comes through here."""

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import service
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .engine.draft import Draft, resolve
from .engine.outbox import Appended, Row, State
from .engine.push import Sealed
from .engine.push.errors import BudgeroError
from .errors import to_action_error
from .models import BudgeroConfigEntry, BudgeroData

MAX_WAIT: Final = 10.0
"""Seconds that a caller may wait for Budgero's answer."""


class Status(StrEnum):
    """What a caller hears of a transaction."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"
    DUPLICATE = "duplicate"


_STATUS: Final = {
    State.ACCEPTED: Status.ACCEPTED,
    State.PROCESSED: Status.ACCEPTED,
    State.FAILED: Status.FAILED,
    State.DUPLICATE: Status.DUPLICATE,
}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Home Assistant has the transaction on disk.

    Attributes:
        message_id: its id, the same on every delivery.
        status: waiting, accepted by Budgero's server, refused by it, or known
            before this call.
        state: where it stands.
        queue_id: the server's id, once it is known.
    """

    message_id: str
    status: Status
    state: State
    queue_id: str | None


async def async_get_entry(
    hass: HomeAssistant, entry_id: str | None
) -> BudgeroConfigEntry:
    """Return the entry to use, once it is loaded.

    An entry that is being set up or reloaded is waited for. The caller must use
    what it gets without waiting in between.

    Raises:
        ServiceValidationError: there is no such entry, or it is not loaded; or
            none is named and there are several.
    """
    if DOMAIN not in hass.config.components:
        await async_setup_component(hass, DOMAIN, {})
    entries = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    if entry_id is None and len(entries) > 1:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="several_entries"
        )
    for entry in entries:
        if entry_id in (None, entry.entry_id):
            await _async_wait_until_settled(entry)
    found: BudgeroConfigEntry = service.async_get_config_entry(hass, DOMAIN, entry_id)
    return found


async def async_add_transaction(
    hass: HomeAssistant, entry_id: str | None, draft: Draft, *, wait: bool = False
) -> Receipt:
    """Take a transaction on: resolve, seal, put on disk; delivery follows by itself.

    Args:
        hass: Home Assistant.
        entry_id: of the Budgero space; `None` if there is only one.
        draft: what was asked for.
        wait: whether to wait, at most `MAX_WAIT`, for Budgero's answer.

    Raises:
        ServiceValidationError: there is no such entry, or the draft was refused;
            nothing was stored.
        HomeAssistantError: the disk did not take it.
    """
    entry = await async_get_entry(hass, entry_id)
    data = entry.runtime_data
    message_id = ""
    try:
        resolved = resolve(draft, data.defaults, dt_util.now().date())
        sealed = data.client.seal(
            resolved.transaction, resolved.message_id, data.sender.wire_format
        )
        message_id = sealed.message_id
        appending = hass.async_create_task(
            _async_append(data, sealed, data.key.mac(resolved.given)), "budgero append"
        )
        appended = await asyncio.shield(appending)
    except BudgeroError as error:
        failure = to_action_error(error, message_id)
    else:
        if not appended.is_new:
            return _receipt(appended.row, Status.DUPLICATE)
        row = await _async_settled(entry, appended.row) if wait else appended.row
        return _receipt(row, _STATUS.get(row.state, Status.WAITING))
    raise failure


async def _async_append(data: BudgeroData, sealed: Sealed, digest: bytes) -> Appended:
    """Put on disk, show it and send it, even if the caller is cancelled meanwhile."""
    appended = await data.store.append(sealed, digest)
    data.coordinator.async_note_change()
    data.sender.wake()
    return appended


async def _async_wait_until_settled(entry: BudgeroConfigEntry) -> None:
    """Wait for a set-up or reload that is under way."""
    while entry.state is not ConfigEntryState.LOADED and entry.setup_lock.locked():
        async with entry.setup_lock:
            pass


async def _async_settled(entry: BudgeroConfigEntry, row: Row) -> Row:
    """Return the row as it stands after Budgero's answer, or after `MAX_WAIT`."""
    try:
        async with asyncio.timeout(MAX_WAIT):
            return await entry.runtime_data.sender.settled(row.message_id) or row
    except TimeoutError, BudgeroError:
        return row


def _receipt(row: Row, status: Status) -> Receipt:
    return Receipt(row.message_id, status, row.state, row.queue_id)
