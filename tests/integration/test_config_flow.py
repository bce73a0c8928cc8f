"""Set-up in the user interface: every way in, and every way back from an error."""

import base64

from aiohttp import ClientSession
from probatio import Secret  # noqa: TID251 - not among the names of voluptuous
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol
from voluptuous.humanize import humanize_error

from custom_components.budgero import connection
from custom_components.budgero.const import (
    CONF_CURRENCY,
    CONF_IS_DEFAULT,
    CONF_SPACE_KEY,
    DOMAIN,
)
from custom_components.budgero.engine.push import transport
from custom_components.budgero.forms import (
    CREDENTIALS_SCHEMA,
    NEW_CREDENTIALS_SCHEMA,
    SIGN_IN_SCHEMA,
    TOKEN_SCHEMA,
)
from homeassistant.config_entries import ConfigFlowResult
from homeassistant.const import CONF_TOKEN, CONF_URL, CONF_USERNAME, CONF_VERIFY_SSL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.budgero_server import (
    BudgeroServer,
    CaptivePortal,
    Drop,
    Fault,
    GzipBomb,
    HugeBody,
    Redirect,
    Reply,
    StalledBody,
)
from tests.proxy import Proxy

from .flows import (
    OTHER_KEY,
    OTHER_TOKEN,
    TYPED,
    address,
    choose,
    credentials,
    finish,
    resolve_to,
    start,
    submit,
    suggested,
    until_defaults,
)
from .support import (
    DEFAULTS,
    Call,
    make_entry,
    make_second_entry,
    running,
    set_up,
    until,
)


@pytest.fixture
def cloud(server: BudgeroServer, monkeypatch: pytest.MonkeyPatch) -> BudgeroServer:
    """Let the stand-in be the hosted service."""
    monkeypatch.setattr(connection, "CLOUD", server.url)
    return server


async def test_hosted_service(
    hass: HomeAssistant, cloud: BudgeroServer, add: Call
) -> None:
    """Token, key, defaults: then the first expense goes out."""
    form = await start(hass, "cloud")
    assert form["step_id"] == "credentials"
    form = await submit(hass, form, credentials(cloud))
    entry = await finish(hass, form)
    assert entry.title == "Budgero"
    assert entry.data == {
        CONF_URL: cloud.url,
        CONF_VERIFY_SSL: True,
        CONF_TOKEN: cloud.token,
        CONF_SPACE_KEY: cloud.space_key,
    }
    assert entry.options == DEFAULTS | {CONF_IS_DEFAULT: True}
    assert (await add(amount=1, wait=True))["status"] == "accepted"


@pytest.mark.parametrize(
    "typed",
    [
        "{url}",
        "  {url}/ ",
        "{url}/api/v1",
        "'{url}/api/v1/push'",
        "HTTP://127.0.0.1:{port}",
        "127.0.0.1:{port}",
    ],
)
async def test_own_server_in_every_spelling(
    hass: HomeAssistant, server: BudgeroServer, typed: str
) -> None:
    """However the address is written, it is stored in one form."""
    form = await start(hass, "own_server")
    assert form["step_id"] == "own_server"
    values = {
        CONF_URL: typed.format(url=server.url, port=server.port),
        CONF_VERIFY_SSL: True,
    }
    form = await submit(hass, form, values)
    form = await submit(hass, form, credentials(server))
    entry = await finish(hass, form)
    assert entry.data[CONF_URL] == server.url


IMPOSSIBLE = [
    ("  ", "url_missing"),
    ("https://", "url_not_an_address"),
    ("https://budgero.example.org:port", "url_not_an_address"),
    ("ftp://budgero.example.org", "url_bad_scheme"),
    ("https://me:secret@budgero.example.org", "url_has_credentials"),
    ("https://budgero.example.org/budget", "url_has_path"),
    ("https://budgero.example.org/?a=1", "url_has_path"),
    ("http://93.184.215.14", "url_not_private"),
    ("not a url", "url_not_an_address"),
    ("my budgero server", "url_not_an_address"),
]


