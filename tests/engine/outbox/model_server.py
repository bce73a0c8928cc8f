"""A model of Budgero's server, its app and the network between, in a few lines.

It does what the real ones were seen to do: a request may outlive its client by 15
seconds, the check for duplicates races, answers are lost, queues are cleared.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Final, override
from uuid import uuid4

from aiohttp import ClientSession

from custom_components.budgero.engine.push import (
    Client,
    Feature,
    QueueItem,
    QueueStats,
    ServerUser,
    SpaceKey,
    Transaction,
    WireFormat,
)
from custom_components.budgero.engine.push.answers import QUESTION
from custom_components.budgero.engine.push.errors import (
    InDoubtError,
    PushError,
    RateLimitedError,
    ServerTroubleError,
    UnreachableError,
    WrongTokenError,
)
from custom_components.budgero.engine.push.models import (
    Accepted,
    Asked,
    Duplicate,
    QueueState,
    Sealed,
    Spec,
)

WORKS_AT_MOST: Final = 15.0
PATIENCE: Final = 35.0
_LONG_AGO: Final = datetime(2027, 1, 15, tzinfo=UTC)


class Network(Enum):
    """What becomes of a request."""

    GOOD = "good"
    CUT = "never arrives"
    DEAF = "carried out, and the answer is lost"
    LATE = "carried out after the client has given up"
    TROUBLE = "refused for the moment"
    LIMITED = "refused as too many"
    TOKEN = "refused for its token"


@dataclass
class Item:
    """A row of the server's queue."""

    queue_id: str
    message_id: str
    payload: str
    state: QueueState = QueueState.PENDING
    is_booked: bool = False


@dataclass
class ModelServer:
    """The server's queue, and what its app has booked, by memo.

    Attributes:
        key: opens what is pushed.
        network: what becomes of requests.
        items: the queue.
        booked: how often each memo was booked.
        applied: what apps remember, by queue id.
        leftovers: how many items questions have left.
        left: the message ids of these.
        late: requests under way whose client has given up.
    """

    key: SpaceKey
    network: Network = Network.GOOD
    items: list[Item] = field(default_factory=list)
    booked: Counter[str] = field(default_factory=Counter)
    applied: set[str] = field(default_factory=set)
    leftovers: int = 0
    left: set[str] = field(default_factory=set)
    late: set[asyncio.Task[Item | tuple[Item]]] = field(default_factory=set)

    async def push(
        self, message_id: str, payload: str, works: float = 0.01
    ) -> Item | tuple[Item]:
        """Carry out a push; a known item comes in a tuple.

        Between looking for a duplicate and adding a row others may do the same.
        """
        known = self._find(message_id)
        await asyncio.sleep(works)
        if known is not None:
            return (known,)
        item = Item(str(uuid4()), message_id, payload)
        self.items.append(item)
        if payload == QUESTION:
            self.left.add(message_id)
            self.leftovers += 1
        return item

    async def receive(self, message_id: str, payload: str) -> Item | tuple[Item]:
        """Do with a push what the network makes of it.

        Raises:
            PushError: there is no answer, or another one.
        """
        await asyncio.sleep(0.02)
        match self.network:
            case Network.GOOD:
                return await self.push(message_id, payload)
            case Network.CUT:
                raise UnreachableError
            case Network.DEAF:
                await self.push(message_id, payload)
                await asyncio.sleep(PATIENCE)
                raise InDoubtError
            case Network.LATE:
                late = self.push(message_id, payload, works=WORKS_AT_MOST)
                task = asyncio.create_task(late)
                self.late.add(task)
                task.add_done_callback(self.late.discard)
                raise InDoubtError
            case Network.TROUBLE:
                raise ServerTroubleError
            case Network.LIMITED:
                raise RateLimitedError
            case Network.TOKEN:
                raise WrongTokenError

    def run_app(self, refused: Callable[[str], bool], *, acknowledges: bool) -> None:
        """Apply what is pending, at most a hundred, as an app does at its start."""
        pending = [item for item in self.items if item.state is QueueState.PENDING]
        for item in pending[:100]:
            memo = self._memo(item)
            if memo is None or refused(memo):
                item.state = QueueState.FAILED
                continue
            if not item.is_booked:
                self.booked[memo] += 1
                item.is_booked = True
                self.applied.add(item.queue_id)
            item.state = QueueState.PROCESSED if acknowledges else QueueState.FAILED

    def clear(self, *, include_all: bool) -> None:
        """Forget items."""
        self.items = [
            item
            for item in self.items
            if not include_all and item.state is not QueueState.PENDING
        ]

    def back_up(self) -> list[Item]:
        """Return what a restored server would know."""
        return [replace(item) for item in self.items]

    def restore(self, backup: list[Item]) -> None:
        """Go back to what was backed up; apps remember what they have applied."""
        self.items = [
            replace(item, is_booked=item.queue_id in self.applied) for item in backup
        ]

    def take(self, message_id: str) -> None:
        """Let somebody else use a message id, for something that no app can open."""
        self.items.append(Item(str(uuid4()), message_id, QUESTION))

    def knows(self, memo: str) -> bool:
        """Whether a person who looks finds it booked, or about to be."""
        waits = any(
            item.state is QueueState.PENDING and self._memo(item) == memo
            for item in self.items
        )
        return waits or self.booked[memo] > 0

    def _find(self, message_id: str) -> Item | None:
        return next(
            (item for item in self.items if item.message_id == message_id), None
        )

    def _memo(self, item: Item) -> str | None:
        if item.payload == QUESTION:
            return None
        return Transaction.from_wire(self.key.open(item.payload)).memo


