"""Carries out what a person decides about transactions, here and in Budgero."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError

from .const import DOMAIN
from .engine.draft_fields import read_message_id, required
from .engine.outbox import (
    STRANDED,
    FailedBy,
    Hold,
    NotPossibleError,
    Row,
    State,
    StillInDoubtError,
    UnknownTransactionError,
)
from .engine.places import Places
from .engine.push import (
    Deletion,
    KeyTest,
    Operation,
    PutBack,
    Transaction,
    read_content,
)
from .engine.push.errors import CannotOpenError, UnsupportedError
from .engine.update_draft import UpdateDraft, resolve_update
from .errors import (
    to_change_error,
    to_clear_error,
    to_put_back_error,
    to_queue_error,
    translated,
)
from .intake import async_take_on, local_time
from .models import BudgeroData
from .shielded import async_shielded

_AT_BUDGERO: Final = (State.ACCEPTED, State.PROCESSED)

_DECIDED: Final = (UnknownTransactionError, StillInDoubtError, NotPossibleError)
"""Raised for transactions that were decided meanwhile: gone, or in another state."""


async def async_find(data: BudgeroData, reason: State | Hold) -> list[Row]:
    """Return the transactions in a stranded state, or held for a reason, oldest first.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    with translated(to_queue_error):
        return await data.outbox.find(reason)


async def async_refuse_unless_stranded(data: BudgeroData, message_id: str) -> None:
    """Refuse a transaction that cannot be sent again.

    Raises:
        ServiceValidationError: it is unknown, or not stranded.
        HomeAssistantError: the outbox cannot be read or written.
    """
    with translated(to_queue_error, message_id):
        row = await _async_get(data, message_id)
        if row.state not in STRANDED:
            raise NotPossibleError


async def async_retry(data: BudgeroData, message_id: str) -> str:
    """Send a stranded transaction again; return the message id that it now has.

    A person must have seen that it is not in Budgero.

    Raises:
        ServiceValidationError: it is unknown, or not stranded.
        HomeAssistantError: the outbox cannot be read or written.
    """
    row = await _async_change(data, message_id, data.outbox.send_again(message_id))
    return row.message_id


async def async_remove(
    hass: HomeAssistant, data: BudgeroData, message_id: str
) -> Row | None:
    """Remove a transaction here, or let Budgero delete it.

    Returns:
        The row of the request to Budgero, `None` if it was removed here.

    Raises:
        ServiceValidationError: it is unknown, it may be on its way, or Budgero has
            it and its server cannot delete it.
        HomeAssistantError: the outbox cannot be read or written.
    """
    with translated(to_change_error, message_id):
        row = await _async_get(data, message_id)
        if row.state in _AT_BUDGERO:
            return await _async_delete(hass, data, row)
    await _async_change(data, message_id, data.outbox.remove(message_id))
    return None


async def async_take_back(
    hass: HomeAssistant, data: BudgeroData, message_id: str, *, logged_by: str
) -> Row | None:
    """Do the same as `async_remove` for the user or device that logged it.

    Until its delay is over, the transaction was certainly not sent.

    Args:
        hass: Home Assistant.
        data: the running parts of the entry.
        message_id: of the transaction.
        logged_by: id of whoever takes it back.

    Returns:
        The row of the request to Budgero, `None` if it was removed here.

    Raises:
        ServiceValidationError: it is unknown or somebody else logged it, it may be on
            its way, or Budgero has it and its server cannot delete it.
        HomeAssistantError: the outbox cannot be read or written.
    """
    with translated(to_change_error, message_id):
        row = await _async_get(data, message_id)
        if row.logged_by != logged_by:
            raise UnknownTransactionError("Another user or device has logged it")
        if row.state in _AT_BUDGERO:
            return await _async_delete(hass, data, row)
    await _async_change(data, message_id, data.outbox.take_back(message_id, logged_by))
    return None


async def async_update(
    hass: HomeAssistant, data: BudgeroData, draft: UpdateDraft
) -> Row:
    """Let Budgero change a transaction; return the row of the request.

    Raises:
        ServiceValidationError: the draft was refused, Budgero does not have the
            transaction, or its server cannot change it.
        HomeAssistantError: the outbox cannot be read or written.
    """
    with translated(to_change_error):
        target = required(read_message_id(draft.message_id), "message_id")
    with translated(to_change_error, target):
        row = await _async_get(data, target)
        if row.state is State.WAITING:
            raise _refusal("still_waiting", row)
        if row.state not in _AT_BUDGERO or row.operation is not Operation.ADD:
            raise _refusal("not_changeable", row)
        now = local_time(data.outbox.clock.time())
        update = resolve_update(draft, *_place_of(data, row), now)
        return await async_take_on(hass, data, update)


async def async_test_key(hass: HomeAssistant, data: BudgeroData) -> None:
    """Send a test that only an app with the same space key can open.

    Raises:
        ServiceValidationError: the server does not support it, or was not asked yet.
        HomeAssistantError: the outbox cannot be read or written.
    """
    with translated(to_change_error):
        await async_take_on(hass, data, KeyTest())


async def async_deliver_all(
    data: BudgeroData, reason: Hold, message_ids: Iterable[str]
) -> None:
    """Deliver held transactions; skip those that were decided meanwhile.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    await _async_change(data, "", data.outbox.deliver(reason, message_ids))


async def async_discard_all(
    data: BudgeroData, reason: Hold, message_ids: Iterable[str]
) -> None:
    """Remove held transactions; skip those that were decided meanwhile.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    await _async_change(data, "", data.outbox.discard(reason, message_ids))


