"""What a person sees of the outbox and decides about it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
import sqlite3

from ..push.models import Operation, Sealed
from . import table
from .access import Access
from .clock import Clock
from .disk import facts
from .disk.database import Database
from .disk.reading import read_number, read_word
from .errors import NotPossibleError, StillInDoubtError, UnknownTransactionError
from .holds import Holds
from .policy import Hold
from .rows import STRANDED, UNFINISHED, Counts, Leftover, Overview, Row, State
from .signal import Signal

type Announcements = Mapping[State, int]
"""How often each stranded state was announced; the number rises when something has come
to it."""


class Review(Access):
    """The transactions as a person sees them."""

    def __init__(
        self, database: Database, clock: Clock, signal: Signal, holds: Holds
    ) -> None:
        """Take the parts; `holds` is asked about what is sent again."""
        super().__init__(database, clock, signal)
        self._holds = holds

    async def overview(self) -> Overview:
        """Return what the outbox holds."""
        return await self._database.read(_take_overview)

    async def counts(self) -> Counts:
        """Count the transactions by state."""
        return (await self.overview()).counts

    async def contents(self) -> tuple[list[Row], Overview]:
        """Return what is not finished, oldest first, and the counts of that moment."""

        def query(connection: sqlite3.Connection) -> tuple[list[Row], Overview]:
            clauses = f"state IN ({table.marks(UNFINISHED)}) ORDER BY seq"
            rows = table.select(connection, clauses, tuple(UNFINISHED))
            return rows, _take_overview(connection)

        return await self._database.read(query)

    async def in_state(self, state: State) -> list[Row]:
        """Return the transactions of a state, oldest first."""
        return await self._select("state = ? ORDER BY seq", state)

    async def announcements(self) -> Announcements:
        """Return how often something was announced of each stranded state."""
        return await self._database.read(_announcements)

    async def announce(self) -> Announcements:
        """Record that what is stranded is announced; return how often that was so.

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

    async def logged_by(self, logged_by: str, seconds: float) -> list[Row]:
        """Return what a user or a device logged lately, newest first, finished or not.

        Rows that replace another one are left out.

        Args:
            logged_by: id of whoever logged them.
            seconds: how many seconds ago at most it was appended.
        """
        return await self._select(
            "logged_by = ? AND created_at >= ? AND replaces IS NULL ORDER BY seq DESC",
            logged_by,
            self.clock.time() - seconds,
        )

    async def remove(
        self,
        message_id: str,
        *,
        may_wait: bool = True,
        may_be_sent: bool = True,
        logged_by: str | None = None,
    ) -> None:
        """Take a transaction out: its payload goes, id and times stay.

        Args:
            message_id: of the transaction.
            may_wait: whether it may be one that waits to be sent.
            may_be_sent: whether it may be one that Budgero may have booked.
            logged_by: who must have logged it; `None` if that does not matter.

        Raises:
            UnknownTransactionError: there is none with this id, or another one logged it.
            StillInDoubtError: it may be on its way; wait until that is settled.
            NotPossibleError: Budgero has it, or it is finished.
            StorageError: the file cannot be read or written.
        """

        def job(connection: sqlite3.Connection) -> None:
            row = table.get(connection, message_id)
            if logged_by not in (None, row.logged_by):
                raise UnknownTransactionError("Another user or device has logged it")
            is_settled = may_be_sent and row.held is Hold.RESTORED
            if row.state is State.WAITING and row.in_doubt and not is_settled:
                raise StillInDoubtError("It may be on its way to Budgero")
            is_removable = may_wait and row.state is State.WAITING
            if not is_removable and not (may_be_sent and row.state in STRANDED):
                raise NotPossibleError("It cannot be removed in this state")
            table.remove(connection, row)

        await self._write(job)

    async def send_again(self, message_id: str, new_message_id: str) -> Row:
        """Let a transaction wait again, and return it as it waits.

        A person must have seen that it is not in Budgero. A transaction that vanished
        without a question about it keeps its id, because the server says so if it knows
        it after all. Any other one gets a new id.

        Raises:
            UnknownTransactionError: there is none with this id.
            NotPossibleError: it is waiting, Budgero has it, or it is finished.
            StorageError: the file cannot be read or written.
        """

        def job(connection: sqlite3.Connection) -> Row:
            row = table.get(connection, message_id)
            if row.state not in STRANDED:
                raise NotPossibleError("It cannot be sent again in this state")
            if row.may_keep_id:
                return self._wait_again(connection, row)
            old = row.sealed
            stamp = self.clock.stamp()
            table.remove(connection, row)
            return table.insert(
                connection,
                Sealed(new_message_id, old.payload, old.operation, old.target),
                row.digest,
                stamp,
                held=self._holds.first_standing,
                replaces=message_id,
                logged_by=row.logged_by,
            )

        return await self._write(job)

    async def confirm_booked(self, message_id: str) -> None:
        """Record that a transaction is in Budgero, as a person says: it is finished.

        The server is not asked about it again, because it may not know it.

        Raises:
            UnknownTransactionError: there is none with this id.
            NotPossibleError: it is not stranded, so nothing is to be decided about it.
            StorageError: the file cannot be read or written.
        """

        def job(connection: sqlite3.Connection) -> None:
            row = table.get(connection, message_id)
            if row.state not in STRANDED:
                raise NotPossibleError("It cannot be confirmed in this state")
            table.finish(connection, row, queue_id=None)

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

    def _wait_again(self, connection: sqlite3.Connection, row: Row) -> Row:
        table.change(
            connection,
            row,
            {},
            state=State.WAITING,
            held=self._holds.first_standing,
            not_before=0.0,
            questions=0,
            error=None,
        )
        return table.get(connection, row.message_id)


