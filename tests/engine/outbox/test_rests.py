"""What is in doubt rests, whatever the wall clock says."""

import pytest

from custom_components.budgero.engine.outbox import State
from tests.budgero_server import Drop, Reply

from .helpers import DAY
from .house import PUSH, House, until

REST = 0.2


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("leap", [-30 * DAY, -600, 600, 30 * DAY])
async def test_a_leap_of_the_clock_changes_no_rest(house: House, leap: float) -> None:
    """A machine that booted without the time learns it while a push is under way."""
    house.server.faults.add(Drop(path=PUSH, after_commit=True))
    message_id = await house.add("lunch")
    house.start()
    await house.until_pushed(message_id)

    async def is_in_doubt() -> bool:
        return (await house.row(message_id)).error == "in_doubt"

    await until(is_in_doubt)
    house.ahead = leap
    house.sender.resume()
    await house.until(message_id, State.ACCEPTED)
    first, second = house.pushes(message_id)
    assert REST <= second.time - first.time < 10 * REST
    assert house.queued_ids() == [message_id]


@pytest.mark.usefixtures("hurry")
@pytest.mark.parametrize("status", [401, 429])
async def test_what_is_not_in_doubt_does_not_rest(
    house: House, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """A refusal says that nothing was done."""
    monkeypatch.setattr("custom_components.budgero.engine.outbox.pusher.DOUBT_REST", 99)
    house.server.faults.add(Reply(path=PUSH, status=status, json={"message": "no"}))
    message_id = await house.add("lunch")
    house.start()
    await house.until_pushed(message_id, 2)
    await house.until(message_id, State.ACCEPTED)
