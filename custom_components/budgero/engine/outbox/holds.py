"""Holds: which waiting transactions are not sent, and why."""

from collections.abc import Callable, Iterable
import sqlite3

from ..push.models import Operation, Sealed
from . import table
from .access import Access
from .clock import Clock
from .disk import facts
from .disk.database import Database
from .flood import FloodGuard, Limits
from .policy import STANDING, Hold
from .rows import Row, State
from .signal import Signal

_COUNTED = "counted"


class Holds(Access):
    """The holds on disk.

    Attributes:
        standing: the reasons for which everything that waits is held.
    """

    def __init__(
        self, database: Database, clock: Clock, signal: Signal, limits: Limits
    ) -> None:
        """Take the parts; more transactions than the limits are held."""
        super().__init__(database, clock, signal)
        self.standing: tuple[Hold, ...] = ()
        self._guard = FloodGuard(limits)
        database.on_connect(self._load)

    async def hold(self, reason: Hold) -> None:
        """Hold everything that waits, and everything new, until the reason is gone."""

        def job(connection: sqlite3.Connection) -> None:
            facts.put(connection, _fact(reason), "yes")
            self.standing = _standing(connection)
            connection.execute(
                "UPDATE transactions SET held = ? WHERE state = ? AND held IS NULL"
                " AND NOT (operation = ? AND ? = ?)",
                (
                    self.first_standing,
                    State.WAITING,
                    Operation.TEST,
                    reason,
                    Hold.KEY,
                ),
            )

        await self._write(job)

    async def release(self, reason: Hold) -> None:
        """End a hold; what it held is sent, unless there is another reason."""

        def job(connection: sqlite3.Connection) -> None:
            facts.drop(connection, _fact(reason))
            self.standing = _standing(connection)
            connection.execute(
                "UPDATE transactions SET held = ? WHERE held = ?",
                (self.first_standing, reason),
            )
            if reason is Hold.FLOOD:
                self._count_anew(connection)

        await self._write(job)

    async def held(self, reason: Hold) -> list[Row]:
        """Return what is held for this reason, oldest first."""
        return await self._select("held = ? ORDER BY seq", reason)

    async def deliver(self, reason: Hold, message_ids: Iterable[str]) -> int:
        """Deliver what a person has reviewed, and return how many.

        A transaction that is held for another reason as well stays held for that one.

        Args:
            reason: why they are held; others are left as they are.
            message_ids: what the person was asked about; more may have come since.
        """

        def deliver(connection: sqlite3.Connection, row: Row) -> None:
            table.change(connection, row, {}, held=self.first_standing)

        return await self._review(reason, message_ids, deliver)

    async def discard(self, reason: Hold, message_ids: Iterable[str]) -> int:
        """Remove what a person has reviewed, and return how many.

        Args:
            reason: why they are held; others are left as they are.
            message_ids: what the person was asked about; more may have come since.
        """
        return await self._review(reason, message_ids, table.remove)

    async def _review(
        self,
        reason: Hold,
        message_ids: Iterable[str],
        decide: Callable[[sqlite3.Connection, Row], None],
    ) -> int:
        def job(connection: sqlite3.Connection) -> int:
            found = [table.find(connection, message_id) for message_id in message_ids]
            rows = [row for row in found if row is not None and row.held is reason]
            for row in rows:
                decide(connection, row)
            if reason is Hold.FLOOD:
                self._count_anew(connection)
            return len(rows)

        return await self._write(job)

    @property
    def first_standing(self) -> Hold | None:
        """The first reason for which everything is held, `None` without one."""
        return next(iter(self.standing), None)

    def hold_of(self, sealed: Sealed) -> Hold | None:
        """Return why something new is held, `None` if it is not.

        A test of the space key is sent although the key is in question.
        """
        if sealed.operation is Operation.TEST:
            reasons = (hold for hold in self.standing if hold is not Hold.KEY)
            return next(reasons, None)
        is_flood = self._guard.is_flood(self.clock.uptime())
        return Hold.FLOOD if is_flood else self.first_standing

    def _load(self, connection: sqlite3.Connection) -> None:
        """Read the holds, and the times that the flood guard counts."""
        self.standing = _standing(connection)
        times = connection.execute(
            "SELECT created_at FROM transactions WHERE seq > ? AND replaces IS NULL"
            " ORDER BY seq DESC LIMIT ?",
            (int(facts.get_number(connection, _COUNTED) or 0), self._guard.memory),
        ).fetchall()
        now, uptime = self.clock.time(), self.clock.uptime()
        self._guard.load(sorted(uptime - abs(now - at) for (at,) in times))

    def _count_anew(self, connection: sqlite3.Connection) -> None:
        """Restart flood counting after the user has decided."""
        [last] = connection.execute("SELECT max(seq) FROM transactions").fetchone()
        facts.put(connection, _COUNTED, str(last or 0))
        self._guard.load(())


def _fact(reason: Hold) -> str:
    return f"hold_{reason}"


def _standing(connection: sqlite3.Connection) -> tuple[Hold, ...]:
    return tuple(
        reason
        for reason in STANDING
        if facts.get(connection, _fact(reason)) is not None
    )
