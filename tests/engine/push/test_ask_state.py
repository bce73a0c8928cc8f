"""Asking what became of a transaction, with nothing but the push token."""

from dataclasses import replace

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.push import (
    Accepted,
    Client,
    Duplicate,
    QueueState,
    Sealed,
    Transaction,
)
from custom_components.budgero.engine.push.answers import QUESTION
from custom_components.budgero.engine.push.errors import (
    InDoubtError,
    PushError,
    WrongAddressError,
    WrongTokenError,
)
from custom_components.budgero.engine.push.models import Asked
from tests.budgero_server import (
    Acknowledgements,
    BudgeroServer,
    CaptivePortal,
    Drop,
    Reply,
)

from .credentials import KEY


async def _push(client: Client, sealed: Sealed) -> Accepted:
    outcome = await client.push(sealed)
    assert isinstance(outcome, Accepted)
    return outcome


@pytest.fixture
async def accepted(client: Client, sealed: Sealed) -> Accepted:
    """Push the everyday expense."""
    return await _push(client, sealed)


async def test_the_state_is_followed(
    server: BudgeroServer, client: Client, accepted: Accepted
) -> None:
    """Pending until somebody opens the app, then processed; asking changes nothing."""
    assert await client.ask_state(accepted) == Asked(QueueState.PENDING)
    server.apply()
    assert await client.ask_state(accepted) == Asked(QueueState.PROCESSED)
    assert len(server.queue) == len(server.bookings) == 1


async def test_a_failure_is_seen(
    server: BudgeroServer, client: Client, lunch: Transaction
) -> None:
    """An account that Budgero does not know fails there, and that is heard of."""
    accepted = await _push(client, client.seal(replace(lunch, account=999)))
    server.apply()
    assert await client.ask_state(accepted) == Asked(QueueState.FAILED)


async def test_failed_may_be_booked(
    server: BudgeroServer, client: Client, accepted: Accepted
) -> None:
    """An app whose acknowledgement got lost reports as failed what it booked."""
    server.apply(Acknowledgements.PROCESSED_LOST)
    assert await client.ask_state(accepted) == Asked(QueueState.FAILED)
    assert len(server.bookings) == 1


async def test_a_wrong_key_shows_as_failed(
    server: BudgeroServer, session: ClientSession, lunch: Transaction
) -> None:
    """The server takes what was sealed with a wrong key; only the app refuses it."""
    client = Client(session, server.url, server.token, KEY)
    accepted = await _push(client, client.seal(lunch))
    server.apply()
    assert await client.ask_state(accepted) == Asked(QueueState.FAILED)
    assert server.bookings == []


@pytest.mark.parametrize("applied", [False, True])
async def test_an_item_that_vanished(
    applied: bool, server: BudgeroServer, client: Client, accepted: Accepted
) -> None:
    """After the queue was cleared the question becomes an item, which no app books."""
    if applied:
        server.apply()
    server.clear(all=True)
    asked = await client.ask_state(accepted)
    [leftover] = server.queue
    assert asked == Asked(QueueState.VANISHED, leftover.id, is_new=True)
    assert (leftover.message_id, leftover.payload) == (accepted.message_id, QUESTION)
    assert (server.apply().processed, len(server.bookings)) == (0, int(applied))


async def test_another_item_has_the_id(
    server: BudgeroServer, client: Client, accepted: Accepted, lunch: Transaction
) -> None:
    """After a restore of the server, say, the state of a stranger is not ours."""
    server.clear(all=True)
    theirs = await _push(client, client.seal(lunch, accepted.message_id))
    server.apply()
    asked = await client.ask_state(accepted)
    assert asked == Asked(QueueState.UNKNOWN, theirs.queue_id)


async def test_a_question_whose_answer_got_lost(
    server: BudgeroServer, client: Client, accepted: Accepted
) -> None:
    """The item that was found then is the leftover of that question: ours vanished."""
    assert await client.ask_state(accepted, in_doubt=True) == Asked(QueueState.PENDING)
    server.clear(all=True)
    server.faults.add(Drop(after_commit=True))
    with pytest.raises(InDoubtError):
        await client.ask_state(accepted)
    asked = await client.ask_state(accepted, in_doubt=True)
    [leftover] = server.queue
    assert asked == Asked(QueueState.VANISHED, leftover.id)


@pytest.mark.parametrize(
    "word", ["", "odd", "queued", "vanished", "unknown", "PENDING"]
)
async def test_a_state_of_another_word(
    word: str,
    server: BudgeroServer,
    client: Client,
    sealed: Sealed,
    accepted: Accepted,
) -> None:
    """A word that Budgero does not use is not guessed at."""
    server.set_status(accepted.queue_id, word)
    assert await client.ask_state(accepted) == Asked(QueueState.UNKNOWN)
    answer = await client.push(sealed)
    assert isinstance(answer, Duplicate)
    assert answer.state is QueueState.UNKNOWN


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Reply(status=202, json={"status": "queued"}), WrongAddressError),
        (Reply(status=409, json={"message": "version conflict"}), WrongAddressError),
        (
            Reply(status=500, json={"message": "token validation failed"}),
            WrongTokenError,
        ),
        (CaptivePortal(), WrongAddressError),
    ],
)
async def test_a_question_without_an_answer(
    answer: Reply | CaptivePortal,
    expected: type[PushError],
    server: BudgeroServer,
    client: Client,
) -> None:
    """Whatever stands between, it does not make an item vanish."""
    server.faults.add(answer)
    with pytest.raises(expected):
        await client.ask_state(Accepted("lunch", "item-1"))
