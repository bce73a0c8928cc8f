"""An agent for conversations that repeats what it hears, in place of an AI agent.

After a question it holds the conversation open, as AI agents do that ask back. To "Use",
the name of a tool of Assist and its arguments as JSON it uses the tool, and says what the
tool answers, as JSON.
"""

import json
from typing import Literal, override

from homeassistant.components.conversation import (
    ChatLog,
    ConversationEntity,
    ConversationInput,
    ConversationResult,
)
from homeassistant.components.conversation.const import DATA_COMPONENT
from homeassistant.core import HomeAssistant
from homeassistant.helpers.intent import IntentResponse
from homeassistant.helpers.llm import LLM_API_ASSIST, ToolInput
from homeassistant.helpers.typing import ConfigType


class _Parrot(ConversationEntity):
    _attr_name = "Parrot"
    _attr_unique_id = "parrot"

    @property
    @override
    def supported_languages(self) -> Literal["*"]:
        return "*"

    @override
    async def _async_handle_message(
        self, user_input: ConversationInput, chat_log: ChatLog
    ) -> ConversationResult:
        use, _, order = user_input.text.partition(" ")
        if use == "Use":
            answer = await self._async_use(user_input, chat_log, order)
        else:
            answer = f"Parrot: {user_input.text}"
        response = IntentResponse(language=user_input.language)
        response.async_set_speech(answer)
        return ConversationResult(
            response=response,
            conversation_id=chat_log.conversation_id,
            continue_conversation=user_input.text.endswith("?"),
        )

    async def _async_use(
        self, user_input: ConversationInput, chat_log: ChatLog, order: str
    ) -> str:
        """Use a tool as AI agents do; return what they are told."""
        name, _, arguments = order.partition(" ")
        await chat_log.async_provide_llm_data(
            user_input.as_llm_context("parrot"), LLM_API_ASSIST
        )
        assert chat_log.llm_api is not None
        if name not in {tool.name for tool in chat_log.llm_api.tools}:
            return json.dumps({"error": "no_such_tool"})
        call = ToolInput(name, json.loads(arguments or "{}"))
        return json.dumps((await chat_log.llm_api.async_call_tool(call)).data)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Add the agent."""
    await hass.data[DATA_COMPONENT].async_add_entities([_Parrot()])
    return True
