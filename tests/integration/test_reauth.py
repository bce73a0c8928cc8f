"""Budgero refuses the token: the dialog for a new one."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import Hold
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.helpers import issue_registry as ir
from tests.budgero_server import BudgeroServer, CaptivePortal

from .flows import OTHER_TOKEN, choose, submit, suggested
from .support import Call, running, set_up, until, update

pytestmark = pytest.mark.usefixtures("impatient")


async def _refused_with_ten_waiting(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> ConfigFlowResult:
    """Return the dialog that asks for a token, after it was disabled in Budgero."""
    server.disable_token()
    for number in range(10):
        await add(amount=number + 1)
    await until(lambda: any(entry.async_get_active_flows(hass, {"reauth"})))
    [flow] = entry.async_get_active_flows(hass, {"reauth"})
    assert flow["context"]["title_placeholders"] == {"name": "Budgero"}
    menu = await hass.config_entries.flow.async_configure(flow["flow_id"])
    assert menu["step_id"] == "reauth_confirm"
    assert menu["menu_options"] == ["enabled_again", "new_token"]
    return menu


async def _new_token(hass: HomeAssistant, menu: ConfigFlowResult) -> ConfigFlowResult:
    """Return the form for another token."""
    form = await choose(hass, menu, "new_token")
    assert form["step_id"] == "new_token"
    assert suggested(form) == {}
    return form


def _amounts(server: BudgeroServer) -> list[int]:
    server.apply()
    return sorted(booking.outflow // 1000 for booking in server.bookings)


async def test_reauth_with_the_same_token_enabled_again(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The usual case, one press of a button: all that waited arrives, once."""
    sender = running(loaded).sender
    menu = await _refused_with_ten_waiting(hass, loaded, server, add)
    menu = await choose(hass, menu, "enabled_again")
    assert menu["step_id"] == "still_refused"
    assert menu["menu_options"] == ["enabled_again", "new_token"]
    server.enable_token()
    result = await choose(hass, menu, "enabled_again")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reauth_successful"
    await until(lambda: server.counts.pending == 10)
    assert _amounts(server) == list(range(1, 11))
    assert running(loaded).sender is sender
    assert not ir.async_get(hass).issues


async def test_reauth_with_a_new_token(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """All that waited arrives with the new token, once."""
    menu = await _refused_with_ten_waiting(hass, loaded, server, add)
    form = await _new_token(hass, menu)
    server.regenerate_token()
    result = await submit(hass, form, {CONF_TOKEN: server.token})
    assert result["reason"] == "reauth_successful"
    assert loaded.data[CONF_TOKEN] == server.token
    await until(lambda: server.counts.pending == 10)
    assert _amounts(server) == list(range(1, 11))
    assert not ir.async_get(hass).issues


async def test_reauth_says_what_is_wrong(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A wrong or mangled token, or one that nobody could check, is not stored."""
    menu = await _refused_with_ten_waiting(hass, loaded, server, add)
    form = await _new_token(hass, menu)

    async def enter(token: str) -> dict[str, str] | None:
        result = await submit(hass, form, {CONF_TOKEN: token})
        assert result["step_id"] == "new_token"
        is_good = "base" in (result["errors"] or {})
        assert suggested(result) == ({CONF_TOKEN: token} if is_good else {})
        return result["errors"]

    assert await enter(OTHER_TOKEN) == {CONF_TOKEN: "wrong_token"}
    assert await enter(server.space_key) == {CONF_TOKEN: "token_looks_like_a_key"}
    assert await enter("") == {CONF_TOKEN: "token_missing"}
    server.faults.add(CaptivePortal())
    assert await enter(OTHER_TOKEN) == {"base": "wrong_address"}
    assert loaded.data[CONF_TOKEN] == server.token
    server.enable_token()
    result = await submit(hass, form, {CONF_TOKEN: f" {server.token}\n"})
    assert result["reason"] == "reauth_successful"


async def _refused_while_budgero_is_down(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> ConfigFlowResult:
    """Enter a new token while the server is down; return the choices."""
    menu = await _refused_with_ten_waiting(hass, entry, server, add)
    form = await _new_token(hass, menu)
    server.regenerate_token()
    await server.stop()
    await asyncio.sleep(0.05)  # until connections that were kept are seen to be closed
    menu = await submit(hass, form, {CONF_TOKEN: server.token})
    assert menu["step_id"] == "cannot_connect"
    assert menu["menu_options"] == ["verify", "new_token", "save_anyway"]
    return menu


async def test_reauth_while_budgero_is_down(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Trying again, and entering another token, work when it is back."""
    old = loaded.data[CONF_TOKEN]
    menu = await _refused_while_budgero_is_down(hass, loaded, server, add)
    menu = await choose(hass, menu, "verify")
    form = await choose(hass, menu, "new_token")
    assert suggested(form) == {CONF_TOKEN: server.token}
    menu = await submit(hass, form, {CONF_TOKEN: OTHER_TOKEN})
    await server.start()
    form = await choose(hass, menu, "verify")
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    assert loaded.data[CONF_TOKEN] == old
    result = await submit(hass, form, {CONF_TOKEN: server.token})
    assert result["reason"] == "reauth_successful"
    await until(lambda: server.counts.pending == 10)


async def test_reauth_saved_anyway(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The new token is stored unchecked, and delivers when the server is back."""
    menu = await _refused_while_budgero_is_down(hass, loaded, server, add)
    result = await choose(hass, menu, "save_anyway")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "saved_anyway"
    assert loaded.data[CONF_TOKEN] == server.token
    await server.start()
    await until(lambda: server.counts.pending == 10)
    assert _amounts(server) == list(range(1, 11))


async def test_reauth_for_another_workspace(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A token of another workspace holds what waits, and a right one delivers it."""
    await add(amount=1, wait=True)
    server.apply()
    await update(hass, loaded, "processed")
    right = server.token
    menu = await _refused_with_ten_waiting(hass, loaded, server, add)
    form = await _new_token(hass, menu)
    copy = server.snapshot()
    server.change_space()
    server.regenerate_token()
    result = await submit(hass, form, {CONF_TOKEN: server.token})
    assert result["reason"] == "reauth_successful"
    await hass.async_block_till_done()
    await until(lambda: running(loaded).sender.hold is Hold.WORKSPACE)
    form = await _new_token(hass, await loaded.start_reauth_flow(hass))
    server.restore(copy)
    server.enable_token()
    assert right == server.token
    result = await submit(hass, form, {CONF_TOKEN: right})
    assert result["reason"] == "reauth_successful"
    await until(lambda: server.counts.pending == 10)


async def test_reauth_while_the_entry_is_not_loaded(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """The token is checked and kept; it is used when the entry loads."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    menu = await loaded.start_reauth_flow(hass)
    result = await choose(hass, menu, "enabled_again")
    assert result["reason"] == "reauth_successful"
    form = await _new_token(hass, await loaded.start_reauth_flow(hass))
    server.regenerate_token()
    await submit(hass, form, {CONF_TOKEN: server.token})
    assert loaded.data[CONF_TOKEN] == server.token
    await set_up(hass, loaded)


async def test_reauth_keeps_what_was_changed_meanwhile(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """The dialog may be open for days; only the token is its own."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    form = await _new_token(hass, await loaded.start_reauth_flow(hass))
    url = server.url.replace("127.0.0.1", "localhost")
    data = {**loaded.data, CONF_URL: url}
    hass.config_entries.async_update_entry(loaded, data=data)
    server.regenerate_token()
    await submit(hass, form, {CONF_TOKEN: server.token})
    assert loaded.data == {**data, CONF_TOKEN: server.token}
