"""The step of the options about AI agents."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import voluptuous as vol

from homeassistant.config_entries import ConfigEntryBaseFlow, ConfigFlowResult
from homeassistant.helpers.selector import (
    BooleanSelector,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .agent_phone import phones
from .const import CONF_AGENT_PHONE, CONF_AI_AGENTS, CONF_CURRENCY
from .engine.agent_limits import agent_limits


class AgentsFlow(ConfigEntryBaseFlow):
    """Asks whether AI agents may add transactions, and which phone is asked."""

    @property
    @abstractmethod
    def _stored_options(self) -> Mapping[str, Any]:
        """The stored options."""

    async def async_step_agents(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for both; if no phone is chosen, only a repair asks a person."""
        stored = dict(self._stored_options)
        if user_input is not None:
            stored.pop(CONF_AGENT_PHONE, None)
            return self.async_create_entry(data={**stored, **user_input})
        chosen: str | None = stored.get(CONF_AGENT_PHONE)
        known = dict.fromkeys([*phones(self.hass), *([chosen] if chosen else [])])
        schema: dict[vol.Marker, object] = {
            vol.Required(
                CONF_AI_AGENTS, default=stored.get(CONF_AI_AGENTS, False)
            ): BooleanSelector()
        }
        if known:
            marker = vol.Optional(
                CONF_AGENT_PHONE, description={"suggested_value": chosen}
            )
            schema[marker] = SelectSelector(
                SelectSelectorConfig(
                    options=[
                        SelectOptionDict(value=phone, label=f"notify.{phone}")
                        for phone in known
                    ],
                    mode=SelectSelectorMode.DROPDOWN,
                )
            )
        currency = stored.get(CONF_CURRENCY, self.hass.config.currency)
        limits = agent_limits(currency)
        return self.async_show_form(
            step_id="agents",
            data_schema=vol.Schema(schema),
            description_placeholders={
                "call": f"{limits.call:,f} {currency}",
                "day": f"{limits.day:,f} {currency}",
            },
        )
