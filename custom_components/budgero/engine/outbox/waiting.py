"""The waiting transactions: which are due, and the outcome of pushing them."""

from dataclasses import dataclass
from math import inf
import sqlite3
from typing import Final

from ..push.models import Accepted, Sealed
from . import table
from .access import Access
from .clock import Stamp
from .disk.reading import read_number
from .policy import Hold
from .rows import Row, State

_IN_TURN: Final = f"""(target IS NULL OR NOT EXISTS (
    SELECT 1 FROM transactions AS earlier WHERE earlier.state = '{State.WAITING}'
    AND earlier.target = transactions.target AND earlier.seq < transactions.seq
))"""
"""A condition: no earlier change of the same transaction is waiting. So changes of one
transaction reach Budgero in their order."""

_UNDATED: Final = "boot IS NOT NULL AND state = ? AND held IS NULL"
"""A condition: the date comes from a clock that may be wrong. Such a transaction is not
sent."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A transaction whose date is fixed from now on.

    Attributes:
        row: the transaction, never pushed.
        created_at: when it was appended, as far as is known by now, in seconds since
            the epoch.
        sealed: with its right date, `None` if it has that already.
    """

    row: Row
    created_at: float
    sealed: Sealed | None


class WaitingRows(Access):
    """The waiting transactions on disk."""

    async def due(self, state: State, longest_rest: float, limit: int) -> list[Row]:
        """Return the transactions of a state that are due, oldest first.

        Args:
            state: waiting to be pushed, or accepted and to be asked about.
            longest_rest: seconds; a time further away comes from a wrong clock, so such
                a transaction is due.
            limit: how many at most.
        """
        now = self.clock.now()
        return await self._select(
            "state = ? AND held IS NULL AND boot IS NULL"
            " AND (not_before <= ? OR not_before > ?)"
            f" AND {_IN_TURN} ORDER BY seq LIMIT ?",
            state,
            now,
            now + longest_rest,
            limit,
        )

    async def seconds_until_due(self, states: list[State]) -> float:
        """Return in how many seconds a transaction in one of the states is due.

        It may be infinite.
        """
        marks = table.marks(states)

        def query(connection: sqlite3.Connection) -> float:
            [found] = connection.execute(
                "SELECT min(not_before) FROM transactions"
                f" WHERE state IN ({marks}) AND held IS NULL AND boot IS NULL"
                f" AND {_IN_TURN}",
                tuple(states),
            ).fetchone()
            moment = read_number(found)
            return inf if moment is None else max(0.0, moment - self.clock.now())

        return await self._database.read(query)

    async def count_on_their_way(self) -> int:
        """Count the transactions that may have arrived; their next push tells.

        Restored transactions are left out: they are sent only after a decision.
        """

        def query(connection: sqlite3.Connection) -> int:
            count: int
            [count] = connection.execute(
                "SELECT count(*) FROM transactions"
                " WHERE state = ? AND in_doubt = 1 AND held IS NOT ?",
                (State.WAITING, Hold.RESTORED),
            ).fetchone()
            return count

        return await self._database.read(query)

    async def begin_attempt(self, row: Row, rest: float) -> bool:
        """Record, before a push, that it begins; the transaction is in doubt from then.

        Args:
            row: the transaction.
            rest: seconds before it may be pushed again.

        Returns:
            Whether it still waits and is unchanged; otherwise it must not be pushed.
        """
        return await self._change(
            row,
            {
                "state": State.WAITING,
                "held": None,
                "payload": row.payload,
                "attempts": row.attempts,
            },
            attempts=row.attempts + 1,
            in_doubt=True,
            not_before=self.clock.now() + rest,
        )

    async def withdraw_attempt(self, row: Row) -> None:
        """Undo `begin_attempt`, because nothing was sent."""
        await self._change(
            row,
            {"state": State.WAITING, "attempts": row.attempts + 1},
            attempts=row.attempts,
            in_doubt=row.in_doubt,
            not_before=row.not_before,
        )

    async def keep_waiting(
        self, row: Row, *, in_doubt: bool, rest: float, error: str
    ) -> None:
        """Record that a transaction still waits after a push.

        Args:
            row: the transaction.
            in_doubt: whether it may have arrived.
            rest: seconds before it may be pushed again.
            error: code of the trouble.
        """
        await self._change(
            row,
            {"state": State.WAITING},
            in_doubt=in_doubt,
            not_before=self.clock.now() + rest,
            error=error,
        )

    async def seal_anew(self, row: Row, payload: str) -> None:
        """Replace a payload by another one with the same content."""
        await self._change(
            row, {"state": State.WAITING, "payload": row.payload}, payload=payload
        )

    async def accept(self, accepted: Accepted, rest: float) -> bool:
        """Record that the server accepted it; its payload stays.

        If it was sent again and the server still has the same item, the time at which
        it was accepted stays as well.

        Args:
            accepted: what the server said.
            rest: seconds before the first question about it.

        Returns:
            Whether it still waited.
        """

        def job(connection: sqlite3.Connection) -> Row | None:
            row = table.find(connection, accepted.message_id)
            if row is None or row.state is not State.WAITING:
                return None
            now = self.clock.now()
            is_same = row.queue_id == accepted.queue_id
            table.change(
                connection,
                row,
                {"state": State.WAITING},
                state=State.ACCEPTED,
                accepted_at=row.accepted_at if is_same else now,
                queue_id=accepted.queue_id,
                in_doubt=False,
                error=None,
                held=None,
                not_before=now + rest,
            )
            return row

        return await self._change_state(State.ACCEPTED, job)

    async def mark_duplicate(self, row: Row, queue_id: str) -> bool:
        """Record that somebody else used its message id; its payload stays."""

        def job(connection: sqlite3.Connection) -> Row | None:
            is_changed = table.change(
                connection,
                row,
                {"state": row.state},
                state=State.DUPLICATE,
                queue_id=queue_id,
                in_doubt=False,
                held=None,
            )
            return row if is_changed else None

        return await self._change_state(State.DUPLICATE, job)

    async def undated(
        self, limit: int, *, is_day_sure: bool
    ) -> list[tuple[Row, Stamp]]:
        """Return waiting transactions whose date can be fixed now, oldest first.

        Args:
            limit: how many at most.
            is_day_sure: whether our clock shows the right day. The date of a
                transaction from before the machine booted stays, unless the clock was
                certainly wrong then.
        """

        def query(connection: sqlite3.Connection) -> list[tuple[Row, Stamp]]:
            clock = self.clock
            stamps = connection.execute(
                "SELECT message_id, created_at, boot, uptime, behind FROM transactions"
                f" WHERE {_UNDATED} AND CASE behind WHEN 0 THEN boot != ? OR ?"
                " ELSE ? END ORDER BY seq LIMIT ?",
                (
                    State.WAITING,
                    clock.boot,
                    is_day_sure,
                    is_day_sure and clock.is_known,
                    limit,
                ),
            ).fetchall()
            return [
                (
                    table.get(connection, message_id),
                    Stamp(at, boot, uptime, bool(behind)),
                )
                for message_id, at, boot, uptime, behind in stamps
            ]

        return await self._database.read(query)

    async def count_undated(self) -> int:
        """Count the waiting transactions whose date is not fixed."""

        def query(connection: sqlite3.Connection) -> int:
            count: int
            [count] = connection.execute(
                f"SELECT count(*) FROM transactions WHERE {_UNDATED}", (State.WAITING,)
            ).fetchone()
            return count

        return await self._database.read(query)

    async def fix_dates(self, dated: list[Dated]) -> None:
        """Store the dates and times that transactions keep from now on."""

        def job(connection: sqlite3.Connection) -> None:
            for each in dated:
                _fix_date(connection, each)

        await self._write(job)


def _fix_date(connection: sqlite3.Connection, dated: Dated) -> None:
    row, sealed = dated.row, dated.sealed
    table.change(
        connection,
        row,
        {"payload": row.payload},  # neither removed nor sealed anew meanwhile
        payload=row.payload if sealed is None else sealed.payload,
        created_at=dated.created_at,
        boot=None,
    )
