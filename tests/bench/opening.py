"""A program that opens an outbox as set-up does, and prints time and memory."""

import asyncio
from dataclasses import asdict, dataclass
import json
from pathlib import Path
import resource
import sys
import time

from aiohttp import ClientSession

from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Client

from .subjects import KEY


@dataclass(frozen=True, slots=True)
class Cost:
    """The cost of an opening: seconds, and the peak memory of the process in bytes."""

    seconds: float
    memory: int


def _no_session() -> ClientSession:
    raise OSError("set-up never needs the network")


async def _open(path: Path) -> float:
    """Do what set-up does until the action is available; return the seconds."""
    client = Client(_no_session, "http://127.0.0.1", "0" * 64, KEY)
    start = time.perf_counter()
    store = Store(path)
    await store.open()
    sender = Sender(store, client)
    await store.recall("source")
    await sender.load()
    await store.review.overview()
    seconds = time.perf_counter() - start
    await store.close()
    return seconds


def _peak_memory() -> int:
    """Return the most memory that this process had, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():  # the other figure starts with that of the parent there
        lines = status.read_text().splitlines()
        [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
        return int(peak) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    taken = asyncio.run(_open(Path(sys.argv[1])))
    sys.stdout.write(json.dumps(asdict(Cost(taken, _peak_memory()))))
