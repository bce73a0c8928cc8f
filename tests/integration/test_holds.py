"""What is held until a person decides: how that shows, and every way out of it."""

import asyncio
from collections.abc import Awaitable, Callable
import shutil

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import intake
from custom_components.budgero.const import CONF_PREVIOUS_SPACE_KEYS, CONF_SPACE_KEY
from custom_components.budgero.engine.outbox import Hold
from custom_components.budgero.engine.outbox.flood import FloodGuard
from custom_components.budgero.engine.outbox.rows import Counts
from homeassistant.components.repairs import FlowType
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_TOKEN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from tests.budgero_server import BudgeroServer, CaptivePortal
from tests.engine.outbox.helpers import owner_of

from . import flows
from .flows import OTHER_KEY
from .repair_dialogs import Step, answer, ask, choose, confirm, take_all
from .support import (
    Call,
    count_of,
    in_state,
    issues_of,
    outbox_path,
    running,
    set_up,
    unreadable,
    until,
    update,
)

type Open = Callable[
    [HomeAssistant, MockConfigEntry, BudgeroServer, Call], Awaitable[None]
]
"""Makes one transaction wait that is held."""


async def _tap(add: Call, times: int) -> None:
    """Let an automation run so many times."""
    taps = (add(amount=1, message_id=f"tap-{number}") for number in range(times))
    await asyncio.gather(*taps)


async def _flood(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """An automation runs away."""
    await set_up(hass, entry)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FloodGuard, "is_flood", lambda *_: True)
        await add(amount=1, message_id="held")


async def _restored(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The outbox is a copy."""
    await server.stop()
    await set_up(hass, entry)
    await add(amount=1, message_id="held")
    assert await hass.config_entries.async_unload(entry.entry_id)
    path = outbox_path(hass, entry.entry_id)
    copy = path.with_name("copy")
    shutil.copy2(path, copy)
    copy.replace(path)
    await server.start()
    await set_up(hass, entry)


async def _key(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The key is of another space: the app opens nothing."""
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_SPACE_KEY: OTHER_KEY}
    )
    await set_up(hass, entry)
    await add(amount=1, message_id="first", wait=True)
    server.apply()
    await update(hass, entry, "failed")
    await until(lambda: {"held_key", "failed"} == set(issues_of(hass)))
    await add(amount=2, message_id="held")


async def _workspace(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The new token is of another workspace."""
    await set_up(hass, entry)
    await add(amount=1, message_id="first", wait=True)
    server.apply()
    await update(hass, entry, "processed")
    await in_state(hass, entry, processed="1")
    server.change_space()
    server.regenerate_token()
    hass.config_entries.async_update_entry(
        entry, data={**entry.data, CONF_TOKEN: server.token}
    )
    await until(lambda: "held_workspace" in issues_of(hass))
    await add(amount=2, message_id="held")


REASONS: dict[str, Open] = {
    "flood": _flood,
    "restored": _restored,
    "key": _key,
    "workspace": _workspace,
}


@pytest.fixture(params=REASONS)
async def held(
    request: pytest.FixtureRequest,
    hass: HomeAssistant,
    impatient: None,
    entry: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> tuple[str, MockConfigEntry]:
    """The key of the repair, and an entry in which one transaction is held."""
    await REASONS[request.param](hass, entry, server, add)
    problem = f"held_{request.param}"
    await until(lambda: count_of(hass, problem) == "1")
    return problem, entry


def held_for(*reasons: str) -> pytest.MarkDecorator:
    """Run a test with an entry that is held for these reasons only."""
    return pytest.mark.parametrize("held", reasons, indirect=True)


def _hold(problem: str) -> Hold:
    return Hold(problem.removeprefix("held_"))


async def opened_form(hass: HomeAssistant, result: Step) -> ConfigFlowResult:
    """Return the form for token and key that the end of a dialog leads to."""
    assert result["type"] is FlowResultType.ABORT
    kind, flow_id = result["next_flow"]
    assert kind is FlowType.CONFIG_FLOW
    form = hass.config_entries.flow.async_get(flow_id)
    assert form["step_id"] == "new_credentials"
    return form


async def menu_of(hass: HomeAssistant, problem: str) -> Step:
    """Open the dialog of a repair, and go on to its menu."""
    step = await ask(hass, problem)
    return await take_all(hass, step) if step["type"] is FlowResultType.FORM else step


async def _held_now(entry: MockConfigEntry, problem: str) -> int | None:
    overview = await running(entry).store.review.overview()
    return overview.held.get(_hold(problem))


async def test_held_is_delivered(
    hass: HomeAssistant, held: tuple[str, MockConfigEntry], server: BudgeroServer
) -> None:
    """A person says that it is right; what comes later is not held any more."""
    problem, entry = held
    issue = issues_of(hass)[problem]
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, True)
    before = len(server.queue)
    result = await answer(hass, problem, "release")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: len(server.queue) == before + 1)
    await in_state(hass, entry, waiting="0")
    await until(lambda: problem not in issues_of(hass))
    await hass.config_entries.async_reload(entry.entry_id)
    assert problem not in issues_of(hass)


async def test_waiting_for_what_is_held(
    held: tuple[str, MockConfigEntry], add: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent until something changes, so the answer comes at once, and why."""
    monkeypatch.setattr(intake, "MAX_WAIT", 60.0)
    problem, _ = held
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FloodGuard, "is_flood", lambda *_: problem == "held_flood")
        response = await asyncio.wait_for(add(amount=1, wait=True), 5)
    if problem == "held_restored":  # what is new is nobody's copy
        assert response["status"] == "accepted"
        return
    assert (response["status"], response["hold"]) == ("waiting", _hold(problem))
    again = await add(amount=1, message_id=response["message_id"])
    assert (again["status"], again["hold"]) == ("already_known", _hold(problem))


