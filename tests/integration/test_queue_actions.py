"""Looking into the outbox, and deciding what becomes of what is stranded there."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox import Hold, State
from custom_components.budgero.engine.outbox.disk.database import Database
from custom_components.budgero.engine.push import Sealed, SpaceKey
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from tests.budgero_server import BudgeroServer
from tests.engine.outbox.helpers import owner_of

from .actions import call, call_as, queue, refused
from .barriers import ThreadBarrier
from .support import Call, in_state, row_of, running, unreadable, until, update


async def failed(
    hass: HomeAssistant, entry: MockConfigEntry, server: BudgeroServer, add: Call
) -> str:
    """Return a transaction that an app could not book, with the right key."""
    await running(entry).sender.release(Hold.KEY)
    response = await add(amount=3.5, payee="Café", account=999, wait=True)
    server.apply()
    await update(hass, entry, "failed")
    await in_state(hass, entry, failed="1")
    return str(response["message_id"])


async def test_everything_unfinished_is_listed(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A person sees what waits or failed, why, and what it is."""
    first = await failed(hass, loaded, server, add)
    await server.stop()
    await add(amount="12,50", type="income", memo="Gift", date="2026-11-20")
    await in_state(hass, loaded, waiting="1")
    [one, other] = await queue(hass)
    assert (one["message_id"], one["state"], one["failed_by"]) == (
        first,
        "failed",
        "app",
    )
    assert (one["attempts"], one["last_error"]) == (1, "failed")
    assert one["transaction"] == {
        "type": "expense",
        "amount": 3.5,
        "date": one["transaction"]["date"],
        "payee": "Café",
        "memo": "",
        "account": 999,
        "category": 5,
        "budget": 1,
        "transfer_id": None,
        "cleared": False,
        "splits": [],
    }
    assert (other["state"], other["queue_id"]) == ("waiting", None)
    content = other["transaction"]
    assert isinstance(content, dict)
    assert (content["type"], content["amount"], content["memo"], content["date"]) == (
        "income",
        12.5,
        "Gift",
        "2026-11-20",
    )


async def test_what_another_key_sealed_is_listed_without_content(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Its bytes stay; nobody here can read them."""
    await server.stop()
    await add(amount=1)
    data = running(loaded)
    sealed = Sealed("foreign", SpaceKey(bytes(32)).seal(b"{}"))
    await data.store.append(sealed, b"")
    rows = {row["message_id"]: row["transaction"] for row in await queue(hass)}
    assert rows.pop("foreign") is None
    assert None not in rows.values()


async def test_retry_books_it_once(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The account was missing in Budgero; now it is there, and it is sent again."""
    message_id = await failed(hass, loaded, server, add)
    answer = await call(
        hass, "retry_transaction", message_id=message_id, not_in_budgero=True
    )
    assert answer["status"] == "waiting"
    assert answer["message_id"] != message_id
    await in_state(hass, loaded, waiting="0", pending="1", failed="0")
    assert [item.message_id for item in server.queue] == [
        message_id,
        answer["message_id"],
    ]
    [row] = await queue(hass)
    assert row["replaces"] == message_id


async def test_retry_wants_a_persons_word(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What may be booked already is not sent again without it."""
    message_id = await failed(hass, loaded, server, add)
    data = {"message_id": message_id, "not_in_budgero": False}
    error = await refused(hass, "retry_transaction", **data)
    assert isinstance(error, ServiceValidationError)
    assert error.translation_key == "not_confirmed"
    assert len(server.queue) == 1


async def test_remove_takes_it_out(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The number of failed ones goes down, and the list is empty."""
    message_id = await failed(hass, loaded, server, add)
    await call(hass, "remove_transaction", message_id=message_id)
    await in_state(hass, loaded, failed="0")
    assert await queue(hass) == []
    row = await row_of(loaded, message_id)
    assert (row.state, row.payload) == (State.REMOVED, None)


@pytest.mark.parametrize(
    ("name", "at_budgero", "data"),
    [
        ("remove_transaction", "not_removable", {}),
        ("retry_transaction", "not_possible", {"not_in_budgero": True}),
    ],
)
async def test_refusals(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    name: str,
    at_budgero: str,
    data: dict[str, object],
) -> None:
    """A wrong id, or one that Budgero has, is refused in words."""
    accepted = (await add(amount=1, wait=True))["message_id"]
    for message_id, key in (
        ("nothing", "unknown_transaction"),
        (accepted, at_budgero),
    ):
        error = await refused(hass, name, message_id=message_id, **data)
        assert isinstance(error, ServiceValidationError)
        assert error.translation_key == key
        assert error.translation_placeholders == {"message_id": message_id}
    await in_state(hass, loaded, pending="1")


async def test_what_may_be_on_its_way_stays(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Removing it would be a promise that nobody can keep."""
    await server.stop()
    message_id = (await add(amount=1))["message_id"]
    await running(loaded).store.waiting.begin_attempt(
        await row_of(loaded, message_id), 120
    )
    error = await refused(hass, "remove_transaction", message_id=message_id)
    assert isinstance(error, ServiceValidationError)
    assert error.translation_key == "still_in_doubt"
    assert len(await queue(hass)) == 1


@pytest.mark.parametrize(
    ("name", "method", "data"),
    [
        ("get_queue", "contents", {}),
        ("remove_transaction", "get", {"message_id": "m"}),
        (
            "retry_transaction",
            "send_again",
            {"message_id": "m", "not_in_budgero": True},
        ),
    ],
)
async def test_disk_refuses(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    method: str,
    data: dict[str, object],
) -> None:
    """The action says so, in words."""
    monkeypatch.setattr(owner_of(method), method, unreadable)
    error = await refused(hass, name, **data)
    assert error.translation_key == "storage_unavailable"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("get_queue", {}),
        ("remove_transaction", {"message_id": "m"}),
        ("retry_transaction", {"message_id": "m", "not_in_budgero": True}),
    ],
)
async def test_for_administrators_only(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    hass_read_only_user: MockUser,
    name: str,
    data: dict[str, object],
) -> None:
    """Adding is for everybody; looking and deciding is not."""
    with pytest.raises(Unauthorized):
        await call_as(hass_read_only_user, hass, name, **data)


@pytest.mark.parametrize("name", ["retry_transaction", "remove_transaction"])
async def test_cancelled_in_the_middle(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """What a person decided is shown, and sent, though the script was stopped."""
    message_id = await failed(hass, loaded, server, add)
    disk = ThreadBarrier()
    disk.hold_up(monkeypatch, Database, "_commit")
    data = {"message_id": message_id}
    if name == "retry_transaction":
        data |= {"not_in_budgero": "true"}
    task = hass.async_create_task(
        hass.services.async_call(DOMAIN, name, data, blocking=True)
    )
    await until(disk.reached.is_set)
    task.cancel()
    disk.opened.set()
    await in_state(hass, loaded, failed="0", waiting="0")
    assert task.cancelled()
    expected = 2 if name == "retry_transaction" else 1
    await until(lambda: len(server.queue) == expected)
