"""Home Assistant's own matcher of sentences, without a Home Assistant around it."""

from types import SimpleNamespace
from typing import cast

from hassil.recognize import RecognizeResult

from custom_components.budgero.engine.voice import LANGUAGES, Template, templates
from homeassistant.components.conversation.agent_manager import AgentManager
from homeassistant.components.conversation.default_agent import DefaultAgent
from homeassistant.components.conversation.models import ConversationInput
from homeassistant.core import Context, HomeAssistant


class _Stub:
    """As much of Home Assistant as it takes to match a sentence."""

    def __init__(self, language: str) -> None:
        self.config = SimpleNamespace(language=language)


class Matcher:
    """Home Assistant's matcher of sentences, with those of all languages."""

    def __init__(self, manager: AgentManager, agent: DefaultAgent) -> None:
        """Take the manager of sentences, and the agent that matches them."""
        self._manager = manager
        self._agent = agent
        self._known: dict[str, Template] = {}

    @classmethod
    def of_all_languages(cls, language: str = "en") -> Matcher:
        """Return a matcher in which all sentences are registered.

        Args:
            language: Home Assistant's own.
        """
        hass = cast("HomeAssistant", _Stub(language))
        manager, agent = AgentManager(hass), DefaultAgent(hass)
        manager.subscribe_intents(agent._update_intents)  # noqa: SLF001 - it needs a hass
        matcher = cls(manager, agent)
        matcher.register(
            [each for known in LANGUAGES.values() for each in templates(known)]
        )
        return matcher

    def register(self, sentences: list[Template]) -> None:
        """Add sentences."""
        self._known |= {template.text: template for template in sentences}
        self._manager.register_trigger([each.text for each in sentences], _say_nothing)

    async def match(self, text: str, language: str = "en") -> Template | None:
        """Return the sentence that a text is.

        Args:
            text: as somebody says or types it.
            language: of the pipeline; it decides nothing here.
        """
        said = ConversationInput(
            text=text,
            context=Context(),
            conversation_id=None,
            device_id=None,
            satellite_id=None,
            language=language,
            agent_id="conversation.home_assistant",
        )
        result = await self._agent.async_recognize_sentence_trigger(said)
        if result is None:
            return None
        for matched in result.matched_triggers.values():
            if matched.intent_sentence is not None:
                return self._known[matched.intent_sentence.text or ""]
        return None


async def _say_nothing(said: ConversationInput, result: RecognizeResult) -> None:
    """Stand in for what is done with a sentence."""
