"""Answers a sentence that Assist has matched.

No exception may reach Home Assistant from here: Assist would then say nothing, or
"Done".
"""

from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN, LOGGER
from .engine.draft import Draft
from .engine.names import Directory, Kind
from .engine.places import Places
from .engine.voice import (
    Household,
    Misheard,
    Question,
    RecentlySaid,
    Reply,
    Speaker,
    Spoken,
    Template,
    Vocabulary,
    speaker_of,
    understand,
)
from .intake import async_add_transaction, async_get_data
from .models import BudgeroData

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
    household = _stranger(hass, said.language)
    try:
        data = await async_get_data(hass, entry_id)
        household = _household(data, said.language)
        return await _async_answer(hass, data, household, template, said)
    except HomeAssistantError as error:
        reply = _REPLIES.get(error.translation_key or "", Reply.NOT_SET_UP)
    except Exception as error:  # noqa: BLE001 - Assist would say "Done"
        # A traceback could show the sentence.
        LOGGER.error("A spoken sentence was not logged: %s", type(error).__name__)
        reply = Reply.FAILED
    return speaker_of(template, household).reply(reply)


async def _async_answer(
    hass: HomeAssistant,
    data: BudgeroData,
    household: Household,
    template: Template,
    said: ConversationInput,
) -> str:
    speaker = speaker_of(template, household)
    match understand(said.text, template, household):
        case Misheard() as misheard:
            return speaker.refusal(misheard)
        case Question():
            # Sentences that ask something else are not registered.
            return speaker.reply(Reply.FAILED)
        case Spoken() as spoken:
            return await _async_log(hass, data, speaker, spoken, said)


async def _async_log(
    hass: HomeAssistant,
    data: BudgeroData,
    speaker: Speaker,
    spoken: Spoken,
    said: ConversationInput,
) -> str:
    """Log the transaction of a sentence.

    Raises:
        HomeAssistantError: it was not logged.
    """
    recent = hass.data.setdefault(_RECENTLY_SAID, RecentlySaid())
    repeated = recent.say(said.context.id, data.entry_id, spoken, hass.loop.time())
    draft = to_draft(spoken, repeated.message_id)
    try:
        receipt = await async_add_transaction(
            hass, data.entry_id, draft, context=said.context
        )
    except HomeAssistantError:
        recent.forget(repeated.message_id)
        raise
    summary = speaker.summary(spoken, account=_account_name(data, spoken))
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
        message_id=message_id,
    )


def _stranger(hass: HomeAssistant, tag: str) -> Household:
    """Return a household without any names."""
    return Household(currency=hass.config.currency, today=dt_util.now().date(), tag=tag)


def _household(data: BudgeroData, tag: str) -> Household:
    """Return the household in which a sentence is understood."""
    defaults = data.defaults
    places = Places(data.names.index, defaults.budget, defaults.currency)
    return Household(
        currency=places.currency_of(defaults.account),
        today=dt_util.now().date(),
        vocabulary=_vocabulary(data.names.directory, defaults.budget),
        tag=tag,
    )


def _vocabulary(directory: Directory, budget: int | None) -> Vocabulary:
    """Return the names of the budget in use."""

    def names(kind: Kind) -> tuple[str, ...]:
        return tuple(
            entry.name
            for entry in directory.entries(kind)
            if getattr(entry, "budget", None) in (None, budget)
        )

    return Vocabulary(
        payees=names(Kind.PAYEE),
        accounts=names(Kind.ACCOUNT),
        categories=names(Kind.CATEGORY),
    )


def _account_name(data: BudgeroData, spoken: Spoken) -> str | None:
    """Return the name of the default account."""
    if spoken.details.account is not None or data.defaults.account is None:
        return None
    account = data.names.index.get(Kind.ACCOUNT, data.defaults.account)
    return None if account is None else account.name or None
