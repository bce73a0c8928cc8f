"""Dates that were taken from a wrong clock are put right before the first push."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from aiohttp import ClientSession
import pytest

from custom_components.budgero.engine.outbox import Sender, State, Store
from custom_components.budgero.engine.outbox.dates import put_dates_right
from custom_components.budgero.engine.outbox.policy import LONGEST_REST
from custom_components.budgero.engine.push import (
    Client,
    SpaceKey,
    Transaction,
    WireFormat,
)
from tests.engine.lunch import LUNCH

from .helpers import DAY, DIGEST, row_of
from .house import House

TRUE_TIME = datetime(2026, 5, 4, 12, tzinfo=UTC).timestamp()


KEY = SpaceKey(bytes(range(32)))


TODAY = date(2026, 5, 4)


def _date(moment: float) -> date:
    return datetime.fromtimestamp(moment, UTC).date()


@dataclass
class Machine:
    """A machine with a clock that may be wrong, and its outbox."""

    path: Path
    client: Client
    wall: float = TRUE_TIME
    steady: float = 1000.0

    def __post_init__(self) -> None:
        """Start the program."""
        self.store = self.new_store()

    def new_store(self) -> Store:
        """Start the program anew."""
        return Store(self.path, lambda: self.wall, lambda: self.steady)

    async def restart(self) -> None:
        """Stop the program and start it anew."""
        await self.store.close()
        self.store = self.new_store()
        await self.store.open()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.wall += seconds
        self.steady += seconds

    async def add(self, message_id: str, *, is_dated: bool = True) -> None:
        """Append a transaction, with today's date as far as it is known."""
        transaction = replace(LUNCH, date=_date(self.store.clock.now()))
        sealed = self.client.seal(transaction, message_id)
        await self.store.append(sealed, DIGEST, is_dated=is_dated)

    async def put_dates_right(self) -> None:
        """Do what comes before the first push."""
        await put_dates_right(self.store, self.client, WireFormat.MILLIUNITS, _date)

    async def date_of(self, message_id: str) -> date:
        """Open what would be pushed."""
        row = await row_of(self.store, message_id)
        return Transaction.from_wire(KEY.open(row.sealed.payload)).date


@pytest.fixture
async def machine(path: Path) -> AsyncIterator[Machine]:
    """A machine whose clock is right."""
    async with ClientSession() as session:
        client = Client(session, "http://127.0.0.1", "0" * 64, KEY)
        machine = Machine(path, client)
        await machine.store.open()
        yield machine
        await machine.store.close()


async def test_a_date_from_before_the_time_was_known(machine: Machine) -> None:
    """It becomes the day on which the transaction was made; its id stays."""
    machine.wall = 0.0
    await machine.add("m")
    assert await machine.date_of("m") == date(1970, 1, 1)
    machine.wait(3600)
    await machine.store.note_time(TRUE_TIME + 3600)
    await machine.put_dates_right()
    assert await machine.date_of("m") == TODAY
    row = await row_of(machine.store, "m")
    assert (row.created_at, row.digest) == (TRUE_TIME, DIGEST)
    assert not (await machine.store.append(replace(row.sealed), DIGEST)).is_new


async def test_it_is_put_right_by_the_networks_time_alone(machine: Machine) -> None:
    """Also where the server shows none."""
    machine.wall -= 3 * DAY
    await machine.add("m")
    machine.wait(60)
    machine.wall = TRUE_TIME + 60
    await machine.put_dates_right()
    assert await machine.date_of("m") == TODAY


async def test_a_restart_in_between(machine: Machine) -> None:
    """Nobody knows when it was; today is nearer than years ago."""
    await machine.store.note_time(TRUE_TIME - DAY)
    await machine.restart()
    machine.wall -= 365 * DAY
    await machine.add("m")
    await machine.restart()
    machine.wait(60)
    machine.wall = TRUE_TIME
    await machine.put_dates_right()
    assert await machine.date_of("m") == TODAY


async def test_what_comes_after_the_servers_time_is_right(machine: Machine) -> None:
    """Although the machine's clock is not set yet."""
    machine.wall -= 365 * DAY
    await machine.store.note_time(TRUE_TIME)
    await machine.add("m")
    before = await machine.store.get("m")
    machine.wall += 365 * DAY
    await machine.put_dates_right()
    assert await machine.store.get("m") == before
    assert await machine.date_of("m") == TODAY


async def test_a_date_that_somebody_gave_stays(machine: Machine) -> None:
    """Whatever the clock said."""
    machine.wall = 0.0
    await machine.add("m", is_dated=False)
    await machine.store.note_time(TRUE_TIME)
    await machine.put_dates_right()
    assert await machine.date_of("m") == date(1970, 1, 1)


