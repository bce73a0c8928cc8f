"""Dates that nobody gave are fixed before the first push."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import Hold, State
from custom_components.budgero.engine.outbox.clock import EARLIEST
from custom_components.budgero.engine.outbox.clock_dates import ClockDates
from custom_components.budgero.engine.outbox.policy import (
    BATCH,
    BOOT_DOUBT,
    CHECK_CLOCK,
    LONGEST_REST,
)
from custom_components.budgero.engine.outbox.sender import Sender
from custom_components.budgero.engine.outbox.store import Store
from custom_components.budgero.engine.outbox.waiting import Dated
from custom_components.budgero.engine.push import (
    Client,
    SpaceKey,
    Transaction,
    WireFormat,
)
from custom_components.budgero.engine.release import RELEASED
from tests.engine.lunch import LUNCH

from .helpers import DAY, DIGEST, append, row_of, unfinished
from .house import House

TRUE_TIME = datetime(2033, 5, 4, 12, tzinfo=UTC).timestamp()
KEY = SpaceKey(bytes(range(32)))
TODAY = date(2033, 5, 4)
YESTERDAY = date(2033, 5, 3)
TOMORROW = date(2033, 5, 5)
BEFORE_ALL = -TRUE_TIME


def _date(moment: float) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


@dataclass
class Machine:
    """A machine with a clock that may be wrong, its outbox, and a server's clock."""

    path: Path
    client: Client
    true: float = TRUE_TIME
    ahead: float = 0.0
    booted: float = TRUE_TIME - DAY
    boot: str = "first boot"
    wire_format: WireFormat = WireFormat.MILLIUNITS
    store: Store = field(init=False)

    async def start(self) -> None:
        """Start the program."""
        self.store = Store(
            self.path,
            lambda: self.true + self.ahead,
            lambda: self.true - self.booted,
            boot_id=lambda: self.boot,
        )
        await self.store.open()
        self.sender = Sender(self.store, self.client, _date)
        self.sender.spec.wire_format = self.wire_format
        self.dates = ClockDates(self.store, self.client, self.sender.spec, _date)

    async def restart(self) -> None:
        """Stop the program and start it anew."""
        await self.store.close()
        await self.start()

    async def reboot(self) -> None:
        """Start the whole machine anew."""
        self.boot, self.booted = "next boot", self.true
        await self.restart()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.true += seconds

    async def add(self, message_id: str = "m", *, is_dated: bool = True) -> None:
        """Append a transaction, with today's date as far as it is known."""
        transaction = replace(LUNCH, date=_date(self.store.clock.time()))
        sealed = self.client.seal(transaction, message_id)
        await self.store.append(sealed, DIGEST, is_dated=is_dated)

    async def compare(self, servers: float = 0.0) -> None:
        """Let a server answer whose clock is ahead by so many seconds."""
        await self.store.times.note_time(self.true + servers)

    async def due(self) -> list[str]:
        """Return what would be pushed now."""
        await self.dates.fix()
        rows = await self.store.waiting.due(State.WAITING, LONGEST_REST, 100)
        return [row.message_id for row in rows]

    async def date_of(self, message_id: str = "m") -> date:
        """Open what would be pushed, if anything would."""
        assert message_id in await self.due()
        return await self.date_on_disk(message_id)

    async def date_on_disk(self, message_id: str = "m") -> date:
        """Open what is on disk."""
        row = await row_of(self.store, message_id)
        return Transaction.from_wire(KEY.open(row.sealed.payload)).date


@pytest.fixture
async def machine(path: Path) -> AsyncIterator[Machine]:
    """A machine whose clock is right, and that booted a day ago."""
    async with ClientSession() as session:
        client = Client(session, "http://127.0.0.1", "0" * 64, KEY)
        machine = Machine(path, client)
        await machine.start()
        yield machine
        await machine.store.close()


# A server whose clock is wrong


@pytest.mark.parametrize(
    "servers", [-TRUE_TIME, -3650 * DAY, -DAY, DAY, 91 * DAY, 4 * 365 * DAY, 2.5e11]
)
async def test_a_servers_clock_dates_nothing(machine: Machine, servers: float) -> None:
    """Neither what was made before its answer nor what is made afterwards."""
    await machine.add("before")
    await machine.compare(servers)
    await machine.add("after")
    for message_id in ("before", "after"):
        assert await machine.date_of(message_id) == TODAY
        row = await row_of(machine.store, message_id)
        assert row.created_at == TRUE_TIME


# A clock that was wrong, and is right now


async def test_a_date_from_before_the_time_was_known(machine: Machine) -> None:
    """It becomes the day on which the transaction was made; its id stays."""
    machine.ahead = BEFORE_ALL
    await machine.add()
    assert await machine.due() == []
    assert await machine.date_on_disk() == RELEASED
    machine.wait(DAY)
    machine.ahead = 0
    assert await machine.date_of() == TODAY
    row = await row_of(machine.store, "m")
    assert (row.created_at, row.digest) == (TRUE_TIME, DIGEST)
    assert not (await machine.store.append(replace(row.sealed), DIGEST)).is_new


