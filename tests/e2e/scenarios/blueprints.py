"""Every blueprint, imported from an address and run once, in one Home Assistant."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
import json
from pathlib import Path
from typing import Final

from aiohttp import web

from tests.e2e.api import Api
from tests.e2e.companion import Companion, Notification, companion
from tests.e2e.household import NO_ACCOUNT
from tests.e2e.json_value import Json, JsonObject
from tests.e2e.main_job import add_transaction
from tests.e2e.repairs import answer_issue
from tests.e2e.seed import Installation

from .stage import Stage, require, until

BLUEPRINTS: Final = Path(__file__).parents[3] / "blueprints"

_PAID: Final = "hook-of-the-payments"
_ASK: Final = "hook-of-the-questions"
_READING: Final = "input_text.reading"
_CALENDAR: Final = '''
"""A calendar with one event, which has just begun."""
from datetime import timedelta
from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.util import dt as dt_util

async def async_setup_platform(hass, config, async_add_entities, discovery_info=None):
    async_add_entities([Bills()])

class Bills(CalendarEntity):
    _attr_name = "Bills"
    event = None

    async def async_get_events(self, hass, start_date, end_date):
        day = dt_util.now().date()
        return [CalendarEvent(day, day + timedelta(days=1), "Water bill", "45,90")]
'''


@dataclass(frozen=True, kw_only=True)
class _Scene:
    """What the blueprints are tried with."""

    stage: Stage
    api: Api
    phone: Companion
    presets: Mapping[str, str]

    async def until_booked(self, payee: str | None, milliunits: int) -> None:
        """Let the app be opened until exactly this is booked, once."""

        async def is_so() -> bool:
            self.stage.server.apply()
            return any(
                (booking.payee, booking.outflow) == (payee, milliunits)
                for booking in self.stage.server.bookings
            )

        await until(is_so, f"{milliunits} should be booked for {payee}")


async def run(stage: Stage) -> None:
    """Import all, make an automation or script of each, and let each do its work."""
    home_assistant = stage.household.home_assistant
    installation = stage.household.installation
    async with stage.api() as api:
        await _import_all(api)
        async with companion(api, installation) as phone:
            await until(partial(_is_known, api, "Phone"), "There should be a phone")
            await phone.scan("coffee")
            devices = await api.devices()
            presets = {name: devices[name] for name in ("Coffee", "Groceries")}
            await api.command("input_text/create", name="Reading")
            entities = await api.entity_ids(stage.household.entry.entry_id)
            inputs = _inputs(presets, devices["Phone"], entities)
            for name, given in inputs.items():
                await api.save("automation", name, _made_of(name, given))
            asking: JsonObject = {
                "phone": devices["Phone"],
                "presets": list(presets.values()),
            }
            script = _made_of("ask_what_it_was_for", asking)
            await api.save("script", "ask", script)
            _add_calendar(installation)
            await home_assistant.stop()
            await home_assistant.start_and_wait()
            scene = _Scene(stage=stage, api=api, phone=phone, presets=presets)
            await _try_all(scene)
    found = sorted((each.payee, each.outflow) for each in stage.server.bookings)
    require(
        found == sorted(_EXPECTED), f"Each should be booked once, but there is: {found}"
    )


_EXPECTED: Final = [
    ("Corner Café", 3_500),  # the tag
    ("Corner Café", 980_000),  # the bill
    ("Corner Café", 45_900),  # the calendar
    ("Corner Café", 3_880),  # the energy
    ("Baker", 12_500),  # the payment
    ("Market", 23_400),  # what it was for
    ("Garage", 61_250),  # asked by a script
    ("Corner Café", 2_200),  # the sentence
]


async def _try_all(scene: _Scene) -> None:
    await _bills(scene)
    await _tag(scene)
    await _payment(scene)
    await _question(scene)
    await _energy(scene)
    await _sentence(scene)
    await _problem(scene)


async def _bills(scene: _Scene) -> None:
    """The start of Home Assistant has logged both."""
    await scene.until_booked("Corner Café", 980_000)
    await scene.until_booked("Corner Café", 45_900)


async def _tag(scene: _Scene) -> None:
    for _ in range(2):  # the second time within the pause
        await scene.phone.scan("coffee")
    await scene.until_booked("Corner Café", 3_500)


async def _payment(scene: _Scene) -> None:
    sent: JsonObject = {"amount": "12,50", "payee": "Baker", "id": "payment-1"}
    for _ in range(2):
        await scene.phone.post(_PAID, sent)
    await scene.until_booked("Baker", 12_500)
    await scene.phone.post(
        _PAID, {"amount": "$5", "payee": "Abroad", "id": "payment-2"}
    )
    await _until_told(scene, "$5, Abroad")


async def _question(scene: _Scene) -> None:
    sent: JsonObject = {"amount": "23.40", "payee": "Market", "id": "payment-3"}
    await scene.phone.post(_ASK, sent)
    await _answer(scene, "23.40 EUR Market")
    await scene.until_booked("Market", 23_400)
    fields: JsonObject = {"amount": "61,25", "payee": "Garage", "id": "payment-4"}
    await scene.api.call("script", "ask", fields)
    asked = await _answer(scene, "61,25 Garage")
    await scene.until_booked("Garage", 61_250)
    await scene.phone.press(asked, "Coffee")
    await _until_told(scene, "61,25, Coffee")


async def _until_told(scene: _Scene, what: str) -> None:
    async def is_told() -> bool:
        return any(what in text for text in await scene.api.notices())

    await until(is_told, f"There should be a notification about {what}")


async def _answer(scene: _Scene, text: str) -> Notification:
    """Answer a question twice: the second time nothing is logged."""
    asked = await scene.phone.notification()
    require(asked.message == text, f"The question should be {text}, not {asked}")
    require(
        set(asked.buttons) == set(scene.presets), f"The buttons are {asked.buttons}"
    )
    for _ in range(2):
        await scene.phone.press(asked, "Groceries")
    return asked


async def _energy(scene: _Scene) -> None:
    set_state = scene.api.set_state
    await set_state("sensor.price", "0.31", {})
    await set_state("sensor.meter", "100.25", {"unit_of_measurement": "kWh"})
    await set_state("switch.wallbox", "on", {})

    async def has_begun() -> bool:
        return (await scene.api.state(_READING)).startswith("100.25 at ")

    await until(has_begun, "The reading of the meter should be kept")
    await set_state("sensor.meter", "112.75", {"unit_of_measurement": "kWh"})
    await set_state("switch.wallbox", "off", {})
    await scene.until_booked("Corner Café", 3_880)


async def _sentence(scene: _Scene) -> None:
    answer = await scene.api.say("Bus ticket for 2.20")
    require(answer == "Written down.", f"Assist answers: {answer}")
    await scene.until_booked("Corner Café", 2_200)
    answer = await scene.api.say("Bus ticket for nothing")
    require(answer == "I could not log that.", f"Assist answers: {answer}")


async def _problem(scene: _Scene) -> None:
    """What fails is told, with a button; when it is decided, the notification goes."""
    await add_transaction(scene.api, {"amount": 1, "account": NO_ACCOUNT})

    async def has_failed() -> bool:
        scene.stage.server.apply()
        return scene.stage.server.counts.failed > 0

    await until(has_failed, "The app should refuse it")
    await scene.api.call("homeassistant", "update_entity", await _pending(scene))
    told = await scene.phone.notification()
    require("Transactions failed" in told.message, f"The phone shows {told}")
    require(told.buttons == {"Open the repairs": "/config/repairs"}, f"It has {told}")
    issue = await scene.stage.until_issue("failed")
    await answer_issue(scene.api, issue, "remove")
    gone = await scene.phone.notification()
    require(
        (gone.message, gone.tag) == ("clear_notification", told.tag),
        f"The notification should go: {gone}",
    )


async def _pending(scene: _Scene) -> JsonObject:
    entities = await scene.api.entity_ids(scene.stage.household.entry.entry_id)
    return {"entity_id": entities["pending"]}


async def _is_known(api: Api, device: str) -> bool:
    return device in await api.devices()


def _inputs(
    presets: Mapping[str, str], phone: str, entities: Mapping[str, str]
) -> Mapping[str, JsonObject]:
    """Return what a person fills in, for every blueprint of an automation."""
    preset: JsonObject = {"preset": presets["Coffee"]}
    first = (datetime.now(UTC).date() - timedelta(days=1)).isoformat()
    return {
        "nfc_tag": {**preset, "tag": "tag.coffee", "pause": 1},
        "phone_payment": {**preset, "webhook": _PAID},
        "monthly_bill": {
            **preset,
            "amount": "980",
            "day": datetime.now(UTC).day,
            "first": first,
        },
        "calendar_bill": {
            **preset,
            "calendar": "calendar.bills",
            "word": "water",
            "amount_in_description": True,
            "first": first,
        },
        "energy_cost": {
            **preset,
            "running": "switch.wallbox",
            "meter": "sensor.meter",
            "price": "sensor.price",
            "reading": _READING,
        },
        "tell_me": {
            "phone": phone,
            "problem": entities["problem"],
            "oldest_waiting": entities["oldest_waiting"],
            "patience": {"seconds": 0},
        },
        "what_was_it_for": {
            "webhook": _ASK,
            "phone": phone,
            "presets": list(presets.values()),
        },
        "sentence": {
            **preset,
            "sentences": ["Bus ticket for {amount}"],
            "answer": "Written down.",
        },
    }


def _made_of(name: str, given: JsonObject) -> JsonObject:
    blueprint: JsonObject = {"path": f"budgero/{name}.yaml", "input": given}
    return {"alias": name, "use_blueprint": blueprint}


async def _import_all(api: Api) -> None:
    """Import every blueprint there is from an address on this machine."""
    async with _served() as address:
        for path in sorted(BLUEPRINTS.rglob("*.yaml")):
            where = path.relative_to(BLUEPRINTS)
            url = f"{address}/{where}"
            await api.import_blueprint(url, f"budgero/{path.name}")
    for kind in ("automation", "script"):
        known = await api.command("blueprint/list", domain=kind)
        wanted = {
            f"budgero/{path.name}" for path in (BLUEPRINTS / kind).rglob("*.yaml")
        }
        require(isinstance(known, Mapping), f"A list was expected: {known}")
        assert isinstance(known, Mapping)
        require(wanted <= known.keys(), f"Home Assistant has only {list(known)}")


@asynccontextmanager
async def _served() -> AsyncIterator[str]:
    """Serve the blueprints; yield the address of their folder."""
    app = web.Application()
    app.router.add_static("/", BLUEPRINTS)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        _, port, *_ = runner.addresses[0]
        yield f"http://127.0.0.1:{port}"
    finally:
        await runner.cleanup()


def _add_calendar(installation: Installation) -> None:
    """Add a calendar of an integration that is made for this."""
    folder = installation.folder / "custom_components" / "bills"
    folder.mkdir()
    manifest: Json = {"domain": "bills", "name": "Bills", "version": "1"}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "__init__.py").touch()
    (folder / "calendar.py").write_text(_CALENDAR)
    with (installation.folder / "configuration.yaml").open("a") as file:
        file.write("\ncalendar:\n  - platform: bills\n")
