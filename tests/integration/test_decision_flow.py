"""The dialog in which a person decides about transactions."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
import gc

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.budgero.const import (
    CONF_PREVIOUS_SPACE_KEYS,
    CONF_SPACE_KEY,
    DOMAIN,
)
from custom_components.budgero.decision_flow import ALL, MORE, PAGE, TICKED
from custom_components.budgero.engine.outbox import Hold, State, StateChange
from custom_components.budgero.engine.outbox.flood import FloodGuard
from custom_components.budgero.idle_end import MAX_IDLE
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import FlowResultType, UnknownFlow
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer

from .flows import OTHER_KEY
from .repair_dialogs import (
    Step,
    ask,
    choose,
    confirm,
    listed,
    manager,
    scopes,
    submit,
    take_all,
    tick,
    ticked,
    turn_page,
)
from .support import Call, count_of, in_state, issues_of, row_of, running, until

type FailAll = Callable[..., Awaitable[None]]

LUNCH = {"amount": "12.50", "payee": "Lidl", "account": 3, "date": "2026-11-27"}


@pytest.fixture
def fail(hass: HomeAssistant, server: BudgeroServer, add: Call) -> FailAll:
    """Log transactions that an app cannot book."""

    async def fail_all(*message_ids: str, **said: object) -> None:
        [data] = [
            entry.runtime_data
            for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        ]
        await data.outbox.release(Hold.KEY)  # else the first one holds the others
        for message_id in message_ids:
            await add(**(LUNCH | said | {"message_id": message_id, "wait": True}))
        for item in server.queue:
            if item.message_id in message_ids:
                server.set_status(item.id, "failed")
        await data.coordinator.async_ask_now()
        await until(lambda: "failed" in issues_of(hass))

    return fail_all


def ids(number: int) -> list[str]:
    """Return message ids, oldest first."""
    return [f"id-{index:02}" for index in range(number)]


async def until_counted(hass: HomeAssistant, number: int) -> None:
    """Wait until a repair is about so many failed ones."""
    await until(lambda: count_of(hass, "failed") == str(number))


async def test_one_is_ticked(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll
) -> None:
    """Date, payee, amount, account, and what happened; nothing else to choose."""
    await fail("lunch")
    form = await ask(hass, "failed")
    line = "2026-11-27 · Lidl · 12.50 EUR · account 3 · failed in an app"
    assert listed(form) == {"lunch": line}
    assert ticked(form) == ["lunch"]
    assert scopes(form) == []


async def test_several_are_not_ticked(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll
) -> None:
    """Newest first; whoever ticks nothing is told so, and nothing happens."""
    await fail(*ids(3))
    await until_counted(hass, 3)
    form = await ask(hass, "failed")
    assert list(listed(form)) == ids(3)[::-1]
    assert ticked(form) == []
    assert scopes(form) == [TICKED, ALL]
    form = await tick(hass, form)
    assert form["errors"] == {"transactions": "none_ticked"}
    assert form["step_id"].startswith("choose")
    assert count_of(hass, "failed") == "3"


async def test_pages(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll, impatient: None
) -> None:
    """What was ticked on a page stays ticked on the others; the last leads to the first."""
    newest_first = ids(2 * PAGE + 1)[::-1]
    await fail(*reversed(newest_first))
    await until_counted(hass, len(newest_first))
    form = await ask(hass, "failed")
    assert list(listed(form)) == newest_first[:PAGE]
    assert scopes(form) == [TICKED, ALL, MORE]
    form = await turn_page(hass, form, newest_first[0], newest_first[1])
    assert list(listed(form)) == newest_first[PAGE : 2 * PAGE]
    shown = form["description_placeholders"]
    assert (shown["first"], shown["last"], shown["count"]) == ("21", "40", "41")
    assert shown["elsewhere"] == "2"
    form = await turn_page(hass, form, newest_first[PAGE])
    assert list(listed(form)) == newest_first[2 * PAGE :]
    form = await turn_page(hass, form)
    assert ticked(form) == newest_first[:2]
    menu = await tick(hass, form, newest_first[0])  # the other one no longer
    assert menu["description_placeholders"]["chosen"] == "2"
    rest = await confirm(hass, await choose(hass, menu, "remove"))
    left = [
        name for name in newest_first if name not in newest_first[: PAGE + 1 : PAGE]
    ]
    assert list(listed(rest)) == left[:PAGE]
    await until_counted(hass, len(left))


async def test_one_answer_for_all(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll
) -> None:
    """Also for those on other pages; the repair is closed."""
    await fail(*ids(PAGE + 1))
    await until_counted(hass, PAGE + 1)
    menu = await take_all(hass, await ask(hass, "failed"))
    assert menu["description_placeholders"]["chosen"] == str(PAGE + 1)
    result = await confirm(hass, await choose(hass, menu, "booked"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await in_state(hass, loaded, to_decide="0")
    assert not issues_of(hass)


async def test_one_answer_for_each(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll
) -> None:
    """After each answer the rest is asked about; the repair stays for it."""
    await fail("booked", "lost", "unwanted", "undecided")
    await until_counted(hass, 4)
    step = await ask(hass, "failed")
    for message_id, option in (
        ("booked", "booked"),
        ("lost", "retry"),
        ("unwanted", "remove"),
    ):
        menu = await tick(hass, step, message_id)
        step = await confirm(hass, await choose(hass, menu, option))
    assert list(listed(step)) == ["undecided"]
    assert (await row_of(loaded, "booked")).state is State.PROCESSED
    assert (await row_of(loaded, "unwanted")).state is State.REMOVED
    assert (await row_of(loaded, "undecided")).state is State.FAILED
    await until_counted(hass, 1)
    await in_state(hass, loaded, to_decide="1", pending="1")


async def test_back_to_the_list(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll
) -> None:
    """Whoever ticked the wrong one goes back; the tick is still there."""
    await fail(*ids(2))
    await until_counted(hass, 2)
    menu = await tick(hass, await ask(hass, "failed"), "id-00")
    form = await submit(hass, menu, {"next_step_id": "choose"})
    assert ticked(form) == ["id-00"]


async def test_causes_follow_from_facts(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The key is the first suspect only while nothing has shown that it is right."""
    await add(**LUNCH, message_id="first", wait=True)
    [item] = server.queue
    server.set_status(item.id, "failed")
    await running(loaded).coordinator.async_ask_now()
    await until(lambda: "failed" in issues_of(hass))
    form = await ask(hass, "failed")
    assert form["step_id"] == "choose_unproven"
    await running(loaded).sender.release(Hold.KEY)
    menu = await tick(hass, form, "first")
    form = await submit(hass, menu, {"next_step_id": "choose"})
    assert form["step_id"] == "choose"


