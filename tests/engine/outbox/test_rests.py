"""What is in doubt rests, whatever the wall clock says."""

from dataclasses import dataclass
import time

import pytest

from custom_components.budgero.engine.outbox import Sender, State, Store
from custom_components.budgero.engine.outbox.flood import NO_LIMITS
from tests.budgero_server import Drop, Reply

from .helpers import DAY
from .house import PUSH, House, until

REST = 0.2


@dataclass
class LeapingClock:
    """A wall clock that goes on, from wherever it is set."""

    ahead: float = 0.0

    def __call__(self) -> float:
        """Tell the time."""
        return time.time() + self.ahead


@pytest.fixture
def clock() -> LeapingClock:
    """A clock that is right."""
    return LeapingClock()


@pytest.fixture
async def house(house: House, clock: LeapingClock) -> House:
    """A household with a wall clock to set."""
    await house.store.close()
    house.store = Store(house.path, clock, limits=NO_LIMITS)
    await house.store.open()
    house.sender = Sender(house.store, house.client)
    return house


@pytest.mark.usefixtures("hurry")
async def test_a_leap_of_the_clock_cuts_no_rest(
    house: House, clock: LeapingClock
) -> None:
    """A machine that booted without the time learns it while a push is under way."""
    house.server.faults.add(Drop(path=PUSH, after_commit=True))
    message_id = await house.add("lunch")
    house.start()
    await house.until_pushed(message_id)

    async def is_in_doubt() -> bool:
        return (await house.row(message_id)).error == "in_doubt"

    await until(is_in_doubt)
    clock.ahead = 30 * DAY
    house.sender.resume()
    await house.until(message_id, State.ACCEPTED)
    first, second = house.pushes(message_id)
    assert second.time - first.time >= REST
    assert house.queued_ids() == [message_id]


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("status", [401, 429])
async def test_what_is_not_in_doubt_does_not_rest(
    house: House, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """A refusal says that nothing was done."""
    monkeypatch.setattr("custom_components.budgero.engine.outbox.sender.DOUBT_REST", 99)
    house.server.faults.add(Reply(path=PUSH, status=status, json={"message": "no"}))
    message_id = await house.add("lunch")
    house.start()
    await house.until_pushed(message_id, 2)
    await house.until(message_id, State.ACCEPTED)