class ModelClient(Client):
    """A client whose network is the model."""

    def __init__(self, server: ModelServer) -> None:
        """Bind the model."""
        super().__init__(_no_session, "https://budgero.example", "0" * 64, server.key)
        self._server = server

    @override
    async def push(
        self, sealed: Sealed, *, in_doubt: bool = False
    ) -> Accepted | Duplicate:
        assert sealed.message_id not in self._server.left
        match await self._server.receive(sealed.message_id, sealed.payload):
            case (known,):
                if in_doubt:
                    return Accepted(sealed.message_id, known.queue_id)
                return Duplicate(sealed.message_id, known.queue_id, known.state)
            case item:
                return Accepted(sealed.message_id, item.queue_id)

    @override
    async def ask_state(self, accepted: Accepted, *, in_doubt: bool = False) -> Asked:
        match await self._server.receive(accepted.message_id, QUESTION):
            case (known,):
                if known.queue_id == accepted.queue_id:
                    return Asked(known.state)
                if in_doubt:
                    return Asked(QueueState.VANISHED, known.queue_id)
                return Asked(QueueState.UNKNOWN, known.queue_id)
            case item:
                return Asked(QueueState.VANISHED, item.queue_id, is_new=True)

    @override
    async def verify(self) -> None:
        await self._try()
        if self._server.network is Network.TOKEN:
            raise WrongTokenError

    @override
    async def health(self) -> bool:
        await self._try()
        return True

    @override
    async def spec(self) -> Spec:
        await self._try()
        return Spec(WireFormat.MILLIUNITS, frozenset({Feature.ADD}))

    async def _try(self) -> None:
        await asyncio.sleep(0.02)
        trouble: dict[Network, PushError] = {
            Network.CUT: UnreachableError(),
            Network.DEAF: InDoubtError(),
            Network.LATE: InDoubtError(),
            Network.TROUBLE: ServerTroubleError(),
            Network.LIMITED: RateLimitedError(),
        }
        if error := trouble.get(self._server.network):
            raise error


class ModelUser(ServerUser):
    """A signed-in user of the model."""

    def __init__(self, server: ModelServer) -> None:
        """Bind the model."""
        super().__init__(_no_session, "https://budgero.example", "user", "password")
        self.looks = 0
        self._server = server

    @override
    async def pending(self, space_id: str | None = None) -> tuple[QueueItem, ...]:
        await self._try()
        self.looks += 1
        pending = [
            item for item in self._server.items if item.state is QueueState.PENDING
        ]
        return tuple(
            QueueItem(
                item.queue_id,
                item.message_id,
                item.state,
                _LONG_AGO,
                is_question=item.payload == QUESTION,
            )
            for item in pending[:100]
        )

    @override
    async def stats(self) -> QueueStats:
        await self._try()
        states = Counter(item.state for item in self._server.items)
        counted = (QueueState.PENDING, QueueState.PROCESSED, QueueState.FAILED)
        numbers = [states[state] for state in counted]
        pending, processed, failed = numbers
        return QueueStats(pending, processed, failed, sum(numbers))

    @override
    async def retire(self, queue_id: str) -> None:
        await self._try()
        for item in self._server.items:
            if item.queue_id == queue_id:
                item.state = QueueState.UNKNOWN

    async def _try(self) -> None:
        await asyncio.sleep(0.02)
        if self._server.network is not Network.GOOD:
            raise UnreachableError


def _no_session() -> ClientSession:
    raise AssertionError  # the model has no sockets
