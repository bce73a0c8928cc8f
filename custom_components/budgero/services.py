"""The actions of Budgero."""

from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Final

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import service
from homeassistant.util.json import JsonValueType

from .action_schemas import (
    ADD_TRANSACTION_SCHEMA,
    ADD_TRANSFER_SCHEMA,
    ATTR_ALL,
    ATTR_KIND,
    ATTR_MESSAGE_ID,
    ATTR_NOT_IN_BUDGERO,
    ATTR_SEARCH,
    ATTR_SPLITS,
    ATTR_UNDO,
    ATTR_WAIT,
    CLEAR_QUEUE_SCHEMA,
    DRAFT_FIELDS,
    GET_NAMES_SCHEMA,
    GET_QUEUE_SCHEMA,
    REMOVE_TRANSACTION_SCHEMA,
    RETRY_TRANSACTION_SCHEMA,
    TRANSFER_FIELDS,
    TRANSFER_OPTIONS,
    UPDATE_FIELDS,
    UPDATE_TRANSACTION_SCHEMA,
)
from .const import DOMAIN
from .decisions import (
    async_clear_queue,
    async_put_back,
    async_refuse_unless_stranded,
    async_remove,
    async_retry,
    async_update,
)
from .engine.draft import Draft
from .engine.draft_fields import (
    read_flag,
    read_message_id,
    read_text,
    read_value,
    required,
)
from .engine.names import MAX_NAME
from .engine.outbox import Row, State
from .engine.push import parse_text
from .engine.transfer_draft import TransferDraft
from .engine.update_draft import UpdateDraft
from .errors import to_action_error, translated
from .intake import Receipt, Status, async_add_transaction, async_add_transfer
from .loaded_entry import async_get_data, async_get_entry
from .models import BudgeroData
from .names_view import async_describe_names
from .queue_view import async_describe_queue


class BudgeroService(StrEnum):
    """Names of the actions."""

    ADD_TRANSACTION = "add_transaction"
    ADD_TRANSFER = "add_transfer"
    UPDATE_TRANSACTION = "update_transaction"
    GET_NAMES = "get_names"
    GET_QUEUE = "get_queue"
    RETRY_TRANSACTION = "retry_transaction"
    REMOVE_TRANSACTION = "remove_transaction"
    CLEAR_QUEUE = "clear_queue"


_MAX_ENTRY_ID: Final = 64


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    for name, handler, schema in _FOR_EVERYBODY:
        hass.services.async_register(
            DOMAIN, name, handler, schema, _supports_response(name)
        )
    for name, handler, schema in _FOR_ADMINISTRATORS:
        service.async_register_admin_service(
            hass, DOMAIN, name, handler, schema, _supports_response(name)
        )


def _supports_response(name: BudgeroService) -> SupportsResponse:
    is_question = name in (BudgeroService.GET_NAMES, BudgeroService.GET_QUEUE)
    return SupportsResponse.ONLY if is_question else SupportsResponse.OPTIONAL


async def _async_add_transaction(call: ServiceCall) -> ServiceResponse:
    """Log a transaction and return what became of it so far."""
    fields = {name: call.data.get(name) for name in (*DRAFT_FIELDS, ATTR_SPLITS)}
    receipt = await async_add_transaction(
        call.hass,
        _entry_id(call),
        Draft(**fields),
        context=call.context,
        wait=_flag(call, ATTR_WAIT),
        undoable=_flag(call, ATTR_UNDO),
    )
    return _to_response(receipt)


async def _async_add_transfer(call: ServiceCall) -> ServiceResponse:
    """Log a transfer and return what became of it so far."""
    names = (*TRANSFER_FIELDS, *TRANSFER_OPTIONS)
    receipt = await async_add_transfer(
        call.hass,
        _entry_id(call),
        TransferDraft(**{name: call.data.get(name) for name in names}),
        context=call.context,
        wait=_flag(call, ATTR_WAIT),
    )
    return _to_response(receipt)


def _to_response(receipt: Receipt) -> ServiceResponse:
    response: dict[str, str] = {
        ATTR_CONFIG_ENTRY_ID: receipt.entry_id,
        "message_id": receipt.message_id,
        "status": receipt.status,
    }
    if receipt.status is Status.ALREADY_KNOWN:
        response["state"] = receipt.state
    if receipt.queue_id is not None:
        response["queue_id"] = receipt.queue_id
    if receipt.hold is not None:
        response["hold"] = receipt.hold
    return {**response}


async def _async_get_names(call: ServiceCall) -> ServiceResponse:
    """Return names and ids, those of payees to whoever may see them."""
    entry = await async_get_entry(call.hass, _entry_id(call))
    with translated(to_action_error):
        kind, search = (
            read_text(call.data.get(field), field, MAX_NAME)
            for field in (ATTR_KIND, ATTR_SEARCH)
        )
    names = await async_describe_names(
        call.hass, entry, call.context, kind=kind, search=search
    )
    return {ATTR_CONFIG_ENTRY_ID: entry.entry_id, **names}


