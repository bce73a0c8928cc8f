"""Logs for AI agents: each transaction once, and a large one only if a person says so.

What agents have logged, and what waits for a person, is in memory only. It is lost when
Home Assistant stops: what waits for a person is then not logged.
"""

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import uuid4

from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.hass_dict import HassKey

from .agent_phone import (
    EVENT_NOTIFICATION_ACTION,
    PhoneAnswer,
    async_ask_phone,
    async_clear_phone,
    read_phone_answer,
)
from .agent_wish import Answer, Wish, exactly, is_alike
from .const import DOMAIN, LOGGER
from .engine.agent_limits import agent_limits
from .engine.draft import Draft
from .engine.places import Places
from .errors import to_queue_error, translated
from .intake import resolve_draft
from .loaded_entry import async_get_entry
from .models import BudgeroConfigEntry, BudgeroData
from .permissions import async_may_log
from .spoken_log import GOOD, Author, Noted, spoken_log

REPEATED_WITHIN: Final = 600.0
"""Seconds within which an agent that asks for the same is told so."""

MOST_QUESTIONS: Final = 10
"""How many transactions of an entry may wait for a person."""

ISSUE: Final = "agent_asks"
"""Translation key of the repair that asks a person."""

QUESTION: Final = "agent_question"
"""The repair's data: which question it is about."""

_DAY: Final = 86400.0

_AGENT_LOG: HassKey[AgentLog] = HassKey(f"{DOMAIN}_agent_log")


class _Fate(StrEnum):
    LOGGED = "logged"
    CONFIRMED = "confirmed"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class _Done:
    """What became of a wish."""

    wish: Wish
    fate: _Fate


@callback
def agent_log(hass: HomeAssistant) -> AgentLog:
    """Return the only one of its kind."""
    if _AGENT_LOG not in hass.data:
        hass.data[_AGENT_LOG] = AgentLog(hass)
    return hass.data[_AGENT_LOG]


