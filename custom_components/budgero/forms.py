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
from homeassistant.helpers.selector import (
    BooleanSelector,
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
from .engine.names import Account, Directory, Kind, NameIndex
from .engine.push import SpaceKey, parse_token, unwrap_pasted
from .engine.push.errors import InputProblem, InvalidInputError
from .name_selectors import (
    CURRENCY,
    account_selector,
    budget_selector,
    category_selector,
    parse_choice,
    required_choice,
    suggest_choice,
)

CONF_PLAIN_HTTP: Final = "plain_http"
"""Field: consent to send a password unencrypted; it is not stored."""

DEFAULTS: Final = (CONF_ACCOUNT, CONF_CATEGORY, CONF_BUDGET, CONF_CURRENCY)
"""The options that actions may leave out."""

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
        were_swapped: whether each was in the field of the other.
    """

    token: str = field(repr=False)
    key: SpaceKey
    were_swapped: bool = False

    @property
    def typed(self) -> dict[str, str]:
        """The input of a form with each value in its own field."""
        return {CONF_TOKEN: self.token, CONF_SPACE_KEY: self.key.export()}


def defaults_schema(
    directory: Directory,
    account: Account | None,
    *,
    currency: str,
    asks_for_default: bool,
) -> vol.Schema:
    """Return the form for what actions may leave out.

    Args:
        directory: the names to choose from.
        account: the account, if it was chosen already; then no budget is asked for.
        currency: suggested if the currency of the account is not known.
        asks_for_default: whether the form has a switch that makes this the default
            entry.
    """
    ask_account = {vol.Required(CONF_ACCOUNT): account_selector(directory)}
    # In a required list Home Assistant's frontend selects the first option by itself.
    must = vol.Optional if directory.budgets else vol.Required
    ask_budget = {must(CONF_BUDGET): budget_selector(directory)}
    budget = account.budget if account else None
    currency = (account.currency if account else None) or currency
    switch = {vol.Required(CONF_IS_DEFAULT, default=False): BooleanSelector()}
    return vol.Schema(
        {
            **({} if account else ask_account),
            vol.Optional(CONF_CATEGORY): category_selector(directory, budget),
            **({} if budget else ask_budget),
            vol.Required(CONF_CURRENCY, default=currency): CURRENCY,
            **(switch if asks_for_default else {}),
        }
    )


def suggest_defaults(
    options: Mapping[str, Any], directory: Directory, budget: int | None = None
) -> dict[str, Any]:
    """Return the options as the form shows them: by name, or ids as text.

    Args:
        options: the options.
        directory: the known names.
        budget: ID of the budget whose categories are listed; `None` for all budgets.
    """

    def suggest(name: str, value: Any) -> Any:
        if name not in _IDS:
            return value
        return suggest_choice(Kind(name), value, directory, budget)

    return {name: suggest(name, value) for name, value in options.items()}


def parse_account(user_input: Mapping[str, str], names: NameIndex) -> Account:
    """Return the account that was chosen or typed; an unknown id is accepted.

    Raises:
        InvalidInputError: it is no account, or money cannot be booked there.
    """
    text = user_input.get(CONF_ACCOUNT, "")
    account = required_choice(Kind.ACCOUNT, text, names, None, CONF_ACCOUNT)
    return names.get(Kind.ACCOUNT, account) or Account(id=account, name="")


def parse_defaults(
    user_input: Mapping[str, Any], names: NameIndex, account: Account | None
) -> dict[str, Any]:
    """Return the defaults as options, without whether the entry is the default one.

    Args:
        user_input: what was entered.
        names: what is known.
        account: the account, if it was chosen before.

    Raises:
        InvalidInputError: an id is not valid, a name is unknown, or two values do not
            fit together.
    """
    account = account or parse_account(user_input, names)
    budget = account.budget or required_choice(
        Kind.BUDGET, user_input.get(CONF_BUDGET, ""), names, None, CONF_BUDGET
    )
    text = user_input.get(CONF_CATEGORY, "")
    category = parse_choice(Kind.CATEGORY, text, names, budget, CONF_CATEGORY)
    return {
        CONF_ACCOUNT: account.id,
        **({} if category is None else {CONF_CATEGORY: category}),
        CONF_BUDGET: budget,
        CONF_CURRENCY: user_input[CONF_CURRENCY],
    }


def parse_credentials(user_input: Mapping[str, str]) -> Credentials:
    """Read token and key, even if each is in the field of the other.

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
    """Return whether the token field has a key, and the key field 64 hex digits."""
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
