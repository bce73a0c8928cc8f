"""The action `budgero.add_transaction`: what it takes, and what it answers."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
import voluptuous as vol

from custom_components.budgero import intake
from custom_components.budgero.const import CONF_ACCOUNT, DOMAIN
from custom_components.budgero.engine.outbox import (
    ClosedError,
    OutboxError,
    OutboxFullError,
    Row,
    State,
    StorageError,
)
from custom_components.budgero.engine.outbox.clock import Clock
from custom_components.budgero.engine.outbox.rows import Counts
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.push import Direction, Transaction
from custom_components.budgero.engine.push.currencies import currencies_with, marks_of
from custom_components.budgero.engine.push.written_money import parse_amount
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.script import Script
from homeassistant.setup import async_setup_component
from tests.budgero_server import Booking, BudgeroServer, Delay, Reply
from tests.documentation import examples

from .actions import call_which, check_refusal, refused
from .support import (
    ADD,
    DEFAULTS,
    Call,
    in_state,
    let_the_app_work,
    raising,
    row_of,
    running,
    set_up,
    until,
)


async def taken(entry: MockConfigEntry, response: dict[str, object]) -> Transaction:
    """Return what the outbox holds, decrypted."""
    data = running(entry)
    row = await row_of(entry, response["message_id"])
    assert row.payload is not None
    return Transaction.from_wire(data.client.key.open(row.payload))


def booked(server: BudgeroServer) -> Booking:
    """Let the household open the Budgero app; return the only booking."""
    server.apply()
    [booking] = server.bookings
    return booking


async def set_up_scripts(
    hass: HomeAssistant, calls: Iterable[Mapping[str, object]]
) -> None:
    """Make scripts that log transactions, as a household writes them."""
    scripts = {
        f"log_{number}": {
            "sequence": [
                {
                    "action": f"{DOMAIN}.{ADD}",
                    "data": dict(data),
                    "response_variable": "answer",
                },
                {"stop": "done", "response_variable": "answer"},
            ]
        }
        for number, data in enumerate(calls)
    }
    assert await async_setup_component(hass, "script", {"script": scripts})


async def run_script(hass: HomeAssistant, number: int) -> dict[str, object]:
    """Run one of the scripts; return its response."""
    response = await hass.services.async_call(
        "script", f"log_{number}", blocking=True, return_response=True
    )
    assert response is not None
    return dict(response)


AMOUNTS: list[tuple[object, int]] = [
    ("{{ '12,50' }}", 12_500),
    ("{{ '12,5' }}", 12_500),
    ("{{ '12.50' }}", 12_500),
    ("12,50", 12_500),
    ("12.50", 12_500),
    ("{{ 12.5 }}", 12_500),
    ("{{ 12 }}", 12_000),
    ("{{ 0.1 + 0.2 }}", 300),
    ("{{ '0,30' | replace(',', '.') | float * 3 }}", 900),
    (" {{ 7 }} ", 7_000),
    ("{{ '1,234.50' }}", 1_234_500),
    ("{{ '1.234,50' }}", 1_234_500),
    ("{{ '12.50 €' }}", 12_500),
    ("{{ '€1,234.56' }}", 1_234_560),
    ("€1,234.56", 1_234_560),
    ('{{ "1\'234.50" }}', 1_234_500),
    ("{{ '1.234.567' }}", 1_234_567_000),
    ("1 200,50 EUR", 1_200_500),
    ("93.39999999999999", 93_400),
    (0.7999999999999999, 800),
    (12.5, 12_500),
]


async def test_amounts_of_a_script(
    hass: HomeAssistant, loaded: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """Templates turn amounts into numbers and pairs: what was meant is booked."""
    await set_up_scripts(hass, [{"amount": written} for written, _ in AMOUNTS])
    for number, (written, milliunits) in enumerate(AMOUNTS):
        with subtests.test(written=written):
            transaction = await taken(loaded, await run_script(hass, number))
            assert transaction.amount * 1000 == milliunits
            assert transaction.direction is Direction.EXPENSE


REFUSED_AMOUNTS = [
    ("{{ '$1,234.50' }}", "invalid_other_currency"),
    ("{{ '€1.234' }}", "invalid_ambiguous"),
    ("{{ '\u221212.50' }}", "invalid_not_positive"),
    ("{{ '1.234' }}", "invalid_too_precise"),
    ("1.234", "invalid_ambiguous"),
    ("{{ '12,000' }}", "invalid_ambiguous"),
    ("{{ '1,000' }}", "invalid_ambiguous"),
    ("{{ true }}", "invalid_not_a_number"),
    ("{{ '12,50,30' }}", "invalid_not_a_number"),
    ("{{ [12, 50] }}", "invalid_not_a_number"),
    ("{{ {'amount': 12} }}", "invalid_not_a_number"),
    ("{{ states('sensor.nothing') }}", "invalid_no_value"),
    ("{{ 'nan' | float }}", "invalid_no_value"),
    ("{{ 'none' }}", "invalid_no_value"),
    ("{{ 0 }}", "invalid_not_positive"),
    ("{{ '-12,50' }}", "invalid_not_positive"),
    ("{{ 1e13 }}", "invalid_too_large"),
    ("{{ '' }}", "missing_amount"),
    ("{{ none }}", "missing_amount"),
]


@pytest.mark.allowed_warnings("Error for call_service")
async def test_amounts_of_a_script_that_are_refused(
    hass: HomeAssistant, loaded: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """What may be misread is refused with a text, and nothing is kept."""
    await set_up_scripts(hass, [{"amount": written} for written, _ in REFUSED_AMOUNTS])
    for number, (written, key) in enumerate(REFUSED_AMOUNTS):
        with subtests.test(written=written):
            with pytest.raises(ServiceValidationError) as caught:
                await run_script(hass, number)
            assert caught.value.translation_key == key
            assert "mount" in str(caught.value)
            assert await running(loaded).store.review.counts() == Counts()


async def test_every_field(
    loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """All that can be said arrives."""
    response = await add(
        amount="2500",
        type="income",
        date="2026-02-28",
        payee=" ACME ",
        memo="Salary\nFebruary",
        account="2",
        category=1.0,
        budget=1,
        message_id="bank:4711",
        config_entry_id=loaded.entry_id,
        wait=True,
    )
    assert response == {
        "message_id": "bank:4711",
        "status": "accepted",
        "queue_id": server.queue[0].id,
    }
    booking = booked(server)
    assert (booking.inflow, booking.outflow) == (2_500_000, 0)
    assert booking.date == "2026-02-28"
    assert (booking.payee, booking.memo) == ("ACME", "Salary\nFebruary")
    assert (booking.account_id, booking.category_id, booking.budget_id) == (2, 1, 1)
    assert booking.message_id == "bank:4711"


async def test_leg_of_a_transfer(
    loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """A transfer id marks one leg; the other one is not made."""
    await add(amount=1, transfer_id=7, wait=True)
    assert booked(server).transfer_id == "7"


WAYS: list[tuple[dict[str, object], Direction]] = [
    ({"amount": 1}, Direction.EXPENSE),
    ({"amount": 1, "type": ""}, Direction.EXPENSE),
    ({"amount": 1, "type": "expense"}, Direction.EXPENSE),
    ({"amount": 1, "type": "income"}, Direction.INCOME),
    ({"outflow": 1}, Direction.EXPENSE),
    ({"outflow": 1, "inflow": None, "amount": ""}, Direction.EXPENSE),
    ({"outflow": 1, "type": "expense"}, Direction.EXPENSE),
    ({"inflow": 1}, Direction.INCOME),
    ({"inflow": 1, "type": "income"}, Direction.INCOME),
    ({"inflow": 0, "outflow": 1}, Direction.EXPENSE),
    ({"inflow": "1.00", "outflow": "0.00"}, Direction.INCOME),
    ({"amount": 1, "type": " Income "}, Direction.INCOME),
]


async def test_ways_to_give_the_amount(
    loaded: MockConfigEntry, add: Call, subtests: pytest.Subtests
) -> None:
    """One way is enough, and Budgero's own words are another one."""
    for said, direction in WAYS:
        with subtests.test(said=said):
            transaction = await taken(loaded, await add(**said))
            assert (transaction.direction, transaction.amount) == (
                direction,
                Decimal(1),
            )


