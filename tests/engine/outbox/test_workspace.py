"""A new token or address may lead to another workspace: nothing is sent blindly."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from custom_components.budgero.engine.outbox import Hold, State, StorageError
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Sealed
from tests.budgero_server import Delay, Drop, Reply, Snapshot

from .helpers import owner_of
from .house import PUSH, House

pytestmark = pytest.mark.usefixtures("hurry")

A_MOMENT = 0.2


@pytest.fixture
async def delivered(house: House) -> AsyncIterator[House]:
    """A household that has delivered something, and has stopped."""
    message_id = await house.add("first")
    house.start()
    await house.until(message_id, State.ACCEPTED)
    await house.close()
    yield house
    await house.close()


async def _give_token(house: House, *, other_workspace: bool) -> Snapshot:
    """Start with a new token; return what the server was like before."""
    before = house.server.snapshot()
    if other_workspace:
        house.server.change_space()
    house.server.regenerate_token()
    house.server.forget_requests()
    await _start(house)
    return before


async def _start(house: House) -> None:
    house.key = house.client.key
    await house.open()
    house.start()


async def _until_held(house: House) -> None:
    await house.until_sender(lambda sender: sender.hold is Hold.WORKSPACE)


@pytest.mark.parametrize("status", ["pending", "processed", "failed", "archived", ""])
async def test_the_same_workspace_goes_on(delivered: House, status: str) -> None:
    """It knows what was delivered, whatever became of that; one question, no leftover."""
    [item] = delivered.server.queue
    delivered.server.set_status(item.id, status)
    await _give_token(delivered, other_workspace=False)
    message_id = await delivered.add("second")
    await delivered.until(message_id, State.ACCEPTED)
    assert [request.message_id for request in delivered.pushes()] == [
        item.message_id,
        message_id,
    ]
    assert len(delivered.leftovers) == 0
    assert delivered.sender.hold is None


async def test_another_workspace_holds(delivered: House) -> None:
    """Nothing is sent there, and one question leaves one leftover."""
    delivered.server.change_space()
    delivered.server.regenerate_token()
    delivered.server.forget_requests()
    delivered.key = delivered.client.key
    await delivered.open()
    heard: list[Hold | None] = []
    delivered.sender.subscribe(lambda change: heard.append(delivered.sender.hold))
    delivered.start()
    ids = [await delivered.add() for _ in range(3)]
    await _until_held(delivered)
    await asyncio.sleep(A_MOMENT)
    assert Hold.WORKSPACE in heard
    assert all(delivered.pushes(message_id) == [] for message_id in ids)
    overview = await delivered.store.review.overview()
    assert overview.held == {Hold.WORKSPACE: 3}
    assert (overview.leftover_pending, overview.counts.vanished) == (1, 0)
    assert len(delivered.leftovers) == 1


async def test_it_is_asked_once_whatever_happens(delivered: House) -> None:
    """Neither a restart nor a person who wants to know leaves more leftovers."""
    await _give_token(delivered, other_workspace=True)
    await _until_held(delivered)
    for _ in range(2):
        await delivered.restart()
        assert delivered.sender.hold is Hold.WORKSPACE
        await delivered.add()
        await delivered.sender.ask_now()
        await asyncio.sleep(A_MOMENT)
    assert len(delivered.pushes()) == len(delivered.leftovers) == 1


async def test_who_asks_at_once_asks_once(delivered: House) -> None:
    """A person who wants to know while the workspace is looked at."""
    delivered.server.change_space()
    delivered.server.regenerate_token()
    delivered.server.forget_requests()
    delivered.key = delivered.client.key
    delivered.server.faults.add(Delay(seconds=0.1))
    await delivered.open()
    delivered.start()
    await asyncio.gather(*(delivered.sender.ask_now() for _ in range(3)))
    await _until_held(delivered)
    assert len(delivered.pushes()) == len(delivered.leftovers) == 1


async def test_a_person_says_that_this_one_is_meant(delivered: House) -> None:
    """Then all is delivered there, also after a restart."""
    await _give_token(delivered, other_workspace=True)
    await _until_held(delivered)
    message_id = await delivered.add("second")
    await delivered.sender.release(Hold.WORKSPACE)
    await delivered.until(message_id, State.ACCEPTED)
    await delivered.restart()
    assert delivered.sender.hold is None
    await delivered.until(await delivered.add("third"), State.ACCEPTED)
    assert len(delivered.leftovers) == 1


async def test_a_persons_word_outlasts_a_look(
    delivered: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before it does not hold anew."""
    await _give_token(delivered, other_workspace=True)
    await _until_held(delivered)
    recall, looks, go_on = Store.recall, asyncio.Event(), asyncio.Event()

    async def recall_slowly(store: Store, name: str) -> str | None:
        found = await recall(store, name)
        looks.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(owner_of("recall"), "recall", recall_slowly)
    message_id = await delivered.add()
    async with asyncio.timeout(20):
        await looks.wait()
        releasing = asyncio.create_task(delivered.sender.release(Hold.WORKSPACE))
        await asyncio.sleep(A_MOMENT)
        go_on.set()
        await releasing
    await delivered.until(message_id, State.ACCEPTED)
    assert delivered.sender.hold is None


