"""The server's address: what people paste, and where plain http may lead."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
import socket
from unittest.mock import Mock

from hypothesis import given, strategies as st
import pytest

from custom_components.budgero.engine.push import CLOUD, ServerAddress
from custom_components.budgero.engine.push.errors import (
    InputProblem,
    InvalidInputError,
    NotPrivateError,
    UnreachableError,
)

from .attempts import attempt, refusal
from .names import resolving


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (CLOUD, "https://my.budgero.app"),
        ("my.budgero.app", "https://my.budgero.app"),
        (" HTTPS://My.Budgero.App/ \n", "https://my.budgero.app"),
        ('"https://my.budgero.app"', "https://my.budgero.app"),
        ("https://my.budgero.app:443", "https://my.budgero.app"),
        ("https://budget.example:8443/", "https://budget.example:8443"),
        ("https://budget.example/api/v1", "https://budget.example"),
        ("https://budget.example/api/v1/", "https://budget.example"),
        ("https://budget.example/api/v1/push", "https://budget.example"),
        ("budget.example:3001", "https://budget.example:3001"),
        ("https://203.0.113.7", "https://203.0.113.7"),
        ("203.0.113.7:3001", "https://203.0.113.7:3001"),
        ("192.168.1.5:3001", "http://192.168.1.5:3001"),
        ("10.0.0.2", "http://10.0.0.2"),
        ("172.16.0.1/api/v1", "http://172.16.0.1"),
        ("172.32.0.1", "https://172.32.0.1"),
        ("169.254.7.7", "http://169.254.7.7"),
        ("100.64.0.9:3001", "http://100.64.0.9:3001"),
        ("100.128.0.9", "https://100.128.0.9"),
        ("localhost:3001", "http://localhost:3001"),
        ("127.0.0.1", "http://127.0.0.1"),
        ("[::1]:3001", "http://[::1]:3001"),
        ("[fd00::5]", "http://[fd00::5]"),
        ("[fe80::5]:81", "http://[fe80::5]:81"),
        ("[2001:db8::5]", "https://[2001:db8::5]"),
        ("http://budget.local:3001", "http://budget.local:3001"),
        ("http://budget.example", "http://budget.example"),
        ("http://192.168.1.5:80", "http://192.168.1.5"),
        ("http://[::ffff:192.168.1.5]", "http://[::ffff:192.168.1.5]"),
        ("https://[::1]", "https://[::1]"),
        ("http://m\u00fcnchen.local", "http://xn--mnchen-3ya.local"),
        ("https://XN--MNCHEN-3YA.example", "https://xn--mnchen-3ya.example"),
        ("https://\u2603.example", "https://xn--n3h.example"),
        ("https://budget.example.", "https://budget.example"),
        ("localhost.", "http://localhost"),
        ("192.168.1.5.:3001", "http://192.168.1.5:3001"),
        ("https://budget\u3002example", "https://budget.example"),
        ("\uff11\uff19\uff12.168.1.5", "http://192.168.1.5"),
        ("http://budgero_app:3001", "http://budgero_app:3001"),
        ("https://budget.example:", "https://budget.example"),
        ("https://budget.example:08443", "https://budget.example:8443"),
        ("[0:0:0:0:0:0:0:1]", "http://[::1]"),
        ("[FD00::0005]:80", "http://[fd00::5]"),
        ("[::ffff:c0a8:105]", "http://[::ffff:192.168.1.5]"),
        ("\ufeff \u201chttps://budget.example\u201d\u200b\n", "https://budget.example"),
        ("https://budget.example/?#", "https://budget.example"),
        (f"https://{'b' * 63}.example", f"https://{'b' * 63}.example"),
    ],
)
def test_addresses_as_people_paste_them(text: str, address: str) -> None:
    """Without a scheme https is meant, unless it is clearly a machine at home."""
    parsed = ServerAddress.parse(text)
    assert str(parsed) == address
    assert parsed.is_plain is address.startswith("http:")
    assert ServerAddress.parse(str(parsed)) == parsed


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", InputProblem.MISSING),
        (" \n", InputProblem.MISSING),
        ("''", InputProblem.MISSING),
        ("https://", InputProblem.NOT_AN_ADDRESS),
        ("http:///api", InputProblem.NOT_AN_ADDRESS),
        ("budget.example:99999", InputProblem.NOT_AN_ADDRESS),
        ("budget.example:port", InputProblem.NOT_AN_ADDRESS),
        ("https://budget.example:0", InputProblem.NOT_AN_ADDRESS),
        ("https://[::1", InputProblem.NOT_AN_ADDRESS),
        ("::1", InputProblem.NOT_AN_ADDRESS),
        ("//budget.example", InputProblem.NOT_AN_ADDRESS),
        ("not a url", InputProblem.NOT_AN_ADDRESS),
        ("https://not a url", InputProblem.NOT_AN_ADDRESS),
        ("see budget.example", InputProblem.NOT_AN_ADDRESS),
        ("budget\u00a0example", InputProblem.NOT_AN_ADDRESS),
        ("budget.\u200bexample", InputProblem.NOT_AN_ADDRESS),
        ("budget.\nexample", InputProblem.NOT_AN_ADDRESS),
        (".", InputProblem.NOT_AN_ADDRESS),
        ("..", InputProblem.NOT_AN_ADDRESS),
        ("https://.", InputProblem.NOT_AN_ADDRESS),
        (".example", InputProblem.NOT_AN_ADDRESS),
        ("budget..example", InputProblem.NOT_AN_ADDRESS),
        ("budget.example..", InputProblem.NOT_AN_ADDRESS),
        ("-.example", InputProblem.NOT_AN_ADDRESS),
        (f"{'b' * 64}.example", InputProblem.NOT_AN_ADDRESS),
        (".".join(["b" * 63] * 4), InputProblem.NOT_AN_ADDRESS),
        ("\x00", InputProblem.NOT_AN_ADDRESS),
        ("budget\x00.example", InputProblem.NOT_AN_ADDRESS),
        ("https://budget.example\\@evil.example", InputProblem.HAS_CREDENTIALS),
        ("https:\\budget.example", InputProblem.NOT_AN_ADDRESS),
        ("https:budget.example", InputProblem.NOT_AN_ADDRESS),
        ("https://budget%2eexample", InputProblem.NOT_AN_ADDRESS),
        ("https://budget.example:80:80", InputProblem.NOT_AN_ADDRESS),
        ("https://budget.example:\u0668\u0660", InputProblem.NOT_AN_ADDRESS),
        ("https://budget.example:-1", InputProblem.NOT_AN_ADDRESS),
        ("https://budget.example:65536", InputProblem.NOT_AN_ADDRESS),
        ("https://\u2100.example", InputProblem.NOT_AN_ADDRESS),
        ("https://\ud800.example", InputProblem.NOT_AN_ADDRESS),
        ("https://xn--a", InputProblem.NOT_AN_ADDRESS),
        # Other spellings of an IPv4 address, and half of one.
        ("http://127.1", InputProblem.NOT_AN_ADDRESS),
        ("http://2130706433", InputProblem.NOT_AN_ADDRESS),
        ("http://0x7f000001", InputProblem.NOT_AN_ADDRESS),
        ("http://0177.0.0.1", InputProblem.NOT_AN_ADDRESS),
        ("192.168.1", InputProblem.NOT_AN_ADDRESS),
        ("192.168.1.256", InputProblem.NOT_AN_ADDRESS),
        ("192.168.1.05", InputProblem.NOT_AN_ADDRESS),
        # What looks like IPv6.
        ("https://[:%0d%0a:1]/", InputProblem.NOT_AN_ADDRESS),
        ("http://[fc%0000::1]:8080", InputProblem.NOT_AN_ADDRESS),
        ("http://[fe80::1%25eth0]", InputProblem.NOT_AN_ADDRESS),
        ("http://[fe80::1%eth0]", InputProblem.NOT_AN_ADDRESS),
        ("https://[]", InputProblem.NOT_AN_ADDRESS),
        ("https://[192.168.1.5]", InputProblem.NOT_AN_ADDRESS),
        ("https://[v1.x]", InputProblem.NOT_AN_ADDRESS),
        ("https://[::1]x", InputProblem.NOT_AN_ADDRESS),
        ("https://x[::1]", InputProblem.NOT_AN_ADDRESS),
        ("ftp://budget.example", InputProblem.BAD_SCHEME),
        ("see https://budget.example", InputProblem.BAD_SCHEME),
        ("ws://192.168.1.5", InputProblem.BAD_SCHEME),
        ("file:///etc/passwd", InputProblem.BAD_SCHEME),
        ("https://me@budget.example", InputProblem.HAS_CREDENTIALS),
        ("https://me:secret@budget.example", InputProblem.HAS_CREDENTIALS),
        ("https://:secret@budget.example", InputProblem.HAS_CREDENTIALS),
        ("https://@budget.example", InputProblem.HAS_CREDENTIALS),
        ("127.0.0.1@evil.example", InputProblem.HAS_CREDENTIALS),
        ("127.0.0.1:80@evil.example", InputProblem.HAS_CREDENTIALS),
        ("https://budget.example/login", InputProblem.HAS_PATH),
        ("https://budget.example/budgero/api/v1", InputProblem.HAS_PATH),
        ("https://budget.example?space=1", InputProblem.HAS_PATH),
        ("https://budget.example/#settings", InputProblem.HAS_PATH),
        ("http://203.0.113.7:3001", InputProblem.NOT_PRIVATE),
        ("http://172.32.0.1", InputProblem.NOT_PRIVATE),
        ("http://0.0.0.0:3001", InputProblem.NOT_PRIVATE),
        ("http://[2001:db8::5]", InputProblem.NOT_PRIVATE),
        ("http://[::ffff:8.8.8.8]", InputProblem.NOT_PRIVATE),
        ("http://\uff18.8.8.8", InputProblem.NOT_PRIVATE),
    ],
)
def test_addresses_that_are_refused(text: str, problem: InputProblem) -> None:
    """The form says what is wrong with the address before the token goes anywhere."""
    assert refusal(ServerAddress.parse, text) == ("url", problem)


HOSTS = (
    st.ip_addresses().map(str)
    | st.ip_addresses(v=6).map(lambda address: f"[{address}]")
    | st.ip_addresses(v=6).map(lambda address: f"[{address.exploded.upper()}]")
    | st.from_regex(r"[a-zA-Z0-9_.-]{1,20}", fullmatch=True)
    | st.from_regex(r"\[[0-9a-fA-F:.%]{0,12}\]", fullmatch=True)
    | st.from_regex(r"(xn--)?\w{1,8}[.\u3002]?\w{0,8}", fullmatch=True)
)
ADDRESSES = (
    st.text(max_size=60)
    | st.from_regex(r"https?://[ -~]{0,40}", fullmatch=True)
    | st.tuples(
        st.sampled_from(["", "http://", "https://", "HTTPS://", "//", "ftp://"]),
        HOSTS,
        st.sampled_from(["", ":", ":80", ":443", ":3001", ":0", ":99999"]),
        st.sampled_from(["", "/", "/api/v1/push", "/x", "?", "#"]),
    ).map("".join)
)


@given(ADDRESSES)
def test_an_address_or_a_refusal(text: str) -> None:
    """No pasted text brings the form down, and none keeps a path or a password.

    Whatever is stored can be read again, and is the same address.
    """
    address = attempt(ServerAddress.parse, text)
    if isinstance(address, InvalidInputError):
        assert address.field == "url"
    else:
        assert address.url.scheme in ("http", "https")
        assert (address.url.user, address.url.password) == (None, None)
        assert address.url.path_qs == "/"
        assert not address.url.fragment
        assert ServerAddress.parse(str(address)) == address
        assert str(address) == f"{address.url.scheme}://{address.host_header}"
        assert address.url.host
        assert address.host_header.isascii()
        assert str(address.url.raw_host).encode("idna")  # as a look-up begins
        assert address.is_exposed <= address.is_plain


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://my.budgero.app", "my.budgero.app"),
        ("https://budget.example:8443", "budget.example:8443"),
        ("http://budget.local:80", "budget.local"),
        ("http://m\u00fcnchen.local:3001", "xn--mnchen-3ya.local:3001"),
        ("http://[fd00::5]:3001", "[fd00::5]:3001"),
        ("http://[fd00::5]", "[fd00::5]"),
    ],
)
def test_the_host_header(text: str, host: str) -> None:
    """A proxy in front of the server finds it by exactly this name."""
    assert ServerAddress.parse(text).host_header == host


@pytest.mark.parametrize(
    ("text", "exposed"),
    [
        ("https://my.budgero.app", False),
        ("https://192.168.1.5", False),
        ("http://localhost:3001", False),
        ("http://127.0.0.1:3001", False),
        ("http://127.8.8.8", False),
        ("http://[::1]:3001", False),
        ("http://192.168.1.5:3001", True),
        ("http://[fd00::5]", True),
        ("http://budget.local:3001", True),
    ],
)
def test_what_others_at_home_could_read(text: str, exposed: bool) -> None:
    """Plain http within one machine is no reason to warn; across the house it is."""
    assert ServerAddress.parse(text).is_exposed is exposed


@pytest.mark.parametrize(
    "text", ["https://budget.example", "http://192.168.1.5:3001", "http://[::1]:3001"]
)
async def test_what_needs_no_look_up(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate proves https, and a literal address was checked."""
    look_up = Mock()
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
    address = ServerAddress.parse(text)
    assert await address.resolve() == address.url
    look_up.assert_not_called()


