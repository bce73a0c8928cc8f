"""The queue at Budgero's server: looking into it, clearing it, putting back."""

import asyncio
from unittest.mock import AsyncMock

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.coordinator import BudgeroCoordinator
from custom_components.budgero.engine.outbox import Hold, State
from custom_components.budgero.engine.push import QueueItem, Sealed, ServerUser
from custom_components.budgero.engine.push.answers import QUESTION
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import Unauthorized
from tests.budgero_server import (
    Acknowledgements,
    BudgeroServer,
    Delay,
    Drop,
    Fault,
    Reply,
)

from .actions import call, call_as, call_which, refused
from .barriers import Barrier
from .flows import LOGIN
from .repair_dialogs import ask, choose, confirm, listed, take_all
from .support import (
    QUEUE,
    Call,
    in_state,
    issues_of,
    open_statistics,
    row_of,
    running,
    set_up,
    until,
    update,
)

pytestmark = pytest.mark.usefixtures("quick")


async def failed(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> str:
    """Return what an app has refused: its account is missing."""
    message_id = str((await add(amount=3.5, account=999, wait=True))["message_id"])
    server.apply()
    await update(hass, entry, "failed")
    assert (await row_of(entry, message_id)).state is State.FAILED
    return message_id


# Looking into it


async def test_both_views(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What is here and what is there, joined by the ids; secrets stay sealed."""
    accepted = str((await add(amount=1, message_id="lunch", wait=True))["message_id"])
    await running(signed_in).client.push(Sealed("foreign", "c2VhbGVk"))
    await update(hass, signed_in, "pending")
    answer = await call(hass, "get_queue")
    here = answer["transactions"]
    assert isinstance(here, list)
    [mine] = here
    there = answer["server"]
    assert isinstance(there, dict)
    items = there.pop("items")
    assert there == {
        "source": "server_user",
        "pending": 2,
        "processed": 0,
        "failed": 0,
        "total": 2,
    }
    assert [item["message_id"] for item in items] == [accepted, "foreign"]
    assert items[0] == {
        "queue_id": mine["queue_id"],
        "message_id": accepted,
        "status": "pending",
        "created_at": server.queue[0].created_at.replace("Z", "+00:00"),
    }
    assert answer["hold"] is None


async def test_one_answer_never_contradicts_itself(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Numbers, list and transactions are of one moment, also while something moves."""
    await add(amount=1, wait=True)
    await in_state(hass, signed_in, pending="1")
    await running(signed_in).client.push(Sealed("foreign", "c2VhbGVk"))
    listed = ServerUser.pending
    moving = iter(["late"])

    async def listed_late(user: ServerUser) -> tuple[QueueItem, ...]:
        for message_id in moving:
            await running(signed_in).client.push(Sealed(message_id, "c2VhbGVk"))
        return await listed(user)

    monkeypatch.setattr(ServerUser, "pending", listed_late)
    there = (await call(hass, "get_queue"))["server"]
    assert isinstance(there, dict)
    assert (there["pending"], len(there["items"])) == (3, 3)
    server.apply()
    answer = await call(hass, "get_queue")
    there = answer["server"]
    assert isinstance(there, dict)
    numbers = {name: there[name] for name in ("pending", "processed", "failed")}
    assert numbers == {"pending": 0, "processed": 1, "failed": 2}
    assert (there["items"], answer["transactions"]) == ([], [])


async def test_numbers_of_this_machine_are_those_of_its_list(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are read together, whatever the sensors show so far."""
    monkeypatch.setattr(BudgeroCoordinator, "async_refresh", AsyncMock())
    await add(amount=1, wait=True)
    answer = await call(hass, "get_queue")
    there = answer["server"]
    assert isinstance(there, dict)
    here = answer["transactions"]
    assert isinstance(here, list)
    [mine] = here
    assert (mine["state"], there["pending"]) == ("accepted", 1)


async def test_our_own_questions_are_not_listed(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """They are no transactions."""
    await add(amount=1, message_id="m", wait=True)
    await running(signed_in).client.push(Sealed("a question", QUESTION))
    there = (await call(hass, "get_queue"))["server"]
    assert isinstance(there, dict)
    assert isinstance(there["items"], list)
    [item] = there["items"]
    assert isinstance(item, dict)
    assert item["message_id"] == "m"


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Reply(method="GET", path=QUEUE, status=503), "server_trouble"),
        (Reply(path=LOGIN, status=401, json={"message": "no"}), "no_sign_in"),
    ],
)
async def test_a_server_that_does_not_tell(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    fault: Fault,
    code: str,
) -> None:
    """The last numbers are shown, and why there is no list."""
    server.end_sessions()
    server.faults.add(fault)
    there = (await call(hass, "get_queue"))["server"]
    assert isinstance(there, dict)
    assert (there["items"], there["error"]) == (None, code)
    assert there["pending"] == 0


async def test_a_slow_server_is_not_waited_for(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is here is shown all the same."""
    monkeypatch.setattr("custom_components.budgero.queue_view._PATIENCE", 0.05)
    server.faults.add(Delay(method="GET", path=QUEUE, seconds=5))
    there = (await call(hass, "get_queue"))["server"]
    assert isinstance(there, dict)
    assert (there["items"], there["error"]) == (None, "unreachable")


async def test_lists_of_the_other_sources(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Today's servers show a push token nothing; newer ones may."""
    there = (await call(hass, "get_queue"))["server"]
    assert there == {
        "source": "tracking",
        "pending": 0,
        "processed": 0,
        "failed": 0,
        "total": 0,
        "items": None,
    }
    open_statistics(server, pending=1, processed=2, failed=3, total=6)
    item = {"id": "1", "status": "pending", "created_at": "2026-11-22T10:00:00Z"}
    body = {"count": 1, "items": [item]}
    server.faults.add(Reply(method="GET", path=QUEUE, status=200, json=body))
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await in_state(hass, loaded, pending="1")
    there = (await call(hass, "get_queue"))["server"]
    assert isinstance(there, dict)
    assert there["source"] == "push_token"
    [listed] = there["items"]
    assert (listed["queue_id"], listed["message_id"]) == ("1", None)


# Clearing it


@pytest.mark.parametrize(("everything", "deleted"), [(False, 2), (True, 3)])
async def test_clear(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    everything: bool,
    deleted: int,
) -> None:
    """What an app has applied meanwhile is noted; the sensors show the rest at once."""
    await add(amount=1, message_id="done", wait=True)
    server.apply()
    await add(amount=2, message_id="b", wait=True)
    await add(amount=3, message_id="c", wait=True)
    await update(hass, signed_in, "pending")
    await in_state(hass, signed_in, pending="2")
    answer = await call(hass, "clear_queue", all=everything)
    assert answer == {"deleted": deleted}
    kept = "0" if everything else "1"
    await in_state(hass, signed_in, pending="0", processed=kept, waiting="0")
    states = [(await row_of(signed_in, name)).state for name in ("done", "b", "c")]
    assert states == [State.PROCESSED, State.REMOVED, State.REMOVED]
    await update(hass, signed_in, "pending")
    assert len(server.queue) == (0 if everything else 1)
    assert not issues_of(hass)
    assert (await add(amount=2, message_id="b"))["status"] == "already_known"


async def test_clear_without_a_user(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Today's servers refuse it; nobody is asked anything, and it says where to go."""
    message_id = str((await add(amount=1, wait=True))["message_id"])
    error = await refused(hass, "clear_queue")
    assert error.translation_key == "clear_not_allowed"
    row = await row_of(loaded, message_id)
    assert (row.state, row.questions) == (State.ACCEPTED, 0)
    assert server.counts.pending == 1


async def test_clear_without_a_user_and_without_an_answer(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Nothing was cleared for certain: the server was not asked to."""
    server.faults.add(Drop(method="GET", path="/api/v1/push/stats", times=None))
    error = await refused(hass, "clear_queue")
    assert error.translation_key == "server_refused"


async def test_clear_with_the_push_token(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """As documented, on a server that allows it: what is pending is asked about."""
    open_statistics(server, pending=2, processed=0, failed=0, total=2)
    body = {"deleted": 2, "status": "cleared"}
    server.faults.add(Reply(method="DELETE", path=QUEUE, status=200, json=body))
    await set_up(hass, entry)
    ids = [str((await add(amount=1, wait=True))["message_id"]) for _ in range(2)]
    assert await call(hass, "clear_queue") == {"deleted": 2}
    rows = [await row_of(entry, message_id) for message_id in ids]
    assert [(row.state, row.questions) for row in rows] == [(State.REMOVED, 1)] * 2


async def test_clear_while_something_is_on_its_way(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It may arrive after all, so nothing is deleted."""
    server.faults.add(Drop(after_commit=True, times=2))
    await add(amount=1)
    await in_state(hass, signed_in, waiting="1", last_error="in_doubt")
    error = await refused(hass, "clear_queue")
    assert error.translation_key == "clear_in_doubt"
    assert server.counts.pending == 1


async def test_clear_and_the_answer_is_lost(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """All of them are shown as vanished, with one item left in the queue for them."""
    for _ in range(4):
        await add(amount=1, wait=True)
    server.faults.add(Drop(method="DELETE", path=QUEUE, after_commit=True))
    error = await refused(hass, "clear_queue")
    assert error.translation_key == "clear_unknown"
    assert server.queue == []
    assert (await running(signed_in).store.review.counts()).accepted == 4
    await update(hass, signed_in, "pending")
    await until(lambda: "vanished" in issues_of(hass))
    placeholders = issues_of(hass)["vanished"].translation_placeholders
    assert placeholders is not None
    assert placeholders["count"] == "4"
    assert len(server.queue) == 1
    await in_state(hass, signed_in, pending="0", failed="0")


async def test_clear_that_the_server_refuses(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Nothing has changed."""
    await add(amount=1, wait=True)
    no = Reply(method="DELETE", path=QUEUE, status=403, json={"message": "no"})
    server.faults.add(no)
    error = await refused(hass, "clear_queue")
    assert error.translation_key == "server_refused"
    assert (await running(signed_in).store.review.counts()).accepted == 1
    assert server.counts.pending == 1


async def test_clear_goes_on_when_its_caller_is_cancelled(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A script with `mode: restart`: what was deleted there is removed here."""
    message_id = str((await add(amount=1, wait=True))["message_id"])
    server.faults.add(
        Delay(method="DELETE", path=QUEUE, seconds=0.2, after_commit=True)
    )
    calling = hass.async_create_task(call(hass, "clear_queue"))
    await until(lambda: server.counts.pending == 0)
    calling.cancel()
    await asyncio.wait({calling})
    await hass.async_block_till_done()
    assert (await row_of(signed_in, message_id)).state is State.REMOVED


async def test_logged_while_the_queue_is_cleared(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It waits until then, and stays."""
    await add(amount=1, message_id="old", wait=True)
    server.faults.add(Delay(method="DELETE", path=QUEUE, seconds=0.3))
    clearing = hass.async_create_task(call(hass, "clear_queue"))
    await until(lambda: any(r.method == "DELETE" for r in server.requests))
    await add(amount=2, message_id="new")
    assert await clearing == {"deleted": 1}
    await in_state(hass, signed_in, waiting="0")
    assert [item.message_id for item in server.queue] == ["new"]
    assert (await row_of(signed_in, "new")).state is State.ACCEPTED


# Putting back


async def test_put_back_what_an_app_refused(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The same item is pending again, once a person says that it is not booked."""
    message_id = await failed(hass, signed_in, server, add)
    await until(lambda: "failed" in issues_of(hass))
    data = {"message_id": message_id, "not_in_budgero": False}
    error = await refused(hass, "retry_transaction", **data)
    assert error.translation_key == "not_confirmed"
    assert [item.status for item in server.queue] == ["failed"]
    data["not_in_budgero"] = True
    answer = await call(hass, "retry_transaction", **data)
    assert answer == {"message_id": message_id, "status": "accepted"}
    assert [item.status for item in server.queue] == ["pending"]
    await until(lambda: "failed" not in issues_of(hass))
    server.apply()
    await update(hass, signed_in, "failed")
    assert (await row_of(signed_in, message_id)).state is State.FAILED
    await until(lambda: "failed" in issues_of(hass))


async def test_put_back_books_nothing_twice(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The app had booked it; only its word for it was lost."""
    message_id = str((await add(amount=1, wait=True))["message_id"])
    server.apply(Acknowledgements.PROCESSED_LOST)
    await update(hass, signed_in, "failed")
    await in_state(hass, signed_in, failed="1")
    await call(hass, "retry_transaction", message_id=message_id, not_in_budgero=True)
    server.apply()
    await update(hass, signed_in, "failed")
    await in_state(hass, signed_in, failed="0", processed="1")
    assert len(server.bookings) == 1


async def test_what_cannot_be_put_back_needs_a_word(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """An earlier key has sealed it: it goes as a new one."""
    message_id = await failed(hass, signed_in, server, add)
    await running(signed_in).store.accepted.note_new_key()
    data = {"message_id": message_id, "not_in_budgero": False}
    error = await refused(hass, "retry_transaction", **data)
    assert error.translation_key == "not_confirmed"
    data["not_in_budgero"] = True
    answer = await call(hass, "retry_transaction", **data)
    assert answer["status"] == "waiting"
    assert answer["message_id"] != message_id


async def test_put_back_after_the_queue_was_cleared_here(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The server has forgotten it: only a new one helps."""
    message_id = await failed(hass, signed_in, server, add)
    await call(hass, "clear_queue", all=True)
    data = {"message_id": message_id, "not_in_budgero": False}
    error = await refused(hass, "retry_transaction", **data)
    assert error.translation_key == "not_confirmed"
    assert (await row_of(signed_in, message_id)).state is State.FAILED


async def test_put_back_after_the_queue_was_cleared_elsewhere(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It says so; soon it is shown as vanished."""
    message_id = await failed(hass, signed_in, server, add)
    server.clear(all=True)
    data = {"message_id": message_id, "not_in_budgero": True}
    error = await refused(hass, "retry_transaction", **data)
    assert error.translation_key == "not_pending"
    assert server.queue == []
    await update(hass, signed_in, "failed")
    assert (await row_of(signed_in, message_id)).state is State.VANISHED
    assert "vanished" in issues_of(hass)


async def test_put_back_without_an_answer(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It is followed, so the facts decide; nothing is sent under a new id."""
    message_id = await failed(hass, signed_in, server, add)
    path = f"{QUEUE}/{server.queue[0].id}"
    drop = Drop(method="PUT", path=path, after_commit=True, times=None)
    server.faults.add(drop)
    data = {"message_id": message_id, "not_in_budgero": True}
    error = await refused(hass, "retry_transaction", **data)
    assert error.translation_key == "put_back_unknown"
    assert (await row_of(signed_in, message_id)).state is State.ACCEPTED
    assert [item.message_id for item in server.queue] == [message_id]
    server.faults.clear()
    await update(hass, signed_in, "failed")
    assert (await row_of(signed_in, message_id)).state is State.ACCEPTED
    server.faults.add(Drop(method="PUT", path=path, times=None))
    server.apply()
    await update(hass, signed_in, "failed")
    error = await refused(hass, "retry_transaction", **data)
    assert error.translation_key == "put_back_unknown"
    await update(hass, signed_in, "failed")
    assert (await row_of(signed_in, message_id)).state is State.FAILED


async def test_put_back_goes_on_when_its_caller_is_cancelled(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """There and here it is pending."""
    message_id = await failed(hass, signed_in, server, add)
    barrier = Barrier()
    barrier.hold_up(monkeypatch, ServerUser, "put_back")
    data = {"message_id": message_id, "not_in_budgero": True}
    calling = hass.async_create_task(call(hass, "retry_transaction", **data))
    await barrier.reached.wait()
    calling.cancel()
    await asyncio.wait({calling})
    barrier.opened.set()
    await hass.async_block_till_done()
    assert (await row_of(signed_in, message_id)).state is State.ACCEPTED
    assert server.counts.pending == 1


async def test_put_back_from_the_repair(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """All that an app may try again; the others stay to be decided about."""
    old_key = await failed(hass, signed_in, server, add)
    await running(signed_in).store.accepted.note_new_key()
    ids = [await failed(hass, signed_in, server, add) for _ in range(3)]
    menu = await take_all(hass, await ask(hass, "failed"))
    answers = ["put_back", "retry", "booked", "remove", "choose"]
    assert menu["menu_options"] == answers
    form = await choose(hass, menu, "put_back")
    assert form["step_id"] == "put_back"  # a person says that it is not in Budgero
    assert server.counts.pending == 0
    assert list(listed(await confirm(hass, form))) == [old_key]
    states = {name: (await row_of(signed_in, name)).state for name in (*ids, old_key)}
    assert states == dict.fromkeys(ids, State.ACCEPTED) | {old_key: State.FAILED}
    assert server.counts.pending == 3
    await hass.async_block_till_done()


async def test_put_back_from_the_repair_fails(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It says so; also when the entry is gone meanwhile."""
    await failed(hass, signed_in, server, add)
    form = await choose(hass, await ask(hass, "failed"), "put_back")
    await server.stop()
    result = await confirm(hass, form)
    assert (result["type"], result["reason"]) == ("abort", "not_put_back")
    await server.start()
    await update(hass, signed_in, "failed")
    form = await choose(hass, await ask(hass, "failed"), "put_back")
    assert await hass.config_entries.async_unload(signed_in.entry_id)
    result = await confirm(hass, form)
    assert (result["type"], result["reason"]) == ("abort", "not_loaded")


async def test_without_a_user_nothing_is_put_back(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A push token cannot: the repair does not offer it, and the action wants a word."""
    await running(loaded).sender.release(Hold.KEY)
    message_id = await failed(hass, loaded, server, add)
    menu = await take_all(hass, await ask(hass, "failed"))
    assert menu["menu_options"] == ["retry", "booked", "remove", "choose"]
    data = {"message_id": message_id, "not_in_budgero": False}
    error = await refused(hass, "retry_transaction", **data)
    assert error.translation_key == "not_confirmed"


async def test_clearing_is_for_administrators(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    hass_read_only_user: MockUser,
) -> None:
    """Nobody else may throw transactions away."""
    await add(amount=1, wait=True)
    with pytest.raises(Unauthorized):
        await call_as(hass_read_only_user, hass, "clear_queue")
    assert server.counts.pending == 1


async def test_clear_names_its_entry(
    hass: HomeAssistant, signed_in: MockConfigEntry, other: MockConfigEntry
) -> None:
    """With several entries it is the default one, unless another one is named."""
    answer = await call_which(hass, "clear_queue")
    assert answer == (signed_in.entry_id, {"deleted": 0})
    error = await refused(hass, "clear_queue", config_entry_id=other.entry_id)
    assert error.translation_key == "clear_not_allowed"
