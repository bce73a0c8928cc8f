"""Work that goes on when whoever asked for it is gone."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from homeassistant.core import HomeAssistant

from .const import LOGGER


async def async_shielded[T](hass: HomeAssistant, work: Coroutine[Any, Any, T]) -> T:
    """Do the work to its end, even if the caller is cancelled meanwhile.

    A failure that no caller hears of any more is in the log.
    """
    task = hass.async_create_task(work, "budgero work")
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.add_done_callback(_tell_failure)
        raise
    return task.result()


def _tell_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        # Only the kind: the text of a foreign error may hold content.
        LOGGER.error("After its caller was cancelled: %s", type(error).__name__)
