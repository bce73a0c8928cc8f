"""What Home Assistant's system page says of Budgero."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.budgero.const import CONF_SPACE_KEY, DOMAIN
from custom_components.budgero.engine.outbox import Hold
from homeassistant.components.system_health import DOMAIN as SYSTEM_HEALTH
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer, CaptivePortal, Reply

from .flows import user_of
from .support import (
    Call,
    in_state,
    issues_of,
    let_the_app_work,
    make_entry,
    running,
    set_up,
    until,
)
from .texts import Texts

HEALTH = "/api/v1/health"


async def info(hass: HomeAssistant) -> dict[str, Any]:
    """Return what is shown, as soon as all of it is known."""
    assert await async_setup_component(hass, SYSTEM_HEALTH, {})
    await hass.async_block_till_done()
    shown = await get_system_health_info(hass, DOMAIN)
    return {
        key: await value if asyncio.iscoroutine(value) else value
        for key, value in shown.items()
    }


async def test_everything_is_well(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A person sees at a glance whether it works, and where the numbers come from."""
    before = dt_util.utcnow().replace(microsecond=0)
    await add(amount=1, wait=True)
    await let_the_app_work(loaded, server)
    shown = await info(hass)
    contact = shown.pop("last_contact")
    assert isinstance(contact, datetime)  # Home Assistant shows it as a local time
    assert before <= contact <= dt_util.utcnow()
    assert shown == {
        "can_reach_server": "ok",
        "waiting": "0",
        "held": "no",
        "statistics_source": "tracking",
        "features": "transactions.add",
        "key_proven": "yes",
    }


async def test_nothing_is_known_yet(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The server was never reached; what waits is shown."""
    await server.stop()
    await set_up(hass, entry)
    await add(amount=1)
    await add(amount=1)
    await in_state(hass, entry, waiting="2")
    assert await info(hass) == {
        "can_reach_server": {"type": "failed", "error": "unreachable"},
        "last_contact": "never",
        "waiting": "2",
        "held": "no",
        "statistics_source": "tracking",
        "features": "not known",
        "key_proven": "not yet",
    }


async def test_held_and_why(
    hass: HomeAssistant, idle: asyncio.Lock, loaded: MockConfigEntry, add: Call
) -> None:
    """Every reason is named."""
    store = running(loaded).store
    async with idle:  # who works finds that it is the right workspace
        await store.holds.hold(Hold.KEY)
        await add(amount=1)
        await store.holds.hold(Hold.WORKSPACE)
        await until(lambda: {"held_key", "held_workspace"} <= set(issues_of(hass)))
        shown = await info(hass)
    assert set(shown["held"].split(" + ")) == {"key", "workspace"}
    assert shown["waiting"] == "1"


@pytest.mark.usefixtures("quick")
async def test_what_the_server_can_do(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer
) -> None:
    """A newer server knows more, and the signed-in user is the source."""
    await server.update("1.16")
    user = user_of(server)
    hass.config_entries.async_update_entry(entry, data=entry.data | user)
    await set_up(hass, entry)
    await until(lambda: bool(running(entry).sender.spec.operations))
    shown = await info(hass)
    assert "transactions.deleteByRef" in shown["features"].split(" + ")
    assert shown["statistics_source"] == "server_user"


async def test_answers_that_are_no_good(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Something else answers, or a server that has trouble itself."""
    server.faults.add(CaptivePortal(method="GET", path=HEALTH))
    shown = await info(hass)
    assert shown["can_reach_server"] in (
        {"type": "failed", "error": "wrong_address"},
        {"type": "failed", "error": "server_trouble"},
    )
    ill = {"status": "degraded"}
    server.faults.add(Reply(method="GET", path=HEALTH, status=200, json=ill))
    shown = await info(hass)
    assert shown["can_reach_server"] == {"type": "failed", "error": "server_trouble"}


async def test_several_entries(
    hass: HomeAssistant,
    idle: asyncio.Lock,
    entry: MockConfigEntry,
    other_server: BudgeroServer,
) -> None:
    """They stand beside each other; one server that is away is told."""
    async with idle:
        await set_up(hass, entry)
        await set_up(hass, make_entry(other_server))
        shown = await info(hass)
    assert shown["can_reach_server"] == "ok"
    assert shown["waiting"] == "0, 0"
    assert shown["statistics_source"] == "tracking, tracking"
    assert shown["last_contact"] == "never"
    await running(entry).coordinator.async_ask_now()
    await other_server.stop()
    shown = await info(hass)
    assert shown["can_reach_server"] == {"type": "failed", "error": "unreachable"}


async def test_nothing_loaded_is_nothing_shown(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Nobody is told that all is well when nothing runs."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert await info(hass) == {}


async def test_no_host_and_no_secret(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """People paste it into bug reports."""
    await server.stop()
    shown = str(await info(hass))
    assert "127.0.0.1" not in shown
    assert str(server.port) not in shown
    for secret in (server.token, loaded.data[CONF_SPACE_KEY]):
        assert secret not in shown


async def test_every_line_has_its_text(
    hass: HomeAssistant, loaded: MockConfigEntry, texts: Texts
) -> None:
    """And none is left over."""
    known = await texts.all_of("system_health")
    assert {key.removeprefix("info.") for key in known} == set(await info(hass))
