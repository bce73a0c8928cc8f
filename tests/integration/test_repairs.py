"""Repairs: opened by facts, and closed by facts or by what a person says."""

from collections.abc import Awaitable, Callable

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import problems
from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox import Hold, State
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryDisabler
from homeassistant.const import STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.ssl import SSL_ALPN_HTTP11, client_context
from tests.budgero_server import BudgeroServer, CaptivePortal, Redirect
from tests.certificates import Certificate
from tests.engine.outbox.helpers import owner_of, unfinished

from .repair_dialogs import (
    Step,
    answer,
    ask,
    choose,
    confirm,
    listed,
    manager,
    take_all,
    tick,
)
from .support import (
    Call,
    count_of,
    in_state,
    issues_of,
    make_entry,
    running,
    set_up,
    unreadable,
    until,
    update,
)

type Strand = Callable[[str], Awaitable[None]]


@pytest.mark.parametrize(
    "fault",
    [
        CaptivePortal(times=None),
        Redirect(location="https://budgero.example.org", times=None),
    ],
    ids=["portal", "redirect"],
)
async def test_something_else_answers(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    watchful: None,
    fault: CaptivePortal,
) -> None:
    """A repair names the address; it closes when Budgero answers, and all arrives."""
    server.faults.add(fault)
    await add(amount=1)
    await until(lambda: "held_address" in issues_of(hass))
    issue = issues_of(hass)["held_address"]
    assert issue.translation_placeholders == {"title": "Budgero", "count": "1"}
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, False)
    assert not any(loaded.async_get_active_flows(hass, {SOURCE_REAUTH}))
    await in_state(hass, loaded, waiting="1")
    server.faults.clear()
    await until(lambda: server.counts.pending == 1)
    assert not issues_of(hass)


@pytest.mark.usefixtures("watchful")
async def test_certificate(
    hass: HomeAssistant, tls_server: BudgeroServer, certificate: Certificate, add: Call
) -> None:
    """A repair names the certificate; it closes when that can be trusted."""
    await set_up(hass, make_entry(tls_server))
    await add(amount=1)
    await until(lambda: "held_certificate" in issues_of(hass))
    assert list(issues_of(hass)) == ["held_certificate"]
    client_context(alpn_protocols=SSL_ALPN_HTTP11).load_verify_locations(
        cadata=certificate.public
    )
    await until(lambda: tls_server.counts.pending == 1)
    assert not issues_of(hass)


