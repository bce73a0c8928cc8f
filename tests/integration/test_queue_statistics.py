"""The numbers of Budgero's queue: where they come from, and that they stay."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
import logging
from time import monotonic
from typing import override

from aiohttp import web
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import queue_statistics
from custom_components.budgero.const import LOGGER
from custom_components.budgero.engine.outbox import Hold, State, StorageError
from custom_components.budgero.engine.outbox.rows import Leftover
from custom_components.budgero.engine.push import Direction, Transaction, sign_in
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_USERNAME,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
)
from homeassistant.core import HomeAssistant
from tests.budgero_server import BudgeroServer, Fault, Reply
from tests.engine.outbox.helpers import owner_of

from .actions import call
from .barriers import Barrier
from .flows import LOGIN, OTHER_KEY, user_of
from .repair_dialogs import answer
from .support import (
    QUEUE,
    STATS,
    Call,
    in_state,
    issues_of,
    make_entry,
    open_statistics,
    raising,
    row_of,
    running,
    set_up,
    state_of,
    until,
    update,
)

BLOB = "/api/v1/database/blob"
KEYS = ("pending", "processed", "failed")

pytestmark = pytest.mark.usefixtures("quick")


def count(server: BudgeroServer, path: str) -> int:
    """Return how many requests a path got."""
    return sum(request.path == path for request in server.requests)


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was logged about the statistics."""
    return [
        record.getMessage()
        for record in caplog.records
        if "statistics" in record.getMessage() and record.name.endswith("budgero")
    ]


async def push_from_elsewhere(entry: MockConfigEntry, account: int = 1) -> None:
    """Let another program of the household push something."""
    transaction = Transaction(
        account=account,
        budget=1,
        date=date(2026, 11, 22),
        amount=Decimal(1),
        direction=Direction.EXPENSE,
    )
    client = running(entry).client
    await client.push(client.seal(transaction))


@contextmanager
def later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> Iterator[None]:
    """Let the sign-in believe that so much time has passed."""
    with monkeypatch.context() as patch:
        patch.setattr(sign_in, "monotonic", lambda: monotonic() + seconds)
        yield


# A signed-in user


async def test_numbers_of_the_user(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """They count what others sent as well."""
    await in_state(hass, signed_in, pending="0", processed="0", failed="0")
    await push_from_elsewhere(signed_in)
    await push_from_elsewhere(signed_in, account=999)
    await add(amount=1, wait=True)
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="3", processed="0", failed="0")
    assert running(signed_in).coordinator.data.source == "server_user"
    server.apply()
    await update(hass, signed_in, "processed")
    await in_state(hass, signed_in, pending="0", processed="2", failed="1")


async def test_numbers_follow_at_once(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What Home Assistant does itself shows without a question of anybody."""
    await in_state(hass, signed_in, pending="0", processed="0", failed="0")
    running(signed_in).coordinator._debounced_refresh.cooldown = 0.2  # noqa: SLF001
    message_id = (await add(amount=1, account=999, wait=True))["message_id"]
    await in_state(hass, signed_in, pending="1")
    server.apply()
    await running(signed_in).sender.ask_now()
    await in_state(hass, signed_in, pending="0", failed="1")
    data = {"message_id": message_id, "not_in_budgero": True}
    await call(hass, "retry_transaction", **data)
    await in_state(hass, signed_in, pending="1", failed="0")
    await call(hass, "clear_queue")
    await in_state(hass, signed_in, pending="0", failed="0")


async def test_many_changes_are_two_questions(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """The numbers are asked at once, and once after the last change."""
    await in_state(hass, signed_in, pending="0")
    cooldown = 1.0
    running(signed_in).coordinator._debounced_refresh.cooldown = cooldown  # noqa: SLF001
    await asyncio.sleep(cooldown)
    server.forget_requests()
    for _ in range(5):
        await add(amount=1, wait=True)
    await in_state(hass, signed_in, pending="5")
    await asyncio.sleep(2 * cooldown)
    assert count(server, STATS) <= 2


@pytest.mark.parametrize("disk", ["slow", "refusing"])
async def test_numbers_are_remembered_before_they_are_shown(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
    disk: str,
) -> None:
    """So a restart just then loses none that somebody has seen."""
    await in_state(hass, signed_in, pending="0")
    await push_from_elsewhere(signed_in)
    barrier = Barrier()
    if disk == "slow":
        barrier.hold_up(monkeypatch, owner_of("remember"), "remember")
    else:
        monkeypatch.setattr(
            owner_of("remember"), "remember", raising(StorageError("no"))
        )
        monkeypatch.setattr(LOGGER, "disabled", True)
        barrier.reached.set()
    data = running(signed_in)
    reading = asyncio.create_task(data.coordinator.async_refresh())
    await barrier.reached.wait()
    data.coordinator.async_note_change()
    await asyncio.sleep(0.1)
    assert state_of(hass, signed_in, "pending") in ("0", STATE_UNAVAILABLE)
    barrier.opened.set()
    await reading
    if disk == "slow":
        await in_state(hass, signed_in, pending="1")


async def test_update_entity_asks_now(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Numbers and transactions; what is pending is not asked about."""
    message_id = (await add(amount=1, wait=True))["message_id"]
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="1")
    questions = [request for request in server.requests if request.message_id]
    assert len(questions) == 1  # the push itself
    server.apply()
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="0", processed="1")
    assert (await row_of(signed_in, message_id)).state is State.PROCESSED


