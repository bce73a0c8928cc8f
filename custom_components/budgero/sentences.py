"""Sentences that Assist understands, in the languages of this household.

This is the only module that uses Home Assistant's manager of sentences, which has no
public interface. Everything else works without it.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.setup import async_when_setup

from .const import CONF_SPOKEN_SENTENCES, DOMAIN
from .default_entry import find_default
from .engine.voice import LANGUAGES, Template, find_language, templates
from .speech import async_answer

if TYPE_CHECKING:
    from hassil.recognize import RecognizeResult

    from homeassistant.components.conversation import ConversationInput

_LOOK_AGAIN: Final = timedelta(hours=1)
"""Interval of looking for other languages, because Assist does not report changes."""


@callback
def async_watch_sentences(hass: HomeAssistant) -> None:
    """Register the sentences once Assist is set up, and keep them up to date.

    The sentences do not belong to an entry, so a reload does not change them. That
    matters because Assist must prepare all sentences again after each change.
    """

    async def start(hass: HomeAssistant, component: str) -> None:
        sentences = _Sentences(hass)
        sentences.update()

        @callback
        def entry_changed(change: ConfigEntryChange, entry: ConfigEntry) -> None:
            if entry.domain == DOMAIN:
                # During a reload the entry is "not loaded" for a moment; that is
                # skipped here.
                hass.loop.call_soon(sentences.update)

        @callback
        def look_again(_: object) -> None:
            sentences.update()

        async_dispatcher_connect(hass, SIGNAL_CONFIG_ENTRY_CHANGED, entry_changed)
        hass.bus.async_listen(EVENT_CORE_CONFIG_UPDATE, look_again)
        async_track_time_interval(
            hass, look_again, _LOOK_AGAIN, cancel_on_shutdown=True
        )

    async_when_setup(hass, "conversation", start)


class _Sentences:
    """The sentences that are registered at the moment.

    All languages share one trigger: Assist calls every trigger that matches, and
    Spanish and Portuguese share sentences.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self._languages: list[str] = []
        self._known: dict[str, Template] = {}
        self._end: CALLBACK_TYPE | None = None

    @callback
    def update(self) -> None:
        """Register the sentences that are wanted now, if they have changed."""
        wanted = _languages(self._hass) if _are_wanted(self._hass) else []
        if wanted == self._languages:
            return
        if self._end is not None:
            self._end()
            self._end = None
        self._languages = wanted
        if wanted:
            self._end = self._register()

    def _register(self) -> CALLBACK_TYPE:
        """Register the sentences; return how to unregister them."""
        # Assist may be missing in this Home Assistant.
        from homeassistant.components.conversation import agent_manager  # noqa: PLC0415

        self._known = {
            template.text: template
            for code in self._languages
            for template in templates(LANGUAGES[code])
        }
        manager = agent_manager.get_agent_manager(self._hass)
        return manager.register_trigger(list(self._known), self._async_matched)

    async def _async_matched(
        self, said: ConversationInput, result: RecognizeResult
    ) -> str | None:
        """Answer a sentence in the language of its template."""
        matched = result.intent_sentence
        template = self._known.get(matched.text or "") if matched else None
        if template is None:
            return None
        # `None` means the default entry; no other one takes its place.
        return await async_answer(self._hass, None, template, said)


@callback
def _are_wanted(hass: HomeAssistant) -> bool:
    """Return whether the default entry is there, and its option is on.

    The entry need not be loaded: Assist then answers that it is not.
    """
    entry = find_default(hass)
    if entry is None or entry.state is ConfigEntryState.NOT_LOADED:
        return False
    return bool(entry.options.get(CONF_SPOKEN_SENTENCES, True))


@callback
def _languages(hass: HomeAssistant) -> list[str]:
    """Return the languages of Home Assistant and its pipelines that are understood."""
    tags = [hass.config.language]
    if "assist_pipeline" in hass.config.components:
        from homeassistant.components.assist_pipeline import async_get_pipelines  # noqa: PLC0415 - optional

        for pipeline in async_get_pipelines(hass):
            tags += [
                pipeline.language,
                pipeline.conversation_language,
                pipeline.stt_language or "",
                pipeline.tts_language or "",
            ]
    found = [find_language(tag) for tag in tags]
    return list(dict.fromkeys(each[0].code for each in found if each is not None))
