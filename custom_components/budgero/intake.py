"""Takes on everything that Budgero is to book or change; there is no other way."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Final

from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .engine.draft import Draft, Resolved, resolve
from .engine.outbox import Hold, Row, State
from .engine.preset_draft import resolve_with
from .engine.push import Content, Transaction, Transfer
from .engine.push.errors import BudgeroError
from .engine.transfer_draft import TransferDraft, resolve_transfer
from .errors import to_action_error, translated
from .known_elsewhere import KnownElsewhere, searching_elsewhere
from .loaded_entry import async_get_data, async_get_entry
from .models import BudgeroConfigEntry, BudgeroData
from .permissions import async_check_may_log
from .presets import entry_of_preset, read_preset
from .shielded import async_shielded

MAX_WAIT: Final = 10.0
"""Longest time that a caller may wait for Budgero's answer, in seconds."""

UNDO_SECONDS: Final = 6.0
"""Delay of the first push of a transaction that can be taken back, in seconds."""


class Status(StrEnum):
    """What a call returns about a transaction."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"

    DUPLICATE = "duplicate"
    """Another program has used its message id."""

    ALREADY_KNOWN = "already_known"
    """An earlier call of this household has logged it; nothing was added."""


_STATUS: Final = {
    State.ACCEPTED: Status.ACCEPTED,
    State.PROCESSED: Status.ACCEPTED,
    State.FAILED: Status.FAILED,
    State.DUPLICATE: Status.DUPLICATE,
}


@dataclass(frozen=True, slots=True)
class Receipt[C: Content = Content]:
    """The answer to a call; the transaction is on disk.

    Attributes:
        entry_id: the entry whose outbox has it.
        message_id: its id, the same on every delivery.
        status: what became of it so far.
        state: its state in the outbox.
        queue_id: the server's id, once it is known.
        hold: why it is not sent until something changes, if it is held.
        content: what was asked for, complete.
    """

    entry_id: str
    message_id: str
    status: Status
    state: State
    queue_id: str | None
    hold: Hold | None
    content: C = field(repr=False)


def local_time(moment: float) -> datetime:
    """Return a time, in seconds since the epoch, in the household's zone."""
    return dt_util.as_local(dt_util.utc_from_timestamp(moment))


def local_date(moment: float) -> date:
    """Return the household's date at a time, in seconds since the epoch."""
    return local_time(moment).date()


async def async_add_transaction(
    hass: HomeAssistant,
    entry_id: str | None,
    draft: Draft,
    *,
    context: Context,
    wait: bool = False,
    undoable: bool = False,
    logged_by: str | None = None,
    default_account: int | None = None,
) -> Receipt[Transaction]:
    """Log a transaction: resolve and seal it and write it to disk.

    The sender delivers it afterwards.

    Args:
        hass: Home Assistant.
        entry_id: of the Budgero space; `None` for the default one.
        draft: what was asked for.
        context: who asks.
        wait: whether to wait for Budgero's answer, at most `MAX_WAIT` seconds.
        undoable: whether it is first sent after `UNDO_SECONDS`.
        logged_by: id of whoever logs it, as `Author.id`; the user of the context
            if there is none.
        default_account: id of the account in place of the entry's default one.

    Raises:
        ServiceValidationError: there is no such entry, who asks may not log in it,
            or the draft was refused; nothing was stored.
        HomeAssistantError: it could not be written to disk.
    """
    return await _async_add(
        hass,
        entry_id or entry_of_preset(hass, draft.preset),
        partial(_resolve, hass, draft, default_account),
        context=context,
        wait=wait,
        delay=UNDO_SECONDS if undoable else 0.0,
        logged_by=logged_by,
    )


@callback
def resolve_draft(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    draft: Draft,
    default_account: int | None = None,
) -> Transaction:
    """Return the transaction that a draft means now; nothing is logged.

    Args:
        hass: Home Assistant.
        entry: the Budgero space, loaded.
        draft: what was asked for.
        default_account: id of the account in place of the entry's default one.

    Raises:
        ServiceValidationError: the draft is refused.
    """
    now = local_time(entry.runtime_data.outbox.clock.time())
    with translated(to_action_error):
        return _resolve(hass, draft, default_account, entry, now).transaction


