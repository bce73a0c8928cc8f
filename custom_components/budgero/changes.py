"""Changing and removing what Budgero already has, and testing the space key."""

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .const import DOMAIN
from .engine.outbox import Row, State, Store, UnknownTransactionError
from .engine.push import Deletion, KeyTest, Operation
from .engine.push.errors import UnsupportedError
from .engine.update_draft import UpdateDraft, resolve_update
from .errors import to_change_error, translated
from .intake import async_take_on, local_time
from .models import BudgeroData
from .outbox_actions import async_remove

_AT_BUDGERO = (State.ACCEPTED, State.PROCESSED)


async def async_update(
    hass: HomeAssistant, data: BudgeroData, draft: UpdateDraft
) -> Row:
    """Let Budgero change a transaction; return the row that asks for it.

    Raises:
        ServiceValidationError: the draft was refused, Budgero does not have the
            transaction, or its server cannot change it.
        HomeAssistantError: the disk refuses.
    """
    now = local_time(data.store.clock.time())
    with translated(to_change_error):
        update = resolve_update(draft, data.defaults.currency, now)
    with translated(to_change_error, update.target):
        row = await _async_find(data.store, update.target)
        if row.state is State.WAITING:
            raise _refusal("still_waiting", row)
        if row.state not in _AT_BUDGERO or row.operation is not Operation.ADD:
            raise _refusal("not_changeable", row)
        return await async_take_on(hass, data, update)


async def async_remove_anywhere(
    hass: HomeAssistant, data: BudgeroData, message_id: str
) -> Row | None:
    """Remove a transaction here, or let Budgero delete it.

    Returns the row that asks Budgero for it, `None` if it is removed already.

    Raises:
        ServiceValidationError: there is none, it may be on its way, or Budgero has
            it and its server cannot delete it.
        HomeAssistantError: the disk refuses.
    """
    with translated(to_change_error, message_id):
        row = await _async_find(data.store, message_id)
        if row.state in _AT_BUDGERO:
            return await _async_delete(hass, data, row)
    await async_remove(data, message_id)
    return None


async def async_test_key(hass: HomeAssistant, data: BudgeroData) -> None:
    """Send what only an app with the same space key can open.

    Raises:
        ServiceValidationError: the server does not know what it takes.
        HomeAssistantError: the disk refuses.
    """
    with translated(to_change_error):
        await async_take_on(hass, data, KeyTest())


async def _async_delete(hass: HomeAssistant, data: BudgeroData, row: Row) -> Row:
    try:
        return await async_take_on(hass, data, _deletion_of(row))
    except UnsupportedError as error:
        if not error.is_known:
            raise
    raise _refusal("not_removable", row)


async def _async_find(store: Store, message_id: str) -> Row:
    if (row := await store.get(message_id)) is None:
        raise UnknownTransactionError("No transaction has this message id")
    return row


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
