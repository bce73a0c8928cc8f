"""Whether an exported file seems to be that of another workspace."""

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from .const import CONF_ACCOUNT, CONF_BUDGET, CONF_CATEGORY
from .default_entry import all_entries
from .engine.names import Directory, Kind
from .models import BudgeroConfigEntry
from .presets import presets_of


@callback
def is_of_another_workspace(
    hass: HomeAssistant, entry: BudgeroConfigEntry | None, found: Directory
) -> bool:
    """Return whether names do not seem to belong to an entry.

    They tell their workspace, unless another release of Budgero has written them.
    Push token and space key do not tell theirs, so it is compared with what was read
    before, here and for other entries. Else the ids in use are looked for.

    Args:
        hass: Home Assistant.
        entry: the entry that is to have the names; `None` while it is set up.
        found: the names.
    """
    known = _spaces_of(entry)
    if found.spaces and known:
        return found.spaces.isdisjoint(known)
    for other in all_entries(hass):
        if other is not entry and not found.spaces.isdisjoint(_spaces_of(other)):
            return True
    used = _ids_in_use(entry) if entry else set()
    return bool(used and found.accounts) and not any(
        each.id == number for kind, number in used for each in found.entries(kind)
    )


def _spaces_of(entry: BudgeroConfigEntry | None) -> frozenset[str]:
    """Return the workspaces of the names that an entry has read."""
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return frozenset()
    return entry.runtime_data.names.read.spaces


def _ids_in_use(entry: BudgeroConfigEntry) -> set[tuple[Kind, int]]:
    """Return the ids among the defaults and in the presets of an entry."""
    used = [
        (Kind.ACCOUNT, entry.options.get(CONF_ACCOUNT)),
        (Kind.CATEGORY, entry.options.get(CONF_CATEGORY)),
        (Kind.BUDGET, entry.options.get(CONF_BUDGET)),
    ]
    for preset in presets_of(entry):
        used += [
            (Kind.ACCOUNT, preset.account),
            (Kind.CATEGORY, preset.category),
            (Kind.BUDGET, preset.budget),
        ]
    return {(kind, number) for kind, number in used if number is not None}
