"""Looking at a full outbox, and what there is to see."""

from contextlib import closing
from pathlib import Path
import sqlite3

from custom_components.budgero.engine.outbox import FailedBy, State, Store
from custom_components.budgero.engine.outbox.policy import BATCH, LONGEST_REST
from custom_components.budgero.engine.outbox.rows import STRANDED

from .helpers import Disk, accept, append, row_of


async def test_the_overview_reads_no_payload(path: Path, disk: Disk) -> None:
    """However many there are: it is made from indexes alone."""
    store = Store(path)
    await store.open()
    await append(store)
    disk.statements.clear()
    await store.overview()
    queries = disk.statements[:]
    await store.close()
    assert queries
    for query in queries:
        plan = _plan(path, query)
        assert "COVERING INDEX" in plan[0], (query, plan)


def _plan(path: Path, query: str) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        values = (None,) * query.count("?")
        plan = connection.execute(f"EXPLAIN QUERY PLAN {query}", values)
        return [str(detail) for *_, detail in plan]


async def test_looking_for_the_next_uses_an_index(path: Path, disk: Disk) -> None:
    """Also where many changes wait, each for the one before it."""
    store = Store(path)
    await store.open()
    disk.statements.clear()
    await store.due(State.WAITING, LONGEST_REST, BATCH)
    await store.seconds_until_due([State.WAITING, State.ACCEPTED])
    queries = disk.statements[:]
    await store.close()
    for query in queries:
        plan = " ".join(_plan(path, query))
        assert "transactions_due" in plan, (query, plan)
        assert "transactions_target" in plan, (query, plan)


async def test_what_nobody_has_seen_is_counted(store: Store) -> None:
    """Each kind of what is stranded on its own; a person's look ends that."""
    for state, set_aside in (
        (State.VANISHED, store.mark_vanished),
        (State.UNKNOWN, store.give_up),
    ):
        await append(store, state)
        await set_aside(await accept(store, state))
    await append(store, "failed")
    await store.fail(await row_of(store, "failed"), FailedBy.APP, "failed")
    await append(store, "duplicate")
    await store.mark_duplicate(await row_of(store, "duplicate"), "queue")
    for state in STRANDED:
        overview = await store.overview()
        assert getattr(overview, state) == 1
        await store.mark_seen({state})
        assert getattr(await store.overview(), state) == 0
