"""The options of an entry: defaults, and the names that people choose from."""

from collections.abc import Mapping
from typing import Any, override

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.core import callback
from homeassistant.helpers.selector import BooleanSelector
from homeassistant.util import dt as dt_util

from .agents_flow import AgentsFlow
from .const import CONF_IS_DEFAULT, CONF_PAYEES_FOR_EVERYBODY, CONF_SPOKEN_SENTENCES
from .default_entry import all_entries, choose_default, find_default, is_default
from .defaults_flow import DefaultsFlow
from .engine.names import KeptNames, NameIndex
from .models import BudgeroConfigEntry
from .name_directory import NameDirectory
from .names_by_hand import directory_by_hand, names_by_hand
from .names_by_hand_flow import NamesByHandFlow
from .own_accounts_flow import OwnAccountsFlow
from .upload_flow import UploadFlow
from .words import async_words


class BudgeroOptionsFlow(
    AgentsFlow, DefaultsFlow, NamesByHandFlow, OwnAccountsFlow, UploadFlow, OptionsFlow
):
    """Changes defaults, names, who sees them, voice, and AI agents."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show which names are known, and ask what to change."""
        names = self._directory
        read_now = ["read_now"] if names and names.is_signed_in else []
        upload = ["upload"] if names else []
        return self.async_show_menu(
            step_id="init",
            menu_options=[
                "defaults",
                *read_now,
                *upload,
                "by_hand",
                "payees",
                "voice",
                "own_accounts",
                "agents",
            ],
            description_placeholders=await self._async_describe(),
        )

    async def async_step_read_now(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Read the names from the server now."""
        if (names := self._directory) is not None:
            await names.async_refresh()
        return await self.async_step_known()

    async def async_step_known(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show which names are known now, and what can be done with them."""
        return self.async_show_menu(
            step_id="known",
            menu_options=["defaults", "by_hand", "finish"],
            description_placeholders=await self._async_describe(),
        )

    async def async_step_payees(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask who may see the names of payees."""
        if user_input is not None:
            return self.async_create_entry(data={**self._stored_options, **user_input})
        is_open = self._stored_options.get(CONF_PAYEES_FOR_EVERYBODY, False)
        marker = vol.Required(CONF_PAYEES_FOR_EVERYBODY, default=is_open)
        return self.async_show_form(
            step_id="payees", data_schema=vol.Schema({marker: BooleanSelector()})
        )

    async def async_step_voice(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether Assist understands sentences about money."""
        if user_input is not None:
            return self.async_create_entry(data={**self._stored_options, **user_input})
        is_on = self._stored_options.get(CONF_SPOKEN_SENTENCES, True)
        marker = vol.Required(CONF_SPOKEN_SENTENCES, default=is_on)
        return self.async_show_form(
            step_id="voice", data_schema=vol.Schema({marker: BooleanSelector()})
        )

    async def async_step_finish(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """End the dialog; everything is stored already."""
        return self.async_create_entry(data=dict(self._stored_options))

    @property
    def _directory(self) -> NameDirectory | None:
        """The names of the entry; none while it is not loaded."""
        entry: BudgeroConfigEntry = self.config_entry
        is_loaded = entry.state is ConfigEntryState.LOADED
        return entry.runtime_data.names if is_loaded else None

    @property
    @override
    def _names(self) -> NameIndex:
        if (names := self._directory) is not None:
            return names.index
        return NameIndex(directory_by_hand(self._stored_options))

    @property
    @override
    def _stored_options(self) -> Mapping[str, Any]:
        return self.config_entry.options

    @callback
    @override
    def _keep_options(self, options: dict[str, Any]) -> None:
        self.hass.config_entries.async_update_entry(self.config_entry, options=options)

    @property
    @override
    def _entry_of_names(self) -> BudgeroConfigEntry:
        return self.config_entry

    @override
    async def _async_take_names(self, kept: KeptNames) -> ConfigFlowResult:
        if (names := self._directory) is not None:
            await names.async_take(kept)
        if names is None or names.is_finished:  # the entry was unloaded meanwhile
            return self.async_abort(reason="not_loaded")
        return await self.async_step_known()

    @property
    @override
    def _is_default(self) -> bool:
        return is_default(self.config_entry)

    @property
    @override
    def _asks_for_default(self) -> bool:
        is_alone = len(all_entries(self.hass)) == 1
        return not (is_alone and self._is_default)

    @override
    def _refuse_default(self, *, is_default: bool) -> dict[str, str]:
        """Return an error if the switch of the default entry is turned off.

        Another entry must be made the default one instead.
        """
        if not is_default and find_default(self.hass) is self.config_entry:
            return {CONF_IS_DEFAULT: "is_default_needed"}
        return {}

    @override
    async def _async_take_defaults(self, options: dict[str, Any]) -> ConfigFlowResult:
        if options[CONF_IS_DEFAULT]:
            choose_default(self.hass, self.config_entry)
        return self.async_create_entry(data=options)

    async def _async_describe(self) -> dict[str, str]:
        """Return what the menu says about the names."""
        names, directory = self._directory, self._names.directory
        errors = await async_words(self.hass, "entity", "sensor.last_error.state")
        words = errors | await async_words(self.hass, "selector", "names.options")
        said = [words[names.source if names and names.source else "none"]]
        if names and names.read_at is not None:
            said.append(f"{dt_util.as_local(names.read_at):%Y-%m-%d %H:%M}")
        if names and names.problem is not None:
            said.append(f"{words['problem']}: {words[names.problem]}")
        return {
            "source": " · ".join(said),
            "accounts": str(len(directory.accounts)),
            "categories": str(len(directory.categories)),
            "payees": str(len(directory.payees)),
            "by_hand": str(len(names_by_hand(self._stored_options))),
        }
