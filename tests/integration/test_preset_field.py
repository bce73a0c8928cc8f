"""The field `preset` of the action: which preset is meant, and what it fills in."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.engine.names import Account, Directory
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.engine.push import Direction
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component

from .actions import call, call_which, check_refusal, refused, refused_as
from .preset_helpers import (
    COFFEE,
    GROCERIES,
    SALARY,
    add_preset,
    change_preset,
    device_of,
)
from .support import ADD, DEFAULTS, Call, running
from .test_presets import logged

NO_NAMES: dict[str, list[str]] = {"spoken_names": []}


@pytest.mark.parametrize(
    "written", ["Coffee", "coffee", " Cof fee", "CÖFFEE", "espresso", "ESPRESSO"]
)
async def test_by_name(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    idle: asyncio.Lock,
    written: str,
) -> None:
    """Names and spoken names, whatever their case, accents and blanks."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    await add_preset(hass, loaded, "Salary", SALARY)
    async with idle:
        assert (await add(preset=written))["status"] == "waiting"
        [transaction] = await logged(loaded)
    assert transaction.payee == "Kiosk"


async def test_by_device(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, idle: asyncio.Lock
) -> None:
    """As the action's form and blueprints choose it; a rename changes nothing."""
    presets = [
        await add_preset(hass, loaded, name, {**COFFEE, "memo": name, **NO_NAMES})
        for name in ("Tea", "Coffee", "Juice")
    ]
    await change_preset(hass, loaded, presets[1], name="Something else")
    async with idle:
        for preset_id in presets:
            await add(preset=device_of(hass, loaded, preset_id).id)
            await add(preset=preset_id)
        memos = [transaction.memo for transaction in await logged(loaded)]
    assert memos == ["Tea", "Tea", "Coffee", "Coffee", "Juice", "Juice"]


async def test_the_device_of_another_entry(
    hass: HomeAssistant, loaded: MockConfigEntry, other: MockConfigEntry
) -> None:
    """Says which entry is meant, unless another one is named."""
    coffee = await add_preset(hass, other, "Coffee", COFFEE)
    device = device_of(hass, other, coffee).id
    entry_id, _ = await call_which(hass, ADD, preset=device)
    assert entry_id == other.entry_id
    await check_refusal(
        hass,
        ADD,
        {"preset": device, "config_entry_id": loaded.entry_id},
        "invalid_unknown_name",
        "preset",
    )
    await check_refusal(
        hass, ADD, {"preset": "Coffee"}, "invalid_unknown_name", "preset"
    )


@pytest.mark.parametrize("written", ["Tea 987", "Coff", "Coffee!", 987, True, ["x"]])
async def test_unknown(
    hass: HomeAssistant, loaded: MockConfigEntry, written: object
) -> None:
    """Nothing is guessed, and nothing stored."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    data = {"amount": 1, "preset": written}
    await check_refusal(hass, ADD, data, "invalid_unknown_name", "preset")
    device = device_of(hass, loaded, next(iter(loaded.subentries))).via_device_id
    assert device is None
    assert await running(loaded).store.review.counts() == Counts()


async def test_the_device_of_another_integration(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """It is no preset, however its own integration identifies it."""
    another = MockConfigEntry(domain="another")
    another.add_to_hass(hass)
    part = await add_preset(hass, another, "Part", {})
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=another.entry_id,
        config_subentry_id=part,
        identifiers={("another", "1", "2")},  # type: ignore[arg-type]
    )
    data = {"amount": 1, "preset": device.id}
    await check_refusal(hass, ADD, data, "invalid_unknown_name", "preset")


async def test_two_that_are_called_the_same(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The form refuses it, but Home Assistant lets anybody rename a subentry."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    await add_preset(hass, loaded, "cöffee", COFFEE | {"spoken_names": []})
    await check_refusal(
        hass, ADD, {"preset": "COFFEE"}, "invalid_ambiguous_name", "preset"
    )
    await call_which(hass, ADD, preset="Coffee")


@pytest.mark.parametrize(
    ("written", "problem"),
    [("unknown", "no_value"), ("{{ x }}", "not_rendered")],
)
async def test_without_a_value(
    hass: HomeAssistant, loaded: MockConfigEntry, written: str, problem: str
) -> None:
    """An entity that says nothing is no preset."""
    await check_refusal(hass, ADD, {"preset": written}, f"invalid_{problem}", "preset")


@pytest.mark.parametrize("name", ["2026", "True", "1,2"])
async def test_what_a_template_makes_of_a_name(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock, name: str
) -> None:
    """A number, a bool and a pair go back to their texts."""
    await add_preset(hass, loaded, name, COFFEE)
    action = {
        "action": f"budgero.{ADD}",
        "data": {"preset": "{{ name }}", "amount": "{{ '3,50' }}"},
    }
    script = {"log": {"sequence": [{"variables": {"name": name}}, action]}}
    assert await async_setup_component(hass, "script", {"script": script})
    async with idle:
        await hass.services.async_call("script", "log", blocking=True)
        [transaction] = await logged(loaded)
    assert transaction.payee == "Kiosk"


WINS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {}),
    ({"amount": ""}, {}),
    ({"amount": 7}, {"amount": Decimal(7)}),
    ({"amount": 7, "type": "income"}, {"amount": Decimal(7), "direction": "income"}),
    ({"type": "income"}, {"direction": "income"}),
    ({"outflow": 7}, {"amount": Decimal(7)}),
    ({"inflow": 7}, {"amount": Decimal(7), "direction": "income"}),
    ({"account": 1}, {"account": 1}),
    ({"category": 2}, {"category": 2}),
    (
        {"budget": 3, "account": 7, "category": 8},
        {"budget": 3, "account": 7, "category": 8},
    ),
    ({"payee": "Bar", "memo": "White"}, {"payee": "Bar", "memo": "White"}),
    ({"payee": " ", "memo": "unknown"}, {}),
]


@pytest.mark.parametrize(("given", "expected"), WINS)
async def test_what_is_given_wins(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    idle: asyncio.Lock,
    given: dict[str, Any],
    expected: dict[str, Any],
) -> None:
    """The preset fills in what the call leaves out."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    async with idle:
        await add(preset="Coffee", **given)
        [transaction] = await logged(loaded)
    whole = {
        "amount": Decimal("3.5"),
        "direction": Direction.EXPENSE,
        "account": 2,
        "category": 5,
        "budget": 1,
        "payee": "Kiosk",
        "memo": "Black",
    }
    for field, value in (whole | expected).items():
        assert getattr(transaction, field) == value, field


