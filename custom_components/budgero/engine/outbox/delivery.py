"""What the outbox knows of transactions on their way to the server."""

from dataclasses import dataclass
from math import inf
import sqlite3
from typing import Final

from ..push.models import Accepted, Sealed
from . import table
from .access import Access
from .clock import Stamp
from .policy import Hold
from .reading import read_number
from .rows import Row, State

_IN_TURN: Final = f"""(target IS NULL OR NOT EXISTS (
    SELECT 1 FROM transactions AS earlier WHERE earlier.state = '{State.WAITING}'
    AND earlier.target = transactions.target AND earlier.seq < transactions.seq
))"""
"""Changes of one transaction reach Budgero in the order in which they were made."""


@dataclass(frozen=True, slots=True)
class Misdated:
    """A transaction whose date was taken from a clock that was wrong.

    Attributes:
        row: the transaction, never pushed.
        created_at: when it was really taken on.
    """

    row: Row
    created_at: float


class Delivery(Access):
    """Which transactions are due, and what came of pushing them."""

    async def due(self, state: State, longest_rest: float, limit: int) -> list[Row]:
        """Return the transactions of a state whose time has come, oldest first.

        A time further away than the longest rest comes from a wrong clock.
        """
        now = self.clock.now()
        return await self._select(
            "state = ? AND held IS NULL AND (not_before <= ? OR not_before > ?)"
            f" AND {_IN_TURN} ORDER BY seq LIMIT ?",
            *(state, now, now + longest_rest, limit),
        )

    async def seconds_until_due(self, states: list[State]) -> float:
        """Return how long until one of these states is due; may be infinite."""
        marks = table.marks(states)

        def query(connection: sqlite3.Connection) -> float:
            [found] = connection.execute(
                "SELECT min(not_before) FROM transactions"
                f" WHERE state IN ({marks}) AND held IS NULL AND {_IN_TURN}",
                tuple(states),
            ).fetchone()
            moment = read_number(found)
            return inf if moment is None else max(0.0, moment - self.clock.now())

        return await self._database.read(query)

    async def mend_rests(self, rest: float, longest_rest: float) -> None:
        """Give rests that a wrong clock made endless their right length again."""
        now = self.clock.now()
        await self._execute(
            "UPDATE transactions SET not_before = ?"
            " WHERE state = ? AND in_doubt = 1 AND not_before > ?",
            (now + rest, State.WAITING, now + longest_rest),
        )

    async def count_on_their_way(self) -> int:
        """Count what may have arrived, which its next push tells.

        What a person has to review is not sent by itself, so it is left out.
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
        """Note that a push begins, before it does: from now on it is in doubt.

        Returns whether the transaction still waits as it was read; otherwise do
        not push it.
        """
        return await self._execute(
            "UPDATE transactions SET attempts = attempts + 1, in_doubt = 1,"
            " not_before = ? WHERE message_id = ? AND state = ? AND held IS NULL"
            " AND payload = ? AND attempts = ?",
            (
                self.clock.now() + rest,
                *(row.message_id, State.WAITING, row.payload, row.attempts),
            ),
        )

    async def withdraw_attempt(self, row: Row) -> None:
        """Note that an attempt ended before anything was sent: all is as before."""
        await self._execute(
            "UPDATE transactions SET attempts = ?, in_doubt = ?, not_before = ?"
            " WHERE message_id = ? AND state = ? AND attempts = ?",
            (
                *(row.attempts, row.in_doubt, row.not_before),
                *(row.message_id, State.WAITING, row.attempts + 1),
            ),
        )

    async def rest(self, row: Row, seconds: float) -> None:
        """Let one that waits rest on."""
        await self._execute(
            "UPDATE transactions SET not_before = ? WHERE message_id = ? AND state = ?",
            (self.clock.now() + seconds, row.message_id, State.WAITING),
        )

    async def keep_waiting(
        self, row: Row, *, in_doubt: bool, rest: float, error: str
    ) -> None:
        """Note that a push did not settle it, and how long it rests."""
        await self._execute(
            "UPDATE transactions SET in_doubt = ?, not_before = ?, error = ?"
            " WHERE message_id = ? AND state = ?",
            (in_doubt, self.clock.now() + rest, error, row.message_id, State.WAITING),
        )

    async def seal_anew(self, row: Row, payload: str) -> None:
        """Put other bytes that say the same in the place of a payload."""

        def job(connection: sqlite3.Connection) -> None:
            known = table.get(connection, row.message_id)
            if known.state is State.WAITING and known.payload == row.payload:
                table.replace_payload(connection, known, payload, known.digest)

        await self._database.write(job)

    async def accept(self, accepted: Accepted, rest: float) -> bool:
        """Note that the server took it; its payload stays.

        What was sent again, and is still the same item there, was taken long ago.
        """
        now = self.clock.now()
        return await self._execute(
            "UPDATE transactions SET state = ?,"
            " accepted_at = CASE WHEN queue_id = ? THEN accepted_at ELSE ? END,"
            " queue_id = ?, in_doubt = 0, error = NULL, held = NULL, not_before = ?"
            " WHERE message_id = ? AND state = ?",
            (
                State.ACCEPTED,
                accepted.queue_id,
                now,
                accepted.queue_id,
                now + rest,
                accepted.message_id,
                State.WAITING,
            ),
        )

    async def mark_duplicate(self, row: Row, queue_id: str) -> bool:
        """Note that somebody else used its message id; its payload stays."""
        return await self._execute(
            "UPDATE transactions SET state = ?, queue_id = ?, in_doubt = 0,"
            " held = NULL WHERE message_id = ? AND state = ?",
            (State.DUPLICATE, queue_id, row.message_id, row.state),
        )

    async def misdated(self) -> list[Misdated]:
        """Return what waits, was never pushed, and has a wrong clock's date."""

        def query(connection: sqlite3.Connection) -> list[Misdated]:
            stamps = connection.execute(
                "SELECT message_id, created_at, run, uptime, behind FROM transactions"
                " WHERE state = ? AND attempts = 0 AND run IS NOT NULL",
                (State.WAITING,),
            ).fetchall()
            return [
                Misdated(table.get(connection, message_id), created_at)
                for message_id, at, run, uptime, behind in stamps
                if (
                    created_at := self.clock.correct(
                        Stamp(at, run, uptime, bool(behind))
                    )
                )
                is not None
            ]

        return await self._database.read(query)

    async def put_right(self, misdated: Misdated, sealed: Sealed) -> None:
        """Store a transaction with the date and time that it should have."""
        row = misdated.row

        def job(connection: sqlite3.Connection) -> None:
            known = table.get(connection, row.message_id)
            is_untouched = known.payload == row.payload and not known.attempts
            if known.state is not State.WAITING or not is_untouched:
                return
            table.replace_payload(connection, known, sealed.payload, known.digest)
            connection.execute(
                "UPDATE transactions SET created_at = ?, run = NULL"
                " WHERE message_id = ?",
                (misdated.created_at, row.message_id),
            )

        await self._database.write(job)
