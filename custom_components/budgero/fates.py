"""Taking a transaction back, and what is known for certain about its outcome."""

from enum import StrEnum

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError

from .decisions import async_take_back
from .engine.outbox import (
    NotPossibleError,
    State,
    StillInDoubtError,
    UnknownTransactionError,
)
from .models import BudgeroData
from .shielded import async_shielded


class Fate(StrEnum):
    """What became of a transaction that somebody wanted to take back."""

    UNSENT = "unsent"
    """Taken back for certain: it was not sent, or not accepted."""

    REMOVED = "removed"
    """Gone here, but Budgero may have booked it."""

    DELETING = "deleting"
    """Budgero has it, and will be asked to delete it."""

    TOO_LATE = "too_late"
    """It was sent already, so nothing was changed."""


async def async_try_to_take_back(
    hass: HomeAssistant,
    data: BudgeroData,
    message_id: str,
    logged_by: str,
    *,
    may_be_sent: bool = True,
) -> Fate | None:
    """Take a transaction back for whoever logged it, as far as that is possible.

    Args:
        hass: Home Assistant.
        data: the running parts of the entry.
        message_id: of the transaction.
        logged_by: id of whoever takes it back.
        may_be_sent: whether to also remove a transaction that Budgero may have booked;
            otherwise it is too late for that.

    Returns:
        What became of it; `None` if it was removed before or somebody else logged it.

    Raises:
        OutboxError: the outbox is closed, or cannot be read or written.
        HomeAssistantError: the same.
    """
    outbox = data.outbox
    try:
        taking = outbox.take_back(message_id, logged_by, may_be_sent=False)
        await async_shielded(hass, taking)
    except StillInDoubtError:
        return Fate.TOO_LATE
    except UnknownTransactionError:
        return None
    except NotPossibleError:
        pass
    else:
        return Fate.UNSENT
    row = await outbox.get(message_id)
    if row is None or row.state is State.REMOVED:
        return None
    if not may_be_sent:
        return Fate.TOO_LATE
    try:
        asked = await async_take_back(hass, data, message_id, logged_by=logged_by)
    except ServiceValidationError:
        return Fate.TOO_LATE
    return Fate.REMOVED if asked is None else Fate.DELETING
