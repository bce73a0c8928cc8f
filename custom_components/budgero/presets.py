"""The presets of an entry, which are stored as its subentries."""

from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr

from .const import CONF_ACCOUNT, CONF_BUDGET, CONF_CATEGORY, CONF_CURRENCY, DOMAIN
from .engine.draft_fields import read_value
from .engine.names import Directory, NameIndex
from .engine.places import Places
from .engine.preset import Preset, find_by_name
from .engine.push import Direction
from .models import BudgeroConfigEntry

PRESET: Final = "preset"
"""Type of the subentries, and name of the action's field."""

CONF_AMOUNT: Final = "amount"
CONF_HAS_NUMBER: Final = "has_number"
CONF_MEMO: Final = "memo"
CONF_PAYEE: Final = "payee"
CONF_SPOKEN_NAMES: Final = "spoken_names"
CONF_TYPE: Final = "type"


def presets_of(entry: ConfigEntry) -> tuple[Preset, ...]:
    """Return the presets of an entry, whether it is loaded or not."""
    return tuple(map(_read, entry.get_subentries_of_type(PRESET)))


def get_preset(entry: ConfigEntry, preset_id: str) -> Preset | None:
    """Return a preset by its id, or `None` if it was removed."""
    subentry = entry.subentries.get(preset_id)
    return None if subentry is None else _read(subentry)


def find_preset(entry: ConfigEntry, given: object) -> Preset:
    """Return the preset of an entry with a name or spoken name.

    Raises:
        InvalidInputError: no preset has this name, or several have.
    """
    return find_by_name(presets_of(entry), given)


def read_preset(
    hass: HomeAssistant, entry: ConfigEntry, value: object
) -> Preset | None:
    """Return the preset that an action names: by device, name or spoken name.

    Raises:
        InvalidInputError: the value is none, or no preset of this entry has this name.
    """
    given = read_value(value, PRESET)
    if given is None:
        return None
    if isinstance(given, str) and (preset := get_preset(entry, given)) is not None:
        return preset
    if (device := _device_of(hass, given)) is not None:
        for preset in presets_of(entry):
            if (DOMAIN, preset.preset_id) in device.identifiers:
                return preset
    return find_preset(entry, given)


def entry_of_preset(hass: HomeAssistant, value: object) -> str | None:
    """Return the id of the entry that has the preset of a device, `None` for a name."""
    device = _device_of(hass, value)
    return None if device is None else device.config_entry_id


def index_of(entry: BudgeroConfigEntry) -> NameIndex:
    """Return the names of an entry; they are empty while it is not loaded."""
    if entry.state is not ConfigEntryState.LOADED:
        return NameIndex(Directory())
    return entry.runtime_data.names.index


def currency_of(entry: BudgeroConfigEntry, preset: Preset) -> str:
    """Return the ISO 4217 code of the currency of a preset's account."""
    defaults, index = entry.runtime_data.defaults, entry.runtime_data.names.index
    places = Places(index, None, defaults.currency)
    return places.currency_of(preset.account or defaults.account)


def _device_of(hass: HomeAssistant, given: object) -> dr.DeviceEntry | None:
    """Return the device of a preset with this id, `None` if there is none."""
    found = (
        dr.async_get(hass).async_get(given.strip()) if isinstance(given, str) else None
    )
    if not isinstance(found, dr.DeviceEntry) or found.config_subentry_id is None:
        return None
    # Some integrations identify their devices by more than two texts.
    return found if any(parts[0] == DOMAIN for parts in found.identifiers) else None


def _read(subentry: ConfigSubentry) -> Preset:
    data = subentry.data
    return Preset(
        preset_id=subentry.subentry_id,
        name=subentry.title,
        spoken_names=tuple(data.get(CONF_SPOKEN_NAMES, ())),
        direction=Direction(data[CONF_TYPE]),
        account=data.get(CONF_ACCOUNT),
        category=data.get(CONF_CATEGORY),
        budget=data.get(CONF_BUDGET),
        payee=data.get(CONF_PAYEE),
        memo=data.get(CONF_MEMO),
        amount=data.get(CONF_AMOUNT),
        currency=data.get(CONF_CURRENCY),
        has_number=data.get(CONF_HAS_NUMBER, False),
    )
