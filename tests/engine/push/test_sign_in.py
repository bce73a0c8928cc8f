"""Signing in: once for everybody, again when the server forgot, never in a loop."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import (
    Client,
    QueueStats,
    ServerUser,
    TokenOwner,
)
from custom_components.budgero.engine.push.errors import (
    InputProblem,
    NoSignInError,
    PushError,
    RateLimitedError,
    ServerTroubleError,
    UnreachableError,
    UserRefusedError,
    WrongAddressError,
    WrongPasswordError,
    WrongTokenError,
)
from custom_components.budgero.engine.push.sign_in import REST_AFTER_REFUSAL
from tests.budgero_server import BudgeroServer, RateLimit, Redirect, Reply

from .attempts import refusal
from .credentials import KEY, TOKEN, USER
from .user_wire import JSON_WEB_TOKEN, LOGIN, WELCOME, reply, says
from .wire import Wire, http

SIGN_IN = "/api/v1/auth/local/login"
MODULE = "custom_components.budgero.engine.push.sign_in"
NOTHING = QueueStats(pending=0, processed=0, failed=0, total=0)


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        """Start somewhere."""
        self.now = 1000.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Turn the clock that rests are measured with."""
    clock = Clock()
    monkeypatch.setattr(f"{MODULE}.monotonic", clock)
    return clock


@pytest.fixture
def stranger(server: BudgeroServer, session: ClientSession) -> ServerUser:
    """Return the user with a password that was changed."""
    return ServerUser(session, server.url, USER.username, "another password")


def _sign_ins(server: BudgeroServer) -> int:
    return sum(seen.path == SIGN_IN for seen in server.requests)


async def test_one_sign_in_serves_all_calls(
    server: BudgeroServer, user: ServerUser
) -> None:
    """Also those that come at the same time, before anybody has signed in."""
    found = await asyncio.gather(*(user.stats() for _ in range(5)))
    assert found == [NOTHING] * 5
    assert await user.stats() == NOTHING
    assert _sign_ins(server) == 1


@pytest.mark.parametrize("name", ["canary-user", " Canary-USER\n"])
async def test_checking_a_password(
    name: str, server: BudgeroServer, session: ClientSession
) -> None:
    """Checking signs in although there is a session; two checks at once share it."""
    user = ServerUser(session, server.url, name, USER.password)
    await user.stats()
    await asyncio.gather(user.sign_in(), user.sign_in())
    assert _sign_ins(server) == 2


async def test_a_restarted_server_forgets_its_sessions(
    server: BudgeroServer, user: ServerUser
) -> None:
    """A new one is opened by itself, and by one of those who notice."""
    await user.stats()
    await server.restart()
    found = await asyncio.gather(user.stats(), user.stats(), user.stats())
    assert set(found) == {NOTHING}
    assert _sign_ins(server) == 2


async def test_a_session_that_the_server_ended(
    server: BudgeroServer, user: ServerUser
) -> None:
    """What could not be done is done once with the new session."""
    await user.stats()
    server.end_sessions()
    assert await user.clear_queue() == 0
    assert [(seen.method, seen.status) for seen in server.requests[2:]] == [
        ("DELETE", 401),
        ("POST", 200),
        ("DELETE", 200),
    ]


async def test_a_wrong_password(server: BudgeroServer, stranger: ServerUser) -> None:
    """It is an error of its own, and nothing about the push token."""
    with pytest.raises(WrongPasswordError) as caught:
        await stranger.sign_in()
    assert caught.value.code == "wrong_password"
    assert not caught.value.in_doubt
    assert not isinstance(caught.value, WrongTokenError)


