"""The main job: an action becomes a booking in Budgero."""

from pytest_homeassistant_custom_component.common import MockConfigEntry

from homeassistant.core import HomeAssistant
from tests.budgero_server import BudgeroServer

from .support import Call, in_state


async def test_expense_arrives_decrypted(
    hass: HomeAssistant, loaded: MockConfigEntry, server: BudgeroServer, add: Call
) -> None:
    """What the automation asked for is what the household finds in Budgero."""
    response = await add(
        amount=12.5, payee="Corner Café", memo="Lunch", date="2026-11-20", wait=True
    )
    assert response["status"] == "accepted"
    await in_state(hass, loaded, waiting="0", pending="1", processed="0", failed="0")
    server.apply()
    [booking] = server.bookings
    assert (booking.outflow, booking.inflow) == (12_500, 0)
    assert (booking.payee, booking.memo) == ("Corner Café", "Lunch")
    assert booking.date == "2026-11-20"
    assert booking.queue_id == response["queue_id"]
