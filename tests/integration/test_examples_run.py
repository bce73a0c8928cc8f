"""The examples of the README and its pages, run: twice at once, and too late."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from freezegun import freeze_time
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_mock_service,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.budgero.engine.outbox import State, StateChange, StorageError
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.state_changes import SIGNAL_STATE_CHANGED
from homeassistant.components.tag.const import EVENT_TAG_SCANNED
from homeassistant.const import EVENT_HOMEASSISTANT_STARTED, STATE_UNKNOWN
from homeassistant.core import Context, HomeAssistant, ServiceCall
from homeassistant.helpers import event
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import _TrackPointUTCTime
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from homeassistant.util.async_ import get_scheduled_timer_handles
from tests.budgero_server import BudgeroServer
from tests.documentation import automations, examples

from .support import Call, in_state, let_the_app_work, raising, running, until

type Begin = Callable[[str], Awaitable[list[ServiceCall]]]
"""Starts the automation of an alias; returns the notices that it gives."""

type Post = Callable[[dict[str, object]], Awaitable[list[str]]]

HOOK = "replace-this-by-a-long-random-text"


def at(moment: str | datetime) -> AbstractContextManager[object]:
    """Let Home Assistant believe that it is another time; the event loop goes on."""
    return freeze_time(moment, ignore=["asyncio"])


@pytest.fixture
async def begin(hass: HomeAssistant, loaded: MockConfigEntry) -> AsyncGenerator[Begin]:
    """Let Home Assistant run an example as it stands on the page."""

    async def begin(alias: str) -> list[ServiceCall]:
        told = async_mock_service(hass, "persistent_notification", "create")
        example = automation_of(alias)
        assert await async_setup_component(hass, "webhook", {})
        assert await async_setup_component(hass, "automation", {"automation": example})
        await hass.async_block_till_done()
        return told

    yield begin
    await _switch(hass, "turn_off")


async def start(hass: HomeAssistant) -> None:
    """Let Home Assistant start: automations listen, then it tells that it runs."""
    await _switch(hass, "turn_off")
    await _switch(hass, "turn_on")
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STARTED)
    await hass.async_block_till_done()


async def let_time_come(hass: HomeAssistant) -> None:
    """Run what waits for a time of the day that is reached, and no other timer."""
    now = dt_util.utcnow()
    with (
        patch.object(event, "time_tracker_utcnow", return_value=now),
        patch.object(event, "time_tracker_timestamp", return_value=now.timestamp()),
    ):
        for handle in list(get_scheduled_timer_handles(hass.loop)):
            waits = isinstance(getattr(handle, "_callback", None), _TrackPointUTCTime)
            if waits and not handle.cancelled():
                handle._run()  # noqa: SLF001
                handle.cancel()
        await hass.async_block_till_done()


async def _switch(hass: HomeAssistant, action: str) -> None:
    await hass.services.async_call(
        "automation", action, {"entity_id": "all"}, blocking=True
    )


def automation_of(alias: str) -> dict[str, Any]:
    """Return the first example with a name."""
    found: list[dict[str, Any]] = [
        example.content
        for example in automations()
        if isinstance(example.content, dict) and example.content["alias"] == alias
    ]
    return found[0]


def messages(told: list[ServiceCall]) -> list[str]:
    """Return what the notices say."""
    return [str(call.data["message"]) for call in told]


async def booked(
    entry: MockConfigEntry, server: BudgeroServer
) -> list[tuple[int, str | None]]:
    """Deliver everything and open the app; return amounts and payees."""
    store = running(entry).store
    async with asyncio.timeout(20):
        while (await store.review.counts()).waiting:
            await asyncio.sleep(0.005)
    server.apply()
    return [(booking.outflow, booking.payee) for booking in server.bookings]


# The tag


async def test_tag(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, begin: Begin
) -> None:
    """A scan counts once, two within a minute too, and later ones for themselves."""
    assert not await begin("Coffee tag")

    async def scan(time: str, context: Context) -> None:
        data = {"tag_id": "the-id-of-your-tag", "device_id": "phone"}
        with at(f"2026-12-01T{time}+00:00"):
            hass.bus.async_fire(EVENT_TAG_SCANNED, data, context=context)
            await hass.async_block_till_done()

    first = Context()
    await scan("10:00:59", first)
    await scan("10:01:01", Context())  # another minute of the clock
    assert await booked(loaded, server) == [(3500, "Coffee")]
    await scan("10:03:00", first)  # the same happening, told again
    await scan("10:05:00", Context())
    assert await booked(loaded, server) == [(3500, "Coffee")] * 2


@pytest.mark.allowed_warnings("Coffee tag: .*")
async def test_tag_that_is_not_logged(
    hass: HomeAssistant, begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is told what to enter."""
    told = await begin("Coffee tag")
    monkeypatch.setattr(Store, "append", raising(StorageError("The disk refused")))
    hass.bus.async_fire(EVENT_TAG_SCANNED, {"tag_id": "the-id-of-your-tag"})
    await hass.async_block_till_done()
    [message] = messages(told)
    assert "3.50, Coffee" in message