async def test_held_while_somebody_waits(
    watchful: None,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A hold that begins while a caller waits ends the waiting."""
    monkeypatch.setattr(intake, "MAX_WAIT", 60.0)
    server.disable_token()
    response = await asyncio.wait_for(add(amount=1, wait=True), 5)
    assert (response["status"], response["hold"]) == ("waiting", Hold.TOKEN)


async def test_hold_outlives_a_restart(
    hass: HomeAssistant,
    held: tuple[str, MockConfigEntry],
    server: BudgeroServer,
    add: Call,
) -> None:
    """It is on disk: the repair comes back, nothing is sent, the answer works."""
    problem, entry = held
    before = len(server.queue)
    menu = await menu_of(hass, problem)
    assert await hass.config_entries.async_unload(entry.entry_id)
    await set_up(hass, entry)
    assert count_of(hass, problem) == "1"
    assert await _held_now(entry, problem) == 1
    await running(entry).coordinator.async_ask_now()
    assert len(server.queue) == before
    await choose(hass, menu, "release")
    await until(lambda: len(server.queue) == before + 1)
    await until(lambda: problem not in issues_of(hass))


@pytest.mark.parametrize("gone", [False, True], ids=["unloaded", "removed"])
async def test_entry_is_gone_while_the_dialog_is_open(
    hass: HomeAssistant, held: tuple[str, MockConfigEntry], gone: bool
) -> None:
    """The dialog says so; what is held stays held, or is kept."""
    problem, entry = held
    menu = await menu_of(hass, problem)
    assert await hass.config_entries.async_unload(entry.entry_id)
    if gone:
        await hass.config_entries.async_remove(entry.entry_id)
    result = await choose(hass, menu, "release")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_loaded"
    if gone:
        assert list(issues_of(hass)) == ["kept_outbox"]
    else:
        await set_up(hass, entry)
        assert await _held_now(entry, problem) == 1
        assert count_of(hass, problem) == "1"


async def test_disk_refuses_to_release(
    hass: HomeAssistant,
    held: tuple[str, MockConfigEntry],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The dialog says so, and the repair stays."""
    problem, entry = held
    for method in ("release", "deliver"):
        monkeypatch.setattr(owner_of(method), method, unreadable)
    monkeypatch.setattr(owner_of("remember"), "remember", unreadable)
    result = await answer(hass, problem, "release")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "storage_unavailable"
    assert problem in issues_of(hass)
    assert await _held_now(entry, problem) == 1


@held_for("flood", "restored")
async def test_held_is_discarded(
    hass: HomeAssistant, held: tuple[str, MockConfigEntry], server: BudgeroServer
) -> None:
    """After one more question it is removed, and never sent."""
    problem, entry = held
    before = len(server.queue)
    form = await choose(hass, await ask(hass, problem), "discard")
    assert form["step_id"] == "discard"
    assert form["description_placeholders"]["chosen"] == "1"
    assert await _held_now(entry, problem) == 1
    assert (await confirm(hass, form))["type"] is FlowResultType.CREATE_ENTRY
    await in_state(hass, entry, waiting="0")
    assert not issues_of(hass)
    assert (await running(entry).store.review.counts()).removed == 1
    assert len(server.queue) == before


@held_for("flood", "restored")
async def test_disk_refuses_to_discard(
    hass: HomeAssistant,
    held: tuple[str, MockConfigEntry],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Then all stays as it is."""
    problem, entry = held
    monkeypatch.setattr(owner_of("discard"), "discard", unreadable)
    result = await answer(hass, problem, "discard")
    assert result["reason"] == "storage_unavailable"
    assert await _held_now(entry, problem) == 1
    assert problem in issues_of(hass)


@pytest.mark.usefixtures("impatient")
async def test_flood_does_not_end_while_it_goes_on(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """More of them are held as well; what is delivered is what was not held."""
    await _tap(add, 61)
    await in_state(hass, loaded, waiting="1", pending="60")
    assert count_of(hass, "held_flood") == "1"
    for number in range(4):
        await add(amount=1, message_id=f"more-{number}")
    await until(lambda: count_of(hass, "held_flood") == "5")
    await answer(hass, "held_flood", "discard")
    await in_state(hass, loaded, waiting="0")
    while server.counts.pending:
        server.apply()
    assert sorted(str(booking.message_id) for booking in server.bookings) == sorted(
        f"tap-{number}" for number in range(60)
    )
    await add(amount=1, message_id="later", wait=True)
    assert server.queue[-1].message_id == "later"
    assert not issues_of(hass)


@held_for("key")
async def test_wrong_key_is_changed(
    hass: HomeAssistant, held: tuple[str, MockConfigEntry], server: BudgeroServer
) -> None:
    """The form for it opens; then all is sealed with the new key and booked once."""
    _, entry = held
    result = await choose(hass, await ask(hass, "held_key"), "key")
    assert result["reason"] == "enter_key"
    form = await opened_form(hass, result)
    assert "held_key" in issues_of(hass)
    key = {CONF_SPACE_KEY: server.space_key}
    menu = await flows.submit(hass, form, key)
    await flows.choose(hass, menu, "correct_key")
    assert entry.data[CONF_PREVIOUS_SPACE_KEYS] == [OTHER_KEY]
    await until(lambda: server.counts.pending == 1)
    await until(lambda: {"failed"} == set(issues_of(hass)))
    await answer(hass, "failed", "retry")
    await until(lambda: server.counts.pending == 2)
    await in_state(hass, entry, waiting="0")
    server.apply()
    assert sorted(booking.outflow for booking in server.bookings) == [1000, 2000]
    await update(hass, entry, "processed")
    await in_state(hass, entry, processed="2", waiting="0")
    assert not issues_of(hass)
    assert running(entry).sender.is_key_proven


async def test_key_was_right(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The account was wrong: a person says so, and the next failure holds nothing."""
    for message_id in ("first", "second"):
        await add(amount=1, account=999, message_id=message_id, wait=True)
        server.apply()
        await update(hass, loaded, "failed")
        if message_id == "first":
            await answer(hass, "held_key", "release")
    await until(lambda: count_of(hass, "failed") == "2")
    assert list(issues_of(hass)) == ["failed"]
    assert running(loaded).sender.hold is None


@held_for("workspace")
async def test_new_token_of_another_workspace(
    hass: HomeAssistant, held: tuple[str, MockConfigEntry]
) -> None:
    """The form for another one opens; the repair stays until that has helped."""
    _, entry = held
    result = await choose(hass, await ask(hass, "held_workspace"), "token")
    assert result["reason"] == "enter_token"
    form = await opened_form(hass, result)
    await update(hass, entry, "waiting")
    assert "held_workspace" in issues_of(hass)
    hass.config_entries.flow.async_abort(form["flow_id"])
    await answer(hass, "held_workspace", "release")
    await in_state(hass, entry, waiting="0")


@held_for("workspace")
async def test_token_is_not_asked_for_without_the_entry(
    hass: HomeAssistant, held: tuple[str, MockConfigEntry]
) -> None:
    """An entry that is not loaded opens no other dialog."""
    _, entry = held
    menu = await ask(hass, "held_workspace")
    assert await hass.config_entries.async_unload(entry.entry_id)
    result = await choose(hass, menu, "token")
    assert result["reason"] == "not_loaded"
    assert not hass.config_entries.flow.async_progress()


@held_for("workspace")
@pytest.mark.usefixtures("watchful")
async def test_one_reason_does_not_hide_another(
    hass: HomeAssistant, held: tuple[str, MockConfigEntry], server: BudgeroServer
) -> None:
    """Whatever the network does, a person is still asked, and may still answer."""
    _, entry = held
    await choose(hass, await ask(hass, "held_workspace"), "token")
    server.faults.add(CaptivePortal(times=None))
    running(entry).sender._gate.hold = Hold.ADDRESS  # noqa: SLF001
    await update(hass, entry, "waiting")
    await until(lambda: {"held_address", "held_workspace"} == set(issues_of(hass)))


async def test_nothing_is_held_that_need_not_be(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, impatient: None
) -> None:
    """Sixty at once, and some reloads, are no reason."""
    await _tap(add, 60)
    for _ in range(3):
        await hass.config_entries.async_reload(loaded.entry_id)
    await in_state(hass, loaded, waiting="0", pending="60")
    assert not issues_of(hass)
    assert await running(loaded).store.review.counts() == Counts(accepted=60)
