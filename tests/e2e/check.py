"""The automatic check of the demo: the main job, with a restart in the middle."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from secrets import token_hex
import time

from tests.e2e import phone
from tests.e2e.api import connect
from tests.e2e.home_assistant import unexpected_in_log
from tests.e2e.household import NO_ACCOUNT, Household
from tests.e2e.json_value import JsonObject, to_text
from tests.e2e.main_job import (
    Answer,
    Counts,
    Defaults,
    MainJobError,
    add_transaction,
    read_counts,
    wait_for_counts,
)
from tests.e2e.presets import preset_entities
from tests.e2e.repairs import answer_issue, find_issue
from tests.e2e.stand_in import StandIn


@dataclass(frozen=True, kw_only=True)
class Logged:
    """A transaction: the call, its answer, and the booking."""

    answer: Answer
    booking: JsonObject | None
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class Report:
    """The results of the check."""

    home_assistant: str
    before: Counts
    transactions: tuple[Logged, ...]
    repair: str | None
    restart_seconds: float
    seconds: float


async def check(household: Household, defaults: Defaults) -> Report:
    """Log an expense, restart Home Assistant, log an income; follow both to the end.

    Where there is an app, log one from a phone and one with a preset as well, and one
    that the app must refuse, and see the repair.

    Raises:
        MainJobError: A check failed.
    """
    start = time.monotonic()
    async with connect(household.installation) as api:
        version = (await api.config()).version
        before = await read_counts(api, household.entry)
    expense = await _expense(household, defaults, before)
    restart_seconds = await _restart(household)
    async with connect(household.installation) as api:
        kept = await read_counts(api, household.entry)
    if kept != expense.counts:
        raise MainJobError(f"Before the restart {expense.counts}, after it {kept}")
    income = await _income(household, defaults, kept)
    repair = None
    transactions: tuple[Logged, ...] = (expense, income)
    if household.stand_in is not None:
        phoned = await _phone(household, household.stand_in, defaults, income.counts)
        coffee = await _preset(household, household.stand_in, phoned.counts)
        transactions = (expense, income, phoned, coffee)
        repair = await _failure(household, household.stand_in, coffee.counts)
    if unexpected := unexpected_in_log(household.home_assistant.log):
        raise MainJobError("Unexpected in the log:\n" + "\n".join(unexpected))
    return Report(
        home_assistant=version,
        before=before,
        transactions=transactions,
        repair=repair,
        restart_seconds=restart_seconds,
        seconds=round(time.monotonic() - start, 1),
    )


async def _expense(household: Household, defaults: Defaults, before: Counts) -> Logged:
    """Log an expense and wait for Budgero's answer."""
    day = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    fields: JsonObject = {
        "amount": 12.5,
        "payee": "Café Zoë",
        "memo": "Lunch, two soups",
        "date": day,
        "wait": True,
    }
    async with connect(household.installation) as api:
        answer = await add_transaction(api, fields)
    if answer.status != "accepted" or answer.queue_id is None:
        raise MainJobError(f"Budgero should have accepted it: {answer}")
    booked: JsonObject = {
        **_place(defaults),
        "date": day,
        "inflow": 0,
        "outflow": 12_500,
        "memo": "Lunch, two soups",
        "payee": "Café Zoë",
        "queue_id": answer.queue_id,
    }
    return await _follow(household, answer, before, booked)


async def _income(household: Household, defaults: Defaults, before: Counts) -> Logged:
    """Log an income under an own message id, without waiting."""
    message_id = f"check-{token_hex(8)}"
    day = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    fields: JsonObject = {
        "amount": "1203,45",
        "type": "income",
        "payee": "Employer",
        "date": day,
        "message_id": message_id,
    }
    async with connect(household.installation) as api:
        answer = await add_transaction(api, fields)
    if answer != Answer(message_id=message_id, status="waiting", queue_id=None):
        raise MainJobError(f"It should be waiting under its id: {answer}")
    booked: JsonObject = {
        **_place(defaults),
        "date": day,
        "inflow": 1_203_450,
        "outflow": 0,
        "payee": "Employer",
    }
    return await _follow(household, answer, before, booked)


async def _phone(
    household: Household, stand_in: StandIn, defaults: Defaults, before: Counts
) -> Logged:
    """Log an expense from a phone, which sends it twice; see it booked once."""
    payee = f"Kiosk {token_hex(4)}"
    sent = phone.expense("4,20", payee)
    for _ in range(2):
        await phone.log(household.installation, sent)
    async with connect(household.installation) as api:
        expected = replace(before, pending=before.pending + 1)
        await wait_for_counts(api, household.entry, expected)
        await stand_in.apply()
        expected = replace(before, processed=before.processed + 1)
        counts = await wait_for_counts(api, household.entry, expected)
    [booking] = await stand_in.bookings(payee)
    _compare(booking, {**_place(defaults), "inflow": 0, "outflow": 4_200})
    return _processed(booking, counts)


