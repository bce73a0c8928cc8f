"""Whatever a server answers: small typed values, or an error that says what to do."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
import json

from aiohttp import ClientSession
from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.budgero.engine.push import (
    Accepted,
    Client,
    QueueItem,
    QueueStats,
    Sealed,
    ServerUser,
)
from custom_components.budgero.engine.push.answers import MAX_COUNT, MAX_ITEMS
from custom_components.budgero.engine.push.errors import PushError, WrongAddressError

from .credentials import KEY, TOKEN
from .user_wire import WELCOME, reply, says
from .wire import Heard, Wire, http

type Call = Callable[[Client, ServerUser], Awaitable[object]]

CALLS: dict[str, Call] = {
    "verify": lambda client, _: client.verify(),
    "push": lambda client, _: client.push(Sealed("lunch", "cGF5bG9hZA==")),
    "push again": lambda client, _: client.push(
        Sealed("lunch", "cGF5bG9hZA=="), in_doubt=True
    ),
    "ask": lambda client, _: client.ask_state(Accepted("lunch", "item")),
    "spec": lambda client, _: client.spec(),
    "health": lambda client, _: client.health(),
    "stats": lambda client, _: client.stats(),
    "queue": lambda client, _: client.queue(),
    "clear": lambda client, _: client.clear_queue(),
    "sign in": lambda _, user: user.sign_in(),
    "user's stats": lambda _, user: user.stats(),
    "user's queue": lambda _, user: user.pending(),
    "user's clear": lambda _, user: user.clear_queue(),
    "user's space": lambda _, user: user.space_id(),
    "put back": lambda _, user: user.put_back("item"),
    "prove": lambda _, user: user.prove_key(KEY),
    "owner": lambda client, user: user.owner_of_token(client),
}

NAMES = st.sampled_from(
    [
        "id",
        "message",
        "status",
        "items",
        "count",
        "created_at",
        "message_id",
        "pending",
        "processed",
        "failed",
        "total",
        "deleted",
        "token",
        "user",
        "primary_space_id",
        "has_token",
        "space_id",
        "last_used",
        "supported_operations",
        "transactions.add",
        "args",
        "splits",
        "payload_format",
        "schema",
        "v",
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-1, 3)
    | st.sampled_from([MAX_COUNT, MAX_COUNT + 1, 2**64, 10**400, -(10**400)])
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(
        [
            "pending",
            "failed",
            "item",
            "healthy",
            "x" * 9_000,
            "\ud800",
            "a\nb",
            "2026-07-01T10:00:00Z",
            "0001-01-01T00:00:00+14:00",
            "9999-12-31T23:59:59-14:00",
            "2026-13-45T99:99:99Z",
            "duplicate message_id; existing item item (pending)",
            f"duplicate message_id; existing item {'x' * 9_000} ({'y' * 9_000})",
            "token validation failed",
            "missing authorization header",
        ]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(NAMES | st.text(max_size=4), inner, max_size=6)
    ),
    max_leaves=12,
)
BODIES = (
    st.dictionaries(NAMES, VALUES, max_size=8).map(json.dumps).map(str.encode)
    | VALUES.map(json.dumps).map(str.encode)
    | st.binary(max_size=60)
    | st.sampled_from(
        [
            b'{"message":"' + b"\xed\xa0\x80" + b'"}',
            *(b'{"%b":' % name + b"[" * 30_000 for name in (b"items", b"id")),
            b'{"id":' * 900 + b"1" + b"}" * 900,
            b'{"items":' + b"[" * 900 + b"]" * 900 + b"}",
            b'{"pending":' + b"9" * 5_000 + b"}",
        ]
    )
)
HEADERS = st.fixed_dictionaries(
    {},
    optional={
        "Date": st.sampled_from(
            ["Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 +1400", "x"]
        ),
        "Retry_After": st.sampled_from(["9" * 400, "-1", "Fri, 31 Dec 9999 23:59:59"]),
    },
)
STATUSES = st.sampled_from([200, 200, 200, 202, 206, 302, 400, 401, 403, 404, 409, 500])


def _parts(value: object) -> Iterator[object]:
    """Yield what a value is made of."""
    if is_dataclass(value):
        for field in fields(value):
            yield from _parts(getattr(value, field.name))
    elif isinstance(value, tuple | frozenset):
        for part in value:
            yield from _parts(part)
    else:
        yield value


def _assert_small(value: object) -> None:
    """Check that a value may be kept, shown and written as JSON."""
    for part in _parts(value):
        match part:
            case None | bool() | Enum():
                pass
            case int():
                assert 0 <= part <= MAX_COUNT
            case float():  # a time, or seconds to wait
                assert abs(part) < 1e12
            case str():
                assert len(part) <= 128
                assert part.isascii()
                assert part.isprintable()
            case datetime():
                assert part.utcoffset() is not None
                assert part.isoformat()
                assert abs(part.timestamp()) < 1e12
            case _:
                pytest.fail(f"A {type(part).__name__} of a server is kept")


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("is_signed_in", [True, False])
@settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=30)
@given(body=BODIES, status=STATUSES, headers=HEADERS)
async def test_nothing_large_or_odd_is_kept(
    call: Call,
    is_signed_in: bool,
    session: ClientSession,
    body: bytes,
    status: int,
    headers: Mapping[str, str],
) -> None:
    """Every reader of answers takes what it knows, and refuses the rest at once."""
    hostile = http(status, body, Content_Type="application/json", **headers)

    def answer(heard: Heard) -> bytes:
        return WELCOME if is_signed_in and "login" in heard.line else hostile

    async with Wire(answer) as wire:
        client = Client(session, wire.url, TOKEN, KEY)
        user = ServerUser(session, wire.url, "me", "secret")
        try:
            outcome = await call(client, user)
        except PushError as error:
            outcome = (error.detail, error.retry_after)
    _assert_small(outcome)


ITEM = {"id": "item", "status": "pending", "created_at": "2026-07-01T10:00:00.5+02:00"}


@pytest.mark.parametrize(
    "item",
    [
        {"id": "x" * 101},
        {"id": "a b"},
        {"id": "\ud800"},
        {"id": None},
        {"status": 7},
        {"status": None},
        {"created_at": "yesterday"},
        {"created_at": "2026-07-01"},
        {"created_at": "2026-07-01T10:00:00"},
        {"created_at": "0001-01-01T00:00:00+14:00"},
        {"created_at": "2026-07-01T10:00:00Z" + "0" * 9_000},
        {"created_at": None},
        {"created_at": 10**400},
    ],
    ids=repr,
)
async def test_items_that_are_refused(
    item: dict[str, object], session: ClientSession
) -> None:
    """The whole list is none of Budgero's then."""
    listed = reply({"items": [ITEM, ITEM | item]})
    async with Wire(says(queue=listed)) as wire:
        with pytest.raises(WrongAddressError):
            await Client(session, wire.url, TOKEN, KEY).queue()
        with pytest.raises(WrongAddressError):
            await ServerUser(session, wire.url, "me", "secret").pending()