# The phone


@pytest.fixture
async def post(
    hass: HomeAssistant, begin: Begin, hass_client_no_auth: ClientSessionGenerator
) -> Post:
    """Send what a shortcut sends; return the notices so far."""
    told = await begin("Expense from the phone")
    client = await hass_client_no_auth()

    async def post(content: dict[str, object]) -> list[str]:
        answer = await client.post(f"/api/webhook/{HOOK}", json=content)
        assert answer.status == 200
        await hass.async_block_till_done()
        return messages(told)

    return post


async def test_phone(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, post: Post
) -> None:
    """The same request counts once, the same expense again counts again."""
    lunch: dict[str, object] = {"amount": "12,50", "payee": "Baker"}
    for id_ in ("2026-12-01-12-30-05-4711", "2026-12-01-12-30-05-4711", "other"):
        assert await post({**lunch, "id": id_}) == []
    assert await booked(loaded, server) == [(12500, "Baker")] * 2


@pytest.mark.parametrize(
    ("amount", "milliunits"),
    [
        ("12.50", 12500),
        ("12,05", 12050),
        ("24.10", 24100),
        (12.5, 12500),
        (100, 100_000),
        ("2.500,00", 2_500_000),
        ("€1,234.56", 1_234_560),
        ("1 234,56 €", 1_234_560),
        ("1.000", None),
        ("1,000", None),
        ("12 50", None),
        ("$5", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
@pytest.mark.allowed_warnings("Expense from the phone: .*")
async def test_what_somebody_types_on_the_phone(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    post: Post,
    amount: object,
    milliunits: int | None,
) -> None:
    """It is booked as it was meant, or refused, and then somebody is told."""
    told = await post({"amount": amount, "payee": "Baker", "id": "a"})
    if milliunits is None:
        [message] = told
        assert "Baker" in message
        assert str(amount) in message
        assert (await running(loaded).store.review.counts()).unfinished == 0
    else:
        assert told == []
        assert await booked(loaded, server) == [(milliunits, "Baker")]


@pytest.mark.allowed_warnings("Expense from the phone: .*", "Template variable")
@pytest.mark.parametrize(
    "content",
    [{"amount": 5, "payee": "Baker"}, {"amount": 5, "payee": "Baker", "id": ""}, {}],
)
async def test_phone_without_an_id(
    loaded: MockConfigEntry, post: Post, content: dict[str, object]
) -> None:
    """It might be the same request again, so it is not logged, and somebody is told."""
    [message] = await post(content)
    assert message.startswith("Not logged: ")
    assert (await running(loaded).store.review.counts()).unfinished == 0


@pytest.mark.allowed_warnings("Expense from the phone: .*", "Template variable")
@pytest.mark.parametrize(
    "body",
    [
        {"data": {"amount": "5", "payee": "Baker", "id": "a"}},
        {"json": None},
        {"json": ["5", "Baker", "a"]},
        {"json": "5"},
        {"data": b""},
    ],
    ids=["form", "null", "list", "text", "nothing"],
)
async def test_phone_that_sends_something_else(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    begin: Begin,
    hass_client_no_auth: ClientSessionGenerator,
    body: dict[str, Any],
) -> None:
    """A shortcut that sends a form logs nothing, and somebody is told."""
    told = await begin("Expense from the phone")
    client = await hass_client_no_auth()
    await client.post(f"/api/webhook/{HOOK}", **body)
    await hass.async_block_till_done()
    [message] = messages(told)
    assert message.startswith("Not logged: `no amount, no payee`.")
    assert (await running(loaded).store.review.counts()).unfinished == 0


# The rent


@pytest.fixture
async def rent(hass: HomeAssistant, begin: Begin) -> Callable[[str], Awaitable[None]]:
    """Let the clock reach a time, or let Home Assistant start at one."""
    await hass.config.async_set_time_zone("Europe/Vienna")
    with at("2026-11-15T12:00:00+01:00"):
        assert not await begin("Rent")

    async def reach(moment: str) -> None:
        with at(moment.removeprefix("start ")):
            if moment.startswith("start "):
                await start(hass)
            else:
                await let_time_come(hass)

    return reach


@pytest.mark.parametrize(
    "moments",
    [
        ["2026-12-01T06:00:01+01:00", "2026-12-01T06:00:01+01:00"],
        ["2026-12-01T06:00:01+01:00", "2026-12-02T06:00:01+01:00"],
        ["start 2026-12-03T18:00:00+01:00", "start 2026-12-03T18:05:00+01:00"],
        ["2026-11-30T06:00:01+01:00", "start 2026-12-01T00:00:01+01:00"],
        ["start 1970-01-01T00:00:20+00:00", "start 2026-12-31T23:59:00+01:00"],
        ["start 2037-01-01T00:00:20+00:00", "start 2026-12-24T06:00:01+01:00"],
    ],
    ids=[
        "twice",
        "every day",
        "missed, then started twice",
        "before the first month",
        "a clock without time",
        "a clock that is ahead",
    ],
)
async def test_rent(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    rent: Callable[[str], Awaitable[None]],
    moments: list[str],
) -> None:
    """It is booked once, on the first, under the id of its month."""
    for moment in moments:
        await rent(moment)
    assert await booked(loaded, server) == [(980_000, "Landlord")]
    [booking] = server.bookings
    assert (booking.date, booking.message_id) == ("2026-12-01", "rent:2026-12")


async def test_rent_of_two_months(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    rent: Callable[[str], Awaitable[None]],
) -> None:
    """Each month has its own."""
    await rent("2026-12-01T06:00:01+01:00")
    await rent("start 2027-01-04T06:30:00+01:00")
    assert await booked(loaded, server) == [(980_000, "Landlord")] * 2


@pytest.mark.allowed_warnings("Rent: .*")
async def test_rent_that_is_not_logged(
    rent: Callable[[str], Awaitable[None]],
    hass: HomeAssistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody is told, once for a month."""
    told = async_mock_service(hass, "persistent_notification", "create")
    monkeypatch.setattr(Store, "append", raising(StorageError("The disk refused")))
    await rent("2026-12-01T06:00:01+01:00")
    await rent("2026-12-02T06:00:01+01:00")
    assert {call.data["notification_id"] for call in told} == {"rent:2026-12"}
    assert "980, Landlord, 2026-12" in messages(told)[0]


# What tells of transactions


@pytest.mark.parametrize(
    ("alias", "state"),
    [
        ("Budgero failed a transaction", State.FAILED),
        ("The rent is booked", State.PROCESSED),
        ("The club's budget failed a transaction", State.FAILED),
    ],
)
async def test_notices_of_a_transaction(
    hass: HomeAssistant, begin: Begin, alias: str, state: State
) -> None:
    """Told twice it is one notice, and each transaction has its own."""
    options = automation_of(alias)["triggers"][0].get("options", {})
    entry_id = options.get("config_entry_id", "any")
    if options:
        MockConfigEntry(domain="budgero", entry_id=entry_id).add_to_hass(hass)
    told = await begin(alias)
    for message_id in ("rent:2026-12", "rent:2026-12", "rent:2027-01"):
        change = StateChange(message_id, state, 1_780_000_000.0)
        async_dispatcher_send(hass, SIGNAL_STATE_CHANGED, entry_id, change)
        await hass.async_block_till_done()
    ids = [call.data["notification_id"] for call in told]
    assert ids == [
        f"budgero_rent:{month}" for month in ("2026-12", "2026-12", "2027-01")
    ]


async def test_one_notice_for_many(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    begin: Begin,
    add: Call,
) -> None:
    """It says how many; a reload of the entry tells nothing again."""
    told = await begin("Budgero has booked")
    await add(amount=1, wait=True)
    await add(amount=2, wait=True)
    await let_the_app_work(loaded, server)
    await until(lambda: messages(told) == ["2 transactions are in the budget."])
    assert await hass.config_entries.async_reload(loaded.entry_id)
    await hass.async_block_till_done()
    assert len(told) == 1


WAITS = "sensor.budgero_oldest_waiting"


async def test_something_waits_for_a_day(
    hass: HomeAssistant, loaded: MockConfigEntry, begin: Begin
) -> None:
    """Also if the day ended while Home Assistant was off; and not before."""
    assert await hass.config_entries.async_unload(loaded.entry_id)  # states of our own
    since = datetime(2026, 12, 1, 12, tzinfo=UTC)
    with at(since + timedelta(minutes=5)):
        hass.states.async_set(WAITS, since.isoformat(), {"device_class": "timestamp"})
        told = await begin("Something has waited for Budgero for a day")
        await start(hass)
    assert not told
    with at(since + timedelta(days=1, seconds=1)):
        await let_time_come(hass)
    assert len(told) == 1
    with at(since + timedelta(days=3)):
        await start(hass)
        assert [call.data["notification_id"] for call in told] == ["budgero_waits"] * 2
        hass.states.async_set(WAITS, STATE_UNKNOWN)
        await start(hass)
    assert len(told) == 2


async def test_something_needs_somebody(
    hass: HomeAssistant, loaded: MockConfigEntry, begin: Begin
) -> None:
    """When it begins, and at a start as long as it is so."""
    assert await hass.config_entries.async_unload(loaded.entry_id)  # states of our own
    problem = "binary_sensor.budgero_problem"
    told = await begin("Budgero needs somebody")
    hass.states.async_set(problem, "on", {"reason": "failed"})
    await hass.async_block_till_done()
    assert len(told) == 1
    await start(hass)
    assert [call.data["notification_id"] for call in told] == ["budgero_problem"] * 2
    hass.states.async_set(problem, "off")
    await start(hass)
    assert len(told) == 2


async def test_asked_in_the_evening(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    begin: Begin,
    add: Call,
) -> None:
    """What was applied shows; asked twice it changes nothing."""
    assert await async_setup_component(hass, "homeassistant", {})
    evening = dt_util.now().replace(hour=21, minute=0, second=1)
    with at(evening - timedelta(hours=1)):
        await begin("Ask Budgero in the evening")
    await add(amount=1, wait=True)
    server.apply()
    for day in range(2):
        with at(evening + timedelta(days=day)):
            await let_time_come(hass)
        await in_state(hass, loaded, processed="1")


# The others


async def test_button(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Each tap is an expense, and a tap by mistake is asked for."""
    [tap] = [
        example.content["tap_action"]
        for example in examples()
        if isinstance(example.content, dict) and "tap_action" in example.content
    ]
    assert tap["confirmation"]["text"]
    domain, action = tap["perform_action"].split(".")
    for _ in range(2):
        await hass.services.async_call(domain, action, tap["data"], blocking=True)
    assert await booked(loaded, server) == [(3500, "Coffee")] * 2


def test_every_automation_is_run() -> None:
    """None of the examples is missing here."""
    text = Path(__file__).read_text("utf-8")
    missing = [
        example.content["alias"]
        for example in automations()
        if isinstance(example.content, dict)
        and f'"{example.content["alias"]}"' not in text
    ]
    assert missing == []