async def test_impossible_address(
    hass: HomeAssistant, server: BudgeroServer, subtests: pytest.Subtests
) -> None:
    """The form says what is wrong with the address, and can be sent again."""
    form = await start(hass, "own_server")
    for typed, error in IMPOSSIBLE:
        with subtests.test(typed=typed):
            values = {CONF_URL: typed, CONF_VERIFY_SSL: False}
            form = await submit(hass, form, values)
            assert form["step_id"] == "own_server"
            assert form["errors"] == {CONF_URL: error}
            assert suggested(form) == values
    form = await submit(hass, form, address(server))
    await finish(hass, await submit(hass, form, credentials(server)))


async def test_plain_http_in_the_local_network_is_warned_of(
    hass: HomeAssistant, server: BudgeroServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token would travel readable: a page of its own says so."""
    resolve_to(monkeypatch, "127.0.0.1")
    url = f"http://budgero.test:{server.port}"
    form = await start(hass, "own_server")
    form = await submit(hass, form, {CONF_URL: url, CONF_VERIFY_SSL: True})
    assert form["step_id"] == "plain_http"
    assert form["description_placeholders"] == {"url": url}
    form = await submit(hass, form, {})
    entry = await finish(hass, await submit(hass, form, credentials(server)))
    assert entry.data[CONF_URL] == url


async def test_plain_http_to_the_internet_is_refused(
    hass: HomeAssistant, server: BudgeroServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that leads outside gets no token over http."""
    resolve_to(monkeypatch, "93.184.215.14")
    form = await start(hass, "own_server")
    values = {CONF_URL: "http://budgero.test", CONF_VERIFY_SSL: True}
    form = await submit(hass, form, values)
    form = await submit(hass, form, {})
    form = await submit(hass, form, credentials(server))
    assert form["step_id"] == "own_server"
    assert form["errors"] == {CONF_URL: "not_private"}
    await finish(hass, await submit(hass, form, address(server)))


HEX_KEY = base64.b64decode(OTHER_KEY).hex()
"""A key as 64 hexadecimal digits, like a token."""

MANGLED = [
    ({CONF_TOKEN: " "}, {CONF_TOKEN: "token_missing"}),
    ({CONF_TOKEN: "abc"}, {CONF_TOKEN: "token_bad_characters"}),
    (
        {CONF_TOKEN: "abc", CONF_SPACE_KEY: "{token}"},
        {CONF_TOKEN: "token_bad_characters"},
    ),
    ({CONF_TOKEN: "{key}"}, {CONF_TOKEN: "token_looks_like_a_key"}),
    (
        {CONF_TOKEN: OTHER_KEY, CONF_SPACE_KEY: HEX_KEY},
        {CONF_TOKEN: "token_looks_like_a_key"},
    ),
    (
        {CONF_TOKEN: HEX_KEY, CONF_SPACE_KEY: OTHER_KEY},
        {CONF_TOKEN: "token_looks_like_a_key"},
    ),
    ({CONF_SPACE_KEY: ""}, {CONF_SPACE_KEY: "space_key_missing"}),
    ({CONF_SPACE_KEY: "abc"}, {CONF_SPACE_KEY: "space_key_bad_length"}),
    ({CONF_SPACE_KEY: "{key}{key}"}, {CONF_SPACE_KEY: "space_key_bad_characters"}),
    ({CONF_SPACE_KEY: "a€" * 22}, {CONF_SPACE_KEY: "space_key_bad_characters"}),
    ({CONF_SPACE_KEY: "{token}"}, {CONF_SPACE_KEY: "space_key_looks_like_a_token"}),
    (
        {CONF_SPACE_KEY: "Bearer {token}"},
        {CONF_SPACE_KEY: "space_key_looks_like_a_token"},
    ),
]


async def test_mangled_credentials(
    hass: HomeAssistant, cloud: BudgeroServer, subtests: pytest.Subtests
) -> None:
    """The form says which of the two is wrong, and empties only that one."""
    form = await start(hass, "cloud")
    for values, errors in MANGLED:
        with subtests.test(values=values):
            typed = credentials(cloud) | {
                name: text.format(token=cloud.token, key=cloud.space_key)
                for name, text in values.items()
            }
            form = await submit(hass, form, typed)
            assert form["step_id"] == "credentials"
            assert form["errors"] == errors
            [wrong] = errors
            assert suggested(form) == {
                name: text for name, text in typed.items() if name != wrong
            }
            assert not cloud.requests
    await finish(hass, await submit(hass, form, credentials(cloud)))


@pytest.mark.parametrize("layout", ["{}", " '{}'\n"], ids=["plain", "quoted"])
async def test_swapped_credentials(
    hass: HomeAssistant, cloud: BudgeroServer, layout: str
) -> None:
    """They are put right before anything is sent, and the person is told."""
    token, key = cloud.token, cloud.space_key
    typed = {CONF_TOKEN: key.rstrip("="), CONF_SPACE_KEY: layout.format(token)}
    form = await submit(hass, await start(hass, "cloud"), typed)
    assert form["step_id"] == "swapped"
    assert not cloud.requests
    entry = await finish(hass, await submit(hass, form, {}))
    assert (entry.data[CONF_TOKEN], entry.data[CONF_SPACE_KEY]) == (token, key)
    assert {request.status for request in cloud.requests} == {400}  # it is known


async def test_swapped_and_wrong(hass: HomeAssistant, cloud: BudgeroServer) -> None:
    """The good one stays in its right field, too."""
    typed = {CONF_TOKEN: cloud.space_key, CONF_SPACE_KEY: OTHER_TOKEN}
    form = await submit(hass, await start(hass, "cloud"), typed)
    form = await submit(hass, form, {})
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    assert suggested(form) == {CONF_SPACE_KEY: cloud.space_key}
    await finish(hass, await submit(hass, form, credentials(cloud)))


async def test_credentials_as_people_paste_them(
    hass: HomeAssistant, cloud: BudgeroServer
) -> None:
    """Quotes, blanks and line breaks around and in them do no harm."""
    token, key = cloud.token, cloud.space_key
    values = {
        CONF_TOKEN: f'  "Bearer {token[:30]}\n{token[30:]}"\r\n',
        CONF_SPACE_KEY: f"“{key[:20]}\n  {key[20:].rstrip('=')}”\n",
    }
    form = await submit(hass, await start(hass, "cloud"), values)
    entry = await finish(hass, form)
    assert (entry.data[CONF_TOKEN], entry.data[CONF_SPACE_KEY]) == (token, key)


@pytest.mark.parametrize(
    "schema",
    [CREDENTIALS_SCHEMA, NEW_CREDENTIALS_SCHEMA, TOKEN_SCHEMA, SIGN_IN_SCHEMA],
)
def test_secrets_are_kept_out_of_validation_errors(schema: vol.Schema) -> None:
    """A form of the wrong shape is refused without repeating token or key."""
    secret = {marker for marker in schema.schema if isinstance(marker.schema, Secret)}
    values = {str(marker): ["canary"] for marker in secret}
    with pytest.raises(vol.Invalid) as caught:
        schema(values)
    told = f"{caught.value!r} {caught.value} {humanize_error(values, caught.value)}"
    assert "canary" not in told
    assert any(name in told for name in values)


@pytest.mark.parametrize(
    "fault",
    [
        CaptivePortal(),
        Redirect(location="https://budgero.example.org/login"),
        Reply(status=404, html="<p>Not found</p>"),
        Reply(status=403, html="<p>Forbidden</p>"),
        Reply(status=200, json={"status": "ok"}),
        HugeBody(size=1 << 20),
        GzipBomb(size=1 << 20),
    ],
    ids=["portal", "redirect", "404", "403", "other program", "huge", "bomb"],
)
async def test_something_else_answers(
    hass: HomeAssistant, server: BudgeroServer, fault: Fault
) -> None:
    """Something answers that is not Budgero: back to the address, filled in."""
    server.faults.add(fault)
    form = await submit(hass, await start(hass, "own_server"), address(server))
    form = await submit(hass, form, credentials(server))
    assert form["step_id"] == "own_server"
    assert form["errors"] == {CONF_URL: "wrong_address"}
    assert suggested(form) == address(server)
    await finish(hass, await submit(hass, form, address(server)))


async def test_something_else_answers_for_the_hosted_service(
    hass: HomeAssistant, cloud: BudgeroServer
) -> None:
    """There is no address to correct: the form can be sent again."""
    cloud.faults.add(CaptivePortal())
    form = await submit(hass, await start(hass, "cloud"), credentials(cloud))
    assert form["step_id"] == "credentials"
    assert form["errors"] == {"base": "wrong_address"}
    assert suggested(form) == credentials(cloud)
    await finish(hass, await submit(hass, form, credentials(cloud)))


async def test_untrusted_certificate(
    hass: HomeAssistant, tls_server: BudgeroServer, add: Call
) -> None:
    """The household's own certificate is accepted once it says so."""
    form = await submit(hass, await start(hass, "own_server"), address(tls_server))
    form = await submit(hass, form, credentials(tls_server))
    assert form["step_id"] == "own_server"
    assert form["errors"] == {CONF_URL: "certificate"}
    assert suggested(form) == address(tls_server)
    form = await submit(hass, form, address(tls_server, verify=False))
    entry = await finish(hass, form)
    assert entry.data[CONF_VERIFY_SSL] is False
    assert (await add(amount=1, wait=True))["status"] == "accepted"


async def test_unknown_token(hass: HomeAssistant, cloud: BudgeroServer) -> None:
    """Budgero does not know this token: the form says so."""
    form = await start(hass, "cloud")
    form = await submit(hass, form, credentials(cloud) | {CONF_TOKEN: OTHER_TOKEN})
    assert form["step_id"] == "credentials"
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    assert suggested(form) == {CONF_SPACE_KEY: cloud.space_key}
    await finish(hass, await submit(hass, form, credentials(cloud)))


@pytest.mark.parametrize("status", [401, 403])
async def test_refused_token_as_documented(
    hass: HomeAssistant, cloud: BudgeroServer, status: int
) -> None:
    """Servers that follow Budgero's documentation are understood, too."""
    cloud.faults.add(Reply(status=status, json={"message": "invalid token"}))
    form = await submit(hass, await start(hass, "cloud"), credentials(cloud))
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    await finish(hass, await submit(hass, form, credentials(cloud)))


async def test_disabled_token(hass: HomeAssistant, server: BudgeroServer) -> None:
    """The token is enabled in Budgero, and the same form goes through."""
    server.disable_token()
    form = await submit(hass, await start(hass, "own_server"), address(server))
    form = await submit(hass, form, credentials(server))
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    server.enable_token()
    await finish(hass, await submit(hass, form, credentials(server)))


async def test_server_wants_a_newer_integration(
    hass: HomeAssistant, cloud: BudgeroServer
) -> None:
    """The form says that an update is needed."""
    cloud.faults.add(Reply(status=426, json={"message": "upgrade"}))
    form = await submit(hass, await start(hass, "cloud"), credentials(cloud))
    assert form["errors"] == {"base": "update_required"}
    await finish(hass, await submit(hass, form, credentials(cloud)))


TAKEN = pytest.mark.parametrize(
    ("part", "error"),
    [
        ("Authorization", "header_removed"),
        ("Content-Type", "body_removed"),
        ("body", "body_removed"),
    ],
)


@TAKEN
async def test_something_on_the_way_takes_a_part_of_requests(
    hass: HomeAssistant, server: BudgeroServer, part: str, error: str
) -> None:
    """That is the way to the address, whatever Budgero says; never the token."""
    async with ClientSession() as session, Proxy(server.url, session, [part]) as proxy:
        through = address(server) | {CONF_URL: proxy.url}
        form = await submit(hass, await start(hass, "own_server"), through)
        form = await submit(hass, form, credentials(server))
        assert form["step_id"] == "own_server"
        assert form["errors"] == {CONF_URL: error}
        assert suggested(form) == through
        proxy.loses.clear()
        await finish(hass, await submit(hass, form, through))


async def test_something_takes_the_token_on_the_way_to_the_hosted_service(
    hass: HomeAssistant, cloud: BudgeroServer
) -> None:
    """Nobody is asked for a new token."""
    cloud.faults.add(
        Reply(status=401, json={"message": "missing authorization header"})
    )
    form = await submit(hass, await start(hass, "cloud"), credentials(cloud))
    assert form["errors"] == {"base": "header_removed"}
    await finish(hass, await submit(hass, form, credentials(cloud)))


async def test_https_where_there_is_none(
    hass: HomeAssistant, server: BudgeroServer
) -> None:
    """A host name alone means https; the form says to try http."""
    plain = address(server)
    encrypted = plain | {"url": plain["url"].replace("http://", "https://")}
    form = await submit(hass, await start(hass, "own_server"), encrypted)
    form = await submit(hass, form, credentials(server))
    assert form["step_id"] == "own_server"
    assert form["errors"] == {"url": "not_encrypted"}
    await finish(hass, await submit(hass, form, plain))


@pytest.mark.parametrize(
    "fault",
    [
        Drop(),
        StalledBody(),
        Reply(status=503, html="<p>Bad gateway</p>"),
        Reply(status=500, json={"message": "database is locked"}),
        Reply(status=429, json={"message": "rate limit exceeded"}),
    ],
    ids=["cut", "stalled", "503", "500", "429"],
)
async def test_what_may_pass_leads_to_a_choice(
    hass: HomeAssistant,
    cloud: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
    fault: Fault,
) -> None:
    """Trouble that may pass: try again, correct, or save anyway."""
    cloud.faults.add(fault)
    form = await start(hass, "cloud")
    with monkeypatch.context() as patch:
        patch.setattr(transport, "EXCHANGE_SECONDS", 0.5)
        menu = await submit(hass, form, credentials(cloud))
    assert menu["type"] is FlowResultType.MENU
    assert menu["step_id"] == "cannot_connect"
    assert menu["menu_options"] == ["verify", "credentials", "save_anyway"]
    await finish(hass, await choose(hass, menu, "verify"))


async def _unreachable(hass: HomeAssistant, server: BudgeroServer) -> ConfigFlowResult:
    """Go as far as one can without a server."""
    await server.stop()
    form = await submit(hass, await start(hass, "own_server"), address(server))
    menu = await submit(hass, form, credentials(server))
    assert menu["step_id"] == "cannot_connect"
    assert menu["menu_options"] == [
        "verify",
        "credentials",
        "own_server",
        "save_anyway",
    ]
    return menu


async def test_unreachable_then_verified(
    hass: HomeAssistant, server: BudgeroServer
) -> None:
    """The server is back when the person tries again."""
    menu = await _unreachable(hass, server)
    menu = await choose(hass, menu, "verify")
    assert menu["step_id"] == "cannot_connect"
    await server.start()
    await finish(hass, await choose(hass, menu, "verify"))


async def test_unreachable_then_saved_anyway(
    hass: HomeAssistant, server: BudgeroServer, add: Call, impatient: None
) -> None:
    """The entry works at once; what is logged waits until the server is back."""
    menu = await _unreachable(hass, server)
    await finish(hass, await choose(hass, menu, "save_anyway"))
    assert (await add(amount=1))["status"] == "waiting"
    await server.start()
    await until(lambda: server.counts.pending == 1)


async def test_unreachable_then_other_credentials(
    hass: HomeAssistant, server: BudgeroServer
) -> None:
    """The person corrects the token instead; what was typed is still there."""
    form = await choose(hass, await _unreachable(hass, server), "credentials")
    assert suggested(form) == credentials(server)
    await server.start()
    await finish(hass, await submit(hass, form, credentials(server)))


async def test_unreachable_then_other_address(
    hass: HomeAssistant, server: BudgeroServer, other_server: BudgeroServer
) -> None:
    """The person corrects the address, and need not enter the secrets again."""
    form = await choose(hass, await _unreachable(hass, server), "own_server")
    assert suggested(form) == address(server)
    form = await submit(hass, form, address(other_server))
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}  # verified at once
    form = await submit(hass, form, credentials(other_server))
    entry = await finish(hass, form)
    assert entry.data[CONF_URL] == other_server.url


