"""What people see of the outbox, and what they decide about a transaction."""

from collections.abc import Callable, Iterable
import sqlite3

from . import table
from .access import Access
from .errors import NotPossibleError, StillInDoubtError
from .overview import take_overview
from .policy import Hold
from .rows import STRANDED, UNFINISHED, Counts, Overview, Row, State


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

    async def unseen(self, state: State) -> list[Row]:
        """Return the transactions of a state that no person has seen yet."""
        return await self._select("state = ? AND seen_at IS NULL ORDER BY seq", state)

    async def has_unseen(self, state: State) -> bool:
        """Return whether there is one of a state that no person has seen yet."""

        def query(connection: sqlite3.Connection) -> bool:
            found: int
            [found] = connection.execute(
                "SELECT EXISTS (SELECT 1 FROM transactions"
                " WHERE state = ? AND seen_at IS NULL)",
                (state,),
            ).fetchone()
            return bool(found)

        return await self._database.read(query)

    async def mark_seen(self, states: Iterable[State]) -> None:
        """Note that a person has seen the transactions of these states."""
        wanted = tuple(states)
        await self._execute(
            "UPDATE transactions SET seen_at = ?"
            f" WHERE state IN ({table.marks(wanted)}) AND seen_at IS NULL",
            (self.clock.now(), *wanted),
        )

    async def remove(self, message_id: str) -> None:
        """Take a transaction out: its payload goes, id and times stay.

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
            if row.state is not State.WAITING and row.state not in STRANDED:
                raise NotPossibleError("It cannot be removed in this state")
            table.remove(connection, row)

        await self._database.write(job)

    async def reseal(self, change: Callable[[str], str | None]) -> int:
        """Change the sealed payloads, all in one commit; return how many.

        Args:
            change: returns the new payload, `None` to leave it as it is.
        """

        def job(connection: sqlite3.Connection) -> int:
            changed = 0
            for row in table.select(connection, "payload IS NOT NULL", ()):
                if (payload := change(row.sealed.payload)) is not None:
                    table.replace_payload(connection, row, payload, digest=b"")
                    changed += 1
            return changed

        return await self._database.write(job)
