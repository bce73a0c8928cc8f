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
    if await hass.async_add_executor_job(_is_missing, path):
        await _async_adopt(hass, key, path)
    store = Store(path)
    await store.open()
    return store


async def _async_adopt(hass: HomeAssistant, key: SpaceKey, path: Path) -> None:
    """Take over the oldest file kept for this space that can be read."""
    for kept in await hass.async_add_executor_job(
        _kept_files, _path(hass, key.fingerprint)
    ):
        if await _async_count_waiting(kept) is not None:
            await hass.async_add_executor_job(_move, kept, path)
            ir.async_delete_issue(hass, DOMAIN, _issue_id(kept))
            return


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
    kept = await hass.async_add_executor_job(_keep, path, _path(hass, key.fingerprint))
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(kept),
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


def _issue_id(kept: Path) -> str:
    return f"kept_outbox_{kept.stem}"


def _parts(path: Path) -> tuple[Path, ...]:
    """Return a database file with its companions, which belong to it."""
    return (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm")))


def _is_missing(path: Path) -> bool:
    """Return whether there is no file, or one that a full disk kept empty."""
    return not path.exists() or path.stat().st_size == 0


def _kept_files(kept: Path) -> list[Path]:
    """Return the files kept for a space, oldest first."""
    return sorted(kept.parent.glob(f"{kept.stem}*{kept.suffix}"))


def _keep(path: Path, kept: Path) -> Path:
    """Move a file aside; an earlier one of this name stays."""
    number, target = 1, kept
    while target.exists():
        number += 1
        target = kept.with_stem(f"{kept.stem}~{number}")
    _move(path, target)
    return target


def _move(source: Path, target: Path) -> None:
    for old, new in zip(_parts(source), _parts(target), strict=True):
        if old.exists():
            old.replace(new)


def _delete(path: Path) -> None:
    for part in _parts(path):
        part.unlink(missing_ok=True)
