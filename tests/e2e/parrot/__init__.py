"""An agent for conversations that repeats what it hears, in place of an AI agent.

After a question it holds the conversation open, as AI agents do that ask back.
"""

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
        response = IntentResponse(language=user_input.language)
        response.async_set_speech(f"Parrot: {user_input.text}")
        return ConversationResult(
            response=response,
            conversation_id=chat_log.conversation_id,
            continue_conversation=user_input.text.endswith("?"),
        )


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Add the agent."""
    await hass.data[DATA_COMPONENT].async_add_entities([_Parrot()])
    return True
