"""Reconfigure: another address, token, key or sign-in for an entry that is there."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero import connection
from custom_components.budgero.const import CONF_PREVIOUS_SPACE_KEYS, CONF_SPACE_KEY
from custom_components.budgero.engine.outbox import Hold, pusher
from custom_components.budgero.engine.push import SpaceKey
from custom_components.budgero.forms import CONF_PLAIN_HTTP
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult
from homeassistant.const import (
    CONF_PASSWORD,
    CONF_TOKEN,
    CONF_URL,
    CONF_USERNAME,
    CONF_VERIFY_SSL,
)
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from tests.budgero_server import BudgeroServer, CaptivePortal, Drop, Reply
from tests.engine.outbox.helpers import owner_of

from .flows import (
    OTHER_KEY,
    OTHER_TOKEN,
    address,
    choose,
    credentials,
    resolve_to,
    submit,
    suggested,
    user_of,
)
from .support import (
    Call,
    in_state,
    let_the_app_work,
    make_entry,
    row_of,
    running,
    set_up,
    unreadable,
    until,
)


async def begin(
    hass: HomeAssistant, entry: MockConfigEntry, option: str
) -> ConfigFlowResult:
    """Choose what is to be changed."""
    menu = await entry.start_reconfigure_flow(hass)
    assert menu["step_id"] == "reconfigure"
    return await choose(hass, menu, option)


async def expect_saved(
    hass: HomeAssistant, entry: MockConfigEntry, result: ConfigFlowResult
) -> None:
    """Check that the entry was changed, and works."""
    assert result["type"] is FlowResultType.ABORT, result
    assert result["reason"] == "reconfigure_successful"
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED


def by_name(server: BudgeroServer) -> str:
    """Return another address of a stand-in."""
    return server.url.replace("127.0.0.1", "localhost")


# What can be changed.


async def test_choices(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    other_server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sign-in is offered for an own server, its removal where there is one."""
    menu = await loaded.start_reconfigure_flow(hass)
    assert menu["menu_options"] == ["own_server", "new_credentials", "sign_in"]
    signed_in = make_entry(other_server, **user_of(other_server))
    signed_in.add_to_hass(hass)
    menu = await signed_in.start_reconfigure_flow(hass)
    assert menu["menu_options"] == [
        "own_server",
        "new_credentials",
        "sign_in",
        "sign_out",
    ]
    monkeypatch.setattr(connection, "CLOUD", loaded.data[CONF_URL])
    menu = await loaded.start_reconfigure_flow(hass)
    assert menu["menu_options"] == ["own_server", "new_credentials"]


# The address.


