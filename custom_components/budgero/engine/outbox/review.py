"""What people see of the outbox, and what they decide about a transaction."""

from collections.abc import Callable, Mapping
import sqlite3

from ..push.models import Operation
from . import facts, table
from .access import Access
from .errors import NotPossibleError, StillInDoubtError
from .overview import take_overview
from .policy import Hold
from .rows import STRANDED, UNFINISHED, Counts, Overview, Row, State

type Announcements = Mapping[State, int]
"""How often something was announced of each stranded state: each time is another
happening that a person has not heard of."""


class Review(Access):
    """The transactions as a person sees them."""

    async def overview(self) -> Overview:
        """Return what the outbox holds."""
        return await self._database.read(take_overview)

    async def counts(self) -> Counts:
        """Count the transactions by state."""
        return (await self.overview()).counts

    async def unfinished(self) -> list[Row]:
        """Return all transactions that are not finished, oldest first."""
        rows, _ = await self.contents()
        return rows

    async def contents(self) -> tuple[list[Row], Overview]:
        """Return what is not finished, oldest first, and the counts of that moment."""

        def query(connection: sqlite3.Connection) -> tuple[list[Row], Overview]:
            clauses = f"state IN ({table.marks(UNFINISHED)}) ORDER BY seq"
            rows = table.select(connection, clauses, tuple(UNFINISHED))
            return rows, take_overview(connection)

        return await self._database.read(query)

    async def in_state(self, state: State) -> list[Row]:
        """Return the transactions of a state, oldest first."""
        return await self._select("state = ? ORDER BY seq", state)

    async def announcements(self) -> Announcements:
        """Return how often something was announced of each stranded state."""
        return await self._database.read(_announcements)

    async def announce(self) -> Announcements:
        """Note that what is stranded is announced; return how often that was so.

        The number of a state rises only if something new has come to it.
        """

        def job(connection: sqlite3.Connection) -> Announcements:
            marks = table.marks(STRANDED)
            stranded = tuple(STRANDED)
            news = connection.execute(
                "UPDATE transactions SET announced = 1 WHERE announced = 0"
                f" AND state IN ({marks}) AND operation != ? RETURNING state",
                (*stranded, Operation.TEST),
            ).fetchall()
            connection.execute(
                "UPDATE transactions SET announced = 0 WHERE announced = 1"
                f" AND state NOT IN ({marks})",
                stranded,
            )
            known = _announcements(connection)
            for state in {State(state) for (state,) in news}:
                facts.put(connection, _fact(state), str(known[state] + 1))
            return _announcements(connection)

        return await self._write(job)

    async def remove(self, message_id: str, *, may_wait: bool = True) -> None:
        """Take a transaction out: its payload goes, id and times stay.

        Args:
            message_id: of the transaction.
            may_wait: whether it may be one that waits to be sent.

        Raises:
            UnknownTransactionError: there is none with this id.
            StillInDoubtError: it may be on its way; wait until that is settled.
            NotPossibleError: Budgero has it, or it is finished.
        """

        def job(connection: sqlite3.Connection) -> None:
            row = table.get(connection, message_id)
            is_on_its_way = row.in_doubt and row.held is not Hold.RESTORED
            if row.state is State.WAITING and is_on_its_way:
                raise StillInDoubtError("It may be on its way to Budgero")
            is_removable = may_wait and row.state is State.WAITING
            if not is_removable and row.state not in STRANDED:
                raise NotPossibleError("It cannot be removed in this state")
            table.remove(connection, row)

        await self._write(job)

    async def reseal(self, change: Callable[[str], str | None]) -> int:
        """Change the sealed payloads, all in one commit; return how many.

        Args:
            change: returns the new payload, `None` to leave it as it is.
        """

        def job(connection: sqlite3.Connection) -> int:
            changed = 0
            for row in table.select(connection, "payload IS NOT NULL", ()):
                if (payload := change(row.sealed.payload)) is not None:
                    table.change(connection, row, {}, payload=payload, digest=b"")
                    changed += 1
            return changed

        return await self._write(job)


def _announcements(connection: sqlite3.Connection) -> Announcements:
    return {state: int(facts.get(connection, _fact(state)) or 0) for state in STRANDED}


def _fact(state: State) -> str:
    return f"announced_{state}"
