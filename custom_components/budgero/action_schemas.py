"""The schemas of the actions."""

from typing import Final

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID
from homeassistant.helpers.template import ResultWrapper

ATTR_ALL: Final = "all"
ATTR_KIND: Final = "kind"
ATTR_MESSAGE_ID: Final = "message_id"
ATTR_NOT_IN_BUDGERO: Final = "not_in_budgero"
ATTR_SEARCH: Final = "search"
ATTR_SPLITS: Final = "splits"
ATTR_UNDO: Final = "undo"
ATTR_WAIT: Final = "wait"

UPDATE_FIELDS: Final = (
    "amount",
    "type",
    "outflow",
    "inflow",
    "date",
    "payee",
    "memo",
    "account",
    "category",
    "cleared",
)
DRAFT_FIELDS: Final = (
    *UPDATE_FIELDS,
    "budget",
    "transfer_id",
    "message_id",
    "preset",
)
TRANSFER_FIELDS: Final = ("from_account", "to_account", "amount")
TRANSFER_OPTIONS: Final = ("date", "memo", "budget", "message_id")


def _as_given(value: object) -> object:
    """Return the value as written: a template turns `12,50` into a pair of numbers."""
    if isinstance(value, ResultWrapper):
        return value.render_result
    return value


def _lines_as_given(value: object) -> object:
    """Return the lines of a divided transaction as written."""
    if not isinstance(value, list):
        return value
    return [
        {name: _as_given(field) for name, field in line.items()}
        if isinstance(line, dict)
        else line
        for line in value
    ]


# The schemas take any value. The engine reads the fields and raises errors for them.
ADD_TRANSACTION_SCHEMA: Final = vol.Schema(
    {
        **{vol.Optional(name): _as_given for name in DRAFT_FIELDS},
        vol.Optional(ATTR_SPLITS): _lines_as_given,
        vol.Optional(ATTR_UNDO): _as_given,
        vol.Optional(ATTR_WAIT): _as_given,
        vol.Optional(ATTR_CONFIG_ENTRY_ID): _as_given,
    }
)
GET_QUEUE_SCHEMA: Final = vol.Schema({vol.Optional(ATTR_CONFIG_ENTRY_ID): _as_given})
GET_NAMES_SCHEMA: Final = GET_QUEUE_SCHEMA.extend(
    {vol.Optional(name): _as_given for name in (ATTR_SEARCH, ATTR_KIND)}
)
CLEAR_QUEUE_SCHEMA: Final = GET_QUEUE_SCHEMA.extend({vol.Optional(ATTR_ALL): _as_given})
REMOVE_TRANSACTION_SCHEMA: Final = GET_QUEUE_SCHEMA.extend(
    {vol.Required(ATTR_MESSAGE_ID): _as_given}
)
ADD_TRANSFER_SCHEMA: Final = GET_QUEUE_SCHEMA.extend(
    {
        **{vol.Required(name): _as_given for name in TRANSFER_FIELDS},
        **{vol.Optional(name): _as_given for name in TRANSFER_OPTIONS},
        vol.Optional(ATTR_WAIT): _as_given,
    }
)
UPDATE_TRANSACTION_SCHEMA: Final = REMOVE_TRANSACTION_SCHEMA.extend(
    {vol.Optional(name): _as_given for name in UPDATE_FIELDS}
)
RETRY_TRANSACTION_SCHEMA: Final = REMOVE_TRANSACTION_SCHEMA.extend(
    {vol.Required(ATTR_NOT_IN_BUDGERO): _as_given}
)
