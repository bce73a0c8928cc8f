"""The steps of the options that give a user or a satellite an account of its own."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .const import CONF_ACCOUNT, CONF_BUDGET
from .engine.names import Kind, NameIndex
from .engine.push.errors import InvalidInputError
from .forms import to_form_errors
from .name_selectors import account_selector, labels_of, near_names, parse_choice
from .own_accounts import CONF_OWN_ACCOUNTS, async_people
from .plain_text import plain_text

CONF_WHO: Final = "who"


class OwnAccountsFlow(ConfigEntryBaseFlow):
    """Asks for the account of one user or satellite at a time; each is stored at once."""

    @property
    @abstractmethod
    def _names(self) -> NameIndex:
        """The known names."""

    @property
    @abstractmethod
    def _stored_options(self) -> Mapping[str, Any]:
        """The stored options."""

    @abstractmethod
    def _keep_options(self, options: dict[str, Any]) -> None:
        """Store changed options at once, while the dialog stays open."""

    async def async_step_own_accounts(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show who has an account, and ask whether to change that."""
        return self.async_show_menu(
            step_id="own_accounts",
            menu_options=["own_account", "finish"],
            description_placeholders={
                "accounts": self._listed(await async_people(self.hass))
            },
        )

    async def async_step_own_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for somebody's account; an empty field means the default one."""
        budget: int | None = self._stored_options.get(CONF_BUDGET)
        people = await async_people(self.hass)
        errors: dict[str, str] = {}
        near: dict[str, str] = {}
        if user_input is not None:
            text = user_input.get(CONF_ACCOUNT, "")
            try:
                account = parse_choice(
                    Kind.ACCOUNT, text, self._names, budget, CONF_ACCOUNT
                )
            except InvalidInputError as error:
                errors = to_form_errors(error)
                near = near_names(Kind.ACCOUNT, text, self._names, budget)
            else:
                self._keep_account(people, user_input[CONF_WHO], account)
                return await self.async_step_own_accounts()
        who = SelectSelectorConfig(
            options=[
                SelectOptionDict(value=each, label=name)
                for each, name in sorted(people.items(), key=lambda item: item[1])
            ],
            mode=SelectSelectorMode.DROPDOWN,
        )
        schema = vol.Schema(
            {
                vol.Required(CONF_WHO): SelectSelector(who),
                vol.Optional(CONF_ACCOUNT): account_selector(
                    self._names.directory, budget
                ),
            }
        )
        return self.async_show_form(
            step_id="own_account",
            data_schema=self.add_suggested_values_to_schema(schema, user_input),
            errors=errors,
            description_placeholders=near,
        )

    def _keep_account(
        self, people: Mapping[str, str], who: str, account: int | None
    ) -> None:
        """Store an account; drop those of users and devices that are gone."""
        stored = self._stored_options.get(CONF_OWN_ACCOUNTS, {})
        accounts = {**stored, who: account}
        kept = {
            each: number
            for each, number in accounts.items()
            if each in people and number is not None
        }
        self._keep_options({**self._stored_options, CONF_OWN_ACCOUNTS: kept})

    def _listed(self, people: Mapping[str, str]) -> str:
        """Return who has which account, one a line, as Markdown."""
        accounts = self._stored_options.get(CONF_OWN_ACCOUNTS, {})
        labels = labels_of(Kind.ACCOUNT, self._names.directory)
        lines = (
            "- " + plain_text(f"{people[who]}: {labels.get(number, str(number))}")
            for who, number in accounts.items()
            if who in people
        )
        return "\n".join(sorted(lines)) or "–"
