"""The steps of config and options flow that ask for the defaults of the actions."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult

from .const import CONF_ACCOUNT, CONF_CATEGORY, CONF_CURRENCY, CONF_IS_DEFAULT
from .engine.names import Account, Kind, NameIndex
from .engine.push.errors import InvalidInputError
from .forms import (
    DEFAULTS,
    defaults_schema,
    parse_account,
    parse_defaults,
    suggest_defaults,
    to_form_errors,
)
from .name_selectors import account_selector, near_names


class DefaultsFlow(ConfigEntryBaseFlow):
    """Asks for account, category, budget and currency, by name if names are known.

    With names the account has a form of its own, because the listed categories and
    the suggested currency depend on it.
    """

    _chosen_account: Account | None = None

    @property
    @abstractmethod
    def _names(self) -> NameIndex:
        """The known names."""

    @property
    @abstractmethod
    def _stored_options(self) -> Mapping[str, Any]:
        """The stored options."""

    @property
    @abstractmethod
    def _is_default(self) -> bool:
        """Whether this is the default entry, unless the person changes it."""

    @property
    @abstractmethod
    def _asks_for_default(self) -> bool:
        """Whether the form has the switch for the default entry."""

    def _refuse_default(self, *, is_default: bool) -> dict[str, str]:
        """Return the errors of the switch for the default entry."""
        return {}

    @abstractmethod
    async def _async_take_defaults(self, options: dict[str, Any]) -> ConfigFlowResult:
        """Go on: all options are known."""

    async def async_step_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the account by name."""
        errors: dict[str, str] = {}
        near: dict[str, str] = {}
        if user_input is not None:
            try:
                self._chosen_account = parse_account(user_input, self._names)
            except InvalidInputError as error:
                errors, near = self._to_errors(error, user_input, None)
            else:
                return self._show_defaults()
        stored = self._stored_options.get(CONF_ACCOUNT)
        # In a required list Home Assistant's frontend selects the first option by
        # itself.
        selector = account_selector(self._names.directory, keep=stored)
        return self.async_show_form(
            step_id="account",
            data_schema=self.add_suggested_values_to_schema(
                vol.Schema({vol.Optional(CONF_ACCOUNT): selector}),
                user_input
                or suggest_defaults(self._stored_options, self._names.directory),
            ),
            errors=errors,
            description_placeholders=near,
        )

    async def async_step_defaults(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the defaults of the actions, by id if no names are known."""
        if user_input is not None:
            return await self._async_parse(user_input)
        self._chosen_account = None
        if self._names.directory.accounts:
            return await self.async_step_account()
        return self._show_defaults()

    async def async_step_category(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for category and currency, after the account."""
        return await self._async_parse(user_input or {})

    async def _async_parse(self, user_input: dict[str, Any]) -> ConfigFlowResult:
        account = self._chosen_account
        try:
            defaults = parse_defaults(user_input, self._names, account)
        except InvalidInputError as error:
            budget = account.budget if account else None
            errors, near = self._to_errors(error, user_input, budget)
            return self._show_defaults(errors, near, user_input)
        is_default = user_input.get(CONF_IS_DEFAULT, self._is_default)
        if errors := self._refuse_default(is_default=is_default):
            return self._show_defaults(errors, typed=user_input)
        kept = {
            name: value
            for name, value in self._stored_options.items()
            if name not in DEFAULTS
        }
        return await self._async_take_defaults(
            {**kept, **defaults, CONF_IS_DEFAULT: is_default}
        )

    def _show_defaults(
        self,
        errors: dict[str, str] | None = None,
        near: dict[str, str] | None = None,
        typed: dict[str, Any] | None = None,
    ) -> ConfigFlowResult:
        """Show the form; defaults that belong to another account are not filled in."""
        directory, account = self._names.directory, self._chosen_account
        budget = account.budget if account else None
        schema = defaults_schema(
            directory,
            account,
            currency=self.hass.config.currency,
            asks_for_default=self._asks_for_default,
        )
        suggested = typed or {
            **suggest_defaults(self._fitting_defaults(), directory, budget),
            CONF_IS_DEFAULT: self._is_default,
        }
        return self.async_show_form(
            step_id="category" if account else "defaults",
            data_schema=self.add_suggested_values_to_schema(schema, suggested),
            errors=errors,
            description_placeholders=near,
        )

    def _fitting_defaults(self) -> dict[str, Any]:
        """Return the stored defaults that fit the chosen account."""
        stored = {
            name: value
            for name, value in self._stored_options.items()
            if name in DEFAULTS
        }
        account = self._chosen_account
        if account is None:
            return stored
        if account.currency is not None:
            stored[CONF_CURRENCY] = account.currency
        category = self._names.get(Kind.CATEGORY, stored.get(CONF_CATEGORY, 0))
        if (
            category
            and account.budget
            and category.budget not in (None, account.budget)
        ):
            del stored[CONF_CATEGORY]
        return stored

    def _to_errors(
        self, error: InvalidInputError, typed: Mapping[str, Any], budget: int | None
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return the error of a field, and similar names."""
        text = typed.get(error.field, "")
        near = near_names(Kind(error.field), text, self._names, budget)
        return to_form_errors(error), near
