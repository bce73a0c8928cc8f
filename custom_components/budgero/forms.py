"""The forms of the flows: their fields, and reading what was typed."""

from typing import Any, Final

from probatio import Secret  # noqa: TID251 - not among the names of voluptuous
import voluptuous as vol

from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from .const import (
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
    CONF_SPACE_KEY,
)
from .engine.push import SpaceKey, parse_token
from .engine.push.errors import InputProblem, InvalidInputError
from .engine.push.fields import parse_id
from .engine.push.seal import unwrap_pasted

_ID: Final = NumberSelector(NumberSelectorConfig(mode=NumberSelectorMode.BOX))
_PASSWORD: Final = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="off")
)

OWN_SERVER_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL, autocomplete="url")
        ),
        vol.Required(CONF_VERIFY_SSL, default=True): BooleanSelector(),
    }
)
CREDENTIALS_SCHEMA: Final = vol.Schema(
    {
        vol.Required(Secret(CONF_TOKEN)): _PASSWORD,
        vol.Required(Secret(CONF_SPACE_KEY)): _PASSWORD,
    }
)
TOKEN_SCHEMA: Final = vol.Schema({vol.Required(Secret(CONF_TOKEN)): _PASSWORD})


def defaults_schema(currency: str) -> vol.Schema:
    """Return the form for the defaults; a currency is suggested."""
    return vol.Schema(
        {
            vol.Required(CONF_ACCOUNT): _ID,
            vol.Optional(CONF_CATEGORY): _ID,
            vol.Required(CONF_BUDGET): _ID,
            vol.Required(CONF_CURRENCY, default=currency): SelectSelector(
                SelectSelectorConfig(
                    options=sorted(ACTIVE_CURRENCIES),
                    mode=SelectSelectorMode.DROPDOWN,
                )
            ),
        }
    )


def parse_defaults(user_input: dict[str, Any]) -> dict[str, Any]:
    """Return the defaults as options.

    Raises:
        InvalidInputError: an id is none.
    """
    ids = {
        name: parse_id(user_input[name], name)
        for name in (CONF_ACCOUNT, CONF_CATEGORY, CONF_BUDGET)
        if user_input.get(name) is not None
    }
    return {**ids, CONF_CURRENCY: user_input[CONF_CURRENCY]}


def parse_credentials(user_input: dict[str, Any]) -> tuple[str, SpaceKey]:
    """Read token and key.

    Raises:
        InvalidInputError: one of them is none, or they were swapped.
    """
    token = parse_token(user_input[CONF_TOKEN])
    key = SpaceKey.parse(user_input[CONF_SPACE_KEY])
    if unwrap_pasted(user_input[CONF_SPACE_KEY]) == token:
        raise InvalidInputError(CONF_SPACE_KEY, InputProblem.LOOKS_LIKE_A_TOKEN)
    return token, key


def to_form_errors(error: InvalidInputError) -> dict[str, str]:
    """Return the error of a field, as the form shows it."""
    return {error.field: f"{error.field}_{error.problem}"}