REFUSED_FIELDS: list[tuple[dict[str, object], str, str]] = [
    ({}, "missing_amount", "amount"),
    ({"type": "income"}, "missing_amount", "amount"),
    ({"amount": 1, "outflow": 1}, "invalid_one_way_only", "outflow"),
    ({"outflow": 1, "inflow": 1}, "invalid_one_way_only", "inflow"),
    ({"outflow": 0, "inflow": "0.00"}, "invalid_not_positive", "outflow"),
    ({"inflow": "987,000"}, "invalid_ambiguous", "inflow"),
    ({"outflow": "987 USD"}, "invalid_other_currency", "outflow"),
    ({"amount": 1, "payee": "x987 {{ y }}"}, "invalid_not_rendered", "payee"),
    ({"amount": 1, "memo": "{% if x987 %}"}, "invalid_not_rendered", "memo"),
    ({"amount": "{{ 987 }}"}, "invalid_not_rendered", "amount"),
    ({"amount": 1, "wait": "maybe987"}, "invalid_not_yes_or_no", "wait"),
    ({"outflow": 1, "type": "income"}, "invalid_one_way_only", "type"),
    ({"inflow": 1, "type": "expense"}, "invalid_one_way_only", "type"),
    ({"amount": 1, "type": "transfer"}, "invalid_unknown_choice", "type"),
    ({"outflow": "x987"}, "invalid_not_a_number", "outflow"),
    ({"inflow": 0}, "invalid_not_positive", "inflow"),
    ({"inflow": "987.65432"}, "invalid_too_precise", "inflow"),
    ({"amount": 1, "date": "30.02.2026"}, "invalid_not_a_date", "date"),
    ({"amount": 1, "date": "2026-02-30"}, "invalid_not_a_date", "date"),
    ({"amount": 1, "date": 20260228}, "invalid_not_a_date", "date"),
    ({"amount": 1, "date": "1969-12-31"}, "invalid_date_out_of_range", "date"),
    ({"amount": 1, "date": "2062-01-01"}, "invalid_date_out_of_range", "date"),
    ({"amount": 1, "account": "Cash987"}, "invalid_not_an_id", "account"),
    ({"amount": 1, "category": -1}, "invalid_not_an_id", "category"),
    ({"amount": 1, "budget": True}, "invalid_not_an_id", "budget"),
    ({"amount": 1, "payee": ["x987"]}, "invalid_not_text", "payee"),
    ({"amount": 1, "payee": "x987" * 51}, "invalid_too_long", "payee"),
    ({"amount": 1, "memo": "x" * 2001}, "invalid_too_long", "memo"),
    ({"amount": 1, "memo": "x987\x07"}, "invalid_bad_characters", "memo"),
    ({"amount": 1, "transfer_id": {}}, "invalid_not_text", "transfer_id"),
    ({"amount": 1, "message_id": "x987 y"}, "invalid_bad_characters", "message_id"),
    ({"amount": 1, "message_id": 1.5}, "invalid_bad_characters", "message_id"),
]