@pytest.mark.parametrize("answer", ["release", "discard"])
async def test_some_of_what_is_held(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    answer: str,
) -> None:
    """An answer for some leaves the others held."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FloodGuard, "is_flood", lambda *_: True)
        for message_id in ids(3):
            await add(**LUNCH, message_id=message_id)
    await until(lambda: count_of(hass, "held_flood") == "3")
    form = await ask(hass, "held_flood")
    assert all(line.endswith("never sent") for line in listed(form).values())
    step = await choose(hass, await tick(hass, form, "id-01"), answer)
    if answer == "discard":
        step = await confirm(hass, step)
    assert list(listed(step)) == ["id-02", "id-00"]
    await in_state(hass, loaded, waiting="2", to_decide="2")
    delivered = ["id-01"] if answer == "release" else []
    await until(lambda: [item.message_id for item in server.queue] == delivered)
    assert (await row_of(loaded, "id-00")).held is Hold.FLOOD


async def test_decided_elsewhere(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    fail: FailAll,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is left when the dialog opens: the repair is closed."""
    await fail("first")
    issue_id = issues_of(hass)["failed"].issue_id
    store, dialogs = running(loaded).store, await manager(hass)
    opened: list[asyncio.Task[Step]] = []

    @callback
    def open_dialog(change: StateChange | None) -> None:
        """Open it as soon as it is decided, before that is shown."""
        if opened:
            return
        opening = dialogs.async_init("budgero", context={"issue_id": issue_id})
        opened.append(hass.async_create_task(opening))

    with monkeypatch.context() as patch:
        patch.setattr("custom_components.budgero.async_report", lambda *_: None)
        unsubscribe = store.signal.subscribe(open_dialog)
        await store.review.remove("first")
        unsubscribe()
        [dialog] = opened
        result = await dialog
    assert result["type"] is FlowResultType.CREATE_ENTRY
    running(loaded).coordinator.async_update_listeners()
    await until(lambda: not issues_of(hass))


@pytest.mark.parametrize("option", ["booked", "retry", "remove"])
async def test_unloaded_while_it_is_answered(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll, option: str
) -> None:
    """Nobody is sent to look at the disk for that."""
    await fail("first")
    form = await choose(hass, await ask(hass, "failed"), option)
    await running(loaded).store.close()  # as the unloading does
    result = await confirm(hass, form)
    assert result["reason"] == "not_loaded"


async def test_unloaded_while_it_lists(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll
) -> None:
    """The same where it is opened, or shows its list again."""
    await fail(*ids(2))
    await until_counted(hass, 2)
    form = await ask(hass, "failed")
    await running(loaded).store.close()
    assert (await tick(hass, form))["reason"] == "not_loaded"
    assert (await ask(hass, "failed"))["reason"] == "not_loaded"


