"""The action `budgero.update_transaction`, on servers that know it."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.outbox.store import Store
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import Unauthorized
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import unfinished

from .actions import call, call_as, check_refusal, queue, refused
from .newer import NEWER, in_outbox, until_asked
from .support import Call, let_the_app_work, row_of, running, unreadable

UPDATE = "update_transaction"


@pytest.fixture
def release() -> str:
    """A newer server."""
    return NEWER


@pytest.fixture
async def lunch(asked: MockConfigEntry, add: Call) -> str:
    """The message id of a transaction that Budgero's server has."""
    response = await add(amount="12.50", payee="Café", memo="Lunch", wait=True)
    return str(response["message_id"])


async def test_everything_changes(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, lunch: str
) -> None:
    """When an app is opened, and not before; then Budgero has the new values."""
    response = await call(
        hass,
        UPDATE,
        message_id=lunch,
        amount="13,20",
        type="income",
        date="2026-11-20",
        payee="Bakery",
        memo="",
        account=2,
        category=6,
        cleared=True,
    )
    assert response["status"] == "waiting"
    assert response["target"] == lunch
    assert response["message_id"] != lunch
    await in_outbox(asked, response["message_id"], State.ACCEPTED)
    await let_the_app_work(asked, server)
    [booking] = server.bookings
    assert (booking.inflow, booking.outflow) == (13_200, 0)
    assert (booking.date, booking.payee, booking.memo) == ("2026-11-20", "Bakery", "")
    assert (booking.account_id, booking.category_id) == (2, 6)
    assert booking.cleared
    assert (await row_of(asked, lunch)).state is State.PROCESSED
    assert (await row_of(asked, response["message_id"])).state is State.PROCESSED


async def test_what_is_left_out_stays(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, lunch: str
) -> None:
    """One field is one field; also of what an app has booked before."""
    await let_the_app_work(asked, server)
    response = await call(hass, UPDATE, message_id=lunch, outflow=13)
    await in_outbox(asked, response["message_id"], State.ACCEPTED)
    await let_the_app_work(asked, server)
    [booking] = server.bookings
    assert (booking.outflow, booking.payee, booking.memo) == (13_000, "Café", "Lunch")


async def test_amounts_of_a_script(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, lunch: str
) -> None:
    """A template turns 13,20 into a pair; what was meant is booked."""
    data = {"message_id": lunch, "amount": "{{ '13,20' }}"}
    step = {"action": f"budgero.{UPDATE}", "data": data}
    assert await async_setup_component(
        hass, "script", {"script": {"mend": {"sequence": [step]}}}
    )
    await hass.services.async_call("script", "mend", blocking=True)
    running(asked).sender.resume()
    [row] = [
        row for row in await unfinished(running(asked).store) if row.target == lunch
    ]
    await in_outbox(asked, row.message_id, State.ACCEPTED)
    server.apply()
    assert server.bookings[0].outflow == 13_200


async def test_shown_in_the_queue(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, lunch: str
) -> None:
    """With its target, and with nothing but what changes."""
    await server.stop()
    await call(hass, UPDATE, message_id=lunch, inflow="13,20", date="2026-11-20")
    await call(hass, UPDATE, message_id=lunch, payee="", cleared=False)
    first, second = (row for row in await queue(hass) if row["operation"] == "update")
    assert first["target"] == second["target"] == lunch
    assert first["transaction"] == {
        "type": "income",
        "amount": 13.2,
        "date": "2026-11-20",
    }
    assert second["transaction"] == {"payee": "", "cleared": False}


