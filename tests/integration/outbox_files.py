"""Files of outboxes, and damaging them."""

from pathlib import Path

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import StorageError, closed_file
from homeassistant.core import HomeAssistant

from .support import outbox_path


def log_of(path: Path) -> Path:
    """Return where the write-ahead log of an outbox lies."""
    return path.with_name(f"{path.name}-wal")


def damage(path: Path) -> None:
    """Replace an outbox by other bytes."""
    path.parent.mkdir()
    path.write_bytes(b"damaged" * 1000)


def is_damaged(path: Path) -> bool:
    """Return whether a file is as `damage` left it."""
    return path.read_bytes() == b"damaged" * 1000


async def cut_power(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """Unload an entry, leaving its outbox as a power cut does; return the log."""
    path = outbox_path(hass, entry.entry_id)
    parts = {part: part.read_bytes() for part in (path, log_of(path))}
    assert await hass.config_entries.async_unload(entry.entry_id)
    for part, content in parts.items():
        part.write_bytes(content)
    return log_of(path)


async def fail_to_mend(
    hass: HomeAssistant, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Set up an entry with a damaged outbox on a disk that cannot be written."""

    def refuse(_: Path) -> None:
        raise StorageError("The outbox could not be mended (OSError)")

    with monkeypatch.context() as patch:
        patch.setattr(closed_file, "salvage", refuse)
        assert not await hass.config_entries.async_setup(entry.entry_id)
