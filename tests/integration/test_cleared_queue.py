"""A queue that was cleared in Budgero: one repair, two leftovers, whatever the number."""

import pytest

from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.push.answers import QUESTION
from homeassistant.core import HomeAssistant
from tests.budgero_server import BudgeroServer

from .actions import call
from .flows import user_of
from .support import (
    Call,
    count_of,
    in_state,
    issues_of,
    let_the_app_work,
    make_entry,
    row_of,
    running,
    set_up,
    until,
)

NUMBER = 20


@pytest.mark.parametrize("has_user", [False, True])
async def test_twenty_that_were_cleared(
    hass: HomeAssistant, server: BudgeroServer, add: Call, quick: None, has_user: bool
) -> None:
    """A person says of all that they are not in Budgero: each is booked once."""
    entry = make_entry(server, **(user_of(server) if has_user else {}))
    await set_up(hass, entry)
    ids = [f"expense-{number}" for number in range(NUMBER)]
    for message_id in ids:
        await add(amount=1, message_id=message_id)
    await in_state(hass, entry, waiting="0", pending=str(NUMBER))
    server.clear()
    await running(entry).coordinator.async_ask_now()
    await until(lambda: issues_of(hass).keys() == {"vanished"})
    await until(lambda: count_of(hass, "vanished") == str(NUMBER))
    left = [item for item in server.queue if item.payload == QUESTION]
    assert len(left) == 2
    assert server.counts.pending == (0 if has_user else 2)

    await add(amount=2, message_id="later", wait=True)
    await let_the_app_work(entry, server)
    assert (await row_of(entry, "later")).state is State.PROCESSED

    answers = [
        await call(hass, "retry_transaction", message_id=id_, not_in_budgero=True)
        for id_ in ids
    ]
    asked = {item.message_id for item in left}
    same = {id_ for id_ in ids if id_ in {answer["message_id"] for answer in answers}}
    assert same == set(ids) - asked
    await in_state(hass, entry, waiting="0")
    await let_the_app_work(entry, server)
    assert len(server.bookings) == NUMBER + 1
    await until(lambda: not issues_of(hass))
