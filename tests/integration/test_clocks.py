"""Home Assistant's clock and the server's, seen from the outside."""

from datetime import UTC, date, datetime

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import State, clock, server_spec
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
from tests.budgero_server import BudgeroServer, WrongClock

from .support import Call, count_of, issues_of, let_the_app_work, row_of, running, until

DAY = 86400.0
LIES = [
    WrongClock(ahead=DAY),
    WrongClock(ahead=-DAY),
    WrongClock(ahead=91 * DAY),
    WrongClock(text="Mon, 05 May 2031 12:00:00 GMT"),
    WrongClock(text="Fri, 31 Dec 9999 23:59:59 GMT"),
    WrongClock(text="Mon, 01 Jan 0001 00:00:00 GMT"),
    WrongClock(text="Thu, 01 Jan 1970 00:00:00 -2359"),
    WrongClock(text="yesterday"),
]


@pytest.fixture(autouse=True)
def often(impatient: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare the clocks all the time, on a machine that booted long ago."""
    for module in (clock, server_spec):
        monkeypatch.setattr(module, "COMPARE_AFTER", 0.02)
    monkeypatch.setattr(clock, "BOOT_DOUBT", 0.0)


async def _until_issue(
    hass: HomeAssistant, entry: MockConfigEntry, key: str, *, is_open: bool
) -> None:
    """Let the outbox look again and again until a repair is shown, or gone."""

    def is_so() -> bool:
        running(entry).sender.resume()
        running(entry).coordinator.async_note_change()
        return (key in issues_of(hass)) is is_open

    await until(is_so)


@pytest.mark.parametrize("lie", LIES, ids=str)
async def test_a_lying_server_dates_and_forgets_nothing(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    lie: WrongClock,
) -> None:
    """Everything is booked today, ids stay known, and the lie ends without a trace."""
    entry = loaded
    await add(amount=1, message_id="before", wait=True)
    await let_the_app_work(entry, server)
    assert (await row_of(entry, "before")).state is State.PROCESSED
    server.faults.add(lie)
    today = {_today()}
    await hass.config_entries.async_reload(entry.entry_id)  # it is looked at again
    if lie.text != "yesterday":
        await _until_issue(hass, entry, "clock_differs", is_open=True)
        issue = issues_of(hass)["clock_differs"]
        assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.WARNING, False)
    ids = [f"during-{number}" for number in range(3)]
    for message_id in ids:
        answer = await add(amount=2, message_id=message_id, wait=True)
        assert answer["status"] == "accepted"
    await hass.config_entries.async_reload(entry.entry_id)
    answer = await add(amount=2, message_id="after", wait=True)
    assert answer["status"] == "accepted"
    answer = await add(amount=1, message_id="before")
    assert answer["status"] == "already_known"
    server.apply()
    today.add(_today())
    assert {booking.message_id for booking in server.bookings} == {
        *("before", "after"),
        *ids,
    }
    assert {date.fromisoformat(booking.date) for booking in server.bookings} <= today
    server.faults.clear()
    await _until_issue(hass, entry, "clock_differs", is_open=False)
    for message_id in ids:
        assert (await row_of(entry, message_id)).questions <= 1
    assert issues_of(hass) == {}


async def test_without_any_time_only_what_has_a_date_is_sent(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """The rest waits with a repair, and gets the day on which it was logged."""
    wall = [0.0]
    server.faults.add(WrongClock(text="Fri, 31 Dec 9999 23:59:59 GMT"))
    await hass.config_entries.async_reload(loaded.entry_id)
    running(loaded).store.clock._wall = lambda: wall[0]  # noqa: SLF001
    answer = await add(amount=1, date="2026-11-05", message_id="dated", wait=True)
    assert answer["status"] == "accepted"
    today = {_today()}
    await add(amount=1, message_id="undated")
    await _until_issue(hass, loaded, "clock_unknown", is_open=True)
    assert count_of(hass, "clock_unknown") == "1"
    issue = issues_of(hass)["clock_unknown"]
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, False)
    assert (await row_of(loaded, "undated")).attempts == 0
    wall[0] = datetime.now(UTC).timestamp()
    today.add(_today())
    await _until_issue(hass, loaded, "clock_unknown", is_open=False)
    await until(lambda: len(server.queue) == 2)
    server.faults.clear()
    await let_the_app_work(loaded, server)
    days = {each.message_id: each.date for each in server.bookings}
    assert days["dated"] == "2026-11-05"
    assert date.fromisoformat(days["undated"]) in today


def _today() -> date:
    return datetime.now(tz=dt_util.get_default_time_zone()).date()