def _announcements(connection: sqlite3.Connection) -> Announcements:
    return {state: int(facts.get(connection, _fact(state)) or 0) for state in STRANDED}


def _fact(state: State) -> str:
    return f"announced_{state}"


def _take_overview(connection: sqlite3.Connection) -> Overview:
    """Count what the outbox holds; tests of the space key are left out."""
    counts = _by_word(
        State,
        connection.execute(
            "SELECT state, count(*) FROM transactions WHERE operation != ?"
            " GROUP BY state",
            (Operation.TEST,),
        ),
    )
    held = _by_word(
        Hold,
        connection.execute(
            "SELECT held, count(*) FROM transactions WHERE state = ?"
            " AND held IS NOT NULL AND operation != ? GROUP BY held",
            (State.WAITING, Operation.TEST),
        ),
    )
    [news] = connection.execute(
        "SELECT count(*) FROM transactions"
        f" WHERE announced != (state IN ({table.marks(STRANDED)})) AND operation != ?",
        (*STRANDED, Operation.TEST),
    ).fetchone()
    [oldest] = connection.execute(
        "SELECT min(created_at) FROM transactions WHERE state = ? AND operation != ?",
        (State.WAITING, Operation.TEST),
    ).fetchone()
    [due] = connection.execute(
        "SELECT min(created_at) FROM transactions WHERE state = ? AND held IS NULL"
        " AND operation != ?",
        (State.WAITING, Operation.TEST),
    ).fetchone()
    [accepted] = connection.execute(
        "SELECT max(accepted_at) FROM transactions WHERE accepted_at IS NOT NULL"
    ).fetchone()
    [pending] = connection.execute(
        "SELECT min(accepted_at) FROM transactions WHERE state = ? AND operation != ?",
        (State.ACCEPTED, Operation.TEST),
    ).fetchone()
    [undated] = connection.execute(
        "SELECT count(*) FROM transactions"
        " WHERE boot IS NOT NULL AND state = ? AND held IS NULL",
        (State.WAITING,),
    ).fetchone()
    [in_question] = connection.execute(
        "SELECT count(*) FROM transactions WHERE in_question = 1 AND operation != ?",
        (Operation.TEST,),
    ).fetchone()
    leftover = _by_word(
        Leftover,
        connection.execute(
            "SELECT leftover, count(*) FROM transactions WHERE leftover IS NOT NULL"
            " GROUP BY leftover"
        ),
    )
    return Overview(
        counts=Counts(**counts),
        held=held,
        oldest_waiting=read_number(oldest),
        oldest_due=read_number(due),
        last_accepted=read_number(accepted),
        oldest_accepted=read_number(pending),
        has_news=news > 0,
        undated=undated,
        in_question=in_question,
        leftover_pending=leftover.get(Leftover.PENDING, 0),
        leftover_failed=leftover.get(Leftover.FAILED, 0),
    )


def _by_word[W: StrEnum](kind: type[W], found: sqlite3.Cursor) -> dict[W, int]:
    """Return numbers by word.

    Raises:
        UnreadableOutboxError: a word is damaged.
    """
    return {read_word(kind, word): number for word, number in found}
