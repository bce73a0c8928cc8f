"""What a signed-in user sees and does on an own server."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
import threading

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import (
    Client,
    KeyProof,
    PutBack,
    QueueItem,
    QueueState,
    QueueStats,
    ServerUser,
    SpaceKey,
    TokenOwner,
    Transaction,
)
from custom_components.budgero.engine.push.answers import QUESTION
from custom_components.budgero.engine.push.envelope import EnvelopeHeader
from custom_components.budgero.engine.push.errors import (
    BodyRemovedError,
    HeaderRemovedError,
    InDoubtError,
    InputProblem,
    InvalidInputError,
    PushError,
    RateLimitedError,
    ServerTroubleError,
    TooLongError,
    UserRefusedError,
    WrongAddressError,
    WrongTokenError,
)
from custom_components.budgero.engine.push.models import Sealed
from tests.budgero_server import (
    BudgeroServer,
    CaptivePortal,
    Damage,
    Drop,
    Fault,
    TruncatedBody,
)
from tests.budgero_server.envelope import seal_envelope

from .credentials import KEY, TOKEN, USER
from .user_wire import reply, says
from .wire import Heard, Wire, http

TEN = datetime(2026, 7, 1, 10, tzinfo=UTC)
MODULE = "custom_components.budgero.engine.push.server_user"
BLOB = seal_envelope(b"a database", KEY.export(), 100_000)


@pytest.fixture
async def server(socket_enabled: None) -> AsyncIterator[BudgeroServer]:
    """Run the stand-in without a limit of requests: these tests fill its queue."""
    async with BudgeroServer(credentials=USER, api_limit=None) as server:
        yield server


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for no second: the test's server has none."""
    monkeypatch.setattr(f"{MODULE}.NEXT_SECOND", 0)


async def _push(client: Client, transaction: Transaction, count: int = 1) -> list[str]:
    """Push a transaction several times; return the ids in the queue."""
    sealed = [client.seal(transaction) for _ in range(count)]
    return [(await client.push(one)).queue_id for one in sealed]


# The queue.


