"""Diagnostics: counts, codes and versions; no secret, no money, no address."""

from dataclasses import asdict
from typing import Any

import aiohttp
import cryptography

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant

from .const import CONF_ACCOUNT, CONF_BUDGET, CONF_CATEGORY, CONF_SPACE_KEY
from .engine.push import CLOUD
from .models import BudgeroConfigEntry, BudgeroData

TO_REDACT = {
    CONF_TOKEN,
    CONF_SPACE_KEY,
    CONF_URL,
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: BudgeroConfigEntry
) -> dict[str, Any]:
    """Return what helps to find a fault, and nothing that is private."""
    is_loaded = entry.state is ConfigEntryState.LOADED
    return {
        "entry": {
            "state": entry.state.value,
            "data": async_redact_data(entry.data, TO_REDACT),
            "options": async_redact_data(entry.options, TO_REDACT),
        },
        "server": "cloud" if entry.data[CONF_URL] == CLOUD else "own",
        "versions": {
            "aiohttp": aiohttp.__version__,
            "cryptography": cryptography.__version__,
        },
        **(await _async_running_parts(entry.runtime_data) if is_loaded else {}),
    }


async def _async_running_parts(data: BudgeroData) -> dict[str, Any]:
    return {
        "outbox": {
            "counts": asdict(await data.store.counts()),
            "hold": data.sender.hold,
            "last_error": data.sender.last_error,
            "wire_format": data.sender.wire_format,
        },
        "statistics": asdict(data.coordinator.data),
    }
