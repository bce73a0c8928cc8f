"""How tests let an AI agent call the tools, as Assist and MCP do."""

import asyncio

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import CONF_AI_AGENTS
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.llm import (
    LLM_API_ASSIST,
    APIInstance,
    LLMContext,
    ToolInput,
    ToolResult,
    async_get_api,
)
from homeassistant.setup import async_setup_component
from homeassistant.util.json import JsonValueType

from .support import running

ADD_TOOL = "budgero__add_transaction"
STATUS_TOOL = "budgero__queue_status"
UNDO_TOOL = "budgero__undo"

WAITING = "waiting_to_be_sent"
ASKED = "not_logged_an_administrator_is_asked"


async def allow_agents(
    hass: HomeAssistant, entry: MockConfigEntry, **options: object
) -> None:
    """Turn the option on, and set up what Assist's tools need."""
    for component in ("homeassistant", "conversation", "llm"):
        assert await async_setup_component(hass, component, {})
    options = {CONF_AI_AGENTS: True, **options}
    hass.config_entries.async_update_entry(entry, options={**entry.options, **options})
    await hass.async_block_till_done()


async def agent_of(
    hass: HomeAssistant,
    *,
    context: Context | None = None,
    device_id: str | None = None,
    api_id: str = LLM_API_ASSIST,
) -> APIInstance:
    """Return what an agent gets for one run."""
    run = LLMContext(
        platform="test",
        context=context or Context(),
        language="*",
        assistant="conversation",
        device_id=device_id,
    )
    return await async_get_api(hass, api_id, run)


async def use(
    hass: HomeAssistant,
    tool: str,
    *,
    context: Context | None = None,
    device_id: str | None = None,
    **arguments: JsonValueType,
) -> ToolResult:
    """Let an agent call a tool in a run of its own, unless a context is given."""
    agent = await agent_of(hass, context=context, device_id=device_id)
    return await agent.async_call_tool(ToolInput(tool, dict(arguments)))


async def until_sent(entry: MockConfigEntry) -> None:
    """Wait until nothing in the outbox waits."""
    async with asyncio.timeout(20):
        while (await running(entry).store.review.counts()).waiting:
            await asyncio.sleep(0.005)
