"""Presets: their devices come and go without a reload, and their buttons log."""

import asyncio

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero.engine.names import Account, Directory
from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Direction, Transaction
from custom_components.budgero.preset_button import TWICE_WITHIN
from custom_components.budgero.presets import find_preset, presets_of
from homeassistant.components.number.const import DOMAIN as NUMBER
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import device_registry as dr, entity_registry as er

from .preset_helpers import (
    COFFEE,
    GROCERIES,
    SALARY,
    add_preset,
    change_preset,
    device_of,
    preset_entity,
    press,
    type_amount,
    typed_in,
)
from .support import Call, raising, running


async def logged(entry: MockConfigEntry) -> list[Transaction]:
    """Return what the outbox holds, decrypted, the oldest first."""
    data = running(entry)
    rows, _ = await data.store.review.contents()
    return [
        Transaction.from_wire(data.client.key.open(row.payload))
        for row in rows
        if row.payload is not None
    ]


async def test_a_preset_is_a_device_with_a_button(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """It logs what the preset says, and is what the defaults leave to it."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    device = device_of(hass, loaded, coffee)
    assert (device.name, device.model) == ("Coffee", "Preset")
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    assert device.config_subentry_id == coffee
    assert preset_entity(hass, loaded, coffee) == "button.coffee_log"
    async with idle:
        await press(hass, loaded, coffee)
        [transaction] = await logged(loaded)
    assert transaction.direction is Direction.EXPENSE
    assert str(transaction.amount) == "3.5"
    assert (transaction.account, transaction.category) == (2, 5)
    assert (transaction.payee, transaction.memo) == ("Kiosk", "Black")


async def test_each_press_is_a_transaction(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """Automations press as often as they are told to; ids are random."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    async with idle:
        for _ in range(3):
            await press(hass, loaded, coffee)
        assert len(await logged(loaded)) == 3


async def test_a_person_presses_twice_by_mistake(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    idle: asyncio.Lock,
    hass_admin_user: MockUser,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The second press within a moment is refused, in words; another person's is not."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    salary = await add_preset(hass, loaded, "Salary", SALARY | {"amount": "2500"})
    one = Context(user_id=hass_admin_user.id)
    owner = await hass.auth.async_create_user("Owner", group_ids=["system-admin"])
    async with idle:
        await press(hass, loaded, coffee, one)
        with pytest.raises(ServiceValidationError) as refused:
            await press(hass, loaded, coffee, one)
        assert refused.value.translation_key == "pressed_twice"
        assert "three seconds" in str(refused.value)
        await press(hass, loaded, salary, one)
        await press(hass, loaded, coffee, Context(user_id=owner.id))
        assert len(await logged(loaded)) == 3
        later = hass.loop.time() + TWICE_WITHIN
        monkeypatch.setattr(hass.loop, "time", lambda: later)
        await press(hass, loaded, coffee, one)
        assert len(await logged(loaded)) == 4


async def test_two_presses_in_the_same_moment(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    idle: asyncio.Lock,
    hass_admin_user: MockUser,
) -> None:
    """The second is refused although the first is not on disk yet."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    context = Context(user_id=hass_admin_user.id)
    async with idle:
        presses = [press(hass, loaded, coffee, context) for _ in range(2)]
        outcomes = await asyncio.gather(*presses, return_exceptions=True)
        assert [type(outcome) for outcome in outcomes] == [
            type(None),
            ServiceValidationError,
        ]
        assert len(await logged(loaded)) == 1


async def test_a_press_that_is_cancelled_counts(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    idle: asyncio.Lock,
    hass_admin_user: MockUser,
) -> None:
    """It is logged all the same, so the next one would be the second."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    context = Context(user_id=hass_admin_user.id)
    async with idle:
        pressing = asyncio.create_task(press(hass, loaded, coffee, context))
        await asyncio.sleep(0)
        pressing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pressing
        with pytest.raises(ServiceValidationError):
            await press(hass, loaded, coffee, context)
        await hass.async_block_till_done()
        assert len(await logged(loaded)) == 1


async def test_a_press_that_failed_is_repeated_at_once(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    idle: asyncio.Lock,
    hass_admin_user: MockUser,
) -> None:
    """Nothing was logged, so nothing can be logged twice."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES)
    context = Context(user_id=hass_admin_user.id)
    with pytest.raises(ServiceValidationError) as refused:
        await press(hass, loaded, groceries, context)
    assert refused.value.translation_key == "preset_without_amount"
    assert "no amount" in str(refused.value)
    await type_amount(hass, loaded, groceries, 12.5)
    async with idle:
        await press(hass, loaded, groceries, context)
        [transaction] = await logged(loaded)
    assert str(transaction.amount) == "12.5"


async def test_what_is_typed_is_logged_and_forgotten(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """The number takes the currency's coins; it is empty before and afterwards."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES)
    assert preset_entity(hass, loaded, groceries, NUMBER) == "number.groceries_amount"
    assert typed_in(hass, loaded, groceries) == STATE_UNKNOWN
    state = hass.states.get("number.groceries_amount")
    assert state is not None
    assert (state.attributes["min"], state.attributes["step"]) == (0.01, 0.01)
    assert state.attributes["unit_of_measurement"] == "EUR"
    await type_amount(hass, loaded, groceries, 0.1 + 0.2)
    async with idle:
        await press(hass, loaded, groceries)
        [transaction] = await logged(loaded)
    assert str(transaction.amount) == "0.3"
    assert transaction.category == 2
    assert typed_in(hass, loaded, groceries) == STATE_UNKNOWN


async def test_what_was_not_logged_stays_typed(
    hass: HomeAssistant, loaded: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be full: nobody types it again."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES)
    await type_amount(hass, loaded, groceries, 12.5)
    monkeypatch.setattr(Store, "append", raising(StorageError("full")))
    with pytest.raises(HomeAssistantError):
        await press(hass, loaded, groceries)
    assert typed_in(hass, loaded, groceries) == "12.5"


async def test_what_is_typed_meanwhile_stays(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """The next amount, typed while the last one goes to disk, is not forgotten."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES)
    await type_amount(hass, loaded, groceries, 12.5)
    async with idle:
        pressing = asyncio.create_task(press(hass, loaded, groceries))
        await asyncio.sleep(0)
        await type_amount(hass, loaded, groceries, 7)
        await pressing
        [transaction] = await logged(loaded)
    assert str(transaction.amount) == "12.5"
    assert typed_in(hass, loaded, groceries) == "7.0"


async def test_two_people_press_in_the_same_moment(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    idle: asyncio.Lock,
    hass_admin_user: MockUser,
) -> None:
    """One typed amount is one transaction: the second press finds the number empty."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES)
    owner = await hass.auth.async_create_user("Owner", group_ids=["system-admin"])
    await type_amount(hass, loaded, groceries, 12.5)
    async with idle:
        outcomes = await asyncio.gather(
            press(hass, loaded, groceries, Context(user_id=hass_admin_user.id)),
            press(hass, loaded, groceries, Context(user_id=owner.id)),
            press(hass, loaded, groceries),
            return_exceptions=True,
        )
        assert len(await logged(loaded)) == 1
    first, *others = outcomes
    assert first is None
    for refused in others:
        assert isinstance(refused, ServiceValidationError)
        assert refused.translation_key == "preset_without_amount"
    assert typed_in(hass, loaded, groceries) == STATE_UNKNOWN


async def test_what_a_cancelled_press_has_logged_is_typed_no_more(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """An automation with `mode: restart` cancels itself; it is logged all the same."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES)
    await type_amount(hass, loaded, groceries, 12.5)
    async with idle:
        pressing = asyncio.create_task(press(hass, loaded, groceries))
        await asyncio.sleep(0)
        pressing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await pressing
        with pytest.raises(ServiceValidationError):
            await press(hass, loaded, groceries)
        await hass.async_block_till_done()
        assert len(await logged(loaded)) == 1


async def test_what_was_typed_in_another_currency_is_forgotten(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Twelve euros do not become twelve yen; another name of the account is no reason."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES | {"account": 2})
    names = running(loaded).names
    await type_amount(hass, loaded, groceries, 12)
    account = Account(id=2, name="Cash", currency="EUR")
    await names.async_put_by_hand(Directory(accounts=(account,)))
    assert typed_in(hass, loaded, groceries) == "12.0"
    account = Account(id=2, name="Yen", currency="JPY")
    await names.async_put_by_hand(Directory(accounts=(account,)))
    assert typed_in(hass, loaded, groceries) == STATE_UNKNOWN
    state = hass.states.get("number.groceries_amount")
    assert state is not None
    assert state.attributes["unit_of_measurement"] == "JPY"


async def test_only_a_preset_that_asks_has_a_number(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """And only while it has no amount; it comes and goes with the form."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE | {"has_number": True})
    salary = await add_preset(hass, loaded, "Salary", SALARY)
    registry = er.async_get(hass)

    def numbers() -> set[str]:
        return {
            entity.entity_id
            for entity in er.async_entries_for_config_entry(registry, loaded.entry_id)
            if entity.domain == NUMBER
        }

    assert numbers() == set()
    await change_preset(hass, loaded, coffee, amount=None)
    await change_preset(hass, loaded, salary, has_number=True)
    assert numbers() == {"number.coffee_amount", "number.salary_amount"}
    await change_preset(hass, loaded, coffee, amount="2")
    await change_preset(hass, loaded, salary, has_number=False)
    assert numbers() == set()
    assert hass.states.get("number.coffee_amount") is None
    await change_preset(hass, loaded, coffee, amount=None)
    assert typed_in(hass, loaded, coffee) == STATE_UNKNOWN


async def test_a_number_that_is_not_wanted_any_more_after_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """The preset was changed while the entry was not loaded."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES)
    await hass.config_entries.async_unload(loaded.entry_id)
    await change_preset(hass, loaded, groceries, has_number=False, name="Food")
    assert er.async_get(hass).async_get("number.groceries_amount") is not None
    assert await hass.config_entries.async_setup(loaded.entry_id)
    await hass.async_block_till_done()
    assert er.async_get(hass).async_get("number.groceries_amount") is None
    assert device_of(hass, loaded, groceries).name == "Food"


async def test_adding_changing_and_removing_does_not_reload(
    hass: HomeAssistant, loaded: MockConfigEntry
) -> None:
    """Another preset's typed number stays, and nothing is unavailable for a moment."""
    groceries = await add_preset(hass, loaded, "Groceries", GROCERIES)
    await type_amount(hass, loaded, groceries, 12.5)
    parts = running(loaded).outbox
    seen: list[str] = []
    hass.bus.async_listen(
        "state_changed",
        lambda event: seen.append(getattr(event.data["new_state"], "state", "gone")),
    )
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    await change_preset(hass, loaded, coffee, name="Espresso", amount="2")
    hass.config_entries.async_remove_subentry(loaded, coffee)
    await hass.async_block_till_done()
    assert running(loaded).outbox is parts
    assert typed_in(hass, loaded, groceries) == "12.5"
    assert STATE_UNAVAILABLE not in seen
    assert hass.states.get("button.coffee_log") is None
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), loaded.entry_id)
    assert {device.name for device in devices} == {"Budgero", "Groceries"}


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Our space"},
        {"options": {"account": 2, "budget": 1, "currency": "EUR"}},
        {"data": {"verify_ssl": False}},
    ],
    ids=lambda change: next(iter(change)),
)
async def test_connection_and_options_reload(
    hass: HomeAssistant, loaded: MockConfigEntry, change: dict[str, object]
) -> None:
    """As they did before there were presets."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    parts = running(loaded).outbox
    if isinstance(data := change.get("data"), dict):
        change = {"data": {**loaded.data, **data}}
    hass.config_entries.async_update_entry(loaded, **change)  # type: ignore[arg-type]
    await hass.async_block_till_done()
    assert loaded.state is ConfigEntryState.LOADED
    assert running(loaded).outbox is not parts
    assert hass.states.get("button.coffee_log") is not None


async def test_entity_ids_outlive_a_rename(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> None:
    """The names that people see follow, a name that a person gave to the device stays."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    await change_preset(hass, loaded, coffee, name="Espresso")
    state = hass.states.get("button.coffee_log")
    assert state is not None
    assert state.name == "Espresso Log"
    dr.async_get(hass).async_update_device(
        device_of(hass, loaded, coffee).id, name_by_user="Mine"
    )
    await change_preset(hass, loaded, coffee, name="Ristretto", amount="2")
    state = hass.states.get("button.coffee_log")
    assert state is not None
    assert state.name == "Mine Log"
    async with idle:
        await press(hass, loaded, coffee)
        [transaction] = await logged(loaded)
    assert str(transaction.amount) == "2"


async def test_nobody_loses_anything_while_presets_come(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call, idle: asyncio.Lock
) -> None:
    """Four callers log while presets are added, changed and removed."""

    async def log() -> None:
        for _ in range(25):
            await add(amount=1)

    async with idle:
        callers = [asyncio.create_task(log()) for _ in range(4)]
        for number in range(5):
            preset = await add_preset(hass, loaded, f"Preset {number}", COFFEE)
            await change_preset(hass, loaded, preset, name=f"Renamed {number}")
            await press(hass, loaded, preset)
            if number % 2:
                hass.config_entries.async_remove_subentry(loaded, preset)
        await asyncio.gather(*callers)
        assert len(await logged(loaded)) == 105
    assert len(presets_of(loaded)) == 3


async def test_who_may_only_look_may_not_press(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    idle: asyncio.Lock,
    hass_read_only_user: MockUser,
) -> None:
    """Home Assistant refuses, as it does for every entity."""
    coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
    async with idle:
        with pytest.raises(Unauthorized):
            await press(hass, loaded, coffee, Context(user_id=hass_read_only_user.id))
        assert await logged(loaded) == []


async def test_finding_a_preset(hass: HomeAssistant, loaded: MockConfigEntry) -> None:
    """By name and spoken name, as voice and card do it."""
    await add_preset(hass, loaded, "Coffee", COFFEE)
    await add_preset(hass, loaded, "Salary", SALARY)
    assert [preset.name for preset in presets_of(loaded)] == ["Coffee", "Salary"]
    assert find_preset(loaded, "EsPRESSO").name == "Coffee"
    assert find_preset(loaded, "salary").name == "Salary"
