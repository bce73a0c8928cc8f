"""The button that lets a Budgero app prove the space key."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import Hold, State
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Operation
from homeassistant.components.button.const import DOMAIN as BUTTON, SERVICE_PRESS
from homeassistant.const import STATE_UNAVAILABLE, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import unfinished

from .newer import NEWER, STRICT, in_outbox, until_asked
from .support import (
    Call,
    entity_id_of,
    in_state,
    issues_of,
    let_the_app_work,
    make_entry,
    row_of,
    running,
    set_up,
    unreadable,
    until,
)


@pytest.fixture
def release() -> str:
    """A newer server."""
    return NEWER


def is_available(hass: HomeAssistant, entry: MockConfigEntry) -> bool:
    """Return whether the button can be pressed."""
    state = hass.states.get(entity_id_of(hass, entry, "test_key", BUTTON))
    assert state is not None
    return state.state != STATE_UNAVAILABLE


async def press(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Press the button."""
    entity_id = entity_id_of(hass, entry, "test_key", BUTTON)
    await hass.services.async_call(
        BUTTON, SERVICE_PRESS, {"entity_id": entity_id}, blocking=True
    )


async def send_test(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Press the button; return the message id of the test, once it was accepted."""
    await until(lambda: is_available(hass, entry))
    await press(hass, entry)
    rows = await unfinished(running(entry).store)
    [test] = [row for row in rows if row.operation is Operation.TEST]
    await in_outbox(entry, test.message_id, State.ACCEPTED)
    return test.message_id


async def test_a_right_key_is_proven(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """An app has opened it; then there is nothing left to test."""
    await send_test(hass, loaded)
    assert not running(loaded).sender.is_key_proven
    await let_the_app_work(loaded, server)
    assert running(loaded).sender.is_key_proven
    await until(lambda: not is_available(hass, loaded))
    await in_state(hass, loaded, waiting="0", pending="0", processed="0", failed="0")


async def test_a_wrong_key_is_not_proven(
    hass: HomeAssistant, server: BudgeroServer, other_server: BudgeroServer
) -> None:
    """The app cannot open it: nothing failed, nothing is held, nothing is proven."""
    entry = make_entry(server, space_key=other_server.space_key)
    await set_up(hass, entry)
    test = await send_test(hass, entry)
    await let_the_app_work(entry, server)
    assert (await row_of(entry, test)).state is State.REMOVED
    assert not running(entry).sender.is_key_proven
    assert running(entry).sender.hold is None
    assert is_available(hass, entry)
    assert issues_of(hass) == {}
    await in_state(hass, entry, waiting="0", pending="0", processed="0", failed="0")


async def test_an_app_that_fails_what_it_does_not_know(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """The key may be right all the same: it stays as it was, and may be tested again."""
    await server.update(STRICT)
    first = await send_test(hass, loaded)
    await let_the_app_work(loaded, server)
    assert not running(loaded).sender.is_key_proven
    assert issues_of(hass) == {}
    assert await send_test(hass, loaded) != first


async def test_while_the_key_is_in_question(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A wrong account failed; the test shows that it was not the key."""
    await add(amount=1, account=999, wait=True)
    await let_the_app_work(loaded, server)
    await until(lambda: running(loaded).sender.hold is Hold.KEY)
    held = (await add(amount=2))["message_id"]
    await send_test(hass, loaded)
    await let_the_app_work(loaded, server)
    await in_outbox(loaded, held, State.ACCEPTED)
    assert "held_key" not in issues_of(hass)


async def test_pressed_twice(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """One test is enough."""
    await send_test(hass, loaded)
    await press(hass, loaded)
    assert len(server.queue) == 1


async def test_older_server(hass: HomeAssistant, other: MockConfigEntry) -> None:
    """Without deletions there is no such test."""
    await until_asked(other)
    await hass.async_block_till_done()
    assert not is_available(hass, other)


async def test_disk_refuses(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The button says so, in words."""
    await until(lambda: is_available(hass, loaded))
    monkeypatch.setattr(Store, "append", unreadable)
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, loaded)
    assert caught.value.translation_key == "storage_unavailable"


async def test_entity(
    hass: HomeAssistant, loaded: MockConfigEntry, entity_registry: er.EntityRegistry
) -> None:
    """It is no everyday control."""
    button = entity_registry.async_get(entity_id_of(hass, loaded, "test_key", BUTTON))
    assert button is not None
    assert button.unique_id == f"{loaded.entry_id}_test_key"
    assert button.entity_category is EntityCategory.CONFIG
