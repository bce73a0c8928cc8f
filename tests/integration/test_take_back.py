"""What may be taken back is sent a little later, and only its author takes it back."""

import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser

from custom_components.budgero import intake
from custom_components.budgero.decisions import async_take_back
from custom_components.budgero.engine.draft import Draft
from custom_components.budgero.engine.outbox import State
from custom_components.budgero.intake import Status, async_add_transaction
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from tests.budgero_server import BudgeroServer

from .actions import call_as
from .support import ADD, Call, row_of, running, until

DRAFT = Draft(amount=1, message_id="coffee")
SATELLITE = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


async def _log(hass: HomeAssistant, context: Context) -> str:
    """Log what may be taken back; return its message id."""
    receipt = await async_add_transaction(
        hass, None, DRAFT, context=context, undoable=True, logged_by=SATELLITE
    )
    assert receipt.status is Status.WAITING
    return receipt.message_id


async def test_taken_back(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer
) -> None:
    """Within the delay Budgero never hears of it."""
    message_id = await _log(hass, Context())
    data = running(loaded)
    [row] = await data.outbox.logged_by(SATELLITE, 60.0)
    assert row.message_id == message_id
    with pytest.raises(ServiceValidationError) as refusal:
        await async_take_back(hass, data, message_id, logged_by="another")
    assert refusal.value.translation_key == "unknown_transaction"
    assert await async_take_back(hass, data, message_id, logged_by=SATELLITE) is None
    assert (await row_of(loaded, message_id)).state is State.REMOVED
    assert not server.queue


async def test_sent_when_the_delay_is_over(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    server: BudgeroServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By itself; then its server cannot delete it any more."""
    monkeypatch.setattr(intake, "UNDO_SECONDS", 0.05)
    message_id = await _log(hass, Context())
    row = await running(loaded).outbox.until_settled(message_id)
    assert row is not None
    assert row.state is State.ACCEPTED
    [item] = server.queue
    assert item.message_id == message_id
    with pytest.raises(ServiceValidationError) as refusal:
        await async_take_back(hass, running(loaded), message_id, logged_by=SATELLITE)
    assert refusal.value.translation_key == "not_removable"


async def test_who_has_logged_it(
    hass: HomeAssistant,
    loaded: MockConfigEntry,
    add: Call,
    hass_admin_user: MockUser,
) -> None:
    """A user's id is kept; an automation has none. Neither is delayed."""
    await add(amount=1, message_id="automation")
    await call_as(hass_admin_user, hass, ADD, amount=1, message_id="person")
    by_person, by_automation = [
        await row_of(loaded, message_id) for message_id in ("person", "automation")
    ]
    assert by_person.logged_by == hass_admin_user.id
    assert by_automation.logged_by is None

    def is_sent() -> bool:
        return running(loaded).coordinator.data.overview.counts.waiting == 0

    await until(is_sent)
