"""The queue at Budgero's server: looking into it, clearing it, putting back."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from homeassistant.exceptions import HomeAssistantError
from homeassistant.util.json import JsonObjectType

from .const import DOMAIN
from .engine.outbox import FailedBy, Row, State
from .engine.push import PutBack, QueueItem, QueueStats, ServerUser
from .engine.push.errors import PushError, TooLongError
from .engine.push.server_user import MAX_LISTED
from .errors import to_clear_error, to_put_back_error, to_queue_error, translated
from .models import BudgeroData
from .queue_statistics import Source
from .shielded import async_shielded

_PATIENCE: Final = 15.0

_READINGS: Final = 3
"""The queue may change between its numbers and its list; then both are read again."""


@dataclass(frozen=True, slots=True)
class ServerQueue:
    """The server's numbers and list, which belong together.

    Attributes:
        source: where the numbers come from.
        numbers: as the sensors have them, `None` if nothing is known.
        items: what is pending, at most 100; `None` if it cannot be had.
        error: code of the reason if it could not be had just now.
    """

    source: Source
    numbers: QueueStats | None
    items: tuple[QueueItem, ...] | None = None
    error: str | None = None


async def async_server_queue(data: BudgeroData) -> ServerQueue:
    """Ask the server for its queue, as far as the source allows.

    Raises:
        HomeAssistantError: the disk refuses.
    """
    with translated(to_queue_error):
        try:
            async with asyncio.timeout(_PATIENCE):
                return await _async_read(data)
        except TimeoutError:
            return _without_items(data, "unreachable")


def describe_queue(queue: ServerQueue) -> JsonObjectType:
    """Return the server's queue in words that templates can read."""
    numbers = queue.numbers
    described: JsonObjectType = {
        "source": queue.source,
        **{
            name: None if numbers is None else getattr(numbers, name)
            for name in ("pending", "processed", "failed", "total")
        },
        "items": None
        if queue.items is None
        else [_describe_item(item) for item in queue.items],
    }
    return described if queue.error is None else {**described, "error": queue.error}


def _describe_item(item: QueueItem) -> JsonObjectType:
    return {
        "queue_id": item.queue_id,
        "message_id": item.message_id,
        "status": item.state,
        "created_at": item.created_at.isoformat(),
    }


async def async_clear_queue(data: BudgeroData, *, include_all: bool) -> int:
    """Delete the pending items at the server, or all; return how many.

    What was pending is removed here as well.

    Raises:
        ServiceValidationError: transactions may be on their way.
        HomeAssistantError: the server or the disk refuses.
    """
    clearing = _async_clear(data, include_all=include_all)
    with translated(to_clear_error):
        return await async_shielded(data.coordinator.hass, clearing)


async def async_put_back(data: BudgeroData, message_id: str) -> bool:
    """Let the app try a failed transaction again, as the same item.

    A person must have seen that it is not in Budgero: an app on another device may
    not remember that it was booked. Returns whether it was possible: it takes a
    signed-in user, and a transaction that an app has refused.

    Raises:
        HomeAssistantError: the server or the disk refuses, or the server does not
            list it as pending.
    """
    with translated(to_put_back_error, message_id):
        row = await data.store.get(message_id)
        if data.user is None or row is None or not can_be_put_back(row):
            return False
        putting = _async_put_back(data, data.user, row)
        outcome = await async_shielded(data.coordinator.hass, putting)
    if outcome is PutBack.NOT_PENDING:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key="not_pending",
            translation_placeholders={"message_id": message_id},
        )
    return outcome is not None


async def async_put_back_all(data: BudgeroData, message_ids: Iterable[str]) -> None:
    """Let the app try again what it has refused; the rest stays as it is.

    Raises:
        HomeAssistantError: the server or the disk refuses, or the server does not
            list one as pending; those after it were not put back.
    """
    for message_id in message_ids:
        await async_put_back(data, message_id)


async def _async_clear(data: BudgeroData, *, include_all: bool) -> int:
    if data.user is None:
        # A server that refuses this to push tokens says so before anything is asked.
        await data.client.stats()
    door = data.client if data.user is None else data.user
    clear = partial(door.clear_queue, include_all=include_all)
    cleared = await data.sender.clear_queue(clear, include_all=include_all)
    await data.coordinator.async_refresh()
    return cleared


async def _async_put_back(
    data: BudgeroData, user: ServerUser, row: Row
) -> PutBack | None:
    put_back = partial(user.put_back, row.accepted.queue_id)
    try:
        return await data.sender.put_back(row, put_back)
    finally:
        data.coordinator.async_ask_soon()


def can_be_put_back(row: Row) -> bool:
    """Return whether the server's item may succeed if an app tries it again.

    What was sealed with an earlier key would fail there once more.
    """
    is_failed = row.state is State.FAILED and row.failed_by is FailedBy.APP
    return is_failed and row.queue_id is not None and not row.has_old_key


async def _async_read(data: BudgeroData) -> ServerQueue:
    """Read numbers and list until they agree.

    They never do where the user has other workspaces, which only the numbers count.
    """
    queue = _without_items(data)
    for _ in range(_READINGS):
        await data.coordinator.async_refresh()
        queue = _without_items(data, data.coordinator.silence)
        if (numbers := queue.numbers) is None or queue.error is not None:
            break
        try:
            items = await _async_items(data, queue.source)
        except (PushError, TooLongError) as error:
            return _without_items(data, error.code)
        if items is None:
            break
        queue = replace(queue, items=items)
        if len(items) in (numbers.pending, MAX_LISTED):
            break
    return queue


def _without_items(data: BudgeroData, error: str | None = None) -> ServerQueue:
    snapshot = data.coordinator.data
    return ServerQueue(snapshot.source, snapshot.numbers, None, error)


async def _async_items(
    data: BudgeroData, source: Source
) -> tuple[QueueItem, ...] | None:
    """Return the pending items, `None` where nobody can see them.

    What our own questions left there is not among them.
    """
    if data.user is not None and source is Source.SERVER_USER:
        items = await data.user.pending()
    elif source is Source.PUSH_TOKEN:
        items = await data.client.queue()
    else:
        return None
    return tuple(item for item in items if not item.is_question)
