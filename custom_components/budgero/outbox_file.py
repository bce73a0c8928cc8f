"""The file of an entry's outbox: where it lies, and what happens to it at the end."""

from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR

from .const import CONF_SPACE_KEY, DOMAIN
from .engine.outbox import OutboxError, Store
from .engine.push import SpaceKey
from .models import BudgeroConfigEntry


async def async_open_store(
    hass: HomeAssistant, entry: BudgeroConfigEntry, key: SpaceKey
) -> Store:
    """Open the entry's outbox; adopt what an earlier entry of this space left.

    Raises:
        OutboxError: the file cannot be used; it was left as it is.
    """
    path = _path(hass, entry.entry_id)
    kept = _path(hass, key.fingerprint)
    if await hass.async_add_executor_job(_is_adoptable, kept, path):
        if await _async_count_waiting(kept) is not None:  # a damaged one stays there
            await hass.async_add_executor_job(_move, kept, path)
            ir.async_delete_issue(hass, DOMAIN, _issue_id(key))
    store = Store(path)
    await store.open()
    return store


async def async_remove_store(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Delete the outbox of a removed entry, unless transactions wait in it."""
    key = SpaceKey.parse(entry.data[CONF_SPACE_KEY])
    path = _path(hass, entry.entry_id)
    if not await hass.async_add_executor_job(path.exists):
        return
    waiting = await _async_count_waiting(path)
    if waiting == 0:
        await hass.async_add_executor_job(_delete, path)
        return
    kept = _path(hass, key.fingerprint)
    kept = await hass.async_add_executor_job(_keep, path, kept)
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(key),
        is_fixable=False,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="kept_outbox" if waiting else "kept_unreadable_outbox",
        translation_placeholders={"file": str(kept), "count": str(waiting)},
    )


async def _async_count_waiting(path: Path) -> int | None:
    """Return how many transactions wait in a file, `None` if nobody can tell."""
    store = Store(path)
    try:
        await store.open()
        waiting = (await store.counts()).waiting
    except OutboxError:
        return None
    finally:
        await store.close()
    return waiting


def _path(hass: HomeAssistant, name: str) -> Path:
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{name}.db"))


def _issue_id(key: SpaceKey) -> str:
    return f"kept_outbox_{key.fingerprint}"


def _parts(path: Path) -> tuple[Path, ...]:
    """Return a database file with its companions, which belong to it."""
    return (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm")))


def _is_adoptable(kept: Path, path: Path) -> bool:
    return kept.exists() and not path.exists()


def _keep(path: Path, kept: Path) -> Path:
    """Move a file aside; an earlier one of this name stays."""
    number = 1
    while kept.exists():
        number += 1
        kept = kept.with_stem(f"{kept.stem.split('~')[0]}~{number}")
    _move(path, kept)
    return kept


def _move(source: Path, target: Path) -> None:
    for old, new in zip(_parts(source), _parts(target), strict=True):
        if old.exists():
            old.rename(new)


def _delete(path: Path) -> None:
    for part in _parts(path):
        part.unlink(missing_ok=True)