async def _preset(household: Household, stand_in: StandIn, before: Counts) -> Logged:
    """Press the button of a preset, and see it booked by its names."""
    async with connect(household.installation) as api:
        entities = await preset_entities(api, household.entry)
        await api.call("button", "press", {"entity_id": entities["coffee_log"]})
        expected = replace(before, pending=before.pending + 1)
        await wait_for_counts(api, household.entry, expected)
        await stand_in.apply()
        expected = replace(before, processed=before.processed + 1)
        counts = await wait_for_counts(api, household.entry, expected)
    [booking] = await stand_in.bookings("Corner Café")
    booked: JsonObject = {
        "account": "Cash",
        "category": "Eating Out",
        "outflow": 3_500,
    }
    _compare(booking, booked)
    return _processed(booking, counts)


def _processed(booking: JsonObject, counts: Counts) -> Logged:
    message_id, queue_id = to_text(booking["message_id"]), to_text(booking["queue_id"])
    answer = Answer(message_id=message_id, status="processed", queue_id=queue_id)
    return Logged(answer=answer, booking=booking, counts=counts)


async def _failure(household: Household, stand_in: StandIn, before: Counts) -> str:
    """Log to an account that does not exist; return the kind of the repair shown."""
    async with connect(household.installation) as api:
        await add_transaction(api, {"amount": 1, "account": NO_ACCOUNT})
        expected = replace(before, pending=before.pending + 1)
        await wait_for_counts(api, household.entry, expected)
        applied = await stand_in.apply()
        if (applied.processed, applied.failed) != (0, 1):
            raise MainJobError(f"The app should have refused one: {applied}")
        expected = replace(before, failed=before.failed + 1)
        await wait_for_counts(api, household.entry, expected)
        issue = await find_issue(api, "failed")
        if issue is None or not issue.is_fixable:
            raise MainJobError("A repair should ask what to do about what failed")
        await answer_issue(api, issue, "remove")
        if await find_issue(api, "failed") is not None:
            raise MainJobError("The repair was answered, and is still shown")
    return issue.kind


def _place(defaults: Defaults) -> JsonObject:
    """Return where the booking must be."""
    category = {} if defaults.category is None else {"category_id": defaults.category}
    return {
        "budget_id": defaults.budget,
        "account_id": defaults.account,
        "currency": defaults.currency,
        **category,
    }


async def _follow(
    household: Household, answer: Answer, before: Counts, booked: JsonObject
) -> Logged:
    """Follow a transaction until it is pending, and where there is an app, booked."""
    async with connect(household.installation) as api:
        expected = replace(before, pending=before.pending + 1)
        counts = await wait_for_counts(api, household.entry, expected)
        booking = None
        if household.stand_in is not None:
            booking = await _apply(household.stand_in, answer.message_id, booked)
            expected = replace(before, processed=before.processed + 1)
            counts = await wait_for_counts(api, household.entry, expected)
    return Logged(answer=answer, booking=booking, counts=counts)


async def _apply(stand_in: StandIn, message_id: str, booked: JsonObject) -> JsonObject:
    """Let Budgero's app decrypt and apply it, and compare field by field."""
    applied = await stand_in.apply()
    if (applied.processed, applied.failed) != (1, 0):
        raise MainJobError(f"The app should have applied one transaction: {applied}")
    booking = await stand_in.booking(message_id)
    if booking is None:
        raise MainJobError("Nothing was booked")
    _compare(booking, booked)
    return booking


def _compare(booking: JsonObject, booked: JsonObject) -> None:
    """Compare a booking with what it must be, field by field."""
    wrong = {
        field: f"{booking.get(field)!r} in place of {value!r}"
        for field, value in booked.items()
        if booking.get(field) != value
    }
    if wrong:
        raise MainJobError(f"The booking is wrong: {wrong}")


async def _restart(household: Household) -> float:
    """Stop Home Assistant and start it again; return the time in seconds."""
    start = time.monotonic()
    code = await household.home_assistant.stop()
    if code != 0:
        raise MainJobError(f"Home Assistant ended with {code}")
    await household.home_assistant.start_and_wait()
    return round(time.monotonic() - start, 1)
