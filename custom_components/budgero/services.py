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
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.template import ResultWrapper

from .const import DOMAIN
from .engine.draft import Draft
from .intake import Receipt, Status, async_add_transaction, async_get_entry


class BudgeroService(StrEnum):
    """Names of the actions."""

    ADD_TRANSACTION = "add_transaction"


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


async def _async_add_transaction(call: ServiceCall) -> ServiceResponse:
    """Take a transaction on and say what became of it so far."""
    entry = await async_get_entry(call.hass, call.data.get(ATTR_CONFIG_ENTRY_ID))
    draft = Draft(**{name: call.data.get(name) for name in _DRAFT_FIELDS})
    receipt = await async_add_transaction(
        call.hass, entry, draft, wait=call.data[ATTR_WAIT]
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
