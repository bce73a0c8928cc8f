"""Signing in to an own server at set-up: what it proves, and the ways out of it."""

from dataclasses import replace

import pytest

from custom_components.budgero.const import CONF_SPACE_KEY
from custom_components.budgero.forms import CONF_PLAIN_HTTP
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from tests.budgero_server import BudgeroServer, CaptivePortal, Drop, Fault, Reply

from .flows import (
    LOGIN,
    OTHER_KEY,
    TYPED,
    address,
    choose,
    credentials,
    finish,
    resolve_to,
    start,
    submit,
    suggested,
    user_of,
)

pytestmark = pytest.mark.usefixtures("quick")

TOKEN_USE = "/api/v1/push/token"


async def _offer(
    hass: HomeAssistant, server: BudgeroServer, **values: str
) -> ConfigFlowResult:
    """Enter the address of an own server, and its secrets or others."""
    form = await submit(hass, await start(hass, "own_server"), address(server))
    menu = await submit(hass, form, credentials(server) | values)
    assert menu["step_id"] == "server_user"
    assert menu["menu_options"] == ["sign_in", "names"]
    return menu


async def _form(
    hass: HomeAssistant, server: BudgeroServer, **values: str
) -> ConfigFlowResult:
    """Choose to sign in."""
    form = await choose(hass, await _offer(hass, server, **values), "sign_in")
    assert form["step_id"] == "sign_in"
    assert not form["errors"]
    assert suggested(form) == {}  # and no consent is asked for on this machine
    return form


async def test_signed_in(hass: HomeAssistant, server: BudgeroServer) -> None:
    """User name and password are stored, and the space key is known to be right."""
    form = await _form(hass, server)
    entry = await finish(hass, await submit(hass, form, user_of(server)))
    assert entry.data == {
        **address(server),
        **credentials(server),
        **user_of(server),
    }


async def test_not_signed_in(hass: HomeAssistant, server: BudgeroServer) -> None:
    """Nothing of a user is stored."""
    menu = await _offer(hass, server)
    entry = await finish(hass, await choose(hass, menu, "names"))
    assert entry.data == {**address(server), **credentials(server)}
    assert not [request for request in server.requests if request.path == LOGIN]


async def test_wrong_password(hass: HomeAssistant, server: BudgeroServer) -> None:
    """It is asked for again; token and key stay as they are."""
    form = await _form(hass, server)
    form = await submit(hass, form, user_of(server) | {CONF_PASSWORD: "wrong"})
    assert form["step_id"] == "sign_in"
    assert form["errors"] == {CONF_PASSWORD: "wrong_password"}
    assert suggested(form) == {CONF_USERNAME: server.credentials.username}
    entry = await finish(hass, await submit(hass, form, user_of(server)))
    assert entry.data[CONF_PASSWORD] == server.credentials.password


async def test_half_of_a_sign_in(hass: HomeAssistant, server: BudgeroServer) -> None:
    """The form says what is missing; with nothing in it, it is left out."""
    form = await _form(hass, server)
    form = await submit(hass, form, {CONF_USERNAME: " household "})
    assert form["errors"] == {CONF_PASSWORD: "password_missing"}
    assert suggested(form) == {CONF_USERNAME: "household"}
    form = await submit(hass, form, {CONF_PASSWORD: "budgero"})
    assert form["errors"] == {CONF_USERNAME: "username_missing"}
    assert suggested(form) == {CONF_PASSWORD: "budgero"}
    entry = await finish(hass, await submit(hass, form, {}))
    assert CONF_USERNAME not in entry.data


def _used_at(*seconds: int) -> list[Fault]:
    """Return what tells when the user's token was used, look after look."""
    return [
        Reply(
            method="GET",
            path=TOKEN_USE,
            status=200,
            json={
                "has_token": True,
                "space_id": "any",
                "last_used": f"2026-11-01T10:00:{second:02}Z",
            },
        )
        for second in seconds
    ]


@pytest.mark.parametrize(
    ("faults", "error"),
    [
        ([Reply(path=LOGIN, status=401, json={"message": "no"})], "no_sign_in"),
        ([Reply(path=LOGIN, status=429, json={"message": "slow"})], "rate_limited"),
        ([Reply(path=LOGIN, status=503, html="<p>Bad</p>")], "server_trouble"),
        ([CaptivePortal(path=LOGIN)], "wrong_address"),
        ([Drop(path=LOGIN)], "in_doubt"),
        (
            [Reply(method="GET", path=TOKEN_USE, status=403, json={"message": "no"})],
            "user_refused",
        ),
        (
            [
                Reply(
                    method="GET",
                    path=TOKEN_USE,
                    status=200,
                    json={"has_token": False, "is_enabled": False},
                )
            ],
            "token_other_user",
        ),
        (_used_at(1, 1, 1), "token_other_user"),
        (_used_at(1, 2, 3, 4, 5, 6), "token_cannot_tell"),
    ],
)
async def test_what_a_sign_in_meets(
    hass: HomeAssistant, server: BudgeroServer, faults: list[Fault], error: str
) -> None:
    """The form says what is wrong; it can be sent again, and left out."""
    form = await _form(hass, server)
    for fault in faults:
        server.faults.add(fault)
    form = await submit(hass, form, user_of(server))
    assert form["step_id"] == "sign_in"
    assert form["errors"] == {"base": error}
    assert suggested(form) == user_of(server)
    entry = await finish(hass, await submit(hass, form, user_of(server)))
    assert CONF_USERNAME in entry.data