async def test_a_server_stands_in_for_a_clock_without_time(machine: Machine) -> None:
    """For what was made before its answer, and for what is made afterwards."""
    machine.ahead = BEFORE_ALL
    await machine.add("before")
    machine.wait(DAY)
    await machine.compare()
    await machine.add("after")
    assert await machine.date_of("before") == TODAY
    assert await machine.date_of("after") == TOMORROW


async def test_a_server_that_cannot_stand_in(machine: Machine) -> None:
    """Then nothing without a date is sent; what has one is."""
    machine.ahead = BEFORE_ALL
    await machine.add("undated")
    await machine.add("dated", is_dated=False)
    for servers in (4000 * DAY, 2.5e11, EARLIEST - TRUE_TIME - DAY):
        await machine.compare(servers)
        assert await machine.due() == ["dated"]
    assert await machine.dates.seconds_until_due() == CHECK_CLOCK
    assert (await machine.store.review.overview()).undated == 1
    await machine.compare()
    assert await machine.dates.seconds_until_due() == 0
    assert await machine.due() == ["undated", "dated"]
    assert (await machine.store.review.overview()).undated == 0


async def test_the_day_of_what_stood_in_is_not_kept(machine: Machine) -> None:
    """What was not sent while the server lied gets the day of our clock."""
    machine.ahead = BEFORE_ALL
    await machine.compare(400 * DAY)
    await machine.add()
    machine.ahead = 0
    machine.wait(DAY)
    assert await machine.date_of() == TODAY


@pytest.mark.parametrize("server_answers", [True, False])
async def test_a_machine_that_starts_with_its_last_shutdown(
    machine: Machine, server_answers: bool
) -> None:
    """The network sets its clock a minute later; until then nothing is booked."""
    machine.ahead = -3 * DAY
    await machine.reboot()
    await machine.add()
    if server_answers:
        await machine.compare()
        assert await machine.due() == []
    machine.wait(60)
    machine.ahead = 0
    assert await machine.date_of() == TODAY


async def test_a_clock_that_nothing_sets_is_believed(machine: Machine) -> None:
    """A quarter of an hour after the boot; who lies, nobody can tell."""
    await machine.reboot()
    await machine.compare(DAY)
    await machine.add()
    await machine.add("dated", is_dated=False)
    assert await machine.due() == ["dated"]
    machine.wait(BOOT_DOUBT)
    assert await machine.date_of() == TODAY


async def test_what_was_made_before_a_boot_does_not_wait(machine: Machine) -> None:
    """Its clock was right as far as anybody knows."""
    await machine.add()
    machine.ahead = -3 * DAY
    await machine.reboot()
    await machine.compare()
    assert await machine.date_of() == TODAY


async def test_a_boot_in_between(machine: Machine) -> None:
    """Nobody knows when it was; today is nearer than years ago."""
    machine.ahead = BEFORE_ALL
    await machine.add()
    machine.wait(DAY)
    await machine.reboot()
    machine.ahead = 0
    assert await machine.date_of() == TOMORROW


async def test_a_restart_in_between(machine: Machine) -> None:
    """Only the program was started anew: the steady clock goes on."""
    machine.ahead = BEFORE_ALL
    await machine.add()
    machine.wait(DAY)
    await machine.restart()
    machine.ahead = 0
    assert await machine.date_of() == TODAY


# A clock that was right, and is set wrong


@pytest.mark.parametrize("ahead", [-500 * DAY, -DAY, DAY, 500 * DAY])
async def test_what_both_clocks_agreed_on_stays(machine: Machine, ahead: float) -> None:
    """Whatever either of them says later."""
    await machine.compare()
    await machine.add()
    machine.wait(600)
    machine.ahead = ahead
    await machine.compare(9 * DAY)
    assert await machine.date_of() == TODAY


@pytest.mark.parametrize("ahead", [-500 * DAY, -DAY, DAY, 500 * DAY])
async def test_a_server_knows_that_our_clock_was_right(
    machine: Machine, ahead: float
) -> None:
    """It answers first after ours was set wrong."""
    await machine.add()
    machine.wait(600)
    machine.ahead = ahead
    await machine.compare()
    assert await machine.date_of() == TODAY


async def test_the_floor_is_on_disk(machine: Machine) -> None:
    """A clock that starts before the last agreement is not believed."""
    await machine.compare()
    machine.ahead = -2 * DAY
    await machine.reboot()
    assert not machine.store.clock.is_plausible
    await machine.add()
    assert await machine.due() == []
    await machine.compare()
    assert await machine.date_of() == TODAY


async def test_a_sleep_makes_no_date_wrong(machine: Machine) -> None:
    """What was made before the night keeps its date; the steady clock went on."""
    await machine.add()
    machine.wait(DAY)
    await machine.compare()
    assert await machine.date_of() == TODAY


# What is never touched


async def test_a_date_that_somebody_gave_stays(machine: Machine) -> None:
    """Whatever the clock said."""
    machine.ahead = BEFORE_ALL
    await machine.add(is_dated=False)
    machine.ahead = 0
    await machine.compare()
    assert await machine.date_of() == RELEASED


