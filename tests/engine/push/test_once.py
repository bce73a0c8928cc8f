"""Nothing that changes something is sent a second time behind our back."""

from collections.abc import Awaitable, Callable

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import Client, ServerUser
from custom_components.budgero.engine.push.errors import InDoubtError
from tests.engine.lunch import LUNCH

from .credentials import KEY, TOKEN
from .user_wire import says
from .wire import Heard, Wire, http

type Call = Callable[[Client, ServerUser], Awaitable[object]]

CHANGES: dict[str, Call] = {
    "POST /api/v1/push": lambda client, _: client.push(client.seal(LUNCH)),
    "DELETE /api/v1/push/queue": lambda client, _: client.clear_queue(),
    "DELETE /api/v1/push/queue?all=1": lambda _, user: user.clear_queue(
        include_all=True
    ),
    "PUT /api/v1/push/queue/item": lambda _, user: user.put_back("item"),
    "POST /api/v1/auth/local/login": lambda _, user: user.sign_in(),
}


def _dropping(line: str) -> Callable[[Heard], bytes]:
    """Hang up on one kind of request, after reading it; answer others, and stay."""
    others = says(health=http(200, b"{}"))

    def answer(heard: Heard) -> bytes:
        if heard.line.startswith(f"{line} "):
            return b""
        return others(heard).replace(b"Connection: close", b"Connection: keep-alive")

    return answer


def _lines(wire: Wire) -> list[str]:
    return [heard.line.removesuffix(" HTTP/1.1") for heard in wire.heard]


@pytest.mark.parametrize("is_kept", [False, True], ids=["new", "kept"])
@pytest.mark.parametrize(("line", "call"), CHANGES.items(), ids=CHANGES)
async def test_a_broken_connection(
    line: str, call: Call, is_kept: bool, session: ClientSession
) -> None:
    """One request arrives, and its outcome is not known."""
    async with Wire(_dropping(line), stays=True) as wire:
        client = Client(session, wire.url, TOKEN, KEY)
        user = ServerUser(session, wire.url, "me", "secret")
        if is_kept:
            assert not await client.health()
        with pytest.raises(InDoubtError):
            await call(client, user)
    assert _lines(wire).count(line) == 1


async def test_a_question_that_changes_nothing(session: ClientSession) -> None:
    """It is asked again: a server may close a kept connection at any moment."""
    line = "GET /api/v1/push/stats"
    async with Wire(_dropping(line), stays=True) as wire:
        with pytest.raises(InDoubtError):
            await Client(session, wire.url, TOKEN, KEY).stats()
    assert _lines(wire) == [line, line]
