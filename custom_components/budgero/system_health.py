"""Budgero's part of Home Assistant's page “System information”."""

from datetime import datetime
from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .engine.push import Client
from .engine.push.errors import PushError
from .models import BudgeroConfigEntry, BudgeroData


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register the information."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    """Return the state of all loaded entries, separated by commas."""
    entries: list[BudgeroConfigEntry] = hass.config_entries.async_entries(DOMAIN)
    loaded = [
        entry.runtime_data
        for entry in entries
        if entry.state is ConfigEntryState.LOADED
    ]
    if not loaded:
        return {}
    shown = [_describe(data) for data in loaded]
    return {
        "can_reach_server": _async_reach([data.client for data in loaded]),
        "last_contact": _last_contact(loaded),
        **{key: ", ".join(entry[key] for entry in shown) for key in shown[0]},
    }


def _last_contact(loaded: list[BudgeroData]) -> datetime | str:
    """Return when a server answered last; of several entries, the earliest time."""
    contacts = [data.outbox.last_contact for data in loaded]
    known = [contact for contact in contacts if contact is not None]
    if len(known) < len(contacts):
        return "never"
    return dt_util.utc_from_timestamp(min(known)).replace(microsecond=0)


def _describe(data: BudgeroData) -> dict[str, str]:
    snapshot = data.coordinator.data
    held = [problem for problem in snapshot.problems if problem.startswith("held_")]
    return {
        "waiting": str(snapshot.overview.counts.waiting),
        "held": " + ".join(problem.removeprefix("held_") for problem in held) or "no",
        "statistics_source": snapshot.source,
        "features": " + ".join(sorted(data.outbox.operations)) or "not known",
        "key_proven": "yes" if data.outbox.is_key_proven else "not yet",
    }


async def _async_reach(clients: list[Client]) -> dict[str, str] | str:
    try:
        healthy = [await client.health() for client in clients]
    except PushError as error:
        return {"type": "failed", "error": error.code}
    return "ok" if all(healthy) else {"type": "failed", "error": "server_trouble"}