async def test_a_wrong_password_is_tried_every_15_minutes(
    server: BudgeroServer, stranger: ServerUser, clock: Clock
) -> None:
    """Whoever asks in between hears the same at once; the household's limit stays."""
    calls: tuple[Callable[[], Awaitable[object]], ...] = (
        stranger.sign_in,
        stranger.stats,
        stranger.pending,
        stranger.space_id,
    )
    for attempt in range(1, 4):
        refused = await asyncio.gather(
            *(call() for call in calls), return_exceptions=True
        )
        assert [type(error) for error in refused] == [WrongPasswordError] * 4
        assert _sign_ins(server) == attempt
        clock.now += REST_AFTER_REFUSAL - 1
        with pytest.raises(WrongPasswordError) as caught:
            await stranger.stats()
        assert caught.value.retry_after == pytest.approx(1)
        assert _sign_ins(server) == attempt
        clock.now += 1


async def test_a_password_that_is_right_again(
    server: BudgeroServer, user: ServerUser, clock: Clock
) -> None:
    """After the rest it is tried, and nothing is left of the refusal."""
    refusal = Reply(path=SIGN_IN, status=401, json={"message": "invalid credentials"})
    server.faults.add(refusal)
    with pytest.raises(WrongPasswordError):
        await user.stats()
    clock.now += REST_AFTER_REFUSAL
    assert await user.stats() == NOTHING
    server.end_sessions()
    assert await user.stats() == NOTHING
    assert _sign_ins(server) == 3


async def test_the_limit_of_the_household_is_respected(
    session: ClientSession, clock: Clock, socket_enabled: None
) -> None:
    """When others have used it up this is no reason to ask on."""
    limit = RateLimit(per_second=0.001, burst=0)
    async with BudgeroServer(credentials=USER, login_limit=limit) as server:
        user = ServerUser(session, server.url, USER.username, USER.password)
        for _ in range(3):
            with pytest.raises(RateLimitedError):
                await user.sign_in()
        assert _sign_ins(server) == 1


async def test_a_longer_rest_than_ours(
    server: BudgeroServer, user: ServerUser, clock: Clock
) -> None:
    """What the server asks for counts if it is more."""
    server.faults.add(Reply(path=SIGN_IN, status=429, retry_after="2000"))
    for passed in (0.0, 1999.0):
        clock.now += passed
        with pytest.raises(RateLimitedError):
            await user.sign_in()
    assert _sign_ins(server) == 1
    clock.now += 1
    await user.sign_in()


async def test_sessions_that_end_at_once(
    server: BudgeroServer, user: ServerUser, clock: Clock
) -> None:
    """A server that lets in and refuses is not asked in circles."""
    server.session_lifetime = -1
    for _ in range(3):
        with pytest.raises(UserRefusedError):
            await user.stats()
    assert len(server.requests) == 4  # in, no, in, no
    server.session_lifetime = 60
    clock.now += REST_AFTER_REFUSAL
    assert await user.stats() == NOTHING


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply({"message": "missing authorization header"}, 401), NoSignInError),
        (reply({"message": "account is blocked"}, 403), UserRefusedError),
    ],
)
async def test_other_refusals_rest_too(
    answer: bytes, expected: type[PushError], session: ClientSession, clock: Clock
) -> None:
    """The hosted service has no such sign-in, and users can be blocked."""
    async with Wire(answer) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        for _ in range(3):
            with pytest.raises(expected):
                await user.stats()
        assert len(wire.heard) == 1
        clock.now += REST_AFTER_REFUSAL
        with pytest.raises(expected):
            await user.stats()
    assert len(wire.heard) == 2


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (http(503), ServerTroubleError),
        (http(401, b"<html>Proxy</html>", Content_Type="text/html"), WrongAddressError),
        (http(404), WrongAddressError),
        (http(200, b"<html>Portal</html>"), WrongAddressError),
        (http(200, b"{}"), WrongAddressError),
        (reply({"token": 7}), WrongAddressError),
        (reply({"token": "nodots"}), WrongAddressError),
        (reply({"token": "a.b.c\r\nX-Evil: 1"}), WrongAddressError),
        (reply({"token": "a.b.c\n"}), WrongAddressError),
        (reply({"token": "a.b.\u00e9"}), WrongAddressError),
        (reply({"token": "a.b." + "c" * 9000}), WrongAddressError),
        (reply({"token": "a.b.c", "pad": "x" * 2_000_000}), WrongAddressError),
    ],
)
async def test_trouble_is_no_refusal(
    answer: bytes, expected: type[PushError], session: ClientSession
) -> None:
    """What is not Budgero's own word about the user may be over in a moment."""
    async with Wire(answer) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        for _ in range(2):
            with pytest.raises(expected):
                await user.sign_in()
    assert [heard.line for heard in wire.heard] == [f"{LOGIN} HTTP/1.1"] * 2


