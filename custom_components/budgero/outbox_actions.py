"""Looking into the outbox, and deciding what becomes of what is stranded there."""

from uuid import uuid4

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType

from .engine.outbox import Row
from .engine.push import SpaceKey, Transaction
from .engine.push.errors import BudgeroError, CannotOpenError
from .errors import to_queue_error
from .models import BudgeroConfigEntry


async def async_unfinished(
    hass: HomeAssistant, entry: BudgeroConfigEntry
) -> list[JsonValueType]:
    """Return every transaction that is not finished, oldest first, decrypted.

    Raises:
        HomeAssistantError: the disk refuses.
    """
    data = entry.runtime_data
    try:
        rows = await data.store.unfinished()
    except BudgeroError as error:
        failure = to_queue_error(error, "")
    else:  # opening thousands of them takes a while
        return await hass.async_add_executor_job(_describe_all, rows, data.key)
    raise failure


async def async_retry(entry: BudgeroConfigEntry, message_id: str) -> str:
    """Send a stranded transaction again; return its new message id.

    A person must have seen that it is not in Budgero.

    Raises:
        ServiceValidationError: there is none, or it is not stranded.
        HomeAssistantError: the disk refuses.
    """
    data = entry.runtime_data
    try:
        row = await data.store.send_again(message_id, str(uuid4()))
    except BudgeroError as error:
        failure = to_queue_error(error, message_id)
    else:
        data.coordinator.async_note_change()
        data.sender.wake()
        return row.message_id
    raise failure


async def async_remove(entry: BudgeroConfigEntry, message_id: str) -> None:
    """Take a transaction out of the outbox that Budgero does not have, or not need.

    Raises:
        ServiceValidationError: there is none, or it may be on its way.
        HomeAssistantError: the disk refuses.
    """
    data = entry.runtime_data
    try:
        await data.store.remove(message_id)
    except BudgeroError as error:
        failure = to_queue_error(error, message_id)
    else:
        data.coordinator.async_note_change()
        data.sender.wake()
        return
    raise failure


def _describe_all(rows: list[Row], key: SpaceKey) -> list[JsonValueType]:
    return [_describe(row, key) for row in rows]


def _describe(row: Row, key: SpaceKey) -> JsonObjectType:
    return {
        "message_id": row.message_id,
        "state": row.state,
        "created_at": dt_util.utc_from_timestamp(row.created_at).isoformat(),
        "attempts": row.attempts,
        "in_doubt": row.in_doubt,
        "last_error": row.error,
        "failed_by": row.failed_by,
        "queue_id": row.queue_id,
        "replaces": row.replaces,
        "transaction": _open(row, key),
    }


def _open(row: Row, key: SpaceKey) -> JsonObjectType | None:
    """Return the content of a transaction, `None` if this key does not open it."""
    try:
        transaction = Transaction.from_wire(key.open(row.sealed.payload))
    except CannotOpenError:
        return None
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
    }
