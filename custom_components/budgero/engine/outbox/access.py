"""Reading and writing transactions: what all parts of the store share."""

from collections.abc import Mapping
from math import inf

from ..push.models import Operation
from . import table
from .clock import Clock
from .disk import facts
from .disk.database import Database, Job
from .policy import CLOCK_TOLERANCE
from .rows import Row, State
from .signal import Signal, StateChange


class Access:
    """The database and its clock; changes are on disk when a method returns.

    Every method that reads or writes raises `StorageError` if the file cannot be read
    or written, and `ClosedError` once the outbox is closed.

    Attributes:
        clock: tells the time.
        signal: calls its listeners after every commit that has changed something.
    """

    def __init__(self, database: Database, clock: Clock, signal: Signal) -> None:
        """Take database, clock and signal."""
        self.clock = clock
        self.signal = signal
        self._database = database

    async def get(self, message_id: str) -> Row | None:
        """Return a transaction."""
        return await self._database.read(
            lambda connection: table.find(connection, message_id)
        )

    def age(self, row: Row) -> float:
        """Return for how many seconds the server has had a transaction.

        Infinite if it was accepted in the future, as a wrong clock may have recorded.
        """
        age = self.clock.now() - (row.accepted_at or row.created_at)
        return inf if age < -CLOCK_TOLERANCE else max(0.0, age)

    async def recall(self, name: str) -> str | None:
        """Return a remembered fact."""
        return await self._database.read(lambda connection: facts.get(connection, name))

    async def remember(self, name: str, value: str) -> None:
        """Remember a fact."""
        await self._write(lambda connection: facts.put(connection, name, value))

    async def _select(self, clauses: str, *values: object) -> list[Row]:
        return await self._database.read(
            lambda connection: table.select(connection, clauses, values)
        )

    async def _change(
        self, row: Row, guard: Mapping[str, object], **columns: object
    ) -> bool:
        """Change a transaction in one commit, as `table.change` does."""
        return await self._write(
            lambda connection: table.change(connection, row, guard, **columns)
        )

    async def _write[T](self, job: Job[T], confirm: Job[T | None] | None = None) -> T:
        """Make a change; return when it is on disk and the listeners were called."""
        return await self._database.write(job, confirm, lambda _: self.signal())

    async def _change_state(self, state: State, job: Job[Row | None]) -> bool:
        """Change the state of a transaction and signal that; return whether it changed.

        Args:
            state: the new state.
            job: makes the change, and returns the transaction as it was; `None` if it
                was changed meanwhile.
        """

        def tell(row: Row | None) -> None:
            if row is None or row.operation is Operation.TEST:
                self.signal()  # a test of the space key is not shown
            else:
                self.signal(StateChange(row.message_id, state, self.clock.now()))

        return await self._database.write(job, changed=tell) is not None
