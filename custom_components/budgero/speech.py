"""Answers a sentence that Assist has matched.

No exception may reach Home Assistant from here: Assist would then say nothing, or
"Done".
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .engine.draft import Draft
from .engine.names import Budget, Kind
from .engine.places import Places
from .engine.push.errors import InvalidInputError
from .engine.voice import (
    LANGUAGES,
    Household,
    Misheard,
    Question,
    RecentlySaid,
    Reply,
    Speaker,
    Spoken,
    Template,
    Understood,
    Vocabulary,
    listen,
    speaker_of,
)
from .intake import async_add_transaction, async_get_entry
from .models import BudgeroConfigEntry
from .presets import find_preset, presets_of

if TYPE_CHECKING:
    from homeassistant.components.conversation import ConversationInput

_RECENTLY_SAID: HassKey[RecentlySaid] = HassKey(f"{DOMAIN}_recently_said")

_REPLIES: Final = {
    "may_not_log": Reply.NOT_ALLOWED,
    "missing_account": Reply.NO_ACCOUNT,
    "missing_budget": Reply.NO_ACCOUNT,
    "invalid_unknown_name": Reply.UNKNOWN_NAME,
    "invalid_ambiguous_name": Reply.UNKNOWN_NAME,
    "storage_failed": Reply.NOT_SAVED,
    "outbox_full": Reply.NOT_SAVED,
}
"""The replies for errors of `intake`, by translation key."""


async def async_answer(
    hass: HomeAssistant,
    entry_id: str | None,
    template: Template,
    said: ConversationInput,
) -> str:
    """Carry a sentence out, and return the answer in its language.

    Args:
        hass: Home Assistant.
        entry_id: of the Budgero space; `None` for the default one.
        template: the sentence template that matched.
        said: the sentence, the user and the device.
    """
    try:
        entry = await async_get_entry(hass, entry_id)
        return await _async_answer(hass, entry, template, said)
    except HomeAssistantError as error:
        reply = _REPLIES.get(error.translation_key or "", Reply.NOT_SET_UP)
    except Exception as error:  # noqa: BLE001 - Assist would say "Done"
        # A traceback could show the sentence.
        LOGGER.error("A spoken sentence was not logged: %s", type(error).__name__)
        reply = Reply.FAILED
    today, currency = dt_util.now().date(), hass.config.currency
    household = Household(currency=currency, today=today, tags=_tags(hass, said))
    return speaker_of(LANGUAGES[template.language], household).reply(reply)


async def _async_answer(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    template: Template,
    said: ConversationInput,
) -> str:
    household = _household(hass, entry, said)
    understood, speaker = _understand(entry, household, template, said.text)
    match understood:
        case Misheard() as misheard:
            return speaker.refusal(misheard)
        case Question():
            # Sentences that ask something else are not registered.
            return speaker.reply(Reply.FAILED)
        case Spoken() as spoken:
            return await _async_log(hass, entry, speaker, spoken, said)


def _understand(
    entry: BudgeroConfigEntry, household: Household, template: Template, text: str
) -> tuple[Understood, Speaker]:
    """Understand a sentence in the currency of the account that it names, if any."""
    understood, speaker = listen(text, template, household)
    if isinstance(understood, Spoken):
        currencies = {_currency(entry, understood)}
    else:
        currencies = _other_currencies(entry)
    for currency in currencies - {household.currency}:
        other = replace(household, currency=currency)
        again, its_speaker = listen(text, template, other)
        if isinstance(again, Spoken) and _currency(entry, again) == currency:
            return again, its_speaker
    return understood, speaker


async def _async_log(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    speaker: Speaker,
    spoken: Spoken,
    said: ConversationInput,
) -> str:
    """Log what was said.

    Raises:
        HomeAssistantError: it was not logged; and whatever else goes wrong.
    """
    recent = hass.data.setdefault(_RECENTLY_SAID, RecentlySaid())
    repeated = recent.say(said.context.id, entry.entry_id, spoken, hass.loop.time())
    try:
        receipt = await async_add_transaction(
            hass,
            entry.entry_id,
            to_draft(spoken, repeated.message_id),
            context=said.context,
            undoable=True,
            logged_by=said.satellite_id or said.device_id,
        )
    except Exception:
        recent.forget(repeated.message_id)
        raise
    summary = speaker.summary(spoken, account=_account_name(entry, spoken))
    if receipt.hold is not None:
        return speaker.reply(Reply.HELD, summary=summary)
    reply = Reply.NOTED_AGAIN if repeated.is_again else Reply.NOTED
    return speaker.reply(reply, summary=summary)


def to_draft(spoken: Spoken, message_id: str) -> Draft:
    """Return the draft of a sentence."""
    details = spoken.details
    return Draft(
        amount=spoken.amount,
        type=spoken.direction,
        payee=details.payee,
        memo=details.memo,
        date=details.day,
        account=details.account,
        category=details.category,
        preset=details.preset,
        message_id=message_id,
    )


def _tags(hass: HomeAssistant, said: ConversationInput) -> tuple[str, ...]:
    """Return the languages that are spoken here, the likeliest first."""
    own = hass.config.language
    return said.language, own, f"{own}-{hass.config.country or ''}"


def _household(
    hass: HomeAssistant, entry: BudgeroConfigEntry, said: ConversationInput
) -> Household:
    """Return what a sentence is understood with."""
    data = entry.runtime_data
    presets = presets_of(entry)
    return Household(
        currency=_places(entry).currency_of(data.defaults.account),
        today=dt_util.now().date(),
        vocabulary=Vocabulary(
            presets=tuple(
                name
                for preset in presets
                for name in (preset.name, *preset.spoken_names)
            ),
            payees=_names(entry, Kind.PAYEE),
            accounts=_names(entry, Kind.ACCOUNT),
            categories=_names(entry, Kind.CATEGORY),
        ),
        tags=_tags(hass, said),
    )


def _places(entry: BudgeroConfigEntry) -> Places:
    data = entry.runtime_data
    return Places(data.names.index, data.defaults.budget, data.defaults.currency)


def _names(entry: BudgeroConfigEntry, kind: Kind) -> tuple[str, ...]:
    """Return the names of one kind in the budget in use."""
    data = entry.runtime_data
    return tuple(
        each.name
        for each in data.names.directory.entries(kind)
        if not isinstance(each, Budget) and each.budget in (None, data.defaults.budget)
    )


def _other_currencies(entry: BudgeroConfigEntry) -> set[str]:
    """Return the currencies of the accounts that are known."""
    accounts = entry.runtime_data.names.directory.accounts
    return {account.currency for account in accounts if account.currency}


def _account_of(entry: BudgeroConfigEntry, spoken: Spoken) -> int | None:
    """Return the id of the account that is used, as far as it can be told."""
    details = spoken.details
    places = _places(entry)
    try:
        if (said := places.read(Kind.ACCOUNT, details.account, "account")) is not None:
            return said
        if details.preset is not None:
            preset = find_preset(entry, details.preset)
            if preset.account is not None:
                return preset.account
    except InvalidInputError:
        return None  # the one door refuses it
    return entry.runtime_data.defaults.account


def _currency(entry: BudgeroConfigEntry, spoken: Spoken) -> str:
    return _places(entry).currency_of(_account_of(entry, spoken))


def _account_name(entry: BudgeroConfigEntry, spoken: Spoken) -> str | None:
    """Return the name of the account that is used, if it is known."""
    number = _account_of(entry, spoken)
    if number is None:
        return None
    account = entry.runtime_data.names.index.get(Kind.ACCOUNT, number)
    return None if account is None else account.name or None
