"""What does not go on by itself: what a person is told, and every answer."""

import asyncio
from collections.abc import Awaitable, Callable
import shutil

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.budgero.engine.outbox import Hold, Row, State, questions
from custom_components.budgero.engine.outbox.flood import FloodGuard
from custom_components.budgero.engine.push import Sealed
from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import issue_registry as ir
from tests.budgero_server import BudgeroServer

from .actions import refused
from .flows import user_of
from .repair_dialogs import answer, ask, choose, confirm, listed, take_all
from .support import (
    Call,
    count_of,
    entity_id_of,
    in_state,
    issues_of,
    let_the_app_work,
    make_entry,
    outbox_path,
    row_of,
    running,
    set_up,
    until,
)

type HoldOne = Callable[[str], Awaitable[None]]
"""Makes a transaction wait that is held."""


def problem_of(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[str, object]:
    """Return what the binary sensor shows: whether, and why."""
    state = hass.states.get(entity_id_of(hass, entry, "problem", "binary_sensor"))
    assert state is not None
    return state.state, state.attributes["reason"]


async def unfinished(entry: MockConfigEntry) -> list[Row]:
    """Return what is not finished, oldest first."""
    return (await running(entry).store.review.contents())[0]


# Duplicate and unknown


@pytest.fixture(params=["token", "user"])
async def household(
    request: pytest.FixtureRequest,
    hass: HomeAssistant,
    server: BudgeroServer,
    quick: None,
) -> MockConfigEntry:
    """An entry, set up, without or with a signed-in user."""
    user = user_of(server) if request.param == "user" else {}
    entry = make_entry(server, **user)
    await set_up(hass, entry)
    return entry


@pytest.fixture(params=["duplicate", "unknown"])
async def stranded(
    request: pytest.FixtureRequest,
    hass: HomeAssistant,
    household: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
) -> str:
    """The key of the repair that the transaction "rent" needs."""
    key: str = request.param
    if key == "duplicate":  # another tool used the id
        await running(household).client.push(Sealed("rent", "c2VhbGVk"))
        await add(amount=700, message_id="rent", wait=True)
    else:  # all questions are used up
        await add(amount=700, message_id="rent", wait=True)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(questions, "MAX_QUESTIONS", 0)
            await let_the_app_work(household, server)
    await until(lambda: key in issues_of(hass))
    assert (await row_of(household, "rent")).state is State(key)
    return key


async def test_stranded_is_shown(
    hass: HomeAssistant, household: MockConfigEntry, stranded: str
) -> None:
    """It is neither booked nor on its way: a repair and Problem say so."""
    [issue] = issues_of(hass).values()
    assert issue.translation_placeholders == {"title": "Budgero", "count": "1"}
    assert (issue.severity, issue.is_fixable) == (ir.IssueSeverity.ERROR, True)
    assert problem_of(hass, household) == (STATE_ON, stranded)
    menu = await take_all(hass, await ask(hass, stranded))
    assert menu["menu_options"] == ["booked", "retry", "remove", "choose"]


async def test_stranded_is_booked(
    hass: HomeAssistant,
    household: MockConfigEntry,
    server: BudgeroServer,
    stranded: str,
) -> None:
    """A person has found it in Budgero: it is finished, and nothing is sent."""
    before = len(server.queue)
    result = await answer(hass, stranded, "booked")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: problem_of(hass, household) == (STATE_OFF, None))
    assert not issues_of(hass)
    assert (await row_of(household, "rent")).state is State.PROCESSED
    assert len(server.queue) == before


