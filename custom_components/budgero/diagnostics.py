"""Diagnostics: counts, codes and versions, without secrets, money or addresses."""

from dataclasses import asdict
from typing import Any

import aiohttp
import cryptography

from homeassistant.components.diagnostics import async_redact_data
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_PASSWORD, CONF_TOKEN, CONF_URL, CONF_USERNAME
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .agent_log import agent_log
from .const import (
    CONF_ACCOUNT,
    CONF_AGENT_PHONE,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_NAMES,
    CONF_PREVIOUS_SPACE_KEYS,
    CONF_SPACE_KEY,
)
from .engine.push import CLOUD
from .models import BudgeroConfigEntry, BudgeroData
from .name_directory import NameDirectory
from .own_accounts import CONF_OWN_ACCOUNTS
from .presets import presets_of

TO_REDACT = {
    CONF_TOKEN,
    CONF_SPACE_KEY,
    CONF_PREVIOUS_SPACE_KEYS,
    CONF_USERNAME,
    CONF_PASSWORD,
    CONF_URL,
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_NAMES,
    CONF_OWN_ACCOUNTS,
    CONF_AGENT_PHONE,
}


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: BudgeroConfigEntry
) -> dict[str, Any]:
    """Return what helps to find a fault, without private data."""
    is_loaded = entry.state is ConfigEntryState.LOADED
    return {
        "entry": {
            "state": entry.state.value,
            "data": async_redact_data(entry.data, TO_REDACT),
            "options": async_redact_data(entry.options, TO_REDACT),
        },
        "presets": _count_presets(entry),
        "wait_for_a_person": agent_log(hass).waiting_for_person(entry),
        "server": "cloud" if entry.data[CONF_URL] == CLOUD else "own",
        "versions": {
            "aiohttp": aiohttp.__version__,
            "cryptography": cryptography.__version__,
        },
        **(_running_parts(entry.runtime_data) if is_loaded else {}),
    }


def _count_presets(entry: BudgeroConfigEntry) -> dict[str, int]:
    """Return how many presets there are of each kind; their content is private."""
    presets = presets_of(entry)
    return {
        "all": len(presets),
        "with_amount": sum(preset.amount is not None for preset in presets),
        "with_number": sum(preset.has_number for preset in presets),
    }


def _running_parts(data: BudgeroData) -> dict[str, Any]:
    snapshot = data.coordinator.data
    overview = snapshot.overview  # the last known one, even if the disk fails now
    return {
        "outbox": {
            "counts": asdict(overview.counts),
            "held": dict(overview.held),
            "oldest_waiting_age": _age(data, overview.oldest_waiting),
            "oldest_accepted_age": _age(data, overview.oldest_accepted),
            "last_accepted_age": _age(data, overview.last_accepted),
            "in_question": overview.in_question,
            "leftovers": [overview.leftover_pending, overview.leftover_failed],
        },
        "delivery": {
            "hold": data.outbox.hold,
            "last_error": data.outbox.last_error,
            "is_connected": data.outbox.is_connected,
            "last_contact_age": _age(data, data.outbox.last_contact),
            "is_key_proven": data.outbox.is_key_proven,
            "wire_format": data.outbox.wire_format,
            "is_signed_in": data.user is not None,
        },
        "statistics": {
            "source": snapshot.source,
            "pending": snapshot.pending,
            "processed": snapshot.processed,
            "failed": snapshot.failed,
            "total": snapshot.total,
            "problems": dict(snapshot.problems),
        },
        "names": _names(data.names),
    }


def _names(names: NameDirectory) -> dict[str, Any]:
    directory = names.directory
    read_at = names.read_at
    return {
        "source": names.source,
        "age": read_at and round((dt_util.utcnow() - read_at).total_seconds()),
        "problem": names.problem,
        "budgets": len(directory.budgets),
        "accounts": len(directory.accounts),
        "groups": len(directory.groups),
        "categories": len(directory.categories),
        "payees": len(directory.payees),
    }


def _age(data: BudgeroData, moment: float | None) -> int | None:
    """Return how many seconds ago something happened."""
    return None if moment is None else round(data.outbox.clock.now() - moment)