async def test_server_went_away(hass: HomeAssistant, server: BudgeroServer) -> None:
    """Nobody is caught in the form: without a user it goes on."""
    form = await _form(hass, server)
    await server.stop()
    form = await submit(hass, form, user_of(server))
    assert form["step_id"] == "sign_in"
    assert form["errors"] in ({"base": "unreachable"}, {"base": "in_doubt"})
    entry = await finish(hass, await submit(hass, form, {}))
    assert CONF_USERNAME not in entry.data


async def test_token_of_another_workspace(
    hass: HomeAssistant, server: BudgeroServer
) -> None:
    """The token is still bound to the workspace that was the first one before."""
    form = await _form(hass, server)
    server.change_space()
    form = await submit(hass, form, user_of(server))
    assert form["step_id"] == "sign_in"
    assert form["errors"] == {"base": "token_other_space"}
    entry = await finish(hass, await submit(hass, form, {}))
    assert CONF_USERNAME not in entry.data


async def test_key_of_another_workspace(
    hass: HomeAssistant, server: BudgeroServer
) -> None:
    """A wrong key is found before the first transaction, and the user still known."""
    form = await _form(hass, server, **{CONF_SPACE_KEY: OTHER_KEY})
    form = await submit(hass, form, user_of(server))
    assert form["step_id"] == "credentials"
    assert form["errors"] == {CONF_SPACE_KEY: "space_key_wrong"}
    assert suggested(form) == {CONF_TOKEN: server.token}
    form = await submit(hass, form, credentials(server))
    assert form["step_id"] == "account"
    entry = await finish(hass, form)
    assert entry.data[CONF_SPACE_KEY] == server.space_key
    assert entry.data[CONF_PASSWORD] == server.credentials.password


async def test_key_that_nobody_can_tell(
    hass: HomeAssistant, server: BudgeroServer
) -> None:
    """No app has stored anything yet: the key is taken, and not called proven."""
    server.blob = replace(server.blob, missing=True)
    form = await _form(hass, server, **{CONF_SPACE_KEY: OTHER_KEY})
    form = await submit(hass, form, user_of(server))
    assert form["step_id"] == "defaults"
    assert form["errors"] == {"base": "names_not_read"}
    result = await submit(hass, form, TYPED)
    await hass.async_block_till_done()
    entry = result["result"]
    assert entry.data[CONF_SPACE_KEY] == OTHER_KEY


async def test_token_was_disabled_meanwhile(
    hass: HomeAssistant, server: BudgeroServer
) -> None:
    """The push token is asked for again, not the password."""
    form = await _form(hass, server)
    server.disable_token()
    form = await submit(hass, form, user_of(server))
    assert form["step_id"] == "credentials"
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    server.enable_token()
    entry = await finish(hass, await submit(hass, form, credentials(server)))
    assert entry.data[CONF_USERNAME] == server.credentials.username


async def test_plain_http_wants_consent(
    hass: HomeAssistant, server: BudgeroServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No password travels readable through the network without a tick."""
    resolve_to(monkeypatch, "127.0.0.1")
    url = f"http://budgero.test:{server.port}"
    form = await start(hass, "own_server")
    form = await submit(hass, form, {CONF_URL: url, CONF_VERIFY_SSL: True})
    form = await submit(hass, form, {})
    menu = await submit(hass, form, credentials(server))
    form = await choose(hass, menu, "sign_in")
    assert suggested(form) == {CONF_PLAIN_HTTP: False}
    values = user_of(server) | {CONF_PLAIN_HTTP: False}
    form = await submit(hass, form, values)
    assert form["errors"] == {CONF_PLAIN_HTTP: "plain_http_missing"}
    assert not [request for request in server.requests if request.path == LOGIN]
    assert suggested(form) == values
    values[CONF_PLAIN_HTTP] = True
    form = await submit(hass, form, values | {CONF_PASSWORD: "wrong"})
    assert form["errors"] == {CONF_PASSWORD: "wrong_password"}
    name = {CONF_USERNAME: server.credentials.username}
    assert suggested(form) == name | {CONF_PLAIN_HTTP: True}
    entry = await finish(hass, await submit(hass, form, values))
    assert entry.data[CONF_PASSWORD] == server.credentials.password
    assert CONF_PLAIN_HTTP not in entry.data
