"""Looking into the outbox, and deciding what becomes of what is stranded there."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Final
from uuid import uuid4

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from .content_view import describe_content
from .engine.outbox import (
    Hold,
    NotPossibleError,
    Overview,
    Row,
    State,
    StillInDoubtError,
    UnknownTransactionError,
)
from .engine.outbox.rows import STRANDED
from .engine.push import SpaceKey, read_content
from .engine.push.errors import CannotOpenError
from .errors import to_queue_error, translated
from .models import BudgeroData
from .shielded import async_shielded

_DECIDED: Final = (UnknownTransactionError, StillInDoubtError, NotPossibleError)
"""What was decided already is not there, or not in the state that it was in."""


async def async_unfinished(
    hass: HomeAssistant, data: BudgeroData
) -> tuple[list[JsonValueType], Overview]:
    """Return every transaction that is not finished, oldest first, decrypted.

    Beside them the counts of the same moment.

    Raises:
        HomeAssistantError: the disk refuses.
    """
    with translated(to_queue_error):
        rows, overview = await data.store.contents()
    key = data.client.key
    # Opening thousands of them takes a while.
    return await hass.async_add_executor_job(_describe_all, rows, key), overview


async def async_retry(data: BudgeroData, message_id: str) -> str:
    """Send a stranded transaction again; return the message id that it now has.

    A person must have seen that it is not in Budgero.

    Raises:
        ServiceValidationError: there is none, or it is not stranded.
        HomeAssistantError: the disk refuses.
    """
    store = data.store
    row = await _async_change(
        data, message_id, store.send_again(message_id, str(uuid4()))
    )
    return row.message_id


async def async_remove(data: BudgeroData, message_id: str) -> None:
    """Take a transaction out of the outbox that Budgero does not have, or not need.

    Raises:
        ServiceValidationError: there is none, or it may be on its way.
        HomeAssistantError: the disk refuses.
    """
    await _async_change(data, message_id, data.store.remove(message_id))


async def async_refuse_unless_stranded(data: BudgeroData, message_id: str) -> None:
    """Refuse what cannot be sent again.

    Raises:
        ServiceValidationError: there is none, or it is not stranded.
        HomeAssistantError: the disk refuses.
    """
    with translated(to_queue_error, message_id):
        if (row := await data.store.get(message_id)) is None:
            raise UnknownTransactionError
        if row.state not in STRANDED:
            raise NotPossibleError


async def async_find(data: BudgeroData, reason: State | Hold) -> list[Row]:
    """Return what is in a stranded state, or held for a reason, oldest first.

    Raises:
        HomeAssistantError: the disk refuses.
    """
    store = data.store
    with translated(to_queue_error):
        if isinstance(reason, Hold):
            return await store.held(reason)
        return await store.in_state(reason)


async def async_deliver_all(
    data: BudgeroData, reason: Hold, message_ids: Iterable[str]
) -> None:
    """Deliver what was held for a reason, unless that was decided already.

    Raises:
        HomeAssistantError: the disk refuses.
    """
    await _async_change(data, "", data.store.deliver(reason, message_ids))


async def async_discard_all(
    data: BudgeroData, reason: Hold, message_ids: Iterable[str]
) -> None:
    """Remove what was held for a reason, unless that was decided already.

    Raises:
        HomeAssistantError: the disk refuses.
    """
    await _async_change(data, "", data.store.discard(reason, message_ids))


async def async_confirm_all(data: BudgeroData, message_ids: Iterable[str]) -> None:
    """Note that stranded transactions are booked, unless that was decided already.

    Raises:
        HomeAssistantError: the disk refuses.
    """
    await _async_each(data, message_ids, data.store.confirm_booked)


async def async_retry_all(data: BudgeroData, message_ids: Iterable[str]) -> None:
    """Send stranded transactions again, unless that was decided already.

    Raises:
        HomeAssistantError: the disk refuses.
    """

    def send_again(message_id: str) -> Coroutine[None, None, Row]:
        return data.store.send_again(message_id, str(uuid4()))

    await _async_each(data, message_ids, send_again)


async def async_remove_all(data: BudgeroData, message_ids: Iterable[str]) -> None:
    """Take transactions out of the outbox, unless that was decided already.

    Raises:
        HomeAssistantError: the disk refuses.
    """
    await _async_each(data, message_ids, data.store.remove)


async def _async_each(
    data: BudgeroData,
    message_ids: Iterable[str],
    change: Callable[[str], Coroutine[None, None, object]],
) -> None:
    """Change many at once, in as few commits as the disk needs."""

    async def change_one(message_id: str) -> None:
        with suppress(*_DECIDED):
            await change(message_id)

    async def change_all() -> None:
        await asyncio.gather(*map(change_one, message_ids))

    await _async_change(data, "", change_all())


async def _async_change[T](
    data: BudgeroData, message_id: str, work: Coroutine[None, None, T]
) -> T:
    """Change the outbox, and let everybody know."""
    with translated(to_queue_error, message_id):
        return await async_shielded(data.coordinator.hass, _async_do(data, work))


async def _async_do[T](data: BudgeroData, work: Coroutine[None, None, T]) -> T:
    done = await work
    data.coordinator.async_note_change()
    data.sender.wake()
    return done


def _describe_all(rows: list[Row], key: SpaceKey) -> list[JsonValueType]:
    return [_describe(row, key) for row in rows]


def _describe(row: Row, key: SpaceKey) -> JsonObjectType:
    return {
        "message_id": row.message_id,
        "state": row.state,
        "operation": row.operation,
        "target": row.target,
        "held": row.held,
        "created_at": dt_util.utc_from_timestamp(row.created_at).isoformat(),
        "attempts": row.attempts,
        "in_doubt": row.in_doubt,
        "in_question": row.in_question,
        "last_error": row.error,
        "failed_by": row.failed_by,
        "queue_id": row.queue_id,
        "replaces": row.replaces,
        "transaction": _open(row, key),
    }


def _open(row: Row, key: SpaceKey) -> JsonObjectType | None:
    """Return what it is about, `None` if that says nothing or this key does not open it.

    What deletes a transaction says no more than its target.
    """
    try:
        content = read_content(key.open(row.sealed.payload))
    except CannotOpenError:
        return None
    return describe_content(content)