async def test_statistics(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """Every state is counted."""
    await _push(client, lunch, 3)
    server.apply()
    server.set_status(server.queue[1].id, "failed")
    await _push(client, lunch)
    assert await user.stats() == QueueStats(pending=1, processed=2, failed=1, total=4)


async def test_pending_items(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """Those of the primary workspace, or of another one that is named."""
    assert await user.pending() == ()
    ids = await _push(client, lunch, 2)
    found = await user.pending()
    assert [item.queue_id for item in found] == ids
    assert found[0].message_id == server.queue[0].message_id
    assert {item.state for item in found} == {"pending"}
    before = await user.space_id()
    server.change_space()
    assert await user.pending() == ()
    assert await user.pending(before) == found
    assert await user.pending("a&b=c/../ d") == ()


async def test_a_name_of_a_workspace_changes_no_request(session: ClientSession) -> None:
    """It travels as one value, whatever is in it."""
    async with Wire(says(queue=reply({"items": []}))) as wire:
        await ServerUser(session, wire.url, "me", "secret").pending("a&all=1#x /")
    assert wire.heard[1].line.split()[1] in (
        "/api/v1/push/queue?space_id=a%26all%3D1%23x+/",
        "/api/v1/push/queue?space_id=a%26all%3D1%23x+%2F",
    )


async def test_a_full_queue_of_long_items(session: ClientSession) -> None:
    """A hundred items with long memos are all read."""
    items = [
        {
            "id": f"{number}",
            "encrypted_payload": "A" * 12_000,
            "status": "pending",
            "created_at": "2026-07-01T10:00:00Z",
        }
        for number in range(100)
    ]
    queue = reply({"count": 100, "items": items})
    async with Wire(says(queue=queue)) as wire:
        found = await ServerUser(session, wire.url, "me", "secret").pending()
    assert len(found) == 100
    assert found[7] == QueueItem("7", None, QueueState.PENDING, TEN, is_question=False)


async def test_clearing(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """What is pending, or everything."""
    await _push(client, lunch, 2)
    server.apply()
    await _push(client, lunch)
    assert await user.clear_queue() == 1
    assert await user.clear_queue() == 0
    assert await user.clear_queue(include_all=True) == 2
    assert server.queue == []


@pytest.mark.parametrize("fault", [Drop, TruncatedBody, CaptivePortal])
async def test_a_sign_in_without_an_answer_clears_nothing(
    server: BudgeroServer, client: Client, user: ServerUser, fault: type[Fault]
) -> None:
    """Nothing is in doubt: what was to be asked with the session was not asked."""
    await user.sign_in()
    server.end_sessions()
    server.faults.add(fault(path="/api/v1/auth/local/login", times=2))
    with pytest.raises(PushError) as raised:
        await user.clear_queue()
    assert not raised.value.in_doubt


# Putting back.


async def test_what_failed_is_put_back_and_booked_once(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """The app applies it again under the same id, also if it was booked before."""
    [queue_id] = await _push(client, lunch)
    server.set_status(queue_id, "failed")
    for _ in range(2):
        assert await user.put_back(queue_id) is PutBack.PENDING
        server.apply()
    assert [booking.queue_id for booking in server.bookings] == [queue_id]


async def test_an_unknown_item_is_not_put_back(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """The server says yes to any id; its list shows that there is none."""
    assert await user.put_back("no-such-item") is PutBack.NOT_PENDING
    await _push(client, lunch, 99)
    assert await user.put_back("no-such-item") is PutBack.NOT_PENDING
    await _push(client, lunch)
    assert await user.put_back("no-such-item") is PutBack.CANNOT_TELL


async def test_a_list_that_is_too_long_tells_nothing(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """One foreign item of 5 MB does that; what was put back is put back all the same."""
    [queue_id] = await _push(client, lunch)
    server.set_status(queue_id, "failed")
    await client.push(Sealed("foreign", "x" * 5_000_000))
    with pytest.raises(TooLongError):
        await user.pending()
    assert await user.put_back(queue_id) is PutBack.CANNOT_TELL
    assert server.counts.pending == 2


async def test_what_a_question_left_is_retired(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """The server neither lists nor counts it any more, and an app does not meet it."""
    ids = await _push(client, lunch, 2)
    await user.retire(ids[0])
    assert [item.queue_id for item in await user.pending()] == ids[1:]
    counts = await user.stats()
    assert (counts.pending, counts.total) == (1, 1)
    server.apply()
    assert [booking.queue_id for booking in server.bookings] == ids[1:]


async def test_questions_are_told_from_transactions(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """By what was pushed; the server lists that as well."""
    await _push(client, lunch)
    await client.push(Sealed("question", QUESTION))
    items = await user.pending()
    assert [item.is_question for item in items] == [False, True]


async def test_a_full_queue_shows_its_oldest_items(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """What was put back is seen if it is among the first hundred."""
    ids = await _push(client, lunch, 101)
    server.set_status(ids[0], "failed")
    assert await user.put_back(ids[0]) is PutBack.PENDING
    assert await user.put_back(ids[100]) is PutBack.CANNOT_TELL


async def test_putting_back_without_an_answer(
    server: BudgeroServer, client: Client, user: ServerUser, lunch: Transaction
) -> None:
    """It may be repeated by whoever asked for it."""
    [queue_id] = await _push(client, lunch)
    server.set_status(queue_id, "failed")
    path = f"/api/v1/push/queue/{queue_id}"
    server.faults.add(Drop(method="PUT", path=path, after_commit=True))
    with pytest.raises(InDoubtError):
        await user.put_back(queue_id)
    assert await user.put_back(queue_id) is PutBack.PENDING


@pytest.mark.parametrize(
    "queue_id", ["", ".", "..", "a/b", "a?b", "a#b", "\u00e9", "a\n"]
)
async def test_what_cannot_be_an_id(queue_id: str, user: ServerUser) -> None:
    """Nothing is asked of the server that means something else."""
    with pytest.raises(InvalidInputError) as caught:
        await user.put_back(queue_id)
    assert caught.value.problem is InputProblem.NOT_AN_ID


@pytest.mark.parametrize(
    "said", [{"id": "other", "status": "pending"}, {"id": "item", "status": "failed"}]
)
async def test_putting_back_something_else(
    said: dict[str, str], session: ClientSession
) -> None:
    """An answer about another item or state is none."""
    async with Wire(says(item=reply(said))) as wire:
        with pytest.raises(WrongAddressError):
            await ServerUser(session, wire.url, "me", "secret").put_back("item")


# Workspaces.


async def test_the_primary_workspace(server: BudgeroServer, user: ServerUser) -> None:
    """It is asked for at every time: it can change."""
    assert await user.space_id() == server.space_id
    server.change_space()
    assert await user.space_id() == server.space_id


@pytest.mark.parametrize("none", [{}, {"primary_space_id": None, "name": "me"}])
async def test_a_user_without_a_workspace(
    none: dict[str, object], session: ClientSession
) -> None:
    """A fresh server has none yet: nothing is pending, and no key is proved."""
    async with Wire(says(profile=reply({"id": "u", **none}))) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        assert await user.space_id() is None
        assert await user.pending() == ()
        assert await user.prove_key(KEY) is KeyProof.CANNOT_TELL
    assert {heard.line.split()[1] for heard in wire.heard[1:]} == {"/api/v1/profile"}


async def test_an_empty_name_is_no_workspace(session: ClientSession) -> None:
    """Go writes an empty text where there is none."""
    profile = reply({"id": "u", "primary_space_id": ""})
    async with Wire(says(profile=profile)) as wire:
        assert await ServerUser(session, wire.url, "me", "secret").space_id() is None


# Whose token it is.


async def test_the_users_own_token(
    server: BudgeroServer, client: Client, user: ServerUser
) -> None:
    """Also if it was never used, or in this very second."""
    assert await user.owner_of_token(client) is TokenOwner.USER
    await client.verify()
    assert await user.owner_of_token(client) is TokenOwner.USER


async def test_the_token_of_somebody_else(
    server: BudgeroServer, user: ServerUser, session: ClientSession, key: SpaceKey
) -> None:
    """The check of a token that is not the user's leaves the user's alone."""
    async with BudgeroServer() as other:
        theirs = Client(session, other.url, other.token, key)
        assert await user.owner_of_token(theirs) is TokenOwner.OTHER_USER
        await Client(session, server.url, server.token, key).verify()
        assert await user.owner_of_token(theirs) is TokenOwner.OTHER_USER


async def test_a_token_of_another_workspace(
    server: BudgeroServer, client: Client, user: ServerUser
) -> None:
    """A token stays with the workspace that was the primary one when it was made."""
    server.change_space()
    assert await user.owner_of_token(client) is TokenOwner.OTHER_SPACE


async def test_a_token_that_was_replaced(
    server: BudgeroServer, client: Client, user: ServerUser, quick: None
) -> None:
    """This is about the token, not about the user."""
    server.regenerate_token()
    with pytest.raises(WrongTokenError):
        await user.owner_of_token(client)


def _uses(*seconds: int | None) -> Callable[[Heard], bytes]:
    """Show a token that was used at these seconds, one after the other; -1: no token."""
    shown = [
        reply({"has_token": False, "is_enabled": False})
        if second == -1
        else reply(
            {"has_token": True, "space_id": "the+space", "is_enabled": True}
            | ({} if second is None else {"last_used": f"2026-07-01T10:00:{second}Z"})
        )
        for second in seconds
    ]
    other = says()
    accepted = reply({"message": "encrypted_payload is required"}, 400)

    def answer(heard: Heard) -> bytes:
        match heard.line.split()[1].rpartition("/")[2]:
            case "token":
                return shown.pop(0)
            case "push" if heard.body == b"{}":
                return accepted
            case "push":
                return reply({"message": "invalid request body"}, 400)
        return other(heard)

    return answer


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        # Quiet, then the check moves it.
        ((11, 11, 12), TokenOwner.USER),
        ((None, None, 12), TokenOwner.USER),
        # Quiet, and the check does not.
        ((11, 11, 11), TokenOwner.OTHER_USER),
        ((None, None, None), TokenOwner.OTHER_USER),
        # There is none; it went or was replaced in between.
        ((-1,), TokenOwner.OTHER_USER),
        ((11, 11, -1), TokenOwner.OTHER_USER),
        ((11, 11, None), TokenOwner.OTHER_USER),
        # Somebody else uses it, for a while, or all the time.
        ((11, 12, 13, 13, 14), TokenOwner.USER),
        ((11, 12, 13, 13, 13), TokenOwner.OTHER_USER),
        ((None, 12, 12, 13, 14, 14, 15), TokenOwner.USER),
        ((11, 12, 13, 14, 15, 16), TokenOwner.CANNOT_TELL),
    ],
)
async def test_whose_token_it_is(
    seconds: tuple[int | None, ...],
    expected: TokenOwner,
    session: ClientSession,
    quick: None,
) -> None:
    """Only a move after a quiet second proves anything."""
    async with Wire(_uses(*seconds)) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        client = Client(session, wire.url, TOKEN, KEY)
        assert await user.owner_of_token(client) is expected
    asked = [heard for heard in wire.heard if heard.line.startswith("GET /api/v1/push")]
    assert len(asked) == len(seconds)


# The space key.


async def test_the_right_key(
    server: BudgeroServer, user: ServerUser, key: SpaceKey
) -> None:
    """The header of the database proves it, and nothing else does."""
    assert await user.prove_key(key) is KeyProof.PROVEN
    assert await user.prove_key(KEY) is KeyProof.WRONG
    server.blob = replace(server.blob, iterations=100_000, foreign_key=True)
    assert await user.prove_key(key) is KeyProof.WRONG
    server.change_space()
    server.blob = replace(server.blob, foreign_key=False)
    assert await user.prove_key(key) is KeyProof.WRONG
    assert await user.prove_key(SpaceKey.parse(server.space_key)) is KeyProof.PROVEN


async def test_no_database_yet(
    server: BudgeroServer, user: ServerUser, key: SpaceKey
) -> None:
    """Before an app has stored one nothing can be told."""
    server.blob = replace(server.blob, missing=True)
    assert await user.prove_key(key) is KeyProof.CANNOT_TELL


@pytest.mark.parametrize("iterations", [0, 99_999, 2_000_001, 2**32 - 1])
async def test_a_derivation_that_is_out_of_bounds(
    iterations: int, server: BudgeroServer, user: ServerUser, key: SpaceKey
) -> None:
    """It is not even begun."""
    server.blob = replace(server.blob, iterations=iterations)
    assert await user.prove_key(key) is KeyProof.CANNOT_TELL


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        (Damage.NO_ENVELOPE, KeyProof.CANNOT_TELL),
        (Damage.TRUNCATED, KeyProof.PROVEN),
        (Damage.GARBLED, KeyProof.PROVEN),
        (Damage.NO_DATABASE, KeyProof.PROVEN),
    ],
)
async def test_a_damaged_database(
    damage: Damage,
    expected: KeyProof,
    server: BudgeroServer,
    user: ServerUser,
    key: SpaceKey,
) -> None:
    """What comes after the header says nothing about the key."""
    server.blob = replace(server.blob, iterations=100_000, damage=damage)
    assert await user.prove_key(key) is expected


async def test_only_the_header_is_asked_for(session: ClientSession) -> None:
    """In the words that were seen to work."""
    async with Wire(says(blob=http(206, BLOB[:103]))) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        assert await user.prove_key(KEY) is KeyProof.PROVEN
    request = wire.heard[2]
    assert request.line == "GET /api/v1/database/blob?space_id=the%2Bspace HTTP/1.1"
    assert request.headers["Range"] == "bytes=0-102"
    assert request.headers["Accept-Encoding"] == "identity"
    assert request.headers["X-Budgero-Protocol"] == "2"


async def test_a_server_that_sends_everything(session: ClientSession) -> None:
    """A terabyte is announced; its beginning is read, and the rest never waited for."""
    announced = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % (1 << 40)
    announced += BLOB + bytes(100_000)
    async with asyncio.timeout(5), Wire(says(blob=announced), stays=True) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        assert await user.prove_key(KEY) is KeyProof.PROVEN


@pytest.mark.parametrize(
    "blob",
    [
        http(206, BLOB[1:104]),
        http(206, BLOB[:102]),
        http(206),
        http(200, b"<html></html>"),
        http(200, b'{"message":"hello"}'),
        reply({"message": "database blob not found"}, 404),
        reply({"message": "Not Found"}, 404),
        reply({"message": "this space uses a newer data format"}, 426),
    ],
    ids=["no magic", "cut", "empty", "page", "other", "none", "no route", "newer"],
)
async def test_nothing_can_be_told(blob: bytes, session: ClientSession) -> None:
    """Another place or format, no database, no such route: the key is not blamed."""
    async with Wire(says(blob=blob)) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        assert await user.prove_key(KEY) is KeyProof.CANNOT_TELL


@pytest.mark.parametrize(
    ("blob", "expected"),
    [
        (reply({"message": "space access denied"}, 403), UserRefusedError),
        (http(404, b"<html></html>", Content_Type="text/html"), WrongAddressError),
        (http(426, b"<html></html>", Content_Type="text/html"), WrongAddressError),
        (http(302, Location="https://x"), WrongAddressError),
        (http(500), ServerTroubleError),
        (b"HTTP/1.1 206 OK\r\nContent-Length: 103\r\n\r\nBGE1", InDoubtError),
    ],
)
async def test_no_proof_without_an_answer(
    blob: bytes, expected: type[PushError], session: ClientSession
) -> None:
    """What went wrong is said, and nothing is made of it."""
    async with Wire(says(blob=blob)) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        with pytest.raises(PushError) as caught:
            await user.prove_key(KEY)
    assert type(caught.value) is expected


async def test_the_loop_is_free_while_a_key_is_derived(
    session: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The derivation takes its time in another thread."""
    begun, may_end = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def unwrap(header: EnvelopeHeader, key: SpaceKey) -> bytes:
        assert threading.current_thread() is not threading.main_thread()
        loop.call_soon_threadsafe(begun.set)
        assert may_end.wait(5)
        return b""

    monkeypatch.setattr(EnvelopeHeader, "unwrap", unwrap)
    async with Wire(says(blob=http(206, BLOB[:103]))) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        proof = asyncio.create_task(user.prove_key(KEY))
        await asyncio.wait_for(begun.wait(), 5)
        assert not proof.done()
        may_end.set()
        assert await proof is KeyProof.PROVEN


# Everything else.

CALLS: list[Callable[[ServerUser], Awaitable[object]]] = [
    ServerUser.stats,
    ServerUser.pending,
    ServerUser.clear_queue,
    ServerUser.space_id,
    lambda user: user.put_back("item"),
]


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (reply({"message": "account is blocked"}, 403), UserRefusedError),
        (reply({"message": "invalid request body"}, 400), BodyRemovedError),
        (reply({"message": "missing authorization header"}, 401), HeaderRemovedError),
        (reply({"message": "invalid token"}, 401), UserRefusedError),
        (reply({"message": "token validation failed"}, 500), ServerTroubleError),
        (reply({"message": "rate limit exceeded"}, 429), RateLimitedError),
        (http(401, b"<html></html>", Content_Type="text/html"), WrongAddressError),
        (http(200, b"<html></html>"), WrongAddressError),
        (http(200, b"{}"), WrongAddressError),
        (http(200, b"[]"), WrongAddressError),
        (reply({"message": "hello"}), WrongAddressError),
        (reply({"items": {}, "total": "3", "deleted": None}), WrongAddressError),
        (http(503), ServerTroubleError),
        (b"", InDoubtError),
    ],
)
async def test_in_vain(
    call: Callable[[ServerUser], Awaitable[object]],
    answer: bytes,
    expected: type[PushError],
    session: ClientSession,
) -> None:
    """No neutral value on a failure, and never a word about the push token."""
    said = says(profile=answer, stats=answer, queue=answer, item=answer)
    async with Wire(said) as wire:
        with pytest.raises(PushError) as caught:
            await call(ServerUser(session, wire.url, "me", "secret"))
    assert type(caught.value) is expected


@pytest.mark.parametrize("call", [call for call in CALLS if call != ServerUser.pending])
async def test_an_answer_without_end(
    call: Callable[[ServerUser], Awaitable[object]], session: ClientSession
) -> None:
    """Only a list may be so long; anything else is no answer of Budgero's."""
    answer = http(200, b'{"id":"' + b"A" * 5_000_000 + b'"}')
    said = says(profile=answer, stats=answer, queue=answer, item=answer)
    async with Wire(said) as wire:
        with pytest.raises(WrongAddressError):
            await call(ServerUser(session, wire.url, "me", "secret"))


@pytest.mark.parametrize(
    "token", [{"message": "x"}, {"has_token": True}, {"has_token": 1, "space_id": ""}]
)
async def test_a_token_of_another_form(
    token: dict[str, object], session: ClientSession
) -> None:
    """What is no word about a token proves nothing."""
    async with Wire(says(token=reply(token))) as wire:
        user = ServerUser(session, wire.url, "me", "secret")
        with pytest.raises(WrongAddressError):
            await user.owner_of_token(Client(session, wire.url, TOKEN, KEY))