async def test_other_address_of_a_space_that_is_there(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Correcting the address leads to a space that is set up already."""
    before = dict(loaded.data)
    form = await start(hass, "own_server")
    values = {CONF_URL: "http://127.0.0.1:1", CONF_VERIFY_SSL: True}
    form = await submit(hass, form, values)
    menu = await submit(hass, form, credentials(server))
    assert menu["step_id"] == "same_space"
    menu = await choose(hass, menu, "change_entry")
    assert menu["step_id"] == "cannot_connect"
    form = await choose(hass, menu, "own_server")
    result = await submit(hass, form, address(server))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    assert hass.config_entries.async_entries(DOMAIN) == [loaded]
    assert loaded.data == before


@pytest.mark.parametrize("typed", ["{url}/", "127.0.0.1:{port}", "{url}/api/v1"])
async def test_same_space_twice(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, typed: str
) -> None:
    """However it is written, the same space is not added twice."""
    url = typed.format(url=server.url, port=server.port)
    form = await start(hass, "own_server")
    form = await submit(hass, form, {CONF_URL: url, CONF_VERIFY_SSL: False})
    values = {CONF_TOKEN: OTHER_TOKEN, CONF_SPACE_KEY: server.space_key.rstrip("=")}
    result = await submit(hass, form, values)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"


async def test_same_space_in_two_windows(
    hass: HomeAssistant, cloud: BudgeroServer
) -> None:
    """A window closed half-way is in nobody's way, and adds nothing later."""
    first, second = await start(hass, "cloud"), await start(hass, "cloud")
    await submit(hass, first, credentials(cloud))
    await finish(hass, await submit(hass, second, credentials(cloud)))
    assert hass.config_entries.flow.async_progress() == []


async def test_another_space_gets_another_title(
    hass: HomeAssistant, loaded: MockConfigEntry, other_server: BudgeroServer
) -> None:
    """A second household is told apart by its server."""
    form = await submit(hass, await start(hass, "own_server"), address(other_server))
    entry = await finish(hass, await submit(hass, form, credentials(other_server)))
    assert (loaded.title, entry.title) == ("Budgero", "Budgero 127.0.0.1")


@pytest.mark.parametrize("field", ["account", "category", "budget"])
async def test_defaults_that_are_no_ids(
    hass: HomeAssistant, cloud: BudgeroServer, field: str
) -> None:
    """The form names the field, keeps the rest, and can be sent again."""
    menu = await submit(hass, await start(hass, "cloud"), credentials(cloud))
    form = await until_defaults(hass, menu)
    for value in ("0", "-3", "1.5", str(2**53), "x", "1 2"):
        typed = TYPED | {field: value}
        form = await submit(hass, form, typed)
        assert form["step_id"] == "defaults"
        assert form["errors"] == {field: f"{field}_not_an_id"}
        assert suggested(form) == typed
    result = await submit(hass, form, TYPED | {field: " 7 "})
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"][field] == 7
    await hass.async_block_till_done()


async def test_defaults_may_leave_the_category_out(
    hass: HomeAssistant, cloud: BudgeroServer
) -> None:
    """Ids come as texts from the form and are stored as whole numbers."""
    menu = await submit(hass, await start(hass, "cloud"), credentials(cloud))
    form = await until_defaults(hass, menu)
    assert set(suggested(form)) == {CONF_CURRENCY}  # no id is filled in
    values = {"account": "2", "category": " ", "budget": "1", "currency": "JPY"}
    result = await submit(hass, form, values)
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["options"] == {
        "account": 2,
        "budget": 1,
        "currency": "JPY",
        CONF_IS_DEFAULT: True,
    }
    await hass.async_block_till_done()


async def test_currency_is_home_assistants_by_default(
    hass: HomeAssistant, cloud: BudgeroServer
) -> None:
    """The currency that Home Assistant is set to is filled in."""
    await hass.config.async_update(currency="CHF")
    menu = await submit(hass, await start(hass, "cloud"), credentials(cloud))
    form = await until_defaults(hass, menu)
    assert suggested(form) == {CONF_CURRENCY: "CHF"}
    await finish(hass, form)


async def test_several_entries(
    hass: HomeAssistant, server: BudgeroServer, other_server: BudgeroServer
) -> None:
    """Two spaces of one server are two entries, told apart by their keys."""
    first, second = make_entry(server), make_second_entry(other_server)
    await set_up(hass, first)
    await set_up(hass, second)
    assert first.unique_id != second.unique_id
    assert len(hass.config_entries.async_loaded_entries(DOMAIN)) == 2


# The same space under another spelling of its address.


async def _same_space(
    hass: HomeAssistant, url: str, typed: dict[str, str]
) -> ConfigFlowResult:
    """Enter the key of an entry that is there, and another address."""
    form = await start(hass, "own_server")
    form = await submit(hass, form, {CONF_URL: url, CONF_VERIFY_SSL: True})
    menu = await submit(hass, form, typed)
    assert menu["step_id"] == "same_space"
    assert menu["menu_options"] == ["change_entry", "keep_entry"]
    return menu


def _by_name(server: BudgeroServer) -> str:
    return server.url.replace("127.0.0.1", "localhost")


async def test_same_space_changes_its_entry(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The entry that is there gets the other address; none is added."""
    url = _by_name(server)
    menu = await _same_space(hass, url, credentials(server))
    assert menu["description_placeholders"] == {
        "title": "Budgero",
        "known": server.url,
        "url": url,
    }
    assert loaded.data[CONF_URL] == server.url
    result = await choose(hass, menu, "change_entry")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert hass.config_entries.async_entries(DOMAIN) == [loaded]
    assert loaded.data == {**credentials(server), CONF_URL: url, CONF_VERIFY_SSL: True}
    assert loaded.unique_id is not None
    assert loaded.unique_id.startswith(f"{url}#")
    assert (await add(amount=1, wait=True))["status"] == "accepted"


async def test_same_space_keeps_its_entry(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Nothing is changed, and none is added."""
    before = dict(loaded.data)
    menu = await _same_space(hass, _by_name(server), credentials(server))
    result = await choose(hass, menu, "keep_entry")
    assert result["reason"] == "already_configured"
    assert hass.config_entries.async_entries(DOMAIN) == [loaded]
    assert loaded.data == before


async def test_same_space_asks_what_may_be_on_its_way(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """As every change of an address does."""
    server.faults.add(Drop(after_commit=True))
    await add(amount=1)
    await until(lambda: running(loaded).sender.last_error == "in_doubt")
    menu = await _same_space(hass, _by_name(server), credentials(server))
    menu = await choose(hass, menu, "change_entry")
    assert menu["step_id"] == "settle"
    result = await choose(hass, menu, "move")
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert loaded.data[CONF_URL] == _by_name(server)


@pytest.mark.usefixtures("quick")
async def test_same_space_stays_signed_in(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer
) -> None:
    """User name and password of the entry are tried at the other address."""
    menu = await _same_space(hass, _by_name(server), credentials(server))
    result = await choose(hass, menu, "change_entry")
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert signed_in.data[CONF_USERNAME] == server.credentials.username
    assert signed_in.data[CONF_URL] == _by_name(server)


async def test_same_space_and_then_another_key(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    other_server: BudgeroServer,
) -> None:
    """Who then enters the key of another space adds that one after all."""
    before = dict(loaded.data)
    typed = credentials(server)
    menu = await _same_space(hass, other_server.url, typed)
    form = await choose(hass, menu, "change_entry")
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    entry = await finish(hass, await submit(hass, form, credentials(other_server)))
    assert entry.data[CONF_SPACE_KEY] == other_server.space_key
    assert loaded.data == before


async def test_key_of_another_entry(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other: MockConfigEntry,
    server: BudgeroServer,
) -> None:
    """An entry is never changed to the space of another one."""
    form = await choose(
        hass, await other.start_reconfigure_flow(hass), "new_credentials"
    )
    menu = await submit(hass, form, credentials(server))
    result = await choose(hass, menu, "correct_key")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