async def test_the_token_from_before_is_right_again(delivered: House) -> None:
    """It ends the hold by itself, and what was delivered has not vanished."""
    [item] = delivered.server.queue
    before = await _give_token(delivered, other_workspace=True)
    await _until_held(delivered)
    message_id = await delivered.add("second")
    await delivered.close()
    delivered.server.restore(before)
    await _start(delivered)
    await delivered.until(message_id, State.ACCEPTED)
    assert delivered.sender.hold is None
    assert (await delivered.store.review.overview()).counts.vanished == 0
    delivered.server.set_status(item.id, "processed")
    await delivered.sender.ask_now()
    assert item.message_id is not None
    await delivered.until(item.message_id, State.PROCESSED)


async def test_a_further_token_that_is_right_ends_it(delivered: House) -> None:
    """It is asked about something else, and knows it."""
    await delivered.open()
    delivered.start()
    second = await delivered.add("second")
    await delivered.until(second, State.ACCEPTED)
    await delivered.close()
    before = await _give_token(delivered, other_workspace=True)
    await _until_held(delivered)
    waiting = await delivered.add("third")
    await delivered.close()
    delivered.server.restore(before)
    await _give_token(delivered, other_workspace=False)
    await delivered.until(waiting, State.ACCEPTED)
    assert delivered.sender.hold is None
    assert len(delivered.leftovers) == 0


@pytest.mark.parametrize(("other_workspace", "leftovers"), [(False, 1), (True, 2)])
async def test_a_further_token_that_is_wrong_holds_as_well(
    delivered: House, other_workspace: bool, leftovers: int
) -> None:
    """Another one of the other workspace, or one of a third."""
    await _give_token(delivered, other_workspace=True)
    await _until_held(delivered)
    await delivered.close()
    await _give_token(delivered, other_workspace=other_workspace)
    message_id = await delivered.add()
    await asyncio.sleep(A_MOMENT)
    assert delivered.sender.hold is Hold.WORKSPACE
    assert delivered.pushes(message_id) == []
    assert len(delivered.leftovers) == leftovers


async def test_nothing_delivered_means_nothing_to_ask(house: House) -> None:
    """What waits goes where the token leads."""
    message_id = await house.add()
    await house.close()
    await _give_token(house, other_workspace=True)
    await house.until(message_id, State.ACCEPTED)
    assert len(house.leftovers) == 0


async def test_a_stranger_with_the_same_id_is_another_workspace(
    delivered: House,
) -> None:
    """A refusal that names another item is no proof."""
    [item] = delivered.server.queue
    assert item.message_id is not None
    delivered.server.change_space()
    delivered.server.regenerate_token()
    delivered.key = delivered.client.key
    await delivered.open()
    await delivered.client.push(Sealed(item.message_id, "theirs"))
    delivered.start()
    await _until_held(delivered)
    assert len(delivered.leftovers) == 0


@pytest.mark.parametrize(
    "fault",
    [
        Drop(),
        Drop(after_commit=True),
        Reply(status=503),
        Reply(status=429, json={}),
        Reply(status=500, json={"message": "token validation failed"}),
    ],
    ids=repr,
)
@pytest.mark.parametrize("other_workspace", [False, True])
async def test_trouble_asks_again_later(
    delivered: House, fault: Drop | Reply, other_workspace: bool
) -> None:
    """Nothing is sent before the answer, and a lost one leaves no second item."""
    delivered.server.faults.add(fault)
    await _give_token(delivered, other_workspace=other_workspace)
    message_id = await delivered.add()
    if other_workspace:
        await _until_held(delivered)
        assert delivered.pushes(message_id) == []
        assert len(delivered.leftovers) == 1
        assert (await delivered.store.review.overview()).leftover_pending == 1
    else:
        await delivered.until(message_id, State.ACCEPTED)
        assert len(delivered.leftovers) == 0


@pytest.mark.parametrize("other_workspace", [False, True])
async def test_a_server_that_is_away_is_asked_later(
    delivered: House, other_workspace: bool
) -> None:
    """Nothing is sent meanwhile."""
    before = delivered.server
    await _give_token(delivered, other_workspace=other_workspace)
    await before.stop()
    message_id = await delivered.add()
    await delivered.until_sender(lambda sender: sender.last_error == "unreachable")
    await before.start()
    if other_workspace:
        await _until_held(delivered)
    else:
        await delivered.until(message_id, State.ACCEPTED)


@pytest.mark.parametrize("name", ["note_leftover", "remember", "hold"])
async def test_a_disk_that_fails_in_between_lets_nothing_through(
    delivered: House, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """What is half noted holds after the restart, too."""
    failed = asyncio.Event()

    async def refuse(*values: object) -> None:
        if name != "remember" or values[1] == "workspace_asked":
            failed.set()
            raise StorageError("full")

    delivered.server.change_space()
    delivered.server.regenerate_token()
    delivered.server.forget_requests()
    delivered.key = delivered.client.key
    await delivered.open()
    message_id = await delivered.add()
    with monkeypatch.context() as patch:
        patch.setattr(owner_of(name), name, refuse)
        delivered.start()
        async with asyncio.timeout(20):
            await failed.wait()
        await delivered.stop()
    await delivered.restart()
    await _until_held(delivered)
    assert delivered.pushes(message_id) == []
    assert PUSH in {request.path for request in delivered.server.requests}
