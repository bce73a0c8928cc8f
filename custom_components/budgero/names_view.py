"""What `get_names` returns: names and ids for whoever may log, without any amount."""

from typing import Final

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.util.json import JsonObjectType, JsonValueType

from .const import DOMAIN
from .engine.names import (
    Account,
    Budget,
    Category,
    CategoryGroup,
    Entry,
    Kind,
    NameIndex,
    Payee,
)
from .engine.preset import Preset, find_alike
from .models import BudgeroConfigEntry
from .permissions import async_check_may_log, async_may_see_payees
from .presets import PRESET, presets_of

MOST_NEAR: Final = 20
"""The most names of one kind in the result of a search."""

_LISTS: Final[dict[str, str]] = {
    Kind.BUDGET: "budgets",
    Kind.ACCOUNT: "accounts",
    Kind.CATEGORY: "categories",
    Kind.PAYEE: "payees",
    PRESET: "presets",
}
"""The kinds of names, and the key of each list."""


async def async_describe_names(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    context: Context,
    *,
    kind: str | None,
    search: str | None,
) -> JsonObjectType:
    """Return the names that whoever asks may see, each kind in Budgero's order.

    The result also says where and when they were read.

    Args:
        hass: Home Assistant.
        entry: the Budgero space.
        context: who asks.
        kind: the only kind of names to return; `None` for all.
        search: return only names that look like this, the likeliest first; `None` for
            all.

    Raises:
        ServiceValidationError: who asks may not log, or not see payees; or there is
            no such kind.
    """
    names = entry.runtime_data.names
    presets = presets_of(entry)
    origin: JsonObjectType = {
        "source": names.source,
        "read_at": names.read_at.isoformat() if names.read_at else None,
    }
    index = names.index
    await async_check_may_log(hass, entry, context)
    sees_payees = await async_may_see_payees(hass, entry, context)
    kinds = _kinds(kind, sees_payees=sees_payees)
    # Searching thousands of them would block the event loop.
    found = await hass.async_add_executor_job(
        _describe_all, index, presets, kinds, search
    )
    return {**origin, **found}


def _kinds(wanted: str | None, *, sees_payees: bool) -> tuple[str, ...]:
    """Return which kinds of names to show."""
    if wanted is None:
        return tuple(kind for kind in _LISTS if sees_payees or kind != Kind.PAYEE)
    if wanted not in _LISTS:
        raise _refusal("unknown_kind")
    if wanted == Kind.PAYEE and not sees_payees:
        raise _refusal("may_not_see_payees")
    return (wanted,)


def _describe_all(
    names: NameIndex,
    presets: tuple[Preset, ...],
    kinds: tuple[str, ...],
    search: str | None,
) -> JsonObjectType:
    described: JsonObjectType = {}
    for kind in kinds:
        if kind == PRESET:
            chosen = (
                presets if search is None else find_alike(presets, search, MOST_NEAR)
            )
            found = [_describe_preset(preset) for preset in chosen]
        else:
            found = [_describe(each) for each in _find(names, Kind(kind), search)]
        described[_LISTS[kind]] = found
    if Kind.CATEGORY in kinds and search is None:
        groups = [_describe(group) for group in names.directory.groups]
        described["category_groups"] = groups
    return described


def _find(names: NameIndex, kind: Kind, search: str | None) -> list[Entry]:
    if search is not None:
        return names.near(kind, search, None, MOST_NEAR)
    return [entry for entry in names.directory.entries(kind) if entry.name]


def _describe(entry: Entry | CategoryGroup) -> JsonValueType:
    match entry:
        case Budget():
            more: JsonObjectType = {"currency": entry.currency}
        case Account():
            more = {
                "budget": entry.budget,
                "currency": entry.currency,
                "archived": entry.is_archived,
            }
        case Category():
            more = {"budget": entry.budget, "group": entry.group}
        case Payee() | CategoryGroup():
            more = {"budget": entry.budget}
    # A payee that was given by hand has no id in Budgero.
    return {"id": entry.id if entry.id > 0 else None, "name": entry.name, **more}


def _describe_preset(preset: Preset) -> JsonValueType:
    return {
        "id": preset.preset_id,
        "name": preset.name,
        "spoken_names": list(preset.spoken_names),
    }


def _refusal(key: str) -> ServiceValidationError:
    return ServiceValidationError(translation_domain=DOMAIN, translation_key=key)
