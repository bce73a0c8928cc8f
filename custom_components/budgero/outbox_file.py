"""The file of an entry's outbox: where it is, opening it, and removing it."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.storage import STORAGE_DIR

from .const import CONF_PREVIOUS_SPACE_KEYS, CONF_SPACE_KEY, DATA_IN_BACKUP, DOMAIN
from .engine.outbox import (
    ClosedFile,
    Outbox,
    OutboxError,
    Salvaged,
    UnreadableOutboxError,
)
from .engine.push import Client, ServerUser, SpaceKey, reseal
from .models import BudgeroConfigEntry


async def async_open_outbox(
    hass: HomeAssistant,
    entry: BudgeroConfigEntry,
    client: Client,
    user: ServerUser | None,
    calendar: Callable[[float], date],
) -> Outbox:
    """Open the entry's outbox; take over a file that was kept for this space.

    Intact rows of a damaged file are salvaged. Rows that were sealed with an earlier
    key of the space are sealed again.

    Args:
        hass: Home Assistant.
        entry: the entry of the outbox.
        client: seals and delivers.
        user: signed in to an own server, sees its queue.
        calendar: returns the household's date at a time, in seconds since the epoch.

    Raises:
        ForeignOutboxError: another program added triggers or views; nothing was
            changed.
        NewerOutboxError: a newer version wrote it; nothing was changed.
        StorageError: the file cannot be read or written.
    """
    path = outbox_path(hass, entry.entry_id)
    if not await hass.async_add_executor_job(ClosedFile(path).is_there):
        await _async_adopt(hass, client.key, path)
    old = [
        SpaceKey.parse(text) for text in entry.data.get(CONF_PREVIOUS_SPACE_KEYS, ())
    ]
    return await Outbox.open(
        path,
        client,
        calendar,
        user,
        in_backup=hass.data.get(DATA_IN_BACKUP, False),
        report=partial(_report_salvaged, hass, entry),
        reseal=partial(reseal, new=client.key, old=old) if old else None,
    )


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
    place = ClosedFile(outbox_path(hass, key.fingerprint))
    for kept in await hass.async_add_executor_job(place.numbered):
        try:
            await _async_count_waiting(hass, kept)
        except UnreadableOutboxError:
            pass
        except OutboxError:
            continue
        await hass.async_add_executor_job(kept.move, path)
        ir.async_delete_issue(hass, DOMAIN, _issue_id(kept.path))
        return


async def async_remove_outbox(hass: HomeAssistant, entry: BudgeroConfigEntry) -> None:
    """Delete the outbox of a removed entry, unless transactions wait in it."""
    key = SpaceKey.parse(entry.data[CONF_SPACE_KEY])
    file = ClosedFile(outbox_path(hass, entry.entry_id))
    try:
        if not await hass.async_add_executor_job(file.is_there):
            return
        waiting = await _async_count_waiting(hass, file)
    except OutboxError:
        waiting = None
    if waiting == 0:
        await hass.async_add_executor_job(file.delete)
        return
    kept = await hass.async_add_executor_job(
        file.keep, outbox_path(hass, key.fingerprint)
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


async def _async_count_waiting(hass: HomeAssistant, file: ClosedFile) -> int:
    return await file.count_waiting(in_backup=hass.data.get(DATA_IN_BACKUP, False))


def outbox_path(hass: HomeAssistant, name: str) -> Path:
    """Return the path of an outbox.

    Args:
        hass: Home Assistant.
        name: the entry's id; for a kept file the fingerprint of the space key.
    """
    return Path(hass.config.path(STORAGE_DIR, f"{DOMAIN}.{name}.db"))


def _issue_id(kept: Path) -> str:
    return f"kept_outbox_{kept.stem}"
