"""Triggers: run an automation for each accepted, processed or failed transaction."""

from typing import ClassVar, Final, cast, override

import voluptuous as vol

from homeassistant.const import ATTR_CONFIG_ENTRY_ID, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .engine.outbox import State, StateChange
from .state_changes import FAILURES, SIGNAL_STATE_CHANGED

SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_OPTIONS, default=dict): {
            vol.Optional(ATTR_CONFIG_ENTRY_ID): cv.string
        }
    }
)


class TransactionTrigger(Trigger):
    """Fires once for each transaction that enters one of its states."""

    states: ClassVar[tuple[State, ...]]
    description: ClassVar[str]

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Refuse an entry that does not exist, because the automation would never run.

        Raises:
            Invalid: there is no such Budgero entry, or an option is unknown.
        """
        config = cast("ConfigType", SCHEMA(config))
        if (entry_id := config[CONF_OPTIONS].get(ATTR_CONFIG_ENTRY_ID)) is not None:
            entry = hass.config_entries.async_get_entry(entry_id)
            if entry is None or entry.domain != DOMAIN:
                msg = f"{ATTR_CONFIG_ENTRY_ID} is not the ID of a Budgero entry"
                raise vol.Invalid(msg)
        return config

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take the configuration."""
        super().__init__(hass, config)
        self._entry_id = (config.options or {}).get(ATTR_CONFIG_ENTRY_ID)

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen for changes; the entry need not be loaded yet."""

        @callback
        def fire(entry_id: str, change: StateChange) -> None:
            if change.state in self.states and self._entry_id in (None, entry_id):
                run_action(
                    {
                        "message_id": change.message_id,
                        ATTR_CONFIG_ENTRY_ID: entry_id,
                        "at": dt_util.as_local(dt_util.utc_from_timestamp(change.at)),
                    },
                    self.description,
                )

        return async_dispatcher_connect(self._hass, SIGNAL_STATE_CHANGED, fire)


class TransactionAcceptedTrigger(TransactionTrigger):
    """Fires when Budgero's server has accepted a transaction."""

    states = (State.ACCEPTED,)
    description = "Budgero accepted a transaction"


class TransactionProcessedTrigger(TransactionTrigger):
    """Fires when a Budgero app has applied a transaction."""

    states = (State.PROCESSED,)
    description = "Budgero processed a transaction"


class TransactionFailedTrigger(TransactionTrigger):
    """Fires when a transaction was reported as failed."""

    states = FAILURES
    description = "a transaction for Budgero failed"


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "transaction_accepted": TransactionAcceptedTrigger,
    "transaction_processed": TransactionProcessedTrigger,
    "transaction_failed": TransactionFailedTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers of Budgero."""
    return TRIGGERS
