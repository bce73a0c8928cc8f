"""Looking at a full outbox, and what there is to see."""

from contextlib import closing
from pathlib import Path
import sqlite3

from custom_components.budgero.engine.outbox import FailedBy, State
from custom_components.budgero.engine.outbox.policy import BATCH, LONGEST_REST
from custom_components.budgero.engine.outbox.rows import STRANDED
from custom_components.budgero.engine.outbox.store import Store

from .helpers import Disk, accept, append, row_of


async def test_the_overview_reads_no_payload(path: Path, disk: Disk) -> None:
    """However many there are: it is made from indexes alone."""
    store = Store(path)
    await store.open()
    await append(store)
    disk.statements.clear()
    await store.review.overview()
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
    await store.waiting.due(State.WAITING, LONGEST_REST, BATCH)
    await store.waiting.seconds_until_due([State.WAITING, State.ACCEPTED])
    queries = disk.statements[:]
    await store.close()
    for query in queries:
        plan = " ".join(_plan(path, query))
        assert "transactions_due" in plan, (query, plan)
        assert "transactions_target" in plan, (query, plan)


async def test_what_is_stranded_is_announced_once(store: Store) -> None:
    """Each kind on its own: its number rises only if something new comes to it."""
    assert not (await store.review.overview()).has_news
    for state, set_aside in (
        (State.VANISHED, store.inquiry.mark_vanished),
        (State.UNKNOWN, store.inquiry.give_up),
    ):
        await append(store, state)
        await set_aside(await accept(store, state))
    await append(store, "failed")
    await store.accepted.fail(await row_of(store, "failed"), FailedBy.APP, "failed")
    await append(store, "duplicate")
    await store.waiting.mark_duplicate(await row_of(store, "duplicate"), "queue")
    assert (await store.review.overview()).has_news
    assert await store.review.announce() == dict.fromkeys(STRANDED, 1)
    assert not (await store.review.overview()).has_news
    assert await store.review.announce() == dict.fromkeys(STRANDED, 1)
    await append(store, "another")
    await store.accepted.fail(
        await row_of(store, "another"), FailedBy.SERVER, "refused"
    )
    assert (await store.review.overview()).has_news
    await store.review.announce()
    expected = dict.fromkeys(STRANDED, 1) | {State.FAILED: 2}
    assert await store.review.announcements() == expected
    await store.review.remove("another")
    assert await store.review.announce() == expected
    assert not (await store.review.overview()).has_news


async def test_what_is_stranded_again_is_announced_again(store: Store) -> None:
    """A transaction that was put back and failed once more is news."""
    await append(store, "first")
    await accept(store, "first")
    for times in (1, 2):
        await store.accepted.fail(await row_of(store, "first"), FailedBy.APP, "failed")
        assert (await store.review.overview()).has_news
        assert (await store.review.announce())[State.FAILED] == times
        assert await store.accepted.accept_again("first", 0.0)
        assert (await store.review.overview()).has_news
        assert (await store.review.announce())[State.FAILED] == times
    await store.inquiry.mark_vanished(await row_of(store, "first"))
    assert (await store.review.announce())[State.VANISHED] == 1
