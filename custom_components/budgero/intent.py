"""Intents for people who write sentences of their own.

The amount is read from the text itself, because Home Assistant removes decimals and
separators from what it puts into slots.
"""

from dataclasses import replace
from typing import Final, override

import voluptuous as vol

from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.intent import (
    Intent,
    IntentHandler,
    IntentResponse,
    IntentResponseErrorCode,
    async_register,
)

from .engine.draft import Draft
from .engine.push import Direction
from .engine.voice import (
    LANGUAGES,
    Details,
    Household,
    Misheard,
    Problem,
    Speaker,
    Task,
    find_language,
    hear_amount,
    speaker_of,
)
from .hearing import currency_for, stranger
from .loaded_entry import async_get_entry
from .permissions import async_check_may_log
from .speech import Answering, apology
from .spoken_log import Author

_AMOUNT: Final = "amount"
_PRESET: Final = "preset"
_TEXTS: Final = ("payee", "memo", "account", "category", _PRESET)


async def async_setup_intents(hass: HomeAssistant) -> None:
    """Register the intents."""
    async_register(hass, AddIntent("BudgeroAddExpense", Direction.EXPENSE))
    async_register(hass, AddIntent("BudgeroAddIncome", Direction.INCOME))


class AddIntent(IntentHandler):
    """Logs a transaction, and answers as the sentences do."""

    def __init__(self, intent_type: str, direction: Direction) -> None:
        """Take the name of the intent, and whether it logs expenses or income."""
        self.intent_type = intent_type
        self.description = f"Log an {direction} in Budgero"
        self._direction = direction

    @property
    @override
    def slot_schema(self) -> dict[vol.Marker, object]:
        """The slots: names and texts as said; the amount only marks its place."""
        return {
            vol.Optional(_AMOUNT): vol.Any(str, int, float),
            **{vol.Optional(name): cv.string for name in _TEXTS},
        }

    @override
    async def async_handle(self, intent_obj: Intent) -> IntentResponse:
        """Log the transaction; answer a refusal as an error, so no AI agent gets it."""
        hass, response = intent_obj.hass, intent_obj.create_response()
        slots = {
            name: slot["value"]
            for name, slot in self.async_validate_slots(intent_obj.slots).items()
            if slot["value"] not in (None, "")
        }
        author = Author(
            context=intent_obj.context,
            device_id=intent_obj.device_id,
            satellite_id=intent_obj.satellite_id,
        )
        household = stranger(hass, intent_obj.language)
        speaker = _speaker(intent_obj.language, household)
        try:
            entry = await async_get_entry(hass, None)
            await async_check_may_log(hass, entry, author.context)
            texts = {name: str(slots[name]) for name in _TEXTS if name in slots}
            account = author.own_account(entry) or entry.runtime_data.defaults.account
            named = Details(account=texts.get("account"), preset=texts.get(_PRESET))
            currency = currency_for(entry, named, account)
            household = replace(household, currency=currency)
            speaker = _speaker(intent_obj.language, household)
            amount = self._hear(intent_obj, slots, household)
            if not isinstance(amount, Misheard):
                draft = Draft(amount=amount, type=self._direction, **texts)
                answering = Answering(hass=hass, author=author, speaker=speaker)
                response.async_set_speech(await answering.async_note(entry, draft))
                return response
            refusal = speaker.refusal(amount)
        except Exception as error:  # noqa: BLE001 - its text could show the sentence
            refusal = apology(error, Task.ADD, speaker)
        response.async_set_error(IntentResponseErrorCode.FAILED_TO_HANDLE, refusal)
        return response

    def _hear(
        self, said: Intent, slots: dict[str, object], household: Household
    ) -> object:
        """Return the amount, `None` to use that of the preset, or why there is none."""
        given, text = slots.get(_AMOUNT), said.text_input
        if text is None:  # the intent was called by a program, without a sentence
            if given is not None and not isinstance(given, str):
                return given
            text = given or ""
        heard = hear_amount(text, said.language, self._direction, household)
        is_missing = isinstance(heard, Misheard) and heard.problem is Problem.MISSING
        return None if is_missing and _PRESET in slots else heard


def _speaker(tag: str, household: Household) -> Speaker:
    """Return the speaker of a language, of English if the language is not known."""
    found = find_language(tag)
    return speaker_of(found[0] if found else LANGUAGES["en"], household)
