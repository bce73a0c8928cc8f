"""The tools of AI agents: log a transaction, look at the queue, take back.

They are there once the default entry's options say so. Home Assistant does not check the
arguments of tools, so each tool applies its own schema.

An agent is not told any names beforehand: the tools would carry them to its provider with
every question, about the weather too, and it is not known there who asks. An unknown name
is refused with those that it may mean, to whoever may log; payees are never named.
"""

from abc import abstractmethod
from typing import Final, override

import voluptuous as vol

from homeassistant.components.llm import LLMTools
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    LLMContext,
    Tool,
    ToolAnnotations,
    ToolInput,
    ToolResult,
)
from homeassistant.util.json import JsonObjectType

from .agent_log import agent_log
from .agent_names import LISTED, async_choices
from .agent_wish import Answer, agents_may_add
from .agent_words import (
    PROMPT,
    STANDS,
    answer_result,
    noted_result,
    refusal,
    refusal_of,
    taken_result,
    wrong_arguments,
)
from .const import DOMAIN, LOGGER
from .default_entry import find_default
from .engine.draft import Draft
from .errors import to_queue_error, translated
from .loaded_entry import async_get_entry
from .models import BudgeroConfigEntry
from .permissions import async_check_may_log
from .spoken_log import Author, spoken_log

# Text and number: models send both.
_AMOUNT: Final = vol.Any(str, int, float)


@callback
def async_get_tools(
    hass: HomeAssistant, llm_context: LLMContext, api_id: str
) -> LLMTools | None:
    """Return the tools for Assist, `None` unless the default entry allows them."""
    entry = find_default(hass)
    if (
        api_id != LLM_API_ASSIST
        or entry is None
        or entry.state is not ConfigEntryState.LOADED
        or not agents_may_add(entry)
    ):
        return None
    prompt = PROMPT.format(currency=entry.runtime_data.defaults.currency)
    return LLMTools(
        tools=[AddTransactionTool(), QueueStatusTool(), UndoTool()], prompt=prompt
    )


class BudgeroTool(Tool):
    """A tool that checks its arguments and who calls, and raises nothing."""

    integration = DOMAIN

    @override
    async def async_call(
        self, hass: HomeAssistant, tool_input: ToolInput, llm_context: LLMContext
    ) -> ToolResult:
        """Do what the agent asks for."""
        author = Author(
            context=llm_context.context or Context(), device_id=llm_context.device_id
        )
        try:
            given = self.parameters(_without_blanks(tool_input.tool_args))
        except vol.Invalid as error:
            return wrong_arguments(str(error))
        try:
            entry = await async_get_entry(hass, None)
            if not agents_may_add(entry):
                return refusal("turned_off")
            await async_check_may_log(hass, entry, author.context)
            return await self._async_do(hass, entry, given, author)
        except HomeAssistantError as error:
            return refusal_of(error)
        except Exception as error:  # noqa: BLE001 - its text could show what was logged
            LOGGER.error("A tool for AI agents failed: %s", type(error).__name__)
            return refusal("failed")

    @abstractmethod
    async def _async_do(
        self,
        hass: HomeAssistant,
        entry: BudgeroConfigEntry,
        given: JsonObjectType,
        author: Author,
    ) -> ToolResult:
        """Do it.

        Raises:
            HomeAssistantError: nothing was done.
        """


class AddTransactionTool(BudgeroTool):
    """Logs an expense or an income."""

    name = f"{DOMAIN}__add_transaction"
    title = "Log an expense or income"
    description = (
        "Log one expense or income in the household's Budgero budget. Call it once for"
        " each purchase, payment or income that a person states; never for plans,"
        " questions or prices. It is then waiting to be sent, not booked. Leave out"
        " what the person did not say."
    )
    parameters = vol.Schema(
        {
            vol.Optional(
                "amount",
                description=(
                    "How much, exactly as said and above zero, such as 12.5 or"
                    ' "12.50". If the person names a currency, add its code:'
                    ' "12.50 EUR". No thousands separators. Required unless a preset'
                    " has an amount."
                ),
            ): _AMOUNT,
            vol.Optional(
                "type",
                description="Whether money was spent or received; expense if left out.",
            ): vol.In(["expense", "income"]),
            vol.Optional(
                "payee", description="The shop or person that was paid, or that paid."
            ): str,
            vol.Optional("memo", description="What it was for, in a few words."): str,
            vol.Optional(
                "date",
                description="The day, as YYYY-MM-DD; today if left out.",
            ): str,
            vol.Optional(
                "account",
                description=(
                    "Name of the account, only if the person names one. An unknown"
                    " name is refused with those that exist."
                ),
            ): str,
            vol.Optional(
                "category",
                description=(
                    "Name of the budget category, only if the person names one. An"
                    " unknown name is refused with those that exist."
                ),
            ): str,
            vol.Optional(
                "preset",
                description=(
                    "Name of a template of the household, only if the person names"
                    " one. What it has may be left out here."
                ),
            ): str,
            vol.Optional(
                "another",
                description=(
                    "true only if the same was logged within ten minutes and the"
                    " person really means a second one, such as a second coffee."
                ),
            ): bool,
        }
    )
    annotations = ToolAnnotations(
        read_only=False, destructive=False, idempotent=False, open_world=True
    )

    @override
    async def _async_do(
        self,
        hass: HomeAssistant,
        entry: BudgeroConfigEntry,
        given: JsonObjectType,
        author: Author,
    ) -> ToolResult:
        is_another = bool(given.pop("another", False))
        if (field := _number_as_name(given)) is not None:
            choices = await async_choices(hass, entry, field, "")
            return refusal("not_a_name", field, **choices)
        try:
            done = await agent_log(hass).async_log(
                entry, Draft(**given), author, is_another=is_another
            )
        except HomeAssistantError as error:
            return await _async_refuse_draft(hass, entry, given, error)
        if isinstance(done, Answer):
            return answer_result(done)
        return noted_result(done)


