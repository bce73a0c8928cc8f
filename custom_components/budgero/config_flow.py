"""Set-up in the user interface: server, token and space key, defaults."""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final, override

import voluptuous as vol

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    OptionsFlow,
)
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import callback
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .const import CONF_SPACE_KEY, DOMAIN
from .engine.push import CLOUD, Client, ServerAddress, SpaceKey, parse_token
from .engine.push.errors import (
    CertificateError,
    InvalidInputError,
    NotEncryptedError,
    NotPrivateError,
    PushError,
    RefusedError,
    UpdateRequiredError,
    WrongAddressError,
    WrongTokenError,
)
from .forms import (
    CREDENTIALS_SCHEMA,
    OWN_SERVER_SCHEMA,
    TOKEN_SCHEMA,
    defaults_schema,
    parse_credentials,
    parse_defaults,
    to_form_errors,
)
from .models import BudgeroConfigEntry

# Without a minimum: an ID below it is refused with a text of our own.
_ADDRESS_ERRORS: Final = (
    WrongAddressError,
    CertificateError,
    NotEncryptedError,
    NotPrivateError,
)
"""What another address, or another choice beside it, puts right."""

_FINAL_ERRORS: Final = (
    *_ADDRESS_ERRORS,
    WrongTokenError,
    RefusedError,
    UpdateRequiredError,
)
"""What trying later does not put right."""