async def test_what_was_pushed_stays(machine: Machine) -> None:
    """The same id is pushed with the same body, always."""
    await machine.add()
    await machine.due()
    row = await row_of(machine.store, "m")
    await machine.store.waiting.begin_attempt(row, 120)
    machine.ahead = 3 * DAY
    await machine.restart()
    await machine.compare(3 * DAY)
    machine.wait(600)
    assert await machine.date_of() == TODAY


async def test_what_is_held_is_dated_when_it_goes(machine: Machine) -> None:
    """Until then the clock may still be set right."""
    machine.ahead = -2 * DAY
    await machine.add()
    await machine.store.holds.hold(Hold.WORKSPACE)
    assert await machine.due() == []
    assert (await machine.store.review.overview()).undated == 0
    machine.ahead = 0
    await machine.store.holds.release(Hold.WORKSPACE)
    assert await machine.date_of() == TODAY


async def test_what_is_sealed_anew_or_removed_meanwhile_stays(machine: Machine) -> None:
    """Between the look and the change."""
    machine.ahead = BEFORE_ALL
    for message_id in ("resealed", "gone"):
        await machine.add(message_id)
    machine.ahead = 0
    found = await machine.store.waiting.undated(BATCH, is_day_sure=True)
    assert len(found) == 2
    resealed = await row_of(machine.store, "resealed")
    await machine.store.review.reseal(
        lambda payload: f"new {payload}" if payload == resealed.payload else None
    )
    await machine.store.review.remove("gone")
    before = await unfinished(machine.store)
    await machine.store.waiting.fix_dates(
        [
            Dated(row, TRUE_TIME, replace(row.sealed, payload="another date"))
            for row, _ in found
        ]
    )
    assert await unfinished(machine.store) == before


async def test_what_was_sealed_with_an_earlier_key_stays(machine: Machine) -> None:
    """It cannot be opened, and goes as it is; the others are put right."""
    machine.ahead = BEFORE_ALL
    await machine.add("first")
    await machine.add("second")
    first = await row_of(machine.store, "first")
    earlier = SpaceKey(bytes(32))
    spoilt = earlier.seal(KEY.open(first.sealed.payload))
    await machine.store.review.reseal(
        lambda payload: spoilt if payload == first.payload else None
    )
    machine.ahead = 0
    assert await machine.due() == ["first", "second"]
    assert (await row_of(machine.store, "first")).payload == spoilt
    assert await machine.date_of("second") == TODAY


async def test_one_that_cannot_be_put_right_holds_up_nobody(machine: Machine) -> None:
    """It goes out as it is; the others get their dates."""
    machine.ahead = BEFORE_ALL
    machine.wire_format = WireFormat.DECIMALS
    await machine.restart()
    today = _date(machine.store.clock.time())
    big = replace(LUNCH, date=today, amount=Decimal("9007199254740.991"))
    for message_id, transaction in (("big", big), ("m", replace(LUNCH, date=today))):
        sealed = machine.client.seal(transaction, message_id)
        await machine.store.append(sealed, DIGEST, is_dated=True)
    machine.ahead = 0
    assert await machine.date_of("big") == RELEASED
    assert await machine.date_of("m") == TODAY


async def test_nobody_waits_behind_what_waits_for_the_time(machine: Machine) -> None:
    """However many those are."""
    machine.ahead = BEFORE_ALL
    for number in range(BATCH + 5):
        await machine.add(f"undated-{number}")
    machine.ahead = 0
    await machine.reboot()
    await machine.compare(DAY)
    await append(machine.store, "dated")
    assert await machine.due() == ["dated"]
    assert await machine.dates.seconds_until_due() == CHECK_CLOCK


# Through the sender


@pytest.mark.usefixtures("hurry")
async def test_the_first_push_has_the_right_date(house: House) -> None:
    """The app books it on the day on which it was made; the server showed the time."""
    house.ahead = -datetime.now(UTC).timestamp()
    await house.restart()
    today = _date(house.store.clock.time())
    sealed = house.client.seal(replace(LUNCH, date=today))
    true = datetime.now(UTC)
    await house.store.append(sealed, DIGEST, is_dated=True)
    house.sender.wake()
    await house.until(sealed.message_id, State.ACCEPTED)
    assert len(house.pushes(sealed.message_id)) == 1
    house.server.apply()
    [booking] = house.server.bookings
    assert true.date().isoformat() <= booking.date
    assert booking.date <= datetime.now(UTC).date().isoformat()


@pytest.mark.usefixtures("hurry")
async def test_many_without_a_date_are_sent_in_one_go(house: House) -> None:
    """More than one batch, and more than one turn."""
    sealed = [house.client.seal(LUNCH) for _ in range(11 * BATCH)]
    for each in sealed:
        await house.store.append(each, DIGEST, is_dated=True)
    assert await house.store.waiting.count_undated() == len(sealed)
    house.start()
    await house.until_all([each.message_id for each in sealed], State.ACCEPTED)
