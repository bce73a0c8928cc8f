"""The blueprints, run: what they log, when they repeat it, and what they tell."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
import shutil
from typing import Any, override
from unittest.mock import patch

import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.budgero.engine.outbox import StorageError
from custom_components.budgero.engine.outbox.store import Store
from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.components.calendar.const import DATA_COMPONENT
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from scripts.readme import ROOT

from .preset_helpers import COFFEE, add_preset, device_of
from .support import raising, running, until
from .test_examples_run import at, let_time_come, messages, start
from .test_presets import logged

PHONE = {
    "app_id": "test",
    "app_name": "Test",
    "app_version": "1",
    "device_id": "phone",
    "device_name": "Phone",
    "manufacturer": "Test",
    "model": "Phone",
    "os_name": "Test",
    "os_version": "1",
    "supports_encryption": False,
    "app_data": {"push_token": "token", "push_url": "http://127.0.0.1:9/push"},
}

type Run = Callable[..., Awaitable[list[ServiceCall]]]
"""Makes an automation of a blueprint; returns the notices that it gives."""

OWN_ID = "4711 ☕ " + "long " * 50
"""Who writes automations as text may choose any id."""

HOOK = "a-long-random-text"


@pytest.fixture
async def preset(
    hass: HomeAssistant, loaded: MockConfigEntry, idle: asyncio.Lock
) -> AsyncGenerator[str]:
    """The device of a preset with an amount; nothing is delivered."""
    async with idle:
        coffee = await add_preset(hass, loaded, "Coffee", COFFEE)
        yield device_of(hass, loaded, coffee).id


@pytest.fixture
async def run(hass: HomeAssistant, preset: str) -> AsyncGenerator[Run]:
    """Let Home Assistant run a blueprint, as its editor stores it."""
    folder = Path(hass.config.path("blueprints"))
    shutil.copytree(ROOT / "blueprints", folder, dirs_exist_ok=True)

    async def run(name: str, **inputs: object) -> list[ServiceCall]:
        told = async_mock_service(hass, "persistent_notification", "create")
        automation = made_of(name, **{"preset": preset, **inputs})
        assert await async_setup_component(hass, "webhook", {})
        assert await async_setup_component(
            hass, "automation", {"automation": automation}
        )
        await hass.async_block_till_done()
        state = hass.states.get(f"automation.{name}")
        assert state is not None
        assert state.state == "on"
        return told

    yield run
    if hass.services.has_service("automation", "turn_off"):
        everything = {"entity_id": "all"}
        await hass.services.async_call(
            "automation", "turn_off", everything, blocking=True
        )


def made_of(name: str, **inputs: object) -> dict[str, object]:
    """Return an automation as Home Assistant's editor stores it."""
    blueprint = {"path": f"budgero/{name}.yaml", "input": inputs}
    return {"id": OWN_ID, "alias": name, "use_blueprint": blueprint}


async def edit(hass: HomeAssistant, automation: dict[str, object]) -> None:
    """Store the only automation again, as Home Assistant's editor does."""
    with patch(
        "homeassistant.config.load_yaml_config_file",
        autospec=True,
        return_value={"automation": [automation]},
    ):
        await hass.services.async_call("automation", "reload", blocking=True)
    await hass.async_block_till_done()


@pytest.fixture
async def phone(
    hass: HomeAssistant, preset: str, hass_client: ClientSessionGenerator
) -> str:
    """The device of a phone with the app; nothing can be served that comes later."""
    for component in ("notify", "mobile_app", "webhook"):
        assert await async_setup_component(hass, component, {})
    client = await hass_client()
    answer = await client.post("/api/mobile_app/registrations", json=PHONE)
    assert answer.status == 201
    await hass.async_block_till_done()
    [registered] = hass.config_entries.async_entries("mobile_app")
    [device] = dr.async_entries_for_config_entry(
        dr.async_get(hass), registered.entry_id
    )
    return device.id