async def test_numbers_that_move_let_the_transactions_be_looked_at(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Events come with the statistics, not hours later."""
    message_id = str((await add(amount=1, wait=True))["message_id"])
    data = running(signed_in)
    await data.coordinator.async_refresh()
    server.apply()
    await data.coordinator.async_refresh()
    assert (await row_of(signed_in, message_id)).state is State.PROCESSED
    server.forget_requests()
    await data.coordinator.async_refresh()
    assert count(server, QUEUE) == 0


async def test_silence_is_one_line_and_its_end_another(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The last numbers stay; the source is the same."""
    caplog.set_level(logging.INFO)
    await add(amount=1, wait=True)
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="1")
    server.apply()
    coordinator = running(signed_in).coordinator
    await server.stop()
    for _ in range(3):
        await coordinator.async_refresh()
    assert [state_of(hass, signed_in, key) for key in KEYS] == ["1", "0", "0"]
    assert coordinator.data.source == "server_user"
    assert "sign_in" not in issues_of(hass)
    assert len(lines(caplog)) == 1
    assert "unavailable" in lines(caplog)[0]
    await server.start()
    for _ in range(3):
        await coordinator.async_refresh()
    await in_state(hass, signed_in, pending="0", processed="1")
    assert len(lines(caplog)) == 2
    assert "available again" in lines(caplog)[1]


async def test_numbers_of_the_user_survive_a_restart(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Also while the server is away; without any nothing is made up."""
    await add(amount=1, wait=True)
    await update(hass, signed_in, "pending")
    await server.stop()
    assert await hass.config_entries.async_reload(signed_in.entry_id)
    await in_state(hass, signed_in, pending="1", processed="0", failed="0")
    data = {**signed_in.data}
    del data[CONF_USERNAME], data[CONF_PASSWORD]
    hass.config_entries.async_update_entry(signed_in, data=data)
    await hass.async_block_till_done()
    assert running(signed_in).coordinator.data.source == "tracking"
    await in_state(hass, signed_in, pending="1")


async def test_a_user_is_new(
    hass: HomeAssistant, user_entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """Until the server answers, the numbers are not known."""
    await server.stop()
    await set_up(hass, user_entry)
    await in_state(hass, user_entry, **dict.fromkeys(KEYS, STATE_UNKNOWN))


async def test_refused_sign_in(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A repair, one try in a quarter of an hour, and nothing about the push token."""
    coordinator = running(signed_in).coordinator
    await push_from_elsewhere(signed_in)
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="1")
    refusal = Reply(
        path=LOGIN, status=401, json={"message": "invalid credentials"}, times=None
    )
    server.faults.add(refusal)
    server.end_sessions()
    server.forget_requests()
    for _ in range(4):
        await update(hass, signed_in, "pending")
    assert list(issues_of(hass)) == ["sign_in"]
    assert issues_of(hass)["sign_in"].is_fixable is False
    assert count(server, LOGIN) == 1
    # What this machine knows, and nothing of what others sent.
    assert running(signed_in).coordinator.data.source == "tracking"
    await in_state(hass, signed_in, pending="0", processed="0", failed="0")
    await add(amount=1, wait=True)
    server.apply()
    await update(hass, signed_in, "pending")  # the push token tells
    assert (await running(signed_in).store.review.counts()).processed == 1
    with later(monkeypatch, 901):
        await coordinator.async_refresh()
        assert count(server, LOGIN) == 2
        await server.stop()
    with later(monkeypatch, 2000):  # trouble is no sign that it works again
        await coordinator.async_refresh()
        assert "sign_in" in issues_of(hass)
        await server.start()
        server.faults.clear()
        await coordinator.async_refresh()
    assert not issues_of(hass)
    assert running(signed_in).coordinator.data.source == "server_user"
    await in_state(hass, signed_in, processed="2")
    assert not any(signed_in.async_get_active_flows(hass, {SOURCE_REAUTH}))


