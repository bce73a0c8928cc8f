"""Names in the actions: what is booked, what is refused, and what is shown of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.const import CONF_PAYEES_FOR_EVERYBODY, DOMAIN
from custom_components.budgero.engine.names import (
    Account,
    Category,
    Directory,
    KeptNames,
    Payee,
    Source,
)
from custom_components.budgero.engine.outbox import State
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.names_view import MOST_NEAR
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.setup import async_setup_component
from tests.budgero_server import BudgeroServer
from tests.engine.named import NAMES

from .actions import call, call_as, check_refusal, queue, refused, refused_as
from .newer import NEWER, in_outbox
from .repair_dialogs import ask, listed
from .support import ADD, Call, let_the_app_work, running

GET_NAMES = "get_names"
ORIGIN = {"source", "read_at"}
PAYEES = (Payee(id=1, name="Bakery", budget=1), Payee(id=-1, name="Kiosk"))


@pytest.fixture
def release() -> str:
    """A newer server, which knows every action."""
    return NEWER


@pytest.fixture
async def named(asked: MockConfigEntry) -> MockConfigEntry:
    """The entry, with the names of a household."""
    await know(asked, replace(NAMES.directory, payees=PAYEES))
    return asked


async def know(entry: MockConfigEntry, directory: Directory) -> None:
    """Give an entry a directory, as if it was in a file that somebody exported."""
    read_at = datetime(2026, 11, 28, 12, tzinfo=UTC)
    kept = KeptNames(directory=directory, source=Source.FILE, read_at=read_at)
    await running(entry).names.async_take(kept)


async def nothing_is_kept(entry: MockConfigEntry) -> bool:
    """Return whether an outbox is empty."""
    return await running(entry).store.review.counts() == Counts()


async def set_up_scripts(
    hass: HomeAssistant, calls: Iterable[Mapping[str, object]]
) -> None:
    """Make scripts that log 1.00 each, as a household writes them."""
    scripts = {
        f"log_{number}": {
            "sequence": [{"action": f"{DOMAIN}.{ADD}", "data": {"amount": 1, **data}}]
        }
        for number, data in enumerate(calls)
    }
    assert await async_setup_component(hass, "script", {"script": scripts})


# What is booked


async def test_an_expense_by_name(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """It is booked under the ids that the names stand for, of the budget in use."""
    await add(amount=1, account="savings", category="GROCERIES", wait=True)
    server.apply()
    [booking] = server.bookings
    assert (booking.account_id, booking.category_id, booking.budget_id) == (2, 5, 1)
    await add(amount=1, account="cash", category="Fun", budget="business")
    logged = (await queue(hass))[-1]["transaction"]
    assert (logged["account"], logged["category"], logged["budget"]) == (8, 8, 2)


async def test_a_transfer_by_name(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer
) -> None:
    """So it is with both accounts of a transfer."""
    said = {"from_account": "Checking", "to_account": "savings", "amount": 50}
    await call(hass, "add_transfer", **said, wait=True)
    server.apply()
    assert [booking.account_id for booking in server.bookings] == [1, 2]


async def test_lines_by_name(
    hass: HomeAssistant, named: MockConfigEntry, add: Call
) -> None:
    """And with the lines of a divided transaction."""
    lines = [
        {"amount": 2, "category": "groceries"},
        {"amount": 1, "transfer_account": "savings"},
    ]
    await add(amount=3, splits=lines)
    transaction = (await queue(hass))[0]["transaction"]
    first, second = transaction["splits"]
    assert (first["category"], second["transfer_account"]) == (5, 2)


async def test_a_change_by_name(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A change looks names up in the budget of what it changes."""
    said = {"budget": 2, "account": 8, "category": 8}
    target = (await add(amount=1, **said, wait=True))["message_id"]
    data = {"message_id": target, "account": "cash", "category": "fun"}
    await call(hass, "update_transaction", **data, amount="$2")
    changed = (await queue(hass))[-1]["transaction"]
    assert (changed["account"], changed["category"], changed["amount"]) == (8, 8, 2)
    data["account"] = "checking"
    key = "invalid_other_budget"
    await check_refusal(hass, "update_transaction", data, key, "account")


