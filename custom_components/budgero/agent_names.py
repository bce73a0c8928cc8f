"""The names that an AI agent is told when it has used one that is not known."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonObjectType

from .engine.names import Account, Budget, Entry, Kind, NameIndex
from .engine.preset import Preset, find_alike
from .models import BudgeroConfigEntry
from .presets import PRESET, presets_of

MOST_CHOICES: Final = 20
"""The most names in one answer."""

LISTED: Final = {"account": Kind.ACCOUNT, "category": Kind.CATEGORY, PRESET: None}
"""The fields whose names are told, with their kind. Payees are never told."""


async def async_choices(
    hass: HomeAssistant, entry: BudgeroConfigEntry, field: str, text: str
) -> JsonObjectType:
    """Return the names that an agent may have meant, the likeliest first.

    Names that look alike come first. Others follow as far as there is room, because the
    agent may have used another language.

    Args:
        hass: Home Assistant.
        entry: the Budgero space, in which whoever asks may log.
        field: one of `LISTED`.
        text: what was written in place of a name.
    """
    data = entry.runtime_data
    kind = LISTED[field]
    if kind is None:
        names = _presets(presets_of(entry), text)
    else:
        # Searching thousands of them would block the event loop.
        names = await hass.async_add_executor_job(
            _names, data.names.index, kind, data.defaults.budget, text
        )
    found = list(dict.fromkeys(names))
    return {
        "choices": [*found[:MOST_CHOICES]],
        "there_are_more": len(found) > MOST_CHOICES,
    }


def _presets(presets: tuple[Preset, ...], text: str) -> list[str]:
    alike = find_alike(presets, text, MOST_CHOICES)
    return [preset.name for preset in (*alike, *presets)]


def _names(index: NameIndex, kind: Kind, budget: int | None, text: str) -> list[str]:
    alike = index.near(kind, text, budget, MOST_CHOICES)
    found = (*alike, *index.directory.entries(kind))
    return [entry.name for entry in found if entry.name and _is_usable(entry, budget)]


def _is_usable(entry: Entry, budget: int | None) -> bool:
    """Return whether money of a budget can be booked there."""
    if isinstance(entry, Account) and (entry.is_archived or entry.is_crypto):
        return False
    return isinstance(entry, Budget) or budget is None or entry.budget in (None, budget)
