"""Work that is finished even if its caller is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from homeassistant.core import HomeAssistant

from .const import LOGGER


async def async_shielded[T](hass: HomeAssistant, work: Coroutine[Any, Any, T]) -> T:
    """Finish the work, even if the caller is cancelled meanwhile.

    If the caller was cancelled, a failure goes to the log.
    """
    task = hass.async_create_task(work, "budgero work")
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        task.add_done_callback(_log_failure)
        raise
    return task.result()


def _log_failure(task: asyncio.Task[Any]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        # The type only: the text of an unknown error may contain private data.
        LOGGER.error("Work whose caller was cancelled failed: %s", type(error).__name__)