async def test_a_blob_that_is_refused_says_nothing_of_the_sign_in(
    hass: HomeAssistant, user_entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """The numbers come all the same."""
    no = Reply(method="GET", path=BLOB, status=403, json={"message": "no"}, times=None)
    server.faults.add(no)
    await set_up(hass, user_entry)
    await until(lambda: count(server, BLOB) > 0)
    await in_state(hass, user_entry, pending="0")
    assert not issues_of(hass)
    assert not running(user_entry).sender.is_key_proven


# The proof of the space key


async def test_proven_key_releases_a_hold(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A wrong account failed the first transaction; the key is known to be right."""
    hass.config_entries.async_update_entry(
        signed_in,
        data={k: v for k, v in signed_in.data.items() if k != CONF_USERNAME},
    )
    await hass.async_block_till_done()
    data = running(signed_in)
    await data.store.remember("proven_key", "another")
    assert await hass.config_entries.async_reload(signed_in.entry_id)
    await add(amount=1, account=999, wait=True)
    server.apply()
    await update(hass, signed_in, "failed")
    await until(lambda: "held_key" in issues_of(hass))
    await add(amount=2)
    known = server.credentials
    hass.config_entries.async_update_entry(
        signed_in, data=signed_in.data | {CONF_USERNAME: known.username}
    )
    await hass.async_block_till_done()
    await until(lambda: running(signed_in).sender.is_key_proven)
    await until(lambda: "held_key" not in issues_of(hass))
    await in_state(hass, signed_in, waiting="0")


async def test_wrong_key_is_held_before_the_first_transaction(
    hass: HomeAssistant, server: BudgeroServer, add: Call
) -> None:
    """The repair says so; a person who knows better has the last word."""
    entry = make_entry(server, space_key=OTHER_KEY, **user_of(server))
    await set_up(hass, entry)
    await until(lambda: "held_key" in issues_of(hass))
    await add(amount=1)
    await in_state(hass, entry, waiting="1", pending="0")
    server.forget_requests()
    await update(hass, entry, "pending")
    assert count(server, BLOB) == 1
    await answer(hass, "held_key", "release")
    await in_state(hass, entry, waiting="0")
    server.forget_requests()
    await update(hass, entry, "pending")
    assert count(server, BLOB) == 0
    assert "held_key" not in issues_of(hass)


async def test_wrong_key_that_becomes_right(
    hass: HomeAssistant, user_entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The database was one of another key; an app has stored it anew."""
    server.blob = replace(server.blob, foreign_key=True)
    await set_up(hass, user_entry)
    await until(lambda: "held_key" in issues_of(hass))
    await add(amount=1)
    server.blob = replace(server.blob, foreign_key=False)
    await update(hass, user_entry, "pending")
    await in_state(hass, user_entry, waiting="0")
    assert not issues_of(hass)
    assert running(user_entry).sender.is_key_proven


async def test_nobody_can_tell_whether_the_key_is_right(
    hass: HomeAssistant, user_entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """No app has stored anything yet: nothing is held, and nothing is proven."""
    server.blob = replace(server.blob, missing=True)
    await set_up(hass, user_entry)
    await until(lambda: count(server, BLOB) > 0)
    await add(amount=1)
    await in_state(hass, user_entry, waiting="0")
    assert not issues_of(hass)
    assert not running(user_entry).sender.is_key_proven


# Our own questions


async def vanish(
    entry: MockConfigEntry, server: BudgeroServer, add: Call, leftover_pending: int = 1
) -> None:
    """Let one transaction vanish, whose question is an item in the queue now."""
    await add(amount=1, wait=True)
    server.clear(all=True)
    await running(entry).sender.ask_now()
    overview = await running(entry).store.review.overview()
    assert overview.leftover_pending == leftover_pending


async def test_what_questions_leave_is_retired_at_once(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The server itself no longer counts it, whatever an app or a person does."""
    await vanish(signed_in, server, add, leftover_pending=0)
    assert server.counts.pending == 0
    await push_from_elsewhere(signed_in)
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="1", failed="0")
    server.apply()
    await push_from_elsewhere(signed_in, account=999)
    server.apply()
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="0", processed="1", failed="1")
    assert running(signed_in).coordinator.data.total == 2


async def test_a_queue_cleared_twice_around_a_question_hides_no_failure(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What is no longer listed has not failed for that."""
    server.faults.add(_not_retired())
    await vanish(signed_in, server, add)
    server.clear(all=True)
    await push_from_elsewhere(signed_in, account=999)
    server.apply()
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="0", processed="0", failed="1")


async def test_what_cannot_be_retired_is_not_counted(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Neither while it is listed, nor when a question tells that it has failed."""
    server.faults.add(_not_retired())
    await vanish(signed_in, server, add)
    await push_from_elsewhere(signed_in)
    assert server.counts.pending == 2
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="1", failed="0")
    server.apply()
    assert server.counts.failed == 1
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="0", processed="1", failed="0")
    assert (await running(signed_in).store.review.overview()).leftover_failed == 1
    assert running(signed_in).coordinator.data.total == 1
    server.clear(all=True)
    await update(hass, signed_in, "pending")
    await push_from_elsewhere(signed_in, account=999)
    server.apply()
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="0", processed="0", failed="1")


async def test_what_questions_leave_where_the_push_token_is_the_source(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The same, read with the token; nobody can retire it."""
    await vanish(loaded, server, add)
    [leftover] = server.queue
    listed = {"id": leftover.id, "message_id": leftover.message_id, "status": "pending"}
    listed |= {"created_at": leftover.created_at}

    def open_queue(*items: dict[str, str | None]) -> None:
        reply = {"count": len(items), "items": items}
        server.faults.add(
            Reply(method="GET", path=QUEUE, status=200, json=reply, times=None)
        )

    assert await hass.config_entries.async_reload(loaded.entry_id)
    open_statistics(server, pending=3, processed=0, failed=0, total=3)
    open_queue(listed)
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, pending="2", failed="0")
    server.set_status(leftover.id, "failed")
    open_statistics(server, pending=2, processed=0, failed=2, total=4)
    open_queue()
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, pending="2", failed="1")


async def test_no_number_goes_below_zero(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A server that counts less than we know of is believed as far as that goes."""
    await vanish(loaded, server, add)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    open_statistics(server, pending=0, processed=5, failed=0, total=5)
    server.faults.add(
        Reply(method="GET", path=QUEUE, status=200, json={"items": None}, times=None)
    )
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, pending="0", processed="5", failed="0")
    for leftover in (Leftover.PENDING, Leftover.FAILED):
        for row in await running(loaded).store.server_queue.in_queue():
            await running(loaded).store.server_queue.settle_leftover(row, leftover)
        running(loaded).coordinator.async_note_change()
        await hass.async_block_till_done()
        await in_state(hass, loaded, pending="0", processed="5", failed="0")
        assert running(loaded).coordinator.data.total == 5


def _not_retired() -> Fault:
    """Return what keeps every item of the queue as it is."""
    return _EveryItem(
        method="PUT", path=f"{QUEUE}/", status=503, json={"message": "no"}, times=None
    )


class _EveryItem(Reply):
    """An answer to the change of whatever item."""

    @override
    def matches(self, request: web.Request) -> bool:
        return request.method == self.method and request.path.startswith(self.path)


# The push token


async def test_a_token_that_is_refused_everywhere_changes_no_source(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    server: BudgeroServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Newer servers may answer 401 as documented: that says nothing of the source."""
    caplog.set_level(logging.INFO)
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    await set_up(hass, entry)
    await in_state(hass, entry, pending="7")
    server.faults.clear()
    server.disable_token()
    coordinator = running(entry).coordinator
    for _ in range(2):
        await coordinator.async_refresh()
    assert coordinator.data.source == "push_token"
    await in_state(hass, entry, pending="7", processed="8", failed="9")
    assert len(lines(caplog)) == 1
    server.enable_token()
    await coordinator.async_refresh()
    assert coordinator.data.source == "tracking"


async def test_closed_statistics_are_asked_for_again_a_day_later(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A server that was updated may open them."""
    await until(lambda: count(server, STATS) == 1)
    coordinator = running(loaded).coordinator
    await coordinator.async_refresh()
    assert count(server, STATS) == 1
    open_statistics(server, pending=7, processed=8, failed=9, total=24)
    monkeypatch.setattr(queue_statistics, "monotonic", lambda: monotonic() + 86401)
    await coordinator.async_refresh()
    await in_state(hass, loaded, pending="7", processed="8", failed="9")
    assert coordinator.data.source == "push_token"


# The tracking


async def test_numbers_of_the_tracking(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """They count what this entry delivered, whoever else sends."""
    await running(loaded).sender.release(Hold.KEY)
    await push_from_elsewhere(loaded)
    await add(amount=1, wait=True)
    await add(amount=1, account=999, wait=True)
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, pending="2", processed="0", failed="0")
    server.apply()
    await update(hass, loaded, "pending")
    await in_state(hass, loaded, pending="0", processed="1", failed="1")
    await server.stop()
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await in_state(hass, loaded, pending="0", processed="1", failed="1")
