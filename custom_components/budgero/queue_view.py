"""What `get_queue` returns: the decrypted outbox, and the server's queue."""

import asyncio
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from .engine.names import Kind, NameIndex
from .engine.outbox import Overview, Row
from .engine.push import (
    MAX_LISTED,
    QueueItem,
    QueueStats,
    SpaceKey,
    Split,
    Transaction,
    Transfer,
    Update,
    read_content,
)
from .engine.push.errors import CannotOpenError, PushError, TooLongError
from .errors import to_queue_error, translated
from .models import BudgeroData
from .queue_statistics import Source, tracked

_PATIENCE: Final = 15.0
"""Time that the server has to answer, in seconds."""

_READINGS: Final = 3
"""How often numbers and list are read at most, until both agree."""

_NAMED: Final = {
    **dict.fromkeys(
        ("account", "from_account", "to_account", "transfer_account"), Kind.ACCOUNT
    ),
    "category": Kind.CATEGORY,
    "budget": Kind.BUDGET,
}
"""The fields that are ids, with the kind of their names."""


@dataclass(frozen=True, slots=True)
class _ServerQueue:
    """The server's numbers and list, which belong together.

    Attributes:
        source: where the numbers come from.
        numbers: as the sensors show them, `None` if they are unknown.
        items: the pending items, at most 100; `None` if they cannot be listed.
        error: code of the error if the server could not be asked just now.
    """

    source: Source
    numbers: QueueStats | None
    items: tuple[QueueItem, ...] | None = None
    error: str | None = None


async def async_describe_queue(
    hass: HomeAssistant, data: BudgeroData
) -> JsonObjectType:
    """Return all unfinished transactions, and the server's queue.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    # The server is asked first, because its answer may change the rows.
    queue = await _async_server_queue(data)
    transactions, overview = await _async_unfinished(hass, data)
    if queue.source is Source.TRACKING:
        queue = replace(queue, numbers=tracked(overview))
    return {
        "transactions": transactions,
        "hold": data.outbox.hold,
        "server": _describe_queue(queue),
    }


async def _async_server_queue(data: BudgeroData) -> _ServerQueue:
    """Ask the server for its queue, as far as the source allows.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    with translated(to_queue_error):
        try:
            async with asyncio.timeout(_PATIENCE):
                return await _async_read(data)
        except TimeoutError:
            return _without_items(data, "unreachable")


async def _async_read(data: BudgeroData) -> _ServerQueue:
    """Read numbers and list until they agree, at most `_READINGS` times.

    They never agree if the user has several workspaces, because only the numbers
    include the others.
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


def _without_items(data: BudgeroData, error: str | None = None) -> _ServerQueue:
    snapshot = data.coordinator.data
    return _ServerQueue(snapshot.source, snapshot.numbers, None, error)


async def _async_items(
    data: BudgeroData, source: Source
) -> tuple[QueueItem, ...] | None:
    """Return the pending items, `None` if the source cannot list them.

    Items that Home Assistant's own questions left there are not included.
    """
    if data.user is not None and source is Source.SERVER_USER:
        items = await data.user.pending()
    elif source is Source.PUSH_TOKEN:
        items = await data.client.queue()
    else:
        return None
    return tuple(item for item in items if not item.is_question)


def _describe_queue(queue: _ServerQueue) -> JsonObjectType:
    """Return the server's queue as a response of the action."""
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


async def _async_unfinished(
    hass: HomeAssistant, data: BudgeroData
) -> tuple[list[JsonValueType], Overview]:
    """Return all unfinished transactions, decrypted and oldest first, and the overview.

    Both are read at the same moment.

    Raises:
        HomeAssistantError: the outbox cannot be read or written.
    """
    with translated(to_queue_error):
        rows, overview = await data.outbox.contents()
    key, names = data.client.key, data.names.index
    # Decrypting thousands of them would block the event loop.
    return await hass.async_add_executor_job(_describe_all, rows, key, names), overview


def _describe_all(
    rows: list[Row], key: SpaceKey, names: NameIndex
) -> list[JsonValueType]:
    return [_describe(row, key, names) for row in rows]


def _describe(row: Row, key: SpaceKey, names: NameIndex) -> JsonObjectType:
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
        "transaction": _open(row, key, names),
    }


def _open(row: Row, key: SpaceKey, names: NameIndex) -> JsonObjectType | None:
    """Return the content of a row, `None` if it has none or this key does not open it.

    A deletion has no content but its target.
    """
    try:
        content = read_content(key.open(row.sealed.payload))
    except CannotOpenError:
        return None
    return _with_names(_describe_content(content), names)


def _with_names(described: JsonObjectType, names: NameIndex) -> JsonObjectType:
    """Return a description with the names of its ids, as far as they are known."""
    found = {**described}
    for field, kind in _NAMED.items():
        number = described.get(field)
        entry = names.get(kind, number) if isinstance(number, int) else None
        if entry is not None and entry.name:
            found[f"{field}_name"] = entry.name
    if isinstance(lines := described.get("splits"), list):
        found["splits"] = [
            _with_names(line, names) if isinstance(line, dict) else line
            for line in lines
        ]
    return found


def _describe_content(content: Transaction | Transfer | Update) -> JsonObjectType:
    """Return the content under the names of the actions' fields."""
    match content:
        case Transaction():
            return _describe_transaction(content)
        case Transfer():
            return _describe_transfer(content)
    return _describe_update(content)


def _describe_transaction(transaction: Transaction) -> JsonObjectType:
    return {
        "type": transaction.direction,
        "amount": float(transaction.amount),
        "date": transaction.date.isoformat(),
        "payee": transaction.payee,
        "memo": transaction.memo,
        "account": transaction.account,
        "category": transaction.category,
        "budget": transaction.budget,
        "transfer_id": transaction.transfer_id,
        "cleared": transaction.cleared,
        "splits": [_describe_split(split) for split in transaction.splits],
    }


def _describe_split(split: Split) -> JsonObjectType:
    return {
        "amount": float(split.amount),
        "category": split.category,
        "transfer_account": split.transfer_account,
        "memo": split.memo,
        "payee": split.payee,
    }


def _describe_transfer(transfer: Transfer) -> JsonObjectType:
    return {
        "from_account": transfer.from_account,
        "to_account": transfer.to_account,
        "amount": float(transfer.amount),
        "date": transfer.date.isoformat(),
        "memo": transfer.memo,
        "budget": transfer.budget,
    }


def _describe_update(update: Update) -> JsonObjectType:
    """Return the new values only."""
    changes: JsonObjectType = {
        "type": update.direction,
        "amount": _number(update.amount),
        "date": update.date.isoformat() if update.date is not None else None,
        "payee": update.payee,
        "memo": update.memo,
        "account": update.account,
        "category": update.category,
        "cleared": update.cleared,
    }
    return {name: value for name, value in changes.items() if value is not None}


def _number(amount: Decimal | None) -> float | None:
    return None if amount is None else float(amount)