@pytest.fixture
def mock_push(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is sent to the phone."""
    sent: list[dict[str, Any]] = []

    async def send(session: object, entry: object, data: dict[str, Any]) -> None:
        sent.append(data)

    monkeypatch.setattr(
        "homeassistant.components.mobile_app.notify._send_message", send
    )
    return sent


async def days(entry: MockConfigEntry) -> list[tuple[str, str]]:
    """Return what was logged: days and amounts."""
    return [(each.date.isoformat(), str(each.amount)) for each in await logged(entry)]


async def amounts(entry: MockConfigEntry) -> list[str]:
    """Return what was logged: amounts."""
    return [str(transaction.amount) for transaction in await logged(entry)]


# The tag

TAG = "tag.coffee"


async def scan(hass: HomeAssistant, moment: str) -> None:
    """Scan the tag."""
    hass.states.async_set(TAG, f"2026-12-01T{moment}.123+00:00")
    await hass.async_block_till_done()


async def test_tag(hass: HomeAssistant, loaded: MockConfigEntry, run: Run) -> None:
    """Each scan counts once, a second one within the pause does not count."""
    hass.states.async_set(TAG, STATE_UNKNOWN)
    assert await run("nfc_tag", tag=TAG) == []
    await scan(hass, "10:00:00")
    await scan(hass, "10:00:59")
    assert await amounts(loaded) == ["3.5"]
    await scan(hass, "10:02:00")
    assert len(await logged(loaded)) == 2


async def test_tag_at_a_start(
    hass: HomeAssistant, loaded: MockConfigEntry, run: Run
) -> None:
    """The time of the last scan is no scan, however it comes back."""
    await run("nfc_tag", tag=TAG, amount="7", pause=0)
    await scan(hass, "10:00:00")  # it appears
    hass.states.async_set(TAG, STATE_UNAVAILABLE)
    await hass.async_block_till_done()
    await scan(hass, "10:00:00")
    assert await logged(loaded) == []
    await scan(hass, "10:00:01")
    assert await amounts(loaded) == ["7"]


@pytest.mark.allowed_warnings("nfc_tag: .*")
async def test_tag_that_is_not_logged(
    hass: HomeAssistant, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is told which preset it was."""
    hass.states.async_set(TAG, STATE_UNKNOWN)
    told = await run("nfc_tag", tag=TAG)
    monkeypatch.setattr(Store, "append", raising(StorageError("The disk refused")))
    await scan(hass, "10:00:00")
    [message] = messages(told)
    assert message.startswith("Not logged: Coffee.")


# The phone


@pytest.mark.parametrize(
    ("amount", "exact"),
    [
        ("12,50", "12.5"),
        ("€1,234.56", "1234.56"),
        (12.5, "12.5"),
        (100, "100"),
        ("1 234,56 €", "1234.56"),
        ("12.50 EUR", "12.5"),
        ("1,000", None),
        ("$5", None),
        ("-5", None),
        ("", None),
        (None, None),
        (0, None),
    ],
)
@pytest.mark.allowed_warnings("phone_payment: .*", "Template variable")
async def test_phone_payment(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    run: Run,
    hass_client_no_auth: ClientSessionGenerator,
    amount: object,
    exact: str | None,
) -> None:
    """What was paid is logged once; the preset's amount is never taken for it."""
    told = await run("phone_payment", webhook=HOOK)
    client = await hass_client_no_auth()
    sent = {"amount": amount, "payee": "Baker", "id": "2026-12-01-1"}
    for _ in range(2):
        await client.post(f"/api/webhook/{HOOK}", json=sent)
        await hass.async_block_till_done()
    transactions = await logged(loaded)
    if exact is None:
        assert transactions == []
        assert len(told) == 2
        assert "Baker" in messages(told)[0]
        assert str(amount or "no amount") in messages(told)[0]
        return
    assert told == []
    [transaction] = transactions
    assert (str(transaction.amount), transaction.payee) == (exact, "Baker")
    assert (transaction.account, transaction.memo) == (2, "Black")


@pytest.mark.allowed_warnings("phone_payment: .*", "Template variable")
@pytest.mark.parametrize("sent", [{"amount": 5}, {}, ["5"], "5", None])
async def test_phone_payment_without_identity(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    run: Run,
    hass_client_no_auth: ClientSessionGenerator,
    sent: object,
) -> None:
    """It might be the same again, so it is told and not logged."""
    told = await run("phone_payment", webhook=HOOK)
    client = await hass_client_no_auth()
    await client.post(f"/api/webhook/{HOOK}", json=sent)
    await hass.async_block_till_done()
    assert len(told) == 1
    assert await logged(loaded) == []


MARKUP = "![x](https://a.example) `b`\n\n# <svg>"


@pytest.mark.parametrize("name", ["phone_payment", "what_was_it_for"])
@pytest.mark.allowed_warnings("phone_payment: .*", "Error loading libturbojpeg")
async def test_markup_in_a_payment(
    hass: HomeAssistant,
    phone: str,
    preset: str,
    run: Run,
    hass_client_no_auth: ClientSessionGenerator,
    name: str,
) -> None:
    """A notice shows it as it is: no picture is fetched."""
    told = await run(name, webhook=HOOK, phone=phone, presets=[preset])
    client = await hass_client_no_auth()
    sent = {"amount": "free", "payee": MARKUP, "id": "1"}
    await client.post(f"/api/webhook/{HOOK}", json=sent)
    await hass.async_block_till_done()
    [message] = messages(told)
    before, shown, after = message.split("`")
    assert shown.startswith("free, ![x](https://a.example) b # <svg>")
    assert "\n" not in message
    assert "!" not in before + after


# What it was for


def buttons_of(sent: dict[str, Any]) -> dict[str, str]:
    """Return what the buttons of a notification send, by title."""
    return {each["title"]: each["action"] for each in sent["data"]["actions"]}


@pytest.mark.parametrize(
    ("payee", "identity"),
    [("Baker", "1764316799.10"), ("1,2", "007"), ('A & B "c"', "a:b-c_d"), (None, 7)],
)
@pytest.mark.allowed_warnings("Error loading libturbojpeg")
async def test_what_it_was_for(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    phone: str,
    preset: str,
    run: Run,
    hass_client_no_auth: ClientSessionGenerator,
    mock_push: list[dict[str, Any]],
    payee: str | None,
    identity: str | int,
) -> None:
    """The answer is logged once, with what was paid, however often it comes."""
    told = await run("what_was_it_for", webhook=HOOK, phone=phone, presets=[preset])
    client = await hass_client_no_auth()
    sent = {"amount": "12,50", "payee": payee, "id": identity}
    await client.post(f"/api/webhook/{HOOK}", json=sent)
    await hass.async_block_till_done()
    [asked] = mock_push
    assert asked["message"] == f"12,50 EUR {payee or ''}".strip()
    for _ in range(2):
        hass.bus.async_fire(
            "mobile_app_notification_action", {"action": buttons_of(asked)["Coffee"]}
        )
        await hass.async_block_till_done()
    [transaction] = await logged(loaded)
    assert (str(transaction.amount), transaction.memo) == ("12.5", "Black")
    assert transaction.payee == (payee or "Kiosk")
    assert told == []
    assert await running(loaded).outbox.get(f"payment:{identity}") is not None


@pytest.mark.parametrize("amount", ["command_dnd", "clear_notification", "", None])
@pytest.mark.allowed_warnings("Error loading libturbojpeg")
async def test_no_amount_is_asked_about(
    hass: HomeAssistant,
    phone: str,
    preset: str,
    run: Run,
    hass_client_no_auth: ClientSessionGenerator,
    mock_push: list[dict[str, Any]],
    amount: str | None,
) -> None:
    """Least of all one that the phone would take for a command."""
    told = await run("what_was_it_for", webhook=HOOK, phone=phone, presets=[preset])
    client = await hass_client_no_auth()
    sent = {"amount": amount, "payee": "", "id": "1"}
    await client.post(f"/api/webhook/{HOOK}", json=sent)
    await hass.async_block_till_done()
    assert mock_push == []
    assert messages(told)[0].startswith(
        f"Not asked: `{amount or 'no amount'}, no payee"
    )


# The bill


async def test_monthly_bill(
    hass: HomeAssistant, loaded: MockConfigEntry, run: Run
) -> None:
    """Once a month; a day on which Home Assistant was off is made up for."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    inputs = {"day": 31, "first": "2026-11-15", "at": "06:00:00"}
    with at("2026-11-20T12:00:00+01:00"):
        assert await run("monthly_bill", **inputs) == []
        await start(hass)
    assert await days(loaded) == []  # not due yet
    with at("2026-11-30T06:00:01+01:00"):
        await let_time_come(hass)
    assert await days(loaded) == [("2026-11-30", "3.5")]
    for moment in ("2026-11-30T23:59:00+01:00", "2026-12-01T06:00:01+01:00"):
        with at(moment):
            await start(hass)
    assert len(await logged(loaded)) == 1
    with at("2027-01-02T08:00:00+01:00"):  # it was off on the last of December
        await start(hass)
    with at("2027-02-28T06:00:01+01:00"):
        await start(hass)
    assert [day for day, _ in await days(loaded)] == [
        *("2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28"),
    ]


async def test_monthly_bill_before_its_first_day(
    hass: HomeAssistant, loaded: MockConfigEntry, run: Run
) -> None:
    """And under a clock that cannot be right."""
    with at("2026-11-20T12:00:00+00:00"):
        await run("monthly_bill", day=1, first="2026-12-01", amount="980")
        await start(hass)
    for moment in ("2026-11-30T12:00:00+00:00", "2037-01-05T12:00:00+00:00"):
        with at(moment):
            await start(hass)
    assert await logged(loaded) == []
    with at("2026-12-01T12:00:00+00:00"):
        await start(hass)
    assert await days(loaded) == [("2026-12-01", "980")]


@pytest.mark.allowed_warnings("monthly_bill: .*")
async def test_monthly_bill_of_which_one_is_not_logged(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The other month's success does not hide it; it is tried again."""
    with at("2026-11-02T12:00:00+00:00"):
        told = await run("monthly_bill", first="2026-10-01")
        append = Store.append

        async def fail_the_second(store: Store, *args: Any, **named: Any) -> Any:
            if await logged(loaded):
                raise StorageError("The disk refused")
            return await append(store, *args, **named)

        with monkeypatch.context() as patch:
            patch.setattr(Store, "append", fail_the_second)
            await start(hass)
        [message] = messages(told)
        assert "2026-11-01" in message
        assert [day for day, _ in await days(loaded)] == ["2026-10-01"]
        await start(hass)
    assert [day for day, _ in await days(loaded)] == ["2026-10-01", "2026-11-01"]


async def test_monthly_bill_that_becomes_dearer(
    hass: HomeAssistant, loaded: MockConfigEntry, run: Run, preset: str
) -> None:
    """What was paid before is neither logged again nor told to be missing."""
    inputs = {"preset": preset, "first": "2026-10-01"}
    with at("2026-11-20T12:00:00+00:00"):
        told = await run("monthly_bill", **inputs, amount="980")
        await start(hass)
    with at("2026-11-25T12:00:00+00:00"):
        await edit(hass, made_of("monthly_bill", **inputs, amount="990", day=2))
        await start(hass)
    with at("2026-12-02T12:00:00+00:00"):
        await start(hass)
    assert told == []
    assert await days(loaded) == [
        *(("2026-10-01", "980"), ("2026-11-01", "980"), ("2026-12-02", "990")),
    ]


# The calendar


class Agenda(CalendarEntity):
    """A calendar in memory."""

    _attr_name = "Bills"

    def __init__(self, *events: CalendarEvent) -> None:
        """Take what is in it."""
        self._events = list(events)

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Return nothing: the blueprint asks for all events."""
        return None

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return what lies between two times, at least in part."""
        return [
            event
            for event in self._events
            if event.start_datetime_local < end_date
            and event.end_datetime_local > start_date
        ]


def event(title: str, begin: str, text: str | None = None) -> CalendarEvent:
    """Return an event of two hours, or of a day."""
    if "T" in begin:
        moment = datetime.fromisoformat(begin)
        end = moment + timedelta(hours=2)
        return CalendarEvent(moment, end, title, text)
    day = datetime.fromisoformat(begin).date()
    return CalendarEvent(day, day + timedelta(days=1), title, text)


async def calendar_of(
    hass: HomeAssistant, *events: CalendarEvent, is_available: bool = True
) -> Agenda:
    """Let Home Assistant have a calendar."""
    assert await async_setup_component(hass, "calendar", {})
    agenda = Agenda(*events)
    agenda._attr_available = is_available  # noqa: SLF001
    await hass.data[DATA_COMPONENT].async_add_entities([agenda])
    return agenda


async def test_calendar_bill(
    hass: HomeAssistant, loaded: MockConfigEntry, run: Run
) -> None:
    """Each event once, on its day; those of the last week are made up for."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    await calendar_of(
        hass,
        event("Rent", "2026-11-23"),
        event("The RENT of the garage", "2026-12-01T23:30:00+00:00"),
        event("rent, again", "2026-12-01T23:30:00+00:00"),
        event("Dentist", "2026-12-01"),
        event("Rent", "2026-12-03"),
    )
    with at("2026-12-02T07:00:00+01:00"):
        inputs = {"calendar": "calendar.bills", "word": "Rent", "first": "2026-11-01"}
        assert await run("calendar_bill", **inputs) == []
        for _ in range(2):
            await start(hass)
    assert [day for day, _ in await days(loaded)] == ["2026-12-02"] * 2
    with at("2026-12-03T00:00:30+01:00"):
        await start(hass)
    assert [day for day, _ in await days(loaded)][2:] == ["2026-12-03"]


async def test_calendar_that_comes_after_the_start(
    hass: HomeAssistant, loaded: MockConfigEntry, run: Run
) -> None:
    """It is waited for."""
    agenda = await calendar_of(hass, event("Rent", "2026-12-01"), is_available=False)
    with at("2026-12-01T12:00:00+00:00"):
        await run("calendar_bill", calendar="calendar.bills", first="2026-12-01")
        begun = asyncio.Event()
        hass.bus.async_listen_once(
            "automation_triggered", callback(lambda _: begun.set())
        )
        starting = asyncio.create_task(start(hass))
        await begun.wait()
        agenda._attr_available = True  # noqa: SLF001
        agenda.async_write_ha_state()
        await starting
    assert await days(loaded) == [("2026-12-01", "3.5")]


@pytest.mark.allowed_warnings("calendar_bill: .*")
async def test_calendar_bill_with_amounts(
    hass: HomeAssistant, loaded: MockConfigEntry, run: Run
) -> None:
    """What cannot be read is told; the preset's amount is not taken for it."""
    await calendar_of(
        hass,
        event("Water", "2026-12-01", " 45,90 € "),
        event("Power", "2026-12-01", "about 80"),
        event("Gas", "2026-12-01"),
        event("Before", "2026-11-30", "1"),
    )
    with at("2026-12-01T12:00:00+00:00"):
        told = await run(
            "calendar_bill",
            calendar="calendar.bills",
            amount_in_description=True,
            first="2026-12-01",
        )
        await start(hass)
    assert await days(loaded) == [("2026-12-01", "45.9")]
    assert sorted(message.split(",")[0] for message in messages(told)) == [
        *("Not logged: `Gas`", "Not logged: `Power`"),
    ]


# The energy


def set_states(hass: HomeAssistant, running: str | None = None, **states: str) -> None:
    """Set what the blueprint looks at."""
    if "meter" in states:
        unit = states.pop("unit", "kWh")
        hass.states.async_set(
            "sensor.meter", states["meter"], {"unit_of_measurement": unit}
        )
    if "price" in states:
        hass.states.async_set("sensor.price", states["price"])
    if running is not None:
        hass.states.async_set("switch.wallbox", running)


@pytest.fixture
async def energy(hass: HomeAssistant, run: Run) -> list[ServiceCall]:
    """An automation for a wallbox; the notices that it gives."""
    helper = {"input_text": {"reading": {"initial": ""}}}
    assert await async_setup_component(hass, "input_text", helper)
    set_states(hass, "off", meter="100.25", price="0.31")
    return await run(
        "energy_cost",
        running="switch.wallbox",
        meter="sensor.meter",
        price="sensor.price",
        reading="input_text.reading",
    )


async def test_energy_cost(
    hass: HomeAssistant, loaded: MockConfigEntry, energy: list[ServiceCall]
) -> None:
    """The difference of the meter, times the price; each time for itself."""
    for minute, before, after in (*((1, "100.25", "112.75"), (2, "112.75", "113.75")),):
        with at(dt_util.utcnow() + timedelta(minutes=minute)):
            set_states(hass, "on", meter=before)
            await hass.async_block_till_done()
            set_states(hass, "off", meter=after)
            await hass.async_block_till_done()
    assert await amounts(loaded) == ["3.88", "0.31"]
    assert energy == []
    state = hass.states.get("input_text.reading")
    assert state is not None
    assert state.state == ""


async def test_energy_cost_over_a_restart(
    hass: HomeAssistant, loaded: MockConfigEntry, energy: list[ServiceCall]
) -> None:
    """It ended while Home Assistant was off; the meter comes a moment later."""
    set_states(hass, "on")
    await hass.async_block_till_done()
    set_states(hass, STATE_UNAVAILABLE, meter=STATE_UNAVAILABLE)
    await hass.async_block_till_done()
    set_states(hass, "on")  # a start in between, still running
    set_states(hass, meter="110")
    await hass.async_block_till_done()
    set_states(hass, STATE_UNAVAILABLE, meter=STATE_UNAVAILABLE)
    starting = asyncio.create_task(start(hass))
    await asyncio.sleep(0.01)
    set_states(hass, "off", meter="110250.0", unit="Wh")
    await starting
    await hass.async_block_till_done()
    assert await amounts(loaded) == ["3.1"]
    assert energy == []


@pytest.mark.allowed_warnings("energy_cost: .*")
@pytest.mark.parametrize(("meter", "price"), [("90", "0.31"), ("110", "x")])
async def test_energy_cost_that_is_not_known(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    energy: list[ServiceCall],
    meter: str,
    price: str,
) -> None:
    """A meter that fell and a missing price are told, and nothing is guessed."""
    set_states(hass, "on")
    await hass.async_block_till_done()
    set_states(hass, "off", meter=meter, price=price)
    await hass.async_block_till_done()
    [message] = messages(energy)
    assert message.startswith("Not logged: Coffee, ")
    assert await logged(loaded) == []


def is_running(hass: HomeAssistant) -> bool:
    """Return whether the automation does its work, or waits."""
    state = hass.states.get("automation.energy_cost")
    return state is not None and state.attributes["current"] == 1


async def test_price_that_comes_after_the_start(
    hass: HomeAssistant, loaded: MockConfigEntry, energy: list[ServiceCall]
) -> None:
    """It is waited for."""
    set_states(hass, "on", price=STATE_UNAVAILABLE)
    await hass.async_block_till_done()
    set_states(hass, "off", meter="110.25")
    await until(lambda: is_running(hass))
    set_states(hass, price="0.31")
    await hass.async_block_till_done()
    assert await amounts(loaded) == ["3.1"]
    assert energy == []


async def test_energy_in_another_unit(
    hass: HomeAssistant, loaded: MockConfigEntry, energy: list[ServiceCall]
) -> None:
    """Somebody is told at the beginning that nothing will be logged."""
    set_states(hass, "on", meter="5", unit="GJ")
    await hass.async_block_till_done()
    set_states(hass, "off", meter="6", unit="GJ")
    await hass.async_block_till_done()
    [message] = messages(energy)
    assert message.startswith("Not measured: Coffee. sensor.meter shows no energy")
    assert await logged(loaded) == []


async def test_energy_that_was_not_used(
    hass: HomeAssistant, loaded: MockConfigEntry, energy: list[ServiceCall]
) -> None:
    """Nothing is no expense."""
    set_states(hass, "on")
    await hass.async_block_till_done()
    set_states(hass, "off")
    await hass.async_block_till_done()
    assert await logged(loaded) == []
    assert energy == []


# What needs somebody

OLDEST = "sensor.budgero_oldest_waiting"


@pytest.mark.allowed_warnings("Error loading libturbojpeg")
async def test_tell_me_what_waits(
    hass: HomeAssistant, phone: str, run: Run, mock_push: list[dict[str, Any]]
) -> None:
    """Once, with a button; what has waited for a while only is not told."""
    await run(
        "tell_me",
        phone=phone,
        problem="binary_sensor.budgero_problem",
        oldest_waiting=OLDEST,
        hours=6,
    )
    now = dt_util.utcnow()
    for hours in (5, 7, 8):
        waiting_since = (now - timedelta(hours=hours)).isoformat()
        hass.states.async_set(OLDEST, waiting_since)
        await hass.async_block_till_done()
    [told] = mock_push
    assert told["message"] == "Transactions have waited for more than 6 hours."
    [button] = told["data"]["actions"]
    assert button["uri"] == "/config/repairs"
    hass.states.async_set(OLDEST, STATE_UNKNOWN)
    await hass.async_block_till_done()
    assert mock_push[1]["message"] == "clear_notification"
    assert mock_push[1]["data"]["tag"] == told["data"]["tag"]
    hass.states.async_set(OLDEST, now.isoformat())
    hass.states.async_set(OLDEST, STATE_UNKNOWN)
    await hass.async_block_till_done()
    assert len(mock_push) == 2


@pytest.mark.allowed_warnings("Error loading libturbojpeg")
async def test_tell_me_when_all_is_well(
    hass: HomeAssistant, phone: str, run: Run, mock_push: list[dict[str, Any]]
) -> None:
    """Also if something else waits by then, or if Budgero was reloaded in between."""
    problem = "binary_sensor.budgero_problem"
    hass.states.async_set(problem, "off")
    await run(
        "tell_me", phone=phone, problem=problem, oldest_waiting=OLDEST, patience=0
    )
    now = dt_util.utcnow()
    for state in ((now - timedelta(hours=7)).isoformat(), now.isoformat()):
        hass.states.async_set(OLDEST, state)
        await hass.async_block_till_done()
    for state in ("on", STATE_UNAVAILABLE, "off"):
        hass.states.async_set(problem, state, {"reason": None})
        await hass.async_block_till_done()
    shown = [(each["data"]["tag"][-7:], each["message"][:6]) for each in mock_push]
    assert shown == [
        *(("waiting", "Transa"), ("waiting", "clear_")),
        *(("problem", "Someth"), ("problem", "clear_")),
    ]
