"""Waiting for an entry that is being set up or reloaded."""

from homeassistant.config_entries import ConfigEntryState

from .models import BudgeroConfigEntry


async def async_wait_until_settled(entry: BudgeroConfigEntry) -> None:
    """Wait until a set-up or reload that is under way has ended."""
    while entry.state is not ConfigEntryState.LOADED and entry.setup_lock.locked():
        async with entry.setup_lock:
            pass
