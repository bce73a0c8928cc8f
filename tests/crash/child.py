"""A program that starts processes which log transactions until they are killed.

For each life on its input it forks a process, which is faster than starting Python.
"""

import asyncio
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import count, islice
import logging
import os
import random
import sys
import traceback
from typing import Final, override

from aiohttp import ClientSession

from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import (
    Client,
    Direction,
    SpaceKey,
    Transaction,
)
from tests.engine.outbox.helpers import NO_LIMITS

from .call import message_id_of
from .failpoints import install, shorten
from .life import Life, Word

_MOST_CALLERS: Final = 8
_LONGEST_SILENCE: Final = 0.5
_DELAY: Final = 0.3
"""Seconds before the first push of one transaction in three."""

EXCHANGE_SECONDS: Final = 1.0
DOUBT_REST: Final = 3.0
"""Rest in seconds, longer than the stand-in works on a request, as in real use."""


def _say(word: Word, what: object) -> None:
    """Print a line at once, before the process can be killed."""
    os.write(sys.stdout.fileno(), f"{word} {what}\n".encode())


class _Listener(logging.Handler):
    """Prints log records of level warning and above."""

    @override
    def emit(self, record: logging.LogRecord) -> None:
        said = f"{record.levelname} {record.name}: {record.getMessage()}"
        _say(Word.LOGGED, said.splitlines()[0])


@dataclass(frozen=True)
class _House:
    """A household that logs transactions."""

    store: Store
    client: Client
    sender: Sender

    async def call(self, number: int) -> None:
        """Log a transaction as the action does."""
        transaction = Transaction(
            account=1,
            budget=1,
            date=date(2026, 5, 4),
            amount=Decimal(number) / 100,
            direction=Direction.EXPENSE,
        )
        sealed = self.client.seal(transaction, message_id_of(number))
        _say(Word.ASKED, number)
        delay = _DELAY if number % 3 == 0 else 0.0
        await self.store.append(sealed, str(number).encode(), delay=delay)
        self.sender.wake()
        _say(Word.TOLD, number)

    async def call_for_ever(self, first: int) -> None:
        """Make several calls at once, again and again."""
        numbers = count(first)
        while True:
            callers = random.randint(1, _MOST_CALLERS)
            await asyncio.gather(
                *(self.call(number) for number in islice(numbers, callers))
            )
            await asyncio.sleep(random.uniform(0, _LONGEST_SILENCE))

    async def until_processed(self) -> None:
        """Wait until everything is processed."""
        while (counts := await self.store.review.counts()).waiting or counts.accepted:
            await asyncio.sleep(0.02)


async def _live(life: Life) -> None:
    async with ClientSession() as session:
        store = Store(life.outbox, limits=NO_LIMITS)
        await store.open()
        client = Client(session, life.url, life.token, SpaceKey.parse(life.space_key))
        house = _House(store, client, Sender(store, client))
        await house.sender.load()
        worker = asyncio.create_task(house.sender.run())
        for number in life.repeat:
            await house.call(number)
        if life.first:
            await house.call_for_ever(life.first)
        await house.until_processed()
        worker.cancel()
        await asyncio.wait([worker])
        await store.close()


def _run(life: Life) -> None:
    """Run in this process, with minutes shortened to fractions of a second."""
    logging.getLogger().addHandler(_Listener(logging.WARNING))
    shorten(
        DOUBT_REST=DOUBT_REST,
        EXCHANGE_SECONDS=EXCHANGE_SECONDS,
        FIRST_PAUSE=0.05,
        FIRST_QUESTION=0.05,
        LONGEST_GAP=1.0,
        LONGEST_PAUSE=0.1,
        PER_SECOND=1000.0,
        SHORTEST_PAUSE=0.02,
        WAKE_PAUSE=0.02,
    )
    if life.place is not None:
        install(life.place, life.visits)
    asyncio.run(_live(life))


def main() -> None:
    """Fork a process for every life on the input."""
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            _say(Word.BORN, os.getpid())
            code = 1
            try:
                _run(Life.from_line(line))
                code = 0
            except BaseException:  # noqa: BLE001 - this process ends here
                traceback.print_exc()
            os._exit(code)
        _, status = os.waitpid(pid, 0)
        _say(Word.ENDED, os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
