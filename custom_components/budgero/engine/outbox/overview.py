"""Counting what the outbox holds."""

from enum import StrEnum
import sqlite3

from ..push.models import Operation
from .policy import Hold
from .reading import read_number, read_word
from .rows import STRANDED, Counts, Leftover, Overview, State
from .table import marks


def take_overview(connection: sqlite3.Connection) -> Overview:
    """Count what the outbox holds; tests of the space key are nobody's transactions."""
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
        f" WHERE announced != (state IN ({marks(STRANDED)})) AND operation != ?",
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