async def test_the_defaults_fill_in_the_rest(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, idle: asyncio.Lock
) -> None:
    """A preset that says little is worth little, and needs an amount."""
    await add_preset(hass, loaded, "Groceries", GROCERIES)
    error = await refused(hass, ADD, preset="Groceries")
    assert error.translation_key == "missing_amount"
    async with idle:
        await add(preset="Groceries", amount=1)
        [transaction] = await logged(loaded)
    assert transaction.account == DEFAULTS["account"]
    assert transaction.category == 2


async def test_a_preset_of_another_budget(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, idle: asyncio.Lock
) -> None:
    """The default category belongs to the default budget: it is left out."""
    office = {"type": "expense", "account": 4, "budget": 2, "has_number": False}
    await add_preset(hass, loaded, "Office", office)
    async with idle:
        await add(preset="Office", amount=1)
        [transaction] = await logged(loaded)
    assert (transaction.account, transaction.budget) == (4, 2)
    assert transaction.category is None


async def test_the_amount_is_read_in_the_currency_of_the_account(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Also when that became known after the preset was made."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    account = Account(id=2, name="Yen", currency="JPY")
    await running(loaded).names.async_put_by_hand(Directory(accounts=(account,)))
    error = await refused(hass, ADD, preset="Coffee")
    assert error.translation_key == "invalid_too_precise"


async def test_an_amount_in_another_currency(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, idle: asyncio.Lock
) -> None:
    """350 euros do not become 350 yen; a text says what to do."""
    await add_preset(
        hass, loaded, "Coffee", COFFEE | {"amount": "350", "currency": "EUR"}
    )
    account = Account(id=4, name="Yen", currency="JPY")
    await running(loaded).names.async_put_by_hand(Directory(accounts=(account,)))
    said = {"preset": "Coffee", "account": "Yen"}
    error = await refused(hass, ADD, **said)
    assert error.translation_key == "invalid_preset_currency"
    assert "give an amount" in str(error)
    async with idle:
        await add(**said, amount=500)
        [transaction] = await logged(loaded)
    assert transaction.amount == Decimal(500)


async def test_another_budget_needs_an_account_of_its_own(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Budgero would book the preset's account in it without a word."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    await check_refusal(
        hass, ADD, {"preset": "Coffee", "budget": 3}, "invalid_other_budget", "account"
    )


async def test_the_same_call_again(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call
) -> None:
    """It is known again, also when the preset was changed in between."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    await add_preset(hass, loaded, "Salary", SALARY | {"amount": "1"})
    await add(preset="Coffee", message_id="tag:1")
    await change_preset(hass, loaded, coffee, amount="4", payee="Bar", name="Espresso")
    again = await add(preset="espresso", message_id="tag:1")
    assert again["status"] == "already_known"
    for differing in ({"preset": "Salary"}, {"preset": "Espresso", "amount": 4}):
        error = await refused(hass, ADD, message_id="tag:1", **differing)
        assert error.translation_key == "different_content"


async def test_who_may_not_log_learns_nothing_of_presets(
    hass: HomeAssistant, loaded: MockConfigEntry, hass_read_only_user: MockUser
) -> None:
    """Whether there is such a preset is not told to them."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    for name in ("Coffee", "Tea"):
        error = await refused_as(hass_read_only_user, hass, ADD, preset=name)
        assert error.translation_key == "may_not_log"


async def test_names_are_shown_to_whoever_may_log(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """With ids that the action takes, and without what the presets contain."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    salary = await add_preset(hass, loaded, "Salary", SALARY)
    shown = {"id": coffee, "name": "Coffee", "spoken_names": ["espresso"]}
    named = await call(hass, "get_names")
    assert named["presets"] == [
        shown,
        {"id": salary, "name": "Salary", "spoken_names": []},
    ]
    alone = await call(hass, "get_names", kind="preset")
    assert alone["presets"] == named["presets"]
    assert "accounts" not in alone
    for search in ("coffé", "eapresso", "press"):
        found = await call(hass, "get_names", kind="preset", search=search)
        assert found["presets"] == [shown], search
    assert "presets" not in await call(hass, "get_names", kind="account")