async def _async_get_queue(call: ServiceCall) -> ServiceResponse:
    """Return all unfinished transactions, and the server's queue."""
    data = await _async_data(call)
    queue = await async_describe_queue(call.hass, data)
    return {ATTR_CONFIG_ENTRY_ID: data.entry_id, **queue}


async def _async_retry_transaction(call: ServiceCall) -> ServiceResponse:
    """Put a failed transaction back, or send a stranded one again."""
    data = await _async_data(call)
    message_id = _message_id(call)
    if not _flag(call, ATTR_NOT_IN_BUDGERO):
        await async_refuse_unless_stranded(data, message_id)
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_confirmed"
        )
    if await async_put_back(data, message_id):
        return _to_answer(data, message_id, Status.ACCEPTED)
    sent_message_id = await async_retry(data, message_id)
    return _to_answer(data, sent_message_id, Status.WAITING)


async def _async_clear_queue(call: ServiceCall) -> ServiceResponse:
    """Delete the pending items at the server, or all items."""
    data = await _async_data(call)
    deleted = await async_clear_queue(data, include_all=_flag(call, ATTR_ALL))
    return {ATTR_CONFIG_ENTRY_ID: data.entry_id, "deleted": deleted}


async def _async_remove_transaction(call: ServiceCall) -> ServiceResponse:
    """Take a transaction out of the outbox, or let Budgero delete it."""
    data = await _async_data(call)
    message_id = _message_id(call)
    row = await async_remove(call.hass, data, message_id)
    if row is None:
        return _to_answer(data, message_id, State.REMOVED)
    return _to_change(data, row)


async def _async_update_transaction(call: ServiceCall) -> ServiceResponse:
    """Let Budgero change a transaction that it has."""
    data = await _async_data(call)
    fields = {name: call.data.get(name) for name in (ATTR_MESSAGE_ID, *UPDATE_FIELDS)}
    return _to_change(data, await async_update(call.hass, data, UpdateDraft(**fields)))


async def _async_data(call: ServiceCall) -> BudgeroData:
    """Return the running parts of the entry that a call is about."""
    return await async_get_data(call.hass, _entry_id(call))


def _entry_id(call: ServiceCall) -> str | None:
    """Return the id of the entry that a call names, `None` if it names none."""
    value = call.data.get(ATTR_CONFIG_ENTRY_ID)
    if value is None:
        return None
    with translated(to_action_error):
        read_value(value, ATTR_CONFIG_ENTRY_ID)
        return parse_text(value, ATTR_CONFIG_ENTRY_ID, _MAX_ENTRY_ID)


def _flag(call: ServiceCall, field: str) -> bool:
    """Return a yes-or-no field of a call; it is false if it is left out."""
    with translated(to_action_error):
        return read_flag(call.data.get(field), field) or False


def _message_id(call: ServiceCall) -> str:
    """Return the message id of a call.

    Raises:
        ServiceValidationError: it is missing, or no message id.
    """
    with translated(to_action_error):
        message_id = read_message_id(call.data[ATTR_MESSAGE_ID])
        return required(message_id, ATTR_MESSAGE_ID)


def _to_change(data: BudgeroData, row: Row) -> ServiceResponse:
    return {**_to_answer(data, row.message_id, row.state), "target": row.target}


def _to_answer(
    data: BudgeroData, message_id: str, status: State | Status
) -> dict[str, JsonValueType]:
    return {
        ATTR_CONFIG_ENTRY_ID: data.entry_id,
        "message_id": message_id,
        "status": status,
    }


type _Action = tuple[
    BudgeroService,
    Callable[[ServiceCall], Coroutine[None, None, ServiceResponse]],
    vol.Schema,
]

_FOR_EVERYBODY: Final[tuple[_Action, ...]] = (
    (BudgeroService.ADD_TRANSACTION, _async_add_transaction, ADD_TRANSACTION_SCHEMA),
    (BudgeroService.ADD_TRANSFER, _async_add_transfer, ADD_TRANSFER_SCHEMA),
    (BudgeroService.GET_NAMES, _async_get_names, GET_NAMES_SCHEMA),
)

_FOR_ADMINISTRATORS: Final[tuple[_Action, ...]] = (
    (BudgeroService.GET_QUEUE, _async_get_queue, GET_QUEUE_SCHEMA),
    (
        BudgeroService.RETRY_TRANSACTION,
        _async_retry_transaction,
        RETRY_TRANSACTION_SCHEMA,
    ),
    (
        BudgeroService.REMOVE_TRANSACTION,
        _async_remove_transaction,
        REMOVE_TRANSACTION_SCHEMA,
    ),
    (
        BudgeroService.UPDATE_TRANSACTION,
        _async_update_transaction,
        UPDATE_TRANSACTION_SCHEMA,
    ),
    (BudgeroService.CLEAR_QUEUE, _async_clear_queue, CLEAR_QUEUE_SCHEMA),
)
"""The actions that show or change the queue."""
