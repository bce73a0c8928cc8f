"""The options of an entry: the defaults of its actions."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult, OptionsFlow

from .const import CONF_IS_DEFAULT
from .default_entry import all_entries, choose_default, find_default, is_default
from .engine.push.errors import InvalidInputError
from .forms import defaults_schema, parse_defaults, suggest_defaults, to_form_errors


class BudgeroOptionsFlow(OptionsFlow):
    """Changes the defaults of the actions."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the defaults, and which entry is the default one."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                options = parse_defaults(user_input)
            except InvalidInputError as error:
                errors = to_form_errors(error)
            else:
                chosen = user_input.get(CONF_IS_DEFAULT, is_default(self.config_entry))
                errors = self._choose(is_chosen=chosen)
                if not errors:
                    return self.async_create_entry(
                        data={**options, CONF_IS_DEFAULT: chosen}
                    )
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                defaults_schema(
                    self.hass.config.currency, asks_for_default=self._asks_for_default
                ),
                user_input
                or suggest_defaults(self.config_entry.options)
                | {CONF_IS_DEFAULT: is_default(self.config_entry)},
            ),
            errors=errors,
        )

    @property
    def _asks_for_default(self) -> bool:
        """Whether the form has the switch for the default entry."""
        is_alone = len(all_entries(self.hass)) == 1
        return not (is_alone and is_default(self.config_entry))

    def _choose(self, *, is_chosen: bool) -> dict[str, str]:
        """Make this entry the default one, if the switch was turned on.

        It is turned off only by turning on the switch of another entry.
        """
        if is_chosen:
            choose_default(self.hass, self.config_entry)
        elif find_default(self.hass) is self.config_entry:
            return {CONF_IS_DEFAULT: "is_default_needed"}
        return {}
