"""The repair dialog about a transaction that an AI agent wants to log."""

from typing import Any, Final

import voluptuous as vol

from homeassistant.components.repairs import RepairsFlowResult
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from .agent_log import agent_log
from .agent_wish import Wish
from .models import BudgeroConfigEntry
from .repair_flow import EntryRepairFlow
from .shielded import async_shielded
from .transaction_label import Wording, label_of_transaction
from .words import async_words

CONF_ANSWER: Final = "answer"
LOG: Final = "log"
DISCARD: Final = "discard"


class AgentRepairFlow(EntryRepairFlow):
    """Shows the transaction, and logs or discards it.

    The transaction is shown as the label of a choice. In a description its text, which
    an agent has written, would be rendered as Markdown.
    """

    def __init__(self, entry_id: str, message_id: str) -> None:
        """Take the ids of entry and question."""
        super().__init__(entry_id, {})
        self._message_id = message_id

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Begin; the input with which the dialog was opened is not used."""
        return await self.async_step_ask()

    async def async_step_ask(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask for the answer, and carry it out."""
        if (entry := self._entry) is None:
            return self.async_abort(reason="not_loaded")
        log = agent_log(self.hass)
        if (wish := log.question(self._message_id)) is None:
            return self.async_abort(reason="answered")
        if user_input is None:
            return self.async_show_form(
                step_id="ask",
                data_schema=await self._async_schema(entry, wish),
                description_placeholders={"title": entry.title},
            )
        if user_input[CONF_ANSWER] == DISCARD:
            log.discard(self._message_id)
            return self.async_create_entry(data={})
        try:
            await async_shielded(self.hass, log.async_confirm(self._message_id))
        except HomeAssistantError as error:
            if error.translation_key in ("storage_failed", "closed"):
                return self._async_end(error)
            return self.async_abort(reason="refused")
        return self.async_create_entry(data={})

    async def _async_schema(self, entry: BudgeroConfigEntry, wish: Wish) -> vol.Schema:
        """Return the two answers; the first one names the transaction."""
        words = await async_words(self.hass, "selector", "transaction_label.options")
        answers = await async_words(self.hass, "selector", "agent_answer.options")
        names = entry.runtime_data.names.index
        label = label_of_transaction(
            wish.transaction, Wording(wish.currency, names, words)
        )
        options = [
            SelectOptionDict(value=LOG, label=f"{answers[LOG]}: {label}"),
            SelectOptionDict(value=DISCARD, label=answers[DISCARD]),
        ]
        choice = SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
        return vol.Schema({vol.Required(CONF_ANSWER): SelectSelector(choice)})
