"""The forms of the flows: their fields, and reading the input."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
import re
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
    CONF_IS_DEFAULT,
    CONF_SPACE_KEY,
)
from .engine.push import SpaceKey, parse_id, parse_token, unwrap_pasted
from .engine.push.errors import InputProblem, InvalidInputError

CONF_PLAIN_HTTP: Final = "plain_http"
"""Field: consent to send a password unencrypted; it is not stored."""

# A number that is required is filled in with 0 by Home Assistant's frontend.
_ID: Final = TextSelector(TextSelectorConfig(type=TextSelectorType.NUMBER))
_IDS: Final = (CONF_ACCOUNT, CONF_CATEGORY, CONF_BUDGET)
_HEX_TOKEN: Final = re.compile(r"[0-9a-fA-F]{64}")
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


@dataclass(frozen=True, slots=True)
class Credentials:
    """A push token and a space key as they were entered.

    Attributes:
        token: the push token.
        key: the space key.
        were_swapped: whether each stood in the other's field.
    """

    token: str = field(repr=False)
    key: SpaceKey
    were_swapped: bool = False

    @property
    def typed(self) -> dict[str, str]:
        """The input of a form with each value in its own field."""
        return {CONF_TOKEN: self.token, CONF_SPACE_KEY: self.key.export()}


def defaults_schema(currency: str, *, asks_for_default: bool) -> vol.Schema:
    """Return the form for the defaults of the actions.

    Args:
        currency: the suggested one.
        asks_for_default: whether it has a switch for the entry that is used by
            actions that name none.
    """
    switch = {vol.Required(CONF_IS_DEFAULT, default=False): BooleanSelector()}
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
            **(switch if asks_for_default else {}),
        }
    )


def suggest_defaults(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return options as the form shows them: ids are texts there."""
    return {
        name: str(value) if name in _IDS else value for name, value in options.items()
    }


def parse_defaults(user_input: dict[str, Any]) -> dict[str, Any]:
    """Return the defaults as options, without whether the entry is the default one.

    Raises:
        InvalidInputError: an id is no positive whole number.
    """
    ids = {
        name: parse_id(text, name)
        for name in _IDS
        if (text := user_input.get(name, "").strip()) or name != CONF_CATEGORY
    }
    return {**ids, CONF_CURRENCY: user_input[CONF_CURRENCY]}


def parse_credentials(user_input: Mapping[str, str]) -> Credentials:
    """Read token and key, also if each is in the other's field.

    Raises:
        InvalidInputError: one of them is invalid, or both are the same text.
    """
    token_text, key_text = user_input[CONF_TOKEN], user_input[CONF_SPACE_KEY]
    were_swapped = _are_swapped(token_text, key_text)
    if were_swapped:
        token_text, key_text = key_text, token_text
    token = parse_token(token_text)
    key = SpaceKey.parse(key_text)
    if unwrap_pasted(key_text) == token:
        raise InvalidInputError(CONF_SPACE_KEY, InputProblem.LOOKS_LIKE_A_TOKEN)
    if _read_key(token) == key:  # written in hexadecimal digits, as tokens are
        raise InvalidInputError(CONF_TOKEN, InputProblem.LOOKS_LIKE_A_KEY)
    return Credentials(token, key, were_swapped)


def parse_new_credentials(
    user_input: Mapping[str, str], known: Connection
) -> Credentials:
    """Read token and key; an empty field keeps its value.

    Raises:
        InvalidInputError: as `parse_credentials`.
    """
    typed = {name: text for name, text in user_input.items() if text.strip()}
    return parse_credentials(Credentials(known.token, known.key).typed | typed)


def _are_swapped(token_text: str, key_text: str) -> bool:
    """Return whether a key is in the token field, and 64 hex digits in the other."""
    is_token = _HEX_TOKEN.fullmatch
    if is_token(unwrap_pasted(token_text)) or not is_token(unwrap_pasted(key_text)):
        return False
    return _read_key(token_text) is not None


def _read_key(text: str) -> SpaceKey | None:
    """Return the space key that a text contains, `None` if it is none."""
    with suppress(InvalidInputError):
        return SpaceKey.parse(text)
    return None


def parse_user(
    user_input: dict[str, Any], known: User | None, *, is_exposed: bool
) -> User | None:
    """Read user name and password; an empty user name means no sign-in.

    Args:
        user_input: the input of the form.
        known: the stored user, whose password stays if the field was left empty.
        is_exposed: whether the password leaves this machine unencrypted, which needs
            consent.

    Raises:
        InvalidInputError: user name, password or consent is missing.
    """
    name = user_input.get(CONF_USERNAME, "").strip()
    password = user_input.get(CONF_PASSWORD, "")
    if not name and not password:
        return None
    if not password and known is not None and known.name == name:
        password = known.password
    for asked, value in ((CONF_USERNAME, name), (CONF_PASSWORD, password)):
        if not value:
            raise InvalidInputError(asked, InputProblem.MISSING)
    if is_exposed and not user_input[CONF_PLAIN_HTTP]:
        raise InvalidInputError(CONF_PLAIN_HTTP, InputProblem.MISSING)
    return User(name, password)


def to_form_errors(error: InvalidInputError) -> dict[str, str]:
    """Return an error by field, as forms take it."""
    return {error.field: f"{error.field}_{error.problem}"}
