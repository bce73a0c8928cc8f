"""The forms of the flows: their fields, and reading what was typed."""

from typing import Any, Final

from probatio import Secret  # noqa: TID251 - not among the names of voluptuous
import voluptuous as vol

from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
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

from .connection import Connection, User
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

CONF_PLAIN_HTTP: Final = "plain_http"
"""The consent to send a password unencrypted; it is not stored."""

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
NEW_CREDENTIALS_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(Secret(CONF_TOKEN)): _PASSWORD,
        vol.Optional(Secret(CONF_SPACE_KEY)): _PASSWORD,
    }
)
TOKEN_SCHEMA: Final = vol.Schema({vol.Required(Secret(CONF_TOKEN)): _PASSWORD})
SIGN_IN_SCHEMA: Final = vol.Schema(
    {
        vol.Optional(CONF_USERNAME): TextSelector(
            TextSelectorConfig(autocomplete="off")
        ),
        vol.Optional(Secret(CONF_PASSWORD)): _PASSWORD,
    }
)
PLAIN_SIGN_IN_SCHEMA: Final = SIGN_IN_SCHEMA.extend(
    {vol.Required(CONF_PLAIN_HTTP, default=False): BooleanSelector()}
)


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


def parse_new_credentials(
    user_input: dict[str, Any], known: Connection
) -> tuple[str, SpaceKey]:
    """Read token and key; what was left empty stays as it is.

    Raises:
        InvalidInputError: one of them is none, or they were swapped.
    """
    assert known.key is not None
    kept = {CONF_TOKEN: known.token, CONF_SPACE_KEY: known.key.export()}
    typed = {name: text for name, text in user_input.items() if text.strip()}
    return parse_credentials(kept | typed)


def parse_user(
    user_input: dict[str, Any], known: User | None, *, is_exposed: bool
) -> User | None:
    """Read user name and password; without a user name nobody signs in.

    Args:
        user_input: what was typed.
        known: whose password stays if it was left empty.
        is_exposed: whether the password leaves this machine unencrypted, which
            wants consent.

    Raises:
        InvalidInputError: something is missing.
    """
    name = user_input.get(CONF_USERNAME, "").strip()
    password = user_input.get(CONF_PASSWORD, "")
    if not name and not password:
        return None
    if not password and known is not None and known.name == name:
        password = known.password
    for field, value in ((CONF_USERNAME, name), (CONF_PASSWORD, password)):
        if not value:
            raise InvalidInputError(field, InputProblem.MISSING)
    if is_exposed and not user_input[CONF_PLAIN_HTTP]:
        raise InvalidInputError(CONF_PLAIN_HTTP, InputProblem.MISSING)
    return User(name, password)


def to_form_errors(error: InvalidInputError) -> dict[str, str]:
    """Return the error of a field, as the form shows it."""
    return {error.field: f"{error.field}_{error.problem}"}