async def test_another_address(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The same server under another name: the entry follows, and delivers."""
    form = await begin(hass, loaded, "own_server")
    assert suggested(form) == address(server)
    values = {CONF_URL: by_name(server), CONF_VERIFY_SSL: True}
    await expect_saved(hass, loaded, await submit(hass, form, values))
    assert loaded.data == {**credentials(server), **values}
    fingerprint = SpaceKey.parse(server.space_key).fingerprint
    assert loaded.unique_id == f"{by_name(server)}#{fingerprint}"
    assert (await add(amount=1, wait=True))["status"] == "accepted"


async def test_impossible_address(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """The form says what is wrong, and can be sent again."""
    form = await begin(hass, loaded, "own_server")
    values = {CONF_URL: "ftp://budgero.example.org", CONF_VERIFY_SSL: True}
    form = await submit(hass, form, values)
    assert form["errors"] == {CONF_URL: "url_bad_scheme"}
    assert suggested(form) == values
    server.faults.add(CaptivePortal())
    form = await submit(hass, form, address(server))
    assert form["step_id"] == "own_server"
    assert form["errors"] == {CONF_URL: "wrong_address"}
    await expect_saved(hass, loaded, await submit(hass, form, address(server)))


async def test_address_of_another_entry(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Two entries never lead to one space."""
    fingerprint = SpaceKey.parse(server.space_key).fingerprint
    second = make_entry(server, **{CONF_URL: by_name(server)})
    second.add_to_hass(hass)
    hass.config_entries.async_update_entry(
        second, unique_id=f"{by_name(server)}#{fingerprint}"
    )
    form = await begin(hass, second, "own_server")
    result = await submit(hass, form, address(server))
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "already_configured"
    assert second.data[CONF_URL] == by_name(server)


async def test_address_of_a_server_with_another_token(
    hass: HomeAssistant, loaded: MockConfigEntry, other_server: BudgeroServer
) -> None:
    """The household has moved to a new server: its token is asked for."""
    form = await begin(hass, loaded, "own_server")
    form = await submit(hass, form, address(other_server))
    assert form["step_id"] == "new_credentials"
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    assert suggested(form) == {}
    form = await submit(hass, form, {CONF_TOKEN: other_server.token})
    await expect_saved(hass, loaded, form)
    assert loaded.data[CONF_URL] == other_server.url
    assert loaded.data[CONF_TOKEN] == other_server.token
    assert CONF_PREVIOUS_SPACE_KEYS not in loaded.data


async def test_plain_http_is_warned_of(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The same warning as at set-up."""
    resolve_to(monkeypatch, "127.0.0.1")
    url = f"http://budgero.test:{server.port}"
    form = await begin(hass, loaded, "own_server")
    form = await submit(hass, form, {CONF_URL: url, CONF_VERIFY_SSL: True})
    assert form["step_id"] == "plain_http"
    assert loaded.data[CONF_URL] == server.url
    await expect_saved(hass, loaded, await submit(hass, form, {}))
    assert loaded.data[CONF_URL] == url


async def test_certificate_of_the_household(
    hass: HomeAssistant, tls_server: BudgeroServer
) -> None:
    """Turning the check off is enough."""
    entry = make_entry(tls_server)
    await set_up(hass, entry)
    form = await begin(hass, entry, "own_server")
    form = await submit(hass, form, address(tls_server))
    assert form["errors"] == {CONF_URL: "certificate"}
    form = await submit(hass, form, address(tls_server, verify=False))
    await expect_saved(hass, entry, form)
    assert entry.data[CONF_VERIFY_SSL] is False


@pytest.mark.usefixtures("impatient")
async def test_new_address_does_not_answer_yet(
    hass: HomeAssistant, loaded: MockConfigEntry, other_server: BudgeroServer, add: Call
) -> None:
    """It can be saved all the same; what waits is delivered when it answers."""
    token, key = loaded.data[CONF_TOKEN], loaded.data[CONF_SPACE_KEY]
    await other_server.stop()
    form = await begin(hass, loaded, "own_server")
    menu = await submit(hass, form, address(other_server))
    assert menu["step_id"] == "cannot_connect"
    assert menu["menu_options"] == [
        "verify",
        "new_credentials",
        "own_server",
        "save_anyway",
    ]
    menu = await choose(hass, menu, "verify")
    await expect_saved(hass, loaded, await choose(hass, menu, "save_anyway"))
    assert loaded.data == {
        **address(other_server),
        CONF_TOKEN: token,
        CONF_SPACE_KEY: key,
    }
    assert (await add(amount=1))["status"] == "waiting"


async def test_to_the_hosted_service(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It takes no sign-in, and its certificate is always checked."""
    monkeypatch.setattr(connection, "CLOUD", by_name(server))
    form = await begin(hass, signed_in, "own_server")
    values = {CONF_URL: by_name(server), CONF_VERIFY_SSL: False}
    await expect_saved(hass, signed_in, await submit(hass, form, values))
    assert signed_in.data == {
        **credentials(server),
        CONF_URL: by_name(server),
        CONF_VERIFY_SSL: True,
    }


# Token and key.


async def test_another_token(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The key field stays empty: the key stays."""
    server.regenerate_token()
    form = await begin(hass, loaded, "new_credentials")
    assert suggested(form) == {}
    form = await submit(hass, form, {CONF_TOKEN: OTHER_TOKEN})
    assert form["step_id"] == "new_credentials"
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    form = await submit(hass, form, {CONF_TOKEN: server.space_key})
    assert form["errors"] == {CONF_TOKEN: "token_looks_like_a_key"}
    form = await submit(hass, form, {CONF_TOKEN: server.token, CONF_SPACE_KEY: " "})
    await expect_saved(hass, loaded, form)
    assert loaded.data == {**address(server), **credentials(server)}
    assert (await add(amount=1, wait=True))["status"] == "accepted"


async def test_everything_kept(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Nothing changes and nothing reloads, but what waits is tried at once."""
    data = dict(loaded.data)
    sender = running(loaded).sender
    server.faults.add(Reply(status=503, html="<p>Bad gateway</p>"))
    await add(amount=1)
    await until(lambda: sender.last_error == "server_trouble")
    form = await begin(hass, loaded, "new_credentials")
    await expect_saved(hass, loaded, await submit(hass, form, {}))
    assert (dict(loaded.data), running(loaded).sender) == (data, sender)


async def test_old_key_was_wrong(
    hass: HomeAssistant, server: BudgeroServer, add: Call
) -> None:
    """The right key is stored; what waits under the wrong one is sealed again."""
    entry = make_entry(server, **{CONF_SPACE_KEY: OTHER_KEY})
    await set_up(hass, entry)
    server.faults.add(Reply(status=429, json={"message": "later"}))
    await add(amount=1)
    await until(lambda: running(entry).sender.last_error == "rate_limited")
    form = await begin(hass, entry, "new_credentials")
    menu = await submit(hass, form, {CONF_SPACE_KEY: server.space_key})
    assert menu["step_id"] == "key_change"
    assert menu["menu_options"] == ["correct_key", "other_workspace"]
    await expect_saved(hass, entry, await choose(hass, menu, "correct_key"))
    assert entry.data == {
        **address(server),
        **credentials(server),
        CONF_PREVIOUS_SPACE_KEYS: [OTHER_KEY],
    }
    fingerprint = SpaceKey.parse(server.space_key).fingerprint
    assert entry.unique_id == f"{server.url}#{fingerprint}"
    await add(amount=2, wait=True)
    assert server.apply().processed == 2


async def test_key_changed_there_and_back(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Every key that was in use is kept, but the one that is."""
    form = await begin(hass, loaded, "new_credentials")
    menu = await submit(hass, form, {CONF_SPACE_KEY: OTHER_KEY})
    await expect_saved(hass, loaded, await choose(hass, menu, "correct_key"))
    assert loaded.data[CONF_PREVIOUS_SPACE_KEYS] == [server.space_key]
    form = await begin(hass, loaded, "new_credentials")
    menu = await submit(hass, form, {CONF_SPACE_KEY: server.space_key})
    await expect_saved(hass, loaded, await choose(hass, menu, "correct_key"))
    assert loaded.data[CONF_SPACE_KEY] == server.space_key
    assert loaded.data[CONF_PREVIOUS_SPACE_KEYS] == [OTHER_KEY]


async def test_key_corrected_twice(
    hass: HomeAssistant,
    idle: asyncio.Lock,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> None:
    """What was sealed with the first key is sealed again with the third."""
    third = SpaceKey(bytes(range(32)))
    async with idle:
        await add(amount=1, message_id="a")
        for key in (OTHER_KEY, third.export()):
            form = await begin(hass, loaded, "new_credentials")
            menu = await submit(hass, form, {CONF_SPACE_KEY: key})
            await expect_saved(hass, loaded, await choose(hass, menu, "correct_key"))
    assert loaded.data[CONF_PREVIOUS_SPACE_KEYS] == [server.space_key, OTHER_KEY]
    assert third.open((await row_of(loaded, "a")).sealed.payload)


async def test_key_of_another_workspace(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Nothing changes: another workspace is another entry."""
    data, unique_id = dict(loaded.data), loaded.unique_id
    form = await begin(hass, loaded, "new_credentials")
    values = {CONF_TOKEN: OTHER_TOKEN, CONF_SPACE_KEY: OTHER_KEY}
    menu = await submit(hass, form, values)
    result = await choose(hass, menu, "other_workspace")
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "other_workspace"
    assert (dict(loaded.data), loaded.unique_id) == (data, unique_id)


async def test_key_is_asked_about_once(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """A wrong token beside it does not make the question come again."""
    form = await begin(hass, loaded, "new_credentials")
    values = {CONF_TOKEN: OTHER_TOKEN, CONF_SPACE_KEY: OTHER_KEY}
    form = await choose(hass, await submit(hass, form, values), "correct_key")
    assert form["step_id"] == "new_credentials"
    assert form["errors"] == {CONF_TOKEN: "wrong_token"}
    form = await submit(hass, form, {CONF_TOKEN: server.token})
    await expect_saved(hass, loaded, form)
    assert loaded.data[CONF_SPACE_KEY] == OTHER_KEY


# What may be on its way.


async def _in_doubt(entry: MockConfigEntry, server: BudgeroServer, add: Call) -> None:
    """Let a transaction arrive whose answer is lost."""
    server.faults.add(Drop(after_commit=True))
    await add(amount=1)
    await until(lambda: running(entry).sender.last_error == "in_doubt")
    assert server.counts.pending == 1


async def test_another_token_while_in_doubt(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The person is told, and can insist."""
    await _in_doubt(loaded, server, add)
    server.regenerate_token()
    form = await begin(hass, loaded, "new_credentials")
    menu = await submit(hass, form, {CONF_TOKEN: server.token})
    assert menu["step_id"] == "settle"
    assert menu["menu_options"] == ["settle", "move"]
    assert menu["description_placeholders"] == {"count": "1"}
    menu = await choose(hass, menu, "settle")
    assert menu["step_id"] == "settle"
    assert loaded.data[CONF_TOKEN] != server.token
    await expect_saved(hass, loaded, await choose(hass, menu, "move"))
    assert loaded.data[CONF_TOKEN] == server.token


async def test_another_address_when_it_is_settled(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    idle: asyncio.Lock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The old address settles it; then nothing stands in the way any more."""
    monkeypatch.setattr(pusher, "DOUBT_REST", 0.5)
    await _in_doubt(loaded, server, add)
    async with idle:
        form = await begin(hass, loaded, "own_server")
        values = {CONF_URL: by_name(server), CONF_VERIFY_SSL: True}
        menu = await submit(hass, form, values)
    assert menu["step_id"] == "settle"
    assert loaded.data[CONF_URL] == server.url
    await in_state(hass, loaded, waiting="0")
    await expect_saved(hass, loaded, await choose(hass, menu, "settle"))
    assert loaded.data[CONF_URL] == by_name(server)
    assert server.counts.pending == 1


async def test_dead_server_while_in_doubt(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    other_server: BudgeroServer,
    add: Call,
) -> None:
    """Nobody is locked in: what nobody can settle does not hold the person up."""
    await _in_doubt(loaded, server, add)
    await server.stop()
    form = await begin(hass, loaded, "own_server")
    form = await submit(hass, form, address(other_server))
    menu = await submit(hass, form, {CONF_TOKEN: other_server.token})
    menu = await choose(hass, menu, "settle")
    await expect_saved(hass, loaded, await choose(hass, menu, "move"))
    assert loaded.data[CONF_URL] == other_server.url


async def test_another_key_while_in_doubt(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It goes where it went before, so there is nothing to settle first."""
    await _in_doubt(loaded, server, add)
    form = await begin(hass, loaded, "new_credentials")
    menu = await submit(hass, form, {CONF_SPACE_KEY: OTHER_KEY})
    await expect_saved(hass, loaded, await choose(hass, menu, "correct_key"))


@pytest.mark.usefixtures("impatient")
async def test_token_that_is_refused_while_in_doubt(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A token that leads nowhere settles nothing; the new one does."""
    server.disable_token()
    server.faults.add(Drop(after_commit=True))
    await add(amount=1)
    await until(lambda: running(loaded).sender.hold is Hold.TOKEN)
    server.regenerate_token()
    form = await begin(hass, loaded, "new_credentials")
    form = await submit(hass, form, {CONF_TOKEN: server.token})
    await expect_saved(hass, loaded, form)
    await until(lambda: server.counts.pending == 1)


async def test_token_of_another_workspace_while_in_doubt(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A token that leads to another workspace settles nothing either."""
    await add(amount=1, wait=True)
    await let_the_app_work(loaded, server)
    await in_state(hass, loaded, processed="1")
    await _in_doubt(loaded, server, add)
    server.change_space()
    for _ in range(2):
        server.regenerate_token()
        form = await begin(hass, loaded, "new_credentials")
        result = await submit(hass, form, {CONF_TOKEN: server.token})
        if result["type"] is FlowResultType.MENU:  # asked of the first workspace only
            assert running(loaded).sender.hold is None
            result = await choose(hass, result, "move")
        await expect_saved(hass, loaded, result)
        await until(lambda: running(loaded).sender.hold is Hold.WORKSPACE)
        assert await running(loaded).store.waiting.count_on_their_way() == 1


async def test_disk_refuses_to_tell(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing is changed while nobody can tell what is on its way."""
    monkeypatch.setattr(
        owner_of("count_on_their_way"), "count_on_their_way", unreadable
    )
    form = await begin(hass, loaded, "own_server")
    values = {CONF_URL: by_name(server), CONF_VERIFY_SSL: True}
    result = await submit(hass, form, values)
    assert result["type"] is FlowResultType.ABORT
    assert result["reason"] == "storage_unavailable"
    assert loaded.data[CONF_URL] == server.url


async def test_entry_that_is_not_loaded(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """It can be changed, and works when it is loaded."""
    assert await hass.config_entries.async_unload(loaded.entry_id)
    form = await begin(hass, loaded, "own_server")
    values = {CONF_URL: by_name(server), CONF_VERIFY_SSL: True}
    result = await submit(hass, form, values)
    assert result["reason"] == "reconfigure_successful"
    await set_up(hass, loaded)
    await expect_saved(hass, loaded, result)


# The sign-in.


@pytest.mark.usefixtures("quick")
async def test_sign_in_later(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """It proves the space key, and can be changed and removed again."""
    form = await begin(hass, loaded, "sign_in")
    assert suggested(form) == {}
    await expect_saved(hass, loaded, await submit(hass, form, user_of(server)))
    with_user = {**address(server), **credentials(server), **user_of(server)}
    assert loaded.data == with_user

    form = await begin(hass, loaded, "sign_in")
    name = {CONF_USERNAME: server.credentials.username}
    assert suggested(form) == name
    form = await submit(hass, form, {CONF_USERNAME: "somebody"})
    assert form["errors"] == {CONF_PASSWORD: "password_missing"}
    await expect_saved(hass, loaded, await submit(hass, form, name))
    assert loaded.data == with_user

    form = await begin(hass, loaded, "sign_in")
    await expect_saved(hass, loaded, await submit(hass, form, {}))
    assert loaded.data == {**address(server), **credentials(server)}


async def test_sign_out(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer
) -> None:
    """User name and password are forgotten, once a person has confirmed it."""
    await server.stop()
    before = dict(signed_in.data)
    form = await begin(hass, signed_in, "sign_out")
    assert (form["type"], form["step_id"]) == (FlowResultType.FORM, "sign_out")
    assert signed_in.data == before
    result = await submit(hass, form, {})
    assert result["reason"] == "signed_out"
    await hass.async_block_till_done()
    assert signed_in.state is ConfigEntryState.LOADED
    assert signed_in.data == {**address(server), **credentials(server)}


async def test_password_was_changed_on_the_server(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer
) -> None:
    """Whatever is changed, a sign-in that no longer works is asked for again."""
    hass.config_entries.async_update_entry(
        signed_in, data={**signed_in.data, CONF_PASSWORD: "old"}
    )
    await hass.async_block_till_done()
    form = await begin(hass, signed_in, "new_credentials")
    form = await submit(hass, form, {})
    assert form["step_id"] == "sign_in"
    assert form["errors"] == {CONF_PASSWORD: "wrong_password"}
    name = {CONF_USERNAME: server.credentials.username}
    assert suggested(form) == name
    form = await submit(hass, form, name)  # the old one is still the one that is kept
    assert form["errors"] == {CONF_PASSWORD: "wrong_password"}
    await expect_saved(hass, signed_in, await submit(hass, form, user_of(server)))
    assert signed_in.data[CONF_PASSWORD] == server.credentials.password


async def test_wrong_key_is_found_by_the_user(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer
) -> None:
    """A key that does not open the database is not stored."""
    form = await begin(hass, signed_in, "new_credentials")
    menu = await submit(hass, form, {CONF_SPACE_KEY: OTHER_KEY})
    form = await choose(hass, menu, "correct_key")
    assert form["step_id"] == "new_credentials"
    assert form["errors"] == {CONF_SPACE_KEY: "space_key_wrong"}
    assert signed_in.data[CONF_SPACE_KEY] == server.space_key
    form = await submit(hass, form, {CONF_SPACE_KEY: server.space_key})
    await expect_saved(hass, signed_in, form)
    assert CONF_PREVIOUS_SPACE_KEYS not in signed_in.data


async def test_password_over_plain_http_wants_consent(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A password that was given for another address is not sent in clear."""
    resolve_to(monkeypatch, "127.0.0.1")
    values = {CONF_URL: f"http://budgero.test:{server.port}", CONF_VERIFY_SSL: True}
    form = await begin(hass, signed_in, "own_server")
    form = await submit(hass, await submit(hass, form, values), {})
    assert form["step_id"] == "sign_in"
    name = {CONF_USERNAME: server.credentials.username}
    assert suggested(form) == name | {CONF_PLAIN_HTTP: False}
    form = await submit(hass, form, name | {CONF_PLAIN_HTTP: False})
    assert form["errors"] == {CONF_PLAIN_HTTP: "plain_http_missing"}
    form = await submit(hass, form, name | {CONF_PLAIN_HTTP: True})
    await expect_saved(hass, signed_in, form)
    assert signed_in.data[CONF_URL] == values[CONF_URL]
    assert signed_in.data[CONF_PASSWORD] == server.credentials.password

    form = await begin(hass, signed_in, "new_credentials")  # agreed once is enough
    await expect_saved(hass, signed_in, await submit(hass, form, {}))


async def test_saving_anyway_does_not_agree_to_plain_http(
    hass: HomeAssistant,
    signed_in: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without consent the password stays behind."""
    resolve_to(monkeypatch, "127.0.0.1")
    await server.stop()
    values = {CONF_URL: f"http://budgero.test:{server.port}", CONF_VERIFY_SSL: True}
    form = await begin(hass, signed_in, "own_server")
    menu = await submit(hass, await submit(hass, form, values), {})
    assert menu["step_id"] == "cannot_connect"
    form = await choose(hass, menu, "save_anyway")
    assert form["step_id"] == "sign_in"
    form = await submit(hass, form, {CONF_PLAIN_HTTP: False})
    await expect_saved(hass, signed_in, form)
    assert signed_in.data == {**credentials(server), **values}
