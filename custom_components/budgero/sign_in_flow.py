"""The steps of the config flow that sign in to an own server."""

from dataclasses import replace
from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_PASSWORD, CONF_TOKEN, CONF_USERNAME

from .connection_flow import ConnectionFlow
from .const import CONF_SPACE_KEY
from .engine.push import KeyProof, ServerUser, TokenOwner
from .engine.push.errors import (
    InvalidInputError,
    PushError,
    WrongPasswordError,
    WrongTokenError,
)
from .forms import (
    CONF_PLAIN_HTTP,
    PLAIN_SIGN_IN_SCHEMA,
    SIGN_IN_SCHEMA,
    parse_user,
    to_form_errors,
)


class SignInFlow(ConnectionFlow):
    """Asks for user name and password, and checks that token and key fit."""

    _signed_in: ServerUser | None = None

    async def async_step_sign_in(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for a user of the own server; an empty user name means no sign-in."""
        errors: dict[str, str] = {}
        if user_input is not None:
            address = self._server.address
            self._remember(user_input, CONF_USERNAME, CONF_PASSWORD)
            try:
                user = parse_user(
                    user_input, self._known_user, is_exposed=address.is_exposed
                )
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                self._agreed_address = address
                self._known = replace(self._connection, user=user)
                return await self._async_check_user()
        return self._show_sign_in(errors, user_input)

    async def async_step_save_anyway(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Go on unchecked; the next transaction shows whether both are good."""
        if self._needs_consent:
            return self._show_sign_in({})
        return await self._async_complete()

    async def _async_check_user(self) -> ConfigFlowResult:
        """Sign in, and find out whether token and key belong to this user."""
        connection = self._connection
        if (user := connection.server_user(self.hass)) is None:
            return await self._async_complete()
        if self._needs_consent:
            return self._show_sign_in({})
        try:
            await user.sign_in()
            owner = await user.owner_of_token(connection.client(self.hass))
            if owner is not TokenOwner.USER:
                return self._show_sign_in({"base": f"token_{owner}"})
            proof = await user.prove_key(connection.key)
        except WrongTokenError as error:
            return self._show_credentials({CONF_TOKEN: error.code})
        except WrongPasswordError as error:
            return self._show_sign_in({CONF_PASSWORD: error.code})
        except PushError as error:
            return self._show_sign_in({"base": error.code})
        if proof is KeyProof.WRONG:
            return self._show_credentials({CONF_SPACE_KEY: f"space_key_{proof}"})
        self._signed_in = user
        return await self._async_complete()

    @property
    def _needs_consent(self) -> bool:
        """Whether a password would be sent unencrypted without the person's consent."""
        address = self._server.address
        is_elsewhere = address != self._agreed_address
        return bool(self._connection.user) and address.is_exposed and is_elsewhere

    def _show_sign_in(
        self, errors: dict[str, str], typed: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show the form to sign in; a stored password is not filled in."""
        address, user = self._server.address, self._connection.user
        suggested: dict[str, Any] = {
            CONF_USERNAME: user.name if user else None,
            CONF_PLAIN_HTTP: address == self._agreed_address,
        }
        if typed is not None:
            suggested = {CONF_PLAIN_HTTP: typed.get(CONF_PLAIN_HTTP)}
        return self.async_show_form(
            step_id="sign_in",
            data_schema=self.add_suggested_values_to_schema(
                PLAIN_SIGN_IN_SCHEMA if address.is_exposed else SIGN_IN_SCHEMA,
                suggested | self._good(errors, CONF_USERNAME, CONF_PASSWORD),
            ),
            errors=errors,
            description_placeholders=self._url,
        )
