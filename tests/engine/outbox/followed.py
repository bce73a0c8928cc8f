"""A follower, the transactions that it follows, and the Budgero that it asks."""

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from aiohttp import ClientSession

from custom_components.budgero.engine.outbox import Row
from custom_components.budgero.engine.outbox.follower import Follower
from custom_components.budgero.engine.outbox.gate import Gate
from custom_components.budgero.engine.outbox.key_trust import KeyTrust
from custom_components.budgero.engine.outbox.questions import Questions
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.outbox.sweeper import Sweeper
from custom_components.budgero.engine.outbox.workspace import WorkspaceCheck
from custom_components.budgero.engine.push import (
    Accepted,
    Client,
    PutBack,
    QueueStats,
    ServerUser,
    SpaceKey,
)
from tests.budgero_server import BudgeroServer

from .helpers import DIGEST, Clock, new_sealed
from .house import LOGIN, PROFILE, QUEUE, Books


@dataclass
class Followed(Books):
    """A follower without a sender, and a wall clock to set.

    Attributes:
        user: a user of the server who has not signed in yet.
        has_user: whether the follower knows that user.
    """

    server: BudgeroServer
    session: ClientSession
    path: Path
    clock: Clock
    user: ServerUser
    has_user: bool
    store: Store = field(init=False)
    client: Client = field(init=False)
    gate: Gate = field(init=False)
    follower: Follower = field(init=False)
    workspace: WorkspaceCheck = field(init=False)

    async def open(self) -> None:
        """Open the outbox, and begin to follow what is in it."""
        self.store = Store(self.path, self.clock, self.clock.steady)
        await self.store.open()
        key = SpaceKey.parse(self.server.space_key)
        self.client = Client(self.session, self.server.url, self.server.token, key)
        self.gate = Gate(self.client, self.store.signal)
        user = self.user if self.has_user else None
        sweeper = Sweeper(self.store, self.client, user, self.gate)
        self.workspace = WorkspaceCheck(self.store, self.client, self.gate, sweeper)
        trust = KeyTrust(self.store, key.fingerprint)
        asker = Questions(self.store, self.client, self.gate, trust, sweeper)
        self.follower = Follower(
            self.store,
            self.client,
            user,
            self.gate,
            self.workspace,
            asker,
            sweeper,
        )

    async def close(self) -> None:
        """Close the outbox."""
        await self.store.close()

    async def restart(self) -> None:
        """Start anew with what is on disk."""
        await self.close()
        await self.open()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.now += seconds

    async def ask_due(self) -> None:
        """Let the follower ask about what is due."""
        await self.follower.ask_due()

    async def ask_now(self) -> None:
        """Let the follower ask because a person wants to know."""
        await self.follower.ask_now()

    async def deliver(self, number: int = 1) -> list[str]:
        """Let the server take so many, without a sender; return their message ids."""
        ids = []
        for _ in range(number):
            sealed = new_sealed()
            await self.store.append(sealed, DIGEST)
            outcome = await self.client.push(sealed)
            assert isinstance(outcome, Accepted)
            await self.store.waiting.accept(outcome, 60)
            ids.append(sealed.message_id)
        return ids

    async def clear_queue(self, *, include_all: bool = False) -> int:
        """Let the user clear the server's queue."""
        clear = partial(self.user.clear_queue, include_all=include_all)
        return await self.follower.clear_queue(clear, include_all=include_all)

    async def read_statistics(self) -> QueueStats:
        """Let the user read what the server counts."""
        return await self.follower.read_statistics(self.user.stats, self.user.pending)

    async def put_back(self, row: Row) -> PutBack | None:
        """Let the user put an item back."""
        put_back = partial(self.user.put_back, row.accepted.queue_id)
        return await self.follower.put_back(row, put_back)

    @property
    def questions(self) -> list[str | None]:
        """The message ids of what was asked with the push token, in order."""
        users = (LOGIN, PROFILE, QUEUE)
        return [
            request.message_id
            for request in self.server.requests
            if not request.path.startswith(users)
        ]
