"""Looking into the outbox, and deciding what becomes of what is stranded there."""

import asyncio
import time

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.const import DOMAIN
from custom_components.budgero.engine.outbox import Hold, State, Store
from custom_components.budgero.engine.outbox.database import Database
from custom_components.budgero.engine.push import Sealed, SpaceKey
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from tests.budgero_server import BudgeroServer

from .support import Call, in_state, running, unreadable, until, update


async def call(hass: HomeAssistant, name: str, **data: object) -> dict[str, object]:
    """Call an action and return its response."""
    response = await hass.services.async_call(
        DOMAIN, name, data, blocking=True, return_response=name != "remove_transaction"
    )
    return dict(response or {})


async def queue(hass: HomeAssistant) -> list[dict[str, object]]:
    """Return the transactions that are not finished."""
    transactions = (await call(hass, "get_queue"))["transactions"]
    assert isinstance(transactions, list)
    return transactions


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
        "date": one["transaction"]["date"],  # type: ignore[index]
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
    with pytest.raises(ServiceValidationError) as caught:
        await call(
            hass, "retry_transaction", message_id=message_id, not_in_budgero=False
        )
    assert caught.value.translation_key == "not_confirmed"
    assert len(server.queue) == 1


async def test_remove_takes_it_out(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The number of failed ones goes down, and the list is empty."""
    message_id = await failed(hass, loaded, server, add)
    await call(hass, "remove_transaction", message_id=message_id)
    await in_state(hass, loaded, failed="0")
    assert await queue(hass) == []
    row = await running(loaded).store.get(message_id)
    assert row is not None
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
        ("none", "unknown_transaction"),
        (accepted, at_budgero),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await call(hass, name, message_id=message_id, **data)
        assert caught.value.translation_key == key
        assert caught.value.translation_placeholders == {"message_id": message_id}
    await in_state(hass, loaded, pending="1")


async def test_what_may_be_on_its_way_stays(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Removing it would be a promise that nobody can keep."""
    await server.stop()
    message_id = (await add(amount=1))["message_id"]
    store = running(loaded).store
    row = await store.get(str(message_id))
    assert row is not None
    await store.begin_attempt(row, 120)
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, "remove_transaction", message_id=message_id)
    assert caught.value.translation_key == "still_in_doubt"
    assert len(await queue(hass)) == 1


@pytest.mark.parametrize(
    ("name", "method", "data"),
    [
        ("get_queue", "unfinished", {}),
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

    monkeypatch.setattr(Store, method, unreadable)
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, name, **data)
    assert caught.value.translation_key == "storage_unavailable"


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
        await hass.services.async_call(
            DOMAIN,
            name,
            data,
            blocking=True,
            return_response=name != "remove_transaction",
            context=Context(user_id=hass_read_only_user.id),
        )


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
    commit = Database._commit  # noqa: SLF001

    def slow_commit(database: Database, batch: object) -> object:
        time.sleep(0.1)
        return commit(database, batch)  # type: ignore[arg-type]

    monkeypatch.setattr(Database, "_commit", slow_commit)
    data = {"message_id": message_id}
    if name == "retry_transaction":
        data |= {"not_in_budgero": "true"}
    task = hass.async_create_task(
        hass.services.async_call(DOMAIN, name, data, blocking=True)
    )
    await asyncio.sleep(0.02)
    task.cancel()
    await in_state(hass, loaded, failed="0", waiting="0")
    assert task.cancelled()
    expected = 2 if name == "retry_transaction" else 1
    await until(lambda: len(server.queue) == expected)
