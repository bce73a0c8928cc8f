"""Helpers of the integration's tests: entries, waiting, and looking things up."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.const import (
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CATEGORY,
    CONF_CURRENCY,
    CONF_IS_DEFAULT,
    CONF_SPACE_KEY,
    DOMAIN,
)
from custom_components.budgero.engine.outbox import Row, StorageError
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import SpaceKey
from custom_components.budgero.models import BudgeroData
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer, Reply

type Call = Callable[..., Coroutine[Any, Any, dict[str, object]]]

ADD = "add_transaction"
DEFAULTS = {CONF_ACCOUNT: 1, CONF_CATEGORY: 5, CONF_BUDGET: 1, CONF_CURRENCY: "EUR"}
QUEUE = "/api/v1/push/queue"
STATS = "/api/v1/push/stats"
"""Path of the statistics for push tokens, on servers that allow them."""


def make_entry(server: BudgeroServer, **data: object) -> MockConfigEntry:
    """Return an entry for a stand-in, as the config flow makes the first one."""
    return _make_entry(server, data, is_default=True)


def make_second_entry(server: BudgeroServer) -> MockConfigEntry:
    """Return an entry for a stand-in that is not the default one."""
    return _make_entry(server, {}, is_default=False)


def _make_entry(
    server: BudgeroServer, data: Mapping[str, object], *, is_default: bool
) -> MockConfigEntry:
    fingerprint = SpaceKey.parse(server.space_key).fingerprint
    return MockConfigEntry(
        domain=DOMAIN,
        title="Budgero",
        unique_id=f"{server.url}#{fingerprint}",
        data={
            CONF_URL: server.url,
            CONF_VERIFY_SSL: True,
            CONF_TOKEN: server.token,
            CONF_SPACE_KEY: server.space_key,
            **data,
        },
        options={**DEFAULTS, CONF_IS_DEFAULT: is_default},
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Add an entry, if it is new, and set it up."""
    if hass.config_entries.async_get_entry(entry.entry_id) is None:
        entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


async def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.005)


async def in_state(hass: HomeAssistant, entry: MockConfigEntry, **values: str) -> None:
    """Wait until sensors of an entry show these values."""

    def shown() -> dict[str, str]:
        return {key: state_of(hass, entry, key) for key in values}

    try:
        await until(lambda: shown() == values)
    except TimeoutError:
        assert shown() == values


async def update(hass: HomeAssistant, entry: MockConfigEntry, *keys: str) -> None:
    """Ask at once, as a dashboard button does."""
    await async_setup_component(hass, "homeassistant", {})
    entity_ids = [entity_id_of(hass, entry, key) for key in keys]
    await hass.services.async_call(
        "homeassistant", "update_entity", {"entity_id": entity_ids}, blocking=True
    )
    await hass.async_block_till_done()


def entity_id_of(
    hass: HomeAssistant, entry: MockConfigEntry, key: str, platform: str = "sensor"
) -> str:
    """Return the entity id of an entry's sensor, or of another entity."""
    entity_id = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{entry.entry_id}_{key}"
    )
    assert entity_id is not None
    return entity_id


def state_of(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> str:
    """Return the state of an entry's sensor."""
    state = hass.states.get(entity_id_of(hass, entry, key))
    assert state is not None
    return state.state


class Running(BudgeroData):
    """The running parts of a loaded entry, and the inside of its outbox."""

    @property
    def store(self) -> Store:
        """The transactions on disk."""
        return self.outbox.store

    @property
    def sender(self) -> Sender:
        """Delivers them."""
        return self.outbox.sender


def running(entry: MockConfigEntry) -> Running:
    """Return the running parts of a loaded entry."""
    data = entry.runtime_data
    assert isinstance(data, BudgeroData)
    return Running(**{each.name: getattr(data, each.name) for each in fields(data)})


def outbox_path(hass: HomeAssistant, name: str) -> Path:
    """Return the path of an outbox, by an entry's id or a key's fingerprint."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{name}.db"))


def names_path(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """Return where the names of an entry are kept."""
    return Path(hass.config.path(".storage", f"{DOMAIN}.{entry.entry_id}.names"))


async def row_of(entry: MockConfigEntry, message_id: object) -> Row:
    """Return a row that must be in the outbox."""
    row = await running(entry).store.get(str(message_id))
    assert row is not None
    return row


async def let_the_app_work(entry: MockConfigEntry, server: BudgeroServer) -> None:
    """Open the household's Budgero app, and ask what became of everything."""
    server.apply()
    await running(entry).coordinator.async_ask_now()


def raising(error: Exception) -> Callable[..., Awaitable[None]]:
    """Return a method that raises an error, to replace one of the outbox."""

    async def fail(*_: object, **__: object) -> None:
        raise error

    return fail


unreadable = raising(StorageError("The disk refused (SQLITE_IOERR)"))
"""A method that fails as on an unreadable disk."""


def issues_of(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the open repairs of Budgero, by translation key."""
    return {
        str(issue.translation_key): issue
        for (domain, _), issue in ir.async_get(hass).issues.items()
        if domain == DOMAIN and issue.active
    }


def count_of(hass: HomeAssistant, key: str) -> str | None:
    """Return how many transactions an open repair is about."""
    issue = issues_of(hass).get(key)
    return (issue.translation_placeholders or {})["count"] if issue else None


def open_statistics(server: BudgeroServer, **counts: int) -> None:
    """Make a server answer its statistics to push tokens, as documented."""
    server.faults.clear()
    answer = Reply(status=200, json=counts, method="GET", path=STATS, times=None)
    server.faults.add(answer)
