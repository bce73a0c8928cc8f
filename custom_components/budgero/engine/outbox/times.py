"""Keeps the times on disk right while clocks are compared and set."""

import sqlite3
from typing import Final

from . import table
from .access import Access
from .clock import BOOT, CLOCK_OFFSET, EARLIEST
from .disk import facts
from .policy import CLOCK_TOLERANCE, DOUBT_REST, KEEP_FINISHED
from .rows import FINISHED, State

_AGREED_AT: Final = "agreed_at"


class Times(Access):
    """Changes the times of transactions, and keeps what is known of the clocks."""

    def begin(self, connection: sqlite3.Connection, boot: str) -> None:
        """Start the clock.

        If the clock was set or the machine booted since the file was last open,
        transactions in doubt rest again in full, and delayed ones are due.

        Args:
            connection: to the database.
            boot: id of this boot of the machine.
        """
        floor = facts.get_number(connection, _AGREED_AT) or EARLIEST
        self.clock.begin(boot, max(floor, EARLIEST))
        offset = facts.get_number(connection, CLOCK_OFFSET) or 0.0
        was_set = abs(self.clock.offset - offset) > CLOCK_TOLERANCE
        if was_set or facts.get(connection, BOOT) != boot:
            connection.execute(
                "UPDATE transactions SET not_before = ?"
                " WHERE in_doubt = 1 AND not_before > 0",
                (self.clock.now() + DOUBT_REST,),
            )
            connection.execute(
                "UPDATE transactions SET not_before = 0"
                " WHERE state = ? AND in_doubt = 0 AND not_before > 0",
                (State.WAITING,),
            )
        facts.put(connection, BOOT, boot)
        facts.put(connection, CLOCK_OFFSET, str(self.clock.offset))

    async def note_time(self, server_time: float) -> None:
        """Compare the clocks; delete transactions that were finished long ago.

        A wrong clock must not delete transactions too early, because repeated calls are
        recognised by them. So the later clock says when one was finished, and the
        earlier clock says whether that is long ago. A time that is later than both
        clocks is replaced. Transactions with a leftover in the server's queue are kept.

        Args:
            server_time: of the server's clock, in seconds since the epoch.

        Raises:
            StorageError: the file cannot be read or written.
        """
        self.clock.compare(server_time)
        earlier, later = self.clock.both

        def job(connection: sqlite3.Connection) -> None:
            facts.put(connection, _AGREED_AT, str(self.clock.floor))
            marks = table.marks(FINISHED)
            connection.execute(
                "UPDATE transactions SET finished_at = ?"
                f" WHERE state IN ({marks})"
                " AND (finished_at IS NULL OR finished_at > ?)",
                (later, *FINISHED, later),
            )
            connection.execute(
                "DELETE FROM transactions"
                f" WHERE state IN ({marks}) AND finished_at < ? AND leftover IS NULL",
                (*FINISHED, earlier - KEEP_FINISHED),
            )

        await self._write(job)

    async def follow_clock(self) -> None:
        """Shift the times on disk if Home Assistant's clock was set.

        So rests keep their length, and ages stay right. A transaction that was accepted
        before the file was opened keeps its time, because the clock was another one
        then.

        Raises:
            StorageError: the file cannot be read or written.
        """
        if not (jump := self.clock.jump):
            return

        def job(connection: sqlite3.Connection) -> None:
            connection.execute(
                "UPDATE transactions SET not_before = not_before + :jump, accepted_at ="
                " iif(accepted_at BETWEEN :began AND :now, accepted_at + :jump,"
                " accepted_at)"
                " WHERE in_doubt = 1 OR accepted_at BETWEEN :began AND :now"
                " OR (state = :waiting AND not_before > :now)",
                {
                    "jump": jump,
                    "began": self.clock.began,
                    "now": self.clock.now(),
                    "waiting": State.WAITING,
                },
            )
            facts.put(connection, CLOCK_OFFSET, str(self.clock.offset + jump))

        await self._write(job)
        self.clock.follow(jump)