class QueueStatusTool(BudgeroTool):
    """Tells how many transactions stand where."""

    name = f"{DOMAIN}__queue_status"
    title = "Ask what waits for Budgero"
    description = (
        "Tell how many transactions wait to be sent to Budgero, how many it has not"
        " booked yet, how many need a person, and what became of the last one that this"
        " person logged. It names no amounts."
    )
    parameters = vol.Schema({})
    annotations = ToolAnnotations(
        read_only=True, destructive=False, idempotent=True, open_world=False
    )

    @override
    async def _async_do(
        self,
        hass: HomeAssistant,
        entry: BudgeroConfigEntry,
        given: JsonObjectType,
        author: Author,
    ) -> ToolResult:
        outbox = entry.runtime_data.outbox
        last = spoken_log(hass).last(author)
        is_of_entry = last is not None and last.entry_id == entry.entry_id
        with translated(to_queue_error):
            overview = await outbox.overview()
            row = await outbox.get(last.message_id) if last and is_of_entry else None
        counts = overview.counts
        result: JsonObjectType = {
            "waiting_to_be_sent": counts.waiting,
            "sent_but_not_booked_yet": counts.accepted,
            "need_a_person": counts.failed
            + counts.vanished
            + counts.duplicate
            + counts.unknown,
            "wait_for_an_administrator": agent_log(hass).waiting_for_person(entry),
            "nothing_is_sent_because_of": outbox.hold and str(outbox.hold),
            "last_logged": None
            if row is None
            else STANDS.get(row.state, "needs_a_person"),
        }
        return ToolResult(result)


class UndoTool(BudgeroTool):
    """Takes back what the same person logged last."""

    name = f"{DOMAIN}__undo"
    title = "Take back the last transaction"
    description = (
        "Take back the transaction that this person logged last by voice or through an"
        " AI agent, within five minutes. Only in the first seconds is that certain; the"
        " answer says what is true. Call it only when the person asks for it."
    )
    parameters = vol.Schema({})
    annotations = ToolAnnotations(
        read_only=False, destructive=True, idempotent=True, open_world=True
    )

    @override
    async def _async_do(
        self,
        hass: HomeAssistant,
        entry: BudgeroConfigEntry,
        given: JsonObjectType,
        author: Author,
    ) -> ToolResult:
        taken = await spoken_log(hass).async_take_back(author)
        if taken is None or taken.fate is None:
            return refusal("nothing_to_take_back")
        return taken_result(taken, taken.fate)


def _without_blanks(arguments: JsonObjectType) -> JsonObjectType:
    """Leave out what models write for "not given"."""
    return {
        name: value
        for name, value in arguments.items()
        if value is not None and not (isinstance(value, str) and not value.strip())
    }


def _number_as_name(given: JsonObjectType) -> str | None:
    """Return the name of a field that has an id: a model could only guess it."""
    for field in ("account", "category"):
        value = given.get(field)
        if isinstance(value, str) and value.strip().isdecimal():
            return field
    return None


async def _async_refuse_draft(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    given: JsonObjectType,
    error: HomeAssistantError,
) -> ToolResult:
    """Say why a draft was refused, and which names there are."""
    field = (error.translation_placeholders or {}).get("field", "")
    if error.translation_key == "missing_account":
        field = "account"
    if field not in LISTED or error.translation_key == "invalid_not_an_id":
        return refusal_of(error)
    choices = await async_choices(hass, entry, field, str(given.get(field, "")))
    return refusal_of(error, **choices)