@pytest.mark.parametrize(
    ("found", "host"),
    [
        (["192.168.1.5"], "192.168.1.5"),
        (["127.0.0.1"], "127.0.0.1"),
        (["fd00::5"], "fd00::5"),
        (["::1"], "::1"),
        (["fd00::5", "192.168.1.5"], "192.168.1.5"),
        (["fe80::5", "10.0.0.2", "192.168.1.5"], "10.0.0.2"),
        (["100.64.0.9"], "100.64.0.9"),
        (["2a00::5", "192.168.1.5"], "192.168.1.5"),
        (["8.8.8.8", "fd00::5"], "fd00::5"),
    ],
)
async def test_plain_http_leads_to_the_checked_address(
    found: Sequence[str], host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection goes to the address that was looked at, not to a second look-up."""
    resolving(monkeypatch, {"budget.local": found})
    url = await ServerAddress.parse("http://budget.local:3001").resolve()
    assert (url.scheme, url.host, url.port, url.path) == ("http", host, 3001, "/")


@pytest.mark.parametrize(
    "found",
    [
        ["203.0.113.7"],
        ["8.8.8.8", "2001:db8::5"],
        ["2001:db8::5"],
        ["::ffff:8.8.8.8"],
        ["0.0.0.0"],
        ["::"],
        ["172.32.0.1"],
        ["100.128.0.1"],
        ["224.0.0.1"],
        ["255.255.255.255"],
    ],
)
async def test_plain_http_never_leaves_the_house(
    found: Sequence[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that has no address on the local network is refused."""
    resolving(monkeypatch, {"budget.local": found})
    with pytest.raises(NotPrivateError):
        await ServerAddress.parse("http://budget.local:3001").resolve()


async def _unknown(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")


async def _no_network(*_: object, **__: object) -> None:
    raise OSError(101, "Network is unreachable")


async def _hanging(*_: object, **__: object) -> None:
    await asyncio.sleep(60)


async def _empty(*_: object, **__: object) -> list[object]:
    return []


@pytest.mark.parametrize("look_up", [_unknown, _no_network, _hanging, _empty])
async def test_a_name_that_cannot_be_looked_up(
    look_up: Callable[..., Coroutine[object, object, object]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An unknown name, a hanging name server: nothing was sent, try again later."""
    monkeypatch.setattr(
        "custom_components.budgero.engine.push.address.RESOLVE_SECONDS", 0.05
    )
    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", look_up)
    with pytest.raises(UnreachableError) as caught:
        await ServerAddress.parse("http://budget.local").resolve()
    assert not caught.value.in_doubt


async def test_the_name_that_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name with an umlaut is looked up as it is written in the name server."""
    resolving(monkeypatch, {"xn--mnchen-3ya.local": ["192.168.1.5"]})
    url = await ServerAddress.parse("http://m\u00fcnchen.local").resolve()
    assert url.host == "192.168.1.5"
