"""The steps of the config flow that ask for a connection and check it."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    SOURCE_USER,
    ConfigEntry,
    ConfigFlowResult,
)
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL

from .connection import Connection, Server, User
from .const import CONF_SPACE_KEY
from .engine.push import ServerAddress
from .engine.push.errors import (
    CertificateError,
    InvalidInputError,
    NotEncryptedError,
    NotPrivateError,
    PushError,
    UpdateRequiredError,
    WrongAddressError,
    WrongTokenError,
)
from .forms import (
    CREDENTIALS_SCHEMA,
    NEW_CREDENTIALS_SCHEMA,
    OWN_SERVER_SCHEMA,
    TOKEN_SCHEMA,
    Credentials,
    to_form_errors,
)
from .idle_flow import IdleFlow

_ADDRESS_ERRORS: Final = (
    WrongAddressError,
    CertificateError,
    NotEncryptedError,
    NotPrivateError,
)
"""Errors that a change in the address form can cure."""

_FINAL_ERRORS: Final = (
    *_ADDRESS_ERRORS,
    WrongTokenError,
    UpdateRequiredError,
)
"""Errors that trying again later does not cure."""

_CREDENTIALS: Final[dict[str | None, tuple[str, vol.Schema]]] = {
    SOURCE_USER: ("credentials", CREDENTIALS_SCHEMA),
    SOURCE_RECONFIGURE: ("new_credentials", NEW_CREDENTIALS_SCHEMA),
    SOURCE_REAUTH: ("new_token", TOKEN_SCHEMA),
}
"""Step and form that ask for token and key, by the source of the flow."""


class ConnectionFlow(IdleFlow):
    """Asks for server, secrets and sign-in, and checks them.

    A subclass starts at any step with what is known already. Its `_async_…` methods
    are called when a part is complete, or the person saves it unchecked.
    """

    def __init__(self) -> None:
        """Start with the hosted service."""
        super().__init__()
        self._known: Server | Connection = Server.cloud()
        self._known_user: User | None = None
        self._agreed_address: ServerAddress | None = None
        self._typed: dict[str, str] = {}
        self._same_space: ConfigEntry | None = None
        self._entry_id: str | None = None

    def _take_over(self, connection: Connection) -> None:
        """Start with the connection of an entry."""
        self._known = connection
        self._known_user = connection.user
        self._agreed_address = connection.server.address if connection.user else None

    @abstractmethod
    async def _async_entered(self) -> ConfigFlowResult:
        """Go on: token and key were entered."""

    @abstractmethod
    async def _async_verified(self) -> ConfigFlowResult:
        """Go on: the server has accepted the token."""

    @abstractmethod
    async def _async_complete(self) -> ConfigFlowResult:
        """Go on: there is nothing left to ask or to check."""

    async def async_step_own_server(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the address of an own server."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                address = ServerAddress.parse(user_input[CONF_URL])
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                self._use_server(
                    Server.at(address, verify_ssl=user_input[CONF_VERIFY_SSL])
                )
                if address.is_exposed:
                    return await self.async_step_plain_http()
                return await self._async_after_address()
        return self._show_own_server(errors, user_input)

    async def async_step_plain_http(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Warn that the token travels in clear within the local network."""
        if user_input is not None:
            return await self._async_after_address()
        return self.async_show_form(
            step_id="plain_http",
            data_schema=vol.Schema({}),
            description_placeholders=self._url,
        )

    async def async_step_swapped(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that token and key were swapped, before anything is sent."""
        if user_input is not None:
            return await self._async_entered()
        return self.async_show_form(step_id="swapped", data_schema=vol.Schema({}))

    async def async_step_same_space(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer to change the entry that has this space key already."""
        assert self._same_space is not None
        known = Connection.of(self._same_space.data)
        return self.async_show_menu(
            step_id="same_space",
            menu_options=["change_entry", "keep_entry"],
            description_placeholders=self._url
            | {"title": self._same_space.title, "known": str(known.server.address)},
        )

    async def async_step_keep_entry(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Leave the entry of this space as it is."""
        return self.async_abort(reason="already_configured")

    async def async_step_change_entry(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Let the entry of this space have the address and token given here."""
        assert self._same_space is not None
        entered, known = self._connection, Connection.of(self._same_space.data)
        self._take_over(known)
        self._known = replace(known.with_server(entered.server), token=entered.token)
        self._entry_id = self._same_space.entry_id
        return await self.async_step_verify()

    async def async_step_verify(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask the server whether address and token are good."""
        try:
            await self._connection.client(self.hass).verify()
        except PushError as error:
            return await self._async_not_verified(error)
        return await self._async_verified()

    async def async_step_cannot_connect(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer to save although the server could not be asked."""
        step, _ = _CREDENTIALS[self.source]
        own_server = ["own_server"] if self._may_change_address else []
        return self.async_show_menu(
            step_id="cannot_connect",
            menu_options=["verify", step, *own_server, "save_anyway"],
            description_placeholders=self._url,
        )

    async def _async_after_address(self) -> ConfigFlowResult:
        """Go on after the address; token and key may be known already."""
        if isinstance(self._known, Connection):
            return await self._async_claim()
        return self._show_credentials({})

    async def _async_accept(self, credentials: Credentials) -> ConfigFlowResult:
        """Go on with token and key; show a step if they were swapped."""
        known = self._known
        user = known.user if isinstance(known, Connection) else None
        self._known = Connection(self._server, credentials.token, credentials.key, user)
        if credentials.were_swapped:
            self._typed |= credentials.typed
            return await self.async_step_swapped()
        return await self._async_entered()

    async def _async_claim(self) -> ConfigFlowResult:
        """Make sure that this space has no other entry, then verify."""
        self._leave_same_space()
        # A dialog that was closed half-way stays in progress; it must not block.
        same = await self.async_set_unique_id(
            self._connection.unique_id, raise_on_progress=False
        )
        if same is not None and same.entry_id != self._entry_id:
            return self.async_abort(reason="already_configured")
        self._same_space = self._find_same_space()
        if self._same_space is None:
            return await self.async_step_verify()
        if self.source == SOURCE_USER:
            return await self.async_step_same_space()
        return self.async_abort(reason="already_configured")

    def _leave_same_space(self) -> None:
        """Go back to adding an entry, if the key of another space was entered since."""
        same, connection = self._same_space, self._connection
        if same is not None and Connection.of(same.data).key != connection.key:
            self._same_space = self._entry_id = self._known_user = None
            self._known = replace(connection, user=None)

    def _find_same_space(self) -> ConfigEntry | None:
        """Return another entry with this space key, whatever its address."""
        for entry in self._async_current_entries(include_ignore=False):
            is_same = Connection.of(entry.data).key == self._connection.key
            if is_same and entry.entry_id != self._entry_id:
                return entry
        return None

    async def _async_not_verified(self, error: PushError) -> ConfigFlowResult:
        """Show the step in which the error can be cured."""
        if not isinstance(error, _FINAL_ERRORS):
            return await self.async_step_cannot_connect()
        if isinstance(error, _ADDRESS_ERRORS) and self._may_change_address:
            return self._show_own_server({CONF_URL: error.code})
        field = CONF_TOKEN if isinstance(error, WrongTokenError) else "base"
        return self._show_credentials({field: error.code})

    @property
    def _server(self) -> Server:
        """The server that was entered; the hosted service until then."""
        known = self._known
        return known.server if isinstance(known, Connection) else known

    @property
    def _connection(self) -> Connection:
        """The complete connection, for the steps after token and key."""
        assert isinstance(self._known, Connection)
        return self._known

    def _use_server(self, server: Server) -> None:
        if isinstance(self._known, Connection):
            self._known = self._known.with_server(server)
        else:
            self._known = server

    @property
    def _may_change_address(self) -> bool:
        return self.source != SOURCE_REAUTH and not self._server.is_cloud

    @property
    def _url(self) -> dict[str, str]:
        return {"url": str(self._server.address)}

    def _show_own_server(
        self, errors: dict[str, str], typed: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        suggested = typed
        if typed is None and not self._server.is_cloud:
            verify_ssl = self._server.verify_ssl
            suggested = {CONF_URL: self._url["url"], CONF_VERIFY_SSL: verify_ssl}
        return self.async_show_form(
            step_id="own_server",
            data_schema=self.add_suggested_values_to_schema(
                OWN_SERVER_SCHEMA, suggested
            ),
            errors=errors,
            description_placeholders={"example": "https://budgero.example.org"},
        )

    def _show_credentials(self, errors: dict[str, str]) -> ConfigFlowResult:
        """Show the form for token and key; valid input is filled in again."""
        step_id, schema = _CREDENTIALS[self.source]
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(
                schema, self._good(errors, CONF_TOKEN, CONF_SPACE_KEY)
            ),
            errors=errors,
            description_placeholders=self._url,
        )

    def _remember(self, user_input: Mapping[str, Any], *fields: str) -> None:
        """Keep the input of these fields, in case the form is shown again."""
        for name in fields:
            self._typed.pop(name, None)
            if text := user_input.get(name, "").strip():
                self._typed[name] = text

    def _good(self, errors: dict[str, str], *fields: str) -> dict[str, str]:
        """Return the valid input of these fields."""
        for name in errors:
            self._typed.pop(name, None)
        return {name: self._typed[name] for name in fields if name in self._typed}
