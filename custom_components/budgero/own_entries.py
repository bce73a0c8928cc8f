"""What a user has logged: showing it, following its changes, taking it back."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .decisions import async_take_back
from .engine.outbox import ClosedError, Hold, OutboxError, Row, State
from .errors import to_queue_error, translated
from .models import BudgeroData

SHOWN_FOR: Final = 86400.0
"""Time for which a user sees what was logged, in seconds."""

MOST_SHOWN: Final = 20

_TOO_LATE: Final = {
    "not_possible": "take_back_too_late",
    "not_removable": "take_back_too_late",
    "still_in_doubt": "take_back_in_doubt",
}
"""Texts for the person who logged it, in place of those for administrators."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnEntry:
    """A transaction, for the user who logged it. Times are seconds since the epoch.

    Attributes:
        message_id: of the transaction.
        state: where it stands.
        hold: why it is not sent until something changes.
        can_take_back_until: the time until which it can be taken back for certain.
        can_take_back_for: the same as seconds from now, for a device whose clock
            differs.
        at: when it was logged.
    """

    message_id: str
    state: State
    hold: Hold | None
    can_take_back_until: float | None
    can_take_back_for: float | None
    at: float

    def is_like(self, other: OwnEntry | None) -> bool:
        """Return whether only the time that is left differs."""
        if other is None:
            return False
        is_certain = self.can_take_back_until is not None
        was_certain = other.can_take_back_until is not None
        return (self.state, self.hold, is_certain) == (
            other.state,
            other.hold,
            was_certain,
        )


class Outcome(StrEnum):
    """What became of taking back."""

    TAKEN_BACK = "taken_back"
    """It was never sent, and never will be."""

    REMOVED = "removed"
    """It is not sent any more; an earlier attempt may have reached Budgero."""

    ASKED = "asked"
    """Budgero has it, and is asked to delete it."""

    TOO_LATE = "too_late"
    """Nothing was done; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack:
    """The answer to taking back.

    Attributes:
        outcome: what became of it.
        translation_key: of the text that says why it is too late.
    """

    outcome: Outcome
    translation_key: str | None = None


async def async_own_entries(data: BudgeroData, user_id: str) -> list[OwnEntry]:
    """Return what a user has logged lately, newest first, removed ones included.

    Raises:
        OutboxError: the outbox is closed, or cannot be read.
    """
    rows = await data.outbox.logged_by(user_id, SHOWN_FOR)
    return [_describe(data, row) for row in rows[:MOST_SHOWN]]


async def async_follow_own_entries(
    data: BudgeroData, user_id: str, tell: Callable[[OwnEntry], None]
) -> None:
    """Report what a user has logged, then each change, until the outbox is closed."""
    told: dict[str, OwnEntry] = {}
    changed = asyncio.Event()
    unsubscribe = data.outbox.subscribe(lambda _: changed.set())
    try:
        while True:
            changed.clear()
            try:
                shown = await async_own_entries(data, user_id)
            except ClosedError:
                return
            except OutboxError:
                pass  # at the next change it is tried again
            else:
                for own in reversed(shown):
                    known = told.get(own.message_id)
                    is_news = known is not None or own.state is not State.REMOVED
                    if is_news and not own.is_like(known):
                        tell(own)
                        told[own.message_id] = own
            await changed.wait()
    finally:
        unsubscribe()


async def async_take_own_back(
    hass: HomeAssistant, data: BudgeroData, message_id: str, user_id: str
) -> TakenBack:
    """Take back what a user has logged; a repeated call gets the same answer.

    Raises:
        ServiceValidationError: this user has not logged it.
        HomeAssistantError: the outbox cannot be read or written.
    """
    refusal: str | None = None
    try:
        asked = await async_take_back(hass, data, message_id, logged_by=user_id)
    except ServiceValidationError as error:
        key = error.translation_key or ""
        if key == "unknown_transaction":
            raise
        refusal = _TOO_LATE.get(key, key)
    else:
        if asked is not None:
            return TakenBack(outcome=Outcome.ASKED)
    with translated(to_queue_error, message_id):
        row = await data.outbox.get(message_id)
    if row is not None and row.state is State.REMOVED:
        is_unsent = row.attempts == 0
        return TakenBack(outcome=Outcome.TAKEN_BACK if is_unsent else Outcome.REMOVED)
    return TakenBack(outcome=Outcome.TOO_LATE, translation_key=refusal)


def _describe(data: BudgeroData, row: Row) -> OwnEntry:
    clock = data.outbox.clock
    is_unsent = row.state is State.WAITING and row.attempts == 0
    seconds = row.not_before - clock.now() if is_unsent else 0.0
    is_certain = seconds > 0
    return OwnEntry(
        message_id=row.message_id,
        state=row.state,
        hold=data.outbox.hold_of(row),
        can_take_back_until=clock.time() + seconds if is_certain else None,
        can_take_back_for=seconds if is_certain else None,
        at=row.created_at,
    )
