"""Counting what the outbox holds."""

import sqlite3

from ..push.models import Operation
from .policy import Hold
from .rows import STRANDED, Counts, Junk, Overview, State
from .table import marks


def take_overview(connection: sqlite3.Connection) -> Overview:
    """Count what the outbox holds; tests of the space key are nobody's transactions."""
    counts = dict(
        connection.execute(
            "SELECT state, count(*) FROM transactions WHERE operation != ?"
            " GROUP BY state",
            (Operation.TEST,),
        ).fetchall()
    )
    held = connection.execute(
        "SELECT held, count(*) FROM transactions WHERE state = ? AND held IS NOT NULL"
        " AND operation != ? GROUP BY held",
        (State.WAITING, Operation.TEST),
    ).fetchall()
    unseen = dict(
        connection.execute(
            "SELECT state, count(*) FROM transactions"
            f" WHERE state IN ({marks(STRANDED)}) AND seen_at IS NULL"
            " AND operation != ? GROUP BY state",
            (*STRANDED, Operation.TEST),
        ).fetchall()
    )
    [oldest] = connection.execute(
        "SELECT min(created_at) FROM transactions WHERE state = ? AND operation != ?",
        (State.WAITING, Operation.TEST),
    ).fetchone()
    [accepted] = connection.execute(
        "SELECT max(accepted_at) FROM transactions WHERE accepted_at IS NOT NULL"
    ).fetchone()
    [pending] = connection.execute(
        "SELECT min(accepted_at) FROM transactions WHERE state = ? AND operation != ?",
        (State.ACCEPTED, Operation.TEST),
    ).fetchone()
    junk = dict(
        connection.execute(
            "SELECT junk, count(*) FROM transactions WHERE junk IS NOT NULL"
            " GROUP BY junk"
        ).fetchall()
    )
    return Overview(
        counts=Counts(**counts),
        held={Hold(reason): number for reason, number in held},
        oldest_waiting=oldest,
        last_accepted=accepted,
        oldest_accepted=pending,
        **{state.value: unseen.get(state, 0) for state in STRANDED},
        junk_pending=junk.get(Junk.PENDING, 0),
        junk_failed=junk.get(Junk.FAILED, 0),
    )
