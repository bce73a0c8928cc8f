"""Repairs: opened by facts, closed by facts, and one that a person closes."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import DOMAIN
from homeassistant.components.repairs import DOMAIN as REPAIRS
from homeassistant.components.repairs.issue_handler import RepairsFlowManager
from homeassistant.config_entries import SOURCE_REAUTH
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util.ssl import SSL_ALPN_HTTP11, client_context
from tests.budgero_server import BudgeroServer, CaptivePortal, Redirect
from tests.certificates import Certificate

from .support import Call, in_state, issues_of, make_entry, running, set_up, until


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
    assert issue.translation_placeholders == {"title": "Budgero"}
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, False)
    assert not any(loaded.async_get_active_flows(hass, {SOURCE_REAUTH}))
    await in_state(hass, loaded, waiting="1")
    server.faults.clear()
    await until(lambda: server.counts.pending == 1)
    assert not issues_of(hass)


async def test_certificate(
    hass: HomeAssistant,
    tls_server: BudgeroServer,
    certificate: Certificate,
    add: Call,
    watchful: None,
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


async def test_token_that_works_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    watchful: None,
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


async def test_trouble_that_passes_opens_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    watchful: None,
) -> None:
    """An outage is no reason to bother anybody."""
    await server.stop()
    await add(amount=1)
    sender = running(loaded).sender
    await until(lambda: sender.last_error is not None)
    assert sender.hold is None
    assert not ir.async_get(hass).issues


async def _vanish(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> ir.IssueEntry:
    """Let the queue be cleared in Budgero; return the repair that follows."""
    await add(amount=1, message_id="gone", wait=True)
    await in_state(hass, entry, pending="1")
    server.clear(all=True)
    await add(amount=2, message_id="stays", wait=True)
    await running(entry).coordinator.async_ask_now()
    await until(lambda: "vanished" in issues_of(hass))
    return issues_of(hass)["vanished"]


async def test_vanished(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A person looks in Budgero and says so; then the others are followed again."""
    issue = await _vanish(hass, loaded, server, add)
    assert issue.translation_placeholders == {"title": "Budgero", "count": "1"}
    server.apply()
    await running(loaded).coordinator.async_ask_now()
    await in_state(hass, loaded, pending="1", processed="0")

    assert await async_setup_component(hass, REPAIRS, {})
    manager: RepairsFlowManager = hass.data[REPAIRS]["flow_manager"]
    form = await manager.async_init(DOMAIN, context={"issue_id": issue.issue_id})
    assert form["step_id"] == "confirm"
    assert form["description_placeholders"] == issue.translation_placeholders
    result = await manager.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert not issues_of(hass)
    await running(loaded).coordinator.async_ask_now()
    await in_state(hass, loaded, pending="0", processed="1")
    assert not issues_of(hass)


async def test_vanished_is_still_told_after_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A repair that nobody has answered comes back with Home Assistant."""
    issue = await _vanish(hass, loaded, server, add)
    assert await hass.config_entries.async_unload(loaded.entry_id)
    ir.async_delete_issue(hass, DOMAIN, issue.issue_id)  # as a restart does
    await set_up(hass, loaded)
    assert list(issues_of(hass)) == ["vanished"]


@pytest.mark.parametrize("gone", [False, True], ids=["unloaded", "removed"])
async def test_vanished_is_answered_without_the_entry(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    gone: bool,
) -> None:
    """The repair can be closed, and nothing breaks; unanswered it comes back."""
    issue = await _vanish(hass, loaded, server, add)
    assert await async_setup_component(hass, REPAIRS, {})
    manager: RepairsFlowManager = hass.data[REPAIRS]["flow_manager"]
    form = await manager.async_init(DOMAIN, context={"issue_id": issue.issue_id})
    assert await hass.config_entries.async_unload(loaded.entry_id)
    if gone:
        await hass.config_entries.async_remove(loaded.entry_id)
    result = await manager.async_configure(form["flow_id"], {})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert not issues_of(hass)
    if not gone:
        await set_up(hass, loaded)
        assert list(issues_of(hass)) == ["vanished"]


async def test_removal_closes_the_repairs(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    watchful: None,
) -> None:
    """An entry that is gone asks for nothing; only its kept transactions do."""
    await _vanish(hass, loaded, server, add)
    server.faults.add(CaptivePortal(times=None))
    await add(amount=1)
    await until(lambda: {"held_address", "vanished"} == set(issues_of(hass)))
    await hass.config_entries.async_remove(loaded.entry_id)
    assert list(issues_of(hass)) == ["kept_outbox"]
