"""The gate: how often a held outbox looks, and what shuts or opens it."""

import pytest

from custom_components.budgero.engine.outbox import Hold, gate as gate_module
from custom_components.budgero.engine.outbox.gate import WAKE_PAUSE, Gate
from custom_components.budgero.engine.outbox.policy import (
    CHECK_HELD,
    CHECK_HELD_SOON,
    FIRST_PAUSE,
    HOLD_AFTER,
    LONGEST_PAUSE,
)
from custom_components.budgero.engine.outbox.signal import Signal
from custom_components.budgero.engine.push.errors import (
    InDoubtError,
    PushError,
    RateLimitedError,
    UnreachableError,
    WrongTokenError,
)

from .helpers import DAY, Clock
from .house import PUSH, House


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The gate's clock."""
    clock = Clock()
    monkeypatch.setattr(gate_module, "_now", clock)
    return clock


@pytest.fixture
def changes() -> list[None]:
    """Every notice of the gate."""
    return []


@pytest.fixture
def gate(house: House, clock: Clock, changes: list[None]) -> Gate:
    """A gate to the household's server."""
    signal = Signal()
    signal.subscribe(lambda change: changes.append(None))
    return Gate(house.client, signal)


async def _fail(gate: Gate, clock: Clock, error: PushError, times: int) -> None:
    for _ in range(times):
        clock.now += LONGEST_PAUSE
        await gate.note_trouble(error)


@pytest.fixture
async def held(gate: Gate, clock: Clock, house: House) -> Gate:
    """A gate that is held because the token is disabled."""
    house.server.disable_token()
    await _fail(gate, clock, WrongTokenError(), HOLD_AFTER)
    assert gate.hold is Hold.TOKEN
    house.server.forget_requests()
    return gate


def _checks(house: House) -> int:
    return sum(request.path == PUSH for request in house.server.requests)


async def test_trouble_shuts_the_gate_for_a_while(
    gate: Gate, clock: Clock, changes: list[None]
) -> None:
    """It says why, and opens by itself."""
    assert gate.is_open
    await gate.note_trouble(UnreachableError())
    assert not await gate.take_turn()
    assert gate.last_error == "unreachable"
    assert changes
    clock.now += await gate.seconds_until_open()
    assert await gate.take_turn()
    gate.note_success()
    assert gate.last_error is None


async def test_troubles_that_come_together_count_once(gate: Gate, clock: Clock) -> None:
    """Twenty in flight at once fail at once: that is one try of three."""
    for _ in range(20):
        await gate.note_trouble(WrongTokenError())
    assert gate.hold is None


async def test_pauses_do_not_add_up(gate: Gate) -> None:
    """A disk that fails for twenty at once makes one pause, the shortest."""
    for _ in range(20):
        gate.pause("storage")
    assert 0 < await gate.seconds_until_open() <= FIRST_PAUSE
    assert gate.last_error == "storage"


async def test_a_success_in_between_ends_a_suspicion(gate: Gate, clock: Clock) -> None:
    """Only tries in a row make a hold."""
    for _ in range(HOLD_AFTER):
        await _fail(gate, clock, WrongTokenError(), HOLD_AFTER - 1)
        clock.now += LONGEST_PAUSE
        gate.note_success()
    assert gate.hold is None


async def test_different_troubles_are_no_suspicion(gate: Gate, clock: Clock) -> None:
    """Nor do troubles of another kind in between make one."""
    for _ in range(HOLD_AFTER):
        await _fail(gate, clock, WrongTokenError(), HOLD_AFTER - 1)
        await _fail(gate, clock, UnreachableError(), 1)
    assert gate.hold is None


async def test_what_began_before_a_trouble_lifts_no_pause(gate: Gate) -> None:
    """Its success says nothing about now."""
    await gate.note_trouble(UnreachableError())
    gate.note_success()
    assert not gate.is_open
    assert gate.last_error == "unreachable"


@pytest.mark.parametrize("earlier", [[], [InDoubtError()]])
async def test_patience_is_kept(
    gate: Gate, clock: Clock, earlier: list[PushError]
) -> None:
    """Also when it is asked for during a pause, and whatever wakes the outbox."""
    for error in (*earlier, RateLimitedError(retry_after=600)):
        await gate.note_trouble(error)
    gate.hasten()
    assert await gate.seconds_until_open() == 600
    clock.now += 599
    assert not gate.is_open
    clock.now += 1
    assert gate.is_open


async def test_a_person_ends_every_pause(gate: Gate) -> None:
    """Whoever changed something sees at once whether it helped."""
    await gate.note_trouble(RateLimitedError(retry_after=600))
    gate.reset()
    assert gate.is_open


async def test_a_sign_of_life_never_lengthens_a_pause(gate: Gate, clock: Clock) -> None:
    """It ends soon, however many come."""
    await _fail(gate, clock, UnreachableError(), 8)
    gate.hasten()
    soon = await gate.seconds_until_open()
    assert soon <= WAKE_PAUSE
    clock.now += soon / 2
    gate.hasten()
    assert await gate.seconds_until_open() <= soon / 2


async def test_a_held_gate_looks_ever_rarer(
    held: Gate, clock: Clock, house: House
) -> None:
    """Every quarter of an hour for a day, then every hour; nothing else goes out."""
    began = clock.now
    first_day = 0
    while (held_for := clock.now - began) < 3 * DAY:
        clock.now += await held.seconds_until_open()
        first_day = _checks(house) if held_for < DAY else first_day
    assert first_day == pytest.approx(DAY / CHECK_HELD, abs=2)
    assert _checks(house) - first_day == pytest.approx(48, abs=2)
    assert not await held.take_turn()
    assert house.server.queue == []


async def test_a_hold_ends_with_its_reason(
    held: Gate, clock: Clock, house: House, changes: list[None]
) -> None:
    """The first look after the token works again opens the gate and tells of it."""
    assert await held.seconds_until_open() == CHECK_HELD
    house.server.enable_token()
    clock.now += CHECK_HELD
    changes.clear()
    assert await held.seconds_until_open() == 0
    assert (held.hold, held.last_error, held.is_open) == (None, None, True)
    assert changes
    assert house.server.queue == []


async def test_signs_of_life_make_a_held_gate_look_soon(
    held: Gate, clock: Clock, house: House
) -> None:
    """But no more often than every half minute."""
    for _ in range(10):
        held.hasten()
        clock.now += await held.seconds_until_open()
        clock.now += CHECK_HELD_SOON / 10
        held.hasten()
        await held.seconds_until_open()
    began = clock.now
    looks = _checks(house)
    for _ in range(60):
        clock.now += 1
        held.hasten()
        await held.seconds_until_open()
    assert clock.now - began == 60
    assert 1 <= _checks(house) - looks <= 60 / CHECK_HELD_SOON + 1


async def test_a_person_makes_a_held_gate_look_at_once(
    held: Gate, house: House
) -> None:
    """Reauthentication ends with the same token as a rule."""
    house.server.enable_token()
    held.reset()
    assert await held.seconds_until_open() == 0
    assert held.is_open


async def test_a_look_that_goes_wrong_is_not_repeated_at_once(
    held: Gate, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise the worker would spin."""

    async def stumble() -> None:
        raise RuntimeError

    monkeypatch.setattr(house.client, "verify", stumble)
    held.reset()
    with pytest.raises(RuntimeError):
        await held.seconds_until_open()
    assert await held.seconds_until_open() == CHECK_HELD
