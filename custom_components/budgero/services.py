"""The actions of Budgero."""

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
from homeassistant.helpers import config_validation as cv, service
from homeassistant.helpers.template import ResultWrapper

from .const import DOMAIN
from .engine.draft import Draft
from .intake import Receipt, Status, async_add_transaction, async_get_entry
from .outbox_actions import async_remove, async_retry, async_unfinished


class BudgeroService(StrEnum):
    """Names of the actions."""

    ADD_TRANSACTION = "add_transaction"
    GET_QUEUE = "get_queue"
    RETRY_TRANSACTION = "retry_transaction"
    REMOVE_TRANSACTION = "remove_transaction"


ATTR_MESSAGE_ID: Final = "message_id"
ATTR_NOT_IN_BUDGERO: Final = "not_in_budgero"
ATTR_WAIT: Final = "wait"

_DRAFT_FIELDS: Final = (
    "amount",
    "type",
    "outflow",
    "inflow",
    "date",
    "payee",
    "memo",
    "account",
    "category",
    "budget",
    "transfer_id",
    "message_id",
)


def _as_given(value: object) -> object:
    """Return what the caller wrote: a template makes `12,50` a pair of numbers."""
    if isinstance(value, ResultWrapper):
        return value.render_result
    return value


# The fields of a draft are checked by the engine, whose errors are translated.
ADD_TRANSACTION_SCHEMA: Final = vol.Schema(
    {
        **{vol.Optional(name): _as_given for name in _DRAFT_FIELDS},
        vol.Optional(ATTR_WAIT, default=False): cv.boolean,
        vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string,
    }
)
GET_QUEUE_SCHEMA: Final = vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string})
REMOVE_TRANSACTION_SCHEMA: Final = GET_QUEUE_SCHEMA.extend(
    {vol.Required(ATTR_MESSAGE_ID): cv.string}
)
RETRY_TRANSACTION_SCHEMA: Final = REMOVE_TRANSACTION_SCHEMA.extend(
    {vol.Required(ATTR_NOT_IN_BUDGERO): cv.boolean}
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions."""
    hass.services.async_register(
        DOMAIN,
        BudgeroService.ADD_TRANSACTION,
        _async_add_transaction,
        schema=ADD_TRANSACTION_SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )
    # What is in the queue, and what becomes of it, is for administrators.
    service.async_register_admin_service(
        hass,
        DOMAIN,
        BudgeroService.GET_QUEUE,
        _async_get_queue,
        GET_QUEUE_SCHEMA,
        SupportsResponse.ONLY,
    )
    service.async_register_admin_service(
        hass,
        DOMAIN,
        BudgeroService.RETRY_TRANSACTION,
        _async_retry_transaction,
        RETRY_TRANSACTION_SCHEMA,
        SupportsResponse.OPTIONAL,
    )
    service.async_register_admin_service(
        hass,
        DOMAIN,
        BudgeroService.REMOVE_TRANSACTION,
        _async_remove_transaction,
        REMOVE_TRANSACTION_SCHEMA,
    )


async def _async_add_transaction(call: ServiceCall) -> ServiceResponse:
    """Take a transaction on and say what became of it so far."""
    draft = Draft(**{name: call.data.get(name) for name in _DRAFT_FIELDS})
    receipt = await async_add_transaction(
        call.hass,
        call.data.get(ATTR_CONFIG_ENTRY_ID),
        draft,
        wait=call.data[ATTR_WAIT],
    )
    return _to_response(receipt)


def _to_response(receipt: Receipt) -> ServiceResponse:
    response: dict[str, str] = {
        "message_id": receipt.message_id,
        "status": receipt.status,
    }
    if receipt.status is Status.DUPLICATE:
        response["state"] = receipt.state
    if receipt.queue_id is not None:
        response["queue_id"] = receipt.queue_id
    return {**response}


async def _async_get_queue(call: ServiceCall) -> ServiceResponse:
    """Return every transaction that is not finished."""
    entry = await async_get_entry(call.hass, call.data.get(ATTR_CONFIG_ENTRY_ID))
    return {"transactions": await async_unfinished(call.hass, entry)}


async def _async_retry_transaction(call: ServiceCall) -> ServiceResponse:
    """Send a transaction again, under a new id."""
    if not call.data[ATTR_NOT_IN_BUDGERO]:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="not_confirmed"
        )
    entry = await async_get_entry(call.hass, call.data.get(ATTR_CONFIG_ENTRY_ID))
    message_id = await async_retry(entry, call.data[ATTR_MESSAGE_ID])
    return {"message_id": message_id, "status": Status.WAITING}


async def _async_remove_transaction(call: ServiceCall) -> None:
    """Take a transaction out of the outbox."""
    entry = await async_get_entry(call.hass, call.data.get(ATTR_CONFIG_ENTRY_ID))
    await async_remove(entry, call.data[ATTR_MESSAGE_ID])
