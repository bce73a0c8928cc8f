"""What can go wrong for a signed-in user, and what the caller must be told.

The network's mishaps are those of the push client: it is the same way.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from typing import Final

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import ServerUser, SpaceKey
from custom_components.budgero.engine.push.errors import (
    InDoubtError,
    NoSignInError,
    PushError,
    RateLimitedError,
    ServerTroubleError,
    UserRefusedError,
    WrongAddressError,
    WrongPasswordError,
)
from tests.budgero_server import BudgeroServer, CaptivePortal, Drop, HugeBody, Reply

from .credentials import USER

SIGN_IN: Final = "/api/v1/auth/local/login"
STATS: Final = "/api/v1/push/stats"
BLOB: Final = "/api/v1/database/blob"

type Arrangement = Callable[[BudgeroServer], None]
type Call = Callable[[ServerUser, SpaceKey], Awaitable[object]]


async def stats(user: ServerUser, _: SpaceKey) -> object:
    """Read the statistics."""
    return await user.stats()


async def prove(user: ServerUser, key: SpaceKey) -> object:
    """Prove the space key."""
    return await user.prove_key(key)


@dataclass(frozen=True, slots=True, kw_only=True)
class UserMishap:
    """Something that goes wrong for a user.

    Attributes:
        name: what happened.
        error: what the caller must be told.
        arrange: prepares it.
        call: what the user was doing.
        password: with which the user signs in.
    """

    name: str
    error: type[PushError]
    arrange: Arrangement = field(repr=False)
    call: Call = stats
    password: str = field(default=USER.password, repr=False)


def _nothing(_: BudgeroServer) -> None:
    """Leave the server as it is."""


def _no_session_lasts(server: BudgeroServer) -> None:
    server.session_lifetime = -1


def _at_sign_in(status: int, message: str) -> Arrangement:
    fault = Reply(path=SIGN_IN, status=status, json={"message": message})
    return lambda server: server.faults.add(fault)


def _at_stats(status: int, message: str) -> Arrangement:
    fault = Reply(method="GET", path=STATS, status=status, json={"message": message})
    return lambda server: server.faults.add(fault)


USER_MISHAPS: Final = (
    UserMishap(
        name="wrong password",
        error=WrongPasswordError,
        arrange=_nothing,
        password="Canary of another age",
    ),
    UserMishap(
        name="hosted service",
        error=NoSignInError,
        arrange=_at_sign_in(401, "missing authorization header"),
    ),
    UserMishap(
        name="too many sign-ins",
        error=RateLimitedError,
        arrange=_at_sign_in(429, "too many attempts, please try again later"),
    ),
    UserMishap(
        name="blocked", error=UserRefusedError, arrange=_at_stats(403, "no access")
    ),
    UserMishap(
        name="no session lasts", error=UserRefusedError, arrange=_no_session_lasts
    ),
    UserMishap(
        name="trouble", error=ServerTroubleError, arrange=_at_stats(503, "offline")
    ),
    UserMishap(
        name="portal",
        error=WrongAddressError,
        arrange=lambda server: server.faults.add(CaptivePortal(path=SIGN_IN)),
    ),
    UserMishap(
        name="cut at sign-in",
        error=InDoubtError,
        arrange=lambda server: server.faults.add(Drop(path=SIGN_IN, after_commit=True)),
    ),
    UserMishap(
        name="cut",
        error=InDoubtError,
        arrange=lambda server: server.faults.add(
            Drop(method="GET", path=STATS, times=2)  # aiohttp asks twice
        ),
    ),
    UserMishap(
        name="huge",
        error=WrongAddressError,
        arrange=lambda server: server.faults.add(
            HugeBody(method="GET", path=STATS, size=1 << 30)
        ),
    ),
    UserMishap(
        name="no way to the database",
        error=UserRefusedError,
        arrange=lambda server: server.faults.add(
            Reply(method="GET", path=BLOB, status=403, json={"message": "denied"})
        ),
        call=prove,
    ),
)

each_user_mishap = pytest.mark.parametrize(
    "mishap", USER_MISHAPS, ids=[mishap.name for mishap in USER_MISHAPS]
)


async def suffer_as_user(
    mishap: UserMishap, server: BudgeroServer, session: ClientSession, key: SpaceKey
) -> PushError:
    """Let the mishap happen; return what it raised."""
    server.blob = replace(server.blob, iterations=100_000)
    mishap.arrange(server)
    user = ServerUser(session, server.url, USER.username, mishap.password)
    with pytest.raises(PushError) as caught:
        await mishap.call(user, key)
    return caught.value