async def test_sent_again_elsewhere(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What somebody else sends again meanwhile is not taken back by who removes it."""
    for message_id in ids(4):
        await add(**LUNCH, message_id=message_id, wait=True)
    server.clear(all=True)
    await running(loaded).coordinator.async_ask_now()
    await until(lambda: count_of(hass, "vanished") == "4")
    menu = await take_all(hass, await ask(hass, "vanished"))
    await server.stop()
    again = await running(loaded).store.review.send_again("id-01", "new")
    assert (again.message_id, again.state) == ("id-01", State.WAITING)
    result = await confirm(hass, await choose(hass, menu, "remove"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    states = [(await row_of(loaded, message_id)).state for message_id in ids(4)]
    removed = State.REMOVED
    assert states == [removed, State.WAITING, removed, removed]


async def test_cleared_queue(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """One dialog, one answer and at most two leftovers, whatever the number."""
    number = 2 * PAGE + 1
    for message_id in ids(number):
        await add(**LUNCH, message_id=message_id, wait=True)
    server.clear(all=True)
    coordinator = running(loaded).coordinator
    await coordinator.async_ask_now()
    await until(lambda: count_of(hass, "vanished") == str(number))
    await in_state(hass, loaded, to_decide=str(number), pending="0")
    assert list(issues_of(hass)) == ["vanished"]
    assert len(server.queue) <= 2
    await add(**LUNCH, message_id="later", wait=True)
    form = await ask(hass, "vanished")
    assert list(listed(form)) == ids(number)[: -PAGE - 1 : -1]
    server.apply()
    await coordinator.async_ask_now()
    await until_processed(loaded, "later")  # it is followed meanwhile
    menu = await take_all(hass, form)
    result = await confirm(hass, await choose(hass, menu, "remove"))
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await in_state(hass, loaded, to_decide="0")
    assert not issues_of(hass)
    assert len(server.bookings) == 1


async def until_processed(entry: MockConfigEntry, message_id: str) -> None:
    """Wait until an app is seen to have applied a transaction."""
    for _ in range(200):
        if (await row_of(entry, message_id)).state is State.PROCESSED:
            return
        await asyncio.sleep(0.01)
    assert (await row_of(entry, message_id)).state is State.PROCESSED


# What stays in memory


@pytest.mark.parametrize("shown", ["list", "menu", "form"])
async def test_dialog_left_open_ends(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll, shown: str
) -> None:
    """After ten idle minutes nothing of it is in memory, and the repair is there."""
    await fail("lunch", payee="Payee-Canary")
    form = await ask(hass, "failed")
    step: Step = form
    if shown != "list":
        step = await take_all(hass, step)
    if shown == "form":
        step = await choose(hass, step, "remove")
    flows = await manager(hass)
    later = dt_util.utcnow() + timedelta(seconds=MAX_IDLE - 1)
    async_fire_time_changed(hass, later)
    assert flows.async_get(form["flow_id"])
    async_fire_time_changed(hass, later + timedelta(seconds=2))
    await hass.async_block_till_done()
    with pytest.raises(UnknownFlow):
        flows.async_get(form["flow_id"])
    assert list(issues_of(hass)) == ["failed"]
    del form, step
    gc.collect()
    assert not [
        text
        for held in gc.get_objects()
        if isinstance(held, dict)
        for text in list(held.values())
        if isinstance(text, str) and "Payee-Canary" in text
    ]


async def test_every_step_begins_the_ten_minutes_anew(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll
) -> None:
    """Whoever is at work is not interrupted."""
    await fail("lunch")
    form = await ask(hass, "failed")
    flows = await manager(hass)
    now = dt_util.utcnow()
    with pytest.MonkeyPatch.context() as patch:
        moment = hass.loop.time() + MAX_IDLE - 10
        patch.setattr(hass.loop, "time", lambda: moment)
        menu = await take_all(hass, form)
    async_fire_time_changed(hass, now + timedelta(seconds=MAX_IDLE + 60))
    assert flows.async_get(menu["flow_id"])


# The lines


@pytest.mark.parametrize(
    ("said", "line"),
    [
        ({"payee": ""}, "2026-11-27 · 12.50 EUR · account 3"),
        ({"amount": "12.5"}, "2026-11-27 · Lidl · 12.50 EUR · account 3"),
        ({"amount": 1200}, "2026-11-27 · Lidl · 1200.00 EUR · account 3"),
        ({"type": "income"}, "2026-11-27 · Lidl · 12.50 EUR · income · account 3"),
        (
            {"payee": "**Bold** <b>"},
            "2026-11-27 · **Bold** <b> · 12.50 EUR · account 3",
        ),
        (
            {"payee": "x" * 33},
            f"2026-11-27 · {'x' * 31}… · 12.50 EUR · account 3",
        ),
    ],
    ids=["no payee", "decimals", "whole", "income", "markup", "long"],
)
async def test_line_of_a_transaction(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    fail: FailAll,
    said: dict[str, object],
    line: str,
) -> None:
    """It reads like a line of an account statement."""
    await fail("lunch", **said)
    [shown] = listed(await ask(hass, "failed")).values()
    assert shown == f"{line} · failed in an app"


async def test_line_that_this_key_does_not_open(
    hass: HomeAssistant, loaded: MockConfigEntry, fail: FailAll
) -> None:
    """The day on which it was logged is known all the same."""
    await fail("lunch")
    keys = {
        CONF_SPACE_KEY: OTHER_KEY,
        CONF_PREVIOUS_SPACE_KEYS: [],
    }
    hass.config_entries.async_update_entry(loaded, data={**loaded.data, **keys})
    await hass.async_block_till_done()
    today = dt_util.now().date().isoformat()
    assert listed(await ask(hass, "failed")) == {
        "lunch": f"{today} · encrypted with another key · failed in an app"
    }