async def test_refused_fields(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    subtests: pytest.Subtests,
) -> None:
    """The text names the field, never the value; nothing is kept or sent."""
    for said, key, named in REFUSED_FIELDS:
        with subtests.test(said=said):
            await check_refusal(hass, ADD, said, key, named)
            assert await running(loaded).store.review.counts() == Counts()
            assert not server.queue


NO_VALUE_FIELDS = (
    *("amount", "type", "outflow", "inflow", "date", "account", "category"),
    *("cleared", "budget", "transfer_id", "message_id", "splits", "wait"),
    "config_entry_id",
)


async def test_an_entity_without_a_value(
    hass: HomeAssistant, loaded: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """It is told so, in every field; two expenses never become one."""
    for field in NO_VALUE_FIELDS:
        with subtests.test(field=field):
            way = {} if field in ("amount", "outflow", "inflow") else {"amount": 1}
            said = {**way, field: "unknown"}
            await check_refusal(hass, ADD, said, "invalid_no_value", field)
            assert await running(loaded).store.review.counts() == Counts()


@pytest.mark.parametrize(
    ("name", "data", "field"),
    [
        ("get_queue", {}, "config_entry_id"),
        ("clear_queue", {}, "config_entry_id"),
        ("clear_queue", {}, "all"),
        ("remove_transaction", {}, "message_id"),
        ("retry_transaction", {"not_in_budgero": True}, "message_id"),
        ("retry_transaction", {"message_id": "m"}, "not_in_budgero"),
        ("update_transaction", {"memo": "x"}, "message_id"),
        ("add_transfer", {"to_account": 3, "amount": 1}, "from_account"),
        ("add_transfer", {"from_account": 1, "to_account": 3}, "amount"),
    ],
)
async def test_an_entity_without_a_value_in_other_actions(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    name: str,
    data: dict[str, object],
    field: str,
) -> None:
    """The same words there."""
    said = {**data, field: "unavailable"}
    await check_refusal(hass, name, said, "invalid_no_value", field)


async def test_texts_without_a_value(loaded: MockConfigEntry, add: Call) -> None:
    """Payee and memo then count as not given."""
    transaction = await taken(loaded, await add(amount=1, payee="unknown", memo="None"))
    assert (transaction.payee, transaction.memo) == (None, "")


HUGE: dict[str, str] = {
    **dict.fromkeys(("amount", "outflow", "inflow"), "invalid_too_large"),
    **dict.fromkeys(("account", "category", "budget"), "invalid_not_an_id"),
    **dict.fromkeys(("payee", "memo", "transfer_id"), "invalid_too_long"),
    "type": "invalid_unknown_choice",
    "date": "invalid_not_a_date",
    "cleared": "invalid_not_yes_or_no",
    "splits": "invalid_not_splits",
    "message_id": "invalid_bad_characters",
    "wait": "invalid_not_yes_or_no",
    "config_entry_id": "invalid_too_long",
}


async def test_numbers_and_texts_that_are_far_too_long(
    hass: HomeAssistant, loaded: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """They are refused before they are converted, which would block Home Assistant."""
    for field, key in HUGE.items():
        with subtests.test(field=field):
            way = {} if key == "invalid_too_large" else {"amount": 1}
            await check_refusal(hass, ADD, {**way, field: 1 << 2_400_000}, key, field)
            if key == "invalid_too_large":
                key = "invalid_not_a_number"
            await check_refusal(hass, ADD, {**way, field: "9" * 600_000}, key, field)
            assert await running(loaded).store.review.counts() == Counts()


MOMENTS = [
    ("2026-11-28T23:00:00+00:00", date(2026, 11, 29)),
    ("{{ '2026-11-28T23:00:00+00:00' }}", date(2026, 11, 29)),
    ("{{ as_datetime('2026-11-28 23:00:00.123456+00:00') }}", date(2026, 11, 29)),
    ("{{ as_datetime('2026-11-28T23:00:00Z').date() }}", date(2026, 11, 28)),
    ("{{ '2026-11-28' }}", date(2026, 11, 28)),
    ("2026-11-28 23:00:00", date(2026, 11, 28)),
    (date(2026, 11, 28), date(2026, 11, 28)),
    (datetime(2026, 11, 28, 23, tzinfo=UTC), date(2026, 11, 29)),
    (datetime(2026, 11, 28, 23), date(2026, 11, 28)),
]


async def test_dates_of_a_script(
    hass: HomeAssistant, loaded: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """Trigger and calendar times are on the day that the household's clock showed."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    data = [{"amount": 1, "date": written} for written, _ in MOMENTS]
    await set_up_scripts(hass, data)
    for number, (written, day) in enumerate(MOMENTS):
        with subtests.test(written=written):
            assert (await taken(loaded, await run_script(hass, number))).date == day


TEXTS_OF_NUMBERS = [
    ("{{ '24.10' }}", "24.1"),
    ("Bill {{ '24.10' }}", "Bill 24.10"),
    ("{{ '24.10' }} €", "24.10 €"),
    ("24.10", "24.10"),
    ("{{ '+49123' }}", "49123"),
    ("{{ '007' }}", "007"),
    ("{{ '24,10' }}", "24,10"),
]


async def test_numbers_in_texts_of_a_script(
    hass: HomeAssistant, loaded: MockConfigEntry, subtests: pytest.Subtests
) -> None:
    """A template's 24.10 loses its zero in Home Assistant; a word beside it keeps it."""
    data = [{"amount": 1, "memo": written} for written, _ in TEXTS_OF_NUMBERS]
    await set_up_scripts(hass, data)
    for number, (written, memo) in enumerate(TEXTS_OF_NUMBERS):
        with subtests.test(written=written):
            assert (await taken(loaded, await run_script(hass, number))).memo == memo


@pytest.mark.parametrize("memo", ["24.10", "+49123", "1.000", 'Ann\'s "é"\n{a}', ""])
async def test_one_template_for_all_the_data(
    hass: HomeAssistant, loaded: MockConfigEntry, memo: str
) -> None:
    """It keeps every text as it is, as docs/actions.md says."""
    [template] = [
        example.content["data"]
        for example in examples()
        if example.page == "actions.md"
        and isinstance(example.content, dict)
        and isinstance(example.content.get("data"), str)
    ]
    step = {
        "action": f"{DOMAIN}.{ADD}",
        "data": template,
        "response_variable": "answer",
    }
    script = Script(hass, cv.SCRIPT_SCHEMA([step]), "log", "script")
    json = {"amount": "€1,234.56", "memo": memo}
    result = await script.async_run({"trigger": {"json": json}}, context=Context())
    assert result is not None
    transaction = await taken(loaded, result.variables["answer"])
    assert (transaction.amount, transaction.memo) == (Decimal("1234.56"), memo)


@pytest.mark.parametrize("field", ["account", "budget"])
async def test_missing_default(
    hass: HomeAssistant, entry: MockConfigEntry, add: Call, field: str
) -> None:
    """Without a default the action must name it, and the text says so."""
    options = {name: value for name, value in DEFAULTS.items() if name != field}
    hass.config_entries.async_update_entry(entry, options=options)
    await set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as caught:
        await add(amount=1)
    assert caught.value.translation_key == f"missing_{field}"
    await add(amount=1, **{field: 1})


async def test_decimals_follow_the_currency(
    hass: HomeAssistant, entry: MockConfigEntry, add: Call
) -> None:
    """Half a yen is refused: the entry's currency says how exact money is."""
    hass.config_entries.async_update_entry(
        entry, options=DEFAULTS | {"currency": "JPY"}
    )
    await set_up(hass, entry)
    with pytest.raises(ServiceValidationError) as caught:
        await add(amount=12.5)
    assert caught.value.translation_key == "invalid_too_precise"
    await add(amount=12)


def test_every_currency_of_home_assistant_has_its_marks() -> None:
    """Its code means it alone; signs and names mean it, perhaps among others."""
    for currency in ACTIVE_CURRENCIES:
        assert currencies_with(currency.lower()) == {currency}
        for mark in marks_of(currency):
            assert currency in currencies_with(mark.upper())
            assert parse_amount(f"{mark} 12", currency) == 12
            assert parse_amount(f"12{mark}", currency) == 12


async def test_currency_defaults_to_home_assistants(
    hass: HomeAssistant, entry: MockConfigEntry, add: Call
) -> None:
    """An entry without a currency takes Home Assistant's."""
    await hass.config.async_update(currency="TND")
    options = {name: value for name, value in DEFAULTS.items() if name != "currency"}
    hass.config_entries.async_update_entry(entry, options=options)
    await set_up(hass, entry)
    transaction = await taken(entry, await add(amount="12.345"))
    assert transaction.amount == Decimal("12.345")


DAYS = [
    ("Pacific/Auckland", "10:59:30", date(2026, 11, 22)),
    ("Pacific/Auckland", "11:00:30", date(2026, 11, 23)),
    ("Europe/Berlin", "10:59:30", date(2026, 11, 22)),
    ("Pacific/Pago_Pago", "10:59:30", date(2026, 11, 21)),
    ("Pacific/Pago_Pago", "11:00:30", date(2026, 11, 22)),
]


async def test_today_is_the_households(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
    subtests: pytest.Subtests,
) -> None:
    """Around midnight the day is the one on the household's calendar."""
    for zone, now, day in DAYS:
        with subtests.test(zone=zone, now=now):
            moment = datetime.fromisoformat(f"2026-11-22T{now}Z").timestamp()
            monkeypatch.setattr(Clock, "time", lambda _, now=moment: now)
            await hass.config.async_set_time_zone(zone)
            assert (await taken(loaded, await add(amount=1))).date == day


async def test_action_without_an_entry(hass: HomeAssistant, add: Call) -> None:
    """The action is there from the start, and says what is missing."""
    assert await async_setup_component(hass, DOMAIN, {})
    with pytest.raises(ServiceValidationError) as caught:
        await add(amount=1)
    assert caught.value.translation_key == "service_found_no_config_entry_for_domain"


async def test_action_with_two_entries(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    other: MockConfigEntry,
    other_server: BudgeroServer,
    add: Call,
) -> None:
    """The first one is used unless another one is named, which needs it for nothing."""
    entry_id, _ = await call_which(hass, ADD, amount=1, wait=True)
    assert entry_id == loaded.entry_id
    assert (server.counts.pending, other_server.counts.pending) == (1, 0)

    named = {"amount": 1, "config_entry_id": other.entry_id, "wait": True}
    entry_id, _ = await call_which(hass, ADD, **named)
    assert entry_id == other.entry_id
    assert (server.counts.pending, other_server.counts.pending) == (1, 1)

    assert await hass.config_entries.async_unload(loaded.entry_id)
    assert hass.services.has_service(DOMAIN, ADD)
    await add(amount=1, config_entry_id=other.entry_id, wait=True)
    with pytest.raises(ServiceValidationError) as caught:
        await add(amount=1, config_entry_id=loaded.entry_id)
    assert caught.value.translation_key == "service_config_entry_not_loaded"
    error = await refused(hass, ADD, amount=1)
    assert error.translation_key == "no_default_entry"
    assert (server.counts.pending, other_server.counts.pending) == (1, 2)


async def test_wrong_entry(
    hass: HomeAssistant, loaded: MockConfigEntry, add: Call
) -> None:
    """An id of nothing, or of another integration, is refused."""
    foreign = MockConfigEntry(domain="sun")
    foreign.add_to_hass(hass)
    with pytest.raises(ServiceValidationError) as caught:
        await add(amount=1, config_entry_id="nothing")
    assert caught.value.translation_key == "service_config_entry_not_found"
    with pytest.raises(ServiceValidationError) as caught:
        await add(amount=1, config_entry_id=foreign.entry_id)
    assert caught.value.translation_key == "service_config_entry_wrong_domain"


async def test_misspelt_field(loaded: MockConfigEntry, add: Call) -> None:
    """A field that does not exist is refused by name, without its value."""
    with pytest.raises(vol.Invalid, match="payeee") as caught:
        await add(amount=1, payeee="x987")
    assert "987" not in str(caught.value)
    assert await running(loaded).store.review.counts() == Counts()


@pytest.mark.usefixtures("impatient")
async def test_known_message_id(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The same id is booked once; every answer says where it stands."""
    await server.stop()
    said = {"amount": "12.5", "payee": "Lidl", "message_id": "nfc-1"}
    assert (await add(**said))["status"] == "waiting"
    again = {"message_id": "nfc-1", "status": "already_known", "state": "waiting"}
    assert await add(**said) == again
    assert await add(**said, wait=True) == again

    # Written another way, and with other defaults since: still the same request.
    options = DEFAULTS | {CONF_ACCOUNT: 2}
    hass.config_entries.async_update_entry(loaded, options=options)
    await hass.async_block_till_done()
    assert await add(outflow=12.50, payee=" Lidl", message_id="nfc-1") == again

    with pytest.raises(ServiceValidationError) as caught:
        await add(**said | {"amount": 13})
    assert caught.value.translation_key == "different_content"
    assert "nfc-1" in str(caught.value)

    await server.start()
    await in_state(hass, loaded, waiting="0", pending="1")
    again |= {"state": "accepted", "queue_id": server.queue[0].id}
    assert await add(**said) == again
    await let_the_app_work(loaded, server)
    assert await add(**said) == again | {"state": "processed"}
    assert len(server.bookings) == 1
    assert server.bookings[0].account_id == 1


async def test_content_cannot_be_guessed(loaded: MockConfigEntry, add: Call) -> None:
    """After three wrong guesses the right one gets the same answer."""
    await add(amount=12.5, message_id="gift")
    for amount, key in (
        *((number, "different_content") for number in range(1, 4)),
        *((amount, "too_many_guesses") for amount in (4, 12.5)),
    ):
        with pytest.raises(ServiceValidationError) as caught:
            await add(amount=amount, message_id="gift")
        assert caught.value.translation_key == key
    await add(amount=1, message_id="other")
    assert (await add(amount=1, message_id="other"))["status"] == "already_known"
    assert (await running(loaded).store.review.counts()).unfinished == 2


async def test_waiting_for_an_answer_that_does_not_come(
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    impatient: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without a server the answer is "waiting" after a while, and it arrives later."""
    monkeypatch.setattr(intake, "MAX_WAIT", 0.1)
    await server.stop()
    response = await add(amount=1, wait=True)
    assert response == {"message_id": response["message_id"], "status": "waiting"}
    await server.start()
    await until(lambda: server.counts.pending == 1)


async def test_waiting_for_what_is_processed_at_once(
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An app may be quicker than the caller: the server has accepted it all the same."""
    settled = Sender.until_settled

    async def settled_late(of: Sender, message_id: str) -> Row | None:
        await settled(of, message_id)
        await let_the_app_work(loaded, server)
        return await settled(of, message_id)

    monkeypatch.setattr(Sender, "until_settled", settled_late)
    response = await add(amount=1, message_id="a", wait=True)
    assert (await row_of(loaded, "a")).state is State.PROCESSED
    assert response["status"] == "accepted"


async def test_waiting_never_cancels_the_request(
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A slow server is not asked twice because a caller stopped waiting."""
    monkeypatch.setattr(intake, "MAX_WAIT", 0.05)
    server.faults.add(Delay(seconds=0.3))
    response = await add(amount=1, wait=True)
    assert response["status"] == "waiting"
    message_id = response["message_id"]
    await until(lambda: server.counts.pending == 1)
    store = running(loaded).store
    while (row := await store.get(str(message_id))) and row.state is State.WAITING:
        pass
    assert row is not None
    assert (row.state, row.attempts) == (State.ACCEPTED, 1)
    sent = [entry for entry in server.requests if entry.message_id == message_id]
    assert [entry.status for entry in sent] == [202]


async def test_waiting_for_a_bad_answer(
    loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Somebody else's id is not called waiting, let alone accepted."""
    message = "duplicate message_id; existing item 1f (processed)"
    server.faults.add(Reply(status=409, json={"message": message}))
    response = await add(amount=1, message_id="a", wait=True)
    assert response == {"message_id": "a", "status": "duplicate", "queue_id": "1f"}


@pytest.mark.parametrize(
    ("error", "key", "names_id"),
    [
        (StorageError("The disk refused (SQLITE_FULL)"), "storage_failed", True),
        (ClosedError("The outbox is closed"), "closed", False),
        (OutboxFullError("The outbox is full"), "outbox_full", False),
    ],
)
async def test_disk_refuses(
    loaded: MockConfigEntry,
    add: Call,
    monkeypatch: pytest.MonkeyPatch,
    error: OutboxError,
    key: str,
    names_id: bool,
) -> None:
    """The text says how to repeat the call so that it cannot be booked twice."""
    monkeypatch.setattr(Store, "append", raising(error))
    with pytest.raises(HomeAssistantError) as caught:
        await add(amount=1, message_id="mine")
    assert not isinstance(caught.value, ServiceValidationError)
    assert caught.value.translation_key == key
    assert ("mine" in str(caught.value)) is names_id
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None

    with pytest.raises(HomeAssistantError) as caught:
        await add(amount=1)
    placeholders = caught.value.translation_placeholders or {}
    assert (len(placeholders.get("message_id", "")) == 36) is names_id


async def test_response_is_optional(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """An automation that wants no answer gets none."""
    await hass.services.async_call(DOMAIN, ADD, {"amount": 1}, blocking=True)
    await until(lambda: server.counts.pending == 1)
