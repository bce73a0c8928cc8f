"""The action `budgero.add_transfer`, on servers that know it."""

from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.engine.outbox.store import Store
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer

from .actions import call, check_refusal, queue, refused
from .newer import NEWER, in_outbox, until_asked
from .support import let_the_app_work, row_of, running, unreadable

TRANSFER = "add_transfer"
SAID: dict[str, Any] = {"from_account": 1, "to_account": "3", "amount": "50,00"}


@pytest.fixture
def release() -> str:
    """A newer server."""
    return NEWER


async def test_both_legs_are_booked(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer
) -> None:
    """What leaves one account arrives in the other, on the same day."""
    response = await call(
        hass,
        TRANSFER,
        **SAID,
        date="2026-02-28",
        memo=" Savings ",
        budget=1,
        message_id="savings:2",
        wait=True,
        config_entry_id=asked.entry_id,
    )
    assert response == {
        "message_id": "savings:2",
        "status": "accepted",
        "queue_id": server.queue[0].id,
    }
    assert server.apply().failed == 0
    source, destination = server.bookings
    assert (source.account_id, source.outflow, source.inflow) == (1, 50_000, 0)
    assert (destination.account_id, destination.inflow) == (3, 50_000)
    assert {source.date, destination.date} == {"2026-02-28"}
    assert {source.memo, destination.memo} == {"Savings"}
    assert source.transfer_id == destination.transfer_id is not None


async def test_amounts_of_a_script(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer
) -> None:
    """A template turns 12,50 into a pair; what was meant is moved."""
    step = {
        "action": f"{DOMAIN}.{TRANSFER}",
        "data": {**SAID, "amount": "{{ '12,50' }}", "wait": True},
    }
    assert await async_setup_component(
        hass, "script", {"script": {"save": {"sequence": [step]}}}
    )
    await hass.services.async_call("script", "save", blocking=True)
    server.apply()
    assert [booking.outflow for booking in server.bookings] == [12_500, 0]


async def test_it_waits_for_the_server(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer
) -> None:
    """Like a transaction it is on disk before the caller hears of it."""
    await server.stop()
    response = await call(hass, TRANSFER, **SAID)
    assert response["status"] == "waiting"
    await server.start()
    running(asked).sender.resume()
    await in_outbox(asked, response["message_id"], State.ACCEPTED)


async def test_repeated_call(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer
) -> None:
    """The same id moves the money once; another content is refused."""
    said = {**SAID, "message_id": "savings:2"}
    await call(hass, TRANSFER, **said, wait=True)
    again = await call(hass, TRANSFER, **{**said, "amount": 50})
    assert (again["status"], again["state"]) == ("already_known", "accepted")
    error = await refused(hass, TRANSFER, **{**said, "amount": 51})
    assert error.translation_key == "different_content"
    server.apply()
    assert len(server.bookings) == 2


async def test_shown_in_the_queue(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer
) -> None:
    """With both accounts, and the id by which Budgero knows it."""
    await server.stop()
    await call(hass, TRANSFER, **SAID, memo="Savings", date="2026-11-20")
    [row] = await queue(hass)
    assert (row["operation"], row["state"]) == ("transfer", "waiting")
    assert row["target"]
    assert row["transaction"] == {
        "from_account": 1,
        "to_account": 3,
        "amount": 50.0,
        "date": "2026-11-20",
        "memo": "Savings",
        "budget": 1,
    }


REFUSED: list[tuple[dict[str, object], str, str]] = [
    ({"from_account": ""}, "missing_from_account", "from_account"),
    ({"to_account": ""}, "missing_to_account", "to_account"),
    ({"amount": ""}, "missing_amount", "amount"),
    ({"from_account": "x987"}, "invalid_not_an_id", "from_account"),
    ({"to_account": 1}, "invalid_same_account", "to_account"),
    ({"amount": "987.65432"}, "invalid_too_precise", "amount"),
    ({"memo": ["x987"]}, "invalid_not_text", "memo"),
    ({"message_id": "x987 y"}, "invalid_bad_characters", "message_id"),
]


async def test_refused(
    hass: HomeAssistant, asked: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """The text names the field, never the value; nothing is kept."""
    for said, key, named in REFUSED:
        with subtests.test(said=said):
            await check_refusal(hass, TRANSFER, SAID | said, key, named)
            assert await running(asked).store.review.counts() == Counts()


async def test_both_accounts_must_be_named(
    hass: HomeAssistant, asked: MockConfigEntry
) -> None:
    """No default is guessed for where money comes from."""
    with pytest.raises(vol.Invalid, match="from_account"):
        await call(hass, TRANSFER, to_account=3, amount=1)


async def test_older_server(hass: HomeAssistant, other: MockConfigEntry) -> None:
    """It books one leg at a time, which is no transfer."""
    await until_asked(other)
    error = await refused(hass, TRANSFER, **SAID)
    assert error.translation_key == "not_supported"
    assert await running(other).store.review.counts() == Counts()


async def test_disk_refuses(
    hass: HomeAssistant, asked: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The text says with which id the call can be repeated."""
    monkeypatch.setattr(Store, "append", unreadable)
    error = await refused(hass, TRANSFER, **SAID, message_id="savings:2")
    assert error.translation_key == "storage_failed"
    assert "savings:2" in str(error)


async def test_removed_again(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer
) -> None:
    """Both legs go when Budgero has deleted it."""
    response = await call(hass, TRANSFER, **SAID, wait=True)
    await let_the_app_work(asked, server)
    assert len(server.bookings) == 2
    removal = await call(hass, "remove_transaction", message_id=response["message_id"])
    assert (removal["status"], removal["target"]) == ("waiting", response["message_id"])
    await in_outbox(asked, removal["message_id"], State.ACCEPTED)
    await let_the_app_work(asked, server)
    assert server.bookings == []
    assert (await row_of(asked, response["message_id"])).state is State.REMOVED
