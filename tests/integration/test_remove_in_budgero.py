"""Removing what Budgero already has."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import State
from homeassistant.core import HomeAssistant
from tests.budgero_server import BudgeroServer

from .actions import call, queue, refused
from .newer import STRICT, in_outbox, until_asked
from .support import Call, in_state, issues_of, let_the_app_work, row_of, running

REMOVE = "remove_transaction"


@pytest.fixture
def release() -> str:
    """A newer server, whose app fails what it does not know."""
    return STRICT


@pytest.mark.parametrize("state", [State.ACCEPTED, State.PROCESSED])
async def test_removed_when_budgero_says_so(
    hass: HomeAssistant,
    asked: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    state: State,
) -> None:
    """The answer is "waiting"; only the app makes it true."""
    message_id = (await add(amount=1, wait=True))["message_id"]
    if state is State.PROCESSED:
        await let_the_app_work(asked, server)
    response = await call(hass, REMOVE, message_id=message_id)
    assert (response["status"], response["target"]) == ("waiting", message_id)
    assert response["message_id"] != message_id
    await in_outbox(asked, response["message_id"], State.ACCEPTED)
    assert (await row_of(asked, message_id)).state is state

    await let_the_app_work(asked, server)
    assert server.bookings == []
    removed = await row_of(asked, message_id)
    assert (removed.state, removed.payload) == (State.REMOVED, None)
    assert (await row_of(asked, response["message_id"])).state is State.PROCESSED
    await in_state(hass, asked, processed="1", pending="0", failed="0")


async def test_removed_here_if_it_was_never_sent(
    hass: HomeAssistant,
    idle: asyncio.Lock,
    asked: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """Budgero need not hear of it."""
    async with idle:
        message_id = (await add(amount=1))["message_id"]
        response = await call(hass, REMOVE, message_id=message_id)
    assert response == {"message_id": message_id, "status": "removed"}
    assert (await row_of(asked, message_id)).state is State.REMOVED
    assert not server.queue


async def test_repeated_call(
    hass: HomeAssistant, asked: MockConfigEntry, add: Call
) -> None:
    """While it is under way, another call is the same one."""
    message_id = (await add(amount=1, wait=True))["message_id"]
    first = await call(hass, REMOVE, message_id=message_id)
    second = await call(hass, REMOVE, message_id=message_id)
    assert second["message_id"] == first["message_id"]


async def test_shown_in_the_queue(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """With its target; there is no content to show."""
    message_id = (await add(amount=1, wait=True))["message_id"]
    await server.stop()
    await call(hass, REMOVE, message_id=message_id)
    deletion = (await queue(hass))[-1]
    assert (deletion["operation"], deletion["target"]) == ("delete", message_id)
    assert deletion["transaction"] is None


async def test_app_that_cannot_delete_it(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Nothing is called removed; the household hears that something failed."""
    message_id = (await add(amount=1, wait=True))["message_id"]
    await let_the_app_work(asked, server)
    first = await call(hass, REMOVE, message_id=message_id)
    await in_outbox(asked, first["message_id"], State.ACCEPTED)
    server.set_status(server.queue[-1].id, "failed")
    await running(asked).coordinator.async_ask_now()
    await in_state(hass, asked, failed="1")
    assert (await row_of(asked, message_id)).state is State.PROCESSED
    assert "failed" in issues_of(hass)
    second = await call(hass, REMOVE, message_id=message_id)
    assert second["message_id"] != first["message_id"]


async def test_a_change_cannot_be_removed(
    hass: HomeAssistant, asked: MockConfigEntry, add: Call
) -> None:
    """Once Budgero has it, it can only be changed once more."""
    message_id = (await add(amount=1, wait=True))["message_id"]
    change = await call(hass, "update_transaction", message_id=message_id, memo="x")
    await in_outbox(asked, change["message_id"], State.ACCEPTED)
    error = await refused(hass, REMOVE, message_id=change["message_id"])
    assert error.translation_key == "not_changeable"


async def test_older_server(
    hass: HomeAssistant, other: MockConfigEntry, add: Call
) -> None:
    """It says honestly where it can be removed."""
    await until_asked(other)
    message_id = (await add(amount=1, wait=True))["message_id"]
    error = await refused(hass, REMOVE, message_id=message_id)
    assert error.translation_key == "not_removable"
    assert "Remove it in Budgero" in str(error)
    assert (await row_of(other, message_id)).state is State.ACCEPTED


async def test_server_that_was_never_asked(
    hass: HomeAssistant, asked: MockConfigEntry, add: Call
) -> None:
    """Nobody knows yet; that is another text."""
    message_id = (await add(amount=1, wait=True))["message_id"]
    running(asked).sender.spec.operations = frozenset()
    error = await refused(hass, REMOVE, message_id=message_id)
    assert error.translation_key == "not_asked_yet"


async def test_unknown(hass: HomeAssistant, asked: MockConfigEntry) -> None:
    """An id of nothing is refused by name."""
    error = await refused(hass, REMOVE, message_id="other")
    assert error.translation_key == "unknown_transaction"
    assert "other" in str(error)
