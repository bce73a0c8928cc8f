"""A program that starts processes which append until they are killed.

For every line on its input, the path of an outbox, it forks one. That one prints its
process id, then every message id that it was told is safe. When it has been killed,
an empty line follows.
"""

import asyncio
from itertools import count
import os
from pathlib import Path
import sys

from custom_components.budgero.engine.outbox.store import Store
import tests.conftest  # noqa: F401 - loads the engine without Home Assistant

from .helpers import NO_LIMITS, append

CALLERS = 4


def _say(text: str) -> None:
    os.write(sys.stdout.fileno(), f"{text}\n".encode())


async def _append_for_ever(path: Path) -> None:
    store = Store(path, limits=NO_LIMITS)
    await store.open()

    async def call() -> None:
        for _ in count():
            _say(await append(store))

    async with asyncio.TaskGroup() as group:
        for _ in range(CALLERS):
            group.create_task(call())


def main() -> None:
    """Fork a writer for every path on the input."""
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _say(str(os.getpid()))
            asyncio.run(_append_for_ever(Path(line.rstrip("\n"))))
        os.waitpid(pid, 0)
        _say("")


if __name__ == "__main__":
    main()
