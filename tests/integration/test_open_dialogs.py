"""Dialogs that somebody has left open: they silence nothing, and overrule nobody."""

from datetime import timedelta

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)

from custom_components.budgero.const import CONF_SPACE_KEY, DOMAIN
from custom_components.budgero.idle_end import MAX_IDLE
from homeassistant.config_entries import (
    SOURCE_REAUTH,
    SOURCE_RECONFIGURE,
    ConfigEntryDisabler,
    ConfigEntryState,
    ConfigFlowResult,
)
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from homeassistant.util.dt import utcnow
from tests.budgero_server import BudgeroServer, Delay

from .flows import (
    OTHER_KEY,
    TYPED,
    address,
    choose,
    credentials,
    start,
    submit,
    until_defaults,
    user_of,
)
from .repair_dialogs import answer
from .support import Call, issues_of, make_entry, row_of, running, set_up, until

BLOB = "/api/v1/database/blob"


def is_asked_for_token(hass: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Return whether the dialog for a token is open."""
    return any(entry.async_get_active_flows(hass, {SOURCE_REAUTH}))


def is_left_open(hass: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Return whether the dialog that changes the entry is open."""
    return any(entry.async_get_active_flows(hass, {SOURCE_RECONFIGURE}))


def close(hass: HomeAssistant, dialog: ConfigFlowResult) -> None:
    """Close a dialog without an answer."""
    hass.config_entries.flow.async_abort(dialog["flow_id"])


# A token that is refused


@pytest.fixture
async def left_open(
    hass: HomeAssistant,
    watchful: None,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> ConfigFlowResult:
    """A dialog that was left open before the token was refused."""
    dialog = await loaded.start_reconfigure_flow(hass)
    server.disable_token()
    await add(amount=1)
    await until(lambda: "held_token" in issues_of(hass))
    return dialog


async def test_refused_token(
    hass: HomeAssistant, loaded: MockConfigEntry, left_open: ConfigFlowResult
) -> None:
    """Home Assistant opens no second dialog, so a repair says what to do."""
    [issue] = issues_of(hass).values()
    assert issue.issue_id == f"held_token_{loaded.entry_id}"
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, False)
    assert not is_asked_for_token(hass, loaded)
    close(hass, left_open)
    running(loaded).coordinator.async_note_change()
    await until(lambda: is_asked_for_token(hass, loaded))
    assert not issues_of(hass)


async def test_left_alone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    left_open: ConfigFlowResult,
) -> None:
    """Ten minutes after its last answer it is ended, and the token is asked for."""
    minutes = MAX_IDLE / 60
    later = timedelta(minutes=minutes - 1)
    async_fire_time_changed(hass, utcnow() + later)
    assert is_left_open(hass, loaded)
    form = await choose(hass, left_open, "new_credentials")
    async_fire_time_changed(hass, utcnow() + later)
    assert is_left_open(hass, loaded)
    assert form["step_id"] == "new_credentials"
    async_fire_time_changed(hass, utcnow() + timedelta(minutes=minutes + 1))
    await until(lambda: is_asked_for_token(hass, loaded))
    assert not is_left_open(hass, loaded)
    assert not issues_of(hass)


async def test_set_up_that_is_left_alone(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """It blocks nothing, and who looks for a token in Budgero may take long."""
    form = await start(hass, "cloud")
    async_fire_time_changed(hass, utcnow() + timedelta(days=1))
    await hass.async_block_till_done()
    [flow] = hass.config_entries.flow.async_progress()
    assert flow["flow_id"] == form["flow_id"]


async def test_token_that_works_again(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    left_open: ConfigFlowResult,
) -> None:
    """The repair is closed, and no other dialog opens."""
    server.enable_token()
    await until(lambda: server.counts.pending == 1)
    await until(lambda: not issues_of(hass))
    assert not is_asked_for_token(hass, loaded)
    assert is_left_open(hass, loaded)


async def test_new_token_in_the_dialog(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    left_open: ConfigFlowResult,
) -> None:
    """What the repair advises helps: the token is changed there."""
    server.regenerate_token()
    form = await choose(hass, left_open, "new_credentials")
    result = await submit(hass, form, {CONF_TOKEN: server.token})
    assert result["reason"] == "reconfigure_successful"
    await until(lambda: server.counts.pending == 1)
    await until(lambda: not issues_of(hass))
    assert not is_asked_for_token(hass, loaded)


async def test_disabled_with_a_refused_token(
    hass: HomeAssistant, loaded: MockConfigEntry, left_open: ConfigFlowResult
) -> None:
    """Nobody is asked to look after an entry that nobody uses."""
    await hass.config_entries.async_set_disabled_by(
        loaded.entry_id, ConfigEntryDisabler.USER
    )
    assert not issues_of(hass)


# A new entry


async def test_another_entry_was_quicker(
    hass: HomeAssistant, server: BudgeroServer, other: MockConfigEntry, add: Call
) -> None:
    """While the defaults were asked for it was changed to the same space: it stays."""
    logged = {"amount": 1, "message_id": "lunch", "config_entry_id": other.entry_id}
    await add(**logged, wait=True)
    form = await submit(hass, await start(hass, "own_server"), address(server))
    menu = await submit(hass, form, credentials(server))
    defaults = await until_defaults(hass, menu)
    assert defaults["step_id"] == "defaults"

    form = await choose(hass, await other.start_reconfigure_flow(hass), "own_server")
    form = await submit(hass, form, address(server))
    menu = await submit(hass, form, credentials(server))
    result = await choose(hass, menu, "correct_key")
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()

    result = await submit(hass, defaults, TYPED)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    await hass.async_block_till_done()
    assert hass.config_entries.async_entries(DOMAIN) == [other]
    assert other.state is ConfigEntryState.LOADED
    assert other.data[CONF_URL] == server.url
    assert await row_of(other, "lunch")


# A space key that a person says is right


@pytest.mark.usefixtures("quick")
async def test_word_of_a_person_while_the_proof_is_on_its_way(
    hass: HomeAssistant, server: BudgeroServer, add: Call
) -> None:
    """The stored database says otherwise, and comes too late."""
    entry = make_entry(server, **{CONF_SPACE_KEY: OTHER_KEY}, **user_of(server))
    await set_up(hass, entry)
    await until(lambda: "held_key" in issues_of(hass))
    server.forget_requests()
    server.faults.add(Delay(method="GET", path=BLOB, seconds=0.5, after_commit=True))
    reading = hass.async_create_task(running(entry).coordinator.async_refresh())
    await until(lambda: any(request.path == BLOB for request in server.requests))
    await answer(hass, "held_key", "release")
    assert not reading.done()
    await reading
    assert running(entry).sender.hold is None
    await add(amount=1, wait=True)
    assert server.counts.pending == 1
    assert not issues_of(hass)