async def test_a_change_of_what_is_finished(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Its content is gone here, so names are those of the entry's budget."""
    target = (await add(amount=1, wait=True))["message_id"]
    await let_the_app_work(named, server)
    change = await call(
        hass, "update_transaction", message_id=target, category="groceries", amount=2
    )
    await in_outbox(named, change["message_id"], State.ACCEPTED)
    await let_the_app_work(named, server)
    [booking] = server.bookings
    assert (booking.category_id, booking.outflow) == (5, 2000)


@pytest.mark.parametrize("written", ["1,2", "True", "007"])
async def test_names_of_a_script(
    hass: HomeAssistant, named: MockConfigEntry, written: str
) -> None:
    """A template makes a pair, a truth value or nothing else of a text: it goes back."""
    categories = {"1,2": 11, "True": 10, "007": 12}
    calls = [{"category": f"{{{{ {written!r} }}}}"}, {"category": written}]
    await set_up_scripts(hass, calls)
    for number in range(len(calls)):
        await hass.services.async_call("script", f"log_{number}", blocking=True)
    logged = [row["transaction"]["category"] for row in await queue(hass)]
    assert logged == [categories[written]] * 2


async def test_lists_of_a_script(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """A text that looks like a list is a name, too."""
    category = Category(id=30, name="[1, 2]", budget=1)
    await know(named, replace(NAMES.directory, categories=(category,)))
    await set_up_scripts(hass, [{"category": "{{ '[1, 2]' }}"}])
    await hass.services.async_call("script", "log_0", blocking=True)
    assert (await queue(hass))[0]["transaction"]["category"] == 30


@pytest.mark.parametrize("written", ["{{ '2026' }}", "2026", 2026])
@pytest.mark.allowed_warnings("Error for call_service")
async def test_digits_that_are_a_name_too(
    hass: HomeAssistant, named: MockConfigEntry, written: object
) -> None:
    """They are an id, and the error says what else they may mean."""
    await set_up_scripts(hass, [{"category": written}])
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call("script", "log_0", blocking=True)
    assert caught.value.translation_key == "invalid_id_and_name"
    assert "category" in str(caught.value)
    assert await nothing_is_kept(named)


async def test_the_same_by_name_and_by_id(
    hass: HomeAssistant, named: MockConfigEntry, add: Call
) -> None:
    """One message id is one call, whichever of the two is given, also once renamed."""
    first = await add(amount=1, category="Groceries", message_id="rent")
    assert first["status"] == "waiting"
    again = await add(amount=1, category=5, message_id="rent")
    assert again["status"] == "already_known"
    await know(named, Directory(categories=(Category(id=5, name="Food", budget=1),)))
    again = await add(amount=1, category="food", message_id="rent")
    assert again["status"] == "already_known"
    error = await refused(hass, ADD, amount=1, category=6, message_id="rent")
    assert error.translation_key == "different_content"


# What is refused


REFUSED = [
    ({"account": "x987"}, "invalid_unknown_name", "account"),
    ({"category": "x987"}, "invalid_unknown_name", "category"),
    ({"budget": "x987"}, "invalid_unknown_name", "budget"),
    ({"category": "Fun"}, "invalid_ambiguous_name", "category"),
    ({"category": 8}, "invalid_other_budget", "category"),
    ({"account": 8}, "invalid_other_budget", "account"),
    ({"account": "Old Card"}, "invalid_archived", "account"),
    ({"account": 6}, "invalid_crypto", "account"),
    ({"account": "Travel", "amount": "9.87"}, "invalid_too_precise", "amount"),
    ({"account": "Travel", "amount": "987 €"}, "invalid_other_currency", "amount"),
]


@pytest.mark.parametrize(("said", "key", "field"), REFUSED)
async def test_refused_before_it_is_stored(
    hass: HomeAssistant,
    named: MockConfigEntry,
    said: dict[str, object],
    key: str,
    field: str,
) -> None:
    """The text names the field and the next step, and never the value."""
    await check_refusal(hass, ADD, {"amount": 1, **said}, key, field)
    assert await nothing_is_kept(named)


async def test_refused_transfers(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """Nothing is converted, and nothing goes to an account that was put away."""
    said = {"from_account": "Checking", "amount": 1}
    for other, key in (
        ("Travel", "invalid_different_currencies"),
        ("Old Card", "invalid_archived"),
        ("x987", "invalid_unknown_name"),
    ):
        data = {**said, "to_account": other}
        await check_refusal(hass, "add_transfer", data, key, "to_account")
    assert await nothing_is_kept(named)


async def test_a_name_without_a_directory(
    hass: HomeAssistant, asked: MockConfigEntry
) -> None:
    """The text says how to get names; an id works all the same."""
    error = await refused(hass, ADD, amount=1, account="Checking")
    assert error.translation_key == "invalid_not_an_id"
    assert "options" in str(error)
    await call(hass, ADD, amount=1, account="77", category=88)
    [row] = await queue(hass)
    assert (row["transaction"]["account"], row["transaction"]["category"]) == (77, 88)
    assert "account_name" not in row["transaction"]


# What is shown


async def test_names_in_the_queue(
    hass: HomeAssistant, named: MockConfigEntry, add: Call
) -> None:
    """Beside the ids, where they are known; a blank name is none."""
    categories = (*NAMES.directory.categories, Category(id=77, name="", budget=1))
    await know(named, replace(NAMES.directory, categories=categories))
    await add(amount=1, account=9, category=77)
    lines = [{"amount": 1, "category": 5}, {"amount": 1, "transfer_account": 2}]
    await add(amount=2, splits=lines)
    await call(hass, "add_transfer", from_account=1, to_account=2, amount=1)
    first, second, third = [row["transaction"] for row in await queue(hass)]
    assert (first["account"], first["account_name"]) == (9, "By hand")
    assert (first["budget"], first["budget_name"]) == (1, "Household")
    assert first["category"] == 77
    assert "category_name" not in first
    assert second["splits"][0]["category_name"] == "Groceries"
    assert second["splits"][1]["transfer_account_name"] == "Savings"
    assert (third["from_account_name"], third["to_account_name"]) == (
        "Checking",
        "Savings",
    )


async def test_names_in_a_repair(
    hass: HomeAssistant, named: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A line says which account it is, in its currency."""
    long = Account(id=2, name="x" * 100, budget=1, currency="EUR")
    blank = Account(id=77, name="", budget=1)
    others = [account for account in NAMES.directory.accounts if account.id != 2]
    accounts = (*others, long, blank)
    await know(named, replace(NAMES.directory, accounts=accounts))
    await add(amount=1200, account="travel", date="2026-11-20", wait=True)
    await add(amount=1, account=2, date="2026-11-20", wait=True)
    await add(amount=1, account=77, date="2026-11-20", wait=True)
    for item in server.queue:
        server.set_status(item.id, "failed")
    await running(named).coordinator.async_ask_now()
    await hass.async_block_till_done()
    lines = listed(await ask(hass, "failed")).values()
    labels = [line.removesuffix(" · failed in an app") for line in lines]
    assert labels == [
        "2026-11-20 · 1.00 EUR · account 77",
        f"2026-11-20 · 1.00 EUR · {'x' * 31}…",
        "2026-11-20 · 1200 JPY · Travel",
    ]


async def names(hass: HomeAssistant, **data: object) -> dict[str, Any]:
    """Return the lists that the action shows, without where they come from."""
    shown = await call(hass, GET_NAMES, **data)
    return {key: names for key, names in shown.items() if key not in ORIGIN}


async def test_all_names(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """With ids and what else one chooses by, and without any amount."""
    shown: dict[str, Any] = await call(hass, GET_NAMES)
    assert shown["source"] == "file"
    assert shown["read_at"] == "2026-11-28T12:00:00+00:00"
    assert shown["budgets"][0] == {"id": 1, "name": "Household", "currency": None}
    assert shown["accounts"][4] == {
        "id": 5,
        "name": "Old Card",
        "budget": 1,
        "currency": "EUR",
        "archived": True,
    }
    assert shown["categories"][0] == {
        "id": 5,
        "name": "Groceries",
        "budget": 1,
        "group": 3,
    }
    assert shown["category_groups"] == [{"id": 3, "name": "Daily", "budget": 1}]
    assert shown["presets"] == []
    assert shown["payees"] == [
        {"id": 1, "name": "Bakery", "budget": 1},
        {"id": None, "name": "Kiosk", "budget": None},
    ]


async def test_names_that_are_like_something(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """A typing error is found, and a part of a name."""
    shown = await names(hass, search="Groceris")
    assert [found["name"] for found in shown["categories"]] == ["Groceries"]
    assert shown["accounts"] == []
    assert "category_groups" not in shown
    shown = await names(hass, search="card", kind="account")
    assert shown.keys() == {"accounts"}


async def test_many_names_that_are_like_something(
    hass: HomeAssistant, named: MockConfigEntry
) -> None:
    """As many as a person chooses from, and not thousands."""
    shops = tuple(
        Payee(id=each, name=f"Shop {each}", budget=1) for each in range(1, 40)
    )
    await know(named, replace(NAMES.directory, payees=shops))
    shown = await names(hass, search="shop", kind="payee")
    assert len(shown["payees"]) == MOST_NEAR


async def test_one_kind_of_names(hass: HomeAssistant, named: MockConfigEntry) -> None:
    """Or a text that says which kinds there are."""
    assert (await names(hass, kind="budget")).keys() == {"budgets"}
    kinds = {"categories", "category_groups"}
    assert (await names(hass, kind=" category ")).keys() == kinds
    await check_refusal(hass, GET_NAMES, {"kind": "x987"}, "unknown_kind", "kind")
    long: dict[str, object] = {"search": "987" * 1000}
    await check_refusal(hass, GET_NAMES, long, "invalid_too_long", "search")


async def test_no_names(hass: HomeAssistant, asked: MockConfigEntry) -> None:
    """Nothing is known, and that is no error."""
    shown = await call(hass, GET_NAMES)
    assert shown.keys() > ORIGIN
    assert not any(shown.values())


async def test_who_sees_names(
    hass: HomeAssistant,
    named: MockConfigEntry,
    hass_admin_user: MockUser,
    hass_read_only_user: MockUser,
) -> None:
    """Whoever may log; payees only administrators, unless an option says otherwise."""
    error = await refused_as(hass_read_only_user, hass, GET_NAMES)
    assert error.translation_key == "may_not_log"
    assert "payees" in await call_as(hass_admin_user, hass, GET_NAMES)
    plain = await hass.auth.async_create_user("Ann", group_ids=["system-users"])
    shown = await call_as(plain, hass, GET_NAMES)
    assert shown.keys() - ORIGIN == {
        *("budgets", "accounts", "categories", "category_groups", "presets")
    }
    error = await refused_as(plain, hass, GET_NAMES, kind="payee")
    assert error.translation_key == "may_not_see_payees"
    options = {**named.options, CONF_PAYEES_FOR_EVERYBODY: True}
    hass.config_entries.async_update_entry(named, options=options)
    await hass.async_block_till_done()
    await know(named, replace(NAMES.directory, payees=PAYEES))
    shown = await call_as(plain, hass, GET_NAMES, kind="payee")
    assert shown["payees"] == [
        {"id": 1, "name": "Bakery", "budget": 1},
        {"id": None, "name": "Kiosk", "budget": None},
    ]
