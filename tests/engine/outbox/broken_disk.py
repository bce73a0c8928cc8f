"""A program whose disk breaks while it appends, and that is killed then.

It prints what its callers were told, a line for each: `told` or `refused`, and the
message id.
"""

import asyncio
import os
from pathlib import Path
import signal
import sys
from typing import Final

from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.engine.outbox.store import Store

from .helpers import DIGEST, new_sealed
from .refusing_kernel import refuse

ROWS: Final = 5
"""So many are appended before the disk breaks, and so many after."""


async def _append(store: Store, message_id: str) -> None:
    try:
        await store.append(new_sealed(message_id, message_id), DIGEST)
    except StorageError:
        print("refused", message_id, flush=True)  # noqa: T201 - this is the answer
    else:
        print("told", message_id, flush=True)  # noqa: T201


async def _live(path: Path, error: int, calls: list[str]) -> None:
    store = Store(path)
    await store.open()
    for number in range(ROWS):
        await _append(store, f"before-{number}")
    refuse(calls, error)
    for number in range(ROWS):
        await _append(store, f"after-{number}")
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    asyncio.run(_live(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