class BudgeroConfigFlow(ConfigFlow, domain=DOMAIN):
    """Add a Budgero space, or give it a new token."""

    VERSION = 1

    def __init__(self) -> None:
        """Start at the hosted service."""
        self._address = ServerAddress.parse(CLOUD)
        self._verify_ssl = True
        self._token: str | None = None
        self._key: SpaceKey | None = None

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow that changes the defaults."""
        return BudgeroOptionsFlow()

    @override
    async def async_step_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask where Budgero runs."""
        return self.async_show_menu(
            step_id="user", menu_options=["cloud", "own_server"]
        )

    async def async_step_cloud(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Use the hosted service."""
        return await self.async_step_credentials()

    async def async_step_own_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address of an own server."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._verify_ssl = user_input[CONF_VERIFY_SSL]
            try:
                self._address = ServerAddress.parse(user_input[CONF_URL])
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                if self._address.is_exposed:
                    return await self.async_step_plain_http()
                return await self._async_after_address()
        return self._show_own_server(user_input, errors)

    async def async_step_plain_http(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Warn that the token travels in clear within the local network."""
        if user_input is not None:
            return await self._async_after_address()
        return self.async_show_form(
            step_id="plain_http",
            data_schema=vol.Schema({}),
            description_placeholders={"url": str(self._address)},
        )

    async def async_step_credentials(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for push token and space key."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                self._token, self._key = parse_credentials(user_input)
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                return await self._async_claim(self._key)
        return self._show_credentials(errors)

    async def async_step_verify(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask the server whether address and token are good."""
        error = await self._async_verify()
        if error is None:
            return await self.async_step_defaults()
        if not isinstance(error, _FINAL_ERRORS):
            return await self.async_step_cannot_connect()
        if isinstance(error, _ADDRESS_ERRORS) and str(self._address) != CLOUD:
            return self._show_own_server(None, {CONF_URL: error.code})
        field = CONF_TOKEN if isinstance(error, WrongTokenError) else "base"
        return self._show_credentials({field: error.code})

    async def async_step_cannot_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer to go on without the server's word."""
        own_server = [] if str(self._address) == CLOUD else ["own_server"]
        return self.async_show_menu(
            step_id="cannot_connect",
            menu_options=["verify", "credentials", *own_server, "save_anyway"],
            description_placeholders={"url": str(self._address)},
        )

    async def async_step_save_anyway(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on: token and address prove themselves with the first transaction."""
        return await self.async_step_defaults()

    async def async_step_defaults(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the ids that actions may leave out, and create the entry."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                options = parse_defaults(user_input)
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                return self._create_entry(options)
        return self.async_show_form(
            step_id="defaults",
            data_schema=self.add_suggested_values_to_schema(
                defaults_schema(self.hass.config.currency), user_input
            ),
            errors=errors,
        )

    async def async_step_reauth(
        self, entry_data: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Budgero refuses the token."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a token; the same one is right if it was enabled again."""
        entry: BudgeroConfigEntry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            self._address = ServerAddress.parse(entry.data[CONF_URL])
            self._verify_ssl = entry.data[CONF_VERIFY_SSL]
            self._key = SpaceKey.parse(entry.data[CONF_SPACE_KEY])
            try:
                self._token = parse_token(user_input[CONF_TOKEN])
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                if (problem := await self._async_verify()) is None:
                    return self._finish_reauth(entry, self._token)
                field = CONF_TOKEN if isinstance(problem, WrongTokenError) else "base"
                errors = {field: problem.code}
        return self.async_show_form(
            step_id="reauth_confirm", data_schema=TOKEN_SCHEMA, errors=errors
        )

    async def _async_after_address(self) -> ConfigFlowResult:
        """Go on behind the address: credentials may be known from a first try."""
        if self._key is None:
            return await self.async_step_credentials()
        return await self._async_claim(self._key)

    async def _async_claim(self, key: SpaceKey) -> ConfigFlowResult:
        """Make sure that this space is not set up yet, then verify."""
        # A dialog that was closed half-way stays in progress; it is in nobody's way.
        await self.async_set_unique_id(
            f"{self._address}#{key.fingerprint}", raise_on_progress=False
        )
        self._abort_if_unique_id_configured()
        return await self.async_step_verify()

    async def _async_verify(self) -> PushError | None:
        """Return what is wrong with address or token, `None` if both are good."""
        assert self._token is not None
        assert self._key is not None
        session = partial(async_get_clientsession, self.hass, self._verify_ssl)
        client = Client(session, self._address, self._token, self._key)
        try:
            await client.verify()
        except PushError as error:
            return error
        return None

    def _show_own_server(
        self, user_input: dict[str, Any] | None, errors: dict[str, str]
    ) -> ConfigFlowResult:
        suggested = user_input
        if suggested is None and str(self._address) != CLOUD:
            suggested = {
                CONF_URL: str(self._address),
                CONF_VERIFY_SSL: self._verify_ssl,
            }
        return self.async_show_form(
            step_id="own_server",
            data_schema=self.add_suggested_values_to_schema(
                OWN_SERVER_SCHEMA, suggested
            ),
            errors=errors,
            description_placeholders={"example": "https://budgero.example.org"},
        )

    def _show_credentials(self, errors: dict[str, str]) -> ConfigFlowResult:
        return self.async_show_form(
            step_id="credentials",
            data_schema=CREDENTIALS_SCHEMA,
            errors=errors,
            description_placeholders={"url": str(self._address)},
        )

    def _create_entry(self, options: dict[str, Any]) -> ConfigFlowResult:
        assert self._key is not None
        host = self._address.url.host
        is_first = not self._async_current_entries()
        return self.async_create_entry(
            title="Budgero" if is_first else f"Budgero {host}",
            data={
                CONF_URL: str(self._address),
                CONF_VERIFY_SSL: self._verify_ssl,
                CONF_TOKEN: self._token,
                CONF_SPACE_KEY: self._key.export(),
            },
            options=options,
        )

    def _finish_reauth(self, entry: BudgeroConfigEntry, token: str) -> ConfigFlowResult:
        """Store the token; an unchanged one causes no reload, so wake the sender."""
        is_loaded = entry.state is ConfigEntryState.LOADED
        if is_loaded and token == entry.data[CONF_TOKEN]:
            entry.runtime_data.sender.resume()
        return self.async_update_and_abort(
            entry, data_updates={CONF_TOKEN: token}, reason="reauth_successful"
        )


class BudgeroOptionsFlow(OptionsFlow):
    """Change the defaults."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the defaults."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                return self.async_create_entry(data=parse_defaults(user_input))
            except InvalidInputError as error:
                errors = to_form_errors(error)
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                defaults_schema(self.hass.config.currency),
                user_input or self.config_entry.options,
            ),
            errors=errors,
        )
