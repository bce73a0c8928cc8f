"""Talking to Assist from outside: over REST, and through a pipeline."""

from dataclasses import dataclass
from pathlib import Path
import shutil
from typing import Final

from tests.e2e.api import Api
from tests.e2e.household import Household
from tests.e2e.json_value import Json, JsonObject, to_object, to_text

_NOTHING: Final = (
    *("stt_engine", "stt_language", "tts_engine", "tts_language", "tts_voice"),
    *("wake_word_entity", "wake_word_id"),
)

PARROT: Final = "conversation.parrot"
"""An agent in place of an AI agent."""

_AGENT: Final = Path(__file__).parent / "parrot"


@dataclass(frozen=True, kw_only=True)
class Spoken:
    """What Assist answers.

    Attributes:
        speech: What it says.
        conversation_id: Of the conversation, which the next sentence may go on with.
        is_local: Whether Home Assistant has answered itself, not the agent.
    """

    speech: str
    conversation_id: str | None
    is_local: bool


async def add_parrot(household: Household) -> None:
    """Install the agent, and start Home Assistant again."""
    folder = household.installation.folder
    shutil.copytree(_AGENT, folder / "custom_components" / "parrot")
    with (folder / "configuration.yaml").open("a") as file:
        file.write("\nparrot:\n")
    await household.home_assistant.stop()
    await household.home_assistant.start_and_wait()


async def process(api: Api, text: str, **fields: Json) -> str:
    """Say something over REST; return the answer.

    Args:
        api: Home Assistant.
        text: What is said.
        fields: `language`, `agent_id`, `device_id`.
    """
    answer = await api.post("/api/conversation/process", {"text": text, **fields})
    return _speech(to_object(answer["response"]))


async def add_pipeline(api: Api, language: str, agent: str) -> str:
    """Add a voice assistant with an agent; return its id."""
    answer = await api.command(
        "assist_pipeline/pipeline/create",
        name=f"{agent} {language}",
        language=language,
        conversation_engine=agent,
        conversation_language=language,
        **dict.fromkeys(_NOTHING, None),
    )
    return to_text(to_object(answer)["id"])


async def run_pipeline(
    api: Api, pipeline: str, text: str, conversation_id: str | None = None
) -> Spoken:
    """Type something to a voice assistant, as the Assist dialog does."""
    events = await api.follow(
        "assist_pipeline/run",
        "run-end",
        start_stage="intent",
        end_stage="intent",
        pipeline=pipeline,
        conversation_id=conversation_id,
        input={"text": text},
    )
    [end] = [to_object(each["data"]) for each in events if each["type"] == "intent-end"]
    output = to_object(end["intent_output"])
    return Spoken(
        speech=_speech(to_object(output["response"])),
        conversation_id=to_text(output["conversation_id"]),
        is_local=bool(end["processed_locally"]),
    )


def _speech(response: JsonObject) -> str:
    return to_text(to_object(to_object(response["speech"])["plain"])["speech"])
