"""Logs what was said, remembers it for a while, and takes it back.

Sentences, intents and AI agents log through here. What is remembered is in memory
only: it is lost when Home Assistant stops.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import uuid4

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from .const import DOMAIN
from .engine.draft import Draft
from .engine.names import Kind
from .engine.outbox import Hold, OutboxError, State
from .engine.places import Places
from .engine.push import Transaction
from .errors import to_queue_error, translated
from .fates import Fate, async_try_to_take_back
from .intake import Receipt, async_add_transaction
from .loaded_entry import async_get_data
from .models import BudgeroConfigEntry, BudgeroData
from .own_accounts import own_account

UNDO_WITHIN: Final = 300.0
"""Seconds for which what was logged can be taken back by saying so."""

_SECOND_WITHIN: Final = 300.0
"""Seconds within which an equal transaction is called a second one."""

_KEPT: Final = 600.0
"""Seconds for which everything is remembered; the last of each person for longer."""

GOOD: Final = (State.WAITING, State.ACCEPTED, State.PROCESSED)
"""States of a transaction that goes to Budgero, or is there already."""

_SPOKEN_LOG: HassKey[SpokenLog] = HassKey(f"{DOMAIN}_spoken_log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who logs something by voice, or with an AI agent.

    Attributes:
        context: of the call; its id is the run of the assistant.
        device_id: of the satellite or another device, if one has listened.
        satellite_id: entity id of the satellite.
    """

    context: Context
    device_id: str | None = None
    satellite_id: str | None = None

    @property
    def id(self) -> str | None:
        """The device or satellite, the user, or both; `None` if nobody is known.

        A satellite has no user. A user may name any device in a request, which does not
        make what others said there theirs: the id is of the two together then. AI agents
        know a satellite by its device.
        """
        place = self.device_id or self.satellite_id
        who = [part for part in (place, self.context.user_id) if part is not None]
        return " ".join(who) or None

    def own_account(self, entry: ConfigEntry) -> int | None:
        """Return the id of the account that is used in place of the default one."""
        return own_account(entry, self.device_id, self.context.user_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A transaction that somebody has logged.

    Attributes:
        entry_id: of the Budgero space.
        message_id: its id.
        said: what was asked for.
        draft: with which it was logged: the same, or completed before.
        transaction: the same, complete.
        account: the name of its account, if it is known.
        currency: ISO 4217 code of its account's currency.
        at: when, in seconds of the event loop's clock.
        fate: what became of it, once it was taken back.
    """

    entry_id: str
    message_id: str
    said: Draft = field(repr=False)
    draft: Draft = field(repr=False)
    transaction: Transaction = field(repr=False)
    account: str | None
    currency: str
    at: float
    fate: Fate | None = None


@dataclass(frozen=True, slots=True)
class Noted:
    """The answer to something that was logged.

    Attributes:
        logged: what.
        is_again: whether an equal one was logged in another run a moment before.
        hold: why it is not sent until something changes, if it is held.
    """

    logged: Logged
    is_again: bool
    hold: Hold | None


@dataclass(frozen=True, slots=True)
class _Asked:
    """Something that was asked for, and was or is being logged.

    Attributes:
        what: the space, the account in place of the default one, and the draft.
        run: the run of the assistant.
        message_id: under which it is logged.
        at: when, in seconds of the event loop's clock.
    """

    what: tuple[str, int | None, Draft] = field(repr=False)
    run: str
    message_id: str
    at: float


@callback
def spoken_log(hass: HomeAssistant) -> SpokenLog:
    """Return the only one of its kind."""
    if _SPOKEN_LOG not in hass.data:
        hass.data[_SPOKEN_LOG] = SpokenLog(hass)
    return hass.data[_SPOKEN_LOG]


class SpokenLog:
    """Logs for people who speak, and remembers who has logged what.

    The same within one run of the assistant is one transaction. An equal one in another
    run is a second, as two coffees are.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing."""
        self._hass = hass
        self._asked: list[_Asked] = []
        self._last: dict[str, Logged] = {}

    async def async_log(
        self,
        entry: BudgeroConfigEntry,
        draft: Draft,
        author: Author,
        *,
        message_id: str | None = None,
        said: Draft | None = None,
    ) -> Noted:
        """Log a transaction that can be taken back, unless nobody knows by whom.

        Args:
            entry: the Budgero space, loaded.
            draft: what was asked for, without a message id.
            author: who asks.
            message_id: makes it one of its own, whatever else the same run asks for.
            said: what was asked for, if the draft was completed since.

        Raises:
            HomeAssistantError: it was not logged.
        """
        account = author.own_account(entry)
        what = (entry.entry_id, account, draft)
        equal = self._equal(what, author, _SECOND_WITHIN)
        asked = self._ask(what, author, message_id)
        try:
            is_again = await _is_any_there(entry.runtime_data, equal)
            receipt = await async_add_transaction(
                self._hass,
                entry.entry_id,
                replace(draft, message_id=asked.message_id),
                context=author.context,
                undoable=author.id is not None,
                logged_by=author.id,
                default_account=account,
            )
        except Exception:
            self._forget(asked.message_id)
            raise
        logged = _logged(entry, said or draft, draft, receipt, asked.at)
        if author.id is not None:
            self._last[author.id] = logged
        return Noted(logged, is_again, receipt.hold)

    @callback
    def last(self, author: Author) -> Logged | None:
        """Return what somebody logged last since Home Assistant started."""
        return None if author.id is None else self._last.get(author.id)

    @callback
    def last_undoable(self, author: Author) -> Logged | None:
        """Return what somebody logged last, if it is not too long ago to undo it."""
        last = self.last(author)
        if last is None or self._now - last.at > UNDO_WITHIN:
            return None
        return last

    async def async_take_back(
        self, author: Author, *, may_be_sent: bool = True
    ) -> Logged | None:
        """Take back what somebody logged last.

        Args:
            author: who asks.
            may_be_sent: whether to do what is possible with a transaction that Budgero
                may have booked; otherwise that is too late.

        Returns:
            The transaction with its fate; `None` if there is none to take back. Asked
            again, it returns the same.

        Raises:
            HomeAssistantError: the entry is not loaded, or its outbox cannot be read
                or written.
        """
        last = self.last_undoable(author)
        if author.id is None or last is None or last.fate is not None:
            return last
        data = await async_get_data(self._hass, last.entry_id)
        with translated(to_queue_error, last.message_id):
            fate = await async_try_to_take_back(
                self._hass, data, last.message_id, author.id, may_be_sent=may_be_sent
            )
        if fate is None:
            return None
        taken = replace(last, fate=fate)
        if fate is not Fate.TOO_LATE:  # that may still change
            self._forget(last.message_id)
            if self._last.get(author.id) is last:
                self._last[author.id] = taken
        return taken

    @property
    def _now(self) -> float:
        return self._hass.loop.time()

    def _ask(
        self,
        what: tuple[str, int | None, Draft],
        author: Author,
        message_id: str | None,
    ) -> _Asked:
        """Give what is asked for a message id, the same one within a run."""
        self._asked = [each for each in self._asked if self._now - each.at < _KEPT]
        run = author.context.id
        if message_id is None:
            for each in self._asked:
                if each.what == what and each.run == run:
                    return each
        asked = _Asked(what, run, message_id or str(uuid4()), self._now)
        self._asked.append(asked)
        return asked

    def _equal(
        self, what: tuple[str, int | None, Draft], author: Author, seconds: float
    ) -> list[str]:
        """Return the message ids of equal ones of other runs."""
        return [
            each.message_id
            for each in self._asked
            if each.what == what
            and each.run != author.context.id
            and self._now - each.at < seconds
        ]

    def _forget(self, message_id: str) -> None:
        """Forget what was not logged after all, or was taken back."""
        self._asked = [each for each in self._asked if each.message_id != message_id]


async def _is_any_there(data: BudgeroData, message_ids: list[str]) -> bool:
    """Return whether one of these goes to Budgero, or is there already.

    One that is being logged right now will.
    """
    with suppress(OutboxError):
        rows = [await data.outbox.get(message_id) for message_id in message_ids]
        return any(row is None or row.state in GOOD for row in rows)
    return False


def _logged(
    entry: BudgeroConfigEntry,
    said: Draft,
    draft: Draft,
    receipt: Receipt[Transaction],
    at: float,
) -> Logged:
    data, transaction = entry.runtime_data, receipt.content
    index = data.names.index
    places = Places(index, transaction.budget, data.defaults.currency)
    account = index.get(Kind.ACCOUNT, transaction.account)
    return Logged(
        entry_id=receipt.entry_id,
        message_id=receipt.message_id,
        said=said,
        draft=draft,
        transaction=transaction,
        account=account.name if account else None,
        currency=places.currency_of(transaction.account),
        at=at,
    )
