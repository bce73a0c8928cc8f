"""What the tests of newer Budgero servers share."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox import Row, State
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from tests.budgero_server import BudgeroServer

from .support import running, until

NEWER = "1.16"
STRICT = "1.16-strict"
"""Its app fails what it does not know."""


@asynccontextmanager
async def newer_server(release: str = NEWER) -> AsyncGenerator[BudgeroServer]:
    """Return a stand-in of a release that knows more than adding transactions."""
    async with BudgeroServer(api_limit=None, release=release) as server:
        yield server


async def until_asked(entry: MockConfigEntry) -> None:
    """Wait until the server has said what it knows."""
    await until(lambda: bool(running(entry).sender.operations))


async def call(
    hass: HomeAssistant, name: str, user: MockUser | None = None, **data: Any
) -> dict[str, object]:
    """Call an action, as a user or as Home Assistant; return its response."""
    context = None if user is None else Context(user_id=user.id)
    response = await hass.services.async_call(
        DOMAIN, name, data, blocking=True, return_response=True, context=context
    )
    return dict(response or {})


async def refused(
    hass: HomeAssistant, name: str, **data: Any
) -> tuple[str | None, str]:
    """Call an action that is refused; return the key and the text of the error."""
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, name, **data)
    assert str(caught.value) != caught.value.translation_key
    return caught.value.translation_key, str(caught.value)


async def row_of(entry: MockConfigEntry, message_id: object) -> Row:
    """Return a row of the outbox."""
    row = await running(entry).store.get(str(message_id))
    assert row is not None
    return row


async def in_outbox(entry: MockConfigEntry, message_id: object, state: State) -> None:
    """Wait until a row has a state."""
    await running(entry).sender.until_settled(str(message_id))
    assert (await row_of(entry, message_id)).state is state


async def let_the_app_work(entry: MockConfigEntry, server: BudgeroServer) -> None:
    """Open the household's Budgero app, and ask what became of everything."""
    server.apply()
    await running(entry).coordinator.async_ask_now()
