"""The steps of the options flow in which a person enters names for ids."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, Final

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult
from homeassistant.const import CONF_ID, CONF_NAME
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from .const import CONF_CURRENCY
from .engine.names import Kind, clean_name
from .engine.push import parse_id
from .engine.push.errors import InputProblem, InvalidInputError
from .forms import to_form_errors
from .name_selectors import CURRENCY, ID, shortened
from .names_by_hand import NameByHand, names_by_hand, put_names
from .words import async_words

CONF_REMOVE: Final = "remove"


class NamesByHandFlow(ConfigEntryBaseFlow):
    """Adds, changes and removes names; each change is stored at once."""

    _changed_name: NameByHand | None = None

    @property
    @abstractmethod
    def _stored_options(self) -> Mapping[str, Any]:
        """The stored options."""

    @abstractmethod
    def _keep_options(self, options: dict[str, Any]) -> None:
        """Store changed options at once, while the dialog stays open."""

    async def async_step_by_hand(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask whether to add, to change or to remove."""
        count = len(names_by_hand(self._stored_options))
        return self.async_show_menu(
            step_id="by_hand",
            menu_options=[
                "add_account",
                "add_category",
                "add_payee",
                "add_budget",
                *(["change_name"] if count else []),
                "finish",
            ],
            description_placeholders={"count": str(count)},
        )

    async def async_step_add_budget(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the name of a budget."""
        return await self._async_step_add(Kind.BUDGET, user_input)

    async def async_step_add_account(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the name of an account."""
        return await self._async_step_add(Kind.ACCOUNT, user_input)

    async def async_step_add_category(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the name of a category."""
        return await self._async_step_add(Kind.CATEGORY, user_input)

    async def async_step_add_payee(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Add the name of a payee."""
        return await self._async_step_add(Kind.PAYEE, user_input)

    async def async_step_change_name(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask which name to change."""
        names = {name.key: name for name in names_by_hand(self._stored_options)}
        if user_input is not None:
            self._changed_name = names.get(user_input[CONF_NAME])
            if self._changed_name is None:  # another dialog has removed it meanwhile
                return await self.async_step_by_hand()
            return await self.async_step_edit_name()
        words = await async_words(self.hass, "selector", "names.options")
        options = [
            SelectOptionDict(value=key, label=_label(name, words))
            for key, name in names.items()
        ]
        selector = SelectSelector(
            SelectSelectorConfig(options=options, mode=SelectSelectorMode.DROPDOWN)
        )
        return self.async_show_form(
            step_id="change_name",
            data_schema=vol.Schema({vol.Required(CONF_NAME): selector}),
        )

    async def async_step_edit_name(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Change or remove a name."""
        old = self._changed_name
        assert old is not None
        errors: dict[str, str] = {}
        if user_input is not None:
            if user_input[CONF_REMOVE]:
                self._put(old, None)
                return await self.async_step_by_hand()
            try:
                new = parse_name(old.kind, user_input, old.id)
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                self._put(old, new)
                return await self.async_step_by_hand()
        schema = _schema(old.kind, asks_for_id=False).extend(
            {vol.Required(CONF_REMOVE, default=False): BooleanSelector()}
        )
        return self.async_show_form(
            step_id="edit_name",
            data_schema=self.add_suggested_values_to_schema(
                schema, user_input or old.row
            ),
            errors=errors,
        )

    async def _async_step_add(
        self, kind: Kind, user_input: dict[str, Any] | None
    ) -> ConfigFlowResult:
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                new = parse_name(kind, user_input, self._id_for(kind, user_input))
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                self._put(new, new)
                return await self.async_step_by_hand()
        return self.async_show_form(
            step_id=f"add_{kind}",
            data_schema=self.add_suggested_values_to_schema(
                _schema(kind, asks_for_id=kind is not Kind.PAYEE), user_input
            ),
            errors=errors,
        )

    def _id_for(self, kind: Kind, user_input: Mapping[str, Any]) -> int:
        """Return the id that was typed; a payee gets a free one below zero.

        Raises:
            InvalidInputError: the text is no id.
        """
        if kind is not Kind.PAYEE:
            return parse_id(user_input[CONF_ID].strip(), CONF_ID)
        names = names_by_hand(self._stored_options)
        return min((0, *(name.id for name in names))) - 1

    def _put(self, old: NameByHand, new: NameByHand | None) -> None:
        """Replace a name, append a new one, or remove it."""
        options = self._stored_options
        names = {name.key: name for name in names_by_hand(options)}
        if new is None:
            names.pop(old.key, None)
        else:
            names[new.key] = new
        self._keep_options(put_names(options, names.values()))


def _schema(kind: Kind, *, asks_for_id: bool) -> vol.Schema:
    ask_id = {vol.Required(CONF_ID): ID}
    ask_currency = {vol.Optional(CONF_CURRENCY): CURRENCY}
    return vol.Schema(
        {
            **(ask_id if asks_for_id else {}),
            vol.Required(CONF_NAME): TextSelector(),
            **(ask_currency if kind is Kind.ACCOUNT else {}),
        }
    )


def parse_name(kind: Kind, user_input: Mapping[str, Any], number: int) -> NameByHand:
    """Return the typed name, cleaned.

    Raises:
        InvalidInputError: it has no visible character.
    """
    name = clean_name(user_input[CONF_NAME])
    if not name:
        raise InvalidInputError(CONF_NAME, InputProblem.MISSING)
    currency = user_input.get(CONF_CURRENCY)
    return NameByHand(kind=kind, id=number, name=name, currency=currency)


def _label(name: NameByHand, words: Mapping[str, str]) -> str:
    """Return kind, id and name as a label for the list."""
    number = "" if name.kind is Kind.PAYEE else f" {name.id}"
    return f"{words[name.kind]}{number}: {shortened(name.name)}"