async def async_add_transfer(
    hass: HomeAssistant,
    entry_id: str | None,
    draft: TransferDraft,
    *,
    context: Context,
    wait: bool = False,
) -> Receipt[Transfer]:
    """Log a transfer, as `async_add_transaction` does.

    Raises:
        ServiceValidationError: as there, or the server does not support transfers.
        HomeAssistantError: it could not be written to disk.
    """
    work = partial(_resolve_transfer, draft)
    return await _async_add(hass, entry_id, work, context=context, wait=wait)


def _resolve(
    hass: HomeAssistant,
    draft: Draft,
    default_account: int | None,
    entry: BudgeroConfigEntry,
    now: datetime,
) -> Resolved:
    """Complete a draft with its preset, if it names one, and with the defaults.

    Raises:
        InvalidInputError: a field is refused.
    """
    defaults, names = entry.runtime_data.defaults, entry.runtime_data.names.index
    if default_account is not None:
        defaults = replace(defaults, account=default_account)
    preset = read_preset(hass, entry, draft.preset)
    if preset is None:
        return resolve(draft, defaults, names, now)
    return resolve_with(preset, draft, defaults, names, now)


def _resolve_transfer(
    draft: TransferDraft, entry: BudgeroConfigEntry, now: datetime
) -> Resolved[Transfer]:
    """Complete a transfer with the defaults.

    Raises:
        InvalidInputError: a field is refused.
    """
    data = entry.runtime_data
    return resolve_transfer(draft, data.defaults, data.names.index, now)


async def async_take_on(
    hass: HomeAssistant, data: BudgeroData, content: Content
) -> Row:
    """Append a change or a deletion; return it, or the equal one that waits already.

    Raises:
        UnsupportedError: the server does not support it, or was not asked yet.
        OutboxError: it could not be written to disk.
    """
    appending = data.outbox.append(data.outbox.seal(content), b"")
    return (await async_shielded(hass, appending)).row


async def _async_add[C: (Transaction, Transfer)](
    hass: HomeAssistant,
    entry_id: str | None,
    resolve: Callable[[BudgeroConfigEntry, datetime], Resolved[C]],
    *,
    context: Context,
    wait: bool,
    delay: float = 0.0,
    logged_by: str | None = None,
) -> Receipt[C]:
    entry = await async_get_entry(hass, entry_id)
    data = entry.runtime_data
    await async_check_may_log(hass, entry, context)
    with translated(to_action_error):
        resolved = resolve(entry, local_time(data.outbox.clock.time()))
    async with searching_elsewhere(hass, data.entry_id, resolved.message_id) as known:
        if known is not None:
            return _known_receipt(known, resolved.transaction)
        # The entry may have been reloaded meanwhile.
        data = await async_get_data(hass, data.entry_id)
        with translated(to_action_error):
            sealed = data.outbox.seal(resolved.transaction, resolved.message_id)
        appending = data.outbox.append(
            sealed,
            resolved.given,
            is_dated=resolved.is_dated,
            delay=delay,
            logged_by=logged_by or context.user_id,
        )
        with translated(to_action_error, sealed.message_id):
            appended = await async_shielded(hass, appending)
    if not appended.is_new:
        return _receipt(data, appended.row, Status.ALREADY_KNOWN, resolved.transaction)
    row = await _async_settled(data, appended.row) if wait else appended.row
    status = _STATUS.get(row.state, Status.WAITING)
    return _receipt(data, row, status, resolved.transaction)


async def _async_settled(data: BudgeroData, row: Row) -> Row:
    """Return the row when Budgero answers or it is held, at most `MAX_WAIT` later."""
    try:
        async with asyncio.timeout(MAX_WAIT):
            return await data.outbox.until_settled(row.message_id) or row
    except TimeoutError, BudgeroError:
        return row


def _receipt[C: Content](
    data: BudgeroData, row: Row, status: Status, content: C
) -> Receipt[C]:
    return Receipt(
        entry_id=data.entry_id,
        message_id=row.message_id,
        status=status,
        state=row.state,
        queue_id=row.queue_id,
        hold=data.outbox.hold_of(row),
        content=content,
    )


def _known_receipt[C: Content](known: KnownElsewhere, content: C) -> Receipt[C]:
    row = known.row
    return Receipt(
        entry_id=known.entry_id,
        message_id=row.message_id,
        status=Status.ALREADY_KNOWN,
        state=row.state,
        queue_id=row.queue_id,
        hold=None,
        content=content,
    )