@pytest.mark.parametrize(
    "message_id", [None, "", "x" * 100_000, "\u00e9", "\ud800", "a\nb", 7, [], {}]
)
async def test_a_foreign_message_id_spoils_no_list(
    message_id: object, session: ClientSession
) -> None:
    """Budgero takes any; another program's is none of ours, and is not shown."""
    listed = reply({"items": [ITEM | {"message_id": message_id}]})
    async with Wire(says(queue=listed)) as wire:
        [item] = await Client(session, wire.url, TOKEN, KEY).queue()
    assert item.message_id is None
    assert item.created_at.isoformat() == "2026-07-01T08:00:00.500000+00:00"


async def test_an_unknown_status_is_unknown(session: ClientSession) -> None:
    """Any text may stand there; none of it is kept."""
    listed = reply({"items": [ITEM | {"status": "x" * 9_000}]})
    async with Wire(says(queue=listed)) as wire:
        [item] = await Client(session, wire.url, TOKEN, KEY).queue()
    assert item == QueueItem("item", None, item.state, item.created_at)
    assert item.state == "unknown"


@pytest.mark.parametrize(("number", "is_taken"), [(MAX_ITEMS, True), (9_999, False)])
async def test_the_length_of_a_list(
    number: int, is_taken: bool, session: ClientSession
) -> None:
    """Later servers may list more than today's, but not without an end."""
    async with Wire(reply({"items": [ITEM] * number})) as wire:
        client = Client(session, wire.url, TOKEN, KEY)
        if is_taken:
            assert len(await client.queue()) == number
        else:
            with pytest.raises(WrongAddressError):
                await client.queue()


async def test_the_largest_number(session: ClientSession) -> None:
    """It is the largest that JSON carries to everybody unchanged."""
    names = ("pending", "processed", "failed", "total")
    async with Wire(reply(dict.fromkeys(names, MAX_COUNT))) as wire:
        stats = await Client(session, wire.url, TOKEN, KEY).stats()
    assert stats == QueueStats(*[MAX_COUNT] * 4)


@pytest.mark.parametrize(
    "space_id", ["\ud800", "x" * 101, "a b", "\u00e9", "a\n", 7, [], {}, True]
)
async def test_a_workspace_that_is_refused(
    space_id: object, session: ClientSession
) -> None:
    """It would go into requests: a lone surrogate has paused all delivery."""
    profile = reply({"id": "u", "primary_space_id": space_id})
    async with Wire(says(profile=profile)) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        for call in (user.space_id, user.pending, lambda: user.prove_key(KEY)):
            with pytest.raises(WrongAddressError):
                await call()
    assert {heard.line.split()[1] for heard in wire.heard[1:]} == {"/api/v1/profile"}
