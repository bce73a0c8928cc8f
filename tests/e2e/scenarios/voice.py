"""What people say to Assist, with the built-in agent and with another one."""

import asyncio
from typing import Final

from tests.e2e import assist
from tests.e2e.api import Api

from .stage import Stage, require, until

_BUILT_IN: Final = "conversation.home_assistant"

_LUNCH: Final = {
    "en": ("I spent twenty-one euros fifty on lunch", "lunch", "Noted: "),
    "de": (
        "Ich habe zweiundzwanzig Euro fünfzig für Mittagessen ausgegeben",
        "Mittagessen",
        "Notiert: ",
    ),
    "fr": (
        "J'ai dépensé vingt-trois euros cinquante pour le déjeuner",
        "le déjeuner",
        "C'est noté : ",
    ),
    "es": (
        "He gastado veinticuatro euros con cincuenta para la comida",
        "la comida",
        "Anotado: ",
    ),
    "it": (
        "Ho speso venticinque euro e cinquanta per il pranzo",
        "il pranzo",
        "Annotato: ",
    ),
    "nl": (
        "Ik heb zesentwintig euro vijftig uitgegeven aan lunch",
        "lunch",
        "Genoteerd: ",
    ),
    "pl": (
        "Wydałem dwadzieścia siedem euro pięćdziesiąt na obiad",
        "obiad",
        "Zapisane: ",
    ),
    "pt": (
        "Gastei vinte e oito euros e cinquenta para o almoço",
        "o almoço",
        "Anotado: ",
    ),
}
"""In each language a sentence, its memo and the beginning of the answer.

The amounts are 21.50, 22.50 and so on.
"""


async def in_every_language(stage: Stage) -> None:
    """Each sentence is booked once, and what was taken back in time never arrives."""
    async with stage.api() as api:
        for language in _LUNCH:
            await assist.add_pipeline(api, language, _BUILT_IN)
        # Assist does not tell that there is another voice assistant.
        await _reload(stage, api)
        for language, (text, _, noted) in _LUNCH.items():
            said = await assist.process(api, text, language=language)
            require(said.startswith(noted), f"{language}: {said}")
        waiting = await assist.process(api, "How many transactions are waiting?")
        require(waiting == "Transactions waiting: 8.", waiting)
        for place in ("kitchen", "bedroom"):
            await assist.process(api, "I spent 3.33 at Kiosk", device_id=place)
        back = await assist.process(api, "Take back that expense", device_id="kitchen")
        require(back.startswith("Taken back: 3.33 €"), back)
        changed = await assist.process(api, "Change that to 4.44", device_id="bedroom")
        require(changed.startswith("Changed. Noted now: 4.44 €"), changed)
        refused = await assist.process(api, "I spent four twenty on lunch")
        require("Say, for example" in refused, refused)
        other = await assist.process(api, "I spent three hours in the garden")
        require("Noted" not in other, other)
    expected = {
        (21_500 + 1_000 * n, memo) for n, (_, memo, _) in enumerate(_LUNCH.values())
    }
    await _until_booked(stage, expected | {(4_440, "")})


async def agents(stage: Stage) -> None:
    """With another agent: when sentences come first, and when they do not."""
    await assist.add_parrot(stage.household)
    async with stage.api() as api:
        pipeline = await assist.add_pipeline(api, "en", assist.PARROT)

        async def say(text: str, conversation_id: str | None = None) -> assist.Spoken:
            return await assist.run_pipeline(api, pipeline, text, conversation_id)

        # Sentences come before the agent of the pipeline.
        logged = await say("I spent 1.11 on bread")
        require(logged.is_local, logged.speech)
        require(logged.speech.startswith("Noted: 1.11 € for bread"), logged.speech)
        # What is not clear is not passed on to the agent: it would guess.
        refused = await say("I spent four twenty on lunch")
        require(
            refused.is_local and "Say, for example" in refused.speech, refused.speech
        )
        # Other sentences are the agent's.
        other = await say("I spent three hours in the garden")
        require(
            other.speech.startswith("Parrot: ") and not other.is_local, other.speech
        )
        # While the agent waits for an answer, every sentence is its own.
        asked = await say("What now?")
        again = await say("I spent 2.22 on bread", asked.conversation_id)
        require(again.speech == "Parrot: I spent 2.22 on bread", again.speech)
        # Afterwards, and in another conversation, it is ours again.
        later = await say("I spent 3.33 on bread", asked.conversation_id)
        require(later.speech.startswith("Noted: 3.33 €"), later.speech)
        # Who names an agent speaks to it alone.
        named = await assist.process(
            api, "I spent 4.44 on bread", agent_id=assist.PARROT
        )
        require(named == "Parrot: I spent 4.44 on bread", named)
        back = await say("Take back that expense")
        require(back.speech.startswith("Taken back: 3.33 €"), back.speech)
        last = await assist.process(api, "What did I log last?")
        require(last.startswith("Taken back: 3.33 €"), last)
    await _until_booked(stage, {(1_110, "bread")})


async def _reload(stage: Stage, api: Api) -> None:
    entry_id = stage.household.entry.entry_id
    await api.post(f"/api/config/config_entries/entry/{entry_id}/reload", {})


async def _until_booked(stage: Stage, expected: set[tuple[int, str]]) -> None:
    """Let the app be opened until this is booked, each once, and nothing else."""

    def booked() -> list[tuple[int, str]]:
        stage.server.apply()
        return sorted((each.outflow, each.memo) for each in stage.server.bookings)

    async def is_so() -> bool:
        return booked() == sorted(expected)

    await until(is_so, f"Should be booked: {sorted(expected)}", patience=30)
    await asyncio.sleep(1)  # nothing comes after it
    require(booked() == sorted(expected), f"Booked: {booked()}")