class AgentLog:
    """Remembers what AI agents have asked for, and asks a person where it must."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing."""
        self._hass = hass
        self._done: list[_Done] = []
        self._questions: dict[str, Wish] = {}
        self._turn = asyncio.Lock()
        hass.bus.async_listen(EVENT_NOTIFICATION_ACTION, self._async_phone_answered)

    async def async_log(
        self,
        entry: BudgeroConfigEntry,
        draft: Draft,
        author: Author,
        *,
        is_another: bool,
    ) -> Noted | Answer:
        """Log a transaction, unless it was logged already, or is large.

        Args:
            entry: the Budgero space, loaded.
            draft: what is asked for, without a message id.
            author: who asks, and may log.
            is_another: whether an equal one that was logged before is another one.

        Returns:
            What was logged, or why nothing was.

        Raises:
            HomeAssistantError: nothing was logged.
        """
        async with self._turn:  # agents call their tools side by side
            wish = self._wish(entry, draft, author)
            self._forget_old()
            data = entry.runtime_data
            if not is_another:
                if (known := await self._async_known(data, wish)) is not None:
                    return known
            if not await self._async_is_small(data, wish):
                return self._ask(entry, wish)
            return await self._async_log(entry, wish)

    @callback
    def waiting_for_person(self, entry: BudgeroConfigEntry) -> int:
        """Return how many transactions of an entry wait for a person."""
        asked = self._questions.values()
        return sum(wish.entry_id == entry.entry_id for wish in asked)

    @callback
    def question(self, message_id: str) -> Wish | None:
        """Return what a person is asked about, `None` if that was answered."""
        return self._questions.get(message_id)

    async def async_confirm(self, message_id: str) -> bool:
        """Log what a person was asked about; twice confirmed, it is logged once.

        Returns:
            Whether this was the first answer.

        Raises:
            HomeAssistantError: it was not logged; the question remains.
        """
        if (wish := self._questions.pop(message_id, None)) is None:
            return False
        try:
            entry = await async_get_entry(self._hass, wish.entry_id)
            await spoken_log(self._hass).async_log(
                entry,
                exactly(wish.transaction),
                wish.author,
                message_id=message_id,
                said=wish.draft,
            )
        except BaseException:
            self._questions[message_id] = wish
            raise
        self._close(wish, _Fate.CONFIRMED)
        return True

    @callback
    def discard(self, message_id: str) -> bool:
        """Do not log what a person was asked about; return as `async_confirm`."""
        if (wish := self._questions.pop(message_id, None)) is None:
            return False
        self._close(wish, _Fate.DECLINED)
        return True

    @callback
    def forget(self, entry_id: str) -> None:
        """Forget an entry, and close its repairs."""
        self._done = [each for each in self._done if each.wish.entry_id != entry_id]
        for wish in list(self._questions.values()):
            if wish.entry_id == entry_id:
                del self._questions[wish.message_id]
                ir.async_delete_issue(self._hass, DOMAIN, _issue_id(wish))

    def _wish(self, entry: BudgeroConfigEntry, draft: Draft, author: Author) -> Wish:
        """Return what a draft means.

        Raises:
            ServiceValidationError: it is refused.
        """
        account = author.own_account(entry)
        transaction = resolve_draft(self._hass, entry, draft, account)
        data = entry.runtime_data
        places = Places(data.names.index, transaction.budget, data.defaults.currency)
        return Wish(
            entry_id=entry.entry_id,
            message_id=str(uuid4()),
            author=author,
            draft=draft,
            transaction=transaction,
            currency=places.currency_of(transaction.account),
            at=self._now,
        )

    @property
    def _now(self) -> float:
        return self._hass.loop.time()

    def _forget_old(self) -> None:
        self._done = [each for each in self._done if self._now - each.wish.at < _DAY]

    async def _async_known(self, data: BudgeroData, wish: Wish) -> Answer | None:
        """Return the answer to a wish that was answered a moment before.

        Raises:
            HomeAssistantError: the outbox cannot be read.
        """
        if any(wish.is_like(asked) for asked in self._questions.values()):
            return Answer.ASKED
        logged = []
        for each in self._done:
            if not wish.is_like(each.wish) or wish.at - each.wish.at > REPEATED_WITHIN:
                continue
            if each.fate is _Fate.DECLINED:
                return Answer.DECLINED
            logged.append(each.wish.message_id)
        # Agents that hold the conversation also see the sentences of the same person.
        last = spoken_log(self._hass).last(wish.author)
        if (
            last is not None
            and last.entry_id == wish.entry_id
            and wish.at - last.at <= REPEATED_WITHIN
            and is_alike(last.transaction, wish.transaction)
        ):
            logged.append(last.message_id)
        for message_id in logged:
            if await _async_is_there(data, message_id):
                return Answer.ALREADY_LOGGED
        return None

    async def _async_is_small(self, data: BudgeroData, wish: Wish) -> bool:
        """Return whether a wish is within the limits.

        Raises:
            HomeAssistantError: the outbox cannot be read.
        """
        limits = agent_limits(wish.currency)
        amount = wish.transaction.amount
        if amount > limits.call:
            return False
        total = amount
        for each in self._done:
            if (
                each.fate is _Fate.LOGGED
                and each.wish.entry_id == wish.entry_id
                and each.wish.currency == wish.currency
                and await _async_is_there(data, each.wish.message_id)
            ):
                total += each.wish.transaction.amount
        return total <= limits.day

    async def _async_log(self, entry: BudgeroConfigEntry, wish: Wish) -> Noted:
        # A caller that is cancelled leaves it behind: it is logged all the same.
        done = _Done(wish, _Fate.LOGGED)
        self._done.append(done)
        try:
            return await spoken_log(self._hass).async_log(
                entry, wish.draft, wish.author, message_id=wish.message_id
            )
        except Exception:
            self._done.remove(done)
            raise

    def _ask(self, entry: BudgeroConfigEntry, wish: Wish) -> Answer:
        if self.waiting_for_person(entry) >= MOST_QUESTIONS:
            return Answer.TOO_MANY
        self._questions[wish.message_id] = wish
        ir.async_create_issue(
            self._hass,
            DOMAIN,
            _issue_id(wish),
            data={"entry_id": wish.entry_id, QUESTION: wish.message_id},
            is_fixable=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=ISSUE,
            translation_placeholders={"title": entry.title},
        )
        async_ask_phone(self._hass, entry, wish.message_id)
        return Answer.ASKED

    def _close(self, wish: Wish, fate: _Fate) -> None:
        self._done.append(_Done(replace(wish, at=self._now), fate))
        ir.async_delete_issue(self._hass, DOMAIN, _issue_id(wish))
        entry = self._hass.config_entries.async_get_entry(wish.entry_id)
        if entry is not None:
            async_clear_phone(self._hass, entry, wish.message_id)

    async def _async_phone_answered(self, event: Event) -> None:
        """Do what a person has chosen on the phone, if it is about one of ours."""
        answer, message_id = read_phone_answer(event) or (None, "")
        if answer is None or (wish := self._questions.get(message_id)) is None:
            return
        try:
            entry = await async_get_entry(self._hass, wish.entry_id)
            if not await async_may_log(self._hass, entry, event.context):
                return
            if answer is PhoneAnswer.LOG:
                await self.async_confirm(message_id)
            else:
                self.discard(message_id)
        except HomeAssistantError as error:
            # The repair is still open.
            name = type(error).__name__
            LOGGER.warning("The answer from a phone was not carried out: %s", name)


async def _async_is_there(data: BudgeroData, message_id: str) -> bool:
    """Return whether a transaction goes to Budgero, or is there already.

    One that is being logged right now will.

    Raises:
        HomeAssistantError: the outbox cannot be read.
    """
    with translated(to_queue_error, message_id):
        row = await data.outbox.get(message_id)
    return row is None or row.state in GOOD


def _issue_id(wish: Wish) -> str:
    return f"{ISSUE}_{wish.message_id}"
