"""Answers a sentence that Assist has matched.

No exception may reach Home Assistant from here: Assist would then say nothing, or
"Done".
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from .const import LOGGER
from .engine.draft import Draft
from .engine.voice import (
    LANGUAGES,
    Details,
    Misheard,
    Question,
    Reply,
    Speaker,
    Spoken,
    Task,
    Template,
    Understood,
    speaker_of,
)
from .errors import to_queue_error, translated
from .fates import Fate
from .hearing import household_of, stranger, understand_in
from .loaded_entry import async_get_entry
from .models import BudgeroConfigEntry
from .permissions import async_check_may_log
from .spoken_log import Author, Logged, Noted, SpokenLog, spoken_log

if TYPE_CHECKING:
    from homeassistant.components.conversation import ConversationInput

_REPLIES: Final = {
    "missing_account": Reply.NO_ACCOUNT,
    "missing_budget": Reply.NO_ACCOUNT,
    "invalid_archived": Reply.NO_ACCOUNT,
    "invalid_crypto": Reply.NO_ACCOUNT,
    "invalid_other_budget": Reply.NO_ACCOUNT,
    "invalid_unknown_name": Reply.UNKNOWN_NAME,
    "invalid_ambiguous_name": Reply.UNKNOWN_NAME,
    "storage_failed": Reply.NOT_SAVED,
    "outbox_full": Reply.NOT_SAVED,
}
"""The replies for errors of `intake`, by translation key."""

_FATES: Final = {
    Fate.UNSENT: Reply.TAKEN_BACK,
    Fate.REMOVED: Reply.REMOVED,
    Fate.DELETING: Reply.DELETING,
    Fate.TOO_LATE: Reply.TOO_LATE,
}


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
    author = Author(
        context=said.context,
        device_id=said.device_id,
        satellite_id=said.satellite_id,
    )
    household = stranger(hass, said.language)
    speaker = speaker_of(LANGUAGES[template.language], household)
    try:
        entry = await async_get_entry(hass, entry_id)
        account = author.own_account(entry) or entry.runtime_data.defaults.account
        household = household_of(entry, household, account)
        last = spoken_log(hass).last_undoable(author)
        if template.task is Task.CHANGE and last is not None:
            household = replace(household, currency=last.currency)
        understood, speaker = understand_in(
            entry, household, account, template, said.text
        )
        answering = Answering(hass=hass, author=author, speaker=speaker)
        return await answering.async_answer(entry, understood)
    except Exception as error:  # noqa: BLE001 - Assist would say "Done"
        return apology(error, template.task, speaker)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """Carries out what somebody asks for, and answers.

    Attributes:
        hass: Home Assistant.
        author: who asks.
        speaker: who answers.
    """

    hass: HomeAssistant
    author: Author
    speaker: Speaker

    @property
    def _log(self) -> SpokenLog:
        return spoken_log(self.hass)

    @property
    def _is_nothing_known(self) -> bool:
        """Whether this author has logged nothing since Home Assistant started."""
        return self.author.id is not None and self._log.last(self.author) is None

    async def async_answer(
        self, entry: BudgeroConfigEntry, understood: Understood
    ) -> str:
        """Carry out what was understood, and return the answer.

        Raises:
            HomeAssistantError: it was not carried out. Any other exception may be
                raised as well.
        """
        await async_check_may_log(self.hass, entry, self.author.context)
        match understood:
            case Misheard() as misheard:
                return self.speaker.refusal(misheard)
            case Spoken() as spoken:
                return await self.async_note(entry, _draft_of(spoken))
            case Question(task=Task.UNDO | Task.CHANGE) if self._is_nothing_known:
                return self.speaker.reply(Reply.NO_LAST)
            case Question(task=Task.UNDO):
                return self._taken(await self._log.async_take_back(self.author))
            case Question(task=Task.CHANGE) as change:
                return await self._async_change(change)
            case Question(task=Task.LAST):
                return self._last()
            case Question():
                return await self._async_count(entry)

    async def async_note(self, entry: BudgeroConfigEntry, draft: Draft) -> str:
        """Log a transaction, and return the answer.

        Raises:
            HomeAssistantError: it was not logged.
        """
        noted = await self._log.async_log(entry, draft, self.author)
        again = Reply.NOTED_AGAIN if noted.is_again else Reply.NOTED
        return self._noted(noted, again)

    async def _async_change(self, change: Question) -> str:
        """Take back what was logged last, and log it with another amount."""
        last = self._log.last_undoable(self.author)
        if last is None or last.fate is not None:
            return self.speaker.reply(Reply.NOTHING_TO_TAKE_BACK)
        taken = await self._log.async_take_back(self.author, may_be_sent=False)
        if taken is None or taken.fate is not Fate.UNSENT:
            return self._taken(taken)
        changed: dict[str, object] = {
            "amount": change.amount,
            "type": taken.transaction.direction,
            "outflow": None,
            "inflow": None,
        }
        draft = replace(taken.draft, **changed)
        said = replace(taken.said, **changed)
        try:
            entry = await async_get_entry(self.hass, taken.entry_id)
            noted = await self._log.async_log(entry, draft, self.author, said=said)
        except Exception as error:  # noqa: BLE001 - the first half was done
            return f"{self._taken(taken)} {apology(error, Task.ADD, self.speaker)}"
        if noted.hold is not None:
            return f"{self._taken(taken)} {self._noted(noted, Reply.HELD)}"
        return self._noted(noted, Reply.CHANGED)

    def _last(self) -> str:
        last = self._log.last(self.author)
        if last is None:
            return self.speaker.reply(Reply.NO_LAST)
        if last.fate is not None:
            return self._taken(last)
        return self._about(Reply.LAST, last)

    async def _async_count(self, entry: BudgeroConfigEntry) -> str:
        """Say how many transactions wait.

        Raises:
            HomeAssistantError: the outbox cannot be read.
        """
        with translated(to_queue_error):
            overview = await entry.runtime_data.outbox.overview()
        if not (count := overview.counts.waiting):
            return self.speaker.reply(Reply.NOTHING_WAITING)
        return self.speaker.reply(Reply.WAITING, count=count)

    def _noted(self, noted: Noted, reply: Reply) -> str:
        if noted.hold is not None:
            reply = Reply.HELD
        return self._about(reply, noted.logged)

    def _taken(self, taken: Logged | None) -> str:
        if taken is None or taken.fate is None:
            return self.speaker.reply(Reply.NOTHING_TO_TAKE_BACK)
        return self._about(_FATES[taken.fate], taken)

    def _about(self, reply: Reply, logged: Logged) -> str:
        """Return an answer about a transaction, in the currency of its account."""
        speaker = self.speaker.with_currency(logged.currency)
        return speaker.reply(reply, summary=speaker.summary(_spoken_of(logged)))


def apology(error: Exception, task: Task, speaker: Speaker) -> str:
    """Return what is said when something was not done.

    Args:
        error: why.
        task: what was asked for.
        speaker: who says it.
    """
    key = None
    if isinstance(error, HomeAssistantError):
        key = error.translation_key or ""
    else:
        # A traceback could show the sentence.
        name = type(error).__name__
        LOGGER.error("A spoken sentence was not carried out: %s", name)
    if key == "may_not_log":
        return speaker.reply(Reply.NOT_ALLOWED)
    if task is not Task.ADD:
        return speaker.reply(Reply.NOT_NOW)
    if key is None:
        return speaker.reply(Reply.FAILED)
    return speaker.reply(_REPLIES.get(key, Reply.NOT_SET_UP))


def _draft_of(spoken: Spoken) -> Draft:
    """Return the draft that a sentence asks for."""
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
    )


def _spoken_of(logged: Logged) -> Spoken:
    """Return what was logged as if it had been said, with its account and day."""
    said, transaction = logged.said, logged.transaction
    return Spoken(
        direction=transaction.direction,
        amount=transaction.amount,
        details=Details(
            payee=_text(said.payee),
            memo=_text(said.memo),
            day=transaction.date,
            preset=_text(said.preset),
            account=logged.account or _text(said.account),
            category=_text(said.category),
        ),
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
