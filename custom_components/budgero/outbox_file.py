"""The file of an entry's outbox: where it is, opening it, and removing it."""

from contextlib import suppress
from functools import partial
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR

from .const import CONF_PREVIOUS_SPACE_KEYS, CONF_SPACE_KEY, DATA_IN_BACKUP, DOMAIN
from .engine.outbox import (
    OutboxError,
    Salvaged,
    Store,
    UnreadableOutboxError,
    is_there,
    log_of,
    open_store,
    storage_errors,
)
from .engine.push import SpaceKey, reseal
from .models import BudgeroConfigEntry


async def async_open_store(
    hass: HomeAssistant, entry: BudgeroConfigEntry, key: SpaceKey
) -> Store:
    """Open the entry's outbox; take over a file that was kept for this space.

    Intact rows of a damaged file are salvaged. Rows that were sealed with an earlier
    key of the space are sealed again.

    Raises:
        ForeignOutboxError: another program added triggers or views; nothing was
            changed.
        NewerOutboxError: a newer version wrote it; nothing was changed.
        StorageError: the file cannot be read or written.
    """
    path = outbox_path(hass, entry.entry_id)
    old = [
        SpaceKey.parse(text) for text in entry.data.get(CONF_PREVIOUS_SPACE_KEYS, ())
    ]
    with storage_errors():
        # A log without its file is a damaged outbox.
        if not await hass.async_add_executor_job(_is_any_there, path):
            await _async_adopt(hass, key, path)
    store = await open_store(
        path,
        in_backup=hass.data.get(DATA_IN_BACKUP, False),
        report=partial(_report_salvaged, hass, entry),
    )
    try:
        if old:
            await store.review.reseal(partial(reseal, new=key, old=old))
    except OutboxError:
        await store.close()
        raise
    return store


async def _async_open(hass: HomeAssistant, path: Path) -> Store:
    store = Store(path)
    await store.open(in_backup=hass.data.get(DATA_IN_BACKUP, False))
    return store


def _report_salvaged(
    hass: HomeAssistant, entry: BudgeroConfigEntry, salvaged: Salvaged
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"salvaged_{salvaged.kept.stem}",
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.ERROR,
        translation_key="salvaged",
        translation_placeholders={
            "title": entry.title,
            "count": str(salvaged.saved),
            "file": str(salvaged.kept),
        },
    )


async def _async_adopt(hass: HomeAssistant, key: SpaceKey, path: Path) -> None:
    """Take over the oldest usable file that was kept for this space.

    A damaged file is usable: its intact rows are salvaged when it is opened.
    """
    for kept in await hass.async_add_executor_job(
        _kept_files, outbox_path(hass, key.fingerprint)
    ):
        try:
            await _async_count_waiting(hass, kept)
        except UnreadableOutboxError:
            pass
        except OutboxError:
            continue
        await hass.async_add_executor_job(_move, kept, path)
        ir.async_delete_issue(hass, DOMAIN, _issue_id(kept))
        return


async def async_remove_store(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Delete the outbox of a removed entry, unless transactions wait in it."""
    key = SpaceKey.parse(entry.data[CONF_SPACE_KEY])
    path = outbox_path(hass, entry.entry_id)
    try:
        with storage_errors():
            if not await hass.async_add_executor_job(is_there, path):
                return
        waiting = await _async_count_waiting(hass, path)
    except OutboxError:
        waiting = None
    if waiting == 0:
        await hass.async_add_executor_job(_delete, path)
        return
    kept = await hass.async_add_executor_job(
        _keep, path, outbox_path(hass, key.fingerprint)
    )
    ir.async_create_issue(
        hass,
        DOMAIN,
        _issue_id(kept),
        is_fixable=True,
        is_persistent=True,
        severity=ir.IssueSeverity.WARNING,
        translation_key="kept_outbox" if waiting else "kept_unreadable_outbox",
        translation_placeholders={"file": str(kept), "count": str(waiting)},
    )


async def _async_count_waiting(hass: HomeAssistant, path: Path) -> int:
    """Return how many transactions wait in a file.

    Raises:
        OutboxError: the file cannot be read.
    """
    store = await _async_open(hass, path)
    try:
        return (await store.review.counts()).waiting
    finally:
        await store.close()


def outbox_path(hass: HomeAssistant, name: str) -> Path:
    """Return the path of an outbox.

    Args:
        hass: Home Assistant.
        name: the entry's id; for a kept file the fingerprint of the space key.
    """
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{name}.db"))


def _issue_id(kept: Path) -> str:
    return f"kept_outbox_{kept.stem}"


def _parts(path: Path) -> tuple[Path, ...]:
    """Return a database file with its log and its shared memory."""
    return (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm")))


def _is_any_there(path: Path) -> bool:
    return is_there(path) or is_there(log_of(path))


def _kept_files(kept: Path) -> list[Path]:
    """Return the files kept for a space, oldest first."""
    return sorted(kept.parent.glob(f"{kept.stem}*{kept.suffix}"))


def _keep(path: Path, kept: Path) -> Path:
    """Move a file to a name that is free; return where it is."""
    number, target = 1, kept
    while is_there(target):
        number += 1
        target = kept.with_stem(f"{kept.stem}~{number}")
    _move(path, target)
    return target


def _move(source: Path, target: Path) -> None:
    for old, new in zip(_parts(source), _parts(target), strict=True):
        with suppress(FileNotFoundError):
            old.replace(new)


def _delete(path: Path) -> None:
    for part in _parts(path):
        part.unlink(missing_ok=True)