@pytest.mark.usefixtures("watchful")
async def test_token_that_works_again(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Home Assistant asks for a token, and stops asking when it is enabled again."""

    def asks() -> bool:
        return any(loaded.async_get_active_flows(hass, {SOURCE_REAUTH}))

    server.disable_token()
    await add(amount=1)
    await until(asks)
    assert not issues_of(hass)
    server.enable_token()
    await until(lambda: server.counts.pending == 1)
    assert not asks()
    assert not ir.async_get(hass).issues


@pytest.mark.usefixtures("watchful")
async def test_trouble_that_passes_opens_nothing(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """An outage is no reason to bother anybody."""
    await server.stop()
    await add(amount=1)
    sender = running(loaded).sender
    await until(lambda: sender.last_error is not None)
    assert sender.hold is None
    assert not ir.async_get(hass).issues


async def states_of(entry: MockConfigEntry) -> dict[str, State]:
    """Return where every transaction that is not finished stands."""
    rows = await unfinished(running(entry).store)
    return {row.message_id: row.state for row in rows}


@pytest.fixture
async def strand_vanished(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> Strand:
    """Let a transaction vanish: the queue is cleared in Budgero."""

    async def strand(message_id: str) -> None:
        await add(amount=1, message_id=message_id, wait=True)
        server.clear(all=True)
        await running(loaded).coordinator.async_ask_now()
        await until(lambda: "vanished" in issues_of(hass))

    return strand


@pytest.fixture
async def strand_failed(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> Strand:
    """Let a transaction fail, with a key that is known to be right."""
    await running(loaded).sender.release(Hold.KEY)

    async def strand(message_id: str) -> None:
        await add(amount=1, account=999, message_id=message_id, wait=True)
        server.apply()
        await update(hass, loaded, "failed")
        await until(lambda: "failed" in issues_of(hass))

    return strand


@pytest.fixture(params=["failed", "vanished"])
async def stranded(
    request: pytest.FixtureRequest, strand_failed: Strand, strand_vanished: Strand
) -> str:
    """The key of the repair that the transaction "first" needs."""
    key: str = request.param
    await (strand_failed if key == "failed" else strand_vanished)("first")
    return key


async def test_stranded_is_shown_until_it_is_decided(
    hass: HomeAssistant, loaded: MockConfigEntry, stranded: str
) -> None:
    """A dialog that is closed without an answer ends nothing; Problem stays on."""
    issue = issues_of(hass)[stranded]
    assert issue.translation_placeholders == {"title": "Budgero", "count": "1"}
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, True)
    menu = await take_all(hass, await ask(hass, stranded))
    answers = ["booked", "retry", "remove"]
    if stranded == "failed":
        answers = ["retry", "booked", "remove"]
    assert menu["menu_options"] == [*answers, "choose"]
    (await manager(hass)).async_abort(menu["flow_id"])
    await hass.async_block_till_done()
    assert list(issues_of(hass)) == [stranded]
    problem = hass.states.get("binary_sensor.budgero_problem")
    assert problem is not None
    assert (problem.state, problem.attributes["reason"]) == (STATE_ON, stranded)
    await in_state(hass, loaded, to_decide="1")
    assert await states_of(loaded) == {"first": State(stranded)}


async def test_stranded_is_sent_again(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, stranded: str
) -> None:
    """After one more question it is sent under a new id; the repair is closed."""
    before = len(server.queue)
    form = await choose(hass, await ask(hass, stranded), "retry")
    assert form["step_id"] == "retry"
    assert form["description_placeholders"]["chosen"] == "1"
    assert await states_of(loaded) == {"first": State(stranded)}
    await confirm(hass, form)
    await until(lambda: len(server.queue) == before + 1)
    await in_state(hass, loaded, waiting="0")
    assert not issues_of(hass)
    [row] = await unfinished(running(loaded).store)
    assert (row.state, row.replaces) == (State.ACCEPTED, "first")


async def test_stranded_is_removed(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, stranded: str
) -> None:
    """After one more question it is gone, and nothing is sent."""
    before = len(server.queue)
    result = await answer(hass, stranded, "remove")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: not issues_of(hass))
    assert await states_of(loaded) == {}
    assert len(server.queue) == before


async def test_stranded_is_booked(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, stranded: str
) -> None:
    """It counts as processed, its content is gone, and nothing is sent."""
    before = len(server.queue)
    result = await answer(hass, stranded, "booked")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: not issues_of(hass))
    row = await running(loaded).store.get("first")
    assert row is not None
    assert (row.state, row.payload) == (State.PROCESSED, None)
    assert len(server.queue) == before


@pytest.mark.parametrize("option", ["booked", "retry", "remove"])
async def test_answer_is_about_what_was_shown(
    hass: HomeAssistant, loaded: MockConfigEntry, strand_failed: Strand, option: str
) -> None:
    """What failed meanwhile is not touched, and the dialog asks about that next."""
    await strand_failed("shown")
    await strand_failed("decided")
    await until(lambda: count_of(hass, "failed") == "2")
    form = await choose(hass, await ask(hass, "failed"), option)
    assert form["description_placeholders"]["chosen"] == "2"
    await strand_failed("later")
    await running(loaded).store.review.remove("decided")
    rest = await confirm(hass, form)
    assert list(listed(rest)) == ["later"]
    known = await states_of(loaded)
    assert known["later"] is State.FAILED
    assert "shown" not in known
    assert "decided" not in known
    await until(lambda: count_of(hass, "failed") == "1")


@pytest.mark.parametrize("ends", ["dialog", "elsewhere"])
async def test_new_happening_is_told_also_to_those_who_ignore(
    hass: HomeAssistant, loaded: MockConfigEntry, strand_failed: Strand, ends: str
) -> None:
    """Ignoring is about what has happened by then, also across a restart."""

    def is_ignored() -> bool:
        return issues_of(hass)["failed"].dismissed_version is not None

    await strand_failed("first")
    await strand_failed("second")
    await until(lambda: count_of(hass, "failed") == "2")
    issue_id = issues_of(hass)["failed"].issue_id
    ir.async_ignore_issue(hass, DOMAIN, issue_id, ignore=True)
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert is_ignored()
    if ends == "dialog":  # fewer than before are no news
        form = await ask(hass, "failed")
        menu = await tick(hass, form, "second")
        await confirm(hass, await choose(hass, menu, "remove"))
    else:
        await running(loaded).store.review.remove("second")
        running(loaded).coordinator.async_note_change()
    await until(lambda: count_of(hass, "failed") == "1")
    assert is_ignored()
    await strand_failed("third")
    await until(lambda: count_of(hass, "failed") == "2")
    assert not is_ignored()
    assert len(ir.async_get(hass).issues) == 1


async def test_repairs_come_back_after_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry, stranded: str
) -> None:
    """A repair that nobody has answered comes back with Home Assistant."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    ir.async_delete_issue(hass, DOMAIN, issues_of(hass)[stranded].issue_id)  # a restart
    await set_up(hass, loaded)
    assert list(issues_of(hass)) == [stranded]


async def test_entry_is_reloaded_while_the_dialog_is_open(
    hass: HomeAssistant, loaded: MockConfigEntry, stranded: str
) -> None:
    """The answer reaches the entry as it is now."""
    form = await choose(hass, await ask(hass, stranded), "remove")
    assert await hass.config_entries.async_reload(loaded.entry_id)
    assert (await confirm(hass, form))["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: not issues_of(hass))
    assert await states_of(loaded) == {}


@pytest.mark.parametrize("gone", [False, True], ids=["unloaded", "removed"])
@pytest.mark.parametrize(
    ("option", "shown"),
    [
        ("booked", "menu"),
        ("booked", "form"),
        ("booked", "list"),
        ("retry", "menu"),
        ("retry", "form"),
        ("remove", "menu"),
        ("remove", "form"),
    ],
)
async def test_entry_is_gone_while_the_dialog_is_open(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    strand_vanished: Strand,
    gone: bool,
    option: str,
    shown: str,
) -> None:
    """The dialog says so, nothing breaks, and the repair is there afterwards."""
    await strand_vanished("first")
    step = await ask(hass, "vanished")
    if shown != "list":
        step = await take_all(hass, step)
    if shown == "form":
        step = await choose(hass, step, option)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    if gone:
        await hass.config_entries.async_remove(loaded.entry_id)
    result = await _go_on(hass, step, option)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "not_loaded"
    assert ("vanished" in issues_of(hass)) is not gone
    if not gone:
        await set_up(hass, loaded)
        assert list(issues_of(hass)) == ["vanished"]
        assert await states_of(loaded) == {"first": State.VANISHED}


async def _go_on(hass: HomeAssistant, step: Step, option: str) -> Step:
    if step["type"] is FlowResultType.MENU:
        return await choose(hass, step, option)
    if step["step_id"] == option:
        return await confirm(hass, step)
    return await take_all(hass, step)


@pytest.mark.parametrize(
    ("option", "method"),
    [
        ("booked", "confirm_booked"),
        ("retry", "send_again"),
        ("remove", "remove"),
        ("remove", "in_state"),
        ("remove", "get"),
    ],
)
async def test_disk_refuses_the_answer(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    strand_failed: Strand,
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    method: str,
) -> None:
    """The dialog says so, and the repair stays open."""
    await strand_failed("first")
    with monkeypatch.context() as patch:
        patch.setattr(owner_of(method), method, unreadable)
        result = await answer(hass, "failed", option)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "storage_unavailable"
    assert list(issues_of(hass)) == ["failed"]
    assert await states_of(loaded) == {"first": State.FAILED}


async def test_outbox_is_nearly_full(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A repair says how many there are, and closes when an app was opened."""
    monkeypatch.setattr(problems, "NEARLY_FULL", 3)
    await server.stop()
    for amount in (1, 2):
        await add(amount=amount)
    await in_state(hass, loaded, waiting="2")
    assert not issues_of(hass)
    await add(amount=3)
    await until(lambda: "nearly_full" in issues_of(hass))
    issue = issues_of(hass)["nearly_full"]
    assert issue.translation_placeholders == {"title": "Budgero", "count": "3"}
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.WARNING, False)
    await server.start()
    await in_state(hass, loaded, waiting="0", pending="3")
    assert "nearly_full" in issues_of(hass)
    server.apply()
    await update(hass, loaded, "processed")
    await in_state(hass, loaded, processed="3")
    assert not issues_of(hass)


@pytest.mark.parametrize("end", ["removed", "disabled"])
async def test_nothing_is_asked_of_an_entry_that_is_not_used(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    strand_vanished: Strand,
    watchful: None,
    end: str,
) -> None:
    """Its repairs are closed; only kept transactions are told of."""
    await strand_vanished("first")
    server.faults.add(CaptivePortal(times=None))
    await add(amount=1)
    await until(lambda: {"held_address", "vanished"} == set(issues_of(hass)))
    if end == "removed":
        await hass.config_entries.async_remove(loaded.entry_id)
        assert list(issues_of(hass)) == ["kept_outbox"]
        return
    await hass.config_entries.async_set_disabled_by(
        loaded.entry_id, ConfigEntryDisabler.USER
    )
    assert not issues_of(hass)
    await hass.config_entries.async_set_disabled_by(loaded.entry_id, None)
    await until(lambda: {"held_address", "vanished"} == set(issues_of(hass)))