async def test_a_server_that_is_away(server: BudgeroServer, user: ServerUser) -> None:
    """Nothing is held against it when it comes back."""
    await user.sign_in()
    await server.stop()
    for _ in range(2):
        with pytest.raises(UnreachableError):
            await user.stats()
    await server.start()
    assert await user.stats() == NOTHING


async def test_a_user_with_many_preferences(session: ClientSession) -> None:
    """They come along with the session, and may be long."""
    welcome = reply({"token": JSON_WEB_TOKEN, "user": {"preferences": "x" * 500_000}})
    async with Wire(says(login=welcome)) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        assert await user.space_id() == "the+space"


async def test_a_sign_in_that_is_given_up(
    server: BudgeroServer, user: ServerUser, session: ClientSession
) -> None:
    """Whoever waited for it signs in instead."""
    async with Wire(None) as silent:
        slow = ServerUser(session, silent.url, "me", "secret")
        first = asyncio.create_task(slow.sign_in())
        second = asyncio.create_task(slow.sign_in())
        await _until(lambda: len(silent.heard) == 1)
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        await _until(lambda: len(silent.heard) == 2)
        second.cancel()
        with pytest.raises(asyncio.CancelledError):
            await second


async def _until(is_true: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not is_true():
            await asyncio.sleep(0.01)


async def test_the_session_goes_nowhere_else(session: ClientSession) -> None:
    """The password only to the sign-in; the session only into its one header."""
    async with Wire(says(token=reply({"has_token": False}))) as wire:
        user = ServerUser(session, wire.url, " me ", "secret")
        client = Client(session, wire.url, TOKEN, KEY)
        assert await user.owner_of_token(client) is TokenOwner.OTHER_USER
    sign_in, ask = wire.heard
    assert "Authorization" not in sign_in.headers
    assert sign_in.body == b'{"username": "me", "password": "secret"}'
    assert ask.headers.pop("Authorization") == f"Bearer {JSON_WEB_TOKEN}"
    assert ask.line == "GET /api/v1/push/token HTTP/1.1"
    assert ask.body == b""
    assert JSON_WEB_TOKEN not in repr(ask)


async def test_a_redirect_gets_neither_password_nor_session(
    server: BudgeroServer, user: ServerUser
) -> None:
    """Wherever it leads."""
    async with Wire(WELCOME) as elsewhere:
        server.faults.add(Redirect(path=SIGN_IN, location=elsewhere.url, status=307))
        with pytest.raises(WrongAddressError):
            await user.sign_in()
        await user.sign_in()
        server.faults.add(
            Redirect(
                method="GET",
                path="/api/v1/push/stats",
                location=elsewhere.url,
                status=302,
            )
        )
        with pytest.raises(WrongAddressError):
            await user.stats()
        await asyncio.sleep(0.05)
    assert elsewhere.heard == []


@pytest.mark.parametrize(
    ("name", "password", "field"),
    [(" \n", "secret", "username"), ("me", "", "password")],
)
def test_something_is_missing(
    name: str, password: str, field: str, session: ClientSession
) -> None:
    """A user without a name or password never comes about."""
    assert refusal(ServerUser, session, "https://budget.example", name, password) == (
        field,
        InputProblem.MISSING,
    )
