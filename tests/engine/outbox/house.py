"""An outbox and the Budgero that it delivers to, over real sockets."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from math import inf
from pathlib import Path
import time

from aiohttp import ClientSession

from custom_components.budgero.engine.outbox import Row, State
from custom_components.budgero.engine.outbox.flood import Limits
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Client, SpaceKey
from custom_components.budgero.engine.push.answers import QUESTION
from tests.budgero_server import BudgeroServer, LoggedRequest
from tests.engine.lunch import LUNCH

from .helpers import NO_LIMITS, row_of

PATIENCE = 30.0
"""Seconds until a test gives up; far more than a slow machine needs."""

PUSH = "/api/v1/push"
HEALTH = "/api/v1/health"
SPEC = "/api/v1/push/spec"
QUEUE = "/api/v1/push/queue"
LOGIN = "/api/v1/auth/local/login"
PROFILE = "/api/v1/profile"


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something that must come."""
    async with asyncio.timeout(PATIENCE):
        while not await condition():
            await asyncio.sleep(0.005)


class Books:
    """What an outbox knows of its transactions, and what its Budgero knows."""

    server: BudgeroServer
    store: Store

    async def row(self, message_id: str) -> Row:
        """Return a row that must be there."""
        return await row_of(self.store, message_id)

    async def states(self, message_ids: list[str]) -> list[State]:
        """Return the states of these, which must be there."""
        return [(await self.row(message_id)).state for message_id in message_ids]

    def set_status(self, message_id: str, status: str) -> None:
        """Let an app say what became of a transaction."""
        [item] = [item for item in self.server.queue if item.message_id == message_id]
        self.server.set_status(item.id, status)

    @property
    def leftovers(self) -> list[str]:
        """What our questions left in Budgero's queue, by message id."""
        items = [item for item in self.server.queue if item.payload == QUESTION]
        return [str(item.message_id) for item in items]


@dataclass
class House(Books):
    """Store, client and sender of one household, and its Budgero."""

    server: BudgeroServer
    session: ClientSession
    path: Path
    limits: Limits = NO_LIMITS
    key: SpaceKey | None = None
    url: str | None = None
    ahead: float = 0.0
    store: Store = field(init=False)
    client: Client = field(init=False)
    sender: Sender = field(init=False)
    _worker: asyncio.Task[None] | None = field(init=False, default=None)

    async def open(self) -> None:
        """Open the outbox; nothing is sent yet."""
        self.store = Store(self.path, self.wall, limits=self.limits)
        await self.store.open()
        self.client = Client(
            self.session,
            self.url or self.server.url,
            self.server.token,
            self.key or SpaceKey.parse(self.server.space_key),
        )
        self.sender = Sender(self.store, self.client)
        await self.sender.load()

    def wall(self) -> float:
        """Tell the time, as far ahead as it was set."""
        return time.time() + self.ahead

    def start(self) -> None:
        """Let the sender work."""
        self._worker = asyncio.create_task(self.sender.run())

    async def stop(self) -> None:
        """Cancel the sender in whatever it does."""
        if self._worker is not None:
            self._worker.cancel()
            with suppress(asyncio.CancelledError):
                await self._worker
            self._worker = None

    async def close(self) -> None:
        """Stop the sender and close the outbox."""
        await self.stop()
        await self.store.close()

    async def restart(self) -> None:
        """Start anew with what is on disk."""
        await self.close()
        await self.open()
        self.start()

    @property
    def is_working(self) -> bool:
        """Whether the sender runs."""
        return self._worker is not None and not self._worker.done()

    async def add(self, memo: str = "", account: int = 1) -> str:
        """Append a transaction, as an action does; return its message id."""
        sealed = self.client.seal(replace(LUNCH, memo=memo, account=account))
        await self.store.append(sealed, b"digest")
        self.sender.wake()
        return sealed.message_id

    async def add_all(self, number: int) -> list[str]:
        """Append so many, one after the other."""
        return [await self.add(f"memo {index}") for index in range(number)]

    async def prove_key(self) -> None:
        """Let the app apply something that was sealed with the key."""
        message_id = await self.add("proof")
        await self.until(message_id, State.ACCEPTED)
        self.server.apply()
        await self.until(message_id, State.PROCESSED)

    async def until(self, message_id: str, state: State) -> Row:
        """Wait for a state; return the row in it."""

        async def is_so() -> bool:
            return (await self.row(message_id)).state is state

        await until(is_so)
        return await self.row(message_id)

    async def until_all(self, message_ids: list[str], state: State) -> list[Row]:
        """Wait until all of these have a state."""
        return [await self.until(message_id, state) for message_id in message_ids]

    async def until_sender(self, condition: Callable[[Sender], bool]) -> None:
        """Wait until the sender says so."""

        async def is_so() -> bool:
            return condition(self.sender)

        await until(is_so)

    def pushes(self, message_id: str | None = None) -> list[LoggedRequest]:
        """Return the requests that push one transaction, or any."""
        return [
            request
            for request in self.server.requests
            if (request.method, request.path) == ("POST", PUSH)
            and request.message_id is not None
            and message_id in (None, request.message_id)
        ]

    async def until_pushed(self, message_id: str, times: int = 1) -> None:
        """Wait until the server has seen so many pushes of it."""

        async def is_so() -> bool:
            return len(self.pushes(message_id)) >= times

        await until(is_so)

    def queued_ids(self) -> list[str | None]:
        """Return the message ids in Budgero's queue, oldest first."""
        return [item.message_id for item in self.server.queue]

    def assert_one_at_a_time(self) -> None:
        """Check that no message id was ever in flight twice at once."""
        for message_id in {request.message_id for request in self.pushes()}:
            for first, second in pairwise(self.pushes(message_id)):
                assert (first.finished or inf) <= second.time
