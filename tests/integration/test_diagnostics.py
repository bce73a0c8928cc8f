"""Diagnostics: what helps to find a fault, and nothing that is private."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import CLOUD
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import owner_of

from .support import Call, in_state, running, unreadable, until

REDACTED = "**REDACTED**"
PRIVATE = {
    "state": "loaded",
    "data": {
        "space_key": REDACTED,
        "token": REDACTED,
        "url": REDACTED,
        "verify_ssl": True,
    },
    "options": {
        "account": REDACTED,
        "budget": REDACTED,
        "category": REDACTED,
        "currency": "EUR",
        "is_default": True,
    },
}


SECRETS = ("token", "space_key", "previous_space_keys", "username", "password")
AGES = (
    ("outbox", "oldest_waiting_age"),
    ("outbox", "oldest_accepted_age"),
    ("outbox", "last_accepted_age"),
    ("delivery", "last_contact_age"),
)


@pytest.fixture
async def download(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> ClientSessionGenerator:
    """A browser that may download diagnostics."""
    assert await async_setup_component(hass, "diagnostics", {})
    return hass_client


@pytest.mark.allowed_warnings("^Error requesting budgero data")
async def test_diagnostics(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    download: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Counts, codes and versions."""
    await add(amount=1, wait=True)
    await server.stop()
    await add(amount=2)
    await until(lambda: running(loaded).sender.last_error is not None)
    await in_state(hass, loaded, waiting="1", pending="1")
    monkeypatch.setattr(
        owner_of("overview"), "overview", unreadable
    )  # wanted most just then
    result = await get_diagnostics_for_config_entry(hass, download, loaded)
    assert isinstance(result, dict)
    versions = result.pop("versions")
    assert isinstance(versions, dict)
    assert set(versions) == {"aiohttp", "cryptography"}
    statistics = result["statistics"]
    assert isinstance(statistics, dict)
    # The queue may have been shown since the disk refuses, or not yet.
    assert statistics.pop("problems") in ({}, {"storage": 1})
    for part, age in AGES:
        values = result[part]
        assert isinstance(values, dict)
        value = values.pop(age)
        assert isinstance(value, int)
        assert 0 <= value < 60
    assert result == {
        "entry": PRIVATE,
        "names": {
            "source": None,
            "age": None,
            "problem": None,
            **dict.fromkeys(("budgets", "accounts", "groups"), 0),
            **dict.fromkeys(("categories", "payees"), 0),
        },
        "presets": {"all": 0, "with_amount": 0, "with_number": 0},
        "wait_for_a_person": 0,
        "server": "own",
        "outbox": {
            "counts": {
                "waiting": 1,
                "accepted": 1,
                "removed": 0,
                "processed": 0,
                "failed": 0,
                "vanished": 0,
                "duplicate": 0,
                "unknown": 0,
            },
            "held": {},
            "in_question": 0,
            "leftovers": [0, 0],
        },
        "delivery": {
            "hold": None,
            "last_error": running(loaded).sender.last_error,
            "is_connected": False,
            "is_key_proven": False,
            "wire_format": "2",
            "is_signed_in": False,
        },
        "statistics": {
            "source": "tracking",
            "pending": 1,
            "processed": 0,
            "failed": 0,
            "total": 1,
        },
    }


@pytest.mark.allowed_warnings("^Config entry 'Budgero' for budgero .* not ready yet")
async def test_diagnostics_of_an_entry_that_does_not_load(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    download: ClientSessionGenerator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They are there when they are wanted most."""
    monkeypatch.setattr(Store, "open", unreadable)
    assert not await hass.config_entries.async_setup(entry.entry_id)
    result = await get_diagnostics_for_config_entry(hass, download, entry)
    assert isinstance(result, dict)
    always = {"entry", "presets", "server", "versions", "wait_for_a_person"}
    assert set(result) == always
    assert result["entry"] == PRIVATE | {"state": "setup_retry"}


async def test_hosted_service_is_told_apart(
    hass: HomeAssistant, server: BudgeroServer, download: ClientSessionGenerator
) -> None:
    """The hosted service has no private address; whatever is stored stays private."""
    entry = MockConfigEntry(
        domain="budgero",
        data=dict.fromkeys(SECRETS, "secret") | {CONF_URL: CLOUD},
        disabled_by=ConfigEntryDisabler.USER,
    )
    entry.add_to_hass(hass)
    assert await async_setup_component(hass, "budgero", {})
    result = await get_diagnostics_for_config_entry(hass, download, entry)
    assert isinstance(result, dict)
    assert result["server"] == "cloud"
    assert isinstance(result["entry"], dict)
    assert result["entry"]["data"] == dict.fromkeys((*SECRETS, CONF_URL), REDACTED)