async def test_what_was_pushed_stays(machine: Machine) -> None:
    """The same id is pushed with the same body, always."""
    machine.wall = 0.0
    await machine.add("m")
    row = await row_of(machine.store, "m")
    await machine.store.begin_attempt(row, 120)
    await machine.store.note_time(TRUE_TIME)
    await machine.put_dates_right()
    assert await machine.date_of("m") == date(1970, 1, 1)


async def test_what_is_pushed_or_sealed_anew_meanwhile_stays(machine: Machine) -> None:
    """Between the look and the change."""
    machine.wall = 0.0
    for message_id in ("pushed", "resealed", "gone"):
        await machine.add(message_id)
    await machine.store.note_time(TRUE_TIME)
    found = await machine.store.misdated()
    assert len(found) == 3
    await machine.store.begin_attempt(await row_of(machine.store, "pushed"), 120)
    resealed = await row_of(machine.store, "resealed")
    await machine.store.reseal(
        lambda payload: f"new {payload}" if payload == resealed.payload else None
    )
    await machine.store.remove("gone")
    before = await machine.store.unfinished()
    for misdated in found:
        sealed = replace(misdated.row.sealed, payload="another date")
        await machine.store.put_right(misdated, sealed)
    assert await machine.store.unfinished() == before


async def test_what_was_sealed_with_an_earlier_key_stays(machine: Machine) -> None:
    """It cannot be opened; the others are put right."""
    machine.wall = 0.0
    await machine.add("first")
    await machine.add("second")
    first = await row_of(machine.store, "first")
    earlier = SpaceKey(bytes(32))
    spoilt = earlier.seal(KEY.open(first.sealed.payload))
    await machine.store.reseal(
        lambda payload: spoilt if payload == first.payload else None
    )
    await machine.store.note_time(TRUE_TIME)
    await machine.put_dates_right()
    assert (await row_of(machine.store, "first")).payload == spoilt
    assert await machine.date_of("second") == TODAY


async def test_a_sleep_makes_no_date_wrong(machine: Machine) -> None:
    """What was made before the night keeps its date; the steady clock went on."""
    await machine.add("m")
    machine.wait(DAY)
    await machine.store.note_time(TRUE_TIME + DAY)
    await machine.put_dates_right()
    assert await machine.date_of("m") == TODAY


async def test_a_wrong_clock_neither_stalls_nor_cuts_a_rest(machine: Machine) -> None:
    """The network's time comes while a transaction in doubt rests."""
    await machine.store.note_time(TRUE_TIME)
    await machine.add("m")
    row = await row_of(machine.store, "m")
    await machine.store.begin_attempt(row, 120)
    for jump in (600, -1200, 600):
        machine.wait(30)
        machine.wall += jump
        assert await machine.store.due(State.WAITING, LONGEST_REST, 1) == []
    machine.wait(30)
    assert await machine.store.due(State.WAITING, LONGEST_REST, 1)


@pytest.mark.usefixtures("hurry")
async def test_the_first_push_has_the_right_date(house: House) -> None:
    """Through the sender: the app books it on the day on which it was made."""
    await house.store.close()
    true = datetime.now(UTC)
    house.store = Store(house.path, lambda: 86400.0)
    await house.store.open()
    house.sender = Sender(house.store, house.client, _date)
    await house.sender.load()
    today = _date(house.store.clock.now())
    sealed = house.client.seal(replace(LUNCH, date=today))
    await house.store.append(sealed, DIGEST, is_dated=True)
    house.start()
    await house.until(sealed.message_id, State.ACCEPTED)
    assert len(house.pushes(sealed.message_id)) == 1
    house.server.apply()
    [booking] = house.server.bookings
    assert true.date().isoformat() <= booking.date
    assert booking.date <= datetime.now(UTC).date().isoformat()


async def test_one_that_cannot_be_put_right_holds_up_nobody(machine: Machine) -> None:
    """It goes out as it is; the others get their dates."""
    machine.wall = 0.0
    today = _date(machine.store.clock.now())
    big = replace(LUNCH, date=today, amount=Decimal("9007199254740.991"))
    for message_id, transaction in (("big", big), ("m", replace(LUNCH, date=today))):
        sealed = machine.client.seal(transaction, message_id)
        await machine.store.append(sealed, DIGEST, is_dated=True)
    await machine.store.note_time(TRUE_TIME)
    await put_dates_right(machine.store, machine.client, WireFormat.DECIMALS, _date)
    assert await machine.date_of("big") == date(1970, 1, 1)
    row = await row_of(machine.store, "m")
    assert Transaction.from_wire(KEY.open(row.sealed.payload)).date == TODAY