async def test_still_waiting(
    hass: HomeAssistant, asked: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What Budgero does not have cannot be changed there."""
    await server.stop()
    message_id = (await add(amount=1))["message_id"]
    error = await refused(hass, UPDATE, message_id=message_id, memo="x")
    assert error.translation_key == "still_waiting"
    assert str(message_id) in str(error)


@pytest.mark.parametrize("state", ["failed", "removed"])
async def test_not_there_any_more(
    hass: HomeAssistant,
    asked: MockConfigEntry,
    server: BudgeroServer,
    lunch: str,
    state: str,
) -> None:
    """Neither can what failed, or what was removed."""
    server.set_status(server.queue[0].id, "failed")
    await running(asked).coordinator.async_ask_now()
    if state == "removed":
        await call(hass, "remove_transaction", message_id=lunch)
    assert (await row_of(asked, lunch)).state == state
    error = await refused(hass, UPDATE, message_id=lunch, memo="x")
    assert error.translation_key == "not_changeable"


async def test_a_change_and_a_transfer_cannot_be_changed(
    hass: HomeAssistant, asked: MockConfigEntry, lunch: str
) -> None:
    """Only transactions have fields to change."""
    change = await call(hass, UPDATE, message_id=lunch, memo="x")
    transfer = await call(hass, "add_transfer", from_account=1, to_account=3, amount=1)
    for other in (change, transfer):
        await in_outbox(asked, other["message_id"], State.ACCEPTED)
        data = {"message_id": other["message_id"], "memo": "y"}
        error = await refused(hass, UPDATE, **data)
        assert error.translation_key == "not_changeable"


REFUSED: list[tuple[dict[str, object], str, str]] = [
    ({}, "missing_change", ""),
    ({"type": "income"}, "missing_amount", "amount"),
    ({"amount": 1, "inflow": 1}, "invalid_one_way_only", "amount"),
    ({"amount": "987.65432"}, "invalid_too_precise", "amount"),
    ({"category": "x987"}, "invalid_not_an_id", "category"),
    ({"payee": ["x987"]}, "invalid_not_text", "payee"),
    ({"cleared": "x987"}, "invalid_not_yes_or_no", "cleared"),
    ({"message_id": " ", "memo": "x"}, "missing_message_id", "message_id"),
    ({"message_id": "none", "memo": "x"}, "invalid_no_value", "message_id"),
    (
        {"message_id": 1 << 2_400_000, "memo": "x"},
        "invalid_bad_characters",
        "message_id",
    ),
    ({"outflow": 0, "inflow": 0}, "invalid_not_positive", "outflow"),
    ({"inflow": "987 USD"}, "invalid_other_currency", "inflow"),
    ({"payee": "{{ x987 }}"}, "invalid_not_rendered", "payee"),
    ({"message_id": "nothing", "memo": "x"}, "unknown_transaction", "nothing"),
]


async def test_refused(
    hass: HomeAssistant, asked: MockConfigEntry, lunch: str, subtests: pytest.Subtests
) -> None:
    """The text names the field, never the value; nothing is kept."""
    for said, key, named in REFUSED:
        with subtests.test(said=said):
            data = {"message_id": lunch} | said
            await check_refusal(hass, UPDATE, data, key, named)
            assert len(await unfinished(running(asked).store)) == 1


async def test_for_administrators_only(
    hass: HomeAssistant,
    asked: MockConfigEntry,
    lunch: str,
    hass_read_only_user: MockUser,
) -> None:
    """Adding is for everybody; changing is not."""
    with pytest.raises(Unauthorized):
        await call_as(hass_read_only_user, hass, UPDATE, message_id=lunch, memo="x")


async def test_older_server(
    hass: HomeAssistant, other: MockConfigEntry, add: Call
) -> None:
    """It has no way to change anything."""
    await until_asked(other)
    message_id = (await add(amount=1, wait=True))["message_id"]
    error = await refused(hass, UPDATE, message_id=message_id, memo="x")
    assert error.translation_key == "not_supported"


async def test_server_that_is_updated(
    hass: HomeAssistant, other: MockConfigEntry, other_server: BudgeroServer, add: Call
) -> None:
    """After its restart the same entry can change what it adds from then on."""
    await until_asked(other)
    await other_server.update(NEWER)
    await hass.config_entries.async_reload(other.entry_id)
    await until_asked(other)
    message_id = (await add(amount=1, wait=True))["message_id"]
    response = await call(hass, UPDATE, message_id=message_id, amount=2)
    await in_outbox(other, response["message_id"], State.ACCEPTED)
    other_server.apply()
    assert [booking.outflow for booking in other_server.bookings] == [2_000]


async def test_disk_refuses(
    hass: HomeAssistant,
    asked: MockConfigEntry,
    lunch: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The action says so, in words."""
    monkeypatch.setattr(Store, "append", unreadable)
    error = await refused(hass, UPDATE, message_id=lunch, memo="x")
    assert error.translation_key == "storage_unavailable"