async def test_stranded_is_sent_again(
    hass: HomeAssistant,
    household: MockConfigEntry,
    server: BudgeroServer,
    stranded: str,
) -> None:
    """After one more question it goes under a new id."""
    form = await choose(hass, await ask(hass, stranded), "retry")
    assert form["description_placeholders"]["chosen"] == "1"
    before = len(server.queue)
    assert (await confirm(hass, form))["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: len(server.queue) == before + 1)
    await in_state(hass, household, waiting="0")
    [row] = await unfinished(household)
    assert (row.state, row.replaces) == (State.ACCEPTED, "rent")
    await until(lambda: not issues_of(hass))


async def test_stranded_is_removed(
    hass: HomeAssistant,
    household: MockConfigEntry,
    server: BudgeroServer,
    stranded: str,
) -> None:
    """After one more question it is gone, and nothing is sent."""
    before = len(server.queue)
    result = await answer(hass, stranded, "remove")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await until(lambda: problem_of(hass, household) == (STATE_OFF, None))
    assert not issues_of(hass)
    assert await unfinished(household) == []
    assert len(server.queue) == before


async def test_put_back_what_an_earlier_key_has_sealed(
    hass: HomeAssistant, signed_in: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """No app can try it again, so it is not offered."""
    await add(amount=1, account=999, message_id="rent", wait=True)
    await let_the_app_work(signed_in, server)
    await running(signed_in).store.accepted.note_new_key()
    menu = await take_all(hass, await ask(hass, "failed"))
    assert menu["menu_options"] == ["retry", "booked", "remove", "choose"]


# Held for a review


@pytest.fixture
def hold_flood(add: Call) -> HoldOne:
    """Let an automation run away."""

    async def hold(message_id: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(FloodGuard, "is_flood", lambda *_: True)
            await add(amount=1, message_id=message_id)

    return hold


@pytest.fixture
def hold_restored(hass: HomeAssistant, loaded: MockConfigEntry, add: Call) -> HoldOne:
    """Put a copy in the place of the outbox."""

    async def hold(message_id: str) -> None:
        await add(amount=1, message_id=message_id)
        assert await hass.config_entries.async_unload(loaded.entry_id)
        path = outbox_path(hass, loaded.entry_id)
        copy = path.with_name("copy")
        shutil.copy2(path, copy)
        copy.replace(path)
        await set_up(hass, loaded)

    return hold


@pytest.mark.parametrize("reason", ["flood", "restored"])
async def test_discard_is_about_what_was_shown(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    hold_flood: HoldOne,
    hold_restored: HoldOne,
    reason: str,
) -> None:
    """What was logged, or released, while the dialog was open is not removed."""
    await server.stop()
    hold = hold_flood if reason == "flood" else hold_restored
    problem = f"held_{reason}"
    await hold("shown")
    await until(lambda: count_of(hass, problem) == "1")
    form = await choose(hass, await ask(hass, problem), "discard")
    assert form["description_placeholders"]["chosen"] == "1"
    await hold("later")
    await until(lambda: count_of(hass, problem) == "2")
    assert list(listed(await confirm(hass, form))) == ["later"]
    assert [(row.message_id, row.held) for row in await unfinished(loaded)] == [
        ("later", Hold(reason))
    ]
    assert (await row_of(loaded, "shown")).state is State.REMOVED
    await until(lambda: count_of(hass, problem) == "1")


async def test_discard_after_it_was_released(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    hold_flood: HoldOne,
) -> None:
    """Somebody else said meanwhile that it is right: it stays."""
    await server.stop()
    await hold_flood("shown")
    form = await choose(hass, await ask(hass, "held_flood"), "discard")
    await running(loaded).sender.release(Hold.FLOOD)
    await confirm(hass, form)
    [row] = await unfinished(loaded)
    assert (row.message_id, row.held) == ("shown", None)


# The actions


async def test_retry_of_what_is_not_stranded(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """Nobody is sent to look in Budgero for what is not there to be sent again."""
    await add(amount=1, message_id="accepted", wait=True)
    await server.stop()
    await add(amount=1, message_id="waiting")
    for message_id, key in (
        ("other", "unknown_transaction"),
        ("waiting", "not_possible"),
        ("accepted", "not_possible"),
    ):
        data = {"message_id": message_id, "not_in_budgero": False}
        error = await refused(hass, "retry_transaction", **data)
        assert isinstance(error, ServiceValidationError)
        assert error.translation_key == key
        assert error.translation_placeholders == {"message_id": message_id}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("retry_transaction", {"not_in_budgero": False}),
        ("retry_transaction", {"not_in_budgero": True}),
        ("remove_transaction", {}),
    ],
)
async def test_message_id_that_none_can_have(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    add: Call,
    name: str,
    data: dict[str, object],
) -> None:
    """It is refused in words; what is logged at the same time is safe."""
    await server.stop()
    for message_id in ("\ud800", "a b", "é", "a" * 129):
        error, answer = await asyncio.gather(
            refused(hass, name, message_id=message_id, **data), add(amount=1)
        )
        assert isinstance(error, ServiceValidationError)
        assert error.translation_key == "invalid_bad_characters"
        assert error.translation_placeholders == {"field": "message_id"}
        assert answer["status"] == "waiting"
    assert len(await unfinished(loaded)) == 4