async def async_confirm_all(data: BudgeroData, message_ids: Iterable[str]) -> None:
    """Record that stranded transactions are booked; skip those decided meanwhile.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    await _async_each(data, message_ids, data.outbox.confirm_booked)


async def async_retry_all(data: BudgeroData, message_ids: Iterable[str]) -> None:
    """Send stranded transactions again; skip those that were decided meanwhile.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    await _async_each(data, message_ids, data.outbox.send_again)


async def async_remove_all(data: BudgeroData, message_ids: Iterable[str]) -> None:
    """Remove stranded transactions; skip those that were decided meanwhile.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    await _async_each(data, message_ids, partial(data.outbox.remove, may_wait=False))


async def async_put_back(data: BudgeroData, message_id: str) -> bool:
    """Let the app try a failed transaction again, as the same item.

    A person must have seen that it is not in Budgero: an app on another device may
    not remember that it was booked.

    Returns:
        Whether it was possible: it takes a signed-in user, and a transaction that an
        app has refused.

    Raises:
        HomeAssistantError: the server refused, the outbox cannot be read or written,
            or the server does not list the transaction as pending.
    """
    with translated(to_put_back_error, message_id):
        row = await data.outbox.get(message_id)
        if data.user is None or row is None or not can_be_put_back(row):
            return False
        putting = _async_put_back(data, row)
        outcome = await async_shielded(data.coordinator.hass, putting)
    if outcome is PutBack.NOT_PENDING:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_pending",
            translation_placeholders={"message_id": message_id},
        )
    return outcome is not None


async def async_put_back_all(data: BudgeroData, message_ids: Iterable[str]) -> None:
    """Let the app try failed transactions again; others stay as they are.

    Raises:
        HomeAssistantError: as `async_put_back`, for one of them; those after it were
            not put back.
    """
    for message_id in message_ids:
        await async_put_back(data, message_id)


def can_be_put_back(row: Row) -> bool:
    """Return whether the server's item may succeed if an app tries it again.

    A payload that was sealed with an earlier key would fail again.
    """
    is_failed = row.state is State.FAILED and row.failed_by is FailedBy.APP
    return is_failed and row.queue_id is not None and not row.has_old_key


async def async_clear_queue(data: BudgeroData, *, include_all: bool) -> int:
    """Delete the pending items at the server, or all items; return how many.

    Transactions that were pending are removed from the outbox as well.

    Raises:
        ServiceValidationError: transactions may be on their way.
        HomeAssistantError: the server refused, or the outbox cannot be read or
            written.
    """
    clearing = _async_clear(data, include_all=include_all)
    with translated(to_clear_error):
        return await async_shielded(data.coordinator.hass, clearing)


async def _async_each(
    data: BudgeroData,
    message_ids: Iterable[str],
    change: Callable[[str], Coroutine[None, None, object]],
) -> None:
    """Make the changes side by side, so that many share one commit."""

    async def change_one(message_id: str) -> None:
        with suppress(*_DECIDED):
            await change(message_id)

    async def change_all() -> None:
        await asyncio.gather(*map(change_one, message_ids))

    await _async_change(data, "", change_all())


async def _async_change[T](
    data: BudgeroData, message_id: str, work: Coroutine[None, None, T]
) -> T:
    """Change the outbox and wake the sender."""
    with translated(to_queue_error, message_id):
        return await async_shielded(data.coordinator.hass, work)


async def _async_delete(hass: HomeAssistant, data: BudgeroData, row: Row) -> Row:
    try:
        return await async_take_on(hass, data, _deletion_of(row))
    except UnsupportedError as error:
        if not error.is_known:
            raise
    raise _refusal("not_removable", row)


async def _async_get(data: BudgeroData, message_id: str) -> Row:
    if (row := await data.outbox.get(message_id)) is None:
        raise UnknownTransactionError("No transaction has this message id")
    return row


def _place_of(data: BudgeroData, row: Row) -> tuple[Places, int | None]:
    """Return what names mean in the budget of a transaction, and the id of its account.

    A finished transaction has no content here any more; then the entry's budget is
    used.
    """
    budget, account = data.defaults.budget, None
    with suppress(CannotOpenError):
        if row.payload is not None:
            content = read_content(data.client.key.open(row.payload))
            if isinstance(content, Transaction):
                budget, account = content.budget, content.account
    return Places(data.names.index, budget, data.defaults.currency), account


def _deletion_of(row: Row) -> Deletion:
    match row.operation:
        case Operation.ADD:
            return Deletion(target=row.message_id)
        case Operation.TRANSFER:
            return Deletion(target=row.message_id, transfer_id=row.target)
    raise _refusal("not_changeable", row)


def _refusal(key: str, row: Row) -> ServiceValidationError:
    return ServiceValidationError(
        translation_domain=DOMAIN,
        translation_key=key,
        translation_placeholders={"message_id": row.message_id},
    )


async def _async_put_back(data: BudgeroData, row: Row) -> PutBack | None:
    try:
        return await data.outbox.put_back(row)
    finally:
        data.coordinator.async_ask_soon()


async def _async_clear(data: BudgeroData, *, include_all: bool) -> int:
    cleared = await data.outbox.clear_queue(include_all=include_all)
    await data.coordinator.async_refresh()
    return cleared
