"""The config flow: set-up, reauthentication and reconfiguration."""

import asyncio
from collections.abc import Mapping
from itertools import chain, count
from typing import Any, Final, override

from homeassistant.config_entries import (
    ConfigEntry,
    ConfigFlowResult,
    ConfigSubentryFlow,
    OptionsFlow,
)
from homeassistant.const import CONF_TOKEN
from homeassistant.core import callback
from homeassistant.setup import async_setup_component

from .change_flow import ChangeFlow
from .const import CONF_SPACE_KEY, DOMAIN
from .default_entry import all_entries
from .defaults_flow import DefaultsFlow
from .engine.names import Directory, KeptNames, NameIndex, NamesError
from .engine.push import ServerUser
from .engine.push.errors import InvalidInputError, PushError
from .forms import parse_credentials, to_form_errors
from .name_directory import async_keep_names, async_read_server
from .options_flow import BudgeroOptionsFlow
from .preset_flow import PresetFlow
from .presets import PRESET
from .upload_flow import UploadFlow

_PATIENCE: Final = 20.0
"""Seconds that a person waits for names; without names the forms ask for ids."""


class BudgeroConfigFlow(ChangeFlow, DefaultsFlow, UploadFlow, domain=DOMAIN):
    """Add a Budgero space, or change how an added one is reached."""

    VERSION = 1

    def __init__(self) -> None:
        """Start without any input."""
        super().__init__()
        self._kept: KeptNames | None = None
        self._found_names = NameIndex(Directory())

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        """Return the flow that changes the defaults."""
        return BudgeroOptionsFlow()

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        """Return the flow that adds and changes presets."""
        return {PRESET: PresetFlow}

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

    async def async_step_credentials(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for push token and space key."""
        errors: dict[str, str] = {}
        if user_input is not None:
            self._remember(user_input, CONF_TOKEN, CONF_SPACE_KEY)
            try:
                credentials = parse_credentials(user_input)
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                return await self._async_accept(credentials)
        return self._show_credentials(errors)

    async def async_step_server_user(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer to sign in to the own server."""
        return self.async_show_menu(
            step_id="server_user", menu_options=["sign_in", "names"]
        )

    async def async_step_names(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether there is a file with names."""
        return self.async_show_menu(
            step_id="names", menu_options=["upload", "defaults"]
        )

    @override
    async def _async_verified(self) -> ConfigFlowResult:
        is_new = self._entry_id is None
        is_signed_in = self._connection.user is not None
        if is_new and not (self._server.is_cloud or is_signed_in):
            return await self.async_step_server_user()
        return await super()._async_verified()

    @override
    async def _async_complete(self) -> ConfigFlowResult:
        if self._entry_id is not None:
            return await super()._async_complete()
        if self._signed_in is None:
            return await self.async_step_names()
        return await self._async_read_names(self._signed_in)

    async def _async_read_names(self, user: ServerUser) -> ConfigFlowResult:
        """Go on with the names on the server, or without names."""
        try:
            async with asyncio.timeout(_PATIENCE):
                kept = await async_read_server(self.hass, user, self._connection.key)
        except PushError, NamesError, TimeoutError:
            kept = None
        if kept is None:
            return self._show_defaults({"base": "names_not_read"})
        return await self._async_take_names(kept)

    @property
    @override
    def _entry_of_names(self) -> None:
        return None

    @override
    async def _async_take_names(self, kept: KeptNames) -> ConfigFlowResult:
        """Let the person choose account and category by name."""
        self._kept, self._found_names = kept, NameIndex(kept.directory)
        return await self.async_step_defaults()

    @property
    @override
    def _names(self) -> NameIndex:
        return self._found_names

    @property
    @override
    def _stored_options(self) -> Mapping[str, Any]:
        return {}

    @property
    @override
    def _is_default(self) -> bool:
        return not self._asks_for_default

    @property
    @override
    def _asks_for_default(self) -> bool:
        return bool(all_entries(self.hass))

    @override
    async def _async_take_defaults(self, options: dict[str, Any]) -> ConfigFlowResult:
        return await self._async_create_entry(options)

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Give the new entry the names that were read for its set-up."""
        if self._kept is not None:
            await async_keep_names(self.hass, result["result"], self._kept)
        return result

    async def _async_create_entry(self, options: dict[str, Any]) -> ConfigFlowResult:
        if self._find_same_space() is not None:  # added by another dialog meanwhile
            return self.async_abort(reason="already_configured")
        # Loading the component first lets it notice that the default entry is replaced.
        await async_setup_component(self.hass, DOMAIN, {})
        return self.async_create_entry(
            title=self._free_title(),
            data=self._connection.put_into({}),
            options=options,
        )

    def _free_title(self) -> str:
        """Return a title that no other entry has."""
        host = self._server.address.url.host
        others = {entry.title for entry in self._async_current_entries()}
        numbered = (f"Budgero {host} {number}" for number in count(2))
        titles = chain(["Budgero", f"Budgero {host}"], numbered)
        return next(title for title in titles if title not in others)
