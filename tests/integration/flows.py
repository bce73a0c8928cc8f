"""Walking through config flows: choose, fill in, read what is shown."""

import asyncio
from collections.abc import Mapping
import socket
from typing import Any, Final

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.budgero.const import (
    CONF_ACCOUNT,
    CONF_BUDGET,
    CONF_CURRENCY,
    CONF_SPACE_KEY,
    DOMAIN,
)
from homeassistant.config_entries import SOURCE_USER, ConfigEntryState, ConfigFlowResult
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.budgero_server import BudgeroServer

from .support import DEFAULTS

LOGIN = "/api/v1/auth/local/login"
OTHER_TOKEN = "0123456789abcdef" * 4
"""A token of the right form that no stand-in knows."""

OTHER_KEY = "b3RoZXIga2V5IHdpdGggdGhpcnR5LXR3byBieXRlcyE="
"""A key of the right form that belongs to no stand-in."""

TYPED: Final[dict[str, object]] = {
    name: value if name == CONF_CURRENCY else str(value)
    for name, value in DEFAULTS.items()
}
"""The defaults as they are entered: ids are texts."""


async def start(hass: HomeAssistant, choice: str) -> ConfigFlowResult:
    """Begin, and choose in the menu where Budgero runs."""
    menu = await hass.config_entries.flow.async_init(
        DOMAIN, context={"source": SOURCE_USER}
    )
    assert menu["type"] is FlowResultType.MENU
    assert menu["menu_options"] == ["cloud", "own_server"]
    return await choose(hass, menu, choice)


async def choose(
    hass: HomeAssistant, menu: ConfigFlowResult, option: str
) -> ConfigFlowResult:
    """Choose in a menu."""
    assert menu["type"] is FlowResultType.MENU, menu
    return await submit(hass, menu, {"next_step_id": option})


async def submit(
    hass: HomeAssistant, form: ConfigFlowResult, values: Mapping[str, Any]
) -> ConfigFlowResult:
    """Fill in a form."""
    return await hass.config_entries.flow.async_configure(form["flow_id"], dict(values))


def address(server: BudgeroServer, *, verify: bool = True) -> dict[str, Any]:
    """Return what is entered as the address of an own server."""
    return {CONF_URL: server.url, CONF_VERIFY_SSL: verify}


def credentials(server: BudgeroServer) -> dict[str, str]:
    """Return what is entered as token and key."""
    return {CONF_TOKEN: server.token, CONF_SPACE_KEY: server.space_key}


def user_of(server: BudgeroServer) -> dict[str, str]:
    """Return what is entered to sign in."""
    known = server.credentials
    return {CONF_USERNAME: known.username, CONF_PASSWORD: known.password}


async def until_defaults(
    hass: HomeAssistant, result: ConfigFlowResult
) -> ConfigFlowResult:
    """Go on without a sign-in and without a file of names; return the next form."""
    if result["step_id"] == "server_user":
        result = await choose(hass, result, "names")
    if result["step_id"] == "names":
        result = await choose(hass, result, "defaults")
    return result


async def finish(
    hass: HomeAssistant, result: ConfigFlowResult, **typed: object
) -> MockConfigEntry:
    """Go on without a sign-in, fill in the defaults; return the entry, which loads."""
    result = await until_defaults(hass, result)
    assert result["type"] is FlowResultType.FORM, result
    assert not result["errors"]
    values = TYPED | typed
    if result["step_id"] == "account":
        account = {CONF_ACCOUNT: values.pop(CONF_ACCOUNT)}
        result = await submit(hass, result, account)
        del values[CONF_BUDGET]  # it is the account's
    assert result["step_id"] in ("defaults", "category")
    result = await submit(hass, result, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    entry = result["result"]
    assert entry.state is ConfigEntryState.LOADED
    return entry  # type: ignore[return-value]


def suggested(form: ConfigFlowResult) -> dict[str, Any]:
    """Return what a form is filled in with already."""
    schema = form["data_schema"]
    assert schema is not None
    return {
        str(marker): value
        for marker in schema.schema
        if (value := _prefilled(marker)) is not None
    }


def _prefilled(marker: vol.Required | vol.Optional) -> object:
    described = marker.description or {}
    if "suggested_value" in described:
        return described["suggested_value"]
    return None if isinstance(marker.default, vol.Undefined) else marker.default()


def resolve_to(monkeypatch: pytest.MonkeyPatch, ip: str) -> None:
    """Let the name budgero.test lead to an IP address."""

    async def getaddrinfo(
        _: asyncio.AbstractEventLoop, host: str, port: int, **kwargs: object
    ) -> list[tuple[object, ...]]:
        found = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*found, (ip if host == "budgero.test" else host, port))]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
